"""Drift: whether a resource still is what its template says.

Compared are the properties that the template gives, as AWS does, of the types that have `read` in resource_types.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
"""

from __future__ import annotations

import json
from typing import Any

from botocore.credentials import Credentials

from ..gate import Call, Refused
from . import schemas
from .caller import Failed, acting_as, credentials_of
from .operations import operation
from .resource_types.resource import TYPES, differs, is_gone
from .scope import type_of
from .state import Stack, StackResource, backend, found, new_uuid

_CHECKABLE = (
    *("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"),
    *("IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"),
)


@operation("DetectStackDrift")
def detect_stack_drift(call: Call) -> dict:
    """The detection is over when the answer comes; its result is asked for by its id."""
    stack = found(call, call.params["StackName"])
    if stack.status not in _CHECKABLE:
        raise Refused(
            "ValidationError",
            f"Drift detection cannot be performed on stack [{stack.id}] while in [{stack.status}] state",
        )
    wanted = call.params.get("LogicalResourceIds")
    _require_known(stack, wanted)
    drifted = 0
    stack.drift_checked = stack.next_moment()
    credentials = credentials_of(call, None)
    for record in stack.resources.values():
        if record.exists and wanted in (None, []) or record.logical_id in (wanted or ()):
            result = _detect(stack, record, credentials)
            drifted += result is not None and result["StackResourceDriftStatus"] in ("MODIFIED", "DELETED")
    stack.drift_status = "DRIFTED" if drifted else "IN_SYNC"
    detection = {
        "StackId": stack.id,
        "StackDriftDetectionId": str(new_uuid()),
        "StackDriftStatus": stack.drift_status,
        "DetectionStatus": "DETECTION_COMPLETE",
        "DriftedStackResourceCount": drifted,
        "Timestamp": stack.drift_checked,
    }
    backend(call.account_id, call.region).detections[detection["StackDriftDetectionId"]] = detection
    return {"StackDriftDetectionId": detection["StackDriftDetectionId"]}


def _require_known(stack: Stack, names: list[str] | None) -> None:
    for name in names or ():
        if name not in stack.resources:
            raise Refused("ValidationError", f"Resource {name} does not exist for stack {stack.name}")


def _detect(stack: Stack, record: StackResource, credentials: Credentials) -> dict[str, Any] | None:
    """Compare one resource and remember the result; None for a type whose drift AWS, or the account, cannot see."""
    handler = TYPES[type_of(record.type).type](stack, record)
    expected = {key: one for key, one in record.properties.items() if _comparable(one)}
    try:
        with acting_as(credentials):
            actual = handler.read()
    except Failed as failed:
        if not is_gone(failed):
            raise
        record.drift = _result(stack, record, "DELETED", expected, None, [])
        return record.drift
    if actual is None:
        record.drift = None
        return None
    # What AWS shows only in part or never, as the code of a function, cannot drift.
    hidden = schemas.write_only(record.type) - actual.keys()
    expected = {key: one for key, one in expected.items() if key not in hidden}
    seen = {key: actual[key] for key in expected if key in actual}
    different: list[dict[str, Any]] = []
    for key in expected:
        _compare(expected[key], actual.get(key), f"/{key}", different, record.type)
    record.drift = _result(stack, record, "MODIFIED" if different else "IN_SYNC", expected, seen, different)
    return record.drift


def _comparable(value: Any) -> bool:
    return not (isinstance(value, str) and "{{resolve:" in value)


def _compare(expected: Any, actual: Any, path: str, found: list[dict[str, Any]], kind: str) -> None:
    """Add the differences. What the service fills in beside the template's values is none, but in a map it is."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        extra = [key for key in actual if key not in expected] if schemas.is_map(kind, path) else []
        for key in [*expected, *extra]:
            _compare(expected.get(key), actual.get(key), f"{path}/{key}", found, kind)
    elif isinstance(expected, list) and isinstance(actual, list):
        for position, one in enumerate(expected):
            if not any(_covers(one, other) for other in actual):
                found.append(_difference(f"{path}/{position}", one, None))
        for position, one in enumerate(actual):
            if not any(_covers(other, one) for other in expected):
                found.append(_difference(f"{path}/{position}", None, one))
    elif differs(expected, actual):
        found.append(_difference(path, expected, actual))


def _covers(expected: Any, actual: Any) -> bool:
    """Whether a value is as the template says, whatever else the service shows with it."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return all(key in actual and _covers(one, actual[key]) for key, one in expected.items())
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(_covers(one, other) for one, other in zip(expected, actual))
    return not differs(expected, actual)


def _difference(path: str, expected: Any, actual: Any) -> dict[str, Any]:
    kind = "REMOVE" if actual is None else "ADD" if expected is None else "NOT_EQUAL"
    return {
        "PropertyPath": path,
        "ExpectedValue": "null" if expected is None else _text(expected),
        "ActualValue": "null" if actual is None else _text(actual),
        "DifferenceType": kind,
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _result(
    stack: Stack, record: StackResource, status: str, expected: Any, actual: Any, different: list[dict[str, Any]]
) -> dict[str, Any]:
    told = {
        "StackId": stack.id,
        "LogicalResourceId": record.logical_id,
        "PhysicalResourceId": record.physical_id,
        "ResourceType": record.type,
        "ExpectedProperties": json.dumps(expected, default=str),
        "PropertyDifferences": different,
        "StackResourceDriftStatus": status,
        "Timestamp": stack.next_moment(),
    }
    if actual is not None:
        told["ActualProperties"] = json.dumps(actual, default=str)
    return told


@operation("DescribeStackDriftDetectionStatus")
def describe_stack_drift_detection_status(call: Call) -> dict:
    wanted = call.params["StackDriftDetectionId"]
    detections = backend(call.account_id, call.region).detections
    if wanted not in detections:
        raise Refused("ValidationError", f"Drift detection {wanted} does not exist")
    return detections[wanted]


@operation("DescribeStackResourceDrifts")
def describe_stack_resource_drifts(call: Call) -> dict:
    stack = found(call, call.params["StackName"])
    if stack.drift_checked is None:
        return {"StackResourceDrifts": []}
    wanted = call.params.get("StackResourceDriftStatusFilters")
    drifts = [one.drift for one in stack.resources.values() if one.drift is not None]
    return {"StackResourceDrifts": [one for one in drifts if not wanted or one["StackResourceDriftStatus"] in wanted]}


@operation("DetectStackResourceDrift")
def detect_stack_resource_drift(call: Call) -> dict:
    stack = found(call, call.params["StackName"])
    name = call.params["LogicalResourceId"]
    _require_known(stack, [name])
    result = _detect(stack, stack.resources[name], credentials_of(call, None))
    if result is None:
        raise Refused(
            "ValidationError", f"Resource type {stack.resources[name].type} is not supported for drift detection"
        )
    return {"StackResourceDrift": result}
