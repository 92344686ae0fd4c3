"""Queues: their names, which queue a URL means, what happens after deleting and purging.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlparse

from moto.sqs.models import Queue, SQSBackend, sqs_backends
from moto.sqs.responses import SQSResponse

from course.data import value

from ..gate import Call, Refused, answers, refuses, replaces
from ..iam.context import now
from ..iam.refusals import access_denied

# "Cross-account permissions don't apply to this action."
_OWNERS_ONLY = (
    "AddPermission", "DeleteQueue", "ListQueueTags", "RemovePermission", "SetQueueAttributes", "TagQueue", "UntagQueue",
)  # fmt: skip
_WITH_QUEUE = (
    *_OWNERS_ONLY,
    *("ChangeMessageVisibility", "ChangeMessageVisibilityBatch", "DeleteMessage", "DeleteMessageBatch"),
    *("GetQueueAttributes", "ListDeadLetterSourceQueues", "PurgeQueue", "ReceiveMessage"),
    *("SendMessage", "SendMessageBatch"),
)


def no_such_queue() -> Refused:
    return Refused("QueueDoesNotExist", "The specified queue does not exist.")


def invalid(name: str, given: Any, reason: str) -> Refused:
    """InvalidParameterValue in SQS's wording."""
    return Refused("InvalidParameterValue", f"Value {given} for parameter {name} is invalid. Reason: {reason}")


def account_in(url: str, own: str) -> str:
    """The account that a queue URL names; `own` where it names none, as for a bare queue name."""
    fields = urlparse(url).path.rstrip("/").split("/") if "//" in url else []
    return fields[-2] if len(fields) > 2 and re.fullmatch(r"\d{12}", fields[-2]) else own


def queue_of(call: Call) -> Queue:
    """The queue that the request names by its URL; Refused if it does not exist in this Region."""
    url = call.params.get("QueueUrl", "")
    region = re.fullmatch(r"sqs\.([a-z0-9-]+)\.amazonaws\.com", urlparse(url).netloc)
    account = account_in(url, call.account_id)
    if (region and region[1] != call.region) or account not in sqs_backends:
        raise no_such_queue()
    return sqs_backends[account][call.region].get_queue(url.rstrip("/").rpartition("/")[2])


def queue_by_arn(arn: Any) -> Queue | None:
    """The queue with this ARN in any account and Region, or None."""
    fields = arn.split(":") if isinstance(arn, str) else []
    if len(fields) != 6 or fields[2] != "sqs" or fields[4] not in sqs_backends:
        return None
    return sqs_backends[fields[4]][fields[3]].queues.get(fields[5]) if _is_region(fields[3]) else None


def _is_region(name: str) -> bool:
    return bool(re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", name))


@replaces(SQSResponse, "sqs_backend")
def backend_of_the_queue(original: Any, response: SQSResponse) -> SQSBackend:
    """moto looks for the queue of another account in the caller's."""
    account = response._get_param("QueueOwnerAWSAccountId")
    account = account or account_in(response._get_param("QueueUrl") or "", response.current_account)
    return sqs_backends[account][response.region]


@refuses("sqs", *_WITH_QUEUE)
def unknown_queue(call: Call) -> None:
    """A queue URL means one queue, in one account and Region."""
    queue_of(call)


@refuses("sqs", *_OWNERS_ONLY)
def only_the_owner(call: Call) -> None:
    """A queue policy cannot hand these actions to another account."""
    queue = queue_of(call)
    if queue.account_id != call.account_id:
        raise access_denied("sqs", f"Access to the resource {call.params['QueueUrl']} is denied.")


@refuses("sqs", "GetQueueUrl")
def unknown_queue_name(call: Call) -> None:
    """The queue is looked for in the account that QueueOwnerAWSAccountId names."""
    owner = call.params.get("QueueOwnerAWSAccountId", call.account_id)
    if owner not in sqs_backends or call.params["QueueName"] not in sqs_backends[owner][call.region].queues:
        raise no_such_queue()


@refuses("sqs", "CreateQueue")
def impossible_name(call: Call) -> None:
    """Letters, digits, hyphens and underscores; a FIFO queue, and no other, ends in .fifo."""
    name = call.params["QueueName"]
    fifo = str((call.params.get("Attributes") or {}).get("FifoQueue", "")).lower() == "true"
    most = value("sqs.queues.name_length")
    if len(name) > most or not re.fullmatch(r"[A-Za-z0-9_-]+\.fifo" if fifo else r"[A-Za-z0-9_-]+", name):
        raise Refused(
            "InvalidParameterValue",
            "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with "
            f".fifo suffix and be 1 to {most} in length."
            if fifo
            else f"Can only include alphanumeric characters, hyphens, or underscores. 1 to {most} in length",
        )


@refuses("sqs", "CreateQueue")
def deleted_a_moment_ago(call: Call) -> None:
    """The name of a deleted queue rests for a minute."""
    deleted = call.backend.__dict__.get("_lab_deleted", {}).get(call.params["QueueName"])
    if deleted is not None and 0 <= now().timestamp() - deleted < value("sqs.queues.name_rest"):
        raise Refused(
            "QueueDeletedRecently",
            f"You must wait {value('sqs.queues.name_rest')} seconds after deleting a queue before you can create "
            "another with the same name.",
        )


@answers("sqs", "DeleteQueue")
def delete_queue(call: Call) -> dict:
    """The queue is gone at once, its name is not free yet."""
    queue = queue_of(call)
    call.backend.delete_queue(queue.name)
    call.backend.__dict__.setdefault("_lab_deleted", {})[queue.name] = now().timestamp()
    return {}


@refuses("sqs", "PurgeQueue")
def purged_a_moment_ago(call: Call) -> None:
    """One purge a minute."""
    queue = queue_of(call)
    pause = value("sqs.queues.purge_interval")
    if queue.last_purged_at is not None and 0 <= now().timestamp() - queue.last_purged_at < pause:
        raise Refused(
            "PurgeQueueInProgress",
            f"Only one PurgeQueue operation on {queue.name} is allowed every {pause} seconds.",
            403,
        )


@refuses("sqs", "TagQueue")
def too_many_tags(call: Call) -> None:
    """Tags that are there count too."""
    queue = queue_of(call)
    if len({**queue.tags, **call.params["Tags"]}) > value("sqs.queues.tags"):
        raise Refused("InvalidParameterValue", f"Too many tags added for queue {queue.name}.")


@refuses("sqs", "ListQueues", "ListDeadLetterSourceQueues")
def impossible_page(call: Call) -> None:
    """A page holds 1 to 1,000 queues."""
    most = call.params.get("MaxResults")
    fewest, limit = value("sqs.queues.listed")
    if most is not None and not fewest <= most <= limit:
        raise invalid("MaxResults", most, f"MaxResults must be an integer between {fewest} and {limit}.")
