"""Asynchronous invocations: two retries, then a record for a destination or the event for a dead-letter queue.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.backends import get_backend
from moto.core.exceptions import HTTPException, ServiceException

from course.data import value

from ..gate import Refused
from . import dead_letters, execution
from .aliases import split, target
from .environments import new_id
from .event_invoke_config import configs
from .events import later
from .execution_role import ACTIONS, role_lets


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
    config = configs(backend).get((name, qualifier or "$LATEST"), {})
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
    queue = latest.__dict__.get("_dead_letters")
    if queue and condition != "Success":
        message = record.get("responsePayload", {}).get("errorMessage", "Rate Exceeded.")
        dead_letters.deliver(latest, queue, event, request_id, message)


def deliver(function: LambdaFunction, destination: str, record: dict, side: str) -> None:
    """Bring the record to a queue, topic, function, event bus or (failures only) bucket, as the function's role.

    A destination that is gone, or that the role may not use, loses the record, as on AWS.
    """
    _, _, service, region, account_id, resource = destination.split(":", 5)
    if not role_lets(function, ACTIONS[service], destination):
        return
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
