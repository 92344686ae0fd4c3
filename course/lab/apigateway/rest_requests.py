"""A request to a REST API, from the resource that matches to the response.

Order, as on AWS: web ACL, resource and method, throttling, resource policy, authorization, API key, validation, integration.
https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-troubleshoot.html
"""

from __future__ import annotations

import json
from dataclasses import replace

from course.data import value
from course.serverless.api_events import ApiContext
from course.serverless.api_routes import resource_for
from course.serverless.http_messages import Headers, HttpRequest, HttpResponse
from course.serverless.mapping_templates import render

from ..awslambda.execution import new_id
from ..iam.context import now
from . import access_logs, request_validation, rest_authorization, rest_integration_calls, rest_web_acls, usage
from .answers import GatewayError, said, with_ids
from .moto_models import rest
from .rest_arrivals import Arrived
from .rest_responses import TEMPLATE, gateway_response


def answer(backend: rest.APIGatewayBackend, api: rest.RestAPI, request: HttpRequest, domain_name: str) -> HttpResponse:
    """The response of a REST API; the first part of the path is the stage."""
    _, name, *rest_of_path = request.path.split("/", 2)
    stage = api.stages.get(name)
    deployment = api.deployments.get(stage.deployment_id) if stage else None
    if api.disableExecuteApiEndpoint or deployment is None:
        return said(403, "Forbidden", error_type="ForbiddenException")
    request = replace(request, path="/" + (rest_of_path[0] if rest_of_path else ""))
    context = ApiContext(
        api.account_id,
        api.id,
        domain_name,
        name,
        new_id(),
        now(),
        deployment_id=deployment.id,
        stage_variables={key: str(text) for key, text in (stage.variables or {}).items()},
    )
    arrived = Arrived(backend, api, stage, deployment._deployed, request, context)
    response, arrived = handled(arrived)
    seen = {**arrived.variables, "status": response.status, "responseLength": len(response.body)}
    access_logs.write(api.account_id, api.region_name, stage.access_log_settings, seen)
    return with_ids(response, {"x-amzn-RequestId": context.request_id, "x-amz-apigw-id": context.request_id[:8]})


def handled(arrived: Arrived) -> tuple[HttpResponse, Arrived]:
    """Do it all, and make a gateway response of an error; with what was found out on the way."""
    try:
        if len(arrived.request.body) > value("apigateway.rest.payload"):
            most = value("apigateway.rest.payload")
            raise GatewayError("REQUEST_TOO_LARGE", f"HTTP content length exceeded {most} bytes.")
        rest_web_acls.require_let_in(arrived)
        arrived = routed(arrived)
        usage.require_stage_rate(arrived.stage, arrived.context.resource_path, arrived.verb)
        arrived = rest_authorization.authorised(arrived)
        arrived = _with_key(arrived)
        validate(arrived)
        return rest_integration_calls.answer(arrived), arrived
    except GatewayError as error:
        return _gateway_response(arrived, error), arrived


def routed(arrived: Arrived) -> Arrived:
    """The same with its resource and method; 403 "Missing Authentication Token" where there is none."""
    methods = arrived.deployed.methods
    found = resource_for(methods.items(), arrived.request.method, arrived.request.path)
    if found is None:
        raise GatewayError("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token")
    path, verb, values = found
    context = replace(
        arrived.context, resource_path=path, resource_id=arrived.deployed.ids[path], path_parameters=values
    )
    return replace(arrived, context=context, verb=verb, method=methods[path][verb])


def _with_key(arrived: Arrived) -> Arrived:
    if not arrived.method.api_key_required:
        return arrived
    if arrived.deployed.api_key_source == "AUTHORIZER":
        given = arrived.context.identity.get("apiKey")
    else:
        given = arrived.request.headers.get("x-api-key")
    key = usage.require_key(
        arrived.backend,
        given,
        arrived.api.id,
        arrived.context.stage,
        arrived.context.resource_path,
        arrived.verb,
    )
    identity = {**arrived.context.identity, "apiKey": key.value, "apiKeyId": key.id}
    return replace(arrived, context=replace(arrived.context, identity=identity))


def validate(arrived: Arrived) -> None:
    """As the method's request validator says."""
    method = arrived.method
    validator = arrived.deployed.validators.get(method.request_validator_id)
    if validator is None:
        return
    if validator.validate_request_parameters:
        request_validation.require_parameters(
            method.request_parameters or {}, arrived.request, arrived.context.path_parameters
        )
    if validator.validate_request_body:
        schemas = {name: model.schema for name, model in arrived.deployed.models.items() if model.schema}
        request_validation.require_body(method.request_models or {}, schemas, arrived.request)


def _gateway_response(arrived: Arrived, error: GatewayError) -> HttpResponse:
    shown = gateway_response(arrived.deployed, error.kind)
    status = int(shown.get("statusCode") or error.status or 500)
    templates = shown.get("responseTemplates") or {"application/json": TEMPLATE}
    kind, template = next(iter(templates.items()))
    if template == TEMPLATE:
        # An access that is denied has a message of its own spelling.
        key = "Message" if error.kind == "ACCESS_DENIED" else "message"
        body = json.dumps({key: error.message}, separators=(",", ":"))
    else:
        about = {
            "message": error.message,
            "messageString": json.dumps(error.message),
            "responseType": error.kind,
            "validationErrorString": error.reason,
        }
        seen = arrived.seen
        body = render(template, replace(seen, context={**seen.context, "error": about}))
    headers = {"Content-Type": kind, "x-amzn-ErrorType": error.error_type}
    for name, text in (shown.get("responseParameters") or {}).items():
        headers[name.removeprefix("gatewayresponse.header.")] = rest_integration_calls.mapped(arrived, text)
    return HttpResponse(status, Headers(headers), body.encode())
