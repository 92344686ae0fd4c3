"""Filter expressions of AWS X-Ray: which traces they find.

>>> from course.serverless.traces import Trace
>>> segment = {"name": "shop", "id": "a" * 16, "start_time": 0, "end_time": 2, "annotations": {"plan": "gold"}}
>>> trace = Trace.of("1-58406520-a006649127e371903a2de979", [segment])
>>> trace_filter('annotation.plan = "gold" AND responsetime > 1')(trace)
True

https://docs.aws.amazon.com/xray/latest/devguide/xray-console-filters.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from course.serverless.traces import Trace

__all__ = ["InvalidFilter", "trace_filter"]

_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<number>-?\d+(?:\.\d+)?)
    |(?P<word>[A-Za-z_][\w.]*(?:\[[\w.]+\])?)|(?P<operator>!=|<=|>=|[=<>!(){},]))""",
    re.VERBOSE,
)
Test = Callable[[Trace], bool]
_FLAGS = ("fault", "error", "throttle")
_NUMBERS: dict[str, Callable[[Trace], list]] = {
    "responsetime": lambda trace: [trace.response_time],
    "duration": lambda trace: [trace.duration],
    "http.status": lambda trace: _http(trace, "response", "status"),
}
_TEXTS: dict[str, Callable[[Trace], list]] = {
    "http.url": lambda trace: _http(trace, "request", "url"),
    "http.method": lambda trace: _http(trace, "request", "method"),
    "http.useragent": lambda trace: _http(trace, "request", "user_agent"),
    "http.clientip": lambda trace: _http(trace, "request", "client_ip"),
    "user": lambda trace: [one["user"] for one in trace.segments if one.get("user")],
    "name": lambda trace: [one["name"] for one in trace.segments],
    "type": lambda trace: [one["origin"] for one in trace.segments if one.get("origin")],
    "message": lambda trace: [
        held.get("message", "")
        for one in trace.parts
        if isinstance(one.get("cause"), dict)
        for held in one["cause"].get("exceptions") or ()
    ],
}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda found, wanted: found == wanted,
    "!=": lambda found, wanted: found != wanted,
    "<": lambda found, wanted: found < wanted,
    "<=": lambda found, wanted: found <= wanted,
    ">": lambda found, wanted: found > wanted,
    ">=": lambda found, wanted: found >= wanted,
    "contains": lambda found, wanted: wanted in found,
    "beginswith": lambda found, wanted: found.startswith(wanted),
    "endswith": lambda found, wanted: found.endswith(wanted),
}
_WORDS = ("contains", "beginswith", "endswith")


class InvalidFilter(ValueError):
    """The text is no filter expression; the message says what is not expected."""


def _http(trace: Trace, side: str, name: str) -> list:
    found = [((one.get("http") or {}).get(side) or {}).get(name) for one in trace.segments]
    return [one for one in found if one is not None]


@lru_cache(maxsize=256)
def trace_filter(text: str) -> Test:
    """A function that says of a trace whether it is found; InvalidFilter (a ValueError) if the text is no expression."""
    parser = _Parser(text)
    try:
        test = parser.any_of()
    except RecursionError:
        raise InvalidFilter("the expression is nested too deeply") from None
    if parser.tokens[parser.place][0] != "end":
        raise InvalidFilter(f"{parser.tokens[parser.place][1]} is not expected")
    return test


