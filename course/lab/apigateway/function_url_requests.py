"""A request to a function URL: who gets in, what the function sees, what comes back.

https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from moto.awslambda.models import LambdaFunction

from course.data import value
from course.serverless.api_events import ApiContext, event_v2
from course.serverless.cors import cors_headers, is_preflight, with_cors
from course.serverless.http_messages import Headers, HttpRequest, HttpResponse
from course.serverless.proxy_responses import Malformed, read_response_v2

from ..awslambda.execution import new_id
from ..gate import Refused
from ..iam.context import now
from . import function_calls
from .answers import said, with_ids
from .callers import caller, decided, keys_of
from .function_urls import urls_of
from .rest_authorization import identity_of

_DOCUMENTED = (
    "Forbidden. For troubleshooting Function URL authorization issues, see: "
    "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
)


def answer(backend: Any, key: tuple[str, str], request: HttpRequest, domain_name: str) -> HttpResponse:
    """The response of a function URL."""
    held, request_id = urls_of(backend)[key], new_id()
    cors = held.config.get("Cors") or {}
    if cors and is_preflight(request):
        return with_ids(HttpResponse(200, Headers(cors_headers(request, cors))), {"x-amzn-RequestId": request_id})
    response = _answered(backend, key, request, domain_name, request_id)
    added = cors_headers(request, cors) if cors else {}
    if added:
        response = HttpResponse(response.status, with_cors(response.headers, added), response.body)
    return with_ids(response, {"x-amzn-RequestId": request_id})


def _answered(
    backend: Any, key: tuple[str, str], request: HttpRequest, domain_name: str, request_id: str
) -> HttpResponse:
    name, alias = key
    held = urls_of(backend)[key]
    arn = f"arn:aws:lambda:{backend.region_name}:{backend.account_id}:function:{name}" + (f":{alias}" if alias else "")
    function, invoked = function_calls.function_at(arn)
    if len(request.body) > value("apigateway.function_urls.payload") * 1024 * 1024:
        return said(413, "Request Entity Too Large", key="Message")
    try:
        who = caller(request) if held.config["AuthType"] == "AWS_IAM" else None
    except Refused as refusal:
        return said(403, refusal.message, key="Message", error_type="UnrecognizedClientException")
    if held.config["AuthType"] == "AWS_IAM" and who is None:
        return said(403, _DOCUMENTED, key="Message", error_type="AccessDeniedException")
    if not _may(function, arn, request, held.config["AuthType"], who):
        return said(403, _DOCUMENTED, key="Message", error_type="AccessDeniedException")
    prefix = domain_name.partition(".")[0]
    context = ApiContext(
        "anonymous" if who is None else who.account,
        prefix,
        domain_name,
        "$default",
        request_id,
        now(),
        route_key="$default",
    )
    if who is not None:
        identity = identity_of(who, request)
        iam = {
            "accessKey": identity["accessKey"],
            "accountId": who.account,
            "callerId": identity["caller"],
            "cognitoIdentity": None,
            "principalOrgId": None,
            "userArn": who.principal.arn,
            "userId": identity["user"],
        }
        context = replace(context, authorizer={"iam": iam})
    return _run(function, invoked, event_v2(request, context))


def _may(function: LambdaFunction, arn: str, request: HttpRequest, auth_type: str, who: Any) -> bool:
    """Both actions, by the caller's policies or the function's."""
    keys = keys_of(request, function.region, who)
    policy = function_calls.policy_of(function, arn)
    asked = {
        "lambda:InvokeFunctionUrl": {"lambda:FunctionUrlAuthType": auth_type},
        "lambda:InvokeFunction": {"lambda:InvokedViaFunctionUrl": True},
    }
    return all(
        decided(who, action, arn, function.account_id, policy, {**keys, **more}).allowed
        for action, more in asked.items()
    )


def _run(function: LambdaFunction, arn: str, event: dict[str, Any]) -> HttpResponse:
    try:
        called = function_calls.run(function, json.dumps(event), arn, float(function.timeout) + 1)
    except function_calls.Throttled:
        return said(429, "Rate Exceeded.", key="Message", error_type="TooManyRequestsException")
    except function_calls.NotCalled:
        return HttpResponse(502, Headers({"Content-Type": "application/json"}), b"Internal Server Error")
    try:
        if called.failed:
            raise Malformed
        return read_response_v2(called.payload)
    except Malformed:
        return HttpResponse(502, Headers({"Content-Type": "application/json"}), b"Internal Server Error")


def url_with(backend: Any, identifier: str) -> tuple[str, str] | None:
    """The function and the alias whose URL has this id."""
    for key, held in urls_of(backend).items():
        if re.match(rf"https://{re.escape(identifier)}\.", held.url):
            return key
    return None
