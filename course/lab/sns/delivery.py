"""Deliveries: a queue gets a message only if its policy, and the policy of its key, let SNS in.

What cannot be delivered goes to the dead-letter queue of the subscription, if that lets SNS in, or is lost.
https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html
https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html
"""

from __future__ import annotations

import base64
import json
from typing import Any

from moto.core.exceptions import HTTPException, ServiceException
from moto.sns.models import Subscription, Topic
from moto.sqs.models import sqs_backends

from course.data import value

from ..gate import replaces
from ..iam.service_principals import service_may
from ..sqs.encryption import service_may_encrypt
from ..sqs.queues import queue_by_arn
from .confirmation import put_into_inbox, timestamp
from .fan_out import sequence_number

SERVICE = "sns.amazonaws.com"


@replaces(Subscription, "publish")
def deliver(original: Any, subscription: Subscription, message: str, message_id: str, **more: Any) -> None:
    """Deliver to a queue or into the inbox; functions are invoked elsewhere, mobile endpoints and moto's rest as ever."""
    if subscription.attributes.get("PendingConfirmation"):
        return
    if subscription.protocol in ("lambda", "application"):
        original(subscription, message, message_id, **more)
        return
    matcher = subscription._filter_policy_matcher
    if matcher is not None and not matcher.matches(more.get("message_attributes") or {}, message):
        return
    if more.get("message_structure") == "json":
        message = _for_protocol(message, subscription.protocol)
    if subscription.protocol == "sqs":
        body, attributes = packed(subscription, message, message_id, more)
        ids = {name: more.get(name) for name in ("group_id", "deduplication_id")}
        if attributes is None or not deliver_to_queue(subscription, subscription.endpoint, body, attributes, **ids):
            to_dead_letters(subscription, message, message_id, more)
        return
    put_into_inbox(subscription, notification(subscription, message, message_id, more))


def to_dead_letters(subscription: Subscription, message: str, message_id: str, more: dict[str, Any]) -> bool:
    """Bring what could not be delivered to the dead-letter queue of the subscription; whether it got there.

    message: as it would have been delivered; more: subject, message_attributes, group_id, deduplication_id.
    """
    policy = json.loads(subscription.attributes.get("RedrivePolicy") or "{}")
    if "deadLetterTargetArn" not in policy:
        return False
    body, attributes = packed(subscription, message, message_id, more)
    ids = {name: more.get(name) for name in ("group_id", "deduplication_id")}
    return deliver_to_queue(subscription, policy["deadLetterTargetArn"], body, attributes or {}, **ids)


def deliver_to_queue(
    subscription: Subscription,
    arn: str,
    body: str,
    attributes: dict[str, Any],
    group_id: str | None = None,
    deduplication_id: str | None = None,
) -> bool:
    """Send to a queue in SNS's name. False if there is no such queue or it does not let SNS in for this topic."""
    topic: Topic = subscription.topic
    queue = queue_by_arn(arn)
    if queue is None:
        return False
    keys = {"aws:SourceArn": topic.arn, "aws:SourceAccount": topic.account_id, "aws:SourceOwner": topic.account_id}
    if not service_may(SERVICE, "sqs:SendMessage", arn, queue.policy, queue.account_id, keys):
        return False
    if not service_may_encrypt(SERVICE, queue, keys):
        return False
    try:
        sqs_backends[queue.account_id][queue.region].send_message(
            queue.name,
            body,
            message_attributes=attributes,
            group_id=group_id,
            deduplication_id=deduplication_id if queue.fifo_queue else None,
            validate_group_id=False,
        )
    except (ServiceException, HTTPException):
        return False
    return True


def packed(
    subscription: Subscription, message: str, message_id: str, more: dict[str, Any]
) -> tuple[str, dict[str, Any] | None]:
    """Body and attributes for a queue. Raw: the message itself, None for attributes that are too many for a queue."""
    attributes = more.get("message_attributes") or {}
    if str(subscription.attributes.get("RawMessageDelivery")).lower() != "true":
        shown = notification(subscription, message, message_id, more)
        return json.dumps(shown, indent=2, separators=(",", " : "), ensure_ascii=False), {}
    if len(attributes) > value("sns.publishing.raw_attributes"):
        return message, None
    return message, {name: _raw(one) for name, one in attributes.items()}


def _raw(attribute: dict[str, Any]) -> dict[str, Any]:
    if attribute["Type"].startswith("Binary"):
        return {"DataType": attribute["Type"], "BinaryValue": base64.b64decode(attribute["Value"])}
    return {"DataType": attribute["Type"], "StringValue": str(attribute["Value"])}


def notification(subscription: Subscription, message: str, message_id: str, more: dict[str, Any]) -> dict[str, Any]:
    """What wraps a message that is not delivered raw. The signature is an example, a FIFO topic has none."""
    topic: Topic = subscription.topic
    host = f"https://sns.{topic.sns_backend.region_name}.amazonaws.com/"
    number = sequence_number(topic, message_id)
    shown: dict[str, Any] = {"Type": "Notification", "MessageId": message_id}
    if number:
        shown["SequenceNumber"] = number
    shown["TopicArn"] = topic.arn
    if more.get("subject"):
        shown["Subject"] = more["subject"]
    shown |= {"Message": message, "Timestamp": timestamp()}
    if not number:
        shown |= {
            "SignatureVersion": str(topic.__dict__.get("signature_version") or 1),
            "Signature": "EXAMPLE",
            "SigningCertURL": f"{host}SimpleNotificationService-EXAMPLE.pem",
        }
    shown["UnsubscribeURL"] = f"{host}?Action=Unsubscribe&SubscriptionArn={subscription.arn}"
    if more.get("message_attributes"):
        shown["MessageAttributes"] = {
            name: {"Type": one["Type"], "Value": str(one["Value"])} for name, one in more["message_attributes"].items()
        }
    return shown


def _for_protocol(message: str, protocol: str) -> str:
    found = json.loads(message)
    chosen = found.get(protocol)
    return chosen if isinstance(chosen, str) else found["default"]
