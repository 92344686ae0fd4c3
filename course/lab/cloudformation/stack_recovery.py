"""What ends, undoes or lets go on a stack that is on its way: cancelling, rolling back, signals."""

from __future__ import annotations

from ..gate import Call, Refused
from . import signals
from .caller import credentials_of
from .creation import Creation
from .deployment import advance
from .operations import operation
from .scope import Desired
from .state import found
from .updating import Update


@operation("CancelUpdateStack")
def cancel_update_stack(call: Call) -> dict:
    """Only an update that waits for something can be cancelled here; all others are over when their call returns."""
    stack = found(call, call.params["StackName"])
    if stack.status != "UPDATE_IN_PROGRESS":
        raise Refused("ValidationError", "CancelUpdateStack cannot be called from current stack status")
    running, stack.running = stack.running, None
    update = getattr(running, "gi_frame", None)
    update = update.f_locals.get("self") if update is not None else None
    if isinstance(update, Update):
        stack.running = update.failed("User Initiated", False)
        advance(stack)
    return {}


@operation("ContinueUpdateRollback")
def continue_update_rollback(call: Call) -> dict:
    stack = found(call, call.params["StackName"])
    if stack.status != "UPDATE_ROLLBACK_FAILED":
        raise Refused(
            "ValidationError",
            f"Stack:{stack.id} is in {stack.status} state and can not continue rollback of the update.",
        )
    stack.told("UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
    stack.running = stack.journal.roll_back(tuple(call.params.get("ResourcesToSkip", ())))
    advance(stack)
    return {}


@operation("RollbackStack")
def rollback_stack(call: Call) -> dict:
    stack = found(call, call.params["StackName"])
    credentials = credentials_of(call, call.params.get("RoleARN", stack.role_arn))
    if stack.status == "CREATE_FAILED":
        stack.told("ROLLBACK_IN_PROGRESS", "User Initiated")
        desired = Desired(stack.body, stack.template, stack.parameters, stack.resolved_parameters)
        Creation(stack, desired, credentials).undo("ROLLBACK")
    elif stack.status == "UPDATE_FAILED" and stack.journal is not None:
        stack.told("UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
        stack.running = stack.journal.roll_back()
        advance(stack)
    else:
        raise Refused("ValidationError", f"Stack:{stack.id} is in {stack.status} state and can not be rolled back.")
    return {"StackId": stack.id}


@operation("SignalResource")
def signal_resource(call: Call) -> dict:
    stack = found(call, call.params["StackName"])
    signals.receive(stack, call.params["LogicalResourceId"], call.params["UniqueId"], call.params["Status"])
    advance(stack)
    return {}
