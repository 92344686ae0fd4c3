"""From a topic to its subscriptions: each gets the message, whatever becomes of the others.

https://docs.aws.amazon.com/sns/latest/dg/fifo-message-dedup.html
"""

from __future__ import annotations

import hashlib
from typing import Any

from moto.moto_api._internal import mock_random
from moto.sns.models import Topic

from course.data import value

from ..gate import Call, corrects, replaces
from ..iam.context import now
from .publishing import published_to
from .topics import subscriptions_of

# A sequence number has 20 digits and grows, as AWS's do.
_FIRST, _STEP = 10000000000000000000, 1


@replaces(Topic, "publish")
def publish(
    original: Any,
    topic: Topic,
    message: str,
    subject: str | None = None,
    message_attributes: dict[str, Any] | None = None,
    group_id: str | None = None,
    deduplication_id: str | None = None,
    message_structure: str | None = None,
) -> str:
    """Deliver to every subscription; a FIFO topic drops what it has had within five minutes, and numbers the rest."""
    if topic.fifo_topic:
        deduplication_id = deduplication_id or hashlib.sha256(message.encode()).hexdigest()
        key = deduplication_id, group_id if topic.__dict__.get("fifo_throughput_scope") == "MessageGroup" else None
        sent = topic.__dict__.setdefault("_lab_sent", {})
        first, moment = sent.get(key, (None, 0.0))
        if first is not None and 0 <= now().timestamp() - moment < value("sns.publishing.deduplication"):
            return first
    message_id = str(mock_random.uuid4())
    if topic.fifo_topic:
        sent[key] = message_id, now().timestamp()
        numbers = topic.__dict__.setdefault("_lab_numbers", {})
        numbers[message_id] = str(_FIRST + _STEP * (len(numbers) + 1))
    for subscription in subscriptions_of(topic):
        subscription.publish(
            message,
            message_id,
            subject=subject,
            message_attributes=message_attributes,
            group_id=group_id,
            deduplication_id=deduplication_id,
            message_structure=message_structure,
        )
    topic.sent_notifications.append((message_id, message, subject, message_attributes, group_id))
    return message_id


def sequence_number(topic: Topic, message_id: str) -> str | None:
    """The number of a message of a FIFO topic; None in a standard topic."""
    return topic.__dict__.get("_lab_numbers", {}).get(message_id)


@corrects("sns", "Publish")
def number_of_one(call: Call, result: dict[str, Any]) -> dict:
    """A FIFO topic answers with the sequence number, which moto does not know."""
    topic = published_to(call)
    number = sequence_number(topic, result["MessageId"]) if topic else None
    return {**result, "SequenceNumber": number} if number else result


@corrects("sns", "PublishBatch")
def numbers_of_a_batch(call: Call, result: dict[str, Any]) -> dict:
    """The same for each message of a batch."""
    topic = published_to(call)
    for one in result["Successful"]:
        number = sequence_number(topic, one["MessageId"])
        if number:
            one["SequenceNumber"] = number
    return result
