"""Queue policies: their grammar, the principals they name, and the statements of AddPermission.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-using-identity-based-policies.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.sqs.models import Queue

from course.data import value
from course.iam.grammar import problems

from ..gate import Call, Refused, answers, refuses
from ..iam.documents import names_nobody
from .attributes import attributes_of, bad_value
from .queues import invalid, queue_of

# What AddPermission may hand to another account.
_SHARED = (
    *("*", "ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl"),
    *("ListDeadLetterSourceQueues", "PurgeQueue", "ReceiveMessage", "SendMessage"),
)


@refuses("sqs", "CreateQueue", "SetQueueAttributes")
def malformed_policy(call: Call) -> None:
    """A queue policy is a resource-based policy, and SQS looks up the users and roles that it names."""
    text = attributes_of(call).get("Policy")
    if text and (problems(text, "resource") or names_nobody(text)):
        raise bad_value("Policy")


@answers("sqs", "AddPermission")
def add_permission(call: Call) -> dict:
    """One more statement for other accounts."""
    queue = queue_of(call)
    label, actions, accounts = (call.params.get(name) for name in ("Label", "Actions", "AWSAccountIds"))
    _require_permission(queue, label or "", actions or [], accounts or [])
    principals = [f"arn:aws:iam::{account}:root" for account in accounts]
    names = [f"SQS:{action}" for action in actions]
    if not queue._policy_json.get("Statement"):
        queue._policy_json = {
            "Version": "2008-10-17",
            "Id": f"{queue.queue_arn}/SQSDefaultPolicy",
            "Statement": [],
        }
    statement = {
        "Sid": label,
        "Effect": "Allow",
        "Principal": {"AWS": principals[0] if len(principals) == 1 else principals},
        "Action": names[0] if len(names) == 1 else names,
        "Resource": queue.queue_arn,
    }
    queue._policy_json["Statement"] = [*_statements(queue), statement]
    return {}


def _require_permission(queue: Queue, label: str, actions: list[str], accounts: list[str]) -> None:
    longest = value("sqs.permissions.label_length")
    if not re.fullmatch(rf"[A-Za-z0-9_-]{{1,{longest}}}", label):
        allowed = f"Can only include alphanumeric characters, hyphens, or underscores. 1 to {longest} in length."
        raise invalid("Label", label, allowed)
    if not actions:
        raise Refused("MissingParameter", "The request must contain the parameter Actions.")
    most = value("sqs.permissions.actions")
    if len(actions) > most:
        raise Refused("OverLimit", f"{len(actions)} Actions were found, maximum allowed is {most}.", 403)
    for action in actions:
        if action not in _SHARED:
            raise invalid("ActionName", f"SQS:{action}", "Only the queue owner is allowed to invoke this action.")
    wrong = [account for account in accounts if not re.fullmatch(r"\d{12}", account)]
    if wrong or not accounts:
        raise invalid("PrincipalId", f"[{', '.join(wrong)}]", "Unable to verify.")
    if any(statement.get("Sid") == label for statement in _statements(queue)):
        raise invalid("Label", label, "Already exists.")


@answers("sqs", "RemovePermission")
def remove_permission(call: Call) -> dict:
    """Take the statement with this label away."""
    queue, label = queue_of(call), call.params["Label"]
    left = [statement for statement in _statements(queue) if statement.get("Sid") != label]
    if len(left) == len(_statements(queue)):
        raise invalid("Label", label, "can't find label.")
    queue._policy_json["Statement"] = left
    return {}


def _statements(queue: Queue) -> list[dict[str, Any]]:
    held = queue._policy_json.get("Statement", [])
    return [held] if isinstance(held, dict) else list(held)
