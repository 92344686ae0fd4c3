"""Queues that Lambda polls: batches, filters, partial failures.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.backends import get_backend
from moto.core.exceptions import HTTPException, ServiceException
from moto.sqs.models import Queue

from course.data import value

from ..gate import Call, corrects, replaces
from . import execution
from .aliases import existing, target
from .event_filters import matches
from .events import later
from .execution_role import role_lets

# What Lambda does with a queue, as the function's role.
ACTIONS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


@replaces(Queue, "add_message")
def poll_after_sending(original: Any, queue: Queue, message: Any) -> None:
    """Lambda polls a queue it is mapped to; a message is in the queue before it is polled."""
    mappings, queue.lambda_event_source_mappings = queue.lambda_event_source_mappings, {}
    try:
        original(queue, message)
    finally:
        queue.lambda_event_source_mappings = mappings
    for mapping in list(mappings.values()):
        later(lambda mapping=mapping: poll(queue, mapping))


@corrects("lambda", "CreateEventSourceMapping", "UpdateEventSourceMapping")
def poll_what_waits(call: Call, result: Any) -> None:
    """A new or newly enabled mapping begins with what lies in the queue."""
    for queue in call.backend_of("sqs").queues.values():
        for mapping in list(queue.lambda_event_source_mappings.values()):
            later(lambda queue=queue, mapping=mapping: poll(queue, mapping))


def poll(queue: Queue, mapping: Any) -> None:
    """Read batches and invoke until the queue is empty; what succeeded is deleted, what failed is visible again.

    Failed messages are read again at once while a redrive policy counts, else with the next message that is sent.
    """
    sqs = get_backend("sqs")[queue.account_id][queue.region]
    backend = get_backend("lambda")[queue.account_id][mapping.region]
    while mapping.enabled and mapping.uuid in backend._event_source_mappings and _may_poll(backend, queue, mapping):
        messages = sqs.receive_message(
            queue.name,
            min(mapping.batch_size, value("lambda.event_sources.batch_queue")[1]),
            0,
            int(queue.visibility_timeout),
            ["All"],
        )
        if not messages:
            return
        wanted = [message for message in messages if matches(mapping, _record(queue, message))]
        failed = _failures(backend, queue, mapping, wanted) if wanted else set()
        for message in messages:
            if message.id in failed:
                sqs.change_message_visibility(queue.name, message.receipt_handle, 0)
            else:
                sqs.delete_message(queue.name, message.receipt_handle)
        if failed and not queue.redrive_policy:
            return


def _failures(backend: Any, queue: Queue, mapping: Any, messages: list) -> set[str]:
    everything = {message.id for message in messages}
    try:
        function, arn = target(backend, mapping.function_name)
        event = json.dumps({"Records": [_record(queue, message) for message in messages]})
        invocation = execution.run(function, event, arn)
    except (ServiceException, HTTPException):
        return everything
    if invocation.failed:
        return everything
    if "ReportBatchItemFailures" not in (mapping.function_response_types or ()):
        return set()
    answer = json.loads(invocation.payload)
    named = answer.get("batchItemFailures") if isinstance(answer, dict) else None
    try:
        identifiers = {one["itemIdentifier"] for one in named or ()}
    except (TypeError, KeyError):
        return everything
    # AWS takes an unknown identifier as a failure of the whole batch.
    return identifiers if identifiers <= everything else everything


def _record(queue: Queue, message: Any) -> dict:
    attributes = {
        "ApproximateReceiveCount": str(message.approximate_receive_count),
        "SentTimestamp": str(int(message.sent_timestamp)),
        "SenderId": str(message.sender_id),
        "ApproximateFirstReceiveTimestamp": str(int(message.approximate_first_receive_timestamp or 0)),
    }
    if queue.fifo_queue:
        attributes["MessageGroupId"] = message.group_id
        attributes["MessageDeduplicationId"] = message.deduplication_id
        attributes["SequenceNumber"] = message.sequence_number
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": attributes,
        "messageAttributes": {
            name: {
                "stringValue": one.get("StringValue"),
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": one.get("DataType"),
            }
            for name, one in (message.message_attributes or {}).items()
        },
        "md5OfBody": message.body_md5,
        "eventSource": "aws:sqs",
        "eventSourceARN": queue.queue_arn,
        "awsRegion": queue.region,
    }


def _may_poll(backend: Any, queue: Queue, mapping: Any) -> bool:
    try:
        function = existing(backend, mapping.function_name)
    except (ServiceException, HTTPException):
        return False
    return all(role_lets(function, action, queue.queue_arn) for action in ACTIONS)
