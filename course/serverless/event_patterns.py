"""Event patterns of EventBridge: which are valid, and which events they match.

>>> pattern = event_pattern('{"detail": {"state": [{"anything-but": "running"}], "cpu": [{"numeric": [">", 50]}]}}')
>>> pattern.matches({"detail": {"state": "stopped", "cpu": 80}})
True

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

import ipaddress
import json
from functools import lru_cache
from typing import Any

from .event_matching import COMPARISONS, MATCHERS, is_number, matches

__all__ = ["EventPattern", "InvalidEventPattern", "event_pattern"]


class InvalidEventPattern(ValueError):
    """The text is no event pattern; the message is the reason that EventBridge gives."""


class EventPattern:
    """A pattern, ready to be asked."""

    def __init__(self, text: str | dict):
        """InvalidEventPattern if EventBridge would refuse it. A dict is taken as the JSON it stands for."""
        if isinstance(text, str):
            try:
                text = json.loads(text)
            except ValueError as problem:
                raise InvalidEventPattern(f"{problem}") from None
            except RecursionError:
                raise InvalidEventPattern("the pattern is nested too deeply") from None
        if not isinstance(text, dict):
            raise InvalidEventPattern("Filter is not an object")
        if not text:
            raise InvalidEventPattern("Empty objects are not allowed")
        _validate(text)
        self.pattern: dict[str, Any] = text

    def __repr__(self) -> str:
        return f"EventPattern({json.dumps(self.pattern)})"

    def matches(self, event: dict[str, Any]) -> bool:
        """Whether the pattern matches an event: every field of the pattern must; of a field's values any one."""
        return matches(self.pattern, event)


@lru_cache(maxsize=512)
def event_pattern(text: str) -> EventPattern:
    """The compiled pattern of a text; InvalidEventPattern (a ValueError) says what is wrong with it."""
    return EventPattern(text)


def _validate(pattern: dict[str, Any]) -> None:
    for name, held in pattern.items():
        if name == "$or" and isinstance(held, list) and len(held) > 1 and all(isinstance(one, dict) for one in held):
            for one in held:
                _validate(one)
        elif isinstance(held, dict):
            if not held:
                raise InvalidEventPattern("Empty objects are not allowed")
            _validate(held)
        elif isinstance(held, list):
            if not held:
                raise InvalidEventPattern("Empty arrays are not allowed")
            for one in held:
                _validate_value(one)
        else:
            raise InvalidEventPattern(f'"{name}" must be an object or an array')


def _validate_value(value: Any) -> None:
    if isinstance(value, list):
        raise InvalidEventPattern("Match value must be String, number, true, false, or null")
    if not isinstance(value, dict):
        return
    if len(value) != 1:
        raise InvalidEventPattern("Only one key allowed in match expression")
    [(kind, wanted)] = value.items()
    if kind not in MATCHERS:
        raise InvalidEventPattern(f"Unrecognized match type {kind}")
    if kind == "exists":
        if not isinstance(wanted, bool):
            raise InvalidEventPattern("exists match pattern must be either true or false.")
    elif kind in ("prefix", "suffix"):
        inner = wanted.get("equals-ignore-case") if isinstance(wanted, dict) and len(wanted) == 1 else wanted
        if not isinstance(inner, str):
            raise InvalidEventPattern(f"{kind} match pattern must be a string")
    elif kind == "equals-ignore-case":
        if not isinstance(wanted, str):
            raise InvalidEventPattern("equals-ignore-case match pattern must be a string")
    elif kind == "wildcard":
        _validate_wildcard(wanted)
    elif kind == "cidr":
        _validate_cidr(wanted)
    elif kind == "numeric":
        _validate_numeric(wanted)
    else:
        _validate_anything_but(wanted)


def _validate_wildcard(wanted: Any) -> None:
    if not isinstance(wanted, str):
        raise InvalidEventPattern("wildcard match pattern must be a string")
    position = 0
    while position < len(wanted):
        if wanted[position] == "\\":
            if wanted[position + 1 : position + 2] not in ("*", "\\"):
                raise InvalidEventPattern(f"Invalid escape character at pos {position}")
            position += 1
        elif wanted[position : position + 2] == "**":
            raise InvalidEventPattern(f"Consecutive wildcard characters at pos {position}")
        position += 1


def _validate_cidr(wanted: Any) -> None:
    if not isinstance(wanted, str):
        raise InvalidEventPattern("prefix match pattern must be a string")
    if wanted.count("/") != 1:
        raise InvalidEventPattern("Malformed CIDR, one '/' required")
    address, bits = wanted.split("/")
    if not bits.isdigit():
        raise InvalidEventPattern("Malformed CIDR, mask bits must be an integer")
    try:
        ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        raise InvalidEventPattern(f"Nonstandard IP address: {address}") from None


def _validate_numeric(wanted: Any) -> None:
    if not isinstance(wanted, list) or not wanted:
        raise InvalidEventPattern("Value of numeric must be an array.")
    operators = wanted[::2]
    for operator, number in zip(operators, [*wanted[1::2], None]):
        if operator not in COMPARISONS:
            raise InvalidEventPattern(f"Unrecognized numeric range operator: {operator}")
        if not is_number(number):
            raise InvalidEventPattern(f"Value of {'equals' if operator == '=' else operator} must be numeric")
    if len(operators) > 2:
        raise InvalidEventPattern("Too many terms in numeric range expression")
    if len(operators) == 2:
        # A range has a lower bound first, then an upper one.
        if operators[0] not in (">", ">="):
            raise InvalidEventPattern("Too many terms in numeric range expression")
        if operators[1] not in ("<", "<="):
            raise InvalidEventPattern(f"Bad numeric range operator: {operators[1]}")
        if wanted[1] >= wanted[3]:
            raise InvalidEventPattern("Bottom must be less than top")


def _validate_anything_but(wanted: Any) -> None:
    problem = "Value of anything-but must be an array or single string/number value."
    if isinstance(wanted, list):
        if not wanted:
            raise InvalidEventPattern("Empty arrays are not allowed")
        kinds = {is_number(one) for one in wanted}
        if not all(isinstance(one, str) or is_number(one) for one in wanted) or len(kinds) > 1:
            raise InvalidEventPattern(
                "Inside anything but list, either all values are number or string, mixed type is not supported"
            )
    elif isinstance(wanted, dict):
        if len(wanted) != 1:
            raise InvalidEventPattern(problem)
        [(kind, inner)] = wanted.items()
        if kind not in ("prefix", "suffix", "equals-ignore-case", "wildcard") or isinstance(inner, dict):
            raise InvalidEventPattern(problem)
        _validate_anything_but_texts(kind, inner)
    elif not isinstance(wanted, str) and not is_number(wanted):
        raise InvalidEventPattern(problem)


def _validate_anything_but_texts(kind: str, inner: Any) -> None:
    texts = inner if isinstance(inner, list) else [inner]
    if kind == "wildcard":
        for one in texts:
            _validate_wildcard(one)
    elif not all(isinstance(one, str) for one in texts):
        raise InvalidEventPattern(
            "prefix/suffix match pattern must be a string"
            if kind != "equals-ignore-case"
            else "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported."
        )
    elif kind in ("prefix", "suffix") and not all(texts):
        raise InvalidEventPattern("Null prefix/suffix not allowed")
