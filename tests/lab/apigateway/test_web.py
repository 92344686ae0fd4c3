"""lab.request, urlopen and curl: the account's addresses, and no other."""

import subprocess
import urllib.error
import urllib.request

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import lab
from course.lab import transport, web


@pytest.fixture
def pets(api, function):
    one = api()
    one.method("/pets", "ANY", function())
    one.deploy()
    return one


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/",
        "http://169.254.169.254/latest",
        "https://s3.us-east-1.amazonaws.com/",
        "https://a.execute-api.us-east-1.amazonaws.com.evil.example/",
        "https://a.execute-api.us-east-1.amazonaws.com@evil.example/",
        "https://evil.example/?https://a.execute-api.us-east-1.amazonaws.com/",
        "ftp://a.execute-api.us-east-1.amazonaws.com/",
        "a1b2.execute-api.us-east-1.amazonaws.com/prod",
        7,
    ],
)
def test_no_other_address(url):
    """Is any other address refused with a sentence?"""
    with pytest.raises(transport.NotOffline, match="was not asked"):
        lab.request("GET", url)


@given(st.text(max_size=40), st.text(max_size=20))
def test_only_whole_hosts_count(start, end):
    """Is no text an address of the account whose host is another?"""
    from urllib.parse import urlsplit

    url = f"https://{start}a.execute-api.us-east-1.amazonaws.com{end}"
    if transport.is_own_address(url):
        assert urlsplit(url).hostname.endswith("a.execute-api.us-east-1.amazonaws.com")


def test_api_of_nobody():
    """Is an API that does not exist forbidden, as on AWS?"""
    response = lab.request("GET", "https://abcdefghij.execute-api.us-east-1.amazonaws.com/prod")
    assert (response.status, response.json()) == (403, {"message": "Forbidden"})


def test_bodies(pets):
    """Are texts, bytes and plain data sent, the last as JSON?"""
    assert pets.get("/pets", method="POST", body="text").json()["body"] == "text"
    assert pets.get("/pets", method="POST", body=b"bytes").json()["body"] == "bytes"
    event = pets.get("/pets", method="POST", body={"a": 1}).json()
    assert (event["body"], event["headers"]["Content-Type"]) == ('{"a": 1}', "application/json")
    assert pets.get("/pets", method="HEAD").body == b""
    assert repr(pets.get("/dogs")) == '<403 {"message":"Missing Authentication Token"}>'


def test_urlopen(pets):
    """Does urllib reach the account's addresses, raise what it raises elsewhere, and leave others alone?"""
    with urllib.request.urlopen(pets.url("/pets"), timeout=5) as answer:
        assert answer.status == 200 and answer.headers["Content-Type"] == "application/json"
    request = urllib.request.Request(pets.url("/pets"), data=b"x", headers={"X-Own": "1"}, method="PUT")
    assert b'"X-own": "1"' in urllib.request.urlopen(request).read()
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(pets.url("/dogs"))
    assert caught.value.code == 403 and b"Missing" in caught.value.read()


def test_urlopen_is_given_back():
    """After stop(), is urllib's opener what it was, and one that was put in meanwhile kept?"""
    lab.stop()
    before = urllib.request._opener
    lab.start()
    assert isinstance(urllib.request._opener, web._Opener)
    lab.start()
    lab.stop()
    assert urllib.request._opener is before
    lab.start()
    other = urllib.request.build_opener()
    urllib.request.install_opener(other)
    lab.stop()
    assert urllib.request._opener is other
    urllib.request.install_opener(before)


def test_curl(pets):
    """Does curl reach the API at 127.0.0.1, and a web page not?"""
    address = lab.local_address(pets.url("/pets?a=1&b=%20"))
    try:
        done = subprocess.run(["curl", "-s", "-i", "-d", "x", address], capture_output=True, text=True)
        assert done.stdout.startswith("HTTP/1.1 200") and '"b": " "' in done.stdout
        page = subprocess.run(
            ["curl", "-s", "-H", "Origin: https://evil.example", address], capture_output=True, text=True
        )
        assert page.stdout == "requests of web pages are not answered"
        other = address.replace("execute-api", "example")
        done = subprocess.run(
            ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", other], capture_output=True, text=True
        )
        assert done.stdout != "200"
    finally:
        lab.stop()
    with pytest.raises(ValueError, match="example.com"):
        web.local_address("https://example.com", "http://127.0.0.1:1")


def test_websocket_api_says_so(http):
    """Does a WebSocket API, which is not answered, say so?"""
    made = http.create_api(Name="chat", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action")
    address = made["ApiEndpoint"].replace("wss://", "https://")
    with pytest.raises(transport.NotOffline, match="WebSocket"):
        lab.request("GET", f"{address}/prod")


def test_before_the_start():
    """Does a request before lab.start() say what is missing?"""
    lab.stop()
    with pytest.raises(RuntimeError, match="lab.start"):
        lab.request("GET", "https://a.execute-api.us-east-1.amazonaws.com/")
