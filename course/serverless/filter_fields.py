"""Space-delimited filter patterns: `[ip, user, timestamp, request, status = 4* && status != 404, bytes > 1000]`.

What stands in square brackets or double quotation marks in a log event is one field. Without `...` a log event has
exactly as many fields as the pattern.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from course.serverless.filter_conditions import Condition, Token, comparisons, holds, parse, tokens
from course.serverless.filter_values import InvalidFilterPattern

__all__ = ["FieldPattern", "fields_of"]

_FIELD = re.compile(r'\[(?P<bracket>[^\]]*)\]|"(?P<quote>(?:\\.|[^"\\])*)"|(?P<bare>\S+)')
_NAME = re.compile(r"\$?[\w.\-]+")
_ELLIPSIS = ("...", "…")


@lru_cache(maxsize=256)
def fields_of(message: str) -> tuple[str, ...]:
    """The fields of a log event."""
    return tuple(found[found.lastgroup] for found in _FIELD.finditer(message))


@dataclass(frozen=True)
class Field:
    """One field of a pattern; no name for an empty one."""

    name: str
    condition: Condition | None = None


class FieldPattern:
    """A pattern in square brackets."""

    kind = "fields"

    def __init__(self, text: str):
        if not text.endswith("]"):
            raise InvalidFilterPattern("a space-delimited pattern ends with a square bracket")
        self.regexes = 0
        parts = _split(text[1:-1])
        self._everything = parts == [""]
        ellipses = [place for place, part in enumerate(parts) if part in _ELLIPSIS]
        if len(ellipses) > 1:
            raise InvalidFilterPattern("a space-delimited pattern has at most one ellipsis")
        self._open = bool(ellipses)
        place = ellipses[0] if ellipses else len(parts)
        self._head = [self._field(part) for part in parts[:place]]
        self._tail = [self._field(part) for part in parts[place + 1 :]]
        names = [field.name for field in self._head + self._tail if field.name]
        if len(names) != len(set(names)):
            raise InvalidFilterPattern("two fields of the pattern have the same name")

    def _field(self, part: str) -> Field:
        if not part:
            return Field("")
        found = tokens(part)
        self.regexes += sum(token.kind == "regex" for token in found)
        if len(found) == 1:
            return Field(_name(found[0]))
        condition = parse(found, _name, states=False)
        names = {one.operand for one in comparisons(condition)}
        if len(names) > 1:
            raise InvalidFilterPattern(f"one field cannot have conditions about {', '.join(sorted(names))}")
        return Field(names.pop(), condition)

    def _values(self, message: str) -> list[tuple[Field, str]] | None:
        """Each field of the log event with its field of the pattern; None if their numbers differ."""
        found = fields_of(message)
        if self._everything:
            return [(Field(""), one) for one in found]
        least = len(self._head) + len(self._tail)
        if len(found) < least or (len(found) > least and not self._open):
            return None
        between = [Field("")] * (len(found) - least)
        return list(zip([*self._head, *between, *self._tail], found))

    def extracted(self, message: str) -> dict[str, str] | None:
        """{"$status": "404", "$4": ...}: names from the pattern, numbers where it has none; None if it does not fit."""
        pairs = self._values(message)
        if pairs is None:
            return None
        for field, found in pairs:
            if field.condition and not holds(field.condition, lambda _, found=found: [found]):
                return None
        return {f"${field.name or place}": found for place, (field, found) in enumerate(pairs, start=1)}

    def value_of(self, name: str, message: str) -> str | None:
        """What a field stands for in this message."""
        found = self.extracted(message) or {}
        return found.get(name)


def _name(token: Token) -> str:
    if token.kind != "word" or not _NAME.fullmatch(token.text):
        raise InvalidFilterPattern(f"{token.text!r} is no name of a field")
    return token.text.removeprefix("$")


def _split(text: str) -> list[str]:
    """The fields between the commas that stand in no quotation marks and in no regular expression."""
    parts, start, inside = [], 0, ""
    for position, letter in enumerate(text):
        if letter in '"%' and (not inside or inside == letter) and text[position - 1 : position] != "\\":
            inside = "" if inside else letter
        elif letter == "," and not inside:
            parts.append(text[start:position].strip())
            start = position + 1
    if inside:
        raise InvalidFilterPattern("a quotation mark or a regular expression is not closed")
    return [*parts, text[start:].strip()]
