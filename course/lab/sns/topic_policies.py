"""Topic policies: their grammar, the actions and principals they may name, and the statements of AddPermission.

https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
"""

from __future__ import annotations

import json
import re
from typing import Any

from moto.sns.models import VALID_POLICY_ACTIONS, Topic

from course.data import value
from course.iam.grammar import problems

from ..gate import Call, answers, refuses
from ..iam.documents import names_nobody
from ..iam.service_principals import service_may
from .topic_attributes import given_attributes
from .topics import invalid, topic_named

_OUT_OF_SCOPE = "Policy statement action out of service scope!"


def service_may_publish(service: str, topic: Topic, keys: dict[str, Any]) -> bool:
    """Whether the topic's policy lets an AWS service publish.

    The policy that a topic begins with asks for aws:SourceOwner, which CloudWatch alarms show and S3 and EventBridge
    do not: give it where the service does.
    """
    return service_may(service, "sns:Publish", topic.arn, topic.policy, topic.account_id, keys)


@refuses("sns", "CreateTopic", "SetTopicAttributes")
def malformed_policy(call: Call) -> None:
    """A topic policy is a resource-based policy about this service's actions on topics, and names nobody unknown."""
    text = given_attributes(call).get("Policy")
    if text is None:
        return
    prefix = "Attributes Reason: " if call.operation == "CreateTopic" else ""
    if problems(text, "resource"):
        raise invalid(f"{prefix}Policy Error: null")
    if names_nobody(text):
        raise invalid(f"{prefix}Policy Error: PrincipalNotFound")
    statements = json.loads(text)["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        actions = statement.get("Action", [])
        for action in [actions] if isinstance(actions, str) else actions:
            service, _, name = action.lower().partition(":")
            if action != "*" and (service != "sns" or name in value("sns.topics.unshared_actions")):
                raise invalid(f"{prefix}{_OUT_OF_SCOPE}")


@answers("sns", "AddPermission")
def add_permission(call: Call) -> dict:
    """One more statement for other accounts."""
    topic, label = topic_named(call), call.params["Label"]
    accounts, actions = call.params.get("AWSAccountId") or [], call.params.get("ActionName") or []
    if any(statement.get("Sid") == label for statement in _statements(topic)):
        raise invalid("Statement already exists")
    if not actions or any(action not in VALID_POLICY_ACTIONS for action in actions):
        raise invalid(_OUT_OF_SCOPE)
    if not accounts or any(not re.fullmatch(r"\d{12}", account) for account in accounts):
        raise invalid("AWSAccountId")
    principals = [f"arn:aws:iam::{account}:root" for account in accounts]
    names = [f"SNS:{action}" for action in actions]
    statement = {
        "Sid": label,
        "Effect": "Allow",
        "Principal": {"AWS": principals[0] if len(principals) == 1 else principals},
        "Action": names[0] if len(names) == 1 else names,
        "Resource": topic.arn,
    }
    topic._policy_json["Statement"] = [*_statements(topic), statement]
    return {}


@answers("sns", "RemovePermission")
def remove_permission(call: Call) -> dict:
    """Take the statement with this label away; none is no error."""
    topic = topic_named(call)
    topic._policy_json["Statement"] = [one for one in _statements(topic) if one.get("Sid") != call.params["Label"]]
    return {}


def _statements(topic: Topic) -> list[dict[str, Any]]:
    held = topic._policy_json.get("Statement", [])
    return [held] if isinstance(held, dict) else list(held)
