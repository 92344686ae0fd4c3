"""Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, and `${*}`, `${?}`, `${$}` for the characters.

They exist in Version 2012-10-17 only; in 2008-10-17, or without a Version, they are ordinary text. A variable whose key
is absent, empty or multivalued has no value: a text with it equals nothing, so that StringEquals fails and
StringNotEquals holds. What replaces a variable is compared as it is; a `*` in a tag's value is no wildcard.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["PolicyText"]

_VARIABLE = re.compile(r"\$\{\s*(?:([*?$])|([^{},'\s]+)\s*(?:,\s*'([^']*)')?)\s*\}")

Context = Mapping[str, tuple[str, ...]]


class PolicyText:
    """A string of a policy, ready to be filled with the values of a request's context."""

    __slots__ = ("text", "_parts", "_pieces", "_exact")

    def __init__(self, text: str, with_variables: bool):
        self.text = text
        self._parts = _parts(text) if with_variables else [(text, False)]
        fixed = all(isinstance(literal, bool) for _, literal in self._parts)
        self._pieces = tuple(self._parts) if fixed else None
        self._exact = "".join(part for part, _ in self._parts) if fixed else None

    @property
    def fixed(self) -> bool:
        """Does it say the same for every request?"""
        return self._pieces is not None

    def pieces(self, context: Context) -> tuple[tuple[str, bool], ...] | None:
        """The text as `(text, literal)` pieces, wildcards counting where `literal` is false; None without a value."""
        if self._pieces is not None:
            return self._pieces
        pieces = []
        for part, literal in self._parts:
            if not isinstance(literal, bool):
                default = literal[0]
                values = context.get(part, ())
                part = values[0] if len(values) == 1 and values[0] else default
                if part is None:
                    return None
                literal = True
            pieces.append((part, literal))
        return tuple(pieces)

    def exact(self, context: Context) -> str | None:
        """The text with its variables replaced and no wildcards; None without a value."""
        if self._exact is not None:
            return self._exact
        pieces = self.pieces(context)
        return None if pieces is None else "".join(part for part, _ in pieces)


def _parts(text: str) -> list[tuple]:
    """(text, False) for text with wildcards, (text, True) for a character, (key, (default,)) for a variable."""
    parts, end = [], 0
    for found in _VARIABLE.finditer(text):
        if found.start() > end:
            parts.append((text[end : found.start()], False))
        character, key, default = found.groups()
        parts.append((character, True) if character else (key.lower(), (default,)))
        end = found.end()
    if end < len(text) or not parts:
        parts.append((text[end:], False))
    return parts
