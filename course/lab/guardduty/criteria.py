"""Finding criteria: which findings a list or a filter is about.

https://docs.aws.amazon.com/guardduty/latest/APIReference/API_FindingCriteria.html
"""

from __future__ import annotations

from typing import Any

from .detectors import bad_request

_OPERATORS = {
    "eq": lambda given, wanted: given in wanted,
    "equals": lambda given, wanted: given in wanted,
    "neq": lambda given, wanted: given not in wanted,
    "notequals": lambda given, wanted: given not in wanted,
    "gt": lambda given, wanted: float(given) > wanted,
    "greaterthan": lambda given, wanted: float(given) > wanted,
    "gte": lambda given, wanted: float(given) >= wanted,
    "greaterthanorequal": lambda given, wanted: float(given) >= wanted,
    "lt": lambda given, wanted: float(given) < wanted,
    "lessthan": lambda given, wanted: float(given) < wanted,
    "lte": lambda given, wanted: float(given) <= wanted,
    "lessthanorequal": lambda given, wanted: float(given) <= wanted,
}


def matches(finding: dict[str, Any], criteria: dict[str, Any]) -> bool:
    """Whether a finding meets all conditions; Refused for one that is none."""
    conditions = _lowered(criteria).get("criterion") or {}
    return all(
        _compared(attribute(finding, name), operator, wanted)
        for name, condition in conditions.items()
        for operator, wanted in _lowered(condition).items()
    )


def _compared(given: Any, operator: str, wanted: Any) -> bool:
    if operator not in _OPERATORS:
        raise bad_request("an invalid or out-of-range value is specified as an input parameter")
    text = (
        ""
        if given is None
        else ({True: "true", False: "false"}.get(given, str(given)) if isinstance(given, bool) else given)
    )
    if isinstance(wanted, list):
        return _OPERATORS[operator](str(text), [str(one) for one in wanted]) or (
            isinstance(text, float) and _OPERATORS[operator](str(int(text)), [str(one) for one in wanted])
        )
    try:
        return _OPERATORS[operator](text, float(wanted))
    except (TypeError, ValueError):
        return False


def _lowered(given: dict[str, Any]) -> dict[str, Any]:
    """Keys as boto3 and as the wire spell them: Criterion and criterion, Gte and gte."""
    return {str(key).lower(): one for key, one in given.items()}


def attribute(finding: dict[str, Any], name: str) -> Any:
    """The attribute that criteria call "severity" or "service.archived"; None if the finding has none."""
    found: Any = finding
    for part in name.split("."):
        if not isinstance(found, dict):
            return None
        found = next((one for key, one in found.items() if key.lower() == part.lower()), None)
    return found


def sort_key(finding: dict[str, Any], name: str) -> tuple:
    """For sorting by an attribute, findings without it first."""
    found = attribute(finding, name)
    return (found is not None, found if isinstance(found, (int, float)) else str(found))
