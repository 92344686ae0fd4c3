"""From moto's JSON to what the gate writes: the names of boto3's response, by the service's own model."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from moto.core.utils import get_service_model

from ..gate import Call


def shaped(call: Call, wire: dict[str, Any]) -> dict[str, Any]:
    """A dict with the names that stand in JSON ("stageName"), as a dict with those of boto3 ("StageName")."""
    shape = get_service_model(call.service).operation_model(call.operation).output_shape
    return _read(shape, wire) if shape is not None else {}


def _read(shape: Any, value: Any) -> Any:
    if value is None:
        return None
    if shape.type_name == "structure":
        found = {}
        for name, member in shape.members.items():
            given = value.get(member.serialization.get("name", name), value.get(name))
            if given is not None:
                found[name] = _read(member, given)
        return found
    if shape.type_name == "list":
        return [_read(shape.member, one) for one in value]
    if shape.type_name == "map":
        return {key: _read(shape.value, one) for key, one in value.items()}
    if shape.type_name == "timestamp" and not isinstance(value, datetime):
        return _moment(value)
    return value


def _moment(value: Any) -> datetime:
    if isinstance(value, (int, float)):
        return datetime.fromtimestamp(value, UTC)
    return datetime.fromisoformat(str(value).replace("Z", "+00:00"))
