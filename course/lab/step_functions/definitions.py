"""Step Functions: a definition with a fault is refused when it is created, with the place in the JSON.

https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
https://states-language.net/spec.html
"""

from __future__ import annotations

import json
import logging
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from .. import ids
from ..gate import Call, Refused, refuses

# moto writes a traceback for every error that a Catch catches.
logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL + 1)

_TYPES = ("Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map")
_ENDING = ("Succeed", "Fail")
_REQUIRED = {"Task": ("Resource",), "Choice": ("Choices",), "Parallel": ("Branches",)}


@refuses("stepfunctions", "CreateStateMachine", "UpdateStateMachine", "StartExecution", "StartSyncExecution")
def through_the_door(call: Call) -> None:
    """Nothing is refused here: a task's client comes through the account's door as every other.

    moto would look for its server on port 5000 as soon as its own stubber is off. Set when it is needed, because the
    interpreter behind it takes 0.3 s to import.
    """
    from moto.stepfunctions.parser.asl.utils import boto_client

    boto_client.botocore_stubber = SimpleNamespace(enabled=True)


@refuses("stepfunctions", "StartExecution")
def taken_name(call: Call) -> None:
    """Nothing is refused here: an execution without a name gets one of its own; moto's parser calls them all "None"."""
    from moto.stepfunctions.parser.models import StepFunctionsParserBackend

    if not getattr(StepFunctionsParserBackend.start_execution, "names_executions", False):
        StepFunctionsParserBackend.start_execution = _named(StepFunctionsParserBackend.start_execution)


def _named(start_execution: Any) -> Any:
    def named(self: Any, state_machine_arn: str, name: str | None = None, *rest: Any, **more: Any) -> Any:
        name = name or str(UUID(int=ids.stream("executions").getrandbits(128), version=4))
        return start_execution(self, state_machine_arn, name, *rest, **more)

    named.names_executions = True
    return named


@refuses("stepfunctions", "CreateStateMachine", "UpdateStateMachine")
def faulty_definition(call: Call) -> None:
    """InvalidDefinition with AWS's code for the fault and its place."""
    definition = call.params.get("definition")
    if definition is None:
        return
    faults = definition_faults(definition)
    if faults:
        listed = ", ".join(f"'{fault}'" for fault in faults)
        raise Refused("InvalidDefinition", f"Invalid State Machine Definition: {listed}")


def definition_faults(definition: str) -> list[str]:
    """What is wrong with an Amazon States Language document: "CODE: what at /States/Name/Field"; empty if nothing."""
    try:
        document = json.loads(definition)
    except (ValueError, RecursionError) as error:
        return [f"INVALID_JSON_DESCRIPTION: {error}"]
    if not isinstance(document, dict):
        return ["SCHEMA_VALIDATION_FAILED: The value should be a JSON object at /"]
    return _machine_faults(document, "")


def _machine_faults(machine: dict, place: str) -> list[str]:
    faults = []
    states = machine.get("States")
    if not isinstance(states, dict) or not states:
        return [f"SCHEMA_VALIDATION_FAILED: The field 'States' is required, with at least one state, at {place or '/'}"]
    start = machine.get("StartAt")
    if not isinstance(start, str):
        faults.append(f"SCHEMA_VALIDATION_FAILED: The field 'StartAt' is required at {place or '/'}")
    elif start not in states:
        faults.append(f"MISSING_TRANSITION_TARGET: Missing 'Next' target: {start} at {place}/StartAt")
    reached = {start}
    ends = False
    for name, state in states.items():
        here = f"{place}/States/{name}"
        if not isinstance(state, dict):
            faults.append(f"SCHEMA_VALIDATION_FAILED: The value should be a JSON object at {here}")
            continue
        faults += _state_faults(state, here)
        for target, where in _transitions(state):
            reached.add(target)
            if target not in states:
                faults.append(f"MISSING_TRANSITION_TARGET: Missing 'Next' target: {target} at {here}/{where}")
        ends |= state.get("End") is True or state.get("Type") in _ENDING
        faults += _nested_faults(state, here)
    if not ends and not faults:
        faults.append(f"MISSING_TERMINAL_STATE: No terminal state defined at {place}/States")
    if not faults:
        faults += _unreachable(start, states, place)
    return faults


