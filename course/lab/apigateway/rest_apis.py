"""REST APIs: what AWS refuses when one is created or changed, and what moto drops.

https://docs.aws.amazon.com/apigateway/latest/api/API_CreateRestApi.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.core.utils import get_service_model

from course.data import value
from course.iam.malformed import MalformedPolicyDocument
from course.iam.policy_document import policy_document

from ..gate import Call, Refused, answers, corrects, refuses
from .found import rest_api
from .moto_models import rest
from .patches import patches, whole_number
from .wire import shaped

_ENDPOINTS = ("REGIONAL", "EDGE", "PRIVATE")
_LEAST, _MOST = value("apigateway.rest.compression")
_COMPRESSION = f"Invalid minimum compression size, must be between {_LEAST} and {_MOST}"
_EMPTY = {"$schema": "http://json-schema.org/draft-04/schema#", "title": "Empty Schema", "type": "object"}
_ERROR = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": "Error Schema",
    "type": "object",
    "properties": {"message": {"type": "string"}},
}


def _about_an_api() -> list[str]:
    """The operations that name a REST API in their path."""
    model = get_service_model("apigateway")
    return [
        name for name in model.operation_names if "{restapi_id}" in model.operation_model(name).http.get("requestUri")
    ]


@refuses("apigateway", *_about_an_api())
def missing_api(call: Call) -> None:
    """The API must be there."""
    rest_api(call)


@refuses("apigateway", "CreateRestApi")
def impossible_api(call: Call) -> None:
    """No name, an empty description, an endpoint type that is none, a policy that is none."""
    if not call.params.get("name"):
        raise Refused("BadRequestException", "API name must be non-empty")
    if call.params.get("description") == "":
        raise Refused("BadRequestException", "Description cannot be an empty string")
    least_size = call.params.get("minimumCompressionSize")
    if least_size is not None and not _LEAST <= least_size <= _MOST:
        raise Refused("BadRequestException", _COMPRESSION)
    require_endpoint(call.params.get("endpointConfiguration") or {})
    require_policy(call.params.get("policy"))


def require_endpoint(configuration: dict[str, Any]) -> None:
    """One endpoint type of three; VPC endpoints only for a private API."""
    kinds = configuration.get("types") or []
    for kind in kinds:
        if kind not in _ENDPOINTS:
            raise Refused(
                "ValidationException",
                f"1 validation error detected: Value '[{kind}]' at 'createRestApiInput.endpointConfiguration.types' "
                "failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: "
                "[PRIVATE, EDGE, REGIONAL]]",
            )
    if len(kinds) > 1:
        raise Refused("BadRequestException", "Cannot create an api with multiple Endpoint Types.")
    if configuration.get("vpcEndpointIds") and kinds != ["PRIVATE"]:
        raise Refused("BadRequestException", "VPCEndpoints can only be specified with PRIVATE apis.")


def require_policy(text: str | None) -> None:
    """A resource policy that the grammar accepts."""
    if not text:
        return
    refusal = Refused(
        "BadRequestException",
        "Invalid policy document. Please check the policy syntax and ensure that Principals are valid.",
    )
    try:
        policy_document(text, "resource")
    except MalformedPolicyDocument:
        raise refusal from None
    if len(text) > value("apigateway.rest.policy"):
        raise refusal


@corrects("apigateway", "CreateRestApi")
def keep_what_moto_drops(call: Call, result: Any) -> dict | None:
    """Binary media types, a version, and the two models that every API begins with."""
    made = json.loads(result[2]) if isinstance(result, tuple) else {}
    api = call.backend.apis.get(made.get("id"))
    if api is None:
        return None
    api.version = call.params.get("version")
    # Templates write image~1png, as in the path of a patch.
    api.binaryMediaTypes = [one.replace("~1", "/") for one in call.params.get("binaryMediaTypes") or ()]
    begin(api)
    return shaped(call, api.to_dict())


def begin(api: rest.RestAPI) -> None:
    """Give a new API the models Empty and Error."""
    for name, schema, about in (
        ("Empty", _EMPTY, "This is a default empty schema model"),
        ("Error", _ERROR, "This is a default error schema model"),
    ):
        if name not in api.models:
            api.add_model(name, about, json.dumps(schema, indent=2), "application/json")


_CHANGES = {
    "/name": "replace",
    "/description": "replace remove",
    "/policy": "replace remove",
    "/apiKeySource": "replace",
    "/minimumCompressionSize": "replace",
    "/disableExecuteApiEndpoint": "replace",
    "/binaryMediaTypes/{type+}": "add remove replace",
    "/endpointConfiguration/types/{type}": "replace",
    "/endpointConfiguration/types": "replace",
    "/endpointConfiguration/ipAddressType": "replace",
    "/endpointConfiguration/vpcEndpointIds": "add remove",
}


@answers("apigateway", "UpdateRestApi")
def update_rest_api(call: Call) -> dict:
    """Change an API's settings; moto knows some of them, and takes "false" as true."""
    api = rest_api(call)
    changed: dict[str, Any] = {}
    types, endpoint = list(api.binaryMediaTypes), dict(api.endpoint_configuration)
    for patch in patches(call, _CHANGES):
        name = patch.steps[0]
        if name == "binaryMediaTypes":
            types = _with_type(types, patch)
        elif name == "endpointConfiguration":
            _change_endpoint(endpoint, patch)
        elif name == "name" and not patch.value:
            raise Refused("BadRequestException", "API name must be non-empty")
        elif name == "apiKeySource" and patch.value not in ("HEADER", "AUTHORIZER"):
            raise Refused("BadRequestException", f"Invalid API key source '{patch.value}' specified")
        elif name == "minimumCompressionSize":
            size = whole_number(patch, _LEAST, _MOST, _COMPRESSION) if patch.value else None
            changed["minimum_compression_size"] = size
        elif name == "disableExecuteApiEndpoint":
            changed["disableExecuteApiEndpoint"] = patch.is_true
        else:
            if name == "policy":
                require_policy(patch.value)
            own = "api_key_source" if name == "apiKeySource" else name
            changed[own] = patch.value if patch.op == "replace" else None
    for name, one in changed.items():
        setattr(api, name, one)
    api.binaryMediaTypes, api.endpoint_configuration = types, endpoint
    return shaped(call, api.to_dict())


def _with_type(types: list[str], patch: Any) -> list[str]:
    named = "/".join(patch.steps[1:])
    kept = [one for one in types if one != named]
    if patch.op == "remove":
        return kept
    return [*kept, named if patch.op == "add" else patch.value]


def _change_endpoint(endpoint: dict[str, Any], patch: Any) -> None:
    key = patch.steps[1]
    if key == "types":
        require_endpoint({"types": [patch.value]})
        endpoint["types"] = [patch.value]
    elif key == "ipAddressType":
        endpoint["ipAddressType"] = patch.value
    else:
        held = [one for one in endpoint.get("vpcEndpointIds", ()) if one != patch.value]
        endpoint["vpcEndpointIds"] = held + ([patch.value] if patch.op == "add" else [])
