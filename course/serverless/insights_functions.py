"""Functions of CloudWatch Logs Insights: what each takes (fewest and most arguments) and gives.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
"""

from __future__ import annotations

import ipaddress
import math
import re
import statistics
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from course.serverless.metric_statistics import percentile

__all__ = ["AGGREGATES", "DURATION", "FUNCTIONS", "number", "shown_time"]

DURATION = re.compile(r"(\d+)(ms|s|mo|m|h|d|w|q|y)")
_SECONDS = {
    "ms": 0.001,
    "s": 1,
    "m": 60,
    "h": 3600,
    "d": 86400,
    "w": 604800,
    "mo": 2592000,
    "q": 7776000,
    "y": 31536000,
}
Table = dict[str, tuple[int, int | None, Callable[..., Any]]]


def number(value: Any) -> float | None:
    """A value as a number, if it is or looks like one."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, (int, float)):
        return value
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None


def shown_time(milliseconds: float) -> str:
    """A time as Logs Insights shows it: 2026-11-28 17:30:00.000, in UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


class Moment(float):
    """Milliseconds since 1970 that are shown as a time."""


def _floor(moment: Any, period: str) -> Moment | None:
    at, step = number(moment), _milliseconds(period)
    return None if at is None or not step else Moment(at // step * step)


def _milliseconds(period: Any) -> float:
    found = DURATION.fullmatch(f"{period}")
    return int(found[1]) * _SECONDS[found[2]] * 1000 if found else 0


def _numeric(function: Callable[..., Any]) -> Callable[..., Any]:
    def calculate(*given: Any) -> Any:
        numbers = [number(one) for one in given]
        try:
            return None if None in numbers else function(*numbers)
        except (ValueError, OverflowError):
            return None

    return calculate


def _textual(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given: None if given[0] is None else function(*(f"{one}" for one in given))


def _substring(text: str, start: str, length: str | None = None) -> str:
    first = int(float(start))
    return text[first:] if length is None else text[first : first + int(float(length))]


def _address(version: int = 0) -> Callable[[Any], bool]:
    def valid(text: Any) -> bool:
        try:
            return ipaddress.ip_address(f"{text}").version == (version or ipaddress.ip_address(f"{text}").version)
        except ValueError:
            return False

    return valid


def _in_subnet(text: Any, subnet: Any) -> bool:
    try:
        return ipaddress.ip_address(f"{text}") in ipaddress.ip_network(f"{subnet}", strict=False)
    except (ValueError, TypeError):
        return False


FUNCTIONS: Table = {
    "abs": (1, 1, _numeric(abs)),
    "ceil": (1, 1, _numeric(math.ceil)),
    "floor": (1, 1, _numeric(math.floor)),
    "greatest": (1, None, _numeric(max)),
    "least": (1, None, _numeric(min)),
    "log": (1, 1, _numeric(math.log)),
    "sqrt": (1, 1, _numeric(math.sqrt)),
    "bin": (1, 1, _floor),
    "datefloor": (2, 2, _floor),
    "dateceil": (2, 2, lambda at, period: None if (low := _floor(at, period)) is None else Moment(
        low if low == number(at) else low + _milliseconds(period))),
    "frommillis": (1, 1, lambda value: None if number(value) is None else Moment(number(value))),
    "tomillis": (1, 1, lambda value: None if number(value) is None else float(number(value))),
    "isempty": (1, 1, lambda value: value is None or value == ""),
    "isblank": (1, 1, lambda value: value is None or f"{value}".strip() == ""),
    "concat": (1, None, lambda *given: "".join(f"{one}" for one in given if one is not None)),
    "ltrim": (1, 2, _textual(lambda text, *chars: text.lstrip(*chars))),
    "rtrim": (1, 2, _textual(lambda text, *chars: text.rstrip(*chars))),
    "trim": (1, 2, _textual(lambda text, *chars: text.strip(*chars))),
    "strlen": (1, 1, _textual(len)),
    "toupper": (1, 1, _textual(str.upper)),
    "tolower": (1, 1, _textual(str.lower)),
    "substr": (2, 3, _textual(_substring)),
    "replace": (3, 3, _textual(str.replace)),
    "strcontains": (2, 2, _textual(lambda text, part: int(part in text))),
    "ispresent": (1, 1, lambda value: value is not None),
    "coalesce": (1, None, lambda *given: next((one for one in given if one is not None), None)),
    "if": (3, 3, lambda condition, then, other: then if condition else other),
    "isvalidip": (1, 1, _address()),
    "isvalidipv4": (1, 1, _address(4)),
    "isvalidipv6": (1, 1, _address(6)),
    "isipinsubnet": (2, 2, _in_subnet),
    "isipv4insubnet": (2, 2, _in_subnet),
    "isipv6insubnet": (2, 2, _in_subnet),
}  # fmt: skip


def _numbers(rows: list[list]) -> list[float]:
    return [found for row in rows if (found := number(row[0])) is not None]


def _over_numbers(function: Callable[[list[float]], float]) -> Callable[[list[list]], float | None]:
    return lambda rows: function(found) if (found := _numbers(rows)) else None


def _extreme(choose: Callable[..., Any]) -> Callable[[list[list]], Any]:
    def extreme(rows: list[list]) -> Any:
        found = [row[0] for row in rows if row[0] is not None]
        numbers = [number(one) for one in found]
        return choose(found, key=str) if None in numbers else choose(numbers, default=None)

    return extreme


def _percent(rows: list[list]) -> float | None:
    found = _numbers(rows)
    return percentile(found, number(rows[0][1]) or 0.0) if found else None


AGGREGATES: Table = {
    "count": (0, 1, lambda rows: sum(not row or row[0] is not None for row in rows)),
    "count_distinct": (1, 1, lambda rows: len({f"{row[0]}" for row in rows if row[0] is not None})),
    "avg": (1, 1, _over_numbers(statistics.fmean)),
    "sum": (1, 1, _over_numbers(math.fsum)),
    "min": (1, 1, _extreme(min)),
    "max": (1, 1, _extreme(max)),
    "median": (1, 1, _over_numbers(statistics.median)),
    "stddev": (1, 1, _over_numbers(statistics.pstdev)),
    "pct": (2, 2, _percent),
    "percentile": (2, 2, _percent),
    # Records come newest first.
    "earliest": (1, 1, lambda rows: next((row[0] for row in reversed(rows) if row[0] is not None), None)),
    "latest": (1, 1, lambda rows: next((row[0] for row in rows if row[0] is not None), None)),
    "sortsfirst": (1, 1, lambda rows: min((f"{row[0]}" for row in rows if row[0] is not None), default=None)),
    "sortslast": (1, 1, lambda rows: max((f"{row[0]}" for row in rows if row[0] is not None), default=None)),
}
