"""Requests to the account's own addresses: https://{api}.execute-api.{region}.amazonaws.com and function URLs.

No other address is reached from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from moto.backends import get_backend

from course.serverless.http_messages import Headers, HttpRequest, HttpResponse

from ..gate import NotOffline
from ..iam.context import request_keys
from . import function_url_requests, http_requests, rest_requests
from .answers import said
from .moto_models import http, rest

_HOST = re.compile(
    r"(?P<id>[a-z0-9]+)\.(execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com|lambda-url\.(?P<url>[a-z0-9-]+)\.on\.aws)"
)


def is_served(url: str) -> bool:
    """Is this an address that API Gateway or a function URL could have?"""
    parts = urlsplit(url)
    return parts.scheme in ("https", "http") and _HOST.fullmatch((parts.hostname or "").lower()) is not None


def request_of(method: str, url: str, headers: Any = None, body: bytes = b"") -> tuple[str, HttpRequest]:
    """Host and request of a URL. The client's address is that of `lab.context`."""
    parts = urlsplit(url)
    source_ip = str(request_keys("us-east-1", False, None).get("aws:SourceIp"))
    message = HttpRequest(method.upper(), parts.path or "/", parts.query, Headers(headers or {}), body, source_ip)
    return (parts.hostname or "").lower(), message


def answer(host: str, request: HttpRequest) -> HttpResponse:
    """The response of the API or function with this host name. NotOffline for any other."""
    found = _HOST.fullmatch(host.lower())
    if found is None:
        raise NotOffline(f"the offline account has no address {host}; nothing was sent to the network")
    if found["url"]:
        return _function_url(found["id"], found["url"], host, request)
    for backend in _backends(rest.apigateway_backends, found["region"]):
        api = backend.apis.get(found["id"])
        if api is not None:
            return rest_requests.answer(backend, api, request, host)
    for backend in _backends(http.apigatewayv2_backends, found["region"]):
        api = backend.apis.get(found["id"])
        if api is not None:
            if api.protocol_type != "HTTP":
                raise NotOffline("the offline account answers HTTP APIs and REST APIs, not WebSocket APIs")
            return http_requests.answer(api, request, host)
    return said(403, "Forbidden", error_type="ForbiddenException")


def answer_prepared(request: Any) -> tuple[int, dict[str, Any], bytes]:
    """The same for a request at the account's door: status, headers, body."""
    body = request.body or b""
    body = body.encode() if isinstance(body, str) else bytes(body)
    response = answer(*request_of(request.method, request.url, dict(request.headers.items()), body))
    headers = {name: response.headers.all(name) for name in response.headers}
    return response.status, {name: one if len(one) > 1 else one[0] for name, one in headers.items()}, response.body


def _function_url(identifier: str, region: str, host: str, request: HttpRequest) -> HttpResponse:
    for backend in _backends(get_backend("lambda"), region):
        key = function_url_requests.url_with(backend, identifier)
        if key is not None:
            return function_url_requests.answer(backend, key, request, host)
    return said(403, "Forbidden", key="Message", error_type="AccessDeniedException")


def _backends(accounts: Any, region: str) -> Iterator[Any]:
    """The states of all accounts that have one for the Region; none is made for looking."""
    for held in list(accounts.values()):
        if region in list(held.keys()):
            yield held[region]
