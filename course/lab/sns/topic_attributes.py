"""Attributes of topics: names, ranges, and what is shown of them.

https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
"""

from __future__ import annotations

import json
import re

from moto.core.utils import camelcase_to_underscores
from moto.sns.models import Topic

from course.data import value

from ..gate import Call, Refused, answers, refuses
from .topics import invalid, subscriptions_of, topic_named

_PROTOCOLS = ("HTTP", "Firehose", "Lambda", "Application", "SQS")
_ROLES = {f"{one}{kind}FeedbackRoleArn" for one in _PROTOCOLS for kind in ("Success", "Failure")}
_RATES = {f"{one}SuccessFeedbackSampleRate" for one in _PROTOCOLS}
_FIFO = ("ContentBasedDeduplication", "FifoThroughputScope", "ArchivePolicy")
_CHOICES = {
    "ContentBasedDeduplication": ("true", "false"),
    "FifoTopic": ("true", "false"),
    "FifoThroughputScope": ("Topic", "MessageGroup"),
    "TracingConfig": ("PassThrough", "Active"),
    "SignatureVersion": ("1", "2"),
}
_SETTABLE = {
    *(*_ROLES, *_RATES, *_FIFO, "TracingConfig", "SignatureVersion", "DeliveryPolicy", "DisplayName"),
    *("KmsMasterKeyId", "MaximumMessageSize", "Policy"),
}


def given_attributes(call: Call) -> dict[str, str]:
    """The attributes of a CreateTopic, or the one of a SetTopicAttributes."""
    if call.operation == "CreateTopic":
        return call.params.get("Attributes") or {}
    return {call.params["AttributeName"]: call.params.get("AttributeValue") or ""}


def _refuse(call: Call, what: str) -> Refused:
    return invalid(f"Attributes Reason: {what}" if call.operation == "CreateTopic" else what)


def message_size(topic: Topic) -> int:
    """The longest message that a topic takes, in bytes."""
    return int(topic.__dict__.get("maximum_message_size") or value("sns.topics.default_message_size"))


@refuses("sns", "CreateTopic", "SetTopicAttributes")
def unknown_attribute(call: Call) -> None:
    """Only names that AWS knows; a topic stays what it is, standard or FIFO."""
    creates = call.operation == "CreateTopic"
    for name in given_attributes(call):
        if name not in _SETTABLE and not (creates and name == "FifoTopic"):
            raise invalid(f"Attributes Reason: Unknown attribute: {name}" if creates else "AttributeName")


@refuses("sns", "CreateTopic", "SetTopicAttributes")
def fifo_attribute_of_a_standard_topic(call: Call) -> None:
    """Deduplication and archives belong to FIFO topics."""
    given = given_attributes(call)
    fifo = (
        given.get("FifoTopic", "").lower() == "true"
        if call.operation == "CreateTopic"
        else topic_named(call).fifo_topic
    )
    for name in _FIFO:
        if name in given and not fifo:
            what = "Content-based deduplication" if name == "ContentBasedDeduplication" else name
            raise _refuse(call, f"{what} can only be set for FIFO topics")


@refuses("sns", "CreateTopic", "SetTopicAttributes")
def impossible_value(call: Call) -> None:
    """Numbers have a range, others are of a list, an ARN or JSON."""
    for name, given in given_attributes(call).items():
        if name in _CHOICES and given not in _CHOICES[name] and given.lower() not in _CHOICES[name]:
            raise _refuse(call, f"{name}: Invalid value [{given}]. Must be {' or '.join(_CHOICES[name])}.")
        if name in _RATES:
            _require_number(call, name, given, "sns.topics.sample_rate")
        if name == "MaximumMessageSize":
            _require_number(call, name, given, "sns.topics.message_size")
        if name in _ROLES and given and not re.fullmatch(r"arn:aws[\w-]*:iam::\d{12}:role/.+", given):
            raise _refuse(call, f"{name}: Invalid value [{given}]. Must be the ARN of a role.")
        if name == "DisplayName" and (len(given) > value("sns.topics.display_name") or "\n" in given):
            raise _refuse(call, "DisplayName")
        if name in ("DeliveryPolicy", "ArchivePolicy") and given:
            _require_object(call, name, given)


def _require_number(call: Call, name: str, given: str, fact: str) -> None:
    least, most = value(fact)
    if not (given.isascii() and given.isdigit() and least <= int(given) <= most):
        raise _refuse(call, f"{name}: Invalid value [{given}]. Must be an integer from {least} to {most}.")


def _require_object(call: Call, name: str, text: str) -> None:
    try:
        found = json.loads(text)
    except ValueError:
        raise _refuse(call, f"{name}: failed to parse JSON.") from None
    if not isinstance(found, dict):
        raise _refuse(call, f"{name}: must be a JSON object.")


@refuses("sns", "SetTopicAttributes")
def large_messages_for_small_endpoints(call: Call) -> None:
    """More than 256 KiB go to queues, functions and delivery streams only, and to 100 of them at most."""
    size = given_attributes(call).get("MaximumMessageSize")
    if size is None or int(size) <= value("sns.topics.default_message_size"):
        return
    held = subscriptions_of(topic_named(call))
    protocols = value("sns.topics.large_protocols")
    if len(held) > value("sns.topics.large_subscriptions") or any(one.protocol not in protocols for one in held):
        raise invalid(
            "MaximumMessageSize Reason: a topic with messages above 256 KiB has at most "
            f"{value('sns.topics.large_subscriptions')} subscriptions, each of protocol {', '.join(protocols)}"
        )


@answers("sns", "GetTopicAttributes")
def get_topic_attributes(call: Call) -> dict:
    """The attributes that are set, with the count of subscriptions; moto counts none."""
    return {"Attributes": shown_attributes(topic_named(call))}


def shown_attributes(topic: Topic) -> dict[str, str]:
    """All attributes of a topic as SNS shows them."""
    pending = [bool(one.attributes.get("PendingConfirmation")) for one in subscriptions_of(topic)]
    shown = {
        "Policy": topic.policy,
        "Owner": topic.account_id,
        "SubscriptionsPending": str(sum(pending)),
        "TopicArn": topic.arn,
        "EffectiveDeliveryPolicy": _effective_delivery_policy(topic),
        "SubscriptionsConfirmed": str(len(pending) - sum(pending)),
        "DisplayName": topic.display_name,
        "SubscriptionsDeleted": str(topic.subscriptions_deleted),
    }
    if topic.fifo_topic:
        shown["FifoTopic"] = "true"
        shown["ContentBasedDeduplication"] = str(topic.content_based_deduplication).lower()
    for name in sorted(_SETTABLE - {*shown, "ContentBasedDeduplication"}):
        held = topic.__dict__.get(camelcase_to_underscores(name))
        if held not in (None, ""):
            shown[name] = str(held)
    return shown


def _effective_delivery_policy(topic: Topic) -> str:
    own = json.loads(topic.delivery_policy or "{}").get("http", {})
    retries = {
        **{"minDelayTarget": 20, "maxDelayTarget": 20, "numRetries": 3, "numMaxDelayRetries": 0},
        **{"numNoDelayRetries": 0, "numMinDelayRetries": 0, "backoffFunction": "linear"},
        **(own.get("defaultHealthyRetryPolicy") or {}),
    }
    http = {
        "defaultHealthyRetryPolicy": retries,
        "disableSubscriptionOverrides": own.get("disableSubscriptionOverrides", False),
        "defaultRequestPolicy": own.get("defaultRequestPolicy") or {"headerContentType": "text/plain; charset=UTF-8"},
    }
    return json.dumps({"http": http}, separators=(",", ":"))
