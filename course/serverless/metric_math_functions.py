"""The functions of metric math, and how operators go through numbers, time series and arrays of them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax-functions-list
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

__all__ = ["FUNCTIONS", "Context", "MathError", "Series", "pairwise"]

Series = dict[int, float]


class MathError(ValueError):
    """An expression that CloudWatch does not calculate; the message says why."""


@dataclass
class Context:
    """What functions know: all series by their ids, the period, the moments of the request, the ids of metrics."""

    series: dict[str, Series]
    period: int
    times: list[int]
    metrics: list[str]


def pairwise(function: Callable[[float, float], float | None], left: Any, right: Any) -> Any:
    """An operator on two numbers, series or arrays. A series beside an array goes with each of its series."""
    for one in (left, right):
        if isinstance(one, str):
            raise MathError(f"{one!r} cannot be calculated with")
    if isinstance(left, list) or isinstance(right, list):
        if isinstance(left, list) and isinstance(right, list):
            raise MathError("two arrays of time series cannot be combined by an operator")
        pairs = [(one, right) for one in left] if isinstance(left, list) else [(left, one) for one in right]
        return [pairwise(function, *pair) for pair in pairs]
    if not isinstance(left, dict) and not isinstance(right, dict):
        found = function(left, right)
        if found is None:
            raise MathError("a number is divided by zero")
        return found
    times = sorted(set(left if isinstance(left, dict) else ()) | set(right if isinstance(right, dict) else ()))
    result = {}
    for at in times:
        found = function(*(one.get(at, 0.0) if isinstance(one, dict) else one for one in (left, right)))
        if found is not None:
            result[at] = found
    return result


def _each(function: Callable[[float], float | None]) -> Callable[..., Any]:
    def apply(context: Context, given: Any) -> Any:
        if isinstance(given, list):
            return [apply(context, one) for one in given]
        if isinstance(given, (int, float)):
            found = function(given)
            if found is None:
                raise MathError("the function has no value for this number")
            return found
        return {at: found for at, one in _series(given).items() if (found := function(one)) is not None}

    return apply


def _series(given: Any) -> Series:
    if not isinstance(given, dict):
        raise MathError("a time series is expected")
    return given


def _summary(function: Callable[[list[float]], float]) -> Callable[..., Any]:
    """One number for one series; for an array one series, with 0 where a series has no value."""

    def apply(context: Context, given: Any) -> Any:
        if isinstance(given, list):
            times = sorted({at for one in given for at in one})
            return {at: function([one.get(at, 0.0) for one in given]) for at in times}
        held = list(_series(given).values())
        return function(held) if held else 0.0

    return apply


def _through(function: Callable[[Context, list[int], Series], Series]) -> Callable[..., Any]:
    """A function that looks at neighbours."""

    def apply(context: Context, given: Any) -> Any:
        if isinstance(given, list):
            return [apply(context, one) for one in given]
        return function(context, sorted(_series(given)), given)

    return apply


def _differences(context: Context, times: list[int], held: Series) -> Series:
    return {at: held[at] - held[before] for before, at in zip(times, times[1:])}


def _rate(context: Context, times: list[int], held: Series) -> Series:
    return {at: (held[at] - held[before]) / (at - before) for before, at in zip(times, times[1:])}


def _running_sum(context: Context, times: list[int], held: Series) -> Series:
    total, result = 0.0, {}
    for at in times:
        total += held[at]
        result[at] = total
    return result


def _fill(context: Context, given: Any, filler: Any) -> Any:
    if isinstance(given, list):
        return [_fill(context, one, filler) for one in given]
    held, times = _series(given), sorted(given)
    result = {}
    for at in sorted({*context.times, *times}):
        if at in held:
            result[at] = held[at]
        elif filler == "REPEAT":
            before = [one for one in times if one < at]
            if before:
                result[at] = held[before[-1]]
        elif filler == "LINEAR":
            before, after = [one for one in times if one < at], [one for one in times if one > at]
            if before and after:
                low, high = before[-1], after[0]
                result[at] = held[low] + (held[high] - held[low]) * (at - low) / (high - low)
        elif isinstance(filler, dict):
            if at in filler:
                result[at] = filler[at]
        elif isinstance(filler, (int, float)):
            result[at] = float(filler)
        else:
            raise MathError("FILL fills with a number, a time series, REPEAT or LINEAR")
    return result


def _if(context: Context, condition: Any, then: Any, otherwise: Any = None) -> Any:
    if isinstance(condition, (int, float)):
        chosen = then if condition else otherwise
        return {} if chosen is None else chosen
    times = set(_series(condition))
    for one in (then, otherwise):
        if isinstance(one, list):
            raise MathError("IF takes numbers and time series, and no arrays")
    result = {}
    for at in sorted(times):
        chosen = then if condition[at] else otherwise
        found = chosen.get(at) if isinstance(chosen, dict) else chosen
        if found is not None:
            result[at] = float(found)
    return result


def _metrics(context: Context, part: str | None = None) -> list[Series]:
    return [context.series[one] for one in context.metrics if part is None or part in one]


def _array(given: Any) -> list[Series]:
    if not isinstance(given, list):
        raise MathError("an array of time series is expected")
    return given


def _sort(context: Context, given: Any, by: str, order: str, limit: float | None = None) -> list[Series]:
    if by not in ("AVG", "MAX", "MIN", "SUM") or order not in ("ASC", "DESC"):
        raise MathError("SORT takes a function (AVG, MAX, MIN, SUM) and an order (ASC, DESC)")
    ordered = sorted(_array(given), key=lambda one: FUNCTIONS[by][2](context, one), reverse=order == "DESC")
    return ordered if limit is None else ordered[: int(limit)]


def _slice(context: Context, given: Any, start: float, end: float | None = None) -> Any:
    held = _array(given)
    return held[int(start)] if end is None else held[int(start) : int(end)]


def _calendar(part: Callable[[datetime], int]) -> Callable[..., Any]:
    return lambda context, given: {at: float(part(datetime.fromtimestamp(at, UTC))) for at in _series(given)}


def _logarithm(function: Callable[[float], float]) -> Callable[[float], float | None]:
    return lambda one: function(one) if one > 0 else None


def _count(context: Context, given: Any) -> Any:
    if isinstance(given, list):
        times = sorted({at for one in given for at in one})
        return {at: float(sum(at in one for one in given)) for at in times}
    return float(len(_series(given)))


def _first(context: Context, given: Any) -> Series:
    if not _array(given):
        raise MathError("the array is empty")
    return given[0]


FUNCTIONS: dict[str, tuple[int, int, Callable[..., Any]]] = {
    "ABS": (1, 1, _each(abs)),
    "CEIL": (1, 1, _each(lambda one: float(math.ceil(one)))),
    "FLOOR": (1, 1, _each(lambda one: float(math.floor(one)))),
    "LOG": (1, 1, _each(_logarithm(math.log))),
    "LOG10": (1, 1, _each(_logarithm(math.log10))),
    "AVG": (1, 1, _summary(statistics.fmean)),
    "MAX": (1, 1, _summary(max)),
    "MIN": (1, 1, _summary(min)),
    "SUM": (1, 1, _summary(math.fsum)),
    "STDDEV": (1, 1, _summary(statistics.pstdev)),
    "DATAPOINT_COUNT": (1, 1, _count),
    "METRIC_COUNT": (1, 1, lambda context, given: float(len(_array(given)))),
    "METRICS": (0, 1, _metrics),
    "DIFF": (1, 1, _through(_differences)),
    "DIFF_TIME": (
        1, 1, _through(lambda context, times, held: {at: float(at - one) for one, at in zip(times, times[1:])}),
    ),
    "RATE": (1, 1, _through(_rate)),
    "RUNNING_SUM": (1, 1, _through(_running_sum)),
    "FILL": (2, 2, _fill),
    "IF": (2, 3, _if),
    "PERIOD": (1, 1, lambda context, given: float(context.period)),
    "TIME_SERIES": (1, 1, lambda context, number: {at: float(number) for at in context.times}),
    "REMOVE_EMPTY": (1, 1, lambda context, given: [one for one in _array(given) if one]),
    "FIRST": (1, 1, _first),
    "LAST": (1, 1, lambda context, given: _first(context, _array(given)[::-1])),
    "SLICE": (2, 3, _slice),
    "SORT": (3, 4, _sort),
    "EPOCH": (1, 1, lambda context, given: {at: float(at) for at in _series(given)}),
    "MINUTE": (1, 1, _calendar(lambda at: at.minute)),
    "HOUR": (1, 1, _calendar(lambda at: at.hour)),
    "DAY": (1, 1, _calendar(lambda at: at.isoweekday())),
    "DATE": (1, 1, _calendar(lambda at: at.day)),
    "MONTH": (1, 1, _calendar(lambda at: at.month)),
    "YEAR": (1, 1, _calendar(lambda at: at.year)),
}  # fmt: skip
