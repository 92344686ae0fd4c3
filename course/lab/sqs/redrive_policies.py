"""Dead-letter queues: RedrivePolicy of the source, RedriveAllowPolicy of the dead-letter queue.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
"""

from __future__ import annotations

import json
import re
from typing import Any

from moto.sqs.models import Queue

from course.data import value

from ..gate import Call, Refused, refuses
from .attributes import attributes_of, is_fifo
from .queues import invalid, queue_by_arn, queue_of

_ARN = re.compile(r"arn:aws[\w-]*:sqs:([\w-]+):(\d{12}):[A-Za-z0-9_-]+(\.fifo)?")
_REDRIVE = ("deadLetterTargetArn", "maxReceiveCount")


def allow_policy(queue: Queue) -> dict[str, Any]:
    """RedriveAllowPolicy of a queue; allowAll where it has none."""
    text = queue.__dict__.get("redrive_allow_policy")
    return json.loads(text) if text else {"redrivePermission": "allowAll"}


def _parsed(call: Call, name: str) -> dict | None:
    text = attributes_of(call).get(name)
    if not text:
        return None
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        what = "Redrive policy" if name == "RedrivePolicy" else "Redrive allow policy"
        raise invalid(name, text, f"{what} is not a valid JSON map.")
    return found


@refuses("sqs", "CreateQueue", "SetQueueAttributes")
def impossible_redrive_policy(call: Call) -> None:
    """Two attributes: an existing dead-letter queue of the same type, account and Region, and 1 to 1,000 receives."""
    policy = _parsed(call, "RedrivePolicy")
    if not policy:
        return
    text = attributes_of(call)["RedrivePolicy"]

    def refuse(reason: str) -> Refused:
        return invalid("RedrivePolicy", text, reason)

    for name in policy:
        if name not in _REDRIVE:
            raise refuse(f"Only following attributes are supported: [{', '.join(_REDRIVE)}].")
    for name in _REDRIVE:
        if name not in policy:
            raise refuse(f"Redrive policy does not contain mandatory attribute: {name}.")
    _require_receive_count(policy["maxReceiveCount"], refuse)
    _require_target(call, policy["deadLetterTargetArn"], refuse)


def _require_receive_count(given: Any, refuse: Any) -> None:
    least, most = value("sqs.dead_letter_queues.receive_count")
    number = str(given)
    if isinstance(given, bool) or not re.fullmatch(r"-?\d+", number) or not least <= int(number) <= most:
        raise refuse(
            f"Invalid value for maxReceiveCount: {given}, valid values are from {least} to {most} both inclusive."
        )


def _require_target(call: Call, arn: Any, refuse: Any) -> None:
    found = _ARN.fullmatch(arn) if isinstance(arn, str) else None
    if not found:
        raise refuse("Invalid value for deadLetterTargetArn.")
    if found[1] != call.region:
        raise refuse("Dead letter target must be in the same Region as the source queue.")
    if found[2] != call.account_id:
        raise refuse("Dead letter target owned by someone else.")
    target = queue_by_arn(arn)
    if target is None:
        raise refuse("Dead letter target does not exist.")
    if target.fifo_queue != is_fifo(call):
        raise refuse("Dead-letter queue must be same type of queue as the source.")
    allowed = allow_policy(target)
    source = queue_of(call).queue_arn if "QueueUrl" in call.params else _future_arn(call)
    if allowed["redrivePermission"] == "denyAll" or (
        allowed["redrivePermission"] == "byQueue" and source not in allowed.get("sourceQueueArns", ())
    ):
        raise refuse("The dead-letter queue does not allow this queue as its source: see its RedriveAllowPolicy.")


def _future_arn(call: Call) -> str:
    return f"arn:aws:sqs:{call.region}:{call.account_id}:{call.params['QueueName']}"


@refuses("sqs", "CreateQueue", "SetQueueAttributes")
def impossible_redrive_allow_policy(call: Call) -> None:
    """One of three permissions; byQueue, and no other, names 1 to 10 source queues."""
    policy = _parsed(call, "RedriveAllowPolicy")
    if policy is None:
        return
    text = attributes_of(call)["RedriveAllowPolicy"]
    permissions = value("sqs.dead_letter_queues.permissions")
    permission, sources = policy.get("redrivePermission"), policy.get("sourceQueueArns")
    if permission not in permissions:
        raise invalid("RedriveAllowPolicy", text, f"redrivePermission must be one of [{', '.join(permissions)}].")
    if permission != "byQueue":
        if sources:
            raise invalid("RedriveAllowPolicy", text, "sourceQueueArns is allowed with redrivePermission byQueue only.")
        return
    most = value("sqs.dead_letter_queues.source_queues")
    if not isinstance(sources, list) or not 1 <= len(sources) <= most:
        raise invalid("RedriveAllowPolicy", text, f"sourceQueueArns must name 1 to {most} queues.")
    for arn in sources:
        if not isinstance(arn, str) or not _ARN.fullmatch(arn):
            raise invalid("RedriveAllowPolicy", text, f"Invalid value for sourceQueueArns: {arn}.")
