"""Delivery to targets: queues, topics, log groups and state machines, if a policy or a role lets EventBridge in.

Functions get their events in awslambda/triggers.py. An event that cannot be delivered goes to the target's dead-letter
queue, or is lost; PutEvents says nothing about it, as on AWS.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

from moto.backends import get_backend
from moto.core.exceptions import HTTPException, ServiceException
from moto.events.models import Rule
from moto.sqs.models import Queue

from course.data import value
from course.iam.evaluation import Policies, Request, evaluate
from course.serverless.target_inputs import target_input

from ..gate import Call, Refused, replaces
from ..iam.caller import entity_by_arn
from ..iam.context import now
from ..iam.policies import identity_policies
from ..iam.service_principals import service_may, service_may_assume
from ..sns.encryption import service_may_encrypt as may_encrypt_for_topic
from ..sqs.encryption import service_may_encrypt as may_encrypt_for_queue
from ..sqs.queues import queue_by_arn
from ..step_functions.executions import start_execution

_SERVICE = "events.amazonaws.com"
_hops = 0


class NotDelivered(Exception):
    """A target that does not take an event; code and message as a dead-letter queue shows them."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


@replaces(Rule, "send_to_targets")
def send_to_targets(original: Any, rule: Rule, event: dict, transform_input: bool = True) -> None:
    """moto asks no policy, transforms no input but by templates, and fails for a topic."""
    if rule.state == "DISABLED" or not rule.event_pattern.matches_event(_shown(event)):
        return
    targets = rule.targets
    own = [one for one in targets if _service_of(one) in _DELIVER]
    for target in own:
        try:
            _DELIVER[_service_of(target)](rule, target, target_input(target, _shown(event), _facts(rule, event)))
        except NotDelivered as problem:
            _dead_letter(rule, target, event, problem)
    rule.targets = [one for one in targets if one not in own]
    try:
        if rule.targets:
            with contextlib.suppress(NotImplementedError):
                original(rule, event, transform_input)
    finally:
        rule.targets = targets


def _service_of(target: dict) -> str:
    """What a target is: a service, or "bus" for an event bus; archives are moto's own targets of "events"."""
    return "bus" if ":event-bus/" in target["Arn"] else target["Arn"].split(":")[2]


def _shown(event: dict) -> dict:
    return {name: one for name, one in event.items() if name != "ingestion-time"}


def _facts(rule: Rule, event: dict) -> dict[str, Any]:
    """What input transformers know besides the event."""
    return {
        "rule-arn": rule.arn,
        "rule-name": rule.name,
        "event.ingestion-time": event.get("ingestion-time"),
    }


def _keys(rule: Rule) -> dict[str, str]:
    return {"aws:SourceArn": rule.arn, "aws:SourceAccount": rule.account_id}


def _require_policy(rule: Rule, target: dict, action: str, policy: str | None) -> None:
    account = target["Arn"].split(":")[4]
    if not service_may(_SERVICE, action, target["Arn"], policy, account, _keys(rule)):
        raise NotDelivered(
            "NO_PERMISSIONS",
            f"User: {_SERVICE} is not authorized to perform: {action} on resource: {target['Arn']} because no "
            f"resource-based policy allows the {action} action",
        )


def _require_key(rule: Rule, may_encrypt: Callable, target: Any) -> None:
    """An encrypted queue or topic takes an event only if the key's policy lets EventBridge use the key."""
    if not may_encrypt(_SERVICE, target, _keys(rule)):
        raise NotDelivered("NO_PERMISSIONS", "The key policy does not allow EventBridge to use the key of the target.")


def _to_queue(rule: Rule, target: dict, text: str) -> None:
    queue = queue_by_arn(target["Arn"])
    if queue is None:
        raise NotDelivered("RESOURCE_NOT_FOUND", f"The queue {target['Arn']} does not exist.")
    _require_policy(rule, target, "sqs:SendMessage", queue.policy)
    _require_key(rule, may_encrypt_for_queue, queue)
    group = (target.get("SqsParameters") or {}).get("MessageGroupId")
    if queue.fifo_queue and not queue.content_based_deduplication:
        raise NotDelivered("INVALID_PARAMETER", "The queue must have content-based deduplication enabled.")
    try:
        _send(queue, text, group_id=group)
    except (ServiceException, HTTPException) as problem:
        raise NotDelivered("SDK_CLIENT_ERROR", f"{problem}") from None


def _to_topic(rule: Rule, target: dict, text: str) -> None:
    region, account = target["Arn"].split(":")[3:5]
    topic = get_backend("sns")[account][region].topics.get(target["Arn"])
    if topic is None:
        raise NotDelivered("RESOURCE_NOT_FOUND", f"The topic {target['Arn']} does not exist.")
    _require_policy(rule, target, "sns:Publish", topic.policy)
    _require_key(rule, may_encrypt_for_topic, topic)
    topic.publish(text)


