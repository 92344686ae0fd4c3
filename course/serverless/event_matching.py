"""How a valid event pattern of EventBridge is compared with an event; event_patterns.py says which are valid.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-arrays.html
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

_MISSING = object()
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "=": lambda one, other: one == other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def matches(pattern: dict[str, Any], event: Any) -> bool:
    """Whether every field of the pattern matches: of a field's values any one must."""
    if isinstance(event, list):
        # All fields of the pattern must match in one and the same object of an array.
        return any(matches(pattern, one) for one in event)
    fields = event if isinstance(event, dict) else {}
    for name, held in pattern.items():
        if name == "$or" and all(isinstance(one, dict) for one in held):
            matched = any(matches(one, event) for one in held)
        elif isinstance(held, dict):
            matched = matches(held, _child(fields, name))
        else:
            found = fields.get(name, _MISSING)
            if found is _MISSING and "." in name:
                found = _by_path(fields, name)
            matched = any(_fits(one, found) for one in held)
        if not matched:
            return False
    return True


def _child(fields: dict[str, Any], name: str) -> Any:
    """The object below a name; names with dots stand for paths."""
    if name in fields:
        return fields[name]
    return {key[len(name) + 1 :]: one for key, one in fields.items() if key.startswith(f"{name}.")}


def _by_path(fields: dict[str, Any], name: str) -> Any:
    held: Any = fields
    for step in name.split("."):
        held = held.get(step, _MISSING) if isinstance(held, dict) else _MISSING
    return held


def _fits(wanted: Any, found: Any) -> bool:
    """Whether one value of a pattern fits what the event holds there."""
    if isinstance(wanted, dict) and "exists" in wanted:
        # Only leaves exist: an object and an empty array do not.
        present = found is not _MISSING and not isinstance(found, dict) and found != []
        return present == wanted["exists"]
    if found is _MISSING or isinstance(found, dict):
        return False
    if isinstance(found, list):
        return any(_fits(wanted, one) for one in found)
    if not isinstance(wanted, dict):
        if is_number(wanted) and is_number(found):
            return wanted == found
        return type(wanted) is type(found) and wanted == found
    [(kind, expected)] = wanted.items()
    return MATCHERS[kind](expected, found)


def _text(test: Callable[[str, str], bool]) -> Callable[[Any, Any], bool]:
    def fits(expected: Any, found: Any) -> bool:
        if not isinstance(found, str):
            return False
        if isinstance(expected, dict):
            return test(found.lower(), expected["equals-ignore-case"].lower())
        return test(found, expected)

    return fits


@lru_cache(maxsize=512)
def _wildcard(pattern: str) -> re.Pattern:
    parts = re.split(r"(\\[*\\]|\*)", pattern)
    return re.compile(
        "".join(".*" if part == "*" else re.escape(part[1:] if part in ("\\*", "\\\\") else part) for part in parts),
        re.DOTALL,
    )


def _anything_but(expected: Any, found: Any) -> bool:
    if isinstance(expected, dict):
        [(kind, inner)] = expected.items()
        texts = inner if isinstance(inner, list) else [inner]
        return not any(MATCHERS[kind](one, found) for one in texts)
    values = expected if isinstance(expected, list) else [expected]
    return not any(_fits(one, found) for one in values)


def _in_network(expected: str, found: Any) -> bool:
    try:
        return ipaddress.ip_address(found) in ipaddress.ip_network(expected, strict=False)
    except (ValueError, TypeError):
        return False


def _numeric(expected: list, found: Any) -> bool:
    return is_number(found) and all(
        COMPARISONS[operator](found, number) for operator, number in zip(expected[::2], expected[1::2])
    )


MATCHERS: dict[str, Callable[[Any, Any], bool]] = {
    "exists": lambda expected, found: expected,
    "prefix": _text(str.startswith),
    "suffix": _text(str.endswith),
    "equals-ignore-case": _text(lambda found, expected: found.lower() == expected.lower()),
    "wildcard": _text(lambda found, expected: _wildcard(expected).fullmatch(found) is not None),
    "anything-but": _anything_but,
    "numeric": _numeric,
    "cidr": _in_network,
}
