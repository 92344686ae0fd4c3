"""SSE-KMS: who sends to or receives from an encrypted queue must be allowed to use its key.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
"""

from __future__ import annotations

from typing import Any

from moto.sqs.models import Queue

from course.iam.evaluation import access_denied_message

from ..gate import Call, Refused, refuses
from ..iam.key_use import caller_may_use, is_managed, key_named, service_may_use
from .queues import queue_of


@refuses("sqs", "SendMessage", "SendMessageBatch")
def unusable_key_to_send(call: Call) -> None:
    """Sending needs a data key, and to read it again."""
    _require_key(call, "kms:GenerateDataKey", "kms:Decrypt")


@refuses("sqs", "ReceiveMessage")
def unusable_key_to_receive(call: Call) -> None:
    """Receiving needs the data key decrypted."""
    _require_key(call, "kms:Decrypt")


def _require_key(call: Call, *actions: str) -> None:
    queue = queue_of(call)
    name = queue.kms_master_key_id
    if not name:
        return
    if is_managed(name, queue.account_id, queue.region):
        if queue.account_id != call.account_id:
            raise Refused("KMS.AccessDeniedException", "The AWS managed key cannot be used by another account.")
        return
    key = key_named(name, queue.account_id, queue.region)
    if key is None:
        raise Refused("KMS.NotFoundException", f"Key '{name}' does not exist")
    if key.key_state == "Disabled":
        raise Refused("KMS.DisabledException", f"{key.arn} is disabled.")
    if key.key_state != "Enabled":
        raise Refused("KMS.InvalidStateException", f"{key.arn} is pending deletion.")
    denied = caller_may_use(call, key, actions)
    if denied is not None:
        raise Refused("KMS.AccessDeniedException", access_denied_message(denied, True))


def service_may_encrypt(service: str, queue: Queue, keys: dict[str, Any]) -> bool:
    """Whether an AWS service may send to this queue as far as its key is asked: never with the AWS managed key."""
    name = queue.kms_master_key_id
    if not name:
        return True
    if is_managed(name, queue.account_id, queue.region):
        return False
    key = key_named(name, queue.account_id, queue.region)
    return key is not None and key.key_state == "Enabled" and service_may_use(service, key, keys)
