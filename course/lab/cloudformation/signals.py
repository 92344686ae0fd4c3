"""Signals: a resource with a creation policy is made when enough of them have come, a wait condition likewise.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-creationpolicy.html
"""

from __future__ import annotations

import re
from collections.abc import Generator
from datetime import timedelta
from typing import Any

from course.data import value

from ..gate import Refused
from ..iam.context import now
from .caller import Failed
from .state import Stack, StackResource
from .values import text

_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def seconds(duration: Any) -> int:
    """The seconds of an ISO 8601 duration such as PT15M. Failed for one that is none."""
    parts = _DURATION.fullmatch(text(duration))
    if parts is None or not any(parts.groups()):
        raise Failed(f"Invalid timeout {duration}: a duration such as PT15M is wanted")
    days, hours, minutes, rest = (int(one or 0) for one in parts.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def awaited(stack: Stack, record: StackResource) -> Generator[None, None, None]:
    """Wait for the signals of the resource's creation policy, if it has one. Failed when they do not come, or say so."""
    policy = record.definition.get("CreationPolicy", {})
    if "ResourceSignal" not in policy:
        return
    wanted = int(policy["ResourceSignal"].get("Count", 1))
    most = policy["ResourceSignal"].get("Timeout")
    until = now() + timedelta(seconds=seconds(most) if most else value("cloudformation.signals.timeout"))
    received = stack.signals.setdefault(record.logical_id, {})
    while True:
        good, bad = _counted(received)
        if bad:
            raise Failed(
                f"Received {bad} FAILURE signal(s) out of {wanted}.  Unable to satisfy 100% MinSuccessfulInstancesPercent requirement"
            )
        if good >= wanted:
            return
        if now() >= until:
            raise Failed(f"Failed to receive {wanted} resource signal(s) within the specified duration")
        yield


def _counted(received: dict[str, str]) -> tuple[int, int]:
    statuses = list(received.values())
    return statuses.count("SUCCESS"), statuses.count("FAILURE")


def receive(stack: Stack, logical_id: str, unique_id: str, status: str) -> None:
    """A signal for a resource that waits. Refused for one that is not there, or does not wait."""
    record = stack.resources.get(logical_id)
    if record is None:
        raise Refused("ValidationError", f"Resource {logical_id} does not exist in stack {stack.name}")
    if not record.status.endswith("_IN_PROGRESS") or logical_id not in stack.signals:
        raise Refused("ValidationError", f"Signal cannot be sent to a resource {logical_id} in {record.status} state")
    received = stack.signals[logical_id]
    if unique_id in received:
        raise Refused(
            "ValidationError",
            f"Signal with ID {unique_id} for resource {logical_id} already exists. Signals may only be updated with a FAILURE status.",
        )
    received[unique_id] = status
    stack.tell(record, record.status, f"Received {status} signal with UniqueId {unique_id}")
