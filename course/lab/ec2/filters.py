"""Names of filters: each Describe operation has its own, and EC2 refuses any other.

The names are read from the documentation in botocore's model; what stands there as code is let pass.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
"""

from __future__ import annotations

import re
from functools import cache

from moto.core.utils import get_service_model

from ..gate import Call, Refused, refuses

_CODE = re.compile(r"<code>([^<]+)</code>")
_ALWAYS = {"tag-key", "tag-value"}
_MODEL = get_service_model("ec2")


@cache
def known_filters(operation: str) -> frozenset[str]:
    """The filters of an operation; empty where the documentation names none."""
    shape = _MODEL.operation_model(operation).input_shape
    member = next((shape.members[name] for name in ("Filters", "Filter") if name in shape.members), None)
    return frozenset(_CODE.findall(member.documentation or "")) if member is not None else frozenset()


def _filtered() -> list[str]:
    operations = [name for name in _MODEL.operation_names if name.startswith("Describe")]
    shapes = {name: _MODEL.operation_model(name).input_shape for name in operations}
    return [name for name, shape in shapes.items() if shape is not None and "Filters" in shape.members]


@refuses("ec2", *_filtered())
def unknown_filter(call: Call) -> None:
    """InvalidParameterValue for a filter the operation does not have; tag:... is one of every operation."""
    known = known_filters(call.operation)
    for wanted in call.params.get("Filters", []):
        name = wanted.get("Name", "")
        if known and name not in known | _ALWAYS and not name.startswith("tag:"):
            raise Refused("InvalidParameterValue", f"The filter '{name}' is invalid")
