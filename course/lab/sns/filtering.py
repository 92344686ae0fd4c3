"""Filters: which messages a subscription gets.

https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
"""

from __future__ import annotations

import ipaddress
import json
import re
from typing import Any

from .filter_policies import branches

_COMPARE = {
    "<": lambda seen, wanted: seen < wanted,
    "<=": lambda seen, wanted: seen <= wanted,
    "=": lambda seen, wanted: _equal(seen, wanted),
    ">": lambda seen, wanted: seen > wanted,
    ">=": lambda seen, wanted: seen >= wanted,
}


def accepts(policy: dict, scope: str, attributes: dict[str, dict[str, Any]], message: str) -> bool:
    """Whether a filter policy lets a message through: every key must match, by one of its values.

    attributes: {name: {"Type": ..., "Value": ...}}, as SNS delivers them; binary ones are not looked at.
    """
    if scope == "MessageBody":
        try:
            body = json.loads(message)
        except ValueError:
            return not policy
        return (isinstance(body, dict) or not policy) and _object(policy, body)
    return _object(policy, {name: _value(one) for name, one in attributes.items() if one["Type"] != "Binary"})


def _value(attribute: dict[str, Any]) -> Any:
    kind, given = attribute["Type"], attribute["Value"]
    if kind.partition(".")[0] == "Number":
        try:
            return float(given)
        except ValueError:
            return given
    if kind == "String.Array":
        try:
            return json.loads(given)
        except ValueError:
            return given
    return given


def _object(policy: dict, seen: Any) -> bool:
    if isinstance(seen, list):
        # One element must match the whole policy.
        return any(_object(policy, one) for one in seen)
    found = seen if isinstance(seen, dict) else {}
    return all(_key(key, held, found) for key, held in policy.items())


def _key(key: str, held: Any, seen: dict) -> bool:
    alternatives = branches(key, held)
    if alternatives is not None:
        return any(_object(one, seen) for one in alternatives)
    if isinstance(held, dict):
        return _object(held, seen.get(key, {}))
    there = key in seen
    values = seen.get(key)
    values = values if isinstance(values, list) else [values]
    return any(_rule(rule, there, values) for rule in held)


def _rule(rule: Any, there: bool, values: list) -> bool:
    if isinstance(rule, dict) and "exists" in rule:
        return there == rule["exists"]
    return there and any(_matches(rule, one) for one in values)


def _matches(rule: Any, seen: Any) -> bool:
    if not isinstance(rule, dict):
        return _equal(seen, rule)
    ((operator, operand),) = rule.items()
    if operator == "anything-but":
        if isinstance(operand, dict):
            ((inner, given),) = operand.items()
            given = given if isinstance(given, list) else [given]
            return isinstance(seen, str) and not any(_matches({inner: one}, seen) for one in given)
        return not any(_equal(seen, one) for one in (operand if isinstance(operand, list) else [operand]))
    if operator == "numeric":
        pairs = zip(operand[::2], operand[1::2], strict=True)
        return _is_number(seen) and all(_COMPARE[one](seen, wanted) for one, wanted in pairs)
    return isinstance(seen, str) and _text(operator, operand, seen)


def _text(operator: str, operand: str, seen: str) -> bool:
    if operator == "prefix":
        return seen.startswith(operand)
    if operator == "suffix":
        return seen.endswith(operand)
    if operator == "equals-ignore-case":
        return seen.lower() == operand.lower()
    if operator == "wildcard":
        return bool(re.fullmatch(".*".join(map(re.escape, operand.split("*"))), seen, re.DOTALL))
    try:
        return ipaddress.ip_address(seen) in ipaddress.ip_network(operand, strict=False)
    except ValueError:
        return False


def _is_number(given: Any) -> bool:
    return isinstance(given, (int, float)) and not isinstance(given, bool)


def _equal(seen: Any, wanted: Any) -> bool:
    if _is_number(seen) and _is_number(wanted):
        # "five digits of accuracy after the decimal point"
        return round(seen, 5) == round(wanted, 5)
    return type(seen) is type(wanted) and seen == wanted
