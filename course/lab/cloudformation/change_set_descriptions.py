"""What is told of change sets."""

from __future__ import annotations

import json
from typing import Any

from ..gate import Call
from .change_sets import change_set_of
from .operations import operation
from .parameters import shown
from .state import found
from .values import Unknown


@operation("DescribeChangeSet")
def describe_change_set(call: Call) -> dict:
    one = change_set_of(call)
    stack, settings = one.stack, one.desired.settings
    told = {
        "ChangeSetName": one.name,
        "ChangeSetId": one.id,
        "StackId": stack.id,
        "StackName": stack.name,
        "Description": one.description,
        "Parameters": shown(one.desired.template, one.desired.parameters, one.desired.resolved) or None,
        "CreationTime": one.created,
        "ExecutionStatus": one.execution_status,
        "Status": one.status,
        "StatusReason": one.reason,
        "NotificationARNs": settings.get("notification_arns", stack.notification_arns),
        "RollbackConfiguration": settings.get("rollback_configuration", {}),
        "Capabilities": settings.get("capabilities", []),
        "Tags": one.desired.tags or None,
        "Changes": [_shown(change, call.params.get("IncludePropertyValues", False)) for change in one.changes],
        "IncludeNestedStacks": False,
        "OnStackFailure": one.on_failure,
    }
    return {key: value for key, value in told.items() if value is not None}


def _shown(change: dict[str, Any], values: bool) -> dict[str, Any]:
    """A change as it is asked for: with the properties before and after, or without."""
    resource = dict(change["ResourceChange"])
    before, after = resource.pop("_before", None), resource.pop("_after", None)
    if values:
        for key, properties in (("BeforeContext", before), ("AfterContext", after)):
            if properties is not None:
                resource[key] = json.dumps({"Properties": properties}, default=repr)
        details = []
        for detail in resource["Details"]:
            target = dict(detail["Target"])
            if target["Attribute"] == "Properties":
                target["Path"] = f"/Properties/{target['Name']}"
                for key, properties in (("BeforeValue", before), ("AfterValue", after)):
                    if properties is not None and target["Name"] in properties:
                        target[key] = _text(properties[target["Name"]])
                target["AttributeChangeType"] = (
                    "Modify"
                    if {"BeforeValue", "AfterValue"} <= target.keys()
                    else "Add"
                    if "AfterValue" in target
                    else "Remove"
                )
            details.append({**detail, "Target": target})
        resource["Details"] = details
    return {**change, "ResourceChange": resource}


def _text(value: Any) -> str:
    return (
        value
        if isinstance(value, str)
        else repr(value)
        if isinstance(value, Unknown)
        else json.dumps(value, default=repr)
    )


@operation("ListChangeSets")
def list_change_sets(call: Call) -> dict:
    stack = found(call, call.params["StackName"], "Stack [{}] does not exist")
    listed = []
    for one in stack.change_sets.values():
        told = {
            "StackId": stack.id,
            "StackName": stack.name,
            "ChangeSetId": one.id,
            "ChangeSetName": one.name,
            "ExecutionStatus": one.execution_status,
            "Status": one.status,
            "StatusReason": one.reason,
            "CreationTime": one.created,
            "Description": one.description,
            "IncludeNestedStacks": False,
        }
        listed.append({key: value for key, value in told.items() if value is not None})
    return {"Summaries": listed}
