"""The events that API Gateway and function URLs send to a function.

REST APIs use format 1.0, HTTP APIs 1.0 or 2.0, function URLs 2.0.
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

from .http_messages import Headers, HttpRequest

__all__ = [
    "ApiContext",
    "binary_body",
    "encoded_body",
    "event_v1",
    "event_v2",
]

_NOT_PASSED_ON = {"connection", "content-length", "transfer-encoding", "expect"}


@dataclass(frozen=True)
class ApiContext:
    """What the API knows of a request besides the message: where it arrived, and what was found out about the caller."""

    account_id: str
    api_id: str
    domain_name: str
    stage: str
    request_id: str
    time: datetime
    resource_path: str = ""
    resource_id: str = ""
    route_key: str = ""
    deployment_id: str = ""
    path_parameters: Mapping[str, str] = field(default_factory=dict)
    stage_variables: Mapping[str, str] = field(default_factory=dict)
    authorizer: Mapping[str, Any] | None = None
    identity: Mapping[str, Any] = field(default_factory=dict)

    @property
    def epoch(self) -> int:
        """Milliseconds since 1970."""
        return int(self.time.timestamp() * 1000)

    @property
    def clock(self) -> str:
        """The time as access logs have it: 28/Nov/2026:09:00:00 +0000."""
        return self.time.astimezone(UTC).strftime("%d/%b/%Y:%H:%M:%S +0000")


def _sent(request: HttpRequest, context: ApiContext) -> Headers:
    """The headers that reach the function: the client's, and those that the API adds."""
    pairs = [(name, value) for name, value in request.headers.pairs if name.lower() not in _NOT_PASSED_ON]
    added = {
        "Host": context.domain_name,
        "X-Amzn-Trace-Id": f"Root=1-{int(context.time.timestamp()):08x}-{context.request_id.replace('-', '')[:24]}",
        "X-Forwarded-For": request.source_ip,
        "X-Forwarded-Port": "443",
        "X-Forwarded-Proto": "https",
    }
    pairs = [(name, value) for name, value in pairs if name.lower() not in {one.lower() for one in added}]
    return Headers(sorted([*pairs, *added.items()], key=lambda one: one[0].lower()))


def binary_body(request: HttpRequest, binary_media_types: Iterable[str]) -> bool:
    """Does a REST API treat the body as binary? By the media types that the API lists, such as image/* or */*."""
    return any(fnmatchcase(request.content_type, one.lower()) for one in binary_media_types)


def encoded_body(request: HttpRequest) -> bool:
    """Does format 2.0 carry the body in base64? All but text, JSON, XML and JavaScript; so also what a form sends."""
    kind = request.content_type
    if not kind:
        return not _is_text(request.body)
    subtype = kind.partition("/")[2]
    texts = {"json", "xml", "javascript"}
    return not (kind.startswith("text/") or subtype in texts or subtype.rpartition("+")[2] in texts)


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _body(body: bytes, in_base64: bool) -> tuple[str | None, bool]:
    if not body:
        return None, False
    if in_base64:
        return base64.b64encode(body).decode(), True
    return body.decode(errors="replace"), False


def event_v1(request: HttpRequest, context: ApiContext, in_base64: bool = False, http_api: bool = False) -> dict:
    """Format 1.0, of REST APIs; `http_api` adds what HTTP APIs have besides. The path is without the stage."""
    headers = _sent(request, context)
    body, in_base64 = _body(request.body, in_base64)
    path = request.path if http_api or context.stage == "$default" else f"/{context.stage}{request.path}"
    identity = {
        "accessKey": None,
        "accountId": None,
        "caller": None,
        "cognitoAuthenticationProvider": None,
        "cognitoAuthenticationType": None,
        "cognitoIdentityId": None,
        "cognitoIdentityPoolId": None,
        "principalOrgId": None,
        "sourceIp": request.source_ip,
        "user": None,
        "userAgent": request.headers.get("user-agent"),
        "userArn": None,
        **context.identity,
    }
    about: dict[str, Any] = {
        "accountId": context.account_id,
        "apiId": context.api_id,
        "domainName": context.domain_name,
        "domainPrefix": context.domain_name.partition(".")[0],
        "extendedRequestId": context.request_id.replace("-", "")[:15] + "=",
        "httpMethod": request.method,
        "identity": identity,
        "path": path,
        "protocol": "HTTP/1.1",
        "requestId": context.request_id,
        "requestTime": context.clock,
        "requestTimeEpoch": context.epoch,
        "resourceId": context.resource_id or context.route_key,
        "resourcePath": context.resource_path,
        "stage": context.stage,
    }
    if context.deployment_id:
        about["deploymentId"] = context.deployment_id
    if context.authorizer is not None:
        about["authorizer"] = dict(context.authorizer)
    event = {
        "resource": context.resource_path,
        "path": request.path,
        "httpMethod": request.method,
        "headers": {name: headers.all(name)[-1] for name in headers},
        "multiValueHeaders": {name: headers.all(name) for name in headers},
        "queryStringParameters": {name: values[-1] for name, values in request.parameters.items()} or None,
        "multiValueQueryStringParameters": dict(request.parameters) or None,
        "pathParameters": dict(context.path_parameters) or None,
        "stageVariables": dict(context.stage_variables) or None,
        "requestContext": about,
        "body": body,
        "isBase64Encoded": in_base64,
    }
    return {"version": "1.0", **event} if http_api else event


def event_v2(request: HttpRequest, context: ApiContext) -> dict:
    """Format 2.0, of HTTP APIs and function URLs: names in lower case, several values joined, empty parts left out.

    The path holds the stage unless that is $default.
    """
    headers = _sent(request, context)
    body, in_base64 = _body(request.body, encoded_body(request))
    cookies = [one.strip() for text in request.headers.all("cookie") for one in text.split(";") if one.strip()]
    about: dict[str, Any] = {
        "accountId": context.account_id,
        "apiId": context.api_id,
        "domainName": context.domain_name,
        "domainPrefix": context.domain_name.partition(".")[0],
        "http": {
            "method": request.method,
            "path": request.path,
            "protocol": "HTTP/1.1",
            "sourceIp": request.source_ip,
            "userAgent": request.headers.get("user-agent", ""),
        },
        "requestId": context.request_id,
        "routeKey": context.route_key,
        "stage": context.stage,
        "time": context.clock,
        "timeEpoch": context.epoch,
    }
    if context.authorizer is not None:
        about["authorizer"] = dict(context.authorizer)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": context.route_key,
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": {name.lower(): headers[name] for name in headers if name.lower() != "cookie"},
        "requestContext": about,
        "isBase64Encoded": in_base64,
    }
    for name, value in {
        "cookies": cookies,
        "queryStringParameters": {name: ",".join(values) for name, values in request.parameters.items()},
        "pathParameters": dict(context.path_parameters),
        "stageVariables": dict(context.stage_variables),
        "body": body,
    }.items():
        if value:
            event[name] = value
    return event
