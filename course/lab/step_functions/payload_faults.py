"""What a state takes, passes on and keeps: paths, intrinsic functions, JSONata expressions, variables.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

from __future__ import annotations

import re
from typing import Any

from course.data import value

from .expressions import fault_of

INTRINSIC_FUNCTIONS = {
    *("Array", "ArrayPartition", "ArrayContains", "ArrayRange", "ArrayGetItem", "ArrayLength", "ArrayUnique"),
    *("Base64Encode", "Base64Decode", "Hash", "JsonMerge", "JsonToString", "StringToJson", "MathRandom", "MathAdd"),
    *("StringSplit", "Format", "UUID"),
}
_PATHS = {
    *("InputPath", "OutputPath", "ResultPath", "ItemsPath", "SecondsPath", "TimestampPath", "TimeoutSecondsPath"),
    *("HeartbeatSecondsPath", "MaxConcurrencyPath", "ToleratedFailureCountPath", "ToleratedFailurePercentagePath"),
}
_MAYBE_NULL = {"InputPath", "OutputPath", "ResultPath"}
_OR_FUNCTION = {"ErrorPath", "CausePath"}
_TEMPLATES = ("Parameters", "ResultSelector", "ItemSelector", "Assign")
_EXPRESSIONS = (
    *("Arguments", "Output", "Assign", "Items", "ItemSelector", "Error", "Cause", "Condition", "Seconds", "Timestamp"),
    *("TimeoutSeconds", "HeartbeatSeconds", "MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"),
)


def schema(what: str, place: str) -> str:
    """A fault as AWS writes it."""
    return f"SCHEMA_VALIDATION_FAILED: {what} at {place}"


def is_path(given: Any) -> bool:
    """Whether this is a JSONPath: it begins with $, and its brackets are closed."""
    if not isinstance(given, str) or not re.match(r"\$(\$?(?=[.\[]|$)|[A-Za-z_])", given):
        return False
    unquoted = re.sub(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", "", given)
    return (
        unquoted.count("[") == unquoted.count("]")
        and unquoted.count("(") == unquoted.count(")")
        and not unquoted.endswith(".")
        and " ." not in unquoted
        and "..." not in unquoted
    )


def is_function(given: Any) -> bool:
    """Whether this is the call of an intrinsic function that there is, with its brackets closed."""
    if not isinstance(given, str):
        return False
    unquoted = re.sub(r"'(?:\\.|[^'\\])*'", "", given)
    names = re.findall(r"States\.(\w+)\s*\(", unquoted)
    return (
        bool(re.fullmatch(r"\s*States\.\w+\s*\(.*\)\s*", given, re.DOTALL))
        and all(name in INTRINSIC_FUNCTIONS for name in names)
        and "'" not in unquoted
        and unquoted.count("(") == unquoted.count(")")
    )


def is_expression(given: Any) -> bool:
    """Whether this is a JSONata expression: {% ... %}."""
    return isinstance(given, str) and given.startswith("{%") and given.endswith("%}") and len(given) >= 4


def payload_faults(holder: dict, here: str, language: str) -> list[str]:
    """The faults of the fields of a state, a Catch or a rule that hold paths, templates or expressions."""
    faults = _variable_faults(holder, here)
    if language == "JSONata":
        for field in _EXPRESSIONS:
            if field in holder:
                faults += _expression_faults(holder[field], f"{here}/{field}")
        return faults
    for field in holder:
        given = holder[field]
        if field in _PATHS and not (given is None and field in _MAYBE_NULL):
            if not is_path(given) or (field == "ResultPath" and given.startswith("$$")):
                told = "Value is not a Reference Path: Reference path didn't start with '$'"
                if isinstance(given, str) and given.startswith("$"):
                    told = f"Value is not a valid JSONPath: {given}"
                faults.append(schema(told, f"{here}/{field}"))
        elif field in _OR_FUNCTION and not (is_path(given) or is_function(given)):
            faults.append(schema("Value is not a valid JSONPath or intrinsic function call", f"{here}/{field}"))
    for field in _TEMPLATES:
        if field in holder:
            faults += _template_faults(holder[field], f"{here}/{field}")
    return faults


def _template_faults(template: Any, place: str) -> list[str]:
    """Every field whose name ends with .$ holds a path or the call of an intrinsic function."""
    faults = []
    if isinstance(template, dict):
        for name, given in template.items():
            if name.endswith(".$"):
                if not (is_path(given) or is_function(given)):
                    told = (
                        f"The value for the field '{name}' must be a valid JSONPath or a valid intrinsic function call"
                    )
                    faults.append(schema(told, place))
                if name[:-2] in template:
                    faults.append(schema(f"The field '{name[:-2]}' stands here twice", place))
            else:
                faults += _template_faults(given, f"{place}/{name}")
    elif isinstance(template, list):
        for number, given in enumerate(template):
            faults += _template_faults(given, f"{place}[{number}]")
    return faults


def _expression_faults(given: Any, place: str) -> list[str]:
    if isinstance(given, dict):
        return [fault for name, one in given.items() for fault in _expression_faults(one, f"{place}/{name}")]
    if isinstance(given, list):
        return [fault for number, one in enumerate(given) for fault in _expression_faults(one, f"{place}[{number}]")]
    if not is_expression(given):
        return []
    if re.search(r"\$eval\s*\(", given):
        return [schema("The JSONata function $eval is not supported", place)]
    wrong = fault_of(given[2:-2])
    return [schema(f"The JSONata expression '{given[2:-2].strip()}' is not valid: {wrong}", place)] if wrong else []


def _variable_faults(holder: dict, here: str) -> list[str]:
    assigned = holder.get("Assign")
    if assigned is None:
        return []
    if not isinstance(assigned, dict):
        return [schema("The value should be a JSON object", f"{here}/Assign")]
    most = value("step_functions.names.length")
    faults = []
    for name in assigned:
        bare = name.removesuffix(".$")
        if not re.fullmatch(r"[^\W\d_][\w]*", bare) or bare == "states" or len(bare) > most:
            faults.append(schema(f"'{bare}' is no name of a variable", f"{here}/Assign"))
    return faults
