"""Dead-letter queues of functions: where the event of an asynchronous invocation goes that failed for good.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
"""

from __future__ import annotations

import contextlib
import re
from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.backends import get_backend
from moto.core.exceptions import HTTPException, ServiceException

from ..gate import Call, Refused, corrects, refuses, replaces
from ..iam.service_roles import role_may
from .aliases import existing, split
from .execution_role import ACTIONS, role_lets


def deliver(function: LambdaFunction, arn: str, event: str, request_id: str, message: str) -> None:
    """Send the event itself to the dead-letter queue or topic, if the function's role may."""
    _, _, service, region, account_id, resource = arn.split(":", 5)
    if not role_lets(function, ACTIONS[service], arn):
        return
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


@refuses("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def impossible_dead_letter_queue(call: Call) -> None:
    """Only a standard queue or a topic takes dead letters, and the function's role must let it."""
    arn = (call.params.get("DeadLetterConfig") or {}).get("TargetArn")
    if arn and (not re.fullmatch(r"arn:aws[\w-]*:(sqs|sns):[\w-]+:\d{12}:[\w-]+", arn)):
        raise Refused(
            "InvalidParameterValueException", f"The provided dead letter target {arn} is not a standard queue or topic."
        )
    if not arn:
        return
    role = call.params.get("Role") or existing(call.backend, split(call.params["FunctionName"])[0]).role
    service = arn.split(":")[2]
    if not role_may(role, ACTIONS[service], arn, call.region):
        raise Refused(
            "InvalidParameterValueException",
            f"The provided execution role does not have permissions to call {ACTIONS[service].split(':')[1]} on "
            f"{service.upper()}",
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
