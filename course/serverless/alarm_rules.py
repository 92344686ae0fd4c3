"""Rules of composite alarms: `ALARM("cpu") AND NOT (OK(disk) OR INSUFFICIENT_DATA("net"))`.

>>> alarm_rule('ALARM("cpu") AND NOT ALARM(deploying)').holds({"cpu": "ALARM", "deploying": "OK"})
True

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from course.data import value

__all__ = ["AlarmRule", "InvalidRule", "alarm_rule"]

_TOKEN = re.compile(
    r"""\s*(?:(?P<function>ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"(?P<quoted>[^"]+)"|(?P<bare>[^"()\s][^()]*?))\s*\)
    |(?P<word>AND|OR|NOT|TRUE|FALSE)\b|(?P<paren>[()]))""",
    re.VERBOSE | re.IGNORECASE,
)


class InvalidRule(ValueError):
    """The text is no rule; the message says where it ends to be one."""


@dataclass(frozen=True)
class AlarmRule:
    """A rule, ready to be asked. `alarms` are the names of the alarms it looks at, in the order of the text."""

    text: str
    alarms: tuple[str, ...]
    test: Callable[[Mapping[str, str]], bool]

    def holds(self, states: Mapping[str, str]) -> bool:
        """Whether the rule is true with these states by alarm names."""
        return self.test(states)


def alarm_rule(text: str) -> AlarmRule:
    """The rule in this text; InvalidRule (a ValueError) if it is none."""
    parser = _Parser(text)
    try:
        test = parser.any_of()
    except RecursionError:
        raise InvalidRule("the parentheses are nested too deeply") from None
    if parser.rest:
        raise InvalidRule(f"{parser.rest[0][1]} is not expected in the rule")
    names = tuple(dict.fromkeys(parser.alarms))
    most = value("cloudwatch.composite_alarms.children")
    if len(names) > most:
        raise InvalidRule(f"a rule has at most {most} alarms, and this one has {len(names)}")
    return AlarmRule(text, names, test)


class _Parser:
    def __init__(self, text: str):
        self.rest: list[tuple[str, str, str]] = []
        self.alarms: list[str] = []
        position = 0
        while text[position:].strip():
            found = _TOKEN.match(text, position)
            if not found:
                raise InvalidRule(f"{text[position:].strip()[:20]} is not expected in the rule")
            if found["function"]:
                self.rest.append(("function", found["function"].upper(), found["quoted"] or found["bare"]))
            else:
                self.rest.append(("word", (found["word"] or found["paren"]).upper(), ""))
            position = found.end()
        if len(self.rest) > value("cloudwatch.composite_alarms.elements"):
            raise InvalidRule("the rule has too many elements")

    def _take(self, word: str) -> bool:
        if self.rest and self.rest[0][:2] == ("word", word):
            self.rest.pop(0)
            return True
        return False

    def any_of(self):
        parts = [self._all_of()]
        while self._take("OR"):
            parts.append(self._all_of())
        return lambda states: any(part(states) for part in parts)

    def _all_of(self):
        parts = [self._one()]
        while self._take("AND"):
            parts.append(self._one())
        return lambda states: all(part(states) for part in parts)

    def _one(self):
        if self._take("NOT"):
            inner = self._one()
            return lambda states: not inner(states)
        if self._take("("):
            inner = self.any_of()
            if not self._take(")"):
                raise InvalidRule("a parenthesis is not closed")
            return inner
        if self._take("TRUE"):
            return lambda states: True
        if self._take("FALSE"):
            return lambda states: False
        if not self.rest or self.rest[0][0] != "function":
            raise InvalidRule(f"{self.rest[0][1] if self.rest else 'the end'} is not expected in the rule")
        _, state, name = self.rest.pop(0)
        # An ARN names the alarm at its end.
        name = name.split(":alarm:", 1)[-1]
        self.alarms.append(name)
        return lambda states: states.get(name) == state
