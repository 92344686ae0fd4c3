"""TestState: run one state with an input, without a state machine. moto lacks the operation.

A state of its own, or one of a whole definition by its name; Map and Parallel states, and integrations that wait, only
with a mock. Not covered: HTTP tasks' requests, and what a mock says of a Map's items.
https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from .. import ids
from ..gate import Call, Refused, answers
from .definition_faults import LANGUAGES
from .execution_status import as_text
from .interpreter import ready
from .state_faults import state_faults
from .task_roles import CANNOT_ASSUME, may_assume

_LEVELS = ("INFO", "DEBUG", "TRACE")


def _json(call: Call, field: str, default: str = "{}") -> Any:
    try:
        return json.loads(call.params.get(field, default))
    except (ValueError, RecursionError) as error:
        raise Refused("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{error}'") from None


def _state(call: Call) -> dict:
    """The state of the request; Refused with its faults."""
    try:
        definition = json.loads(call.params["definition"])
    except (ValueError, RecursionError) as error:
        raise _invalid([f"INVALID_JSON_DESCRIPTION: {error}"]) from None
    if not isinstance(definition, dict):
        raise _invalid(["SCHEMA_VALIDATION_FAILED: The value should be a JSON object at /"])
    name = call.params.get("stateName")
    if name:
        states = definition.get("States")
        state = states.get(name) if isinstance(states, dict) else None
        if not isinstance(state, dict):
            raise Refused("ValidationException", f"State not found: the definition has no state '{name}'")
        state = {"QueryLanguage": definition["QueryLanguage"], **state} if "QueryLanguage" in definition else state
    elif "States" in definition:
        raise Refused(
            "ValidationException", "The definition is of a state machine: stateName must say which state to test"
        )
    else:
        state = definition
    language = state.get("QueryLanguage", "JSONPath")
    if language not in LANGUAGES:
        raise _invalid(
            [
                f"SCHEMA_VALIDATION_FAILED: The field 'QueryLanguage' should have one of these values: [{', '.join(LANGUAGES)}] at /QueryLanguage"
            ]
        )
    faults = state_faults(state, "", language, "STANDARD")
    if faults:
        raise _invalid(faults)
    return state


def _invalid(faults: list[str]) -> Refused:
    listed = ", ".join(f"'{fault}'" for fault in faults)
    return Refused("InvalidDefinition", f"Invalid State Machine Definition: {listed}")


@answers("stepfunctions", "TestState")
def test_state(call: Call) -> dict:
    """What the state gives and where it leads, or its error; and what it saw on the way, if asked."""
    level = call.params.get("inspectionLevel", "INFO")
    if level not in _LEVELS:
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{level}' at 'inspectionLevel' failed to satisfy constraint: Member must "
            f"satisfy enum value set: [{', '.join(_LEVELS)}]",
        )
    state, mock = _state(call), call.params.get("mock")
    given, variables = _json(call, "input"), _json(call, "variables")
    role = call.params.get("roleArn")
    _require_testable(call, state, mock, role)
    if mock is not None and state["Type"] in ("Map", "Parallel"):
        # What the branches would do is mocked, so a Task that is mocked stands for the whole state.
        kept = ("Comment", "QueryLanguage", "InputPath", "OutputPath", "Parameters", "ResultSelector", "ResultPath")
        kept += ("Arguments", "Output", "Assign", "Next", "End", "Retry", "Catch")
        state = {key: one for key, one in state.items() if key in kept}
        state |= {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke"}
        state.setdefault(
            "Arguments" if state.get("QueryLanguage") == "JSONata" else "Parameters", {"FunctionName": "f"}
        )
    execution = _executed(call, state, given, variables, mock, role)
    return _shown(execution, state, level)


def _require_testable(call: Call, state: dict, mock: Any, role: str | None) -> None:
    if mock is not None:
        if ("result" in mock) == ("errorOutput" in mock):
            raise Refused("ValidationException", "A mock has either a result or an errorOutput")
        if state["Type"] not in ("Task", "Map", "Parallel"):
            raise Refused("ValidationException", f"State type {state['Type']} does not support a mock")
        if "result" in mock:
            try:
                json.loads(mock["result"])
            except ValueError:
                raise Refused("ValidationException", "The result of a mock must be valid JSON") from None
        return
    if state["Type"] in ("Map", "Parallel"):
        raise Refused("ValidationException", f"State type {state['Type']} is supported only with a mock")
    if state["Type"] != "Task":
        return
    resource = state["Resource"]
    if ":activity:" in resource or resource.endswith((".sync", ".sync:2", ".waitForTaskToken")):
        raise Refused("ValidationException", f"The resource {resource} is supported only with a mock")
    if role is None:
        raise Refused("ValidationException", "A roleArn is required to test a Task state without a mock")
    if not may_assume(role, f"arn:aws:states:{call.region}:{call.account_id}:stateMachine:*"):
        raise Refused("AccessDeniedException", CANNOT_ASSUME)


def _executed(call: Call, state: dict, given: Any, variables: dict, mock: Any, role: str | None) -> Any:
    from moto.stepfunctions.parser.backend.test_state.execution import TestStateExecution

    ready()
    draw = ids.stream("tested states")
    name = f"TestState-{draw.getrandbits(32):08x}"
    arn = f"arn:aws:states:{call.region}:{call.account_id}:"
    machine = SimpleNamespace(
        arn=f"{arn}stateMachine:{name}", name=name, sm_type="STANDARD", definition=json.dumps(state)
    )
    execution = TestStateExecution(
        name=name,
        role_arn=role or f"arn:aws:iam::{call.account_id}:role/none",
        exec_arn=f"{arn}execution:{name}:{name}",
        account_id=call.account_id,
        region_name=call.region,
        state_machine=machine,
        start_date=datetime.now(UTC),
        input_data=json.dumps(given),
        activity_store={},
    )
    worker = execution._get_start_execution_worker()
    begin, entry = worker._get_evaluation_environment, worker._get_evaluation_entrypoint

    def environment() -> Any:
        made = begin()
        for variable, one in variables.items():
            made.variable_store.set(variable, one)
        execution.environment = made
        return made

    def entrypoint() -> Any:
        program = entry()
        if mock is not None:
            program.test_state._eval_execution = _mocked(mock)
        # One attempt tells what Retry would do; TestState waits for nothing.
        program.test_state.retry = None
        return program

    worker._get_evaluation_environment, worker._get_evaluation_entrypoint = environment, entrypoint
    execution.exec_worker = worker
    from moto.stepfunctions.parser.api import ExecutionStatus

    execution.exec_status = ExecutionStatus.RUNNING
    worker.start()
    return execution


def _mocked(mock: dict) -> Any:
    def eval_execution(env: Any) -> None:
        if "result" in mock:
            result = json.loads(mock["result"])
            env.stack.append(result)
            env.inspection_data["result"] = json.dumps(result)
            return
        from .task_errors import failure

        error = mock["errorOutput"]
        from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEventException

        details = {"error": error.get("error", ""), "cause": error.get("cause", "")}
        raise FailureEventException(failure(env, details["error"], "TaskFailed", {"taskFailedEventDetails": details}))

    return eval_execution


def _shown(execution: Any, state: dict, level: str) -> dict:
    env = execution.exec_worker.env
    error, cause = execution.error, execution.cause
    shown: dict[str, Any] = {}
    events = env.event_manager.get_event_history() if env else []
    failed = [one for one in events if "Failed" in one["type"] or "TimedOut" in one["type"]]
    if execution.status == "SUCCEEDED":
        shown["status"] = "SUCCEEDED"
        shown["output"] = as_text(execution.output)
        shown["nextState"] = execution.next_state or state.get("Next")
        caught = _caught(failed, state)
        if caught is not None:
            shown |= {"status": "CAUGHT_ERROR", **caught}
    else:
        shown["status"], shown["error"], shown["cause"] = "FAILED", error, cause
    if failed and _retrier(state, failed[-1]) is not None:
        details = _details(failed[-1])
        shown = {"status": "RETRIABLE", "error": details.get("error"), "cause": details.get("cause")}
    if level != "INFO" and env:
        shown["inspectionData"] = {key: one for key, one in env.inspection_data.items() if one is not None}
        assigned = env.variable_store.get_assigned_variables()
        if assigned:
            held = {name: env.variable_store.get(name) for name in assigned}
            shown["inspectionData"]["variables"] = as_text(held)
    return {key: one for key, one in shown.items() if one is not None}


def _details(event: dict) -> dict:
    return next((one for key, one in event.items() if key.endswith("EventDetails") and isinstance(one, dict)), {})


def _matches(names: list[str], error: str) -> bool:
    if error in names:
        return True
    if "States.TaskFailed" in names and not error.startswith("States."):
        return True
    return "States.ALL" in names and error not in ("States.DataLimitExceeded", "States.Runtime")


def _retrier(state: dict, event: dict) -> int | None:
    """The first Retry that would try again."""
    error = _details(event).get("error", "")
    for number, one in enumerate(state.get("Retry") or ()):
        if _matches(one["ErrorEquals"], error):
            return number if one.get("MaxAttempts", 3) > 0 else None
    return None


def _caught(failed: list[dict], state: dict) -> dict | None:
    if not failed:
        return None
    details = _details(failed[-1])
    for one in state.get("Catch") or ():
        if _matches(one["ErrorEquals"], details.get("error", "")):
            return {"nextState": one["Next"], "error": details.get("error"), "cause": details.get("cause")}
    return None
