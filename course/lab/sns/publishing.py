"""What can be published: message, subject, structure, attributes, and the ids of messages to FIFO topics.

https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

import moto.sns.models
from moto.sns.models import Topic

from course.data import value

from ..gate import Call, Refused, refuses
from .topic_attributes import message_size
from .topics import invalid, topic_named

# moto has one limit for all topics, below what a topic may be told to take.
moto.sns.models.MAXIMUM_MESSAGE_LENGTH = value("sns.topics.message_size")[1]

_FIFO_ID = re.compile(r"[0-9A-Za-z!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]+")


@refuses("sns", "Publish")
def no_target(call: Call) -> None:
    """A topic, an endpoint or a phone number."""
    given = [name for name in ("TopicArn", "TargetArn", "PhoneNumber") if call.params.get(name) is not None]
    if len(given) != 1:
        reason = "both" if given else "no value"
        raise invalid(f"TopicArn or TargetArn Reason: {reason} for required parameter")
    if given == ["TargetArn"] and ":endpoint/" in call.params["TargetArn"]:
        if call.params["TargetArn"] not in call.backend.platform_endpoints:
            raise invalid("TargetArn Reason: No endpoint found for the target arn specified")


def published_to(call: Call) -> Topic | None:
    """The topic of a Publish or PublishBatch; None for a phone or a mobile endpoint."""
    if call.params.get("TopicArn") is not None:
        return topic_named(call)
    if call.params.get("TargetArn") is not None and ":endpoint/" not in call.params["TargetArn"]:
        return topic_named(call, "TargetArn")
    return None


@refuses("sns", "Publish")
def unpublishable(call: Call) -> None:
    """What is wrong with one message."""
    require_publishable(published_to(call), call.params)


@refuses("sns", "PublishBatch")
def unpublishable_batch(call: Call) -> None:
    """1 to 10 entries with ids of their own, each publishable, together no longer than one message."""
    entries = call.params.get("PublishBatchRequestEntries") or []
    topic = topic_named(call)
    if not entries:
        raise Refused("EmptyBatchRequest", "The batch request doesn't contain any entries.")
    if len(entries) > value("sns.publishing.batch"):
        raise Refused("TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.")
    for entry in entries:
        if not re.fullmatch(rf"[A-Za-z0-9_-]{{1,{value('sns.publishing.batch_id_length')}}}", entry["Id"]):
            raise Refused(
                "InvalidBatchEntryId", "The Id of a batch entry in a batch request doesn't abide by the specification."
            )
    if len({entry["Id"] for entry in entries}) < len(entries):
        raise Refused("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.")
    total = sum(size(entry["Message"], entry.get("MessageAttributes") or {}) for entry in entries)
    if total > message_size(topic):
        raise Refused("BatchRequestTooLong", "The length of all the messages put together is more than the limit.")
    for entry in entries:
        require_publishable(topic, entry)


def require_publishable(topic: Topic | None, message: dict[str, Any]) -> None:
    """Raise Refused for a message that this topic (None: a phone or an endpoint) does not take."""
    attributes = message.get("MessageAttributes") or {}
    for name, attribute in attributes.items():
        _require_name(name)
        _require_attribute(name, attribute)
    if not message["Message"]:
        raise invalid("Empty message")
    _require_subject(message.get("Subject"))
    _require_structure(message)
    most = message_size(topic) if topic else value("sns.topics.default_message_size")
    if size(message["Message"], attributes) > most:
        raise invalid("Message too long")
    if topic is not None:
        _require_ids(topic, message)


def size(message: str, attributes: dict[str, dict[str, Any]]) -> int:
    """Bytes of a message with the names, types and values of its attributes."""
    total = len(message.encode())
    for name, one in attributes.items():
        total += len(name.encode()) + len(one["DataType"].encode())
        total += len((one.get("StringValue") or "").encode()) + len(one.get("BinaryValue") or b"")
    return total


def _require_subject(subject: str | None) -> None:
    """Up to 100 characters, none of them a line break or control character."""
    if subject is None:
        return
    if not 0 < len(subject) <= value("sns.publishing.subject") or any(
        unicodedata.category(character) == "Cc" for character in subject
    ):
        raise invalid("Subject")


def _require_structure(message: dict[str, Any]) -> None:
    structure = message.get("MessageStructure")
    if structure is None:
        return
    if structure != "json":
        raise invalid("MessageStructure")
    try:
        found = json.loads(message["Message"])
    except ValueError:
        raise invalid("Message Structure - JSON message body failed to parse") from None
    if not isinstance(found, dict) or not isinstance(found.get("default"), str):
        raise invalid("Message Structure - No default entry in JSON message body")


def _bad_attribute(text: str) -> Refused:
    return Refused("ParameterValueInvalid", text)


def _require_name(name: str) -> None:
    most = value("sns.publishing.attribute_name_length")
    if not name or len(name.encode()) > most:
        raise _bad_attribute(f"Length of message attribute name must be less than {most} bytes.")
    wrong = re.search(r"[^A-Za-z0-9_.-]", name)
    if wrong:
        raise _bad_attribute(
            f"Invalid non-alphanumeric character '#x{ord(wrong[0]):X}' was found in the message attribute name. Can "
            "only include alphanumeric characters, hyphens, underscores, or dots."
        )
    for where, there in (("starting", name.startswith(".")), ("ending", name.endswith("."))):
        if there:
            raise _bad_attribute(f"Invalid message attribute name {where} with character '.' was found.")
    if ".." in name:
        raise _bad_attribute("Message attribute name can not have successive '.' character.")


def _require_attribute(name: str, attribute: dict[str, Any]) -> None:
    kind = attribute.get("DataType") or ""
    family = kind.partition(".")[0]
    if family not in ("String", "Number", "Binary"):
        raise _bad_attribute(
            f"The message attribute '{name}' has an invalid message attribute type, the set of supported type "
            "prefixes is Binary, Number, and String."
        )
    field = "Binary" if family == "Binary" else "String"
    other = "String" if family == "Binary" else "Binary"
    if f"{other}Value" in attribute and f"{field}Value" not in attribute:
        raise _bad_attribute(f"The message attribute '{name}' with type '{kind}' must use field '{field}'.")
    given = attribute.get(f"{field}Value")
    if not given:
        raise _bad_attribute(
            f"The message attribute '{name}' must contain non-empty message attribute value for message attribute type "
            f"'{kind}'."
        )
    if family == "Number" and not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", given):
        raise _bad_attribute(f"Could not cast message attribute '{name}' value to number.")


def _require_ids(topic: Topic, message: dict[str, Any]) -> None:
    """A group for a FIFO topic, and a deduplication id unless the content gives it; fair queues have groups too."""
    most = value("sns.publishing.fifo_id_length")
    for name in ("MessageGroupId", "MessageDeduplicationId"):
        given = message.get(name)
        if given is not None and not (0 < len(given) <= most and _FIFO_ID.fullmatch(given)):
            raise invalid(
                f"{name} Reason: {name} can only include alphanumeric and punctuation characters. 1 to {most} in length"
            )
    if not topic.fifo_topic:
        if message.get("MessageDeduplicationId") is not None:
            raise invalid(
                "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not "
                "valid for this topic type"
            )
        return
    if message.get("MessageGroupId") is None:
        raise invalid("The MessageGroupId parameter is required for FIFO topics")
    if message.get("MessageDeduplicationId") is None and not topic.content_based_deduplication:
        raise invalid(
            "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided "
            "explicitly"
        )
