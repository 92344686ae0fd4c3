"""Conditions of filter patterns: comparisons joined by &&, || and parentheses; && binds more tightly.

JSON patterns and space-delimited patterns share them; what stands left of an operator differs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from course.serverless.filter_values import MISSING, Expected, InvalidFilterPattern, compare, expected, quoted

__all__ = ["Comparison", "Condition", "Joined", "Token", "comparisons", "holds", "parse", "tokens"]

_OPERATORS = ("&&", "||", "!=", "<=", ">=", "=!", "=", "<", ">", "(", ")")
_WORD = re.compile(r"[^\s&|!<>=()%\"{}]+")
_STATES = {"IS NULL": "null", "IS TRUE": "true", "IS FALSE": "false", "NOT EXISTS": "missing", "EXISTS": "exists"}


@dataclass(frozen=True)
class Token:
    """`kind` is "word", "quoted", "regex" or the operator itself."""

    kind: str
    text: str


@dataclass(frozen=True)
class Comparison:
    """`operand` is what is looked up; `operator` one of = != < > <= >= or a state such as "missing"."""

    operand: Any
    operator: str
    wanted: Expected | None = None


@dataclass(frozen=True)
class Joined:
    """Conditions of which all ("&&") or any ("||") must hold."""

    by: str
    parts: tuple[Condition, ...]


Condition = Comparison | Joined


def tokens(text: str) -> list[Token]:
    """The tokens of a condition; InvalidFilterPattern for what is none."""
    found, position = [], 0
    while position < len(text):
        letter = text[position]
        operator = next((one for one in _OPERATORS if text.startswith(one, position)), None)
        if letter.isspace():
            position += 1
        elif operator:
            found.append(Token(operator, operator))
            position += len(operator)
        elif letter == '"':
            phrase, position = quoted(text, position)
            found.append(Token("quoted", phrase))
        elif letter == "%":
            end = text.find("%", position + 1)
            if end < 0:
                raise InvalidFilterPattern("a regular expression is not closed with %")
            found.append(Token("regex", text[position + 1 : end]))
            position = end + 1
        else:
            word = _WORD.match(text, position)
            if not word:
                raise InvalidFilterPattern(f"{letter!r} is not expected here: {text[position:]}")
            found.append(Token("word", word[0]))
            position = word.end()
    return found


def parse(found: list[Token], operand: Callable[[Token], Any], states: bool) -> Condition:
    """The condition in these tokens. `states`: whether IS NULL, NOT EXISTS and the like are known."""
    reader = _Reader(found, operand, states)
    try:
        condition = reader.any_of()
    except RecursionError:
        raise InvalidFilterPattern("the parentheses are nested too deeply") from None
    if reader.rest:
        raise InvalidFilterPattern(f"{reader.rest[0].text!r} is not expected after a condition")
    return condition


class _Reader:
    def __init__(self, found: list[Token], operand: Callable[[Token], Any], states: bool):
        self.rest, self.operand, self.states = list(found), operand, states

    def any_of(self) -> Condition:
        return self._joined("||", lambda: self._joined("&&", self._one))

    def _joined(self, by: str, read: Callable[[], Condition]) -> Condition:
        parts = [read()]
        while self.rest and self.rest[0].kind == by:
            self.rest.pop(0)
            parts.append(read())
        return parts[0] if len(parts) == 1 else Joined(by, tuple(parts))

    def _next(self, what: str) -> Token:
        if not self.rest:
            raise InvalidFilterPattern(f"the pattern ends where {what} is expected")
        return self.rest.pop(0)

    def _one(self) -> Condition:
        first = self._next("a condition")
        if first.kind == "(":
            inner = self.any_of()
            if self._next(")").kind != ")":
                raise InvalidFilterPattern("a parenthesis is not closed")
            return inner
        if first.kind != "word":
            raise InvalidFilterPattern(f"{first.text!r} is not expected at the begin of a condition")
        operand = self.operand(first)
        operator = self._next("an operator")
        if operator.kind == "word" and self.states:
            return Comparison(operand, self._state(operator))
        if operator.kind not in ("=", "!=", "=!", "<", ">", "<=", ">="):
            raise InvalidFilterPattern(f"{operator.text!r} is no comparison")
        value = self._next("a value")
        if value.kind not in ("word", "quoted", "regex"):
            raise InvalidFilterPattern(f"{value.text!r} is no value to compare with")
        wanted = expected(value.kind, value.text)
        # AWS's own examples write "not" in both ways.
        sign = "!=" if operator.kind == "=!" else operator.kind
        if sign not in ("=", "!=") and wanted.kind != "number":
            raise InvalidFilterPattern(f"{sign} compares numbers, and {value.text!r} is none")
        return Comparison(operand, sign, wanted)

    def _state(self, first: Token) -> str:
        words = first.text.upper()
        if words in ("IS", "NOT"):
            words = f"{words} {self._next('NULL, TRUE, FALSE or EXISTS').text.upper()}"
        if words not in _STATES or words == "EXISTS":
            raise InvalidFilterPattern(f"{words!r} is no comparison")
        return _STATES[words]


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """All comparisons of a condition, from left to right."""
    if isinstance(condition, Comparison):
        yield condition
        return
    for part in condition.parts:
        yield from comparisons(part)


def holds(condition: Condition, values: Callable[[Any], list]) -> bool:
    """Whether the condition holds; `values` gives what an operand stands for, an empty list if there is nothing."""
    if isinstance(condition, Joined):
        return (all if condition.by == "&&" else any)(holds(part, values) for part in condition.parts)
    found = values(condition.operand)
    match condition.operator:
        case "missing":
            return not found
        case "null":
            return any(one is None for one in found)
        case "true" | "false":
            return any(one is (condition.operator == "true") for one in found)
    return any(compare(condition.operator, condition.wanted, one) for one in found or (MISSING,))
