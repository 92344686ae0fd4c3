"""Amazon S3 to queues and topics: the destination's policy, and that of its key, must let S3 in for the bucket.

S3 asks when the notification is configured, and again with every event.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
"""

from __future__ import annotations

from typing import Any

import moto.s3.notifications
from moto.s3.exceptions import S3ClientError
from moto.s3.models import S3Backend

from ..gate import replaces
from ..iam.service_principals import service_may
from .encryption import service_may_encrypt
from .queues import queue_by_arn

SERVICE = "s3.amazonaws.com"
_DESTINATIONS = {"QueueConfiguration": "Queue", "TopicConfiguration": "Topic"}


class Unable(S3ClientError):
    """S3 could not send its test event to a destination."""

    code = 400

    def __init__(self) -> None:
        super().__init__("InvalidArgument", "Unable to validate the following destination configurations")


def s3_may_send(arn: str, bucket: str, account_id: str) -> bool:
    """Whether a queue or topic takes events of this bucket; FIFO ones never do."""
    from ..sns.encryption import service_may_encrypt as may_encrypt_topic
    from ..sns.topics import topic_by_arn

    keys = {"aws:SourceArn": f"arn:aws:s3:::{bucket}", "aws:SourceAccount": account_id}
    if arn.endswith(".fifo"):
        return False
    queue, topic = queue_by_arn(arn), topic_by_arn(arn)
    if queue is not None:
        allowed = service_may(SERVICE, "sqs:SendMessage", arn, queue.policy, queue.account_id, keys)
        return allowed and service_may_encrypt(SERVICE, queue, keys)
    if topic is not None:
        allowed = service_may(SERVICE, "sns:Publish", arn, topic.policy, topic.account_id, keys)
        return allowed and may_encrypt_topic(SERVICE, topic, keys)
    return False


@replaces(S3Backend, "put_bucket_notification_configuration")
def validate_destinations(original: Any, backend: S3Backend, bucket_name: str, notification_config: dict) -> None:
    """Refused unless every queue and topic lets S3 in."""
    for kind, name in _DESTINATIONS.items():
        for one in (notification_config or {}).get(kind, ()):
            arn = one.get(name, "")
            region = arn.split(":")[3] if arn.count(":") == 5 else ""
            bucket = backend.get_bucket(bucket_name)
            if region != bucket.region_name or not s3_may_send(arn, bucket_name, bucket.account_id):
                raise Unable()
    original(backend, bucket_name, notification_config)


@replaces(moto.s3.notifications, "_send_sqs_message")
def send_event_to_queue(original: Any, account_id: str, event_body: Any, queue_name: str, region_name: str) -> None:
    """The event is lost if the queue no longer lets S3 in."""
    arn = f"arn:aws:sqs:{region_name}:{account_id}:{queue_name}"
    if s3_may_send(arn, _bucket(event_body), account_id):
        original(account_id, event_body, queue_name, region_name)


@replaces(moto.s3.notifications, "_send_sns_message")
def send_event_to_topic(original: Any, account_id: str, event_body: Any, topic_arn: str, region_name: str) -> None:
    """The same for a topic."""
    if s3_may_send(topic_arn, _bucket(event_body), account_id):
        original(account_id, event_body, topic_arn, region_name)


def _bucket(event: dict[str, Any]) -> str:
    return event["Bucket"] if "Bucket" in event else event["Records"][0]["s3"]["bucket"]["name"]
