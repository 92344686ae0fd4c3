"""Wildcards: `*` is any number of characters, `?` exactly one. Patterns become functions that take a text.

A pattern is given as pieces `(text, literal)`: wildcards count only where `literal` is false, because the value that
replaces a policy variable is compared as it is.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
and https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

__all__ = ["ARN_FIELDS", "any_action", "any_of", "arn_pattern", "pattern", "resource_pattern"]

Matches = Callable[[str], bool]
Pieces = tuple[tuple[str, bool], ...]

ARN_FIELDS = 6  # arn:partition:service:region:account:resource


def _everything(text: str) -> bool:
    return True


@lru_cache(maxsize=4096)
def pattern(pieces: Pieces) -> Matches:
    """A function that says whether a whole text fits the pattern; case counts."""
    if len(pieces) == 1 and not pieces[0][1]:
        text = pieces[0][0]
        if set(text) == {"*"}:
            return _everything
        body = text.rstrip("*")
        if "*" not in body and "?" not in body:
            return text.__eq__ if body == text else lambda given: given.startswith(body)
    return _whole(_regex(pieces, ".", ".*"))


def any_of(patterns: list[Matches]) -> Matches:
    """A function that says whether a text fits at least one of the patterns."""
    if len(patterns) == 1:
        return patterns[0]
    return lambda text: any(fits(text) for fits in patterns)


def any_action(texts: list[str]) -> Matches:
    """A function that says whether an action in lower case fits one of the patterns; lists of thousands stay fast."""
    lowered = [text.lower() for text in texts]
    if "*" in lowered:
        return _everything
    exact = {text for text in lowered if "*" not in text and "?" not in text}
    starts = {text.rstrip("*") for text in lowered if text.endswith("*")}
    starts = tuple(start for start in starts if "*" not in start and "?" not in start)
    rest = [pattern(((text, False),)) for text in lowered if text not in exact and text.rstrip("*") not in starts]
    if not rest:
        return lambda action: action in exact or action.startswith(starts)
    return lambda action: action in exact or action.startswith(starts) or any(fits(action) for fits in rest)


@lru_cache(maxsize=4096)
def resource_pattern(header: tuple[str, ...], tail: Pieces) -> Matches:
    """An ARN pattern of a Resource element: the first five fields, and the resource as pieces.

    A `*` in the first five fields stays within its field unless it is the field's last character; then "it can expand to
    match beyond the colon boundaries" (Resource page). In the last field wildcards match anything, colons too.
    """
    start = ":".join(header) + ":"
    if "*" not in start and "?" not in start:
        rest, length = pattern(tail), len(start)
        return lambda arn: arn.startswith(start) and bool(rest(arn[length:]))
    fields = [
        _regex(((field.rstrip("*"), False),), "[^:]", "[^:]*") + (".*" if field.endswith("*") else "")
        for field in header
    ]
    return _whole(":".join(fields) + ":" + _regex(tail, ".", ".*"))


@lru_cache(maxsize=4096)
def arn_pattern(pieces: Pieces) -> Matches:
    """The pattern of an ARN condition operator: each of the six fields is compared separately, case counts."""
    if pieces == (("*", False),):
        return _everything
    fields: list[list[tuple[str, bool]]] = [[]]
    for text, literal in pieces:
        for number, part in enumerate(text.split(":", max(0, ARN_FIELDS - len(fields)))):
            if number:
                fields.append([])
            fields[-1].append((part, literal))
    tests = [pattern(tuple(field)) for field in fields]

    def fits(arn: str) -> bool:
        given = arn.split(":", ARN_FIELDS - 1)
        return len(given) == len(tests) == ARN_FIELDS and all(test(part) for test, part in zip(tests, given))

    return fits


def _whole(regex: str) -> Matches:
    fullmatch = re.compile(regex, re.DOTALL).fullmatch
    return lambda text: fullmatch(text) is not None


def _regex(pieces: Pieces, one: str, many: str) -> str:
    chunks = [""]
    for text, literal in pieces:
        for part in [text] if literal else re.split(r"([*?])", text):
            if part == "*" and not literal:
                chunks.append("")
            elif part == "?" and not literal:
                chunks[-1] += one
            else:
                chunks[-1] += re.escape(part)
    first, *others = chunks
    if not others:
        return first
    # The first place where a chunk fits is good enough for all that follow: an atomic group keeps the time linear.
    middle = "".join(f"(?>{many}?{chunk})" for chunk in others[:-1] if chunk)
    return first + middle + many + others[-1]
