"""A definition in the Amazon States Language: what is wrong with it, each fault with AWS's code and its place in the JSON.

Here the states as a whole: where they begin, lead to and end. What a single state may say stands in state_faults.py.
https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
https://states-language.net/spec.html
"""

from __future__ import annotations

import json
from typing import Any

from course.data import value

from .payload_faults import schema
from .state_faults import state_faults, transitions
from .time_faults import seconds_faults

_FIELDS = {"Comment", "StartAt", "States", "TimeoutSeconds", "Version", "QueryLanguage"}
_NESTED = {"Comment", "StartAt", "States", "QueryLanguage", "ProcessorConfig"}
LANGUAGES = ("JSONPath", "JSONata")


def faults_of(definition: str, kind: str = "STANDARD") -> list[str]:
    """ "CODE: what at /States/Name/Field" for each fault; empty if there is none. kind: STANDARD or EXPRESS."""
    try:
        document = json.loads(definition, object_pairs_hook=_Twice.of, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        return [f"INVALID_JSON_DESCRIPTION: {error}"]
    if not isinstance(document, dict):
        return [schema("The value should be a JSON object", "/")]
    faults = [schema(f"Field '{field}' is not supported", f"/{field}") for field in document if field not in _FIELDS]
    if document.get("Version", "1.0") != "1.0":
        faults.append(schema("The field 'Version' should have one of these values: [1.0]", "/Version"))
    faults += seconds_faults(document, "TimeoutSeconds", "")
    language, more = _language(document, "JSONPath", "")
    faults += more
    faults += _machine_faults(document, "", language, kind)
    names: dict[str, str] = {}
    for name, place in _names(document, ""):
        if name in names:
            faults.append(f"DUPLICATE_STATE_NAME: Duplicate State name: {name} at {place}")
        names[name] = place
    return list(dict.fromkeys(faults))


class _Twice(dict):
    """An object of the JSON, which remembers the keys that stand in it twice."""

    twice: tuple[str, ...] = ()

    @classmethod
    def of(cls, pairs: list[tuple[str, Any]]) -> _Twice:
        made, keys = cls(pairs), [key for key, _ in pairs]
        made.twice = tuple(dict.fromkeys(key for key in keys if keys.count(key) > 1))
        return made


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _language(holder: dict, inherited: str, place: str) -> tuple[str, list[str]]:
    language = holder.get("QueryLanguage", inherited)
    if language not in LANGUAGES:
        told = f"The field 'QueryLanguage' should have one of these values: [{', '.join(LANGUAGES)}]"
        return inherited, [schema(told, f"{place}/QueryLanguage")]
    if inherited == "JSONata" and language == "JSONPath":
        return inherited, [
            schema(
                "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
                f"{place}/QueryLanguage",
            )
        ]
    return language, []


def _machine_faults(machine: dict, place: str, language: str, kind: str) -> list[str]:
    states, faults = machine.get("States"), []
    if not isinstance(states, dict) or not states:
        return [schema("The field 'States' is required, with at least one state,", place or "/")]
    faults += [
        f"DUPLICATE_STATE_NAME: Duplicate State name: {name} at {place}/States" for name in getattr(states, "twice", ())
    ]
    start = machine.get("StartAt")
    if not isinstance(start, str):
        faults.append(schema("The field 'StartAt' is required", place or "/"))
    elif start not in states:
        faults.append(f"MISSING_TRANSITION_TARGET: Missing 'Next' target: {start} at {place}/StartAt")
    ends, most = False, value("step_functions.names.length")
    for name, state in states.items():
        here = f"{place}/States/{name}"
        if not isinstance(state, dict):
            faults.append(schema("The value should be a JSON object", here))
            continue
        if not 1 <= len(name) <= most:
            faults.append(schema(f"State name should be 1 to {most} characters long", here))
        own, more = _language(state, language, here)
        faults += more + state_faults(state, here, own, kind)
        for target, where in transitions(state):
            if target not in states:
                faults.append(f"MISSING_TRANSITION_TARGET: Missing 'Next' target: {target} at {here}/{where}")
        ends |= state.get("End") is True or state.get("Type") in ("Succeed", "Fail")
        for nested, where in _nested(state):
            inner, more = _language(nested, language, f"{here}/{where}")
            faults += more + _machine_faults(nested, f"{here}/{where}", inner, kind)
            faults += [
                schema(f"Field '{field}' is not supported", f"{here}/{where}/{field}")
                for field in nested
                if field not in _NESTED or (field == "ProcessorConfig" and where.startswith(("Branches", "Iterator")))
            ]
    if not ends and not faults:
        faults.append(f"MISSING_TERMINAL_STATE: No terminal state defined at {place}/States")
    if not faults:
        faults += _unreachable(start, states, place)
    return faults


def _nested(state: dict) -> list[tuple[dict, str]]:
    """The machines within a state, and the field in which each stands."""
    branches = state.get("Branches")
    found = [(one, f"Branches[{n}]") for n, one in enumerate(branches if isinstance(branches, list) else ())]
    found += [(state.get(field), field) for field in ("ItemProcessor", "Iterator")]
    return [(machine, where) for machine, where in found if isinstance(machine, dict)]


def _names(machine: dict, place: str) -> list[tuple[str, str]]:
    """Each state's name with its place: they are unique in the whole definition."""
    states, found = machine.get("States"), []
    for name, state in (states if isinstance(states, dict) else {}).items():
        here = f"{place}/States/{name}"
        found.append((name, here))
        for nested, where in _nested(state) if isinstance(state, dict) else ():
            found += _names(nested, f"{here}/{where}")
    return found


def _unreachable(start: str, states: dict, place: str) -> list[str]:
    reached, waiting = set(), [start]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [target for target, _ in transitions(states[name])]
    return [
        f'MISSING_TRANSITION_TARGET: State "{name}" is not reachable. at {place}/States/{name}'
        for name in states
        if name not in reached
    ]
