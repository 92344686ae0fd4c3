"""A single state of a definition: its type, the fields it has and may not have, time-outs, Retry and Catch.

https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

import re
from typing import Any

from course.data import value

from .choice_faults import choices_faults
from .payload_faults import is_expression, payload_faults, schema
from .resource_faults import resource_faults

__all__ = ["schema", "seconds_faults", "state_faults", "transitions"]

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
_RETRY = {
    "ErrorEquals",
    "IntervalSeconds",
    "MaxAttempts",
    "BackoffRate",
    "MaxDelaySeconds",
    "JitterStrategy",
    "Comment",
}
_CATCH = {
    "JSONPath": {"ErrorEquals", "Next", "ResultPath", "Assign", "Comment"},
    "JSONata": {"ErrorEquals", "Next", "Output", "Assign", "Comment"},
}


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
        faults += _wait_faults(state, here, language)
    elif found == "Choice" and state.get("Choices"):
        faults += choices_faults(state["Choices"], here, language)
    elif found == "Map":
        faults += _map_faults(state, here, language, kind)
    elif found == "Parallel" and not isinstance(state.get("Branches", []), list):
        faults.append(schema("The field 'Branches' should be a list", f"{here}/Branches"))
    faults += _time_faults(state, here, language)
    faults += _error_faults(state, here, language)
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


# Times ------------------------------------------------------------------------------------------------------------------


def seconds_faults(
    holder: dict, field: str, here: str, language: str = "JSONPath", least: int | None = None
) -> list[str]:
    """A whole number of seconds in AWS's range, or an expression where JSONata is spoken."""
    if field not in holder or (language == "JSONata" and is_expression(holder[field])):
        return []
    bottom, most = value("step_functions.timeouts.seconds")
    bottom = bottom if least is None else least
    if isinstance(holder[field], bool) or not isinstance(holder[field], int) or not bottom <= holder[field] <= most:
        return [schema(f"The field '{field}' should be a whole number from {bottom} to {most}", f"{here}/{field}")]
    return []


def _time_faults(state: dict, here: str, language: str) -> list[str]:
    faults = []
    for field in sorted(_TIMES):
        faults += seconds_faults(state, field, here, language)
        if field in state and f"{field}Path" in state:
            faults.append(schema(f"'{field}' and '{field}Path' exclude each other", here))
    timeout, heartbeat = state.get("TimeoutSeconds"), state.get("HeartbeatSeconds")
    if not faults and isinstance(timeout, int) and isinstance(heartbeat, int) and heartbeat >= timeout:
        faults.append(schema("'HeartbeatSeconds' must be smaller than 'TimeoutSeconds'", f"{here}/HeartbeatSeconds"))
    return faults


def _wait_faults(state: dict, here: str, language: str) -> list[str]:
    ways = (
        ("Seconds", "Timestamp") if language == "JSONata" else ("Seconds", "Timestamp", "SecondsPath", "TimestampPath")
    )
    if len(set(ways) & set(state)) != 1:
        return [schema(f"Exactly one of {', '.join(ways)} is required", here)]
    faults = seconds_faults(state, "Seconds", here, language, least=0)
    moment = state.get("Timestamp")
    if moment is not None and not (language == "JSONata" and is_expression(moment)) and not is_timestamp(moment):
        faults.append(
            schema("The field 'Timestamp' should be a timestamp such as 2026-11-28T12:00:00Z", f"{here}/Timestamp")
        )
    return faults


def is_timestamp(given: Any) -> bool:
    """RFC 3339 with a capital T, and Z or an offset."""
    return isinstance(given, str) and bool(
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", given)
    )


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


# Errors -----------------------------------------------------------------------------------------------------------------


def _error_faults(state: dict, here: str, language: str) -> list[str]:
    faults = []
    for field, allowed in (("Retry", _RETRY), ("Catch", _CATCH[language])):
        if field not in state:
            continue
        listed, count = state[field], 0
        if not isinstance(listed, list):
            faults.append(schema(f"The field '{field}' should be a list", f"{here}/{field}"))
            continue
        for number, one in enumerate(listed):
            place = f"{here}/{field}[{number}]"
            if not isinstance(one, dict):
                faults.append(schema("The value should be a JSON object", place))
                continue
            errors = one.get("ErrorEquals")
            if not isinstance(errors, list) or not errors or not all(isinstance(name, str) for name in errors):
                faults.append(schema("The field 'ErrorEquals' is required", place))
            elif "States.ALL" in errors and (len(errors) > 1 or number + 1 < len(listed)):
                faults.append(schema(f"States.ALL must appear alone and in the last {field}", f"{place}/ErrorEquals"))
            faults += [
                schema(f"Field '{name}' is not supported", f"{place}/{name}") for name in one if name not in allowed
            ]
            if field == "Retry":
                faults += _retry_faults(one, place)
            elif not isinstance(one.get("Next"), str):
                faults.append(schema("These fields are required: [Next]", place))
            else:
                faults += payload_faults(one, place, language)
            count += 1
    return faults


def _retry_faults(retrier: dict, place: str) -> list[str]:
    faults = []
    for field, limit in (("IntervalSeconds", "interval"), ("MaxAttempts", "attempts"), ("MaxDelaySeconds", "delay")):
        least, most = value(f"step_functions.retry.{limit}")
        given = retrier.get(field, least)
        if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
            faults.append(
                schema(f"The field '{field}' should be a whole number from {least} to {most}", f"{place}/{field}")
            )
    least = value("step_functions.retry.backoff")
    rate = retrier.get("BackoffRate", least)
    if isinstance(rate, bool) or not isinstance(rate, (int, float)) or rate < least:
        faults.append(schema(f"The field 'BackoffRate' should be a number of {least} or more", f"{place}/BackoffRate"))
    if retrier.get("JitterStrategy", "NONE") not in ("FULL", "NONE"):
        faults.append(
            schema(
                "The field 'JitterStrategy' should have one of these values: [FULL, NONE]", f"{place}/JitterStrategy"
            )
        )
    if not faults and "MaxDelaySeconds" in retrier and retrier["MaxDelaySeconds"] <= retrier.get("IntervalSeconds", 1):
        faults.append(schema("'MaxDelaySeconds' must be greater than 'IntervalSeconds'", f"{place}/MaxDelaySeconds"))
    return faults
