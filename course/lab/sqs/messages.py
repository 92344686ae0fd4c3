"""What can be sent: body, size, attributes, delay, and the ids of messages in FIFO queues.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from moto.sqs.models import Queue

from course.data import value

from ..gate import Call, Refused, corrects, refuses
from ..iam.caller import caller_of
from .queues import invalid, queue_of

_ALLOWED = re.compile("[\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
_FIFO_ID = re.compile(r"[0-9A-Za-z!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]+")


@refuses("sqs", "SendMessage")
def unsendable(call: Call) -> None:
    """Everything that a batch reports message by message, and what a FIFO queue asks for."""
    queue = queue_of(call)
    require_fifo_ids(queue, call.params)
    require_sendable(queue, call.params)


def require_fifo_ids(queue: Queue, message: dict[str, Any], missing: str = "MissingParameter") -> None:
    """A FIFO queue needs a message group, and a deduplication id unless the content gives it.

    `missing` is the code for a group that is not there; a batch has InvalidParameterValue.
    """
    if not queue.fifo_queue:
        return
    if not message.get("MessageGroupId"):
        raise Refused(missing, "The request must contain the parameter MessageGroupId.")
    if not message.get("MessageDeduplicationId") and not queue.content_based_deduplication:
        raise Refused(
            "InvalidParameterValue",
            "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided "
            "explicitly",
        )


def require_sendable(queue: Queue, message: dict[str, Any]) -> None:
    """Raise Refused for a message that this queue does not take."""
    body = message["MessageBody"]
    attributes = message.get("MessageAttributes") or {}
    if not body:
        raise Refused("MissingParameter", "The request must contain the parameter MessageBody.")
    if not _ALLOWED.fullmatch(body):
        raise Refused(
            "InvalidMessageContents",
            "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to "
            "#xFFFD | #x10000 to #x10FFFF",
        )
    _require_attributes(attributes)
    _require_system_attributes(message.get("MessageSystemAttributes") or {})
    if size(body, attributes) > queue.maximum_message_size:
        raise Refused(
            "InvalidParameterValue",
            f"One or more parameters are invalid. Reason: Message must be shorter than {queue.maximum_message_size} "
            "bytes.",
        )
    _require_delay(queue, message.get("DelaySeconds"))
    _require_ids(queue, message)


def size(body: str, attributes: dict[str, dict[str, Any]]) -> int:
    """Bytes of a message: its body, and the names, types and values of its attributes."""
    total = len(body.encode())
    for name, attribute in attributes.items():
        total += len(name.encode()) + len((attribute.get("DataType") or "").encode())
        total += len((attribute.get("StringValue") or "").encode()) + len(attribute.get("BinaryValue") or b"")
    return total


def _require_attributes(attributes: dict[str, dict[str, Any]]) -> None:
    most = value("sqs.messages.attributes")
    if len(attributes) > most:
        raise Refused(
            "InvalidParameterValue",
            f"Number of message attributes [{len(attributes)}] exceeds the allowed maximum [{most}].",
        )
    for name, attribute in attributes.items():
        _require_name(name)
        _require_value(name, attribute)


def _require_system_attributes(attributes: dict[str, dict[str, Any]]) -> None:
    """Only AWSTraceHeader, a text."""
    for name, attribute in attributes.items():
        if name != "AWSTraceHeader":
            raise Refused("InvalidParameterValue", f"Message system attribute name '{name}' is invalid.")
        if attribute.get("DataType") != "String" or not attribute.get("StringValue"):
            raise Refused(
                "InvalidParameterValue",
                f"Message (system) attribute '{name}' must contain a non-empty value of type 'String'.",
            )


def _require_name(name: str) -> None:
    def refuse(reason: str) -> Refused:
        return Refused("InvalidParameterValue", reason)

    most = value("sqs.messages.attribute_name_length")
    if not name or len(name) > most:
        raise refuse(f"Message (user) attribute name must be shorter than {most} bytes.")
    wrong = re.search(r"[^A-Za-z0-9_.\-\u00c0-\u017f]", name)
    if wrong:
        raise refuse(
            f"Invalid non-alphanumeric character '#x{ord(wrong[0]):X}' was found in the message attribute name. Can "
            "only include alphanumeric characters, hyphens, underscores, or dots."
        )
    if name.startswith(".") or name.endswith(".") or ".." in name:
        raise refuse(f"The message attribute name '{name}' must not start or end with a period, nor have two in a row.")
    if name.lower().startswith(("aws.", "amazon.")):
        raise refuse(f"The message attribute name '{name}' starts with a prefix that AWS keeps: AWS. or Amazon.")


def _require_value(name: str, attribute: dict[str, Any]) -> None:
    kind = attribute.get("DataType") or ""
    family = kind.partition(".")[0]
    if not kind:
        raise Refused(
            "InvalidParameterValue",
            f"Message (user) attribute '{name}' must contain a non-empty attribute type.",
        )
    if family not in ("String", "Number", "Binary"):
        raise Refused(
            "InvalidParameterValue",
            f"The type of message (user) attribute '{name}' is invalid. You must use only the following supported "
            "type prefixes: Binary, Number, String.",
        )
    if attribute.get("StringListValues") or attribute.get("BinaryListValues"):
        raise Refused(
            "UnsupportedOperation", "Message attribute list values in SendMessage operation are not supported."
        )
    field = "BinaryValue" if family == "Binary" else "StringValue"
    other = "StringValue" if family == "Binary" else "BinaryValue"
    if attribute.get(other) and not attribute.get(field):
        raise Refused(
            "InvalidParameterValue",
            f"The message (user) attribute '{name}' with type '{kind}' must use field '{field[:6]}'.",
        )
    given = attribute.get(field)
    if not given:
        raise Refused(
            "InvalidParameterValue",
            f"Message (user) attribute '{name}' must contain a non-empty value of type '{family}'.",
        )
    if family == "String" and not _ALLOWED.fullmatch(given):
        raise Refused("InvalidMessageContents", f"Invalid characters found in the value of message attribute '{name}'.")
    if family == "Number" and not _is_number(given):
        raise Refused(
            "InvalidParameterValue", f"Can't cast the value of message (user) attribute '{name}' to a number."
        )


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _require_delay(queue: Queue, seconds: int | None) -> None:
    if seconds is None:
        return
    least, most = value("sqs.queues.delay")
    if not least <= seconds <= most:
        raise invalid("DelaySeconds", seconds, f"DelaySeconds must be >= {least} and <= {most}.")
    if queue.fifo_queue and seconds:
        raise invalid("DelaySeconds", seconds, "The request include parameter that is not valid for this queue type.")


def _require_ids(queue: Queue, message: dict[str, Any]) -> None:
    """A message group is for standard queues too (fair queues), a deduplication id is not."""
    most = value("sqs.messages.fifo_id_length")
    for name in ("MessageGroupId", "MessageDeduplicationId"):
        given = message.get(name)
        if given is None:
            continue
        if name == "MessageDeduplicationId" and not queue.fifo_queue:
            raise invalid(name, given, "The request includes a parameter that is not valid for this queue type.")
        if len(given) > most or not _FIFO_ID.fullmatch(given):
            raise invalid(
                name, given, f"{name} can only include alphanumeric and punctuation characters. 1 to {most} in length."
            )


@corrects("sqs", "SendMessage")
def sent_by(call: Call, result: dict[str, Any]) -> None:
    """SenderId is the unique id of the caller; moto shows the same for everybody."""
    for message in reversed(queue_of(call)._messages):
        if message.id == result["MessageId"]:
            message.sender_id = sender_id(call, message.sender_id)
            return


def sender_id(call: Call, otherwise: str) -> str:
    """The unique id of a user, or of a role with its session; of nobody, what there was."""
    try:
        return caller_of(call.access_key, call.token).principal.user_id or otherwise
    except Refused:
        return otherwise
