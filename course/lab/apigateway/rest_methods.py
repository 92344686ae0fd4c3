"""The methods of a resource: who may call them, and what a request must have.

https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethod.html
"""

from __future__ import annotations

import re
from typing import Any

from course.serverless.api_routes import METHODS

from ..gate import Call, Refused, answers, refuses
from .found import method, resource, rest_api
from .moto_models import rest
from .patches import patches
from .wire import shaped

_AUTHORIZATION = ("NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS")
_AUTHORIZERS = {"CUSTOM": ("TOKEN", "REQUEST"), "COGNITO_USER_POOLS": ("COGNITO_USER_POOLS",)}


@refuses("apigateway", "PutMethod")
def impossible_method(call: Call) -> None:
    """A method that HTTP has not or the resource has already."""
    verb = call.params["httpMethod"]
    there = resource(call)
    if verb not in (*METHODS, "ANY"):
        raise Refused(
            "BadRequestException",
            f"Invalid HttpMethod specified. Valid options are {','.join((*METHODS, 'ANY'))}",
        )
    if verb in there.resource_methods:
        raise Refused("ConflictException", "Method already exists for this resource", 409)


@refuses("apigateway", "PutMethod")
def impossible_method_settings(call: Call) -> None:
    """Authorizers, validators, models and parameters that are none."""
    given = call.params
    require_settings(
        rest_api(call),
        given.get("authorizationType"),
        given.get("authorizerId"),
        given.get("requestValidatorId"),
        given.get("requestModels") or {},
        given.get("requestParameters") or {},
    )


def require_settings(
    api: rest.RestAPI,
    kind: str | None,
    authorizer_id: str | None,
    validator: str | None,
    models: dict,
    parameters: dict,
) -> None:
    """Refused for a method whose settings name what the API has not."""
    if (kind or "").upper() not in _AUTHORIZATION:
        raise Refused(
            "BadRequestException",
            f"Invalid authorization type specified. Valid options are {', '.join(_AUTHORIZATION)}",
        )
    wanted = _AUTHORIZERS.get(kind.upper())
    authorizer = api.authorizers.get(authorizer_id)
    if wanted and (authorizer is None or authorizer.type not in wanted):
        raise Refused(
            "BadRequestException",
            "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires "
            "a valid authorizer.",
        )
    if validator and validator not in api.request_validators:
        raise Refused("BadRequestException", "Invalid Request Validator identifier specified")
    for name in models.values():
        if name not in api.models:
            raise Refused("BadRequestException", f"Invalid model identifier specified: {name}")
    require_parameters(parameters, r"method\.request\.(path|querystring|header)\.[a-zA-Z0-9._$\-\[\]]+")
    if len({name.rpartition(".")[2] for name in parameters}) != len(parameters):
        raise Refused("BadRequestException", "Parameter names must be unique across querystring, header and path")


def require_parameters(names: Any, pattern: str) -> None:
    """Refused for a parameter of a method that is not named as API Gateway names them."""
    for name in names:
        if not re.fullmatch(pattern, name):
            raise Refused(
                "BadRequestException",
                "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping "
                f"expression parameter specified: {name}]",
            )


@refuses("apigateway", "DeleteMethod", "UpdateMethod", "GetMethod", "PutIntegration")
def missing_method(call: Call) -> None:
    """The resource has the method."""
    method(call)


_CHANGES = {
    "/authorizationType": "replace",
    "/authorizerId": "replace",
    "/authorizationScopes": "add remove",
    "/apiKeyRequired": "replace",
    "/operationName": "replace",
    "/requestValidatorId": "replace remove",
    "/requestParameters/{name+}": "add replace remove",
    "/requestModels/{type+}": "add replace remove",
}


@answers("apigateway", "UpdateMethod")
def update_method(call: Call) -> dict:
    """Change a method's settings."""
    api, changed = rest_api(call), method(call)
    new = {
        "authorization_type": changed.authorization_type,
        "authorizer_id": changed.authorizer_id,
        "api_key_required": changed.api_key_required,
        "operation_name": changed.operation_name,
        "request_validator_id": changed.request_validator_id,
        "authorization_scopes": list(changed.authorization_scopes or ()),
        "request_parameters": dict(changed.request_parameters or {}),
        "request_models": dict(changed.request_models or {}),
    }
    for patch in patches(call, _CHANGES):
        name = re.sub("([A-Z])", lambda found: f"_{found[1].lower()}", patch.steps[0])
        if name == "api_key_required":
            new[name] = patch.is_true
        elif name == "authorization_scopes":
            kept = [one for one in new[name] if one != patch.value]
            new[name] = kept + ([patch.value] if patch.op == "add" else [])
        elif name in ("request_parameters", "request_models"):
            key = "/".join(patch.steps[1:])
            if patch.op == "remove":
                new[name].pop(key, None)
            else:
                new[name][key] = patch.is_true if name == "request_parameters" else patch.value
        else:
            new[name] = None if patch.op == "remove" else patch.value or None
    require_settings(
        api,
        new["authorization_type"],
        new["authorizer_id"],
        new["request_validator_id"],
        new["request_models"],
        new["request_parameters"],
    )
    for name, one in new.items():
        setattr(changed, name, one if one not in ({}, []) else None)
    return shaped(call, changed.to_json())


@refuses("apigateway", "PutMethodResponse")
def impossible_method_response(call: Call) -> None:
    """A status that is none or there already, models and headers that are none."""
    api, of = rest_api(call), method(call)
    status = str(call.params["statusCode"])
    if not re.fullmatch(r"[1-5]\d\d", status):
        raise Refused("BadRequestException", f"Invalid status code {status} specified")
    if status in of.method_responses:
        raise Refused("ConflictException", "Response already exists for this resource", 409)
    _require_response(api, call.params.get("responseModels") or {}, call.params.get("responseParameters") or {})


def _require_response(api: rest.RestAPI, models: dict, parameters: dict) -> None:
    for name in models.values():
        if name not in api.models:
            raise Refused("BadRequestException", f"Invalid model identifier specified: {name}")
    require_parameters(parameters, r"method\.response\.header\.[a-zA-Z0-9._$\-]+")


@refuses("apigateway", "GetMethodResponse", "DeleteMethodResponse", "UpdateMethodResponse")
def missing_method_response(call: Call) -> None:
    """The method has a response with this status."""
    if str(call.params["statusCode"]) not in method(call).method_responses:
        raise missing_status()


def missing_status() -> Refused:
    """AWS's words for a status that no response has."""
    return Refused("NotFoundException", "Invalid Response status code specified", 404)


@answers("apigateway", "UpdateMethodResponse")
def update_method_response(call: Call) -> dict:
    """Change the models and headers of a method's response."""
    changed = method(call).method_responses[str(call.params["statusCode"])]
    models, parameters = dict(changed.response_models or {}), dict(changed.response_parameters or {})
    allowed = dict.fromkeys(("/responseModels/{type+}", "/responseParameters/{name+}"), "add replace remove")
    for patch in patches(call, allowed):
        held = models if patch.steps[0] == "responseModels" else parameters
        key = "/".join(patch.steps[1:])
        if patch.op == "remove":
            held.pop(key, None)
        else:
            held[key] = patch.is_true if held is parameters else patch.value
    _require_response(rest_api(call), models, parameters)
    changed.response_models, changed.response_parameters = models or None, parameters or None
    return shaped(call, changed.to_json())
