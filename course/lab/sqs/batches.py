"""Batches: 1 to 10 entries with ids of their own, and an answer for each entry.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from moto.core.exceptions import ServiceException
from moto.sqs.models import sqs_backends

from course.data import value

from ..gate import Call, Refused, answers, refuses
from .messages import require_fifo_ids, require_sendable, sender_id, size
from .queues import queue_of
from .receipt_handles import change_visibility, delete

_BATCHES = ("SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch")


@refuses("sqs", *_BATCHES)
def impossible_batch(call: Call) -> None:
    """Refused as a whole: no entry, too many, an id that is none, or the same id twice."""
    entries = call.params.get("Entries") or []
    if not entries:
        raise Refused("EmptyBatchRequest", f"There should be at least one {call.operation}RequestEntry in the request.")
    most = value("sqs.messages.batch")
    if len(entries) > most:
        raise Refused(
            "TooManyEntriesInBatchRequest",
            f"Maximum number of entries per request are {most}. You have sent {len(entries)}.",
        )
    length = value("sqs.messages.batch_id_length")
    seen = set()
    for entry in entries:
        if not re.fullmatch(rf"[A-Za-z0-9_-]{{1,{length}}}", entry["Id"]):
            raise Refused(
                "InvalidBatchEntryId",
                "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most "
                f"{length} letters long.",
            )
        if entry["Id"] in seen:
            raise Refused("BatchEntryIdsNotDistinct", f"Id {entry['Id']} repeated.")
        seen.add(entry["Id"])


@refuses("sqs", "SendMessageBatch")
def batch_too_long(call: Call) -> None:
    """All messages of a batch together may be as long as one; the ids of a FIFO queue are asked for at once."""
    entries = call.params["Entries"]
    total = sum(size(entry["MessageBody"], entry.get("MessageAttributes") or {}) for entry in entries)
    most = value("sqs.messages.size")
    if total > most:
        raise Refused(
            "BatchRequestTooLong",
            f"Batch requests cannot be longer than {most} bytes. You have sent {total} bytes.",
        )
    for entry in entries:
        require_fifo_ids(queue_of(call), entry, missing="InvalidParameterValue")


@answers("sqs", "SendMessageBatch")
def send_message_batch(call: Call) -> dict:
    """Send what can be sent and say what cannot; moto gives the whole batch back for one wrong message."""
    queue = queue_of(call)
    backend = sqs_backends[queue.account_id][queue.region]

    def send(entry: dict[str, Any]) -> dict:
        require_sendable(queue, entry)
        message = backend.send_message(
            queue.name,
            entry["MessageBody"],
            message_attributes=entry.get("MessageAttributes") or {},
            delay_seconds=entry.get("DelaySeconds"),
            deduplication_id=entry.get("MessageDeduplicationId"),
            group_id=entry.get("MessageGroupId"),
            system_attributes=entry.get("MessageSystemAttributes"),
        )
        message.sender_id = sender_id(call, message.sender_id)
        shown = {"MessageId": message.id, "MD5OfMessageBody": message.body_md5}
        if message.message_attributes:
            shown["MD5OfMessageAttributes"] = message.attribute_md5
        if queue.fifo_queue:
            shown["SequenceNumber"] = message.sequence_number
        return shown

    return _each(call, send)


@answers("sqs", "DeleteMessageBatch")
def delete_message_batch(call: Call) -> dict:
    """Delete each; moto wants ids and receipt handles to differ in other ways than AWS."""
    queue = queue_of(call)
    return _each(call, lambda entry: delete(queue, entry["ReceiptHandle"]))


@answers("sqs", "ChangeMessageVisibilityBatch")
def change_message_visibility_batch(call: Call) -> dict:
    """Change each."""
    queue = queue_of(call)
    return _each(call, lambda entry: change_visibility(queue, entry["ReceiptHandle"], entry.get("VisibilityTimeout")))


def _each(call: Call, act: Callable[[dict[str, Any]], dict | None]) -> dict:
    done, failed = [], []
    for entry in call.params["Entries"]:
        try:
            done.append({"Id": entry["Id"], **(act(entry) or {})})
        except ServiceException as refusal:
            failed.append({"Id": entry["Id"], "SenderFault": True, "Code": refusal.code, "Message": refusal.message})
    return {"Successful": done, "Failed": failed}
