"""What a REST API's integration answers: a function, API Gateway itself (MOCK), or another API of the account.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-integration-settings.html
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from course.data import value
from course.serverless.api_events import binary_body, event_v1
from course.serverless.http_messages import Headers, HttpRequest, HttpResponse
from course.serverless.mapping_templates import Directive, TemplateInput, json_path, render
from course.serverless.proxy_responses import Malformed, read_response_v1

from ..awslambda import destinations
from ..awslambda.execution import new_id
from ..gate import NotOffline
from . import function_calls
from .answers import GatewayError
from .lambda_uris import function_of, with_variables
from .moto_models import rest

if TYPE_CHECKING:
    from .rest_arrivals import Arrived


def answer(arrived: Arrived) -> HttpResponse:
    """Call what stands behind the method."""
    integration = arrived.method.method_integration
    kind = integration.integration_type
    try:
        if kind == "AWS_PROXY":
            return _proxied(arrived, integration)
        if kind == "MOCK":
            return _mocked(arrived, integration)
        if kind == "AWS":
            return _function(arrived, integration)
        return _http(arrived, integration)
    except Directive as directive:
        raise NotOffline(f"the offline account: {directive}") from None


def _proxied(arrived: Arrived, integration: rest.Integration) -> HttpResponse:
    if integration.http_method != "POST":
        # Lambda's Invoke is a POST, whatever the client's method is.
        raise GatewayError("DEFAULT_5XX", "Internal server error", 500, "Lambda functions are invoked by POST")
    types = arrived.deployed.binary_media_types
    event = event_v1(arrived.request, arrived.context, binary_body(arrived.request, types))
    called = _called(arrived, integration, event)
    if called.failed:
        raise GatewayError(
            "DEFAULT_5XX",
            "Internal server error",
            502,
            f"Lambda execution failed with status 200 due to customer function error: {called.error.get('errorMessage')}",
        )
    accepted = arrived.request.headers.get("accept", "*/*").split(",")[0].partition(";")[0].strip()
    wanted = HttpRequest("GET", "/", headers=Headers({"content-type": accepted}))
    accepts_binary = binary_body(wanted, types) or "*/*" in types
    try:
        return read_response_v1(called.payload, accepts_binary)
    except Malformed as malformed:
        reason = f"Execution failed due to configuration error: Malformed Lambda proxy response: {malformed}"
        raise GatewayError("DEFAULT_5XX", "Internal server error", 502, reason) from None


def _called(arrived: Arrived, integration: rest.Integration, event: dict | str) -> function_calls.Called:
    arn = function_of(integration.uri, arrived.context.stage_variables)
    credentials = with_variables(integration.credentials or "", arrived.context.stage_variables) or None
    try:
        if arn is None:
            raise function_calls.NotCalled("Invalid permissions on Lambda function")
        seconds = int(integration.timeout_in_millis or value("apigateway.rest.integration_timeout")[1]) / 1000
        return function_calls.call(arn, event, arrived.source_arns, seconds, credentials)
    except function_calls.NotCalled as reason:
        why = f"Execution failed due to configuration error: {reason}"
        raise GatewayError("API_CONFIGURATION_ERROR", "Internal server error", reason=why) from None
    except function_calls.Throttled:
        why = "Execution failed due to configuration error: Rate Exceeded."
        raise GatewayError("API_CONFIGURATION_ERROR", "Internal server error", reason=why) from None
    except function_calls.TimedOut:
        why = "Execution failed due to a timeout error"
        raise GatewayError("INTEGRATION_TIMEOUT", "Endpoint request timed out", reason=why) from None


def _request_body(arrived: Arrived, integration: rest.Integration) -> str:
    """The body after the request's mapping template; 415 where there is none and the integration wants one."""
    templates = integration.request_templates or {}
    kind = arrived.request.content_type or "application/json"
    template = templates.get(kind)
    if template is not None:
        return render(template, arrived.seen)
    behaviour = (integration.passthrough_behaviour or "WHEN_NO_MATCH").upper()
    if behaviour == "NEVER" or (behaviour == "WHEN_NO_TEMPLATES" and templates):
        raise GatewayError("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type")
    return arrived.request.body.decode(errors="replace")


def _mocked(arrived: Arrived, integration: rest.Integration) -> HttpResponse:
    try:
        status = str(int(json.loads(_request_body(arrived, integration))["statusCode"]))
    except (ValueError, KeyError, TypeError):
        why = "Unable to parse statusCode: the request template of MOCK gives it"
        raise GatewayError("API_CONFIGURATION_ERROR", "Internal server error", reason=why) from None
    return _responded(arrived, integration, status, "", {})


