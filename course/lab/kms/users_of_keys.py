"""What queues and topics refuse when their key is of no use; secrets and parameters say so in their own folders.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
"""

from __future__ import annotations

from ..gate import Call, Refused, refuses
from .keys import find_key
from .states import require_usable


def _require_key(call: Call, named: str, codes: dict[str, str]) -> None:
    try:
        require_usable(find_key(call.backend_of("kms"), named))
    except Refused as refusal:
        if refusal.code in codes:
            raise Refused(codes[refusal.code], refusal.message) from None


_SQS = {
    "DisabledException": "KMS.DisabledException",
    "KMSInvalidStateException": "KMS.KMSInvalidStateException",
    "NotFoundException": "KMS.NotFoundException",
}
_SNS = {
    "DisabledException": "KMSDisabled",
    "KMSInvalidStateException": "KMSInvalidState",
    "NotFoundException": "KMSNotFound",
}


@refuses("sqs", "SendMessage", "SendMessageBatch", "ReceiveMessage")
def queue_with_a_useless_key(call: Call) -> None:
    """A queue encrypted with a key that is disabled, waits for its deletion, or is gone."""
    queue = call.backend.queues.get(call.params["QueueUrl"].rstrip("/").rpartition("/")[2])
    if queue is not None and getattr(queue, "kms_master_key_id", None):
        _require_key(call, queue.kms_master_key_id, _SQS)


@refuses("sns", "Publish", "PublishBatch")
def topic_with_a_useless_key(call: Call) -> None:
    """The same for a topic."""
    topic = call.backend.topics.get(call.params.get("TopicArn") or call.params.get("TargetArn"))
    if topic is not None and getattr(topic, "kms_master_key_id", None):
        _require_key(call, topic.kms_master_key_id, _SNS)
