"""Template parameters: which values count, and whether they keep the constraints of the template.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

import re
from typing import Any

from course.data import value as fact

from .template_text import Invalid
from .values import text

HIDDEN = "****"


def values(
    template: dict[str, Any], given: list[dict[str, Any]], previous: dict[str, str] | None = None
) -> dict[str, str]:
    """Name -> text of every parameter. Invalid for names that are unknown or have no value, and broken constraints.

    given: as in CreateStack. previous: the values of the stack that is updated, None for a new one.
    """
    declared = template.get("Parameters", {})
    _require_known(declared, given)
    found: dict[str, str] = {}
    missing = []
    by_name = {one["ParameterKey"]: one for one in given}
    for name, parameter in declared.items():
        one = by_name.get(name, {})
        if one.get("UsePreviousValue"):
            if "ParameterValue" in one:
                raise Invalid(
                    f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true and also provide a value"
                )
            if previous is None or name not in previous:
                raise Invalid(
                    f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true for a parameter "
                    "key not in the previous template"
                )
            found[name] = previous[name]
        elif "ParameterValue" in one:
            found[name] = one["ParameterValue"]
        elif "Default" in parameter:
            found[name] = text(parameter["Default"])
        else:
            missing.append(name)
    if missing:
        raise Invalid(f"Parameters: [{', '.join(missing)}] must have values")
    for name, parameter in declared.items():
        _check(name, parameter, found[name])
    return found


def _require_known(declared: dict[str, Any], given: list[dict[str, Any]]) -> None:
    names = [one["ParameterKey"] for one in given]
    unknown = [name for name in dict.fromkeys(names) if name not in declared]
    if unknown:
        raise Invalid(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise Invalid(f"Duplicate input parameter keys: [{', '.join(twice)}]")


def _check(name: str, parameter: dict[str, Any], value: str) -> None:
    most = fact("cloudformation.template.parameter_value")
    if len(value.encode()) > most:
        raise Invalid(f"Parameter '{name}' must contain at most {most} characters")
    broken = _broken(parameter, value)
    if broken is None:
        return
    if "ConstraintDescription" in parameter:
        raise Invalid(f"Parameter {name} failed to satisfy constraint: {parameter['ConstraintDescription']}")
    raise Invalid(f"Parameter '{name}' {broken}")


def _broken(parameter: dict[str, Any], value: str) -> str | None:
    """The first constraint that a value breaks, in AWS's words."""
    kind = parameter["Type"]
    parts = [one.strip() for one in value.split(",")] if is_list(kind) else [value]
    if kind in ("Number", "List<Number>"):
        if not all(map(is_number, parts)):
            return "must be a number" if kind == "Number" else "must be a list of numbers"
        for bound, words, wrong in (
            ("MinValue", "less than", lambda one, limit: one < limit),
            ("MaxValue", "greater than", lambda one, limit: one > limit),
        ):
            if bound in parameter and any(wrong(float(one), float(parameter[bound])) for one in parts):
                return f"must be a number not {words} {text(parameter[bound])}"
    allowed = parameter.get("AllowedValues")
    if allowed is not None and any(one not in [text(other) for other in allowed] for one in parts):
        return "must be one of AllowedValues"
    if "AllowedPattern" in parameter and not all(_matches(parameter["AllowedPattern"], one) for one in parts):
        return f"must match pattern {parameter['AllowedPattern']}"
    if "MinLength" in parameter and len(value) < int(parameter["MinLength"]):
        return f"must contain at least {text(parameter['MinLength'])} characters"
    if "MaxLength" in parameter and len(value) > int(parameter["MaxLength"]):
        return f"must contain at most {text(parameter['MaxLength'])} characters"
    return None


def _matches(pattern: Any, value: str) -> bool:
    try:
        return re.fullmatch(str(pattern), value) is not None
    except re.error:
        return True  # AWS reads Java's dialect, which has more


def is_number(value: str) -> bool:
    """Whether CloudFormation takes this text for a number."""
    return re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", value.strip()) is not None


def is_list(kind: str) -> bool:
    """Whether a parameter of this type is a list to Ref."""
    return kind == "CommaDelimitedList" or "List<" in kind or kind.endswith("<CommaDelimitedList>")


def typed(kind: str, value: str) -> Any:
    """What Ref returns for the text of a parameter."""
    return [one.strip() for one in value.split(",")] if is_list(kind) else value


def shown(template: dict[str, Any], found: dict[str, str], resolved: dict[str, str]) -> list[dict[str, str]]:
    """As DescribeStacks shows them: NoEcho hidden, Systems Manager's with their value."""
    listed = []
    for name, value in found.items():
        parameter = template.get("Parameters", {}).get(name, {})
        hidden = text(parameter.get("NoEcho", False)).lower() == "true"
        one = {"ParameterKey": name, "ParameterValue": HIDDEN if hidden else value}
        if name in resolved:
            one["ResolvedValue"] = HIDDEN if hidden else resolved[name]
        listed.append(one)
    return listed
