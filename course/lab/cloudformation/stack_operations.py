"""CreateStack, UpdateStack, DeleteStack and what else changes a stack.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
"""

from __future__ import annotations

import contextlib

from botocore.credentials import Credentials

from ..gate import Call, Refused
from . import changes, exports, processing, resource_types, stack_policies
from .caller import Failed, credentials_of
from .creation import Creation
from .deletion import Deletion
from .deployment import advance
from .exports import NotExported
from .operations import operation
from .processing import TransformFailed
from .scope import Desired
from .state import Stack, found, live, new_stack, stacks
from .updating import Update

resource_types.load()

_UPDATABLE = (
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
)
# With rollback switched off these two can be updated as well.
_FAILED = ("CREATE_FAILED", "UPDATE_FAILED")


@operation("CreateStack")
def create_stack(call: Call) -> dict:
    """Make the stack, whole or not at all; the answer comes when it is done, as far as it waits for nothing."""
    params, name = call.params, call.params["StackName"]
    fresh = new_stack(call, name)
    on_failure = _on_failure(call)
    existing = live(call, name)
    if existing is not None and existing.status != "REVIEW_IN_PROGRESS":
        raise Refused("AlreadyExistsException", f"Stack [{name}] already exists")
    policy = stack_policies.from_request(call, "StackPolicyBody", "StackPolicyURL")
    credentials = credentials_of(call, params.get("RoleARN"))
    wanted = processing.desired(call, None, credentials)
    stack = existing or fresh
    if "transform" not in wanted.settings:
        require_resolvable(stack, wanted, credentials)
    for change_set in stack.change_sets.values():
        change_set.execution_status = "OBSOLETE"
    stacks(call)[stack.id] = stack
    stack.policy = policy
    stack.protected = params.get("EnableTerminationProtection", False)
    stack.timeout = params.get("TimeoutInMinutes")
    stack.disable_rollback = on_failure == "DO_NOTHING"
    stack.retain_except_on_create = params.get("RetainExceptOnCreate", False)
    stack.token = params.get("ClientRequestToken")
    start_creation(call, stack, wanted, credentials, on_failure)
    return {"StackId": stack.id}


def require_resolvable(stack: Stack, wanted: Desired, credentials: Credentials) -> None:
    """Invalid for functions that cannot be resolved, which AWS finds before it makes the stack."""
    with contextlib.suppress(NotExported, Failed):  # these are found on the way
        changes.plan(stack, wanted, credentials)


def _on_failure(call: Call) -> str:
    given, disable = call.params.get("OnFailure"), call.params.get("DisableRollback")
    if given is not None and disable is not None:
        raise Refused("ValidationError", "You can specify either DisableRollback or OnFailure, but not both")
    return given or ("DO_NOTHING" if disable else "ROLLBACK")


def start_creation(
    call: Call, stack: Stack, wanted: Desired, credentials: Credentials, on_failure: str = "ROLLBACK"
) -> None:
    """Do the transforms and create the resources of a stack that is registered."""
    try:
        processing.transform(call, wanted, credentials)
    except TransformFailed as failed:
        stack.template = {"Resources": {}}
        settle(stack, wanted)
        stack.told("CREATE_IN_PROGRESS", "User Initiated")
        reason = str(failed)
        stack.told("ROLLBACK_IN_PROGRESS", f"{reason}. Rollback requested by user.")
        stack.deleted = stack.next_moment()
        stack.told("ROLLBACK_COMPLETE")
        return
    settle(stack, wanted)
    stack.running = Creation(stack, wanted, credentials).create(on_failure)
    advance(stack)


def settle(stack: Stack, wanted: Desired) -> None:
    """What the stack shows from now on: the settings of the request, and for a new one all of it."""
    wanted.settings.pop("transform", None)
    for name, value in wanted.settings.items():
        setattr(stack, name, value)
    if not stack.template:
        stack.body, stack.template, stack.tags = wanted.body, wanted.template, wanted.tags
        stack.parameters, stack.resolved_parameters = wanted.parameters, wanted.resolved


