"""Command lines as a shell would read them, without a shell: words, quotes, comments, continued lines, variables.

It follows "Shell Command Language" of POSIX (2.2 Quoting, 2.3 Token Recognition) for what one `aws` command needs, and
refuses what only a shell can do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Variables = Callable[[str], str | Sequence[str]]

_NAME = re.compile(r"\$(?:(?P<plain>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)\})")
_SHELL_ONLY = "|&;<>()`"


class Unreadable(ValueError):
    """A command line that cannot be read; the message says why."""


def commands(text: str, variables: Variables | None = None) -> list[list[str]]:
    """The commands of a text as lists of words, one command a line, without a leading `aws` or `$`.

    A backslash at the end of a line continues it, and so does an open quote; `#` at the start of a word begins a
    comment. `variables` gives what `$name` and `${name}` stand for outside single quotes: text, or several words when
    the name stands alone; without it a dollar sign is a dollar sign. Unreadable for an open quote, an unknown variable
    and for what needs a shell (a pipe, a redirection).
    """
    return [_without_prompt(words) for words in _Reader(text, variables).lines() if _without_prompt(words)]


def _without_prompt(words: list[str]) -> list[str]:
    if words[:1] == ["$"]:
        words = words[1:]
    return words[1:] if words[:1] == ["aws"] and len(words) > 1 else words


class _Reader:
    def __init__(self, text: str, variables: Variables | None):
        self.text, self.variables, self.at = text.replace("\r\n", "\n"), variables, 0
        self.found: list[list[str]] = [[]]
        self.word: str | None = None

    def lines(self) -> list[list[str]]:
        while self.at < len(self.text):
            self._next()
        self._end_word()
        return [words for words in self.found if words]

    def _next(self) -> None:
        char = self.text[self.at]
        if char == "#" and self.word is None:
            end = self.text.find("\n", self.at)
            self.at = len(self.text) if end < 0 else end
            return
        if char == "$" and self._variable(quoted=False):
            return
        self.at += 1
        if char == "\n":
            self._end_word()
            self.found.append([])
        elif char.isspace():
            self._end_word()
        elif char == "\\":
            self._escaped()
        elif char == "'":
            self._single_quoted()
        elif char == '"':
            self._double_quoted()
        elif char in _SHELL_ONLY:
            raise Unreadable(
                f"{char!r} outside quotes needs a shell; put it in quotes, or use !aws for a pipe or a file"
            )
        else:
            self._add(char)

    def _add(self, text: str) -> None:
        self.word = (self.word or "") + text

    def _end_word(self) -> None:
        if self.word is not None:
            self.found[-1].append(self.word)
        self.word = None

    def _escaped(self) -> None:
        if self.at < len(self.text) and self.text[self.at] != "\n":
            self._add(self.text[self.at])
        self.at += 1

    def _single_quoted(self) -> None:
        end = self.text.find("'", self.at)
        if end < 0:
            raise Unreadable("a single quote (') is open and never closed")
        self._add(self.text[self.at : end])
        self.at = end + 1

    def _double_quoted(self) -> None:
        self._add("")
        while self.at < len(self.text):
            char, after = self.text[self.at], self.text[self.at + 1 : self.at + 2]
            if char == '"':
                self.at += 1
                return
            if char == "$" and self._variable(quoted=True):
                continue
            if char == "\\" and after and after in '"\\$`\n':
                self._add("" if after == "\n" else after)
                self.at += 2
                continue
            self._add(char)
            self.at += 1
        raise Unreadable('a double quote (") is open and never closed')

    def _variable(self, quoted: bool) -> bool:
        if self.variables is None:
            return False
        if self.text.startswith("$(", self.at):
            raise Unreadable("$( ) needs a shell; keep the answer of one command in a Python variable and write $name")
        name = _NAME.match(self.text, self.at)
        if name is None:
            return False
        self.at = name.end()
        value = self.variables(name["plain"] or name["braced"])
        if isinstance(value, str):
            self._add(value)
        elif quoted:
            self._add(" ".join(value))
        else:
            for one in value:
                self._add(one)
                self._end_word()
        return True
