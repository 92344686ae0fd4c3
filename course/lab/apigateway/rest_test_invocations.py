"""TestInvokeMethod and TestInvokeAuthorizer: the console's Test button. The API need not be deployed.

Authorization, API keys and throttling are not asked; the log says what a client is not told.
https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-test-method.html
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from course.serverless.api_events import ApiContext
from course.serverless.http_messages import Headers, HttpRequest, HttpResponse
from course.serverless.lambda_authorizers import identity_values, read_policy_answer
from course.serverless.proxy_responses import Malformed

from ..awslambda.execution import new_id
from ..gate import Call, Refused, answers, refuses
from ..iam.context import now
from . import rest_authorization, rest_integration_calls
from .answers import GatewayError, said
from .found import integration, method, resource, rest_api
from .function_calls import NotCalled, Throttled, TimedOut
from .moto_models import rest
from .rest_arrivals import Arrived
from .rest_deployments import as_it_is
from .rest_requests import validate

_STAGE = "test-invoke-stage"


@refuses("apigateway", "TestInvokeMethod")
def nothing_to_test(call: Call) -> None:
    """The method is there and has an integration."""
    method(call)
    integration(call)


def _arrived(call: Call, verb: str, path: str) -> Arrived:
    api, given = rest_api(call), call.params
    headers = given.get("multiValueHeaders") or given.get("headers") or {}
    path, _, query = path.partition("?")
    request = HttpRequest(verb, path or "/", query, Headers(headers), (given.get("body") or "").encode())
    variables = {name: str(text) for name, text in (given.get("stageVariables") or {}).items()}
    domain = "testPrefix.testDomainName"
    context = ApiContext(api.account_id, api.id, domain, _STAGE, new_id(), now(), stage_variables=variables)
    return Arrived(call.backend, api, rest.Stage(_STAGE), as_it_is(api), request, context, verb)


@answers("apigateway", "TestInvokeMethod")
def test_invoke_method(call: Call) -> dict:
    """Send a request to a method and show its response with the log of the execution."""
    from course.serverless.api_routes import matched

    there, verb = resource(call), call.params["httpMethod"]
    template = there.get_path()
    path = call.params.get("pathWithQueryString") or template
    arrived = _arrived(call, "GET" if verb == "ANY" else verb, path)
    values = matched(template, arrived.request.path) or {}
    context = replace(arrived.context, resource_path=template, resource_id=there.id, path_parameters=values)
    arrived = replace(arrived, context=context, method=method(call))
    log = [f"Execution log for request {context.request_id}", f"{now():%a %b %d %H:%M:%S UTC %Y} : Starting execution"]
    try:
        validate(arrived)
        response = rest_integration_calls.answer(arrived)
        log.append("Successfully completed execution")
    except GatewayError as error:
        response = said(error.status or _status(error), error.message)
        log.append(error.reason or f"Execution failed: {error.message}")
    log.append(f"Method completed with status: {response.status}")
    return _shown(response, "\n".join(log))


def _status(error: GatewayError) -> int:
    from .rest_responses import GATEWAY_RESPONSES

    return int(GATEWAY_RESPONSES[error.kind] or 500)


def _shown(response: HttpResponse, log: str) -> dict[str, Any]:
    return {
        "status": response.status,
        "body": response.text,
        "headers": dict(response.headers),
        "multiValueHeaders": {name: response.headers.all(name) for name in response.headers},
        "log": log,
        "latency": 1,
    }


@answers("apigateway", "TestInvokeAuthorizer")
def test_invoke_authorizer(call: Call) -> dict:
    """Ask an authorizer about a request, and show its policy."""
    authorizer = rest_api(call).authorizers[call.params["authorizerId"]]
    if authorizer.type == "COGNITO_USER_POOLS":
        raise Refused("BadRequestException", "The offline account does not check tokens of user pools.")
    arrived = _arrived(call, "GET", call.params.get("pathWithQueryString") or "/")
    sources = [one.strip() for one in (authorizer.identity_source or "").split(",") if one.strip()]
    identity = identity_values(sources, arrived.request, arrived.context)
    shown: dict[str, Any] = {"clientStatus": 401, "log": "Unauthorized request", "latency": 1}
    if identity is None:
        return shown
    try:
        event = rest_authorization.event(arrived, authorizer, identity)
        called = rest_authorization.called(arrived, authorizer, event)
        if called.failed:
            message = called.error.get("errorMessage")
            return {**shown, "clientStatus": 401 if message == "Unauthorized" else 500, "log": str(message)}
        answer = read_policy_answer(called.payload)
    except (Malformed, NotCalled, Throttled, TimedOut) as failure:
        return {**shown, "clientStatus": 500, "log": f"Execution failed due to configuration error: {failure}"}
    return {
        "clientStatus": 0,
        "log": "Successfully completed authorizer execution",
        "latency": 1,
        "principalId": answer.principal,
        "policy": json.dumps(answer.policy),
        "authorization": {name: [str(one)] for name, one in answer.context.items()},
    }
