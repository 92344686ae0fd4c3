"""Metric math of CloudWatch: expressions over time series, as GetMetricData and alarms calculate them.

A time series is a dict of seconds since 1970 and values. Where one of two series has no value, 0 counts; a division by 0
gives no value.

>>> errors, calls = {0: 1, 60: 2}, {0: 10, 60: 40}
>>> evaluate("100 * errors / calls", {"errors": errors, "calls": calls}, period=60, times=[0, 60])
{0: 10.0, 60: 5.0}

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from course.serverless.metric_math_functions import FUNCTIONS, Context, MathError, Series, pairwise

__all__ = ["MathError", "Series", "evaluate", "identifiers"]

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?P<name>[A-Za-z_]\w*)|(?P<string>"[^"]*"|'[^']*')
    |(?P<operator>&&|\|\||==|!=|<=|>=|[-+*/^<>(),\[\]]))""",
    re.VERBOSE,
)
_ORDER = (
    {"OR": "||", "||": "||"},
    {"AND": "&&", "&&": "&&"},
    {one: one for one in ("==", "!=", "<=", ">=", "<", ">")},
    {"+": "+", "-": "-"},
    {"*": "*", "/": "/"},
)
# Words that stand for themselves as arguments.
_WORDS = ("REPEAT", "LINEAR", "ASC", "DESC")


def _divided(left: float, right: float) -> float | None:
    return left / right if right else None


def _power(left: float, right: float) -> float | None:
    try:
        found = left**right
    except (ZeroDivisionError, OverflowError):
        return None
    return found if isinstance(found, (int, float)) else None


_OPERATIONS: dict[str, Callable[[float, float], float | None]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _divided,
    "^": _power,
    "==": lambda left, right: float(left == right),
    "!=": lambda left, right: float(left != right),
    "<": lambda left, right: float(left < right),
    ">": lambda left, right: float(left > right),
    "<=": lambda left, right: float(left <= right),
    ">=": lambda left, right: float(left >= right),
    "&&": lambda left, right: float(bool(left) and bool(right)),
    "||": lambda left, right: float(bool(left) or bool(right)),
}


def evaluate(
    expression: str,
    series: Mapping[str, Series],
    period: int,
    times: Sequence[int],
    metrics: Sequence[str] | None = None,
) -> Series | list[Series]:
    """One series, or several, by this expression; `metrics` names those of `series` that METRICS() gives, all if None.

    period: of the data points, in seconds. times: the moments between start and end that FILL and IF may fill.
    MathError (a ValueError) for what is no expression, names an unknown id, or ends in a single number.
    """
    context = Context(dict(series), period, list(times), list(series if metrics is None else metrics))
    try:
        found = _Parser(expression).read(context)
    except RecursionError:
        raise MathError("the expression is nested too deeply") from None
    if isinstance(found, (int, float)):
        raise MathError("the result of the expression must be a time series, and this one is a number")
    if isinstance(found, str):
        raise MathError("the result of the expression must be a time series, and this one is a word")
    return found


def identifiers(expression: str) -> set[str]:
    """The ids that an expression refers to. MathError for what is no expression."""
    parser = _Parser(expression)
    return {
        text
        for (kind, text), following in zip(parser.tokens, [*parser.tokens[1:], ("end", "")])
        if kind == "name" and text[0].islower() and following != ("operator", "(")
    }


class _Parser:
    def __init__(self, text: str):
        self.tokens: list[tuple[str, str]] = []
        position = 0
        while text[position:].strip():
            found = _TOKEN.match(text, position)
            if not found:
                raise MathError(f"{text[position:].strip()[:1]!r} is not expected in an expression")
            self.tokens.append((found.lastgroup or "", found[found.lastgroup or 0]))
            position = found.end()
        if not self.tokens:
            raise MathError("the expression is empty")
        self.place = 0

    def read(self, context: Context) -> Any:
        self.context = context
        found = self._level(0)
        if self.place < len(self.tokens):
            raise MathError(f"{self.tokens[self.place][1]!r} is not expected behind an expression")
        return found

    def _peek(self) -> str:
        kind, text = self.tokens[self.place] if self.place < len(self.tokens) else ("end", "")
        return text if kind in ("operator", "name") else ""

    def _take(self, *texts: str) -> str:
        text = self._peek()
        if text and text in texts:
            self.place += 1
            return text
        return ""

    def _require(self, text: str) -> None:
        if not self._take(text):
            raise MathError(f"{text!r} is missing in the expression")

    def _level(self, level: int) -> Any:
        if level == len(_ORDER):
            return self._powered()
        found = self._level(level + 1)
        while operator := self._take(*_ORDER[level]):
            found = pairwise(_OPERATIONS[_ORDER[level][operator]], found, self._level(level + 1))
        return found

    def _powered(self) -> Any:
        if self._take("-"):
            return pairwise(lambda one, _: -one, self._powered(), 0.0)
        found = self._single()
        return pairwise(_power, found, self._powered()) if self._take("^") else found

    def _single(self) -> Any:
        if self._take("("):
            found = self._level(0)
            self._require(")")
            return found
        if self._take("["):
            return self._array()
        kind, text = self.tokens[self.place] if self.place < len(self.tokens) else ("end", "")
        self.place += 1
        if kind == "number":
            return float(text)
        if kind == "string":
            return text[1:-1]
        if kind != "name":
            raise MathError(f"{text or 'the end'!r} is not expected in an expression")
        if self._peek() == "(":
            return self._call(text)
        if text in self.context.series:
            return self.context.series[text]
        if text in _WORDS or text in FUNCTIONS:
            return text
        raise MathError(f"the id {text!r} is not among the queries")

    def _array(self) -> list[Series]:
        parts: list[Series] = []
        while not self._take("]"):
            found = self._level(0)
            if isinstance(found, (int, float, str)):
                raise MathError("an array holds time series")
            parts += found if isinstance(found, list) else [found]
            if not self._take(",") and self._peek() != "]":
                raise MathError("']' is missing in the expression")
        return parts

    def _call(self, name: str) -> Any:
        if name not in FUNCTIONS:
            raise MathError(f"{name} is no function of the offline account's metric math")
        self._require("(")
        arguments = []
        while not self._take(")"):
            arguments.append(self._level(0))
            if not self._take(",") and self._peek() != ")":
                raise MathError("')' is missing in the expression")
        least, most, function = FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            raise MathError(f"{name} does not take {len(arguments)} arguments")
        return function(self.context, *arguments)
