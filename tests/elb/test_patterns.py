"""Patterns and conditions of rules."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.elb.patterns import condition_matches, matches, wildcards
from course.elb.router import Request

PLAIN = st.text("abcXYZ019-_./~ ", max_size=12)


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/img/*", "/img/cat.png", True),
        ("/img/*", "/img/a/b", True),
        ("/img/*", "/img", False),
        ("/img/*", "/IMG/cat.png", False),
        ("/img/*/pics", "/img/a/pics", True),
        ("/img/*/pics", "/img/a/b/pics", True),
        ("/users*", "/usersX", True),
        ("/users/*", "/usersX", False),
        ("/user?", "/user", False),
        ("/user?", "/users", True),
        ("/a.b", "/axb", False),
        ("*", "/", True),
    ],
)
def test_path_patterns(pattern, path, fits):
    """Do * and ? mean what AWS says, with the case of letters kept?"""
    condition = {"Field": "path-pattern", "Values": [pattern]}
    assert condition_matches(condition, Request(f"http://h.example.com{path}")) is fits


def test_the_query_string_is_no_part_of_the_path():
    """Is a path pattern compared with the path only?"""
    condition = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a"]}}
    assert condition_matches(condition, Request("http://h.example.com/a?b=/c"))


@pytest.mark.parametrize(
    ("pattern", "host", "fits"),
    [
        ("*.example.com", "test.example.com", True),
        ("*.example.com", "example.com", False),
        ("EXAMPLE.com", "Example.COM", True),
        ("example.com", "example.com:8080", True),
        ("test?.example.com", "test1.example.com", True),
    ],
)
def test_host_patterns(pattern, host, fits):
    """AWS's own example: *.example.com fits test.example.com, and not example.com."""
    condition = {"Field": "host-header", "HostHeaderConfig": {"Values": [pattern]}}
    assert condition_matches(condition, Request("http://x.example.com/", headers={"Host": host})) is fits


@pytest.mark.parametrize(
    ("wanted", "query", "fits"),
    [
        ({"Key": "version", "Value": "v1"}, "version=v1", True),
        ({"Key": "version", "Value": "v1"}, "version=v2", False),
        ({"Key": "VERSION", "Value": "V1"}, "a=b&version=v1", True),
        ({"Value": "*example*"}, "ref=my-example-1", True),
        ({"Value": "*example*"}, "example=1", False),
        ({"Key": "q", "Value": "50\\*"}, "q=50*", True),
        ({"Key": "q", "Value": "50\\*"}, "q=500", False),
        ({"Key": "q", "Value": "a b"}, "q=a%20b", True),
        ({"Key": "q", "Value": "1"}, "", False),
    ],
)
def test_query_strings(wanted, query, fits):
    """Is one pair enough, without regard to case, and can a wildcard be escaped?"""
    condition = {"Field": "query-string", "QueryStringConfig": {"Values": [wanted]}}
    assert condition_matches(condition, Request(f"http://h.example.com/?{query}")) is fits


def test_headers():
    """Is a header found under any case, with wildcards, in each of its repetitions?"""
    condition = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "User-Agent", "Values": ["*chrome*"]}}
    agent = lambda *texts: Request("http://h.example.com/", headers=[("user-agent", one) for one in texts])
    assert condition_matches(condition, agent("Mozilla Chrome/1"))
    assert condition_matches(condition, agent("curl", "CHROME"))
    assert not condition_matches(condition, agent("curl")) and not condition_matches(condition, agent())


def test_methods_and_addresses():
    """Are methods compared letter by letter, and addresses by block, without a look at X-Forwarded-For?"""
    method = {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["POST", "PUT"]}}
    assert condition_matches(method, Request("http://h.example.com/", method="PUT"))
    assert not condition_matches(method, Request("http://h.example.com/", method="put"))
    source = {"Field": "source-ip", "SourceIpConfig": {"Values": ["192.0.2.0/24", "2001:db8::/32"]}}
    assert condition_matches(source, Request("http://h.example.com/", source_ip="192.0.2.7"))
    assert condition_matches(source, Request("http://h.example.com/", source_ip="2001:db8::1"))
    spoofed = Request("http://h.example.com/", headers={"X-Forwarded-For": "192.0.2.7"}, source_ip="198.51.100.1")
    assert not condition_matches(source, spoofed)


def test_an_unknown_field_says_so():
    """Does a field that ALB lacks raise?"""
    with pytest.raises(ValueError, match="'cookie'.*host-header"):
        condition_matches({"Field": "cookie"}, Request("http://h.example.com/"))


@given(PLAIN)
def test_text_without_wildcards_fits_itself_only(text):
    """Has no other character a meaning of its own?"""
    assert matches(text, text) and not matches(text, text + "!") and wildcards(text) == 0


@settings(max_examples=60)
@given(PLAIN, PLAIN, PLAIN)
def test_a_star_takes_anything_and_a_question_mark_one(before, middle, after):
    """Is what stands between two fixed ends free?"""
    assert matches(f"{before}*{after}", before + middle + after)
    assert matches(f"{before}?{after}", before + middle + after) is (len(middle) == 1)


@given(PLAIN)
def test_without_regard_to_case(text):
    """Does ignore_case take upper and lower letters as one?"""
    assert matches(text.upper(), text.lower(), ignore_case=True)
