"""HTTP APIs: what AWS refuses when one is created or changed, and quick create.

https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis.html
"""

from __future__ import annotations

import json
import re
from typing import Any

from moto.core.utils import get_service_model

from course.data import value

from ..gate import Call, Refused, answers, corrects, refuses
from .found import http_api
from .http_integrations import new_integration, require_integration
from .moto_models import http
from .wire import shaped

_SPELLINGS = {"AllowOrigins": "allowOrigins", "AllowMethods": "allowMethods", "AllowHeaders": "allowHeaders"}
_SPELLINGS |= {"ExposeHeaders": "exposeHeaders", "MaxAge": "maxAge", "AllowCredentials": "allowCredentials"}
_CORS_METHODS = ("*", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")


def _about_an_api() -> list[str]:
    """The operations that name an API in their path."""
    model = get_service_model("apigatewayv2")
    return [name for name in model.operation_names if "{apiId}" in model.operation_model(name).http.get("requestUri")]


@refuses("apigatewayv2", *_about_an_api())
def missing_api(call: Call) -> None:
    """The API must be there."""
    http_api(call)


@refuses("apigatewayv2", "CreateApi")
def impossible_api(call: Call) -> None:
    """No name, a protocol that is none, quick create of what is no HTTP API."""
    given = call.params
    if not given.get("Name"):
        raise Refused("BadRequestException", "API name must be non-empty")
    protocol = given.get("ProtocolType")
    if protocol not in ("HTTP", "WEBSOCKET"):
        raise Refused("BadRequestException", "Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]")
    if protocol == "WEBSOCKET":
        if not given.get("RouteSelectionExpression"):
            raise Refused("BadRequestException", "RouteSelectionExpression is required for WEBSOCKET protocol")
        for name in ("Target", "RouteKey", "CredentialsArn", "CorsConfiguration"):
            if given.get(name):
                raise Refused("BadRequestException", f"{name} is only supported for HTTP APIs")
    if given.get("RouteKey") and not given.get("Target"):
        raise Refused("BadRequestException", "Target is required when RouteKey is specified")
    require_cors(given.get("CorsConfiguration") or {})
    if given.get("Target"):
        from .http_routes import require_route_key

        require_integration(http_type(given["Target"]), given["Target"], "ANY")
        require_route_key(given.get("RouteKey") or "$default")


@refuses("apigatewayv2", "UpdateApi")
def impossible_api_change(call: Call) -> None:
    """Settings for cross-origin requests that cannot be."""
    require_cors(call.params.get("CorsConfiguration") or {})
    if call.params.get("Name") == "":
        raise Refused("BadRequestException", "API name must be non-empty")


def require_cors(settings: dict[str, Any]) -> None:
    """Origins with a scheme, methods of HTTP, and no credentials for everybody."""
    for origin in settings.get("AllowOrigins") or ():
        if origin != "*" and not re.match(r"[a-z][a-z0-9+.-]*://\S+$", origin):
            raise Refused(
                "BadRequestException",
                f"Invalid format for origin {origin}. Origin should start with http:// or https://",
            )
    for method in settings.get("AllowMethods") or ():
        if method.upper() not in _CORS_METHODS:
            raise Refused("BadRequestException", f"Invalid HTTP method {method} specified in allow methods")
    if settings.get("AllowCredentials") and "*" in (settings.get("AllowOrigins") or ()):
        raise Refused("BadRequestException", "Allow origins cannot be * when allow credentials is true")
    age = settings.get("MaxAge")
    least, most = value("apigateway.http.cors_max_age")
    if age is not None and not least <= age <= most:
        raise Refused("BadRequestException", f"Max age must be between {least} and {most} seconds, not {age}")


def cors_of(api: http.Api) -> dict[str, Any]:
    """The settings of an API in boto3's spelling; {} if it has none."""
    held = api.cors_configuration or {}
    return {name: held.get(wire, held.get(name)) for name, wire in _SPELLINGS.items() if wire in held or name in held}


def http_type(target: str) -> str:
    """The type of a quick create's integration: a function, or an address."""
    return "AWS_PROXY" if target.startswith("arn:") else "HTTP_PROXY"


@corrects("apigatewayv2", "CreateApi")
def quick_create(call: Call, result: Any) -> dict | None:
    """With a Target: an integration, a route (all requests, unless RouteKey says otherwise) and a deployed stage.

    The address of a WebSocket API begins with wss.
    """
    body = json.loads(result[2]) if isinstance(result, tuple) else {}
    api = call.backend.apis.get(body.get("apiId"))
    if api is None:
        return None
    if api.protocol_type == "WEBSOCKET":
        api.api_endpoint = api.api_endpoint.replace("https://", "wss://")
    if not call.params.get("Target"):
        return shaped(call, api.to_json())
    target = call.params["Target"]
    kind = http_type(target)
    integration = new_integration(
        api, kind, target, None if kind == "AWS_PROXY" else "ANY", "2.0" if kind == "AWS_PROXY" else "1.0"
    )
    integration.credentials_arn = call.params.get("CredentialsArn")
    api.create_route(
        api_key_required=False,
        authorization_scopes=None,
        route_key=call.params.get("RouteKey") or "$default",
        target=f"integrations/{integration.id}",
        authorization_type="NONE",
    )
    api.create_stage({"stageName": "$default", "autoDeploy": True})
    return shaped(call, api.to_json())


@answers("apigatewayv2", "DeleteApi")
def delete_api(call: Call) -> dict:
    """NotFoundException for one that is not there; moto says nothing."""
    http_api(call)
    call.backend.delete_api(call.params["ApiId"])
    return {}


@corrects("apigatewayv2", "UpdateApi")
def new_target(call: Call, result: Any) -> None:
    """A quick-created API moves to another target."""
    target, api = call.params.get("Target"), http_api(call)
    if target and api.integrations:
        integration = next(iter(api.integrations.values()))
        integration.integration_uri, integration.integration_type = target, http_type(target)