class _Parser:
    def __init__(self, text: str):
        self.tokens: list[tuple[str, str]] = []
        position = 0
        while text[position:].strip():
            found = _TOKEN.match(text, position)
            if not found:
                raise InvalidFilter(f"{text[position:].strip()[:10]} is not expected")
            self.tokens.append((found.lastgroup or "", found[found.lastgroup or 0]))
            position = found.end()
        if not self.tokens:
            raise InvalidFilter("the expression is empty")
        self.tokens.append(("end", "the end"))
        self.place = 0

    def _take(self, *words: str) -> str:
        kind, text = self.tokens[self.place]
        if kind in ("word", "operator") and text.lower() in words:
            self.place += 1
            return text.lower()
        return ""

    def _next(self) -> tuple[str, str]:
        token = self.tokens[self.place]
        self.place += token[0] != "end"
        return token

    def _require(self, text: str) -> None:
        if not self._take(text):
            raise InvalidFilter(f"{text} is expected, and not {self.tokens[self.place][1]}")

    def any_of(self) -> Test:
        parts = [self._all_of()]
        while self._take("or"):
            parts.append(self._all_of())
        return lambda trace: any(part(trace) for part in parts)

    def _all_of(self) -> Test:
        parts = [self._one()]
        while self._take("and"):
            parts.append(self._one())
        return lambda trace: all(part(trace) for part in parts)

    def _one(self) -> Test:
        if self._take("not", "!"):
            inner = self._one()
            return lambda trace: not inner(trace)
        if self._take("("):
            inner = self.any_of()
            self._require(")")
            return inner
        kind, text = self._next()
        word = text.lower()
        if kind != "word":
            raise InvalidFilter(f"{text} is not expected")
        if word in ("service", "edge"):
            return self._service() if word == "service" else self._edge()
        if word in _FLAGS or word in ("ok", "partial"):
            return self._flag(word)
        if word in _NUMBERS:
            return self._compared(_NUMBERS[word], "number")
        if word in _TEXTS:
            return self._compared(_TEXTS[word], "string")
        key = re.fullmatch(r"annotation(?:\.(?P<dotted>[\w.]+)|\[(?P<bracket>[\w.]+)\])", text, re.IGNORECASE)
        if key:
            return self._annotation(key["dotted"] or key["bracket"])
        raise InvalidFilter(f"{text} is no keyword")

    def _flag(self, word: str) -> Test:
        wanted = True
        operator = self._take("=", "!=")
        if operator:
            _, text = self._next()
            if text.lower() not in ("true", "false"):
                raise InvalidFilter(f"{word} is true or false, and not {text}")
            wanted = (text.lower() == "true") == (operator == "=")
        if word == "ok":
            return lambda trace: (not any(trace.has(flag) for flag in _FLAGS)) == wanted
        if word == "partial":
            return lambda trace: trace.is_partial == wanted
        return lambda trace: trace.has(word) == wanted

    def _value(self) -> tuple[str, Any]:
        kind, text = self._next()
        if kind == "string":
            return kind, re.sub(r"\\(.)", r"\1", text[1:-1])
        if kind == "number":
            return kind, float(text)
        if kind == "word" and text.lower() in ("true", "false"):
            return "boolean", text.lower() == "true"
        raise InvalidFilter(f"{text} is no value")

    def _compared(self, values: Callable[[Trace], list], expected: str) -> Test:
        operator = self._take(*_COMPARE)
        if not operator:
            # A keyword alone asks whether there is a value.
            return lambda trace: bool(values(trace))
        kind, wanted = self._value()
        if kind != expected or (expected == "string" and operator in ("<", "<=", ">", ">=")):
            raise InvalidFilter(f"{operator} {wanted} is no condition for a {expected}")
        if expected == "number" and operator in _WORDS:
            raise InvalidFilter(f"{operator} is a condition for texts")
        if operator == "!=":
            return lambda trace: all(one != wanted for one in values(trace)) and bool(values(trace))
        return lambda trace: any(_COMPARE[operator](one, wanted) for one in values(trace))

    def _annotation(self, key: str) -> Test:
        operator = self._take(*_COMPARE)
        if not operator:
            return lambda trace: key in trace.annotations()
        kind, wanted = self._value()
        types: tuple = {"string": (str,), "boolean": (bool,)}.get(kind, (int, float))

        def found(trace: Trace) -> bool:
            held = [one for one, _ in trace.annotations().get(key, ())]
            # Values of another type than that of the expression fit nothing.
            same = [one for one in held if isinstance(one, types) and isinstance(one, bool) == (kind == "boolean")]
            return any(_COMPARE[operator](one, wanted) for one in same)

        if operator in _WORDS and kind != "string":
            raise InvalidFilter(f"{operator} is a condition for texts")
        return found

    def _name(self) -> str:
        kind, text = self._next()
        if kind != "string":
            raise InvalidFilter(f"the name of a service stands in quotation marks, and {text} does not")
        return text[1:-1]

    def _inside(self) -> Test | None:
        if not self._take("{"):
            return None
        inner = self.any_of()
        self._require("}")
        return inner

    def _service(self) -> Test:
        self._require("(")
        name = "" if self.tokens[self.place] == ("operator", ")") else self._name()
        while self._take(","):
            self._name()
        self._require(")")
        inner = self._inside()

        def found(trace: Trace) -> bool:
            held = [one for one in trace.segments if not name or one["name"] == name]
            return any(inner is None or inner(Trace.of(trace.trace_id, [one])) for one in held)

        return found

    def _edge(self) -> Test:
        self._require("(")
        source = self._name()
        self._require(",")
        target = self._name()
        self._require(")")
        inner = self._inside()

        def found(trace: Trace) -> bool:
            held = [
                called for calling, called in trace.edges() if (calling["name"], called["name"]) == (source, target)
            ]
            return any(inner is None or inner(Trace.of(trace.trace_id, [one])) for one in held)

        return found
