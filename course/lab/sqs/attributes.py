"""Attributes of queues: their names by type of queue, their ranges, and what is shown of them.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.core.utils import get_service_model
from moto.sqs.models import Queue

from course.data import value

from ..gate import Call, Refused, answers, refuses, replaces
from .queues import queue_of

_RANGES = {
    "DelaySeconds": "sqs.queues.delay",
    "MaximumMessageSize": "sqs.queues.message_size",
    "MessageRetentionPeriod": "sqs.queues.retention",
    "ReceiveMessageWaitTimeSeconds": "sqs.queues.wait_time",
    "VisibilityTimeout": "sqs.queues.visibility_timeout",
    "KmsDataKeyReusePeriodSeconds": "sqs.queues.data_key_reuse",
}
_CHOICES = {
    "FifoQueue": ("true", "false"),
    "ContentBasedDeduplication": ("true", "false"),
    "SqsManagedSseEnabled": ("true", "false"),
    "DeduplicationScope": ("messageGroup", "queue"),
    "FifoThroughputLimit": ("perQueue", "perMessageGroupId"),
}
_SETTABLE = {*_RANGES, *_CHOICES, "KmsMasterKeyId", "Policy", "RedriveAllowPolicy", "RedrivePolicy"}
_HIGH_THROUGHPUT = ("DeduplicationScope", "FifoThroughputLimit")


def unknown(name: str) -> Refused:
    return Refused("InvalidAttributeName", f"Unknown Attribute {name}.")


def bad_value(name: str, reason: str = "") -> Refused:
    return Refused("InvalidAttributeValue", f"Invalid value for the parameter {name}.{reason and f' Reason: {reason}'}")


def is_fifo(call: Call) -> bool:
    """Whether the request is about a FIFO queue: the one that is there, or the one that it makes."""
    if call.operation == "CreateQueue":
        return str(attributes_of(call).get("FifoQueue", "")).lower() == "true"
    return queue_of(call).fifo_queue


def attributes_of(call: Call) -> dict[str, str]:
    return call.params.get("Attributes") or {}


@refuses("sqs", "CreateQueue", "SetQueueAttributes")
def unknown_attribute(call: Call) -> None:
    """Attributes that SQS counts itself cannot be set, and a standard queue has none of a FIFO queue."""
    fifo = is_fifo(call)
    for name in attributes_of(call):
        if name not in _SETTABLE:
            raise unknown(name)
        if not fifo and name in _HIGH_THROUGHPUT:
            raise Refused("InvalidAttributeName", f"You can specify the {name} only when FifoQueue is set to true.")
        if not fifo and name == "ContentBasedDeduplication":
            raise unknown(name)


@refuses("sqs", "SetQueueAttributes")
def other_type_of_queue(call: Call) -> None:
    """A queue stays what it is, standard or FIFO."""
    wanted = attributes_of(call).get("FifoQueue")
    if wanted is None:
        return
    if not is_fifo(call):
        raise unknown("FifoQueue")
    if wanted.lower() != "true":
        raise bad_value("FifoQueue", "Modifying queue type is not supported.")


@refuses("sqs", "CreateQueue", "SetQueueAttributes")
def out_of_range(call: Call) -> None:
    """Numbers have a range, and other attributes a few words."""
    for name, given in attributes_of(call).items():
        if name in _RANGES:
            least, most = value(_RANGES[name])
            if not (given.isascii() and given.isdigit() and least <= int(given) <= most):
                raise bad_value(name)
        if name in _CHOICES:
            boolean = "true" in _CHOICES[name]
            if (given.lower() if boolean else given) not in _CHOICES[name]:
                raise bad_value(name)


@refuses("sqs", "CreateQueue", "SetQueueAttributes")
def high_throughput_by_halves(call: Call) -> None:
    """perMessageGroupId goes with messages deduplicated by message group only; the code of AWS's answer is a guess."""
    before = {} if call.operation == "CreateQueue" else queue_of(call).attributes
    after = {name: attributes_of(call).get(name, before.get(name)) for name in _HIGH_THROUGHPUT}
    if after["FifoThroughputLimit"] == "perMessageGroupId" and after["DeduplicationScope"] != "messageGroup":
        raise bad_value(
            "FifoThroughputLimit",
            "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.",
        )


