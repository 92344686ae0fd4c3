"""JSON filter patterns: `{ $.user.id = 1 && ($.users[0].email = "*@example.com" || $.error NOT EXISTS) }`.

A selector begins with `$`; it must point at a text or a number, except for IS NULL, IS TRUE, IS FALSE and NOT EXISTS.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from course.data import value
from course.serverless.filter_conditions import Token, comparisons, holds, parse, tokens
from course.serverless.filter_values import InvalidFilterPattern

__all__ = ["JsonPattern", "selector", "values"]

_STEP = re.compile(r"""\.?\[\s*(?P<index>\d+|\*)\s*\]|\.?\[\s*'(?P<named>[^']+)'\s*\]|\.(?P<name>[\w-]+|\*)""")


def selector(text: str) -> tuple[str | int, ...]:
    """The steps of a selector: "$.users[0].email" -> ("users", 0, "email"); "*" stands for any name or index."""
    steps: list[str | int] = []
    position = 1
    if not text.startswith("$") or text == "$":
        raise InvalidFilterPattern(f"{text!r} is no selector; one looks like $.name")
    while position < len(text):
        step = _STEP.match(text, position)
        if not step:
            raise InvalidFilterPattern(f"{text!r} is no selector; one looks like $.users[0].name")
        index = step["index"]
        steps.append(int(index) if index and index != "*" else index or step["named"] or step["name"])
        position = step.end()
    if steps.count("*") > value("logs.filter_patterns.wildcards_in_a_selector"):
        raise InvalidFilterPattern(f"the selector {text!r} has more than one wildcard")
    return tuple(steps)


def values(document: Any, steps: tuple[str | int, ...]) -> list:
    """All values the selector points at; an empty list if there are none."""
    found = [document]
    for step in steps:
        found = [inner for one in found for inner in _inside(one, step)]
    return found


def _inside(document: Any, step: str | int) -> list:
    if isinstance(step, int):
        return [document[step]] if isinstance(document, list) and step < len(document) else []
    if step == "*":
        return (
            list(document.values())
            if isinstance(document, dict)
            else list(document or ())
            if isinstance(document, list)
            else []
        )
    return [document[step]] if isinstance(document, dict) and step in document else []


class JsonPattern:
    """A pattern in braces."""

    kind = "json"

    def __init__(self, text: str):
        if not text.endswith("}") or not text[1:-1].strip():
            raise InvalidFilterPattern("a JSON pattern is a condition in braces: { $.name = value }")
        found = _whole_selectors(tokens(_without_bracket_quotes(text[1:-1])))
        self.regexes = sum(token.kind == "regex" for token in found)
        self._condition = parse(found, lambda token: (token.text, selector(token.text)), states=True)
        self._selectors = dict(one.operand for one in comparisons(self._condition))
        wild = sum(one.operand[1].count("*") for one in comparisons(self._condition))
        if wild > value("logs.filter_patterns.wildcards_in_a_pattern"):
            raise InvalidFilterPattern("the pattern has too many wildcard selectors")

    def extracted(self, message: str) -> dict[str, str] | None:
        """The values of the selectors, as texts; None if the message is no JSON or does not fit."""
        document = _document(message)
        if document is None or not holds(self._condition, lambda operand: values(document, operand[1])):
            return None
        found = {name: values(document, steps) for name, steps in self._selectors.items()}
        return {name: _text(held[0]) for name, held in found.items() if held}

    def value_of(self, name: str, message: str) -> str | None:
        """The value of any selector in this message, as a text."""
        document = _document(message)
        found = values(document, selector(name)) if document is not None else []
        return _text(found[0]) if found and isinstance(found[0], (str, int, float)) else None


def _without_bracket_quotes(text: str) -> str:
    # $.["a.b"] and $.['a.b'] mean the same; only the second survives the tokens of conditions.
    return re.sub(r"""\[\s*"([^"\]]+)"\s*\]""", r"['\1']", text)


def _whole_selectors(found: list[Token]) -> list[Token]:
    """Names in brackets may hold spaces, which ended a word."""
    whole: list[Token] = []
    for token in found:
        last = whole[-1] if whole else None
        if last and last.kind == token.kind == "word" and last.text.count("'") % 2:
            whole[-1] = Token("word", f"{last.text} {token.text}")
        else:
            whole.append(token)
    return whole


@lru_cache(maxsize=256)
def _document(message: str) -> Any:
    try:
        found = json.loads(message)
    except ValueError:
        return None
    return found if isinstance(found, (dict, list)) else None


def _text(found: Any) -> str:
    return found if isinstance(found, str) else json.dumps(found)
