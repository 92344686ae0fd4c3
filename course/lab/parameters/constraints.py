"""The limits of botocore's models, in services whose answers are known to follow their models.

https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
"""

from __future__ import annotations

from moto.core.utils import get_service_model

from ..constraints import require_constraints, violations
from ..gate import Call, Refused, refuses

# The code each of them answers with.
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
    if call.service == "iam":
        _require_names(call)
    require_constraints(call, _CODES[call.service])


def _require_names(call: Call) -> None:
    found = violations(call)
    if len(found) != 1 or "regular expression" not in found[0].constraint:
        return
    place = found[0].place
    rule = _PATHS if place.lower().endswith("path") else _NAMES if place.lower().endswith("name") else None
    if rule:
        raise Refused("ValidationError", f"The specified value for {place} is invalid. {rule}")


for _service in _CODES:
    refuses(_service, *get_service_model(_service).operation_names)(outside_the_model)
