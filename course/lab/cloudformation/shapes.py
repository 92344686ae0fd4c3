"""The values of a template in the shape that an API wants: "80" as a number, 1 as a text, "true" as a boolean."""

from __future__ import annotations

import base64
import json
from typing import Any


def shaped(client: Any, operation: str, params: dict[str, Any]) -> dict[str, Any]:
    """`params` of a client's method, coerced by the input shape of the operation; unknown names stay and are refused."""
    name = client.meta.method_to_api_mapping[operation]
    shape = client.meta.service_model.operation_model(name).input_shape
    return _structure(shape, params) if shape is not None else params


def _structure(shape: Any, value: dict[str, Any]) -> dict[str, Any]:
    return {key: _value(shape.members[key], one) if key in shape.members else one for key, one in value.items()}


def _value(shape: Any, value: Any) -> Any:
    kind = shape.type_name
    if kind == "structure":
        return _structure(shape, value) if isinstance(value, dict) else value
    if kind == "list":
        values = value if isinstance(value, list) else [value]
        return [_value(shape.member, one) for one in values]
    if kind == "map":
        return {str(key): _value(shape.value, one) for key, one in value.items()} if isinstance(value, dict) else value
    if kind == "blob":
        return value.encode() if isinstance(value, str) else value
    return _scalar(kind, value)


def _scalar(kind: str, value: Any) -> Any:
    if isinstance(value, (dict, list)):
        return json.dumps(value) if kind == "string" else value
    if kind == "boolean":
        return str(value).lower() == "true" if str(value).lower() in ("true", "false") else value
    if kind in ("integer", "long"):
        try:
            return int(float(value)) if not isinstance(value, bool) and float(value) == int(float(value)) else value
        except (TypeError, ValueError):
            return value
    if kind in ("float", "double"):
        try:
            return float(value)
        except (TypeError, ValueError):
            return value
    if kind == "string" and not isinstance(value, str):
        return ("true" if value else "false") if isinstance(value, bool) else str(value)
    return value


def decoded(text: str) -> bytes:
    """The bytes of a base64 text."""
    return base64.b64decode(text)


def lower_first(value: Any) -> Any:
    """A part of a template with keys as the services spell them that begin with a small letter: Name -> name."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: lower_first(one) for key, one in value.items()}
    return [lower_first(one) for one in value] if isinstance(value, list) else value


def attribute_text(value: Any) -> str:
    """An attribute of a queue or topic as its API takes it: JSON for a map, small letters for a boolean."""
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def attributes_of(properties: dict[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    """Those of the named properties that are given, as texts."""
    return {name: attribute_text(properties[name]) for name in names if name in properties}
