"""Routes of HTTP APIs: "GET /pets/{id}", "ANY /{proxy+}" or "$default", and who may use them.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
"""

from __future__ import annotations

import re
from typing import Any

from course.data import value
from course.serverless.api_routes import METHODS, is_greedy

from ..gate import Call, Refused, refuses
from .found import http_api, part
from .moto_models import http

_SEGMENT = re.compile(r"[^\s{}/]*|\{[a-zA-Z0-9._\-]+\+?\}")
_AUTHORIZATION = ("NONE", "AWS_IAM", "CUSTOM", "JWT")


@refuses("apigatewayv2", "CreateRoute")
def impossible_route(call: Call) -> None:
    """A key that is none or taken, a target that is not there."""
    api = http_api(call)
    if api.protocol_type != "HTTP":
        return
    key = call.params.get("RouteKey") or ""
    require_route_key(key)
    if any(route.route_key == key for route in api.routes.values()):
        raise Refused("ConflictException", f"Route with key {key} already exists for this API", 409)
    if len(api.routes) >= value("apigateway.http.routes"):
        raise Refused("BadRequestException", "Maximum number of Routes for this API has been reached.")
    require_route(api, call.params, {})


def require_route_key(key: str) -> None:
    """$default, or a method and a path whose greedy variable is the last part."""
    verb, _, path = key.partition(" ")
    parts = path.split("/")[1:]
    sound = (
        path.startswith("/")
        and verb in (*METHODS, "ANY")
        and all(_SEGMENT.fullmatch(one) for one in parts)
        and not any(is_greedy(one) for one in parts[:-1])
    )
    if key != "$default" and not sound:
        raise Refused(
            "BadRequestException",
            "The provided route key is not formatted properly for HTTP protocol. Format should be "
            '"<HTTP METHOD> /<RESOURCE PATH>" or "$default"',
        )


def require_route(api: http.Api, given: dict[str, Any], held: dict[str, Any]) -> None:
    """Target and authorization of a route, as it would be with what is given."""
    target = given.get("Target")
    if target is not None:
        kind, _, identifier = target.partition("/")
        if kind != "integrations" or identifier not in api.integrations:
            raise Refused("BadRequestException", f"Invalid route target specified: {target}")
    if given.get("ApiKeyRequired"):
        raise Refused("BadRequestException", "ApiKeyRequired is not supported for HTTP APIs")
    kind = given.get("AuthorizationType", held.get("authorizationType")) or "NONE"
    if kind not in _AUTHORIZATION:
        raise Refused(
            "BadRequestException",
            f"Invalid authorization type {kind} specified. Must be one of {', '.join(_AUTHORIZATION)}",
        )
    authorizer = api.authorizers.get(given.get("AuthorizerId", held.get("authorizerId")))
    wanted = {"JWT": "JWT", "CUSTOM": "REQUEST"}.get(kind)
    if wanted and (authorizer is None or authorizer.authorizer_type != wanted):
        sort = "JWT" if kind == "JWT" else "Lambda"
        raise Refused(
            "BadRequestException",
            f"Invalid authorizer ID specified. Setting the authorization type to {kind} requires a valid {sort} "
            "authorizer.",
        )
    if given.get("AuthorizationScopes") and kind != "JWT":
        raise Refused("BadRequestException", "Authorization scopes are only supported for JWT authorization")


@refuses("apigatewayv2", "GetRoute", "UpdateRoute", "DeleteRoute", "CreateRouteResponse", "DeleteRouteRequestParameter")
def missing_route(call: Call) -> None:
    """The route is there."""
    part(call, "routes", "RouteId", "Route")


@refuses("apigatewayv2", "UpdateRoute")
def impossible_route_change(call: Call) -> None:
    """A key that is none or another's, a target that is not there."""
    api = http_api(call)
    if api.protocol_type != "HTTP":
        return
    changed, key = api.routes[call.params["RouteId"]], call.params.get("RouteKey")
    if key is not None:
        require_route_key(key)
        if any(route.route_key == key and route is not changed for route in api.routes.values()):
            raise Refused("ConflictException", f"Route with key {key} already exists for this API", 409)
    require_route(api, call.params, changed.to_json())
