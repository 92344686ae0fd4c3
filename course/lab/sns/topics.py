"""Topics: their names, which topic an ARN means, and creating one twice.

https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.sns.models import Subscription, Topic, sns_backends

from course.data import value

from ..gate import Call, Refused, corrects, refuses

_WITH_TOPIC = (
    *("AddPermission", "GetTopicAttributes", "ListSubscriptionsByTopic", "PublishBatch", "RemovePermission"),
    *("SetTopicAttributes", "Subscribe"),
)


def invalid(what: str) -> Refused:
    """InvalidParameter in SNS's wording."""
    return Refused("InvalidParameter", f"Invalid parameter: {what}")


def no_such_topic() -> Refused:
    return Refused("NotFound", "Topic does not exist", 404)


def topic_by_arn(arn: Any) -> Topic | None:
    """The topic with this ARN in any account and Region, or None."""
    fields = arn.split(":") if isinstance(arn, str) else []
    if len(fields) != 6 or fields[2] != "sns" or fields[4] not in sns_backends:
        return None
    if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", fields[3]):
        return None
    return sns_backends[fields[4]][fields[3]].topics.get(arn)


def topic_named(call: Call, parameter: str = "TopicArn") -> Topic:
    """The topic of a request; Refused if the text is no ARN, of another Region, or of no topic."""
    arn = call.params.get(parameter) or ""
    require_arn(arn, parameter)
    if arn.split(":")[3] != call.region:
        raise invalid(parameter)
    topic = topic_by_arn(arn)
    if topic is None:
        raise no_such_topic()
    return topic


def require_arn(arn: str, parameter: str) -> None:
    """Raise Refused unless the text has the six elements of an ARN."""
    count = len(arn.split(":"))
    if count < 6:
        raise invalid(f"{parameter} Reason: An ARN must have at least 6 elements, not {count}")


def subscriptions_of(topic: Topic) -> list[Subscription]:
    """The subscriptions of a topic, oldest first; also those that other accounts made."""
    return topic.sns_backend._get_topic_subscriptions(topic)


@refuses("sns", *_WITH_TOPIC)
def unknown_topic(call: Call) -> None:
    """A topic ARN means one topic of this Region."""
    topic_named(call)


@refuses("sns", "DeleteTopic")
def no_topic_arn(call: Call) -> None:
    """Deleting what is not there is no error, deleting by something else than an ARN is one."""
    require_arn(call.params["TopicArn"], "TopicArn")


@refuses("sns", "CreateTopic")
def impossible_name(call: Call) -> None:
    """Letters, digits, hyphens and underscores; a FIFO topic, and no other, ends in .fifo."""
    name = call.params["Name"]
    fifo = (call.params.get("Attributes") or {}).get("FifoTopic", "").lower() == "true"
    most = value("sns.topics.name_length")
    if len(name) > most or not re.fullmatch(r"[A-Za-z0-9_-]+\.fifo" if fifo else r"[A-Za-z0-9_-]+", name):
        raise invalid(
            "Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, "
            f"numbers, underscores, and hyphens, and must be between 1 and {most} characters long."
            if fifo
            else "Topic Name"
        )


@refuses("sns", "CreateTopic", "TagResource")
def tags_that_cannot_be(call: Call) -> None:
    """A key once, and at most 50 tags."""
    given = [tag["Key"] for tag in call.params.get("Tags") or ()]
    if len(given) != len(set(given)):
        raise invalid("Duplicated keys are not allowed.")
    topic = topic_by_arn(call.params.get("ResourceArn"))
    before = set(topic._tags) if topic else set()
    if len(before | set(given)) > value("sns.topics.tags"):
        raise Refused("TagLimitExceeded", "Could not complete request: tag quota of per resource exceeded")


@refuses("sns", "CreateTopic")
def exists_otherwise(call: Call) -> None:
    """The same name is the same topic, but not with other attributes or tags."""
    topic = topic_by_arn(f"arn:aws:sns:{call.region}:{call.account_id}:{call.params['Name']}")
    if topic is None:
        return
    from .topic_attributes import shown_attributes

    before = shown_attributes(topic)
    for name, given in (call.params.get("Attributes") or {}).items():
        if given.lower() != str(before.get(name, _DEFAULTS.get(name, ""))).lower():
            raise invalid("Attributes Reason: Topic already exists with different attributes")
    for tag in call.params.get("Tags") or ():
        if topic._tags.get(tag["Key"]) != tag["Value"]:
            raise invalid("Tags Reason: Topic already exists with different tags")


_DEFAULTS = {"FifoTopic": "false", "ContentBasedDeduplication": "false"}


@corrects("sns", "DeleteTopic")
def forget_subscriptions(call: Call, result: Any) -> None:
    """A topic takes its subscriptions along, also those of other accounts."""
    arn = call.params["TopicArn"]
    for backends in list(sns_backends.values()):
        for backend in list(backends.values()):
            for key, subscription in list(backend.subscriptions.items()):
                if subscription.topic.arn == arn and topic_by_arn(arn) is None:
                    del backend.subscriptions[key]
