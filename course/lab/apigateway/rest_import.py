"""A REST API from an OpenAPI document: ImportRestApi and PutRestApi, all of the document or nothing.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html
"""

from __future__ import annotations

import copy
import json
from typing import Any

from course.data import value

from ..gate import Call, Refused, answers
from .found import rest_api
from .imported_methods import put_integration, put_method, put_resource
from .moto_models import rest
from .openapi import document, extension, operations, schemas, security_schemes
from .rest_apis import require_endpoint, require_policy
from .rest_authorizers import require_authorizer
from .rest_models import require_schema
from .wire import shaped

_PARTS = ("resources", "models", "authorizers", "request_validators", "gateway_responses")


@answers("apigateway", "ImportRestApi")
def import_rest_api(call: Call) -> dict:
    """A new API."""
    found = document(call.params.get("body"))
    title = str((found.get("info") or {}).get("title") or "Imported API")
    api = call.backend.create_rest_api(title, (found.get("info") or {}).get("description"))
    try:
        build(api, found, call.params.get("parameters") or {})
    except Exception:
        del call.backend.apis[api.id]
        raise
    return shaped(call, api.to_dict())


@answers("apigateway", "PutRestApi")
def put_rest_api(call: Call) -> dict:
    """Into an API that is there: "merge" keeps what the document does not name, "overwrite" does not."""
    api, found = rest_api(call), document(call.params.get("body"))
    mode = call.params.get("mode") or "merge"
    if mode not in ("merge", "overwrite"):
        raise Refused("BadRequestException", 'Enumeration value of OpenAPI import mode must be "overwrite" or "merge"')
    before = {**api.__dict__, **{name: copy.deepcopy(api.__dict__[name]) for name in _PARTS}}
    try:
        if mode == "overwrite":
            root = api.resources[api.root_resource_id]
            root.resource_methods.clear()
            for name in _PARTS:
                getattr(api, name).clear()
            api.resources[root.id] = root
        build(api, found, call.params.get("parameters") or {})
    except Exception:
        api.__dict__.update(before)
        raise
    return shaped(call, api.to_dict())


def build(api: rest.RestAPI, found: dict[str, Any], parameters: dict[str, str]) -> None:
    """Everything of the document, in the order in which one part needs another."""
    about = found.get("info") or {}
    api.name, api.version = str(about.get("title") or api.name), str(about.get("version") or "") or None
    api.description = about.get("description", api.description)
    api.binaryMediaTypes = list(extension(found, "binary-media-types", api.binaryMediaTypes) or ())
    api.api_key_source = extension(found, "api-key-source", api.api_key_source)
    _set_policy(api, extension(found, "policy"))
    _set_endpoint(api, extension(found, "endpoint-configuration") or {}, parameters)
    for name, schema in schemas(found).items():
        require_schema(json.dumps(schema))
        api.models.pop(name, None)
        api.add_model(name, schema.get("description") if isinstance(schema, dict) else None, json.dumps(schema), _JSON)
    validators = {
        name: _validator(api, name, one) for name, one in (extension(found, "request-validators") or {}).items()
    }
    authorizers = {name: _authorizer(api, name, one) for name, one in security_schemes(found).items()}
    for kind, one in (extension(found, "gateway-responses") or {}).items():
        status = one.get("statusCode")
        api.put_gateway_response(
            kind,
            str(status) if status else None,
            one.get("responseParameters") or {},
            one.get("responseTemplates") or {},
        )
    for path, verb, operation in operations(found):
        resource = put_resource(api, path)
        put_method(api, resource, verb, found, operation, validators, authorizers)
        put_integration(resource, path, verb, operation)


_JSON = "application/json"


def _set_policy(api: rest.RestAPI, policy: Any) -> None:
    if policy:
        text = policy if isinstance(policy, str) else json.dumps(policy)
        require_policy(text)
        api.policy = text


def _set_endpoint(api: rest.RestAPI, configuration: dict[str, Any], parameters: dict[str, str]) -> None:
    kind = parameters.get("endpointConfigurationTypes")
    if kind:
        require_endpoint({"types": [kind]})
        api.endpoint_configuration = {**(api.endpoint_configuration or {}), "types": [kind]}
    if configuration.get("vpcEndpointIds"):
        api.endpoint_configuration = {
            **(api.endpoint_configuration or {}),
            "vpcEndpointIds": configuration["vpcEndpointIds"],
        }
    if "disableExecuteApiEndpoint" in configuration:
        api.disableExecuteApiEndpoint = bool(configuration["disableExecuteApiEndpoint"])


def _validator(api: rest.RestAPI, name: str, settings: dict[str, Any]) -> str:
    for one in api.request_validators.values():
        if one.name == name:
            made = one
            break
    else:
        made = api.create_request_validator(name, False, False)
    made.validate_request_body = bool(settings.get("validateRequestBody"))
    made.validate_request_parameters = bool(settings.get("validateRequestParameters"))
    return made.id


def _authorizer(api: rest.RestAPI, name: str, scheme: dict[str, Any]) -> tuple[str, str | None]:
    """The authorization type of methods with this scheme, and the id of its authorizer."""
    kind = str(extension(scheme, "authtype") or "")
    given = extension(scheme, "authorizer")
    if not given:
        if kind.lower() == "awssigv4":
            return "AWS_IAM", None
        return ("API_KEY" if scheme.get("type") == "apiKey" else "NONE"), None
    wanted = {"token": "TOKEN", "request": "REQUEST", "cognito_user_pools": "COGNITO_USER_POOLS"}.get(
        str(given.get("type", "")).lower(), str(given.get("type", ""))
    )
    source = given.get("identitySource")
    if wanted == "TOKEN" and not source:
        source = f"method.request.header.{scheme.get('name', 'Authorization')}"
    if wanted == "COGNITO_USER_POOLS":
        source = source or f"method.request.header.{scheme.get('name', 'Authorization')}"
    ttl = given.get("authorizerResultTtlInSeconds")
    ttl = value("apigateway.authorizers.default_ttl") if ttl is None else int(ttl)
    require_authorizer(name, wanted, given.get("authorizerUri"), source, ttl, given.get("providerARNs"))
    same = next((one for one in api.authorizers.values() if one.name == name), None)
    identifier = same.id if same else rest.ApigwAuthorizerIdentifier(api.account_id, api.region_name, name).generate()
    made = api.create_authorizer(
        identifier,
        name,
        wanted,
        given.get("providerARNs"),
        kind or ("cognito_user_pools" if wanted == "COGNITO_USER_POOLS" else "custom"),
        given.get("authorizerUri"),
        given.get("authorizerCredentials"),
        source,
        given.get("identityValidationExpression"),
        ttl,
    )
    made.identity_validation_expression = given.get("identityValidationExpression")
    return ("COGNITO_USER_POOLS" if wanted == "COGNITO_USER_POOLS" else "CUSTOM"), identifier
