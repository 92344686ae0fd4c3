"""Patch operations, with which REST APIs are changed: {"op": "replace", "path": "/description", "value": "..."}.

https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..gate import Call, Refused

_OPERATIONS = ("add", "remove", "move", "test", "replace", "copy")


@dataclass(frozen=True)
class Patch:
    """One operation: `steps` are the parts of its path, with ~1 and ~0 read as / and ~."""

    op: str
    path: str
    value: Any
    steps: tuple[str, ...]

    @property
    def is_true(self) -> bool:
        return str(self.value).lower() == "true"


def patches(call: Call, allowed: Mapping[str, str]) -> Iterator[Patch]:
    """The operations of a call, in order. BadRequestException for a path or an operation that it does not have.

    allowed: path -> its operations; a part {name} of a path stands for any text without a slash, {name+} for any text.
    """
    listed = call.params.get("patchOperations") or []
    for position, one in enumerate(listed, 1):
        op, path = one.get("op"), one.get("path") or ""
        if op not in _OPERATIONS:
            place = f"{call.operation[0].lower()}{call.operation[1:]}Input.patchOperations.{position}.member.op"
            raise Refused(
                "ValidationException",
                f"1 validation error detected: Value '{op}' at '{place}' failed to satisfy constraint: Member must "
                f"satisfy enum value set: [{', '.join(_OPERATIONS)}]",
            )
        operations = next((ops for template, ops in allowed.items() if _fits(template, path)), None)
        if operations is None:
            raise Refused(
                "BadRequestException",
                f"Invalid patch path  '{path}' specified for op '{op}'. Must be one of: [{', '.join(allowed)}]",
            )
        if op not in operations.split():
            raise Refused(
                "BadRequestException",
                f"Invalid patch operation specified. Must be one of: [{', '.join(operations.split())}]",
            )
        steps = tuple(step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:])
        yield Patch(op, path, one.get("value"), steps)


def _fits(template: str, path: str) -> bool:
    pattern = re.sub(r"\\\{\w+(\\\+)?\\\}", lambda found: ".+" if found[1] else "[^/]+", re.escape(template))
    return re.fullmatch(pattern, path) is not None


def whole_number(patch: Patch, least: int, most: int, what: str) -> int:
    """The value as a number in a range. BadRequestException with `what` if it is none."""
    try:
        number = int(patch.value)
    except (TypeError, ValueError):
        raise Refused("BadRequestException", what) from None
    if not least <= number <= most:
        raise Refused("BadRequestException", what)
    return number
