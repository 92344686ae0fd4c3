"""The limits of botocore's models (length, pattern, enumeration, range) that boto3 leaves to the service.

boto3 checks types, required parameters and minima; AWS checks the rest, with one message for all services.
https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.model import Shape
from moto.core.utils import get_service_model

from ..gate import Call, Refused, refuses

# Services whose answers are known to follow their models, and the code they answer with.
_CODES = {
    "iam": "ValidationError",
    "sts": "ValidationError",
    "dynamodb": "ValidationException",
    "efs": "ValidationException",
    "rbin": "ValidationException",
}
# IAM says this instead of a pattern.
_NAMES = "It must contain only alphanumeric characters and/or the following: +=,.@_-"
_PATHS = "It must begin and end with / and contain only alphanumeric characters and/or / characters."


def outside_the_model(call: Call) -> None:
    """ValidationError or ValidationException for a value that the model does not allow."""
    shape = get_service_model(call.service).operation_model(call.operation).input_shape
    found = list(_violations(shape, call.params, "")) if shape is not None else []
    if not found:
        return
    if call.service == "iam" and len(found) == 1 and found[0][2].startswith("satisfy regular"):
        place = found[0][0]
        rule = _PATHS if place.lower().endswith("path") else _NAMES if place.lower().endswith("name") else None
        if rule:
            raise Refused("ValidationError", f"The specified value for {place} is invalid. {rule}")
    errors = f"{len(found)} validation error{'s' if len(found) > 1 else ''} detected: "
    errors += "; ".join(
        f"Value '{given}' at '{place}' failed to satisfy constraint: Member must {rule}" for place, given, rule in found
    )
    raise Refused(_CODES[call.service], errors)


for _service in _CODES:
    refuses(_service, *get_service_model(_service).operation_names)(outside_the_model)


def _violations(shape: Shape, given: Any, place: str) -> Iterator[tuple[str, Any, str]]:
    """(where, the value, what it must do) for each value outside the limits of its shape."""
    if shape.type_name == "structure" and isinstance(given, dict):
        for name, member in shape.members.items():
            if given.get(name) is not None:
                yield from _violations(member, given[name], f"{place}.{_lower(name)}".lstrip("."))
        return
    if shape.type_name == "list" and isinstance(given, list):
        yield from _of_length(shape, given, place)
        for number, member in enumerate(given, 1):
            yield from _violations(shape.member, member, f"{place}.{number}.member")
    elif shape.type_name == "string" and isinstance(given, str):
        yield from _of_length(shape, given, place)
        if shape.enum and given not in shape.enum:
            yield place, given, f"satisfy enum value set: [{', '.join(shape.enum)}]"
        pattern = _pattern(shape.metadata.get("pattern"))
        if pattern and not pattern.fullmatch(given):
            yield place, given, f"satisfy regular expression pattern: {shape.metadata['pattern']}"
    elif shape.type_name in ("integer", "long") and isinstance(given, int):
        for bound, words in (("min", "greater"), ("max", "less")):
            limit = shape.metadata.get(bound)
            if limit is not None and (given < limit if bound == "min" else given > limit):
                yield place, given, f"have value {words} than or equal to {limit}"


def _of_length(shape: Shape, given: Any, place: str) -> Iterator[tuple[str, Any, str]]:
    for bound, words in (("min", "greater"), ("max", "less")):
        limit = shape.metadata.get(bound)
        if limit is not None and (len(given) < limit if bound == "min" else len(given) > limit):
            yield place, given, f"have length {words} than or equal to {limit}"


@cache
def _pattern(written: str | None) -> re.Pattern | None:
    """None for a pattern of Java's that Python does not know, such as \\p{L}: not sure means not refused."""
    try:
        return re.compile(written) if written else None
    except re.error:
        return None


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