@refuses("sqs", "CreateQueue", "SetQueueAttributes")
def encrypted_twice(call: Call) -> None:
    """One type of server-side encryption at a time."""
    given = attributes_of(call)
    if given.get("KmsMasterKeyId") and given.get("SqsManagedSseEnabled", "").lower() == "true":
        raise Refused(
            "InvalidAttributeName",
            "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.",
        )


@refuses("sqs", "CreateQueue")
def exists_with_other_attributes(call: Call) -> None:
    """The same name with the same attributes is the same queue; an attribute that differs is refused, and named."""
    queue = call.backend.queues.get(call.params["QueueName"])
    if queue is None:
        return
    shown = queue.attributes
    for name, given in attributes_of(call).items():
        if _normal(given) != _normal(shown.get(name, "")):
            raise Refused(
                "QueueNameExists",
                f"A queue already exists with the same name and a different value for attribute {name}",
            )


def _normal(given: Any) -> Any:
    text = str(given).lower() if str(given).lower() in ("true", "false") else str(given)
    try:
        found = json.loads(text)
    except ValueError:
        return text
    if isinstance(found, dict) and "maxReceiveCount" in found:
        found["maxReceiveCount"] = str(found["maxReceiveCount"])
    return found


@refuses("sqs", "GetQueueAttributes")
def attribute_that_none_has(call: Call) -> None:
    """Only names that AWS knows."""
    known = get_service_model("sqs").shape_for("QueueAttributeName").enum
    for name in call.params.get("AttributeNames") or ():
        if name not in known:
            raise unknown(name)


@answers("sqs", "GetQueueAttributes")
def get_queue_attributes(call: Call) -> dict:
    """The attributes that were asked for and that the queue has; moto knows no RedriveAllowPolicy."""
    wanted = call.params.get("AttributeNames") or ()
    shown = queue_of(call).attributes
    found = {name: str(one) for name, one in shown.items() if one is not None and ("All" in wanted or name in wanted)}
    return {"Attributes": found} if found else {}


@replaces(Queue, "attributes")
def shown_attributes(original: Any, queue: Queue) -> dict[str, Any]:
    """Whole seconds, one type of encryption, and who may use the queue for dead letters."""
    shown = original(queue)
    for name in ("CreatedTimestamp", "LastModifiedTimestamp"):
        shown[name] = int(shown[name])
    if queue.kms_master_key_id:
        shown["SqsManagedSseEnabled"] = "false"
    if queue.__dict__.get("redrive_allow_policy"):
        shown["RedriveAllowPolicy"] = queue.redrive_allow_policy
    return shown


@replaces(Queue, "_set_attributes")
def keep_the_others(original: Any, queue: Queue, attributes: dict[str, Any], moment: float | None = None) -> None:
    """moto empties the policy with every other change; SSE-SQS and SSE-KMS take each other's place."""
    before = queue.__dict__.get("_policy_json")
    attributes = dict(attributes)
    if attributes.get("KmsMasterKeyId"):
        attributes["SqsManagedSseEnabled"] = "false"
    elif str(attributes.get("SqsManagedSseEnabled", "")).lower() == "true" and before is not None:
        attributes["KmsMasterKeyId"] = None
    if "SqsManagedSseEnabled" in attributes:
        attributes["SqsManagedSseEnabled"] = str(attributes["SqsManagedSseEnabled"]).lower()
    original(queue, attributes, moment)
    if before is not None and "Policy" not in attributes:
        queue._policy_json = before
