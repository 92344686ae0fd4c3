"""Subscribing: which protocols and endpoints, who must confirm, and what is shown until then.

https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.moto_api._internal import mock_random
from moto.sns.models import SNSBackend, Subscription, sns_backends

from course.data import value

from ..gate import Call, Refused, answers, corrects, refuses, replaces
from ..iam.caller import caller_of
from ..iam.context import now
from .confirmation import ask_owner
from .topics import invalid, require_arn, subscriptions_of, topic_named

_ARNS = {
    "sqs": (r"arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[A-Za-z0-9_-]{1,80}(\.fifo)?", "SQS endpoint ARN"),
    "lambda": (r"arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?", "Lambda endpoint ARN"),
    "firehose": (r"arn:aws[\w-]*:firehose:[\w-]+:\d{12}:deliverystream/[\w.-]+", "Firehose endpoint ARN"),
    "application": (r"arn:aws[\w-]*:sns:[\w-]+:\d{12}:endpoint/.+", "Application endpoint arn invalid"),
}
_EMAIL = r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+"


@refuses("sns", "Subscribe")
def impossible_protocol(call: Call) -> None:
    """One of nine protocols; a FIFO topic delivers to queues only."""
    protocol = call.params["Protocol"]
    if protocol not in value("sns.subscriptions.protocols"):
        raise invalid(f"Amazon SNS does not support this protocol string: {protocol}")
    if topic_named(call).fifo_topic and protocol not in value("sns.subscriptions.fifo_protocols"):
        raise invalid(f"Invalid protocol type: {protocol}")


@refuses("sns", "Subscribe")
def impossible_endpoint(call: Call) -> None:
    """An endpoint looks as its protocol wants it. Whether a queue or function exists SNS asks at delivery only."""
    protocol, endpoint = call.params["Protocol"], call.params.get("Endpoint") or ""
    if protocol in _ARNS:
        pattern, what = _ARNS[protocol]
        if not re.fullmatch(pattern, endpoint):
            raise invalid(what)
    if protocol in ("http", "https"):
        if not endpoint.startswith(f"{protocol}://"):
            raise invalid("Endpoint must match the specified protocol")
        if not re.fullmatch(r"https?://[^\s/?#]+\S*", endpoint):
            raise invalid("Endpoint Reason: Endpoint must be a valid URL")
    if protocol in ("email", "email-json") and not re.fullmatch(_EMAIL, endpoint):
        raise invalid("Email address")
    if protocol == "sms" and not re.fullmatch(r"\+?[1-9]\d{1,14}", re.sub(r"[ ()./-]", "", endpoint)):
        raise invalid(f"Invalid SMS endpoint: {endpoint}")


@refuses("sns", "Subscribe")
def fifo_queue_of_a_standard_topic(call: Call) -> None:
    """The order of a FIFO queue would be lost on the way."""
    endpoint = call.params.get("Endpoint") or ""
    if call.params["Protocol"] == "sqs" and endpoint.endswith(".fifo") and not topic_named(call).fifo_topic:
        raise invalid(
            "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics"
        )


@refuses("sns", "Subscribe")
def endpoint_too_small_for_the_topic(call: Call) -> None:
    """A topic with messages above 256 KiB has queues, functions and delivery streams, and 100 of them at most."""
    from .topic_attributes import message_size

    topic, protocols = topic_named(call), value("sns.topics.large_protocols")
    if message_size(topic) <= value("sns.topics.default_message_size"):
        return
    most = value("sns.topics.large_subscriptions")
    if call.params["Protocol"] not in protocols or len(subscriptions_of(topic)) >= most:
        raise invalid(
            f"Protocol Reason: a topic with messages above 256 KiB has at most {most} subscriptions, each of protocol "
            f"{', '.join(protocols)}"
        )


@replaces(SNSBackend, "subscribe")
def subscribe(original: Any, backend: SNSBackend, topic_arn: str, endpoint: str, protocol: str) -> Subscription:
    """An owner who is not the subscriber must confirm: of a mailbox, a web server, or a queue of another account.

    moto keeps the subscription with the account that asks; the topic's account delivers to it.
    """
    topic = backend.get_topic(topic_arn)
    known = topic.sns_backend._find_subscription(topic_arn, endpoint, protocol)
    if known is not None:
        return known
    subscription = original(backend, topic_arn, endpoint, protocol)
    topic.sns_backend.subscriptions[subscription.arn] = subscription
    fields = endpoint.split(":")
    elsewhere = protocol in ("sqs", "lambda") and fields[4] != backend.account_id
    if elsewhere or protocol in value("sns.subscriptions.confirmed_protocols"):
        subscription.attributes |= {"PendingConfirmation": True, "ConfirmationWasAuthenticated": False}
        subscription._lab_token = "".join(mock_random.choice("0123456789abcdef") for _ in range(64))
        subscription._lab_asked = now().timestamp()
        ask_owner(subscription)
    return subscription


@corrects("sns", "Subscribe")
def pending_confirmation(call: Call, result: Any) -> dict:
    """Until it is confirmed a subscription has no ARN, unless ReturnSubscriptionArn asks for it."""
    arn = result["SubscriptionArn"]
    attributes = call.backend.subscriptions[arn].attributes if arn in call.backend.subscriptions else {}
    if attributes and call.access_key:
        attributes.setdefault("SubscriptionPrincipal", _principal(call))
    if attributes.get("PendingConfirmation") and not call.params.get("ReturnSubscriptionArn"):
        return {"SubscriptionArn": "pending confirmation"}
    return {"SubscriptionArn": arn}


def _principal(call: Call) -> str:
    try:
        return caller_of(call.access_key, call.token).principal.arn
    except Refused:
        return f"arn:aws:iam::{call.account_id}:root"


@corrects("sns", "ListSubscriptions", "ListSubscriptionsByTopic")
def pending_in_lists(call: Call, result: dict[str, Any]) -> dict:
    """A list shows PendingConfirmation in place of the ARN."""
    shown = [
        {
            "SubscriptionArn": "PendingConfirmation" if one.attributes.get("PendingConfirmation") else one.arn,
            "Owner": one.owner,
            "Protocol": one.protocol,
            "Endpoint": one.endpoint,
            "TopicArn": one.topic.arn,
        }
        for one in result["Subscriptions"]
    ]
    return {**result, "Subscriptions": shown}


@refuses("sns", "Unsubscribe", "GetSubscriptionAttributes", "SetSubscriptionAttributes")
def no_subscription_arn(call: Call) -> None:
    """ "pending confirmation" is no ARN, and a topic's ARN is none of a subscription."""
    arn = call.params["SubscriptionArn"]
    require_arn(arn, "SubscriptionArn")
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", arn.rpartition(":")[2]):
        raise invalid("SubscriptionId")


@answers("sns", "Unsubscribe")
def unsubscribe(call: Call) -> dict:
    """Gone, in both accounts that know it; what is not there is no error."""
    arn = call.params["SubscriptionArn"]
    found = None
    for backends in list(sns_backends.values()):
        found = backends[call.region].subscriptions.pop(arn, None) or found
    if found is not None:
        found.topic.subscriptions_deleted += 1
    return {}
