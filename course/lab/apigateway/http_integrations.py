"""Integrations of HTTP APIs: a function or an address, nothing else.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations.html
"""

from __future__ import annotations

import re
from typing import Any

from course.data import value

from ..gate import Call, Refused, answers, corrects, refuses
from .found import http_api, part
from .lambda_uris import function_of
from .moto_models import http
from .rest_integrations import timeout_refusal
from .wire import shaped

_TYPES = ("AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK")


@refuses("apigatewayv2", "CreateIntegration", "UpdateIntegration")
def impossible_integration(call: Call) -> None:
    """What an HTTP API cannot have behind it; of WebSocket APIs only the type is looked at."""
    api, given = http_api(call), call.params
    held: dict[str, Any] = {}
    if call.operation == "UpdateIntegration":
        held = part(call, "integrations", "IntegrationId", "Integration").to_json()
    kind = given.get("IntegrationType", held.get("integrationType"))
    if kind not in _TYPES:
        raise Refused("BadRequestException", f"Invalid integration type {kind} specified. Must be one of {_TYPES}")
    if api.protocol_type != "HTTP":
        return
    require_integration(
        kind,
        given.get("IntegrationUri", held.get("integrationUri")) or "",
        given.get("IntegrationMethod", held.get("integrationMethod")),
        given.get("PayloadFormatVersion", held.get("payloadFormatVersion")),
        given.get("TimeoutInMillis"),
        given.get("IntegrationSubtype", held.get("integrationSubtype")),
        given.get("ConnectionType", held.get("connectionType")),
        given.get("ConnectionId", held.get("connectionId")),
        given.get("CredentialsArn", held.get("credentialsArn")),
    )


def require_integration(
    kind: str,
    uri: str,
    verb: str | None,
    version: str | None = None,
    timeout: int | None = None,
    subtype: str | None = None,
    connection: str | None = None,
    link: str | None = None,
    credentials: str | None = None,
) -> None:
    """Refused for an integration that an HTTP API cannot have."""
    if kind not in ("AWS_PROXY", "HTTP_PROXY"):
        raise Refused(
            "BadRequestException",
            f"Integration type {kind} is not supported for HTTP APIs: use AWS_PROXY or HTTP_PROXY",
        )
    versions = ("1.0", "2.0") if kind == "AWS_PROXY" and not subtype else ("1.0",)
    if version is not None and version not in versions:
        raise Refused(
            "BadRequestException",
            f"Invalid PayloadFormatVersion {version} for integration type {kind}. Must be one of {', '.join(versions)}",
        )
    least, most = value("apigateway.http.integration_timeout")
    if timeout is not None and not least <= timeout <= most:
        raise Refused("BadRequestException", timeout_refusal("http"))
    if kind == "AWS_PROXY" and subtype:
        if not credentials:
            raise Refused("BadRequestException", "CredentialsArn is required for AWS service integrations")
    elif kind == "AWS_PROXY":
        if function_of(uri) is None:
            raise Refused("BadRequestException", "Invalid function ARN or invalid uri")
    else:
        _require_address(uri, verb, connection, link)


def _require_address(uri: str, verb: str | None, connection: str | None, link: str | None) -> None:
    if connection == "VPC_LINK":
        if not link:
            raise Refused("BadRequestException", "ConnectionId is required when ConnectionType is VPC_LINK")
    elif not re.match(r"https?://[^/\s]+", uri):
        raise Refused("BadRequestException", "Invalid HTTP endpoint specified for URI")
    if not verb:
        raise Refused("BadRequestException", "HttpMethod must be specified for integration type HTTP_PROXY")


def new_integration(
    api: http.Api, kind: str, uri: str, verb: str | None, version: str, **more: Any
) -> http.Integration:
    """An integration as quick create and imports make it."""
    made = api.create_integration("INTERNET", more.pop("description", None), verb, kind, uri, **more)
    made.payload_format_version = version
    return made


@corrects("apigatewayv2", "CreateIntegration")
def integration_defaults(call: Call, result: Any) -> dict | None:
    """What AWS fills in and moto does not."""
    api = http_api(call)
    made = list(api.integrations.values())[-1]
    if api.protocol_type == "HTTP":
        made.payload_format_version = made.payload_format_version or "1.0"
        made.connection_type = made.connection_type or "INTERNET"
    return shaped(call, made.to_json())


@refuses("apigatewayv2", "GetIntegration", "UpdateIntegration", "DeleteIntegration")
def missing_integration(call: Call) -> None:
    """The integration is there."""
    part(call, "integrations", "IntegrationId", "Integration")


@refuses("apigatewayv2", "DeleteIntegration")
def integration_of_a_route(call: Call) -> None:
    """A route leads to it."""
    wanted = call.params["IntegrationId"]
    for route in http_api(call).routes.values():
        if route.target == f"integrations/{wanted}":
            raise Refused(
                "ConflictException",
                f"Cannot delete Integration '{wanted}', is referenced in Route '{route.route_key}'",
                409,
            )


@answers("apigatewayv2", "GetIntegrations")
def get_integrations(call: Call) -> dict:
    """All of them."""
    return shaped(call, {"items": [one.to_json() for one in http_api(call).integrations.values()]})
