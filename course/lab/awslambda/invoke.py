"""The Invoke operation, and what moto's own services call in its place.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import unquote

from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.awslambda.responses import LambdaResponse

from course.data import value

from ..gate import Refused, replaces
from . import aliases, destinations, events
from .environments import new_id
from .execution import run

_KINDS = ("Event", "RequestResponse", "DryRun")


@replaces(LambdaResponse, "invoke")
def invoke(original: Any, response: LambdaResponse) -> tuple[int, dict, Any]:
    """Answer the API call: RequestResponse, Event or DryRun."""
    name = unquote(response.path.rsplit("/", 2)[-2])
    kind = response.headers.get("X-Amz-Invocation-Type") or "RequestResponse"
    if kind not in _KINDS:
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{kind}' at 'invocationType' failed to satisfy constraint: Member must "
            f"satisfy enum value set: [{', '.join(_KINDS)}]",
        )
    event = event_of(response.body, kind)
    qualifier = response.querystring.get("Qualifier", [None])[0]
    function, arn = aliases.target(response.backend, name, qualifier)
    if kind == "DryRun":
        return 204, {"status": 204}, ""
    if kind == "Event":
        request_id = new_id()
        destinations.accept(function.account_id, function.region, arn, event, request_id)
        return 202, {"status": 202, "x-amzn-requestid": request_id}, ""
    invocation = run(function, event, arn, client_context=_client_context(response.headers))
    events.drain()
    headers: dict[str, Any] = {"x-amz-executed-version": invocation.version, "content-type": "application/json"}
    if invocation.failed:
        headers["x-amz-function-error"] = "Unhandled"
    if response.headers.get("X-Amz-Log-Type") == "Tail":
        tail = invocation.log.encode()[-value("lambda.limits.log_tail") * 1024 :]
        headers["x-amz-log-result"] = base64.b64encode(tail).decode()
    return 200, headers, invocation.payload.encode()


def event_of(body: Any, kind: str) -> str:
    """The event as JSON text; Refused for what is too large or no JSON."""
    body = body.decode(errors="replace") if isinstance(body, bytes) else body or "{}"
    most = value("lambda.limits.asynchronous_payload" if kind == "Event" else "lambda.limits.payload") * 1024 * 1024
    size = len(body.encode())
    if size > most:
        raise Refused(
            "RequestTooLargeException",
            f"{size} byte payload is too large for the {kind} invocation type (limit {most} bytes)",
            413,
        )
    try:
        json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refused(
            "InvalidRequestContentException", f"Could not parse request body into json: {error}", 400
        ) from None
    return body


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _client_context(headers: Any) -> Any:
    given = headers.get("X-Amz-Client-Context")
    try:
        return json.loads(base64.b64decode(given)) if given else None
    except ValueError:
        raise Refused(
            "InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON object."
        ) from None


@replaces(LambdaBackend, "invoke")
def invoked_by_a_service(
    original: Any,
    backend: LambdaBackend,
    function_name: str,
    qualifier: Any,
    body: Any,
    headers: Any,
    response_headers: Any,
) -> bytes:
    """What moto's own services call (a secret's rotation, EventBridge): run and give the payload."""
    function, arn = aliases.target(backend, function_name, qualifier)
    invocation = run(function, event_of(body, "RequestResponse"), arn)
    events.drain()
    if invocation.failed:
        response_headers["x-amz-function-error"] = "Unhandled"
    return invocation.payload.encode()


@replaces(LambdaFunction, "invoke")
def invoked_by_an_event(
    original: Any, function: LambdaFunction, body: str, request_headers: Any, response_headers: Any
) -> str:
    """What moto's own services send without waiting for an answer (S3, log subscriptions, streams)."""
    destinations.accept(function.account_id, function.region, function.function_arn, body, new_id())
    return ""
