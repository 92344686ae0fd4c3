"""Events for functions, and their answers."""

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.serverless.api_events import (
    ApiContext,
    binary_body,
    encoded_body,
    event_v1,
    event_v2,
)
from course.serverless.http_messages import Headers, HttpRequest, HttpResponse
from course.serverless.proxy_responses import Malformed, read_response_v1, read_response_v2

CONTEXT = ApiContext(
    "123456789012", "a1", "a1.execute-api.us-east-1.amazonaws.com", "prod", "11111111-2222-4333-8444-555555555555",
    datetime(2026, 11, 28, 9, tzinfo=UTC),
)  # fmt: skip
BODIES = st.one_of(st.binary(max_size=50), st.text(max_size=30).map(str.encode))


@given(
    BODIES, st.sampled_from(["application/json", "text/plain", "image/png", "application/x-www-form-urlencoded", ""])
)
def test_the_body_arrives(body, kind):
    """Can a function get back what was sent, in format 2.0?"""
    request = HttpRequest("POST", "/", headers=Headers({"content-type": kind} if kind else {}), body=body)
    event = event_v2(request, CONTEXT)
    if not body:
        assert "body" not in event
    elif event["isBase64Encoded"]:
        assert base64.b64decode(event["body"]) == body
    else:
        assert event["body"] == body.decode(errors="replace")
    json.dumps(event)


@given(
    st.dictionaries(st.text(min_size=1, max_size=5), st.lists(st.text(max_size=5), min_size=1, max_size=3), max_size=3)
)
def test_query_strings(parameters):
    """Are all values kept in format 1.0, the last one alone beside them, and all joined in format 2.0?"""
    from urllib.parse import urlencode

    request = HttpRequest("GET", "/", urlencode(parameters, doseq=True))
    first, second = event_v1(request, CONTEXT), event_v2(request, CONTEXT)
    assert (first["multiValueQueryStringParameters"] or {}) == parameters
    assert (first["queryStringParameters"] or {}) == {name: values[-1] for name, values in parameters.items()}
    assert second.get("queryStringParameters", {}) == {name: ",".join(values) for name, values in parameters.items()}


def test_time_and_names():
    """Are the times and ids those of the request?"""
    about = event_v1(HttpRequest("GET", "/pets"), CONTEXT)["requestContext"]
    assert (about["requestTime"], about["requestTimeEpoch"]) == ("28/Nov/2026:09:00:00 +0000", 1795856400000)
    assert (about["path"], about["domainPrefix"]) == ("/prod/pets", "a1")
    assert event_v2(HttpRequest("GET", "/pets"), CONTEXT)["requestContext"]["http"]["path"] == "/pets"


@pytest.mark.parametrize(
    ("kind", "types", "binary", "encoded"),
    [
        ("image/png", ["image/png"], True, True),
        ("image/png; a=b", ["image/*"], True, True),
        ("image/png", [], False, True),
        ("application/json", ["*/*"], True, False),
        ("application/vnd.api+json", [], False, False),
        ("application/x-www-form-urlencoded", [], False, True),
        ("text/html", [], False, False),
    ],
)
def test_binary_or_text(kind, types, binary, encoded):
    """Which media types are binary for a REST API that lists some, and for format 2.0?"""
    request = HttpRequest("POST", "/", headers=Headers({"Content-Type": kind}), body=b"x")
    assert (binary_body(request, types), encoded_body(request)) == (binary, encoded)


ANSWERS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 700), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["statusCode", "body", "headers", "multiValueHeaders", "isBase64Encoded", "cookies", "x"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)


@given(ANSWERS)
def test_every_answer_is_read_or_malformed(answer):
    """Does whatever a function returns become a response or Malformed, and nothing else?"""
    for read in (read_response_v1, read_response_v2):
        try:
            response = read(json.dumps(answer))
        except Malformed:
            continue
        assert 100 <= response.status <= 599 and isinstance(response.body, bytes)
        assert "content-type" in response.headers


@pytest.mark.parametrize(
    ("payload", "status", "text"),
    [
        ('"Hello"', 200, "Hello"),
        ('{"message": "Hello"}', 200, '{"message": "Hello"}'),
        ("[1]", 200, "[1]"),
        ('{"statusCode": 201}', 201, ""),
        ('{"statusCode": "404", "body": "no"}', 404, "no"),
        ('{"statusCode": 200, "body": "aGk=", "isBase64Encoded": true}', 200, "hi"),
    ],
)
def test_inferred_answers(payload, status, text):
    """What does format 2.0 make of an answer?"""
    response = read_response_v2(payload)
    assert (response.status, response.text) == (status, text)


def test_headers_are_found_in_any_case():
    """Is a field found in any case, and several of a name kept apart and joined?"""
    headers = Headers([("A", "1"), ("b", "2"), ("a", "3")])
    assert (headers["a"], headers.all("A"), list(headers), len(headers)) == ("1,3", ["1", "3"], ["A", "b"], 2)
    assert "c" not in headers and HttpResponse(200, headers, b"{}").json() == {}
