"""An HTTP API from an OpenAPI 3 document: ImportApi and ReimportApi, all of the document or nothing.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
"""

from __future__ import annotations

import copy
from typing import Any

from ..gate import Call, Refused, answers
from .found import http_api
from .http_apis import require_cors
from .http_authorizers import require_authorizer
from .http_integrations import new_integration, require_integration
from .http_routes import require_route_key
from .moto_models import http
from .openapi import document, extension, operations, resolved, security_of, security_schemes
from .wire import shaped

_PARTS = ("routes", "integrations", "authorizers")


@answers("apigatewayv2", "ImportApi")
def import_api(call: Call) -> dict:
    """A new API. Its stages are made besides."""
    found = _document(call)
    title = str((found.get("info") or {}).get("title") or "Imported API")
    api = call.backend.create_api(None, None, None, None, None, title, "HTTP", None, {}, None)
    try:
        build(api, found)
    except Exception:
        del call.backend.apis[api.api_id]
        raise
    return shaped(call, api.to_json())


@answers("apigatewayv2", "ReimportApi")
def reimport_api(call: Call) -> dict:
    """Replace routes, integrations and authorizers; stages stay."""
    api, found = http_api(call), _document(call)
    before = {**api.__dict__, **{name: copy.deepcopy(api.__dict__[name]) for name in _PARTS}}
    try:
        for name in _PARTS:
            getattr(api, name).clear()
        build(api, found)
    except Exception:
        api.__dict__.update(before)
        raise
    return shaped(call, api.to_json())


def _document(call: Call) -> dict[str, Any]:
    found = document(call.params.get("Body"))
    if "openapi" not in found:
        raise Refused("BadRequestException", "HTTP APIs can be imported from OpenAPI 3.0 documents only.")
    return found


def build(api: http.Api, found: dict[str, Any]) -> None:
    """Everything of the document."""
    about = found.get("info") or {}
    api.name = str(about.get("title") or api.name)
    api.version = str(about["version"]) if "version" in about else api.version
    api.description = about.get("description", api.description)
    cors = extension(found, "cors")
    if cors is not None:
        require_cors({key[0].upper() + key[1:]: one for key, one in cors.items()})
        api.cors_configuration = cors
    endpoint = extension(found, "endpoint-configuration") or {}
    if "disableExecuteApiEndpoint" in endpoint:
        api.disable_execute_api_endpoint = bool(endpoint["disableExecuteApiEndpoint"])
    authorizers = {name: _authorizer(api, name, one) for name, one in security_schemes(found).items()}
    named = (found.get("components") or {}).get("x-amazon-apigateway-integrations") or {}
    shared = {name: _integration(api, one, name) for name, one in named.items()}
    for path, verb, operation in operations(found):
        # SAM writes the route $default as a path of its own.
        key = "$default" if path.strip("/") == "$default" else f"{verb} {path}"
        _route(api, key, found, operation, authorizers, shared)


def _route(
    api: http.Api,
    key: str,
    found: dict[str, Any],
    operation: dict[str, Any],
    authorizers: dict[str, tuple[str, str | None]],
    shared: dict[str, http.Integration],
) -> None:
    try:
        require_route_key(key)
        given = extension(operation, "integration")
        target = None
        if given:
            name = str(given.get("$ref", "")).rpartition("/")[2]
            made = shared.get(name) or _integration(api, resolved(found, given), key)
            target = f"integrations/{made.id}"
    except Refused as refusal:
        raise Refused(
            "BadRequestException",
            f"Errors found during import:\n\tUnable to create route '{key}': {refusal.message}",
        ) from None
    kind, authorizer, scopes = "NONE", None, None
    for name, asked in security_of(found, operation):
        kind, authorizer = authorizers.get(name, ("NONE", None))
        scopes = asked or None
    api.create_route(
        False,
        scopes,
        key,
        target,
        authorization_type=kind,
        authorizer_id=authorizer,
        operation_name=operation.get("operationId"),
    )


def _integration(api: http.Api, given: dict[str, Any], name: str) -> http.Integration:
    kind, uri = str(given.get("type", "")).upper(), given.get("uri") or ""
    version = str(given.get("payloadFormatVersion") or "1.0")
    verb, timeout = given.get("httpMethod"), given.get("timeoutInMillis")
    connection, link = given.get("connectionType"), given.get("connectionId")
    subtype, credentials = given.get("subtype"), given.get("credentials")
    require_integration(kind, uri, verb or "ANY", version, timeout, subtype, connection, link, credentials)
    return new_integration(
        api,
        kind,
        uri,
        verb,
        version,
        description=f"AutoCreate from OpenAPI Import: {name}",
        timeout_in_millis=timeout,
        integration_subtype=subtype,
        credentials_arn=credentials,
        connection_id=link,
        request_parameters=given.get("requestParameters"),
        response_parameters=given.get("responseParameters"),
        tls_config=given.get("tlsConfig"),
    )


def _authorizer(api: http.Api, name: str, scheme: dict[str, Any]) -> tuple[str, str | None]:
    """The authorization type of routes with this scheme, and the id of its authorizer."""
    given = extension(scheme, "authorizer")
    if not given:
        iam = str(extension(scheme, "authtype") or "").lower() == "awssigv4"
        return ("AWS_IAM" if iam else "NONE"), None
    kind = str(given.get("type", "")).upper()
    sources = given.get("identitySource") or (["$request.header.Authorization"] if kind == "JWT" else [])
    sources = [one.strip() for one in sources.split(",")] if isinstance(sources, str) else list(sources)
    ttl = given.get("authorizerResultTtlInSeconds")
    described = {
        "Name": name,
        "AuthorizerType": kind,
        "AuthorizerUri": given.get("authorizerUri"),
        "AuthorizerPayloadFormatVersion": str(given.get("authorizerPayloadFormatVersion") or "") or None,
        "AuthorizerResultTtlInSeconds": None if ttl is None else int(ttl),
        "EnableSimpleResponses": given.get("enableSimpleResponses"),
        "IdentitySource": sources,
        "JwtConfiguration": given.get("jwtConfiguration"),
    }
    require_authorizer(described)
    made = api.create_authorizer(
        given.get("authorizerCredentials"),
        described["AuthorizerPayloadFormatVersion"],
        described["AuthorizerResultTtlInSeconds"],
        kind,
        given.get("authorizerUri"),
        given.get("enableSimpleResponses"),
        sources,
        given.get("identityValidationExpression"),
        given.get("jwtConfiguration"),
        name,
    )
    return ("JWT" if kind == "JWT" else "CUSTOM"), made.id
