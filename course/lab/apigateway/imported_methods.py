"""Resources, methods and integrations as an OpenAPI document describes them."""

from __future__ import annotations

import json
from typing import Any

from course.data import value

from ..gate import Refused
from .moto_models import rest
from .openapi import body_schemas, extension, security_of
from .rest_integrations import require_integration
from .rest_methods import require_settings
from .rest_models import require_schema
from .rest_resources import PATH_PART, require_place

_PLACES = {"path": "path", "query": "querystring", "header": "header"}
_JSON = "application/json"


def put_resource(api: rest.RestAPI, path: str) -> rest.Resource:
    """The resource at a path, made with those above it."""
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


def put_method(
    api: rest.RestAPI,
    resource: rest.Resource,
    verb: str,
    found: dict[str, Any],
    operation: dict[str, Any],
    validators: dict[str, str],
    authorizers: dict[str, tuple[str, str | None]],
) -> None:
    """A method with what its operation asks for."""
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


def put_integration(resource: rest.Resource, path: str, verb: str, operation: dict[str, Any]) -> None:
    """What stands behind the method, with its responses; none if the operation names none."""
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
