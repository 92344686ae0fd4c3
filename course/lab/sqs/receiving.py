"""Receiving: how many, how long to wait, what is too old, and what has been received too often.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
"""

from __future__ import annotations

import time
from typing import Any

from moto.core.utils import get_service_model
from moto.sqs.models import Message, Queue, SQSBackend

from course.data import value

from ..gate import Call, corrects, refuses, replaces
from ..iam.context import is_set, now
from .attributes import unknown
from .queues import invalid, queue_of


@refuses("sqs", "ReceiveMessage")
def impossible_numbers(call: Call) -> None:
    """1 to 10 messages, 0 to 20 seconds of waiting, at most 12 hours of invisibility."""
    given = call.params.get("MaxNumberOfMessages")
    least, most = value("sqs.messages.received")
    if given is not None and not least <= given <= most:
        raise invalid("MaxNumberOfMessages", given, f"Must be between {least} and {most}, if provided.")
    given = call.params.get("WaitTimeSeconds")
    least, most = value("sqs.queues.wait_time")
    if given is not None and not least <= given <= most:
        raise invalid("WaitTimeSeconds", given, f"Must be >= {least} and <= {most}, if provided.")
    given = call.params.get("VisibilityTimeout")
    least, most = value("sqs.queues.visibility_timeout")
    if given is not None and not least <= given <= most:
        raise invalid("VisibilityTimeout", given, f"Must be between {least} and {most}, if provided.")


@refuses("sqs", "ReceiveMessage")
def unknown_system_attribute(call: Call) -> None:
    """Only names that AWS knows; AttributeNames, the older parameter, takes those of queues as well."""
    model = get_service_model("sqs")
    known = set(model.shape_for("MessageSystemAttributeName").enum)
    for parameter, names in (
        ("AttributeNames", known | set(model.shape_for("QueueAttributeName").enum)),
        ("MessageSystemAttributeNames", known),
    ):
        for name in call.params.get(parameter) or ():
            if name not in names:
                raise unknown(name)


@replaces(SQSBackend, "receive_message")
def receive(
    original: Any,
    backend: SQSBackend,
    queue_name: str,
    count: int,
    wait_seconds_timeout: int,
    visibility_timeout: int,
    message_attribute_names: list[str] | None = None,
) -> list[Message]:
    """Receive, after what is too old is gone and what was received too often is with the dead letters.

    While `lab.context(time=...)` holds the clock there is nothing to wait for.
    """
    queue = backend.get_queue(queue_name)
    end = time.monotonic() + (0 if is_set("aws:CurrentTime") else wait_seconds_timeout)
    while True:
        drop_old(queue)
        move_dead_letters(queue)
        found = original(backend, queue_name, count, 0, visibility_timeout, message_attribute_names)
        left = end - time.monotonic()
        if found or left <= 0:
            return [_stamped(queue, message) for message in found]
        queue.wait_for_messages(min(1, left))


def _stamped(queue: Queue, received: Message) -> Message:
    """Remember when a message was received: its visibility timeout has 12 hours from then on."""
    for message in queue._messages:
        if message.id == received.id and message.receipt_handle == received.receipt_handle:
            message._lab_received = now().timestamp()
    return received


def drop_old(queue: Queue) -> None:
    """Take away what is older than the retention period; moto stops at the first such message."""
    oldest = now().timestamp() - int(queue.message_retention_period)
    kept = [message for message in queue._messages if message.sent_timestamp / 1000 > oldest]
    if len(kept) < len(queue._messages):
        queue._messages = kept
        queue._pending_messages &= set(kept)


def move_dead_letters(queue: Queue) -> None:
    """Move what would be received once too often to the dead-letter queue, which learns where it comes from."""
    if queue.dead_letter_queue is None or not queue.redrive_policy:
        return
    most = queue.redrive_policy["maxReceiveCount"]
    for message in [one for one in queue.messages if one.approximate_receive_count >= most]:
        queue._messages.remove(message)
        queue._pending_messages.discard(message)
        message._lab_source = queue.queue_arn
        queue.dead_letter_queue.add_message(message)


@replaces(Queue, "approximate_number_of_messages")
def counted(original: Any, queue: Queue) -> int:
    """What is too old is not counted."""
    drop_old(queue)
    return original(queue)


@corrects("sqs", "ReceiveMessage")
def show_source_queue(call: Call, result: Any) -> dict:
    """A dead letter names the queue it comes from; moto has no such attribute."""
    wanted = {*(call.params.get("AttributeNames") or ()), *(call.params.get("MessageSystemAttributeNames") or ())}
    if wanted & {"All", "DeadLetterQueueSourceArn"}:
        sources = {message.id: message.__dict__.get("_lab_source") for message in queue_of(call)._messages}
        for shown in result.get("Messages", ()):
            if sources.get(shown["MessageId"]):
                shown.setdefault("Attributes", {})["DeadLetterQueueSourceArn"] = sources[shown["MessageId"]]
    return result
