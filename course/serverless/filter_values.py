"""What a filter pattern of CloudWatch Logs compares with: texts with `*` at their ends, numbers, regular expressions.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

__all__ = ["InvalidFilterPattern", "MISSING", "Expected", "compare", "expected", "quoted", "regex"]

MISSING = object()

# Other texts, such as 'Root' in single quotation marks, need double ones.
_BARE = re.compile(r"[A-Za-z0-9_.*:/+#-]+")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
# What a regular expression may hold besides letters and digits: symbols, then operators. There are no groups.
_IN_A_REGEX = re.compile(r"(\\[\x21-\x7e]|[A-Za-z0-9:_#=@/;,\- ^$?\[\]{}|*+.])+")


class InvalidFilterPattern(ValueError):
    """The text is no filter pattern; the message says what is wrong with it, in one sentence."""


@dataclass(frozen=True)
class Expected:
    """One value of a pattern: `kind` is "text", "number" or "regex"."""

    kind: str
    text: str
    number: float = 0.0
    expression: re.Pattern | None = None

    def equals(self, found: str) -> bool:
        """Whether a text fits: `*` at the begin and the end stands for anything, elsewhere for itself."""
        if self.expression is not None:
            return self.expression.search(found) is not None
        if self.kind == "number":
            return found == self.text or _number(found) == self.number
        wanted, head, tail = self.text, self.text.startswith("*"), self.text.endswith("*")
        if wanted.strip("*") == "" and wanted:
            return True
        core = wanted[head : len(wanted) - tail]
        if head and tail:
            return core in found
        return found.endswith(core) if head else found.startswith(core) if tail else found == core


def regex(source: str) -> re.Pattern:
    """The regular expression between two `%`. InvalidFilterPattern for characters that CloudWatch Logs does not take."""
    if not _IN_A_REGEX.fullmatch(source):
        raise InvalidFilterPattern(f"the regular expression %{source}% has characters that are not supported")
    try:
        return re.compile(source, re.ASCII)
    except re.error as problem:
        raise InvalidFilterPattern(f"the regular expression %{source}% is not valid: {problem}") from None


def quoted(text: str, start: int) -> tuple[str, int]:
    """The phrase in the double quotes that open at `start`, and where the text goes on."""
    letters, position = [], start + 1
    while position < len(text):
        letter = text[position]
        if letter == '"':
            return "".join(letters), position + 1
        if letter == "\\" and text[position + 1 : position + 2] in ('"', "\\"):
            position += 1
            letter = text[position]
        letters.append(letter)
        position += 1
    raise InvalidFilterPattern("a double quotation mark is not closed")


def expected(kind: str, text: str) -> Expected:
    """The value of a token: "quoted", "regex" or a bare "word", which is a number if it looks like one."""
    if kind == "regex":
        return Expected("regex", text, expression=regex(text))
    if kind == "word" and _NUMBER.fullmatch(text):
        return Expected("number", text, float(text))
    if kind == "word" and not _BARE.fullmatch(text):
        raise InvalidFilterPattern(f"the value {text} needs double quotation marks")
    return Expected("text", text)


def compare(operator: str, wanted: Expected, found: Any) -> bool:
    """One comparison with a value of a log event. Objects, arrays, null and what is not there never fit."""
    if isinstance(found, bool):
        # IS TRUE and IS FALSE ask for booleans; `= *` asks whether there is a value.
        return operator == "=" and wanted.kind == "text" and wanted.text == "*"
    if not isinstance(found, (str, int, float)):
        return False
    text = found if isinstance(found, str) else f"{found}"
    if operator in ("=", "!="):
        return wanted.equals(text) == (operator == "=")
    number = _number(text)
    if number is None:
        return False
    return {
        "<": number < wanted.number,
        ">": number > wanted.number,
        "<=": number <= wanted.number,
        ">=": number >= wanted.number,
    }[operator]


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None
