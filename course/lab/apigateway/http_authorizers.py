"""Authorizers of HTTP APIs: JSON Web Tokens, or a Lambda function.

https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-authorizers.html
"""

from __future__ import annotations

import re
from typing import Any

from course.data import value

from ..gate import Call, Refused, answers, refuses
from .found import http_api, part
from .lambda_uris import is_invocations
from .rest_authorizers import invalid_uri, require_ttl
from .wire import shaped

_SOURCE = re.compile(r"\$(request\.(header|querystring)|context|stageVariables)\.[\w.$-]+")
_FIELDS = {
    "Name": "name",
    "AuthorizerType": "authorizerType",
    "AuthorizerUri": "authorizerUri",
    "AuthorizerPayloadFormatVersion": "authorizerPayloadFormatVersion",
    "AuthorizerResultTtlInSeconds": "authorizerResultTtlInSeconds",
    "EnableSimpleResponses": "enableSimpleResponses",
    "IdentitySource": "identitySource",
    "JwtConfiguration": "jwtConfiguration",
}


@refuses("apigatewayv2", "CreateAuthorizer", "UpdateAuthorizer")
def impossible_authorizer(call: Call) -> None:
    """What each type must have, and a name that no other has."""
    api, own, held = http_api(call), None, {}
    if call.operation == "UpdateAuthorizer":
        own = part(call, "authorizers", "AuthorizerId", "Authorizer")
        held = own.to_json()
    given = {name: call.params.get(name, held.get(wire)) for name, wire in _FIELDS.items()}
    if not given["Name"]:
        raise Refused("BadRequestException", "Authorizer name cannot be blank")
    if any(other.name == given["Name"] and other is not own for other in api.authorizers.values()):
        raise Refused(
            "BadRequestException",
            f"Authorizer name must be unique. Authorizer {given['Name']} already exists in this RestApi.",
        )
    if own is None and len(api.authorizers) >= value("apigateway.http.authorizers"):
        raise Refused("BadRequestException", "Maximum number of Authorizers for this API has been reached.")
    require_authorizer(given, api.protocol_type)


def require_authorizer(given: dict[str, Any], protocol: str = "HTTP") -> None:
    """Refused for an authorizer that cannot work; `given` in boto3's spelling."""
    kind = given.get("AuthorizerType")
    if kind not in ("REQUEST", "JWT") or (kind == "JWT" and protocol != "HTTP"):
        raise Refused("BadRequestException", f"Invalid authorizer type {kind} specified")
    require_ttl(given.get("AuthorizerResultTtlInSeconds"))
    sources = given.get("IdentitySource") or []
    if kind == "JWT":
        configuration = given.get("JwtConfiguration") or {}
        issuer = configuration.get("Issuer", configuration.get("issuer"))
        audience = configuration.get("Audience", configuration.get("audience"))
        if not issuer or not re.match(r"https://\S+$", issuer):
            raise Refused("BadRequestException", f"Invalid issuer: {issuer}. Issuer must be a URL with https")
        if not audience:
            raise Refused("BadRequestException", "Audience is required for a JWT authorizer")
        if len(sources) != 1:
            raise Refused("BadRequestException", "A JWT authorizer must have exactly one identity source")
    elif not given.get("AuthorizerUri") or not is_invocations(given["AuthorizerUri"]):
        raise invalid_uri(given.get("AuthorizerUri"))
    if protocol != "HTTP":
        return
    for source in sources:
        if not _SOURCE.fullmatch(source):
            raise Refused("BadRequestException", f"Invalid identity source specified: {source}")
    if kind == "REQUEST":
        _require_format(given, sources)


def _require_format(given: dict[str, Any], sources: list[str]) -> None:
    version = given.get("AuthorizerPayloadFormatVersion")
    if not version:
        raise Refused(
            "BadRequestException",
            "AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer",
        )
    if version not in ("1.0", "2.0"):
        raise Refused("BadRequestException", f"Invalid AuthorizerPayloadFormatVersion {version}: use 1.0 or 2.0")
    if given.get("EnableSimpleResponses") and version != "2.0":
        raise Refused(
            "BadRequestException", "EnableSimpleResponses is only supported for AuthorizerPayloadFormatVersion 2.0"
        )
    if given.get("AuthorizerResultTtlInSeconds") and not sources:
        raise Refused("BadRequestException", "Identity source is required when authorizer caching is enabled")


@refuses("apigatewayv2", "GetAuthorizer", "UpdateAuthorizer", "DeleteAuthorizer")
def missing_authorizer(call: Call) -> None:
    """The authorizer is there."""
    part(call, "authorizers", "AuthorizerId", "Authorizer")


@refuses("apigatewayv2", "DeleteAuthorizer")
def authorizer_of_a_route(call: Call) -> None:
    """A route asks it."""
    wanted = call.params["AuthorizerId"]
    for route in http_api(call).routes.values():
        if route.authorizer_id == wanted and (route.authorization_type or "NONE") in ("JWT", "CUSTOM"):
            raise Refused(
                "ConflictException",
                f"Cannot delete Authorizer '{wanted}', is referenced in Route '{route.route_key}'",
                409,
            )


@answers("apigatewayv2", "GetAuthorizers")
def get_authorizers(call: Call) -> dict:
    """All of them; moto has no such operation."""
    return shaped(call, {"items": [one.to_json() for one in http_api(call).authorizers.values()]})
