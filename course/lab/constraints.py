"""What a service's own model forbids: lengths, ranges, patterns and enums, refused in the words all services share.

boto3 checks required members and minima before it sends; maxima, patterns and enums are left to the service.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonErrors.html (ValidationError, ValidationException)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from moto.core.utils import get_service_model

from .gate import Call, Refused


def require_constraints(call: Call, code: str = "ValidationException", without: tuple[str, ...] = ()) -> None:
    """Raise Refused(code) for parameters outside the model's constraints; `without` names members that are not looked at."""
    found = violations(call, without)
    if found:
        plural = "s" if len(found) > 1 else ""
        raise Refused(code, f"{len(found)} validation error{plural} detected: {'; '.join(map(str, found))}")


class Violation(NamedTuple):
    """A value outside a constraint: where it stands, what it is (None: not to be shown), and what AWS asks instead."""

    place: str
    value: Any
    constraint: str

    def __str__(self) -> str:
        shown = "" if self.value is None else f" '{self.value}'"
        return f"Value{shown} at '{self.place}' failed to satisfy constraint: {self.constraint}"


def violations(call: Call, without: tuple[str, ...] = ()) -> list[Violation]:
    """All of them, in the order of the parameters."""
    shape = get_service_model(call.service).operation_model(call.operation).input_shape
    if shape is None:
        return []
    return list(_violations(shape, {name: one for name, one in call.params.items() if name not in without}, ""))


def _violations(shape: Any, given: Any, place: str) -> Iterator[Violation]:
    kind, rules = shape.type_name, shape.metadata
    shown = None if rules.get("sensitive") else _shown(given)
    if kind == "structure":
        if isinstance(given, dict):
            for name, value in given.items():
                if name in shape.members and value is not None:
                    member = f"{name[0].lower()}{name[1:]}"
                    yield from _violations(shape.members[name], value, f"{place}.{member}" if place else member)
    elif kind == "list":
        yield from _sizes(rules, len(given), shown, place, "have length")
        for number, one in enumerate(given, 1):
            yield from _violations(shape.member, one, f"{place}.{number}.member")
    elif kind == "map":
        yield from _sizes(rules, len(given), shown, place, "have length")
        for name, one in given.items():
            yield from _violations(shape.key, name, f"{place}.{name}.key")
            yield from _violations(shape.value, one, f"{place}.{name}.member")
    elif kind in ("integer", "long", "float", "double"):
        yield from _sizes(rules, given, shown, place, "have value")
    elif kind in ("string", "blob"):
        yield from _sizes(rules, len(given), None if kind == "blob" else shown, place, "have length")
        if kind == "string" and shape.enum and given not in shape.enum:
            yield Violation(place, shown, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]")
        pattern = rules.get("pattern")
        if kind == "string" and pattern and (compiled := _compiled(pattern)) and not compiled.fullmatch(given):
            yield Violation(place, shown, f"Member must satisfy regular expression pattern: {pattern}")


def _sizes(rules: dict, size: Any, shown: Any, place: str, what: str) -> Iterator[Violation]:
    if "min" in rules and size < rules["min"]:
        yield Violation(place, shown, f"Member must {what} greater than or equal to {_number(rules['min'])}")
    if "max" in rules and size > rules["max"]:
        yield Violation(place, shown, f"Member must {what} less than or equal to {_number(rules['max'])}")


def _shown(given: Any) -> Any:
    return f"[{', '.join(str(one) for one in given)}]" if isinstance(given, list) else given


def _number(limit: Any) -> Any:
    return int(limit) if isinstance(limit, float) and limit == int(limit) else limit


@cache
def _compiled(pattern: str) -> re.Pattern | None:
    try:
        return re.compile(pattern)
    except re.error:
        # The models hold Java's regular expressions; what Python cannot read is not checked.
        return None
