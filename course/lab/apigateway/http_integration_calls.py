"""What an HTTP API's integration answers: a function, or another API of the account.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from course.data import value
from course.serverless.api_events import encoded_body, event_v1, event_v2
from course.serverless.http_messages import HttpRequest, HttpResponse
from course.serverless.proxy_responses import Malformed, read_response_v1, read_response_v2

from ..gate import NotOffline
from . import function_calls
from .answers import Ended, said
from .lambda_uris import function_of, with_variables
from .moto_models import http

if TYPE_CHECKING:
    from .http_requests import Arrived


def answer(arrived: Arrived) -> HttpResponse:
    """Call what stands behind the route."""
    target = (arrived.route.target or "").partition("/")[2]
    integration = arrived.parts["integrations"].get(target)
    if integration is None:
        raise Ended(said(500, "Internal Server Error"))
    if integration.integration_type == "HTTP_PROXY":
        return _forwarded(arrived, integration)
    if integration.integration_subtype:
        raise NotOffline(f"the offline account does not run the integration {integration.integration_subtype}")
    return _function(arrived, integration)


def _function(arrived: Arrived, integration: http.Integration) -> HttpResponse:
    arn = function_of(integration.integration_uri, arrived.context.stage_variables)
    if integration.payload_format_version == "2.0":
        event = event_v2(arrived.request, arrived.context)
    else:
        event = event_v1(arrived.request, arrived.context, encoded_body(arrived.request), http_api=True)
    seconds = int(integration.timeout_in_millis or value("apigateway.http.integration_timeout")[1]) / 1000
    try:
        if arn is None:
            raise function_calls.NotCalled
        called = function_calls.call(arn, event, arrived.source_arns, seconds, integration.credentials_arn)
    except function_calls.NotCalled:
        raise Ended(said(500, "Internal Server Error")) from None
    except (function_calls.Throttled, function_calls.TimedOut):
        raise Ended(said(503, "Service Unavailable")) from None
    if called.failed:
        raise Ended(said(500, "Internal Server Error"))
    try:
        if integration.payload_format_version == "2.0":
            return read_response_v2(called.payload)
        return read_response_v1(called.payload, accepts_binary=True)
    except Malformed:
        raise Ended(said(500, "Internal Server Error")) from None


def _forwarded(arrived: Arrived, integration: http.Integration) -> HttpResponse:
    from .invocations import answer as of_the_account
    from .invocations import is_served

    uri = with_variables(integration.integration_uri or "", arrived.context.stage_variables)
    uri = re.sub(r"\{(\w+)\+?\}", lambda found: arrived.context.path_parameters.get(found[1], ""), uri)
    if not is_served(uri):
        raise NotOffline(f"the offline account reaches no other address: the integration's {uri} was not asked")
    parts, request = urlsplit(uri), arrived.request
    path = parts.path
    if arrived.route.route_key == "$default":
        # With $default the whole path goes on to the integration.
        path = path.rstrip("/") + arrived.path
    verb = request.method if integration.integration_method in (None, "ANY") else integration.integration_method
    sent = HttpRequest(verb, path or "/", request.query, request.headers, request.body, request.source_ip)
    return of_the_account(parts.netloc, sent)
