"""Amazon EventBridge to queues: the queue's policy, and that of its key, must let EventBridge in for the rule.

An event that is not let in goes to the dead-letter queue of the target, if that lets EventBridge in, or is lost.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sqs-permissions
"""

from __future__ import annotations

import json
from typing import Any

from moto.core.exceptions import HTTPException, ServiceException
from moto.events.models import Rule
from moto.sqs.models import Queue, sqs_backends

from ..gate import replaces
from ..iam.service_principals import service_may
from .encryption import service_may_encrypt
from .queues import queue_by_arn

SERVICE = "events.amazonaws.com"


def events_may_send(queue: Queue, rule: Rule) -> bool:
    """Whether a queue takes what this rule sends."""
    keys = {"aws:SourceArn": rule.arn, "aws:SourceAccount": rule.account_id}
    allowed = service_may(SERVICE, "sqs:SendMessage", queue.queue_arn, queue.policy, queue.account_id, keys)
    return allowed and service_may_encrypt(SERVICE, queue, keys)


@replaces(Rule, "_send_to_sqs_queue")
def send_if_let_in(
    original: Any, rule: Rule, resource_id: str, event: dict[str, Any], group_id: str | None = None
) -> None:
    """Send, or bring to the dead letters."""
    arn = f"arn:aws:sqs:{rule.region_name}:{rule.account_id}:{resource_id}"
    queue = queue_by_arn(arn)
    if queue is not None and events_may_send(queue, rule):
        original(rule, resource_id, event, group_id)
        return
    target = next((one for one in rule.targets if one["Arn"] == arn), {})
    dead = queue_by_arn((target.get("DeadLetterConfig") or {}).get("Arn"))
    if dead is None or not events_may_send(dead, rule):
        return
    facts = {
        "RULE_ARN": rule.arn,
        "TARGET_ARN": arn,
        "ERROR_CODE": "NO_PERMISSIONS" if queue is not None else "NO_RESOURCE",
    }
    attributes = {name: {"DataType": "String", "StringValue": text} for name, text in facts.items()}
    try:
        sqs_backends[dead.account_id][dead.region].send_message(
            dead.name, json.dumps(event, default=str), message_attributes=attributes
        )
    except (ServiceException, HTTPException):
        return
