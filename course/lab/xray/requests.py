"""X-Ray's requests and its state. moto has X-Ray only where the X-Ray SDK is installed, and searches no traces.

https://docs.aws.amazon.com/xray/latest/api/API_Operations.html
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import get_service_model

from ..constraints import require_constraints
from ..gate import Call, Refused, refuses


def invalid(message: str) -> Refused:
    """X-Ray's answer to most of what it does not take."""
    return Refused("InvalidRequestException", message)


def state(call: Call, name: str) -> dict[str, Any]:
    """One kind of things that X-Ray keeps for a Region. It lives with moto's CloudWatch state, and ends with it."""
    return call.backend_of("cloudwatch").__dict__.setdefault(f"xray_{name}", {})


@refuses("xray", *get_service_model("xray").operation_names)
def impossible_values(call: Call) -> None:
    """Lengths, ranges and lists of values."""
    require_constraints(call, "InvalidRequestException")
