"""SSE-KMS: who publishes to an encrypted topic must be allowed to use its key.

https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
"""

from __future__ import annotations

from typing import Any

from moto.sns.models import Topic

from course.iam.evaluation import access_denied_message

from ..gate import Call, Refused, refuses
from ..iam.key_use import caller_may_use, is_managed, key_named, service_may_use
from .publishing import published_to


@refuses("sns", "Publish", "PublishBatch")
def unusable_key(call: Call) -> None:
    """Publishing needs a data key, and to read it again."""
    topic = published_to(call)
    if topic is None or not topic.kms_master_key_id:
        return
    name, account, region = topic.kms_master_key_id, topic.account_id, topic.sns_backend.region_name
    if is_managed(name, account, region):
        if account != call.account_id:
            raise Refused("KMSAccessDenied", "The AWS managed key cannot be used by another account.")
        return
    key = key_named(name, account, region)
    if key is None:
        raise Refused("KMSNotFound", f"Invalid keyId {name}")
    if key.key_state == "Disabled":
        raise Refused("KMSDisabled", f"{key.arn} is disabled.")
    if key.key_state != "Enabled":
        raise Refused("KMSInvalidState", f"{key.arn} is pending deletion.")
    denied = caller_may_use(call, key, ("kms:GenerateDataKey", "kms:Decrypt"))
    if denied is not None:
        raise Refused("KMSAccessDenied", access_denied_message(denied, True))


def service_may_encrypt(service: str, topic: Topic, keys: dict[str, Any]) -> bool:
    """Whether an AWS service may publish to this topic as far as its key is asked: never with the AWS managed key."""
    name = topic.kms_master_key_id
    if not name:
        return True
    if is_managed(name, topic.account_id, topic.sns_backend.region_name):
        return False
    key = key_named(name, topic.account_id, topic.sns_backend.region_name)
    return key is not None and key.key_state == "Enabled" and service_may_use(service, key, keys)
