"""Expressions of CloudWatch Logs Insights: arithmetic, comparisons, like, in, and, or, not, and functions.

A parsed expression is a function from a record (a dict of fields) to a value; None stands for a field that is not there.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from course.serverless.insights_functions import AGGREGATES, DURATION, FUNCTIONS, number

__all__ = ["Expression", "MalformedQuery", "Reader", "regular_expression"]

_TOKEN = re.compile(
    r"""\s*(?:(?P<comment>\#[^\n]*)|(?P<string>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|(?P<quoted>`[^`]+`)
    |(?P<number>\d+(?:\.\d+)?(?:ms|s|mo|m|h|d|w|q|y)?\b)|(?P<name>[@A-Za-z_][\w.@]*(?:\[\d+\](?:\.[\w@]+)*)*)
    |(?P<operator>=~|!=|<=|>=|[-+*/%^=<>(),\[\]|]))""",
    re.VERBOSE,
)
_REGEX = re.compile(r"/((?:\\.|[^/\\])+)/")
Record = Mapping[str, Any]


class MalformedQuery(ValueError):
    """The text is no query of Logs Insights; the message says where."""


@dataclass(frozen=True)
class Expression:
    """`text` names the column where no alias is given; `fields` are the fields it reads, `aggregate` says whether it
    sums up many records (its function then takes a list of them)."""

    text: str
    evaluate: Callable[[Any], Any]
    fields: frozenset[str] = field(default_factory=frozenset)
    aggregate: bool = False


def regular_expression(source: str) -> re.Pattern:
    """Java's spelling of named groups becomes Python's."""
    try:
        return re.compile(re.sub(r"\(\?<(?=[A-Za-z])", "(?P<", source))
    except re.error as problem:
        raise MalformedQuery(f"invalid regular expression /{source}/: {problem}") from None


class Reader:
    """Reads tokens of a query from left to right."""

    def __init__(self, text: str):
        self.text, self.position = text, 0
        self._peeked: tuple[str, str, int] | None = None

    def peek(self) -> tuple[str, str]:
        """Kind and text of the next token; ("end", "") behind the last."""
        if self._peeked is None:
            position = self.position
            while True:
                rest = self.text[position:]
                if not rest.strip():
                    self._peeked = ("end", "", len(self.text))
                    break
                found = _TOKEN.match(self.text, position)
                if not found:
                    raise MalformedQuery(f"unexpected symbol found {rest.strip()[:1]} at position {position}")
                position = found.end()
                if found.lastgroup != "comment":
                    self._peeked = (found.lastgroup or "", found[found.lastgroup or 0], position)
                    break
        return self._peeked[:2]

    def next(self) -> tuple[str, str]:
        """Take the next token."""
        token = self.peek()
        self.position, self._peeked = self._peeked[2], None
        return token

    def takes(self, *words: str) -> str:
        """Take the next token if it is one of these words or operators; "" if it is none."""
        kind, text = self.peek()
        if kind in ("name", "operator") and text.lower() in words:
            self.next()
            return text.lower()
        return ""

    def require(self, word: str) -> None:
        """Take this word, or say what stands there instead."""
        if not self.takes(word):
            raise MalformedQuery(f"mismatched input '{self.peek()[1] or '<EOF>'}' expecting {word}")

    def takes_regex(self) -> re.Pattern | None:
        """Take a regular expression between slashes."""
        found = _REGEX.match(self.text, self._skip())
        if not found:
            return None
        self.position, self._peeked = found.end(), None
        return regular_expression(found[1])

    def _skip(self) -> int:
        return len(self.text) - len(self.text[self.position :].lstrip())

    def string(self) -> str:
        """Take a text in quotation marks."""
        kind, text = self.next()
        if kind != "string":
            raise MalformedQuery(f"mismatched input '{text or '<EOF>'}' expecting a text in quotation marks")
        return unquoted(text)

    def name(self) -> str:
        """Take the name of a field."""
        kind, text = self.next()
        if kind not in ("name", "quoted"):
            raise MalformedQuery(f"mismatched input '{text or '<EOF>'}' expecting the name of a field")
        return text.strip("`")

    def number(self) -> int:
        """Take a whole number."""
        kind, text = self.next()
        if kind != "number" or not text.isdigit():
            raise MalformedQuery(f"mismatched input '{text or '<EOF>'}' expecting a number")
        return int(text)

    def expression(self) -> Expression:
        """An expression; its text is as written, without spaces at the ends."""
        start = self._skip()
        read = self._any_of()
        text = " ".join(self.text[start : self.position].split())
        return Expression(text, read.evaluate, read.fields, read.aggregate)

    def _any_of(self) -> Expression:
        found = self._all_of()
        while self.takes("or"):
            found = _combined(lambda left, right: bool(left) or bool(right), found, self._all_of())
        return found

    def _all_of(self) -> Expression:
        found = self._negated()
        while self.takes("and"):
            found = _combined(lambda left, right: bool(left) and bool(right), found, self._negated())
        return found

    def _negated(self) -> Expression:
        if self.takes("not"):
            return _combined(lambda value: not value, self._negated())
        return self._comparison()

    def _comparison(self) -> Expression:
        left = self._sum()
        operator = self.takes("=", "!=", "<", "<=", ">", ">=", "=~", "like", "in", "not")
        if operator in ("", "=~", "like", "in", "not"):
            negative = operator == "not"
            if negative:
                operator = self.takes("like", "in")
                if not operator:
                    raise MalformedQuery(f"mismatched input '{self.peek()[1] or '<EOF>'}' expecting like or in")
            if operator == "in":
                return self._within(left, negative)
            return self._like(left, negative) if operator else left
        return _combined(lambda one, other: compared(operator, one, other), left, self._sum())

    def _like(self, left: Expression, negative: bool) -> Expression:
        pattern = self.takes_regex()
        if pattern is None:
            text = self.string()
            pattern = re.compile(re.escape(text.strip("%") if text[:1] == text[-1:] == "%" else text))
        return _combined(lambda one: one is not None and (pattern.search(f"{one}") is not None) != negative, left)

    def _within(self, left: Expression, negative: bool) -> Expression:
        self.require("[")
        choices = []
        while not self.takes("]"):
            choices.append(self._sum())
            self.takes(",")
        return _combined(
            lambda one, *rest: one is not None and any(compared("=", one, other) for other in rest) != negative,
            left,
            *choices,
        )

    def _sum(self) -> Expression:
        found = self._product()
        while operator := self.takes("+", "-"):
            found = _combined(_ARITHMETIC[operator], found, self._product())
        return found

    def _product(self) -> Expression:
        found = self._power()
        while operator := self.takes("*", "/", "%"):
            found = _combined(_ARITHMETIC[operator], found, self._power())
        return found

    def _power(self) -> Expression:
        found = self._single()
        return _combined(_ARITHMETIC["^"], found, self._power()) if self.takes("^") else found

    def _single(self) -> Expression:
        if self.takes("-"):
            return _combined(lambda one: None if number(one) is None else -number(one), self._single())
        if self.takes("("):
            found = self._any_of()
            self.require(")")
            return found
        kind, text = self.next()
        if kind == "string":
            return _constant(text, unquoted(text))
        if kind == "number":
            return _constant(text, float(text) if re.fullmatch(r"[\d.]+", text) else text)
        if kind == "quoted":
            return _field(text.strip("`"))
        if kind != "name":
            raise MalformedQuery(f"unexpected symbol found {text or '<EOF>'} at position {self.position}")
        if self.peek() == ("operator", "("):
            return self._call(text)
        return _field(text)

    def _call(self, name: str) -> Expression:
        self.require("(")
        arguments, everything = [], False
        while not self.takes(")"):
            if name.lower() == "count" and self.takes("*"):
                everything = True
                continue
            arguments.append(self._any_of())
            if not self.takes(",") and self.peek() != ("operator", ")"):
                raise MalformedQuery(f"mismatched input '{self.peek()[1] or '<EOF>'}' expecting )")
        lowered = name.lower()
        if lowered in AGGREGATES:
            least, most, function = AGGREGATES[lowered]
            if everything:
                arguments = []
            self._require_arguments(name, arguments, least, most)
            fields = frozenset().union(*(one.fields for one in arguments))
            return Expression(
                name, lambda records: function([[one.evaluate(record) for one in arguments] for record in records]),
                fields, True,
            )  # fmt: skip
        if lowered not in FUNCTIONS:
            raise MalformedQuery(f"unknown function {name}")
        least, most, function = FUNCTIONS[lowered]
        self._require_arguments(name, arguments, least, most)
        if lowered == "bin":
            if not DURATION.fullmatch(str(arguments[0].evaluate({}) or "")):
                raise MalformedQuery("bin takes a period such as 30s, 5m or 1h")
            arguments = [_field("@timestamp"), arguments[0]]
        return _combined(function, *arguments)

    def _require_arguments(self, name: str, arguments: list, least: int, most: int | None) -> None:
        if len(arguments) < least or (most is not None and len(arguments) > most):
            raise MalformedQuery(f"{name} does not take {len(arguments)} arguments")


def compared(operator: str, left: Any, right: Any) -> bool:
    """Numbers as numbers, everything else as texts; what is not there fits nothing."""
    if left is None or right is None:
        return False
    one, other = number(left), number(right)
    if one is None or other is None:
        one, other = f"{left}", f"{right}"
    return {
        "=": one == other,
        "!=": one != other,
        "<": one < other,
        "<=": one <= other,
        ">": one > other,
        ">=": one >= other,
    }[operator]


def _arithmetic(function: Callable[[float, float], float]) -> Callable[[Any, Any], float | None]:
    def calculate(left: Any, right: Any) -> float | None:
        one, other = number(left), number(right)
        if one is None or other is None:
            return None
        try:
            return function(one, other)
        except (ZeroDivisionError, OverflowError):
            return None

    return calculate


_ARITHMETIC = {
    "+": _arithmetic(lambda one, other: one + other),
    "-": _arithmetic(lambda one, other: one - other),
    "*": _arithmetic(lambda one, other: one * other),
    "/": _arithmetic(lambda one, other: one / other),
    "%": _arithmetic(lambda one, other: one % other),
    "^": _arithmetic(lambda one, other: float(one**other) if abs(other) < 1000 else one / 0),
}


def _combined(function: Callable[..., Any], *parts: Expression) -> Expression:
    aggregate = any(part.aggregate for part in parts)

    def evaluate(given: Any) -> Any:
        # Beside an aggregate, a plain part is the same for all records of its group, so that the first one tells it.
        return function(
            *(
                part.evaluate(given if part.aggregate or not aggregate else (given[0] if given else {}))
                for part in parts
            )
        )

    return Expression("", evaluate, frozenset().union(*(part.fields for part in parts)), aggregate)


def _constant(text: str, value: Any) -> Expression:
    return Expression(text, lambda _: value)


def _field(name: str) -> Expression:
    return Expression(name, lambda record: record.get(name), frozenset([name]))


def unquoted(text: str) -> str:
    """The text between quotation marks, with its escapes resolved."""
    return re.sub(r"\\(.)", r"\1", text[1:-1])
