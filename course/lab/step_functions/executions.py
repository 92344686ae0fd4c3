"""Executions: how they begin, Standard and Express, and how their end is shown.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html
https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
"""

from __future__ import annotations

import copy
import json
import weakref
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from course.data import value

from .. import ids
from ..gate import Call, Refused, answers
from .endings import end
from .execution_logs import log_of
from .execution_status import ending
from .names import require_name
from .versions import chosen

_begun: weakref.WeakSet = weakref.WeakSet()


def _new_name(stream: str = "executions") -> str:
    return str(UUID(int=ids.stream(stream).getrandbits(128), version=4))


def _require_input(text: str) -> None:
    most = value("step_functions.executions.input") * 1024
    if len(text.encode()) > most:
        raise Refused(
            "ValidationException",
            "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less "
            f"than or equal to {most}",
        )
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{error}'") from None


def _made(backend: Any, kind: Any, chosen: tuple, name: str | None, text: str, trace: str | None) -> Any:
    """moto's execution, not started yet; it keeps the definition of this moment."""
    machine, version, named = chosen
    name = name or _new_name()
    arn = f"arn:aws:states:{backend.region_name}:{backend.account_id}:execution:{machine.name}:{name}"
    if machine.type == "EXPRESS":
        arn = arn.replace(":execution:", ":express:") + f":{_new_name('express executions')}"
    kept = copy.copy(version)
    kept.arn, kept.executions, kept.sm_type = machine.arn, [], machine.type
    execution = kind(
        name=name,
        sm_type=machine.type,
        role_arn=version.roleArn,
        exec_arn=arn,
        account_id=backend.account_id,
        region_name=backend.region_name,
        state_machine=kept,
        start_date=datetime.now(UTC),
        cloud_watch_logging_session=log_of(machine, arn),
        input_data=text,
        trace_header=trace,
        activity_store=backend.__dict__.setdefault("_lab_activities", {}),
    )
    execution.named = named
    _begun.add(execution)
    return execution


def begin(
    backend: Any,
    state_machine_arn: str,
    name: str | None = None,
    execution_input: str | None = None,
    trace_header: str | None = None,
) -> Any:
    """Begin an execution, for a caller of the API as for a service such as EventBridge; Refused with AWS's errors.

    A Standard execution's name is its own for 90 days; the same name and input give the one that runs.
    """
    from moto.stepfunctions.parser.backend.execution import Execution

    found = chosen(backend, state_machine_arn)
    machine = found[0]
    if name is not None:
        require_name(name)
    text = "{}" if execution_input is None else execution_input
    _require_input(text)
    if machine.type != "EXPRESS" and name is not None:
        before = next((one for one in machine.executions if one.name == name), None)
        if before is not None:
            if before.status == "RUNNING" and before.execution_input == text:
                return before
            raise Refused("ExecutionAlreadyExists", f"Execution Already Exists: '{before.execution_arn}'")
    execution = _made(backend, Execution, found, name, text, trace_header)
    # Those of an Express workflow leave nothing behind but their log.
    if machine.type != "EXPRESS":
        machine.executions.append(execution)
    execution.start()
    return execution


@answers("stepfunctions", "StartExecution")
def start_execution(call: Call) -> dict:
    """Begin, and do not wait for the end."""
    params = call.params
    execution = begin(
        call.backend, params["stateMachineArn"], params.get("name"), params.get("input"), params.get("traceHeader")
    )
    return {"executionArn": execution.execution_arn, "startDate": execution.start_date}


@answers("stepfunctions", "StartSyncExecution")
def start_sync_execution(call: Call) -> dict:
    """Run an Express workflow and wait for its end; moto lacks it."""
    from moto.stepfunctions.parser.backend.execution import SyncExecution

    found = chosen(call.backend, call.params["stateMachineArn"])
    machine, name = found[0], call.params.get("name")
    if machine.type != "EXPRESS":
        raise Refused("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")
    if name is not None:
        require_name(name)
    text = call.params.get("input", "{}")
    _require_input(text)
    execution = _made(call.backend, SyncExecution, found, name, text, call.params.get("traceHeader"))
    execution.start()
    took = (execution.stop_date - execution.start_date).total_seconds() * 1000
    step = value("step_functions.express.billed_duration")
    shown = {
        "executionArn": execution.exec_arn,
        "stateMachineArn": machine.arn,
        "name": execution.name,
        "startDate": execution.start_date,
        "stopDate": execution.stop_date,
        "status": execution.status,
        "input": text,
        "inputDetails": {"included": True},
        "billingDetails": {
            "billedMemoryUsedInMB": value("step_functions.express.billed_memory"),
            "billedDurationInMilliseconds": int(-(-took // step) * step),
        },
    }
    return {**shown, **ending(execution)}


def end_executions() -> None:
    """Stop what runs, and wait until its threads have ended: the account is emptied."""
    begun = [one for one in _begun if one.exec_worker and one.status == "RUNNING"]
    _begun.clear()
    if begun:
        end(begun)
