"""Requests as a browser or curl sends them, to the account's APIs and function URLs: lab.request, urlopen, !curl.

    lab.request("GET", "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod/pets").json()

Only these addresses are answered here; they go through the same door as boto3's requests (`transport`).
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from http.client import HTTPMessage, responses
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlsplit
from urllib.response import addinfourl

from course.serverless.http_messages import Headers, HttpResponse

from . import transport

_PLACE = "/_web/"


def request(
    method: str, url: str, headers: Mapping[str, Any] | None = None, body: str | bytes | list | dict | None = None
) -> HttpResponse:
    """Send one request to an API or function URL of the account; the response has status, headers, text and json().

    url: as AWS gives it, https://{api}.execute-api.{region}.amazonaws.com/{stage}/... body: text or bytes; a dict or
    list is sent as JSON. NotOffline for any other address: nothing leaves this process.
    """
    if not transport.is_own_address(url):
        host = urlsplit(str(url)).hostname or url
        raise transport.NotOffline(
            f"lab.request reaches the APIs and function URLs of the offline account and no other address: {host} was "
            "not asked"
        )
    sent = {str(name): text for name, text in (headers or {}).items()}
    if isinstance(body, (dict, list)):
        body = json.dumps(body)
        if not any(name.lower() == "content-type" for name in sent):
            sent["Content-Type"] = "application/json"
    return _sent(method.upper(), url, sent, body.encode() if isinstance(body, str) else body or b"")


def _sent(method: str, url: str, headers: Mapping[str, Any], body: bytes) -> HttpResponse:
    from botocore.awsrequest import AWSPreparedRequest, HeadersDict

    prepared = AWSPreparedRequest(method, url, HeadersDict(), body, False)
    # HeadersDict keeps one value a name, requests may have several.
    for name, text in headers.items():
        prepared.headers[name] = ",".join(map(str, text)) if isinstance(text, (list, tuple)) else str(text)
    status, answered, contents = transport.answer(prepared)
    contents = b"" if method == "HEAD" else contents.encode() if isinstance(contents, str) else contents or b""
    return HttpResponse(int(status), Headers(answered), contents)


def local_address(url: str, endpoint: str) -> str:
    """The same address at the account's endpoint on 127.0.0.1, for curl. ValueError for one that is not the account's."""
    if not transport.is_own_address(url):
        raise ValueError(f"this is no address of an API or function URL of the account: {url}")
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{endpoint}{_PLACE}{parts.hostname}{quote(parts.path or '/', safe='/%:@+,;=~!$&*()')}{query}"


def url_at_endpoint(target: str) -> str | None:
    """The account's address that a request to the endpoint is for; None if it is for none."""
    if not target.startswith(_PLACE):
        return None
    url = f"https://{target.removeprefix(_PLACE)}"
    return url if transport.is_own_address(url) else None


# urllib ---------------------------------------------------------------------------------------------------------------


class _Account(urllib.request.BaseHandler):
    """Answers for the account's addresses, before urllib opens a connection."""

    handler_order = 100

    def https_open(self, asked: urllib.request.Request) -> addinfourl:
        headers = {name: text for name, text in asked.header_items() if name.lower() != "host"}
        body = asked.data if isinstance(asked.data, (bytes, bytearray)) else b"".join(asked.data or ())
        response = _sent(asked.get_method(), asked.full_url, headers, bytes(body))
        message = HTTPMessage()
        for name, text in response.headers.pairs:
            message[name] = text
        found = addinfourl(BytesIO(response.body), message, asked.full_url, response.status)
        found.msg = responses.get(response.status, "")
        return found

    http_open = https_open


class _Opener(urllib.request.OpenerDirector):
    """urlopen's opener while the account runs: its own addresses here, all others as before."""

    def __init__(self, previous: urllib.request.OpenerDirector | None):
        super().__init__()
        self.previous = previous
        self._others: urllib.request.OpenerDirector | None = previous
        self._account = urllib.request.build_opener(_Account)

    def open(self, fullurl: Any, data: Any = None, *args: Any, **kwargs: Any) -> Any:
        url = fullurl.full_url if isinstance(fullurl, urllib.request.Request) else fullurl
        if transport.is_open() and transport.is_own_address(str(url)):
            return self._account.open(fullurl, data, *args, **kwargs)
        if self._others is None:
            self._others = urllib.request.build_opener()
        return self._others.open(fullurl, data, *args, **kwargs)


def take_urlopen() -> None:
    """From now on urllib.request.urlopen reaches the account's addresses too; not with a `context` of its own."""
    if not isinstance(urllib.request._opener, _Opener):
        urllib.request.install_opener(_Opener(urllib.request._opener))


def leave_urlopen() -> None:
    """Give urllib its opener back, unless somebody has put in another one."""
    if isinstance(urllib.request._opener, _Opener):
        urllib.request.install_opener(urllib.request._opener.previous)
