"""Authorizers of REST APIs: a Lambda function that reads a token or the request, or a user pool.

https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html
"""

from __future__ import annotations

import copy
import re
from typing import Any

from course.data import value

from ..gate import Call, Refused, answers, corrects, refuses
from .found import missing, rest_api
from .lambda_uris import is_invocations
from .moto_models import rest
from .patches import patches
from .wire import shaped

_TYPES = ("TOKEN", "REQUEST", "COGNITO_USER_POOLS")
_SOURCE = re.compile(r"method\.request\.(header|querystring)\.[\w.$-]+|(stageVariables|context)\.[\w.-]+")


@refuses("apigateway", "CreateAuthorizer")
def impossible_authorizer(call: Call) -> None:
    """What each type must have, and a name that no other has."""
    api, given = rest_api(call), call.params
    require_authorizer(
        given.get("name"),
        given.get("type"),
        given.get("authorizerUri"),
        given.get("identitySource"),
        given.get("authorizerResultTtlInSeconds"),
        given.get("providerARNs"),
    )
    _require_other_name(api, given["name"])
    if len(api.authorizers) >= value("apigateway.rest.authorizers"):
        raise Refused("LimitExceededException", "Maximum number of Authorizers for this API has been reached.", 429)


def _require_other_name(api: rest.RestAPI, name: str, own: str = "") -> None:
    if any(other.name == name and other.id != own for other in api.authorizers.values()):
        raise Refused(
            "BadRequestException",
            f"Authorizer name must be unique. Authorizer {name} already exists in this RestApi.",
        )


def require_authorizer(
    name: str | None, kind: str | None, uri: str | None, source: str | None, ttl: int | None, pools: list | None
) -> None:
    """Refused for an authorizer that cannot work."""
    if not name:
        raise Refused("BadRequestException", "Authorizer name cannot be blank")
    if kind not in _TYPES:
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{kind}' at 'createAuthorizerInput.type' failed to satisfy "
            f"constraint: Member must satisfy enum value set: [{', '.join(_TYPES)}]",
        )
    require_ttl(ttl)
    if kind == "COGNITO_USER_POOLS":
        if not pools:
            raise Refused("BadRequestException", "Cognito user pool ARNs must be specified for this authorizer")
        for pool in pools:
            if not re.fullmatch(r"arn:aws[\w-]*:cognito-idp:[\w-]+:\d{12}:userpool/[\w-]+", pool):
                raise Refused("BadRequestException", f"Invalid Cognito User Pool ARN specified: {pool}")
        return
    if not uri or not is_invocations(uri):
        raise invalid_uri(uri)
    sources = [one.strip() for one in (source or "").split(",") if one.strip()]
    cached = ttl is None or ttl > 0
    if not sources and (kind == "TOKEN" or cached):
        needed = "" if kind == "TOKEN" else " when caching is enabled"
        raise Refused("BadRequestException", f"Identity source must be specified for a {kind} authorizer{needed}")
    for one in sources:
        if not _SOURCE.fullmatch(one) or (kind == "TOKEN" and not one.startswith("method.request.header.")):
            raise Refused("BadRequestException", f"Invalid identity source specified: {one}")
    if kind == "TOKEN" and len(sources) > 1:
        raise Refused("BadRequestException", f"Invalid identity source specified: {source}")


def require_ttl(ttl: int | None) -> None:
    """From no cache to an hour."""
    least, most = value("apigateway.authorizers.ttl")
    if ttl is not None and not least <= int(ttl) <= most:
        raise Refused(
            "BadRequestException", f"Authorizer result TTL must be between {least} and {most} seconds, not {ttl}"
        )


def invalid_uri(uri: str | None) -> Refused:
    """AWS's words for a URI that is no invocation of a function."""
    return Refused(
        "BadRequestException",
        f"Invalid Authorizer URI: {uri}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda "
        "function invocation.",
    )


@corrects("apigateway", "CreateAuthorizer")
def keep_validation_expression(call: Call, result: Any) -> dict:
    """moto drops the expression that a token must match."""
    made = next(one for one in rest_api(call).authorizers.values() if one.name == call.params["name"])
    made.identity_validation_expression = call.params.get("identityValidationExpression")
    if made.type != "COGNITO_USER_POOLS":
        made.auth_type = made.auth_type or "custom"
    return shaped(call, made.to_json())


@refuses("apigateway", "GetAuthorizer", "UpdateAuthorizer", "DeleteAuthorizer", "TestInvokeAuthorizer")
def missing_authorizer(call: Call) -> None:
    """The authorizer is there."""
    if call.params["authorizerId"] not in rest_api(call).authorizers:
        raise missing("Authorizer")


_CHANGES = {
    "/name": "replace",
    "/type": "replace",
    "/authorizerUri": "replace",
    "/authorizerCredentials": "replace",
    "/authorizerResultTtlInSeconds": "replace",
    "/authType": "replace",
    "/identitySource": "replace",
    "/identityValidationExpression": "replace",
    "/providerARNs": "add remove",
}
_NAMES = {
    "/name": "name",
    "/type": "type",
    "/authorizerUri": "authorizer_uri",
    "/authorizerCredentials": "authorizer_credentials",
    "/authType": "auth_type",
    "/identitySource": "identity_source",
    "/identityValidationExpression": "identity_validation_expression",
}


@answers("apigateway", "UpdateAuthorizer")
def update_authorizer(call: Call) -> dict:
    """Change an authorizer, as a whole or not at all."""
    api = rest_api(call)
    changed = api.authorizers[call.params["authorizerId"]]
    new = copy.deepcopy(changed.__dict__)
    for patch in patches(call, _CHANGES):
        if patch.path in _NAMES:
            new[_NAMES[patch.path]] = patch.value
        elif patch.path == "/providerARNs":
            kept = [one for one in new["provider_arns"] or () if one != patch.value]
            new["provider_arns"] = kept + ([patch.value] if patch.op == "add" else [])
        else:
            text = str(patch.value)
            require_ttl(int(text) if re.fullmatch(r"-?\d+", text) else -1)
            new["authorizer_result_ttl"] = int(text)
    require_authorizer(
        new["name"],
        new["type"],
        new["authorizer_uri"],
        new["identity_source"],
        new["authorizer_result_ttl"],
        new["provider_arns"],
    )
    _require_other_name(api, new["name"], changed.id)
    changed.__dict__.update(new)
    return shaped(call, changed.to_json())
