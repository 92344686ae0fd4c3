"""Filter patterns of CloudWatch Logs, for metric filters, subscription filters, FilterLogEvents and Live Tail.

Three kinds: terms (`ERROR -timeout`, `?WARN ?ERROR`, `"exact phrase"`, `%regex%`), JSON (`{ $.status >= 500 }`) and
space-delimited fields (`[ip, user, status = 4*, bytes > 1000, ...]`). Patterns are case-sensitive.

>>> filter_pattern("{ $.status >= 500 && $.path = \\"/pay*\\" }").matches('{"status": 503, "path": "/pay/1"}')
True
>>> filter_pattern("[ip, user, status = 4*]").extracted("10.0.0.1 ana 404")
{'$ip': '10.0.0.1', '$user': 'ana', '$status': '404'}

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import re
from functools import lru_cache

from course.data import value
from course.serverless.filter_fields import FieldPattern
from course.serverless.filter_json import JsonPattern
from course.serverless.filter_values import InvalidFilterPattern, quoted, regex

__all__ = ["FilterPattern", "InvalidFilterPattern", "filter_pattern"]

_TERM = re.compile(r"[^\W]+")


class TermPattern:
    """Terms: all of the plain ones, none of those with `-`; of those with `?` any, if there are no others."""

    kind = "terms"

    def __init__(self, text: str):
        self.regexes = 0
        self.required, self.excluded, self.optional = [], [], []
        position = 0
        while position < len(text):
            if text[position].isspace():
                position += 1
                continue
            held = self.required
            if text[position] in "-?":
                held = self.excluded if text[position] == "-" else self.optional
                position += 1
                # AWS's documentation also shows a space between the minus sign and the term.
                while held is self.excluded and text[position : position + 1].isspace():
                    position += 1
            test, position = self._term(text, position)
            held.append(test)

    def _term(self, text: str, position: int):
        if text[position : position + 1] == '"':
            phrase, position = quoted(text, position)
            return (lambda message: phrase in message), position
        if text[position : position + 1] == "%":
            end = text.find("%", position + 1)
            if end < 0:
                raise InvalidFilterPattern("a regular expression is not closed with %")
            expression = regex(text[position + 1 : end])
            self.regexes += 1
            return (lambda message: expression.search(message) is not None), end + 1
        found = _TERM.match(text, position)
        if not found or (found.end() < len(text) and not text[found.end()].isspace()):
            raise InvalidFilterPattern(
                f"a term with other characters than letters, digits and _ needs double quotation marks: {text[position:]}"
            )
        return (lambda message, term=found[0]: term in message), found.end()

    def extracted(self, message: str) -> dict[str, str] | None:
        """Nothing is extracted by terms: an empty dict if the message fits, else None."""
        if self.required or self.excluded:
            # Together with other terms, `?` is ignored.
            fits = all(test(message) for test in self.required) and not any(test(message) for test in self.excluded)
        else:
            fits = not self.optional or any(test(message) for test in self.optional)
        return {} if fits else None

    def value_of(self, name: str, message: str) -> str | None:
        """Terms name no values."""
        return None


class FilterPattern:
    """A pattern, ready to be asked. `kind` is "terms", "json" or "fields"; `regexes` counts its regular expressions."""

    def __init__(self, text: str):
        """InvalidFilterPattern if CloudWatch Logs would refuse the text."""
        if not isinstance(text, str):
            raise TypeError(f"a filter pattern is a text, not {text!r}")
        self.text = text
        bare = text.strip()
        if bare.startswith("{"):
            self._pattern = JsonPattern(bare)
        elif bare.startswith("["):
            self._pattern = FieldPattern(bare)
        else:
            self._pattern = TermPattern(bare)
        self.kind: str = self._pattern.kind
        self.regexes: int = self._pattern.regexes
        if self.kind != "terms" and self.regexes > value("logs.filter_patterns.regexes"):
            raise InvalidFilterPattern(f"{self.regexes} regular expressions are too many for one pattern")

    def __repr__(self) -> str:
        return f"FilterPattern({self.text!r}, {self.kind})"

    def matches(self, message: str) -> bool:
        """Whether a log event with this message fits the pattern."""
        return self._pattern.extracted(message) is not None

    def extracted(self, message: str) -> dict[str, str] | None:
        """What TestMetricFilter shows as extracted values; None if the message does not fit."""
        return self._pattern.extracted(message)

    def value_of(self, name: str, message: str) -> str | None:
        """What `name` ("$.latency" in JSON, "$bytes" for fields) stands for in a message; None if it is not there."""
        return self._pattern.value_of(name, message)


@lru_cache(maxsize=512)
def filter_pattern(text: str) -> FilterPattern:
    """The compiled pattern of a text; InvalidFilterPattern (a ValueError) says what is wrong with it."""
    return FilterPattern(text)
