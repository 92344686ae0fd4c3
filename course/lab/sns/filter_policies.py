"""Filter policies: which JSON is one.

https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from typing import Any

from course.data import value

SCOPES = ("MessageAttributes", "MessageBody")
_TEXT = ("prefix", "suffix", "equals-ignore-case", "wildcard")
_BUT = ("prefix", "suffix", "equals-ignore-case", "wildcard", "cidr")


class Malformed(Exception):
    """What is wrong with a filter policy, in SNS's words."""


def problem(text: str, scope: str | None = None) -> str:
    """What SNS says about this filter policy, "" if it is one. `scope` is one of SCOPES, MessageAttributes if None.

    "{}" is a filter policy that lets everything through.
    """
    try:
        policy = json.loads(text)
    except ValueError:
        return "FilterPolicy: failed to parse JSON."
    if not isinstance(policy, dict):
        return "FilterPolicy: Filter is not an object"
    if len(text.encode()) > value("sns.filter_policies.size") * 1024:
        return "FilterPolicy: Filter policy is too large"
    try:
        rules = list(_rules(policy))
        if len(policy) > value("sns.filter_policies.keys"):
            raise Malformed(f"Filter policy can not have more than {value('sns.filter_policies.keys')} keys")
        if combinations(policy) > value("sns.filter_policies.combinations"):
            raise Malformed("Filter policy is too complex")
        for rule in rules:
            _require_rule(rule)
    except Malformed as found:
        return f"FilterPolicy: {found}"
    if scope != "MessageBody" and _is_nested(policy):
        return "Filter policy scope MessageAttributes does not support nested filter policy"
    return ""


def branches(key: str, held: Any) -> list[dict] | None:
    """The alternatives of an $or; None where $or is a name like any other (fewer than two, or not all objects)."""
    if key == "$or" and isinstance(held, list) and len(held) > 1 and all(isinstance(one, dict) for one in held):
        return held
    return None


def _is_nested(policy: dict) -> bool:
    return any(
        isinstance(held, dict) or any(_is_nested(one) for one in branches(key, held) or ())
        for key, held in policy.items()
    )


def _rules(policy: dict) -> Iterator[Any]:
    for key, held in policy.items():
        alternatives = branches(key, held)
        if alternatives is not None:
            for one in alternatives:
                yield from _rules(one)
        elif isinstance(held, dict):
            if not held:
                raise Malformed("Empty objects are not allowed")
            yield from _rules(held)
        elif isinstance(held, list):
            if not held:
                raise Malformed("Empty arrays are not allowed")
            yield from held
        else:
            raise Malformed(f'"{key}" must be an object or an array')


def combinations(policy: dict, depth: int = 1) -> int:
    """The product of the number of values of each key, a nested key counting as often as it is deep; $or adds up."""
    total = 1
    for key, held in policy.items():
        alternatives = branches(key, held)
        if alternatives is not None:
            total *= sum(combinations(one, depth) for one in alternatives)
        elif isinstance(held, dict):
            total *= combinations(held, depth + 1)
        else:
            total *= len(held) * depth
    return total


def _require_rule(rule: Any) -> None:
    if isinstance(rule, dict):
        if len(rule) != 1:
            raise Malformed("Only one key allowed in match expression")
        ((operator, operand),) = rule.items()
        _require_operator(operator, operand)
    elif isinstance(rule, (int, float)) and not isinstance(rule, bool):
        _require_number(rule)
    elif not (rule is None or isinstance(rule, (str, bool))):
        raise Malformed("Match value must be String, number, true, false, or null")


def _require_operator(operator: str, operand: Any) -> None:
    if operator in _TEXT:
        if not isinstance(operand, str):
            raise Malformed(f"{operator} match pattern must be a string")
    elif operator == "exists":
        if not isinstance(operand, bool):
            raise Malformed("exists match pattern must be either true or false.")
    elif operator == "anything-but":
        _require_anything_but(operand)
    elif operator == "cidr":
        _require_cidr(operand)
    elif operator == "numeric":
        _require_numeric(operand)
    else:
        raise Malformed(f"Unrecognized match type {operator}")


def _require_anything_but(operand: Any) -> None:
    if isinstance(operand, dict):
        if len(operand) != 1 or next(iter(operand)) not in _BUT:
            raise Malformed(f"Unsupported anything-but pattern: {', '.join(operand) or 'an empty object'}")
        ((operator, given),) = operand.items()
        for one in given if isinstance(given, list) and given else [given]:
            _require_operator(operator, one)
        return
    values = operand if isinstance(operand, list) else [operand]
    if not values or any(isinstance(one, bool) or not isinstance(one, (str, int, float)) for one in values):
        raise Malformed("Inside anything-but list, only strings and numbers are supported")


def _require_cidr(operand: Any) -> None:
    if not isinstance(operand, str):
        raise Malformed("prefix match pattern must be a string")
    try:
        ipaddress.ip_network(operand, strict=False)
    except ValueError:
        raise Malformed(f"Malformed CIDR, one '/' required: {operand}") from None


def _is_number(given: Any) -> bool:
    return isinstance(given, (int, float)) and not isinstance(given, bool)


def _require_number(given: float) -> None:
    least, most = value("sns.filter_policies.number")
    if not least <= given <= most:
        raise Malformed(f"Value {given} is outside of the range from {least} to {most}")


def _require_numeric(operand: Any) -> None:
    if not isinstance(operand, list):
        raise Malformed("Value of numeric must be an array.")
    if not operand or not isinstance(operand[0], str):
        raise Malformed(f"Invalid member in numeric match: {operand[0] if operand else ']'}")
    operator, rest = operand[0], operand[1:]
    if operator not in ("<", "<=", "=", ">", ">="):
        raise Malformed(f"Unrecognized numeric range operator: {operator}")
    if not rest or not _is_number(rest[0]):
        raise Malformed(f"Value of {'equals' if operator == '=' else operator} must be numeric")
    _require_number(rest[0])
    if len(rest) == 1:
        return
    if operator not in (">", ">="):
        raise Malformed("Too many elements in numeric expression")
    if not isinstance(rest[1], str):
        raise Malformed(f"Bad value in numeric range: {rest[1]}")
    if rest[1] not in ("<", "<="):
        raise Malformed(f"Bad numeric range operator: {rest[1]}")
    if len(rest) < 3 or not _is_number(rest[2]):
        raise Malformed(f"Value of {rest[1]} must be numeric")
    _require_number(rest[2])
    if rest[0] >= rest[2]:
        raise Malformed("Bottom must be less than top")
    if len(rest) > 3:
        raise Malformed("Too many terms in numeric range expression")
