"""Seconds and timestamps in a definition: time-outs, heartbeats, and how long a Wait state waits.

https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
"""

from __future__ import annotations

import re
from typing import Any

from course.data import value

from .payload_faults import is_expression, schema

_TIMES = ("HeartbeatSeconds", "TimeoutSeconds")


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


def time_faults(state: dict, here: str, language: str) -> list[str]:
    """The faults of a state's time-out and heartbeat."""
    faults = []
    for field in _TIMES:
        faults += seconds_faults(state, field, here, language)
        if field in state and f"{field}Path" in state:
            faults.append(schema(f"'{field}' and '{field}Path' exclude each other", here))
    timeout, heartbeat = state.get("TimeoutSeconds"), state.get("HeartbeatSeconds")
    if not faults and isinstance(timeout, int) and isinstance(heartbeat, int) and heartbeat >= timeout:
        faults.append(schema("'HeartbeatSeconds' must be smaller than 'TimeoutSeconds'", f"{here}/HeartbeatSeconds"))
    return faults


def wait_faults(state: dict, here: str, language: str) -> list[str]:
    """The faults of what a Wait state waits for."""
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
