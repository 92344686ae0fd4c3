"""Confirming a subscription: its owner gets a token, and hands it back.

Nobody reads the mail of the offline account, and no web server is called. What SNS would have sent there waits in an
inbox, so that a lesson can look at it: `inbox("ana@example.com")`.
https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html
"""

from __future__ import annotations

import json
import re
from typing import Any

from moto.moto_api._internal import mock_random
from moto.sns.models import Subscription, sns_backends

from course.data import value

from ..gate import Call, answers
from ..iam.context import now
from .topics import invalid, no_such_topic, topic_by_arn


def inbox(endpoint: str) -> list[dict[str, Any]]:
    """What SNS has sent to a mailbox, web server or phone in any account and Region, oldest first."""
    found = []
    for backends in list(sns_backends.values()):
        for backend in list(backends.values()):
            found += backend.__dict__.get("_lab_inbox", {}).get(endpoint, [])
    return found


def put_into_inbox(subscription: Subscription, sent: dict[str, Any]) -> None:
    """Keep what SNS would send over the network."""
    held = subscription.topic.sns_backend.__dict__.setdefault("_lab_inbox", {})
    held.setdefault(subscription.endpoint, []).append(sent)


def ask_owner(subscription: Subscription) -> None:
    """Send the token to the endpoint."""
    topic, token = subscription.topic, subscription._lab_token
    host = f"https://sns.{topic.sns_backend.region_name}.amazonaws.com/"
    sent = {
        "Type": "SubscriptionConfirmation",
        "MessageId": str(mock_random.uuid4()),
        "Token": token,
        "TopicArn": topic.arn,
        "Message": f"You have chosen to subscribe to the topic {topic.arn}.\nTo confirm the subscription, visit the "
        "SubscribeURL included in this message.",
        "SubscribeURL": f"{host}?Action=ConfirmSubscription&TopicArn={topic.arn}&Token={token}",
        "Timestamp": timestamp(),
        "SignatureVersion": "1",
        "Signature": "EXAMPLE",
        "SigningCertURL": f"{host}SimpleNotificationService-EXAMPLE.pem",
    }
    if subscription.protocol == "sqs":
        from .delivery import deliver_to_queue

        deliver_to_queue(subscription, subscription.endpoint, json.dumps(sent, indent=2, separators=(",", " : ")), {})
    else:
        put_into_inbox(subscription, sent)


def timestamp() -> str:
    """The time as SNS writes it."""
    return now().strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


@answers("sns", "ConfirmSubscription")
def confirm_subscription(call: Call) -> dict:
    """Confirm with a token that is not older than two days; moto takes any."""
    arn, token = call.params["TopicArn"], call.params["Token"]
    if len(arn.split(":")) != 6 or arn.split(":")[3] != call.region:
        raise invalid("Topic")
    if not re.fullmatch(r"[0-9a-f]{32,}", token):
        raise invalid("Token")
    topic = topic_by_arn(arn)
    if topic is None:
        raise no_such_topic()
    held = topic.sns_backend._get_topic_subscriptions(topic)
    subscription = next((one for one in held if one.__dict__.get("_lab_token") == token), None)
    days = value("sns.subscriptions.token")
    if subscription is None or now().timestamp() - subscription._lab_asked > days * 86400:
        raise invalid("Token")
    authenticated = str(call.params.get("AuthenticateOnUnsubscribe", "false")).lower() == "true"
    subscription.attributes |= {"PendingConfirmation": False, "ConfirmationWasAuthenticated": authenticated}
    return {"SubscriptionArn": subscription.arn}
