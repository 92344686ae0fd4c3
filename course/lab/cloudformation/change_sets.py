"""Change sets: what a create or update would do, shown before it is done.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore.credentials import Credentials

from ..gate import Call, Refused
from . import changes, processing
from .caller import Failed, credentials_of
from .exports import NotExported
from .operations import operation
from .processing import TransformFailed
from .scope import Desired
from .stack_operations import require_resolvable, require_updatable, start_creation, start_update
from .state import Stack, found, live, new_stack, new_uuid, stacks
from .template_text import Invalid

_NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."
_BY_THE_SECOND = "awscli-cloudformation-package-deploy-"


@dataclass
class ChangeSet:
    """One change set; its stack is there from the beginning, in review for one that creates."""

    id: str
    name: str
    stack: Stack
    kind: str
    created: datetime
    desired: Desired
    credentials: Credentials
    description: str | None = None
    status: str = "CREATE_COMPLETE"
    reason: str | None = None
    execution_status: str = "AVAILABLE"
    on_failure: str | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)


@operation("CreateChangeSet")
def create_change_set(call: Call) -> dict:
    """FAILED, with the reason, for what goes wrong once the template is accepted."""
    params, name = call.params, call.params["ChangeSetName"]
    kind = params.get("ChangeSetType", "UPDATE")
    _check_name(name)
    if kind == "IMPORT":
        raise Refused("ValidationError", "the offline account does not import resources into stacks")
    stack = _stack_for(call, kind)
    existing = stack.change_sets.get(name)
    # `aws cloudformation deploy` names its change sets by the second; on AWS no two deployments are that close.
    if existing is not None and not (name.startswith(_BY_THE_SECOND) and existing.execution_status != "AVAILABLE"):
        raise Refused("AlreadyExistsException", f"ChangeSet {name} cannot be created as it already exists", 400)
    credentials = credentials_of(call, params.get("RoleARN", stack.role_arn))
    wanted = processing.desired(call, stack if kind == "UPDATE" else None, credentials, reviewed=True)
    if "transform" not in wanted.settings:
        require_resolvable(stack, wanted, credentials)
    if stack.id not in stacks(call):
        stacks(call)[stack.id] = stack
        stack.told("REVIEW_IN_PROGRESS", "User Initiated")
    set_id = f"arn:aws:cloudformation:{call.region}:{call.account_id}:changeSet/{name}/{new_uuid()}"
    made = ChangeSet(set_id, name, stack, kind, stack.next_moment(), wanted, credentials, params.get("Description"))
    made.on_failure = params.get("OnStackFailure")
    stack.change_sets[name] = made
    _compare(call, made)
    return {"Id": made.id, "StackId": stack.id}


def _check_name(name: str) -> None:
    if name.startswith("arn:") or not re.fullmatch(r"[a-zA-Z][-a-zA-Z0-9]{0,127}", name):
        raise Refused(
            "ValidationError",
            f"1 validation error detected: Value '{name}' at 'changeSetName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*",
        )


def _stack_for(call: Call, kind: str) -> Stack:
    name = call.params["StackName"]
    existing = stacks(call).get(name) if name.startswith("arn:") else live(call, name)
    if kind == "CREATE":
        if existing is not None and existing.status != "REVIEW_IN_PROGRESS":
            set_name = call.params["ChangeSetName"]
            raise Refused(
                "ValidationError",
                f"Stack [{name}] already exists and cannot be created again with the changeSet [{set_name}].",
            )
        return existing or new_stack(call, name)
    if existing is None or existing.status == "DELETE_COMPLETE":
        raise Refused("ValidationError", f"Stack [{name}] does not exist")
    require_updatable(existing, call.params.get("OnStackFailure") == "DO_NOTHING")
    return existing


def _compare(call: Call, made: ChangeSet) -> None:
    try:
        processing.transform(call, made.desired, made.credentials)
        plan = changes.plan(made.stack, made.desired, made.credentials)
    except (TransformFailed, Invalid, NotExported, Failed) as failed:
        made.status, made.reason, made.execution_status = "FAILED", str(failed), "UNAVAILABLE"
        return
    made.changes = plan.changes
    if not plan.differs and made.kind == "UPDATE":
        made.status, made.reason, made.execution_status = "FAILED", _NO_CHANGES, "UNAVAILABLE"


def change_set_of(call: Call) -> ChangeSet:
    """The change set of a request, by its ARN or by its name and stack."""
    name, stack_name = call.params["ChangeSetName"], call.params.get("StackName")
    if name.startswith("arn:"):
        for stack in stacks(call).values():
            for one in stack.change_sets.values():
                if one.id == name:
                    return one
        raise Refused("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)
    if not stack_name:
        raise Refused("ValidationError", "StackName must be specified if ChangeSetName is not specified as an ARN.")
    stack = found(call, stack_name, "Stack [{}] does not exist")
    if name not in stack.change_sets:
        raise Refused("ChangeSetNotFound", f"ChangeSet [{name}] does not exist", 404)
    return stack.change_sets[name]


@operation("ExecuteChangeSet")
def execute_change_set(call: Call) -> dict:
    """Do it. All other change sets of the stack go with it."""
    one = change_set_of(call)
    stack = one.stack
    if one.execution_status != "AVAILABLE":
        state = one.status if one.status == "FAILED" else one.execution_status
        raise Refused(
            "InvalidChangeSetStatus", f"ChangeSet [{one.id}] cannot be executed in its current status of [{state}]"
        )
    disable = call.params.get("DisableRollback", False) or one.on_failure == "DO_NOTHING"
    if one.kind == "UPDATE":
        require_updatable(stack, disable)
    for other in list(stack.change_sets.values()):
        if other is not one:
            del stack.change_sets[other.name]
    one.execution_status = "EXECUTE_IN_PROGRESS"
    stack.change_set_id = one.id
    stack.token = call.params.get("ClientRequestToken")
    stack.retain_except_on_create = call.params.get("RetainExceptOnCreate", False)
    if one.kind == "CREATE":
        stack.updated = stack.next_moment()
        stack.disable_rollback = disable
        on_failure = "DO_NOTHING" if disable else one.on_failure or "ROLLBACK"
        start_creation(call, stack, one.desired, one.credentials, on_failure)
    else:
        start_update(stack, one.desired, one.credentials, disable)
    done = stack.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE") or stack.is_busy
    one.execution_status = "EXECUTE_COMPLETE" if done else "EXECUTE_FAILED"
    return {}


@operation("DeleteChangeSet")
def delete_change_set(call: Call) -> dict:
    """A stack that only a change set was made for stays in review, as on AWS."""
    try:
        one = change_set_of(call)
    except Refused as refusal:
        if refusal.code == "ChangeSetNotFound":
            return {}
        raise
    if one.execution_status == "EXECUTE_IN_PROGRESS":
        raise Refused(
            "InvalidChangeSetStatus", f"ChangeSet [{one.id}] cannot be deleted in its current status of [{one.status}]"
        )
    one.stack.change_sets.pop(one.name, None)
    return {}