def _state_faults(state: dict, here: str) -> list[str]:
    kind = state.get("Type")
    if kind is None:
        return [f"SCHEMA_VALIDATION_FAILED: The field 'Type' is required at {here}"]
    if kind not in _TYPES:
        return [
            f"SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [{', '.join(_TYPES)}] at {here}/Type"
        ]
    faults = [
        f"SCHEMA_VALIDATION_FAILED: The field '{field}' is required at {here}"
        for field in _REQUIRED.get(kind, ())
        if not state.get(field)
    ]
    if kind == "Map" and not (state.get("ItemProcessor") or state.get("Iterator")):
        faults.append(f"SCHEMA_VALIDATION_FAILED: The field 'ItemProcessor' is required at {here}")
    if kind in (*_ENDING, "Choice"):
        for field in ("Next", "End"):
            if field in state:
                faults.append(f"SCHEMA_VALIDATION_FAILED: Field '{field}' is not supported at {here}/{field}")
    elif "Next" in state and state.get("End"):
        faults.append(f"SCHEMA_VALIDATION_FAILED: 'Next' and 'End' exclude each other at {here}")
    elif "Next" not in state and state.get("End") is not True:
        faults.append(f"SCHEMA_VALIDATION_FAILED: These fields are required: [Next] or [End] at {here}")
    if kind == "Wait" and len({"Seconds", "Timestamp", "SecondsPath", "TimestampPath"} & set(state)) != 1:
        faults.append(
            "SCHEMA_VALIDATION_FAILED: Exactly one of Seconds, Timestamp, SecondsPath, TimestampPath is required at "
            f"{here}"
        )
    for field in ("Retry", "Catch"):
        for number, one in enumerate(state.get(field) or ()):
            errors = one.get("ErrorEquals") if isinstance(one, dict) else None
            if not errors:
                faults.append(
                    f"SCHEMA_VALIDATION_FAILED: The field 'ErrorEquals' is required at {here}/{field}[{number}]"
                )
            elif "States.ALL" in errors and (len(errors) > 1 or number + 1 < len(state[field])):
                faults.append(
                    f"SCHEMA_VALIDATION_FAILED: States.ALL must appear alone and in the last {field} at "
                    f"{here}/{field}[{number}]/ErrorEquals"
                )
    return faults


def _transitions(state: dict) -> list[tuple[str, str]]:
    """Where a state can go, and the field that says so."""
    found = [(state["Next"], "Next")] if isinstance(state.get("Next"), str) and state.get("Type") not in _ENDING else []
    if isinstance(state.get("Default"), str):
        found.append((state["Default"], "Default"))
    for field in ("Choices", "Catch"):
        for number, one in enumerate(state.get(field) or ()):
            if isinstance(one, dict) and isinstance(one.get("Next"), str):
                found.append((one["Next"], f"{field}[{number}]/Next"))
    return found


def _nested_faults(state: dict, here: str) -> list[str]:
    faults = []
    for number, branch in enumerate(state.get("Branches") or ()):
        if isinstance(branch, dict):
            faults += _machine_faults(branch, f"{here}/Branches[{number}]")
    for field in ("ItemProcessor", "Iterator"):
        if isinstance(state.get(field), dict):
            faults += _machine_faults(state[field], f"{here}/{field}")
    return faults


def _unreachable(start: str, states: dict, place: str) -> list[str]:
    reached, waiting = set(), [start]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [target for target, _ in _transitions(states[name])]
    return [
        f'MISSING_TRANSITION_TARGET: State "{name}" is not reachable. at {place}/States/{name}'
        for name in states
        if name not in reached
    ]
