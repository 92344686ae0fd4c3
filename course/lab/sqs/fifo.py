"""FIFO queues: what is sent twice within five minutes is there once, and every message has a sequence number.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html
"""

from __future__ import annotations

import hashlib
from typing import Any

import moto.sqs.models
from moto.sqs.models import Message, Queue, SQSBackend

from course.data import value

from ..gate import replaces
from ..iam.context import now

# moto looks for duplicates among the messages that are still there, and in all message groups.
moto.sqs.models.DEDUPLICATION_TIME_IN_SECONDS = float("-inf")

# A sequence number has 20 digits and grows, as AWS's do.
_FIRST, _STEP = 18849496460467696128, 256


@replaces(SQSBackend, "send_message")
def once(
    original: Any,
    backend: SQSBackend,
    queue_name: str,
    message_body: str,
    message_attributes: dict[str, Any] | None = None,
    delay_seconds: int | None = None,
    deduplication_id: str | None = None,
    group_id: str | None = None,
    system_attributes: dict[str, Any] | None = None,
    validate_group_id: bool = True,
) -> Message:
    """Accept a duplicate without keeping it: it gets the id of the first one, deleted or not."""
    queue = backend.get_queue(queue_name)
    more = {
        "message_attributes": message_attributes,
        "delay_seconds": delay_seconds,
        "deduplication_id": deduplication_id,
        "group_id": group_id,
        "system_attributes": system_attributes,
        "validate_group_id": validate_group_id,
    }
    if not queue.fifo_queue:
        return original(backend, queue_name, message_body, **more)
    if deduplication_id is None and queue.content_based_deduplication:
        more["deduplication_id"] = hashlib.sha256(message_body.encode()).hexdigest()
    key = _key(queue, more["deduplication_id"], group_id)
    sent = queue.__dict__.setdefault("_lab_sent", {})
    first, moment = sent.get(key, (None, 0.0))
    if first is not None and 0 <= now().timestamp() - moment < value("sqs.messages.deduplication"):
        return first
    message = original(backend, queue_name, message_body, **more)
    sent[key] = message, now().timestamp()
    return message


def _key(queue: Queue, deduplication_id: str | None, group_id: str | None) -> tuple[str | None, str | None]:
    by_group = queue.deduplication_scope == "messageGroup"
    return deduplication_id, group_id if by_group else None


@replaces(Queue, "add_message")
def numbered(original: Any, queue: Queue, message: Message) -> None:
    """moto numbers only messages with an explicit deduplication id, and at random."""
    if queue.fifo_queue:
        count = queue.__dict__["_lab_count"] = queue.__dict__.get("_lab_count", 0) + 1
        message.sequence_number = str(_FIRST + _STEP * count)
    original(queue, message)
