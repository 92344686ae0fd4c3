"""Asynchronous invocations: two retries, then a record for a destination or the event for a dead-letter queue.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

from __future__ import annotations

import contextlib
import json
import re
from datetime import UTC, datetime
from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.backends import get_backend
from moto.core.exceptions import HTTPException, ServiceException
from moto.core.utils import utcnow

from course.data import value

from ..gate import Call, Refused, answers, corrects, refuses, replaces
from . import execution
from .aliases import existing, split, target
from .events import later
from .execution import new_id

_TARGETS = {"sqs", "sns", "lambda", "events", "s3"}


def accept(account_id: str, region: str, arn: str, event: str, request_id: str) -> None:
    """Take an event as AWS does with 202; the function runs as soon as none runs."""
    later(lambda: _run_with_retries(account_id, region, arn, event, request_id))


def _run_with_retries(account_id: str, region: str, arn: str, event: str, request_id: str) -> None:
    backend = get_backend("lambda")[account_id][region]
    name, qualifier = split(arn)
    try:
        latest = backend.get_function(name)
    except (ServiceException, HTTPException):
        return
    config = _configs(backend).get((name, qualifier or "$LATEST"), {})
    tries = config.get("MaximumRetryAttempts", value("lambda.asynchronous.retries")) + 1
    condition, invocation, count = "RetriesExhausted", None, 0
    if latest.reserved_concurrency is not None and int(latest.reserved_concurrency) == 0:
        condition, tries = "ZeroReservedConcurrency", 0
    while count < tries:
        count += 1
        try:
            function, _ = target(backend, name, qualifier)
            invocation = execution.run(function, event, arn, request_id)
        except Refused:
            continue
        if not invocation.failed:
            condition = "Success"
            break
    record: dict[str, Any] = {
        "version": "1.0",
        "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        "requestContext": {
            "requestId": request_id,
            "functionArn": arn if qualifier else f"{arn}:$LATEST",
            "condition": condition,
            "approximateInvokeCount": count,
        },
        "requestPayload": json.loads(event),
    }
    if invocation is not None:
        record["responseContext"] = {"statusCode": 200, "executedVersion": invocation.version}
        if invocation.failed:
            record["responseContext"]["functionError"] = "Unhandled"
        record["responsePayload"] = json.loads(invocation.payload)
    side = "OnSuccess" if condition == "Success" else "OnFailure"
    destination = (config.get("DestinationConfig") or {}).get(side, {}).get("Destination")
    if destination:
        deliver(latest, destination, record, side)
    dead_letters = latest.__dict__.get("_dead_letters")
    if dead_letters and condition != "Success":
        message = record.get("responsePayload", {}).get("errorMessage", "Rate Exceeded.")
        _deliver_dead_letter(latest, dead_letters, event, request_id, message)


def deliver(function: LambdaFunction, destination: str, record: dict, side: str) -> None:
    """Bring the record to a queue, topic, function, event bus or (failures only) bucket.

    A destination that is gone loses the record, as on AWS.
    """
    _, _, service, region, account_id, resource = destination.split(":", 5)
    text = json.dumps(record)
    with contextlib.suppress(ServiceException, HTTPException):
        if service == "sqs":
            get_backend("sqs")[account_id][region].send_message(resource, text)
        elif service == "sns":
            get_backend("sns")[account_id][region].publish(text, destination)
        elif service == "lambda":
            accept(account_id, region, destination, text, new_id())
        elif service == "events":
            event = {
                "Source": "lambda",
                "DetailType": f"Lambda Function Invocation Result - {'Success' if side == 'OnSuccess' else 'Failure'}",
                "Detail": text,
                "EventBusName": destination,
                "Resources": [destination, record["requestContext"]["functionArn"]],
            }
            get_backend("events")[account_id][region].put_events([event])
        elif service == "s3":
            when = datetime.now(UTC)
            key = (
                f"aws/lambda/async/{function.function_name}/{when:%Y/%m/%d}/"
                f"{when:%Y-%m-%dT%H.%M.%S}-{record['requestContext']['requestId']}"
            )
            get_backend("s3")[function.account_id]["aws"].put_object(resource, key, text.encode())


def _deliver_dead_letter(function: LambdaFunction, arn: str, event: str, request_id: str, message: str) -> None:
    _, _, service, region, account_id, resource = arn.split(":", 5)
    with contextlib.suppress(ServiceException, HTTPException):
        if service == "sqs":
            facts = {"RequestID": request_id, "ErrorCode": "200", "ErrorMessage": message}
            attributes = {
                key: {"DataType": "Number" if key == "ErrorCode" else "String", "StringValue": text}
                for key, text in facts.items()
            }
            get_backend("sqs")[account_id][region].send_message(resource, event, message_attributes=attributes)
        elif service == "sns":
            get_backend("sns")[account_id][region].publish(event, arn)


# Configuration --------------------------------------------------------------------------------------------------------


def _configs(backend: Any) -> dict[tuple[str, str], dict]:
    return backend.__dict__.setdefault("_event_invoke_configs", {})


def _key(call: Call) -> tuple[str, str]:
    name, own = split(call.params["FunctionName"])
    qualifier = own or call.params.get("Qualifier") or "$LATEST"
    existing(call.backend, name, qualifier)
    return name, qualifier


def _shown(call: Call, key: tuple[str, str]) -> dict:
    arn = f"arn:aws:lambda:{call.region}:{call.account_id}:function:{key[0]}:{key[1]}"
    if key not in _configs(call.backend):
        raise Refused("ResourceNotFoundException", f"The function {arn} doesn't have an EventInvokeConfig", 404)
    return {"FunctionArn": arn, **_configs(call.backend)[key]}


@refuses("lambda", "PutFunctionEventInvokeConfig", "UpdateFunctionEventInvokeConfig")
def impossible_event_invoke_config(call: Call) -> None:
    """Two retries at most, and destinations of the kinds that AWS has, none of them FIFO, a bucket only for failures."""
    most = value("lambda.asynchronous.retries")
    retries = call.params.get("MaximumRetryAttempts")
    if retries is not None and not 0 <= retries <= most:
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{retries}' at 'maximumRetryAttempts' failed to satisfy constraint: "
            f"Member must have value less than or equal to {most}",
        )
    age = call.params.get("MaximumEventAgeInSeconds")
    oldest = value("lambda.asynchronous.event_age") * 3600
    if age is not None and not 60 <= age <= oldest:
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{age}' at 'maximumEventAgeInSeconds' failed to satisfy constraint: "
            f"Member must have value less than or equal to {oldest}",
        )
    for side, one in (call.params.get("DestinationConfig") or {}).items():
        arn = one.get("Destination")
        if not arn:
            continue
        found = re.fullmatch(r"arn:aws[\w-]*:([\w-]+):[\w-]*:\d*:.+", arn)
        service = found[1] if found else ""
        if service not in _TARGETS or (service == "s3" and side == "OnSuccess") or arn.endswith(".fifo"):
            raise Refused("InvalidParameterValueException", f"The destination ARN {arn} is invalid.")


@answers("lambda", "PutFunctionEventInvokeConfig")
def put_event_invoke_config(call: Call) -> dict:
    """Replace the configuration of one version or alias; moto keeps the first for ever and for all versions."""
    key = _key(call)
    kept = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
    config = {name: call.params[name] for name in kept if name in call.params}
    _configs(call.backend)[key] = {"LastModified": utcnow(), **config}
    return _shown(call, key)


@answers("lambda", "UpdateFunctionEventInvokeConfig")
def update_event_invoke_config(call: Call) -> dict:
    """Change only what is given."""
    key = _key(call)
    before = {name: one for name, one in _shown(call, key).items() if name != "FunctionArn"}
    put_event_invoke_config(call)
    _configs(call.backend)[key] = {**before, **_configs(call.backend)[key]}
    return _shown(call, key)


@answers("lambda", "GetFunctionEventInvokeConfig")
def get_event_invoke_config(call: Call) -> dict:
    """Show the configuration of one version or alias."""
    return _shown(call, _key(call))


@answers("lambda", "DeleteFunctionEventInvokeConfig")
def delete_event_invoke_config(call: Call) -> dict:
    """Back to two retries and no destination."""
    key = _key(call)
    _shown(call, key)
    del _configs(call.backend)[key]
    return {}


@answers("lambda", "ListFunctionEventInvokeConfigs")
def list_event_invoke_configs(call: Call) -> dict:
    """All configurations of a function."""
    name, _ = split(call.params["FunctionName"])
    existing(call.backend, name)
    keys = [key for key in _configs(call.backend) if key[0] == name]
    return {"FunctionEventInvokeConfigs": [_shown(call, key) for key in keys]}


@refuses("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def impossible_dead_letter_queue(call: Call) -> None:
    """Only a standard queue or a topic takes dead letters."""
    arn = (call.params.get("DeadLetterConfig") or {}).get("TargetArn")
    if arn and (not re.fullmatch(r"arn:aws[\w-]*:(sqs|sns):[\w-]+:\d{12}:[\w-]+", arn)):
        raise Refused(
            "InvalidParameterValueException", f"The provided dead letter target {arn} is not a standard queue or topic."
        )


@corrects("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def keep_dead_letter_queue(call: Call, result: Any) -> None:
    """moto drops DeadLetterConfig."""
    if "DeadLetterConfig" in call.params:
        function = existing(call.backend, split(call.params["FunctionName"])[0])
        function._dead_letters = call.params["DeadLetterConfig"].get("TargetArn")


@replaces(LambdaFunction, "get_configuration")
def shown_dead_letter_queue(original: Any, function: LambdaFunction, on_create: bool = False) -> dict:
    """Where the dead letters go is part of the configuration."""
    configuration = original(function, on_create)
    if function.__dict__.get("_dead_letters"):
        configuration["DeadLetterConfig"] = {"TargetArn": function._dead_letters}
    return configuration
