"""The rules of a Choice state: a comparison of one variable, or And, Or and Not of others; in JSONata a condition.

https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
"""

from __future__ import annotations

import re
from typing import Any

from .payload_faults import is_expression, is_path, payload_faults, schema

_ORDERED = ("Equals", "GreaterThan", "GreaterThanEquals", "LessThan", "LessThanEquals")
_COMPARISONS = {
    **{f"{kind}{order}": kind for kind in ("String", "Numeric", "Timestamp") for order in _ORDERED},
    "BooleanEquals": "Boolean",
    "StringMatches": "String",
    **{f"Is{kind}": "Boolean" for kind in ("Null", "Present", "String", "Numeric", "Boolean", "Timestamp")},
}
OPERATORS = {
    **_COMPARISONS,
    **{f"{kind}{order}Path": "Path" for kind in ("String", "Numeric", "Timestamp") for order in _ORDERED},
    "BooleanEqualsPath": "Path",
}
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def choices_faults(choices: Any, here: str, language: str) -> list[str]:
    """The faults of all rules of a Choice state."""
    if not isinstance(choices, list):
        return [schema("The field 'Choices' should be a list", f"{here}/Choices")]
    faults = []
    for number, rule in enumerate(choices):
        place = f"{here}/Choices[{number}]"
        if not isinstance(rule, dict):
            faults.append(schema("The value should be a JSON object", place))
            continue
        if not isinstance(rule.get("Next"), str):
            faults.append(schema("These fields are required: [Next]", place))
        own = {key: one for key, one in rule.items() if key not in ("Next", "Comment", "Assign", "Output")}
        faults += _condition_faults(own, place) if language == "JSONata" else _rule_faults(own, place)
        kept = {key: rule[key] for key in ("Assign", "Output") if key in rule}
        if language == "JSONPath" and "Output" in rule:
            faults.append(schema("Field 'Output' is not supported", f"{place}/Output"))
        else:
            faults += payload_faults(kept, place, language)
    return faults


def _condition_faults(rule: dict, place: str) -> list[str]:
    faults = [schema(f"Field '{field}' is not supported", f"{place}/{field}") for field in rule if field != "Condition"]
    if "Condition" not in rule:
        return [*faults, schema("These fields are required: [Condition]", place)]
    if not isinstance(rule["Condition"], bool) and not is_expression(rule["Condition"]):
        return [
            *faults,
            schema("The field 'Condition' should be true, false or a JSONata expression", f"{place}/Condition"),
        ]
    return faults + payload_faults({"Condition": rule["Condition"]}, place, "JSONata")


def _rule_faults(rule: dict, place: str) -> list[str]:
    """Of one rule, or of one within And, Or and Not, which has no Next of its own."""
    joined = [name for name in ("And", "Or", "Not") if name in rule]
    if joined:
        name = joined[0]
        faults = [schema(f"Field '{field}' is not supported", f"{place}/{field}") for field in rule if field != name]
        inner = [rule[name]] if name == "Not" else rule[name]
        if not isinstance(inner, list) or not inner:
            return [*faults, schema(f"The field '{name}' should be a list of rules", f"{place}/{name}")]
        for number, one in enumerate(inner):
            where = f"{place}/{name}" if name == "Not" else f"{place}/{name}[{number}]"
            if not isinstance(one, dict):
                faults.append(schema("The value should be a JSON object", where))
            else:
                faults += _rule_faults({key: held for key, held in one.items() if key != "Comment"}, where)
        return faults
    faults = [
        schema(f"Field '{field}' is not supported", f"{place}/{field}")
        for field in rule
        if field != "Variable" and field not in OPERATORS
    ]
    if "Variable" not in rule:
        return [*faults, schema("These fields are required: [Variable]", place)]
    if not is_path(rule["Variable"]):
        told = "Value is not a Reference Path: Reference path didn't start with '$'"
        faults.append(schema(told, f"{place}/Variable"))
    operators = [field for field in rule if field in OPERATORS]
    if len(operators) != 1:
        return [*faults, schema("Exactly one comparison operator is required", place)]
    return faults + _operand_faults(operators[0], rule[operators[0]], f"{place}/{operators[0]}")


def _operand_faults(operator: str, given: Any, place: str) -> list[str]:
    kind = OPERATORS[operator]
    fits = {
        "String": isinstance(given, str),
        "Numeric": isinstance(given, (int, float)) and not isinstance(given, bool),
        "Boolean": isinstance(given, bool),
        "Timestamp": isinstance(given, str) and bool(_TIMESTAMP.fullmatch(given)),
        "Path": is_path(given),
    }[kind]
    if fits:
        return []
    wanted = {"String": "a text", "Numeric": "a number", "Boolean": "true or false", "Timestamp": "a timestamp"}
    if kind == "Path":
        return [schema("Value is not a Reference Path: Reference path didn't start with '$'", place)]
    return [schema(f"The field '{operator}' should be {wanted[kind]}", place)]