def _function(arrived: Arrived, integration: rest.Integration) -> HttpResponse:
    if ":lambda:path/" not in (integration.uri or ""):
        raise NotOffline(f"the offline account does not run integrations with {integration.uri}")
    event = _request_body(arrived, integration) or "{}"
    asked = (integration.request_parameters or {}).get("integration.request.header.X-Amz-Invocation-Type", "")
    if asked.strip("'") == "Event":
        arn = function_of(integration.uri, arrived.context.stage_variables) or ""
        function, invoked = function_calls.function_at(arn)
        destinations.accept(function.account_id, function.region, invoked, event, new_id())
        return _responded(arrived, integration, "", "", {})
    called = _called(arrived, integration, event)
    # Lambda answers 200 even when the function fails; what it raised is what selects the response.
    return _responded(arrived, integration, str(called.error.get("errorMessage", "")), called.payload, {})


def _http(arrived: Arrived, integration: rest.Integration) -> HttpResponse:
    from .invocations import answer as of_the_account
    from .invocations import is_served

    uri = with_variables(integration.uri or "", arrived.context.stage_variables)
    uri = re.sub(r"\{(\w+)\+?\}", lambda found: arrived.context.path_parameters.get(found[1], ""), uri)
    if not is_served(uri):
        raise NotOffline(f"the offline account reaches no other address: the integration's {uri} was not asked")
    kind, request = integration.integration_type, arrived.request
    query = request.query if kind == "HTTP_PROXY" else urlencode([])
    headers = request.headers if kind == "HTTP_PROXY" else Headers({"content-type": "application/json"})
    verb = request.method if integration.http_method == "ANY" else integration.http_method
    body = request.body if kind == "HTTP_PROXY" else _request_body(arrived, integration).encode()
    parts = urlsplit(uri)
    forwarded = HttpRequest(verb, parts.path or "/", parts.query or query, headers, body, request.source_ip)
    response = of_the_account(parts.netloc, forwarded)
    if kind == "HTTP_PROXY":
        return response
    return _responded(arrived, integration, str(response.status), response.text, dict(response.headers))


def _responded(
    arrived: Arrived, integration: rest.Integration, selector: str, body: str, headers: dict[str, str]
) -> HttpResponse:
    """The integration response whose pattern the selector matches, or the default one, as a response of the method."""
    responses = list((integration.integration_responses or {}).values())
    chosen = next((one for one in responses if one.selection_pattern and _selects(one, selector)), None)
    chosen = chosen or next((one for one in responses if not one.selection_pattern), None)
    if chosen is None:
        why = "Execution failed due to configuration error: No match for output mapping and no default endpoint mapping"
        raise GatewayError("API_CONFIGURATION_ERROR", "Internal server error", reason=why)
    sent = {"Content-Type": "application/json"}
    templates = {kind: text for kind, text in (chosen.response_templates or {}).items() if text is not None}
    if templates:
        kind, template = next(iter(templates.items()))
        seen = arrived.seen
        body = render(template, TemplateInput(body, seen.parameters, seen.context, seen.stage_variables))
        sent["Content-Type"] = kind
    for name, text in (chosen.response_parameters or {}).items():
        found = _of_integration(arrived, text, body, headers)
        if found is not None:
            sent[name.removeprefix("method.response.header.")] = found
    return HttpResponse(int(chosen.status_code), Headers(sent), body.encode())


def _selects(response: Any, selector: str) -> bool:
    try:
        return re.fullmatch(response.selection_pattern, selector, re.DOTALL) is not None
    except re.error:
        return False


def _of_integration(arrived: Arrived, text: str, body: str, headers: dict[str, str]) -> str | None:
    if text.startswith("integration.response.header."):
        return Headers(headers).get(text.rpartition(".")[2])
    if text.startswith("integration.response.body"):
        try:
            found = json_path(json.loads(body), "$" + text.removeprefix("integration.response.body"))
        except ValueError:
            return None
        return found if isinstance(found, str) else json.dumps(found)
    return mapped(arrived, text)


def mapped(arrived: Arrived, text: str) -> str:
    """What a parameter mapping stands for: 'a text', method.request.header.X, context.requestId, stageVariables.x."""
    if text.startswith("'"):
        return text.strip("'")
    place, _, name = text.removeprefix("method.request.").partition(".")
    if place in ("header", "querystring", "path"):
        held = arrived.request.headers if place == "header" else arrived.parameters[place]
        return held.get(name, "")
    if place == "stageVariables":
        return arrived.context.stage_variables.get(name, "")
    found: Any = arrived.variables
    for step in name.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return "" if found is None else str(found)