def _to_log_group(rule: Rule, target: dict, text: str) -> None:
    region, account = target["Arn"].split(":")[3:5]
    name = target["Arn"].split(":log-group:", 1)[-1].removesuffix(":*")
    logs = get_backend("logs")[account][region]
    if name not in logs.groups:
        raise NotDelivered("RESOURCE_NOT_FOUND", f"The log group {name} does not exist.")
    arn = f"{logs.groups[name].arn}:*"
    keys = _keys(rule)
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        if not any(
            service_may(service, action, arn, policy.policy_document, account, keys)
            for policy in logs.resource_policies.values()
            for service in (_SERVICE, "delivery.logs.amazonaws.com")
        ):
            raise NotDelivered(
                "NO_PERMISSIONS", f"No resource policy of CloudWatch Logs allows {action} to EventBridge."
            )
    from ..logs.log_events import milliseconds

    stream = json.loads(text).get("id", rule.name) if text.startswith("{") else rule.name
    logs.ensure_log_stream(name, stream)
    logs.groups[name].put_log_events(stream, [{"timestamp": milliseconds(), "message": text}])


def _to_state_machine(rule: Rule, target: dict, text: str) -> None:
    arn, role_arn = target["Arn"], target.get("RoleArn") or ""
    region, account = arn.split(":")[3:5]
    if not _role_may(role_arn, "states:StartExecution", arn, rule):
        raise NotDelivered("NO_PERMISSIONS", f"The role {role_arn} does not let EventBridge start executions of {arn}.")
    try:
        start_execution(
            Call("stepfunctions", "StartExecution", {"stateMachineArn": arn, "input": text}, region, account)
        )
    except (Refused, ServiceException, HTTPException) as problem:
        raise NotDelivered("RESOURCE_NOT_FOUND", f"{problem}") from None


def _role_may(role_arn: str, action: str, resource: str, rule: Rule) -> bool:
    """Whether EventBridge may assume the role, and the role may do this."""
    fields = role_arn.split(":")
    role = entity_by_arn(get_backend("iam")[fields[4]]["aws"], role_arn) if len(fields) == 6 else None
    if role is None:
        return False
    keys = _keys(rule)
    if not service_may_assume(_SERVICE, role.assume_role_policy_document, role_arn, keys):
        return False
    session = f"arn:aws:sts::{fields[4]}:assumed-role/{role.name}/events"
    return evaluate(Request(session, action, resource), Policies(identity=identity_policies(role))).allowed


def _to_bus(rule: Rule, target: dict, text: str) -> None:
    """Another event bus; one of another account must let this account in. A circle of buses ends after some hops."""
    global _hops
    arn = target["Arn"]
    region, account = arn.split(":")[3:5]
    backend = get_backend("events")[account][region]
    bus = backend.event_buses.get(arn.rpartition("/")[2])
    if bus is None:
        raise NotDelivered("RESOURCE_NOT_FOUND", f"The event bus {arn} does not exist.")
    if account != rule.account_id:
        request = Request(f"arn:aws:iam::{rule.account_id}:root", "events:PutEvents", arn)
        if not evaluate(request, Policies(resource=bus.policy or ())).allowed:
            raise NotDelivered(
                "NO_PERMISSIONS", f"The policy of {arn} does not let account {rule.account_id} put events."
            )
    event = json.loads(text)
    if _hops >= value("events.rules.hops"):
        return
    _hops += 1
    try:
        for one in list(bus.rules.values()):
            one.send_to_targets({**event, "ingestion-time": now().timestamp()})
    finally:
        _hops -= 1


_DELIVER = {
    "sqs": _to_queue,
    "sns": _to_topic,
    "logs": _to_log_group,
    "states": _to_state_machine,
    "bus": _to_bus,
}


def _dead_letter(rule: Rule, target: dict, event: dict, problem: NotDelivered) -> None:
    arn = (target.get("DeadLetterConfig") or {}).get("Arn")
    if not arn:
        return
    queue = queue_by_arn(arn)
    if queue is None or not service_may(_SERVICE, "sqs:SendMessage", arn, queue.policy, queue.account_id, _keys(rule)):
        return
    told = {
        "RULE_ARN": rule.arn,
        "TARGET_ARN": target["Arn"],
        "ERROR_CODE": problem.code,
        "ERROR_MESSAGE": str(problem),
    }
    attributes = {key: {"DataType": "String", "StringValue": one} for key, one in told.items()}
    if may_encrypt_for_queue(_SERVICE, queue, _keys(rule)):
        _send(queue, json.dumps(_shown(event)), message_attributes=attributes)


def _send(queue: Queue, text: str, **more: Any) -> None:
    get_backend("sqs")[queue.account_id][queue.region].send_message(queue.name, text, **more)
