"""How CloudWatch decides the state of a metric alarm from its data points: M out of N, and what missing data mean.

>>> evaluate([0, None, 9, None, 9], needed=2, of=3, breaches=lambda value: value > 5)
'ALARM'
>>> evaluate([None] * 5, needed=3, of=3, breaches=lambda value: value > 5, missing="notBreaching")
'OK'

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

__all__ = ["COMPARISONS", "TREATMENTS", "evaluate", "reason"]

TREATMENTS = ("missing", "notBreaching", "breaching", "ignore")
COMPARISONS: dict[str, tuple[str, Callable[[float, float], bool]]] = {
    "GreaterThanOrEqualToThreshold": ("greater than or equal to", lambda value, threshold: value >= threshold),
    "GreaterThanThreshold": ("greater than", lambda value, threshold: value > threshold),
    "LessThanThreshold": ("less than", lambda value, threshold: value < threshold),
    "LessThanOrEqualToThreshold": ("less than or equal to", lambda value, threshold: value <= threshold),
}


def evaluate(
    points: Sequence[float | None],
    needed: int,
    of: int,
    breaches: Callable[[float], bool],
    missing: str = "missing",
    state: str = "INSUFFICIENT_DATA",
) -> str:
    """The state after looking at these data points, the oldest first, None for a missing one.

    needed, of: the M and N of the alarm. points: the evaluation range, which is longer than N where CloudWatch looks for
    more. missing: one of TREATMENTS. state: the present one, which "ignore" keeps. ValueError for other treatments.
    """
    if missing not in TREATMENTS:
        raise ValueError(f"missing data are treated as one of {', '.join(TREATMENTS)}, not {missing!r}")
    if not 1 <= needed <= of:
        raise ValueError(f"{needed} out of {of} data points is no condition")
    real = [value for value in points if value is not None]
    breaching = sum(map(breaches, real[-of:]))
    if breaching >= needed:
        return "ALARM"
    if len(real) >= of:
        return "OK"
    if missing == "breaching":
        # The missing ones that are needed to have N count as breaching.
        return "ALARM" if breaching + of - len(real) >= needed else "OK"
    if missing == "notBreaching" or breaching < len(real):
        return "OK"
    if missing == "ignore":
        return state
    # Only breaching points, and too few: an alarm all the same if the oldest is at least M points old.
    ages = [len(points) - place for place, value in enumerate(points) if value is not None]
    return "ALARM" if ages and ages[0] >= needed else "INSUFFICIENT_DATA"


def reason(
    state: str,
    points: Sequence[tuple[str, float]],
    needed: int | None,
    of: int,
    comparison: str,
    threshold: float,
    missing: str = "missing",
) -> str:
    """What CloudWatch writes as StateReason. points: the real ones that were evaluated, newest first, with their times
    as text; needed: M where the alarm names one, else None."""
    if not points:
        if state == "INSUFFICIENT_DATA":
            return f"Insufficient Data: {_count(of, 'datapoint')} {'was' if of == 1 else 'were'} unknown."
        treated = {"breaching": "Breaching", "notBreaching": "NonBreaching"}.get(missing, missing.capitalize())
        return (
            f"Threshold Crossed: no datapoints were received for {_count(of, 'period')} and "
            f"{_count(of, 'missing datapoint')} {'was' if of == 1 else 'were'} treated as [{treated}]."
        )
    if state == "INSUFFICIENT_DATA":
        unknown = of - len(points)
        return f"Insufficient Data: {_count(unknown, 'datapoint')} {'was' if unknown == 1 else 'were'} unknown."
    words, holds = COMPARISONS[comparison]
    in_alarm = state == "ALARM"
    told = [one for one in points if holds(one[1], threshold) == in_alarm] or list(points)
    shown = ", ".join(f"{value:.17g} ({at})" if value % 1 else f"{value:.1f} ({at})" for at, value in told)
    verb = f"{'was' if len(told) == 1 else 'were'} {'' if in_alarm else 'not '}{words}"
    if needed is None:
        return f"Threshold Crossed: {_count(len(told), 'datapoint')} [{shown}] {verb} the threshold ({threshold})."
    change = "OK -> ALARM" if in_alarm else "ALARM -> OK"
    least = needed if in_alarm else of - needed + 1
    return (
        f"Threshold Crossed: {len(told)} out of the last {of} datapoints [{shown}] {verb} the threshold ({threshold}) "
        f"(minimum {_count(least, 'datapoint')} for {change} transition)."
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
