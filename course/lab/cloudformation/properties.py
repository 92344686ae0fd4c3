"""The properties of a resource against AWS's schema of its type: names, required ones, types, ranges.

As AWS does, texts are taken for numbers and booleans. Patterns are left to the service that gets the value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .parameters import is_number
from .schemas import schema
from .values import Unknown

_NAMES = {
    "string": "String",
    "integer": "Integer",
    "number": "Number",
    "boolean": "Boolean",
    "object": "JSONObject",
    "array": "JSONArray",
}


def problems(type_name: str, properties: dict[str, Any]) -> list[str]:
    """What AWS's schema says against these properties, in the words of its validator; values still unknown are let through."""
    whole = schema(type_name)
    if not whole:
        return []
    read_only = {path.split("/")[2] for path in whole.get("readOnlyProperties", ()) if path.count("/") == 2}
    found = [
        f"#: extraneous key [{name}] is not permitted"
        for name in properties
        if name in read_only and name not in _settable(whole)
    ]
    return found + list(_problems(whole, whole, properties, "#", 0))


def _settable(whole: dict[str, Any]) -> set[str]:
    """Properties that are read-only only in part, as AWS::Lambda::Version's FunctionName is not."""
    return {path.split("/")[2] for path in whole.get("createOnlyProperties", ()) or ()} | set(whole.get("required", ()))


def _problems(whole: dict, part: dict, value: Any, path: str, depth: int) -> Iterator[str]:
    if isinstance(value, Unknown) or depth > 12:
        return
    if "$ref" in part:
        target: Any = whole
        for step in part["$ref"].removeprefix("#/").split("/"):
            target = target.get(step, {})
        yield from _problems(whole, target, value, path, depth + 1)
        return
    wrong_type = _wrong_type(part.get("type"), value)
    if wrong_type:
        yield f"{path}: {wrong_type}"
    elif isinstance(value, dict):
        yield from _object(whole, part, value, path, depth)
    elif isinstance(value, list):
        yield from _array(whole, part, value, path, depth)
    else:
        yield from _scalar(part, value, path)


def _object(whole: dict, part: dict, value: dict, path: str, depth: int) -> Iterator[str]:
    properties = part.get("properties", {})
    for name in part.get("required", ()):
        if name not in value:
            yield f"{path}: required key [{name}] not found"
    patterns = part.get("patternProperties", {})
    for name, one in value.items():
        if name in properties:
            yield from _problems(whole, properties[name], one, f"{path}/{name}", depth + 1)
        elif part.get("additionalProperties") is False and not patterns and properties:
            yield f"{path}: extraneous key [{name}] is not permitted"


def _array(whole: dict, part: dict, value: list, path: str, depth: int) -> Iterator[str]:
    if len(value) < part.get("minItems", 0):
        yield f"{path}: expected minimum item count: {part['minItems']}, found: {len(value)}"
    if len(value) > part.get("maxItems", len(value)):
        yield f"{path}: expected maximum item count: {part['maxItems']}, found: {len(value)}"
    if isinstance(part.get("items"), dict):
        for position, one in enumerate(value):
            yield from _problems(whole, part["items"], one, f"{path}/{position}", depth + 1)


def _scalar(part: dict, value: Any, path: str) -> Iterator[str]:
    kind = part.get("type")
    if "enum" in part and str(value).lower() not in [str(one).lower() for one in part["enum"]]:
        yield f"{path}: {value} is not a valid enum value"
    if kind in ("integer", "number") and not isinstance(value, bool) and is_number(str(value)):
        if "minimum" in part and float(value) < part["minimum"]:
            yield f"{path}: {value} is not greater or equal to {part['minimum']}"
        if "maximum" in part and float(value) > part["maximum"]:
            yield f"{path}: {value} is not less or equal to {part['maximum']}"
    if kind == "string":
        length = len(str(value))
        if length < part.get("minLength", 0):
            yield f"{path}: expected minLength: {part['minLength']}, actual: {length}"
        if length > part.get("maxLength", length):
            yield f"{path}: expected maxLength: {part['maxLength']}, actual: {length}"


def _wrong_type(kind: Any, value: Any) -> str | None:
    """AWS's words when a value is not of its type, counting texts that can be read as one."""
    kinds = kind if isinstance(kind, list) else [kind]
    if None in kinds or any(_fits(one, value) for one in kinds):
        return None
    if isinstance(value, dict):
        seen = "JSONObject"
    elif isinstance(value, list):
        seen = "JSONArray"
    else:
        seen = "Boolean" if isinstance(value, bool) else "String" if isinstance(value, str) else "Number"
    return f"expected type: {_NAMES.get(kinds[0], kinds[0])}, found: {seen}"


def _fits(kind: str, value: Any) -> bool:
    if kind == "object":
        return isinstance(value, dict)
    if kind == "array":
        return isinstance(value, list)
    if isinstance(value, (dict, list)):
        return False
    if kind == "boolean":
        return str(value).lower() in ("true", "false")
    if kind in ("integer", "number"):
        return not isinstance(value, bool) and is_number(str(value))
    return True
