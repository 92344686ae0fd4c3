"""Receipt handles: to delete a message that was received, and to change how long no other sees it.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
"""

from __future__ import annotations

from typing import Any

from moto.sqs.models import Message, Queue

from course.data import value

from ..gate import Call, Refused, answers
from ..iam.context import now
from .queues import invalid, queue_of


def message_of(queue: Queue, handle: str) -> Message | None:
    """The message that was received with this handle, None if it has been deleted; Refused for any other text."""
    for message in queue._messages:
        if handle and message.had_receipt_handle(handle):
            return message
    if handle in queue.deleted_messages:
        return None
    raise Refused("ReceiptHandleIsInvalid", f'The input receipt handle "{handle}" is not a valid receipt handle.', 404)


def delete(queue: Queue, handle: str) -> None:
    """Delete a message; a FIFO queue takes only a handle whose visibility timeout has not run out.

    A standard queue takes an old handle as well ("the message might not be deleted": here it is).
    """
    message = message_of(queue, handle)
    if message is None:
        return
    if queue.fifo_queue and (message.visible or message.receipt_handle != handle):
        raise invalid("ReceiptHandle", handle, "The receipt handle has expired.")
    queue.delete_message(handle)


def change_visibility(queue: Queue, handle: str, seconds: int | None) -> None:
    """Hide a message that was received for so many seconds from now; 0 gives it back."""
    least, most = value("sqs.queues.visibility_timeout")
    if seconds is None:
        raise Refused("MissingParameter", "The request must contain the parameter VisibilityTimeout.")
    if not least <= seconds <= most:
        raise invalid("VisibilityTimeout", seconds, f"VisibilityTimeout must be an integer between {least} and {most}.")
    message = message_of(queue, handle)
    if message is None:
        raise invalid(
            "ReceiptHandle",
            handle,
            "Message does not exist or is not available for visibility timeout change.",
        )
    if message.visible:
        # The visibility timeout has run out; AWS accepts the call, and nothing changes.
        return
    received = message.__dict__.get("_lab_received", now().timestamp())
    if now().timestamp() + seconds - received > most:
        raise invalid(
            "VisibilityTimeout",
            seconds,
            f"Total VisibilityTimeout for the message is beyond the limit [{most} seconds]",
        )
    message.change_visibility(seconds)
    if seconds == 0:
        message.visible_at = 0.0
        queue.pending_messages.discard(message)


@answers("sqs", "DeleteMessage")
def delete_message(call: Call) -> dict[str, Any]:
    """Delete by receipt handle; again is no error."""
    delete(queue_of(call), call.params["ReceiptHandle"])
    return {}


@answers("sqs", "ChangeMessageVisibility")
def change_message_visibility(call: Call) -> dict[str, Any]:
    """At most 12 hours since the message was received; moto counts since it was sent."""
    change_visibility(queue_of(call), call.params["ReceiptHandle"], call.params.get("VisibilityTimeout"))
    return {}