@operation("UpdateStack")
def update_stack(call: Call) -> dict:
    """Bring the stack to the new template and parameters, or leave all as it was."""
    stack = found(call, call.params["StackName"], "Stack [{}] does not exist")
    require_updatable(stack, call.params.get("DisableRollback", False))
    policy = stack_policies.from_request(call, "StackPolicyBody", "StackPolicyURL")
    once = stack_policies.from_request(call, "StackPolicyDuringUpdateBody", "StackPolicyDuringUpdateURL")
    credentials = credentials_of(call, call.params.get("RoleARN", stack.role_arn))
    wanted = processing.desired(call, stack, credentials)
    try:
        processing.transform(call, wanted, credentials)
    except TransformFailed as failed:
        stack.updated = stack.next_moment()
        for status in ("UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"):
            reason = {"UPDATE_IN_PROGRESS": "User Initiated", "UPDATE_ROLLBACK_IN_PROGRESS": str(failed)}.get(status)
            stack.told(status, reason)
        return {"StackId": stack.id}
    plan = changes.plan(stack, wanted, credentials)
    if not plan.differs and stack.status in _UPDATABLE:
        raise Refused("ValidationError", "No updates are to be performed.")
    stack.policy = policy or stack.policy
    stack.token = call.params.get("ClientRequestToken")
    start_update(stack, wanted, credentials, call.params.get("DisableRollback", False), once)
    return {"StackId": stack.id}


def require_updatable(stack: Stack, disable_rollback: bool = False) -> None:
    """Refused for a stack in a state in which AWS does not update it."""
    if stack.status in _UPDATABLE or (disable_rollback and stack.status in _FAILED):
        return
    if stack.status in _FAILED and stack.disable_rollback:
        return
    raise Refused("ValidationError", f"Stack:{stack.id} is in {stack.status} state and can not be updated.")


def start_update(
    stack: Stack, wanted: Desired, credentials: Credentials, disable_rollback: bool = False, policy: str | None = None
) -> None:
    """Begin an update that has been checked; `policy` counts during it instead of the stack's own."""
    settle(stack, wanted)
    steps = Update(stack, wanted, credentials).update(disable_rollback)
    stack.running = _with_policy(stack, policy, steps) if policy else steps
    advance(stack)


def _with_policy(stack: Stack, policy: str, steps):
    own, stack.policy = stack.policy, policy
    try:
        yield from steps
    finally:
        stack.policy = own


@operation("DeleteStack")
def delete_stack(call: Call) -> dict:
    """Delete the stack and its resources; a stack that is not there is deleted already.

    An export in use cancels the deletion: AWS accepts the call, and the stack shows why it is still there.
    """
    try:
        stack = found(call, call.params["StackName"])
    except Refused:
        return {}
    if stack.status == "DELETE_COMPLETE":
        return {}
    if stack.protected:
        raise Refused(
            "ValidationError", f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
        )
    retain = call.params.get("RetainResources", [])
    if retain:
        _require_retainable(stack, retain)
    credentials = credentials_of(call, call.params.get("RoleARN", stack.role_arn))
    in_use = exports.in_use(stack)
    if in_use:
        stack.told("DELETE_IN_PROGRESS", "User Initiated")
        stack.told("UPDATE_COMPLETE" if stack.updated else "CREATE_COMPLETE", in_use)
        return {}
    stack.token = call.params.get("ClientRequestToken")
    forced = call.params.get("DeletionMode") == "FORCE_DELETE_STACK" and stack.status == "DELETE_FAILED"
    Deletion(
        stack,
        Desired(stack.body, stack.template or {"Resources": {}}, stack.parameters, stack.resolved_parameters),
        credentials,
    ).delete(retain, forced)
    return {}


def _require_retainable(stack: Stack, retain: list[str]) -> None:
    if stack.status != "DELETE_FAILED":
        raise Refused(
            "ValidationError",
            f"Invalid operation on stack [{stack.id}]. When you delete a stack, specify which resources to retain only "
            "when the stack is in the DELETE_FAILED state.",
        )
    unknown = [name for name in retain if name not in stack.resources]
    if unknown:
        raise Refused(
            "ValidationError", f"The following resources to retain do not exist in the stack: [{', '.join(unknown)}]"
        )


@operation("UpdateTerminationProtection")
def update_termination_protection(call: Call) -> dict:
    stack = found(call, call.params["StackName"])
    if stack.parent_id:
        raise Refused(
            "ValidationError", "Cannot update termination protection on a nested stack; update it on the root stack."
        )
    stack.protected = call.params["EnableTerminationProtection"]
    return {"StackId": stack.id}


operation("SetStackPolicy")(stack_policies.set_stack_policy)
operation("GetStackPolicy")(stack_policies.get_stack_policy)
operation("ListExports")(exports.list_exports)
operation("ListImports")(exports.list_imports)
