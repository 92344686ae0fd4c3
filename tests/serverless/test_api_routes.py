"""Which resource or route answers a request."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.serverless.api_routes import matched, resource_for, route_for

NAME = st.text("abc", min_size=1, max_size=3)
SEGMENT = st.one_of(NAME, NAME.map("{{{}}}".format))
TEMPLATE = st.lists(SEGMENT, max_size=4, unique=True)


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("/", "/", {}),
        ("/pets", "/pets", {}),
        ("/pets", "/pets/", None),
        ("/pets", "/pets/1", None),
        ("/pets/{id}", "/pets/1", {"id": "1"}),
        ("/pets/{id}", "/pets/", None),
        ("/pets/{id}", "/pets", None),
        ("/pets/{id}", "/pets/a%20b", {"id": "a b"}),
        ("/{proxy+}", "/a/b", {"proxy": "a/b"}),
        ("/{proxy+}", "/", None),
        ("/x/{proxy+}", "/x", None),
        ("/{a}/b/{c}", "/1/b/2", {"a": "1", "c": "2"}),
    ],
)
def test_matched(template, path, values):
    """Which values has a path's template?"""
    assert matched(template, path) == values


@given(TEMPLATE, st.booleans())
def test_a_path_made_from_a_template_matches_it(segments, greedy):
    """Does a path match the template it was made from, with the values that were put in?"""
    names = [one[1:-1] for one in segments if one.startswith("{")]
    template = "/" + "/".join(segments + (["{rest+}"] if greedy else []))
    filled = [f"v{one[1:-1]}" if one.startswith("{") else one for one in segments]
    path = "/" + "/".join(filled + (["x/y"] if greedy else []))
    assert matched(template, path) == {name: f"v{name}" for name in names} | ({"rest": "x/y"} if greedy else {})


@given(st.lists(TEMPLATE, min_size=1, max_size=6), st.lists(NAME, min_size=1, max_size=4))
def test_a_closer_resource_wins(templates, given):
    """Is the order of the resources without effect, and a path written out always preferred?"""
    path = "/" + "/".join(given)
    resources = [("/" + "/".join(one), ("GET",)) for one in templates]
    found = resource_for(resources, "GET", path)
    turned = resource_for(resources[::-1], "GET", path)
    assert (found is None) == (turned is None)
    if path in dict(resources):
        assert found[0] == path


@pytest.mark.parametrize(
    ("method", "path", "found"),
    [
        ("GET", "/pets", ("/pets", "GET")),
        ("POST", "/pets", ("/pets", "ANY")),
        ("GET", "/pets/", ("/pets", "GET")),
        ("GET", "/pets/7", ("/pets/{id}", "GET")),
        ("DELETE", "/pets/7", ("/{proxy+}", "DELETE")),
        ("GET", "/pets/7/toys", None),
    ],
)
def test_resource_for(method, path, found):
    """Which resource and method of a REST API?"""
    resources = [("/{proxy+}", ["DELETE"]), ("/pets", ["ANY", "GET"]), ("/pets/{id}", ["GET"])]
    answer = resource_for(resources, method, path)
    assert (answer and answer[:2]) == found


@pytest.mark.parametrize(
    ("method", "path", "key"),
    [
        ("GET", "/a", "GET /a"),
        ("PUT", "/a", "ANY /a"),
        ("GET", "/b", "GET /{x}"),
        ("PUT", "/b", "ANY /{proxy+}"),
        ("GET", "/b/c", "ANY /{proxy+}"),
        ("GET", "/", "$default"),
    ],
)
def test_route_for(method, path, key):
    """Which route of an HTTP API?"""
    keys = ["$default", "ANY /{proxy+}", "GET /{x}", "ANY /a", "GET /a"]
    assert route_for(keys, method, path)[0] == key
    assert route_for(["GET /only"], "GET", "/else") is None
