"""A single state of a definition: its type, the fields it has and may not have, time-outs, Retry and Catch.

https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

from .choice_faults import choices_faults
from .error_faults import error_faults
from .payload_faults import is_expression, payload_faults, schema
from .resource_faults import resource_faults
from .time_faults import time_faults, wait_faults

_TYPES = ("Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map")
_ENDING = ("Succeed", "Fail")
_REQUIRED = {"Task": ("Resource",), "Choice": ("Choices",), "Parallel": ("Branches",)}
_COMMON = {"Type", "Comment", "QueryLanguage"}
_FLOW = {"Next", "End"}
_ERRORS = {"Retry", "Catch"}
_TIMES = {"TimeoutSeconds", "HeartbeatSeconds"}
_MAP = {
    *(
        "ItemProcessor",
        "Iterator",
        "ItemSelector",
        "ItemReader",
        "ItemBatcher",
        "ResultWriter",
        "MaxConcurrency",
        "Label",
    ),
    *("ToleratedFailureCount", "ToleratedFailurePercentage"),
}
# The fields of each type, without Type, Comment and QueryLanguage.
_FIELDS = {
    "JSONPath": {
        "Task": _FLOW | _ERRORS | _TIMES | {f"{one}Path" for one in _TIMES} | {
            *("InputPath", "OutputPath", "Resource", "Parameters", "ResultSelector", "ResultPath", "Credentials", "Assign")
        },
        "Pass": _FLOW | {"InputPath", "OutputPath", "Result", "ResultPath", "Parameters", "Assign"},
        "Wait": _FLOW | {"InputPath", "OutputPath", "Seconds", "SecondsPath", "Timestamp", "TimestampPath", "Assign"},
        "Choice": {"InputPath", "OutputPath", "Choices", "Default", "Assign"},
        "Succeed": {"InputPath", "OutputPath"},
        "Fail": {"Error", "ErrorPath", "Cause", "CausePath"},
        "Parallel": _FLOW | _ERRORS | {
            *("InputPath", "OutputPath", "Branches", "Parameters", "ResultSelector", "ResultPath", "Assign")
        },
        "Map": _FLOW | _ERRORS | _MAP | {
            *("InputPath", "OutputPath", "ItemsPath", "Parameters", "ResultSelector", "ResultPath", "Assign"),
            *("MaxConcurrencyPath", "ToleratedFailureCountPath", "ToleratedFailurePercentagePath"),
        },
    },
    "JSONata": {
        "Task": _FLOW | _ERRORS | _TIMES | {"Resource", "Arguments", "Output", "Assign", "Credentials"},
        "Pass": _FLOW | {"Output", "Assign"},
        "Wait": _FLOW | {"Seconds", "Timestamp", "Output", "Assign"},
        "Choice": {"Choices", "Default", "Output", "Assign"},
        "Succeed": {"Output"},
        "Fail": {"Error", "Cause"},
        "Parallel": _FLOW | _ERRORS | {"Branches", "Arguments", "Output", "Assign"},
        "Map": _FLOW | _ERRORS | (_MAP - {"Iterator"}) | {"Items", "Output", "Assign"},
    },
}  # fmt: skip


def state_faults(state: dict, here: str, language: str, kind: str) -> list[str]:
    """The faults of one state. language: JSONPath or JSONata. kind: STANDARD or EXPRESS."""
    found = state.get("Type")
    if found is None:
        return [schema("The field 'Type' is required", here)]
    if found not in _TYPES:
        return [schema(f"The field 'Type' should have one of these values: [{', '.join(_TYPES)}]", f"{here}/Type")]
    allowed = _COMMON | _FIELDS[language][found]
    faults = [schema(f"Field '{field}' is not supported", f"{here}/{field}") for field in state if field not in allowed]
    faults += [
        schema(f"The field '{field}' is required", here) for field in _REQUIRED.get(found, ()) if not state.get(field)
    ]
    faults += _flow_faults(state, found, here)
    if found == "Task" and state.get("Resource"):
        faults += resource_faults(state, here, language, kind)
    elif found == "Wait":
        faults += wait_faults(state, here, language)
    elif found == "Choice" and state.get("Choices"):
        faults += choices_faults(state["Choices"], here, language)
    elif found == "Map":
        faults += _map_faults(state, here, language, kind)
    elif found == "Parallel" and not isinstance(state.get("Branches", []), list):
        faults.append(schema("The field 'Branches' should be a list", f"{here}/Branches"))
    faults += time_faults(state, here, language)
    faults += error_faults(state, here, language)
    return faults + payload_faults(state, here, language)


def _flow_faults(state: dict, kind: str, here: str) -> list[str]:
    if kind in (*_ENDING, "Choice"):
        return []
    faults = []
    if "Next" in state and not isinstance(state["Next"], str):
        faults.append(schema("The field 'Next' should be a text", f"{here}/Next"))
    if "End" in state and not isinstance(state["End"], bool):
        faults.append(schema("The field 'End' should be true or false", f"{here}/End"))
    if "Next" in state and state.get("End"):
        faults.append(schema("'Next' and 'End' exclude each other", here))
    elif "Next" not in state and state.get("End") is not True:
        faults.append(schema("These fields are required: [Next] or [End]", here))
    return faults


def transitions(state: dict) -> list[tuple[str, str]]:
    """Where a state can go, and the field that says so."""
    found = [(state["Next"], "Next")] if isinstance(state.get("Next"), str) and state.get("Type") not in _ENDING else []
    if isinstance(state.get("Default"), str):
        found.append((state["Default"], "Default"))
    for field in ("Choices", "Catch"):
        listed = state.get(field)
        for number, one in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(one, dict) and isinstance(one.get("Next"), str):
                found.append((one["Next"], f"{field}[{number}]/Next"))
    return found


def _map_faults(state: dict, here: str, language: str, kind: str) -> list[str]:
    held = [field for field in ("ItemProcessor", "Iterator") if field in state]
    if len(held) != 1 or not isinstance(state[held[0]], dict):
        return [schema("The field 'ItemProcessor' is required" if not held else "One 'ItemProcessor' is allowed", here)]
    faults = []
    config = state[held[0]].get("ProcessorConfig") or {}
    mode, place = config.get("Mode", "INLINE"), f"{here}/{held[0]}/ProcessorConfig"
    if mode not in ("INLINE", "DISTRIBUTED"):
        faults.append(
            schema("The field 'Mode' should have one of these values: [INLINE, DISTRIBUTED]", f"{place}/Mode")
        )
    if mode == "DISTRIBUTED":
        if config.get("ExecutionType") not in ("STANDARD", "EXPRESS"):
            faults.append(
                schema("The field 'ExecutionType' should have one of these values: [STANDARD, EXPRESS]", place)
            )
        if kind == "EXPRESS":
            faults.append(schema("Express state machine does not support a Distributed Map", f"{place}/Mode"))
    else:
        for field in ("ItemReader", "ItemBatcher", "ResultWriter", "Label"):
            if field in state:
                faults.append(schema(f"Field '{field}' is not supported in INLINE mode", f"{here}/{field}"))
    for field, most in (("MaxConcurrency", None), ("ToleratedFailureCount", None), ("ToleratedFailurePercentage", 100)):
        given = state.get(field, 0)
        if language == "JSONata" and is_expression(given):
            continue
        if isinstance(given, bool) or not isinstance(given, (int, float)) or given < 0 or (most and given > most):
            faults.append(schema(f"The field '{field}' should be a number of 0 or more", f"{here}/{field}"))
    return faults
