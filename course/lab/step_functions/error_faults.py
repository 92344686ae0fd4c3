"""Retry and Catch of a state.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

from course.data import value

from .payload_faults import payload_faults, schema

_RETRY = {
    "ErrorEquals",
    "IntervalSeconds",
    "MaxAttempts",
    "BackoffRate",
    "MaxDelaySeconds",
    "JitterStrategy",
    "Comment",
}
_CATCH = {
    "JSONPath": {"ErrorEquals", "Next", "ResultPath", "Assign", "Comment"},
    "JSONata": {"ErrorEquals", "Next", "Output", "Assign", "Comment"},
}


def error_faults(state: dict, here: str, language: str) -> list[str]:
    """The faults of Retry and Catch. language: JSONPath or JSONata."""
    faults = []
    for field, allowed in (("Retry", _RETRY), ("Catch", _CATCH[language])):
        if field not in state:
            continue
        listed, count = state[field], 0
        if not isinstance(listed, list):
            faults.append(schema(f"The field '{field}' should be a list", f"{here}/{field}"))
            continue
        for number, one in enumerate(listed):
            place = f"{here}/{field}[{number}]"
            if not isinstance(one, dict):
                faults.append(schema("The value should be a JSON object", place))
                continue
            errors = one.get("ErrorEquals")
            if not isinstance(errors, list) or not errors or not all(isinstance(name, str) for name in errors):
                faults.append(schema("The field 'ErrorEquals' is required", place))
            elif "States.ALL" in errors and (len(errors) > 1 or number + 1 < len(listed)):
                faults.append(schema(f"States.ALL must appear alone and in the last {field}", f"{place}/ErrorEquals"))
            faults += [
                schema(f"Field '{name}' is not supported", f"{place}/{name}") for name in one if name not in allowed
            ]
            if field == "Retry":
                faults += _retry_faults(one, place)
            elif not isinstance(one.get("Next"), str):
                faults.append(schema("These fields are required: [Next]", place))
            else:
                faults += payload_faults(one, place, language)
            count += 1
    return faults


def _retry_faults(retrier: dict, place: str) -> list[str]:
    faults = []
    for field, limit in (("IntervalSeconds", "interval"), ("MaxAttempts", "attempts"), ("MaxDelaySeconds", "delay")):
        least, most = value(f"step_functions.retry.{limit}")
        given = retrier.get(field, least)
        if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
            faults.append(
                schema(f"The field '{field}' should be a whole number from {least} to {most}", f"{place}/{field}")
            )
    least = value("step_functions.retry.backoff")
    rate = retrier.get("BackoffRate", least)
    if isinstance(rate, bool) or not isinstance(rate, (int, float)) or rate < least:
        faults.append(schema(f"The field 'BackoffRate' should be a number of {least} or more", f"{place}/BackoffRate"))
    if retrier.get("JitterStrategy", "NONE") not in ("FULL", "NONE"):
        faults.append(
            schema(
                "The field 'JitterStrategy' should have one of these values: [FULL, NONE]", f"{place}/JitterStrategy"
            )
        )
    if not faults and "MaxDelaySeconds" in retrier and retrier["MaxDelaySeconds"] <= retrier.get("IntervalSeconds", 1):
        faults.append(schema("'MaxDelaySeconds' must be greater than 'IntervalSeconds'", f"{place}/MaxDelaySeconds"))
    return faults
