"""A REST API from an OpenAPI document: ImportRestApi and PutRestApi, all of the document or nothing.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html
"""

from __future__ import annotations

import copy
import json
from typing import Any

from moto.apigateway.utils import ApigwAuthorizerIdentifier

from course.data import value

from ..gate import Call, Refused, answers
from .found import rest_api
from .moto_models import rest
from .openapi import body_schemas, document, extension, operations, schemas, security_of, security_schemes
from .rest_apis import require_endpoint, require_policy
from .rest_authorizers import require_authorizer
from .rest_integrations import require_integration
from .rest_methods import require_settings
from .rest_models import require_schema
from .rest_resources import PATH_PART, require_place
from .wire import shaped

_PARTS = ("resources", "models", "authorizers", "request_validators", "gateway_responses")
_PLACES = {"path": "path", "query": "querystring", "header": "header"}


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
        resource = _resource(api, path)
        _method(api, resource, verb, found, operation, validators, authorizers)
        _integration(resource, path, verb, operation)


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
    identifier = same.id if same else ApigwAuthorizerIdentifier(api.account_id, api.region_name, name).generate()
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


def _resource(api: rest.RestAPI, path: str) -> rest.Resource:
    here = api.resources[api.root_resource_id]
    for part in path.strip("/").split("/") if path.strip("/") else ():
        below = next((one for one in api.resources.values() if (one.parent_id, one.path_part) == (here.id, part)), None)
        if below is None:
            try:
                if not PATH_PART.fullmatch(part):
                    raise Refused("BadRequestException", "Resource's path part only allow a-zA-Z0-9._-: and braces.")
                require_place(api, here, part)
            except Refused as refusal:
                raise _failed(f"Unable to create resource at path '{path}'", refusal) from None
            below = api.add_child(part, here.id)
        here = below
    return here


def _failed(what: str, refusal: Refused) -> Refused:
    return Refused("BadRequestException", f"Errors found during import:\n\t{what}: {refusal.message}")


def _method(
    api: rest.RestAPI,
    resource: rest.Resource,
    verb: str,
    found: dict[str, Any],
    operation: dict[str, Any],
    validators: dict[str, str],
    authorizers: dict[str, tuple[str, str | None]],
) -> None:
    kind, authorizer, key, scopes = "NONE", None, False, None
    for name, asked in security_of(found, operation):
        own_kind, own = authorizers.get(name, ("NONE", None))
        if own_kind == "API_KEY":
            key = True
        elif own_kind != "NONE":
            kind, authorizer, scopes = own_kind, own, asked or None
    auth = extension(operation, "auth") or {}
    if str(auth.get("type", "")).upper() in ("AWS_IAM", "NONE"):
        kind = auth["type"].upper()
    validator = validators.get(extension(operation, "request-validator") or extension(found, "request-validator"))
    parameters = {
        f"method.request.{_PLACES[one['in']]}.{one['name']}": bool(one.get("required"))
        for one in operation["parameters"]
        if one.get("in") in _PLACES
    }
    models = {kind: _model(api, schema) for kind, schema in body_schemas(found, operation).items()}
    try:
        require_settings(api, kind, authorizer, validator, models, parameters)
    except Refused as refusal:
        raise _failed(f"Unable to put method '{verb}' on resource at path '{resource.get_path()}'", refusal) from None
    method = resource.add_method(
        verb,
        kind,
        key,
        request_parameters=parameters or None,
        request_models=models or None,
        operation_name=operation.get("operationId"),
        authorizer_id=authorizer,
        authorization_scopes=scopes,
        request_validator_id=validator,
    )
    for status, response in (operation.get("responses") or {}).items():
        if str(status) != "default":
            headers = {f"method.response.header.{name}": False for name in (response or {}).get("headers") or {}}
            method.create_response(str(status), None, headers or None)


def _model(api: rest.RestAPI, schema: dict[str, Any]) -> str:
    """The model of a schema, which is made where it stands inline."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    text = json.dumps(schema)
    same = next((name for name, one in api.models.items() if one.schema == text), None)
    if same is None:
        require_schema(text)
        same = f"MODEL{len(api.models) + 1:06x}"
        api.add_model(same, None, text, _JSON)
    return same


def _integration(resource: rest.Resource, path: str, verb: str, operation: dict[str, Any]) -> None:
    given = extension(operation, "integration")
    if not given:
        return
    kind = str(given.get("type", "")).upper()
    uri = given.get("uri") or ""
    try:
        require_integration(
            kind,
            uri,
            given.get("httpMethod"),
            given.get("timeoutInMillis"),
            given.get("passthroughBehavior"),
            given.get("connectionType"),
            given.get("connectionId"),
        )
    except Refused as refusal:
        raise _failed(f"Unable to put integration on '{verb}' for resource at path '{path}'", refusal) from None
    made = resource.add_integration(
        verb,
        kind,
        uri,
        request_templates=given.get("requestTemplates"),
        passthrough_behavior=str(given.get("passthroughBehavior") or "WHEN_NO_MATCH").upper(),
        integration_method=given.get("httpMethod"),
        cache_namespace=given.get("cacheNamespace") or resource.id,
        timeout_in_millis=int(given.get("timeoutInMillis") or value("apigateway.rest.integration_timeout")[1]),
        request_parameters=given.get("requestParameters"),
        content_handling=given.get("contentHandling"),
        credentials=given.get("credentials"),
        connection_type=given.get("connectionType"),
    )
    made.connection_id = given.get("connectionId")
    for pattern, response in (given.get("responses") or {}).items():
        made.create_integration_response(
            str(response.get("statusCode", "200")),
            "" if pattern == "default" else pattern,
            response.get("responseTemplates") or {},
            response.get("responseParameters") or {},
            response.get("contentHandling"),
        )
