"""What is told of stacks, their resources and events.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ..gate import Call, Refused
from ..iam.context import now
from .operations import operation
from .parameters import shown
from .state import Stack, StackResource, found, stacks

_KEPT_DAYS = 90  # AWS lists a deleted stack this long


@operation("DescribeStacks")
def describe_stacks(call: Call) -> dict:
    """One stack, or all that are not deleted, the newest first."""
    name = call.params.get("StackName")
    if name:
        return {"Stacks": [_described(found(call, name))]}
    every = [one for one in stacks(call).values() if one.status != "DELETE_COMPLETE"]
    return {"Stacks": [_described(one) for one in reversed(every)]}


def _described(stack: Stack) -> dict[str, Any]:
    told = {
        "StackId": stack.id,
        "StackName": stack.name,
        "Description": stack.template.get("Description"),
        "Parameters": shown(stack.template, stack.parameters, stack.resolved_parameters),
        "CreationTime": stack.created,
        "DeletionTime": stack.deleted,
        "LastUpdatedTime": stack.updated,
        "RollbackConfiguration": stack.rollback_configuration,
        "StackStatus": stack.status,
        "StackStatusReason": stack.reason,
        "DisableRollback": stack.disable_rollback,
        "NotificationARNs": stack.notification_arns,
        "TimeoutInMinutes": stack.timeout,
        "Capabilities": stack.capabilities,
        "Outputs": stack.outputs,
        "RoleARN": stack.role_arn,
        "Tags": stack.tags,
        "ChangeSetId": stack.change_set_id,
        "ParentId": stack.parent_id,
        "RootId": stack.root_id,
        "DriftInformation": _drift(stack),
        "RetainExceptOnCreate": stack.retain_except_on_create or None,
    }
    if stack.status != "DELETE_COMPLETE":
        told["EnableTerminationProtection"] = stack.protected
    empty = ("Parameters", "Capabilities", "Outputs")
    return {key: one for key, one in told.items() if one is not None and not (key in empty and not one)}


def _drift(stack: Stack) -> dict[str, Any]:
    told: dict[str, Any] = {"StackDriftStatus": stack.drift_status}
    if stack.drift_checked is not None:
        told["LastCheckTimestamp"] = stack.drift_checked
    return told


@operation("ListStacks")
def list_stacks(call: Call) -> dict:
    """Deleted stacks too, for 90 days."""
    wanted = call.params.get("StackStatusFilter")
    listed = []
    for stack in reversed(stacks(call).values()):
        if wanted and stack.status not in wanted:
            continue
        if stack.status == "DELETE_COMPLETE" and stack.deleted and now() - stack.deleted > timedelta(days=_KEPT_DAYS):
            continue
        told = {
            "StackId": stack.id,
            "StackName": stack.name,
            "TemplateDescription": stack.template.get("Description"),
            "CreationTime": stack.created,
            "LastUpdatedTime": stack.updated,
            "DeletionTime": stack.deleted,
            "StackStatus": stack.status,
            "StackStatusReason": stack.reason,
            "ParentId": stack.parent_id,
            "RootId": stack.root_id,
            "DriftInformation": _drift(stack),
        }
        listed.append({key: one for key, one in told.items() if one is not None})
    return {"StackSummaries": listed}


@operation("DescribeStackEvents")
def describe_stack_events(call: Call) -> dict:
    """The newest first; of a deleted stack by its id."""
    stack = found(call, call.params.get("StackName"), "Stack [{}] does not exist")
    return {"StackEvents": [_event(one) for one in reversed(stack.events)]}


def _event(event: dict[str, Any]) -> dict[str, Any]:
    import json

    told = dict(event)
    if "ResourceProperties" in told:
        told["ResourceProperties"] = json.dumps(told["ResourceProperties"], default=str)
    return told


@operation("DescribeStackResources")
def describe_stack_resources(call: Call) -> dict:
    """The resources of a stack, or of the stack that has the physical resource."""
    params = call.params
    name, physical = params.get("StackName"), params.get("PhysicalResourceId")
    if bool(name) == bool(physical):
        raise Refused("ValidationError", "You must specify either StackName or PhysicalResourceId, and not both.")
    if physical:
        stack = next(
            (
                one
                for one in stacks(call).values()
                if one.status != "DELETE_COMPLETE"
                and any(each.physical_id == physical for each in one.resources.values())
            ),
            None,
        )
        if stack is None:
            raise Refused("ValidationError", f"Stack for {physical} does not exist")
    else:
        stack = found(call, name)
    wanted = params.get("LogicalResourceId")
    records = [one for one in _listed(stack) if wanted in (None, one.logical_id)]
    return {
        "StackResources": [
            {"StackName": stack.name, "StackId": stack.id, **_resource(one, "Timestamp")} for one in records
        ]
    }


def _listed(stack: Stack) -> list[StackResource]:
    return sorted(stack.resources.values(), key=lambda one: one.logical_id)


def _resource(record: StackResource, time_name: str) -> dict[str, Any]:
    told = {
        "LogicalResourceId": record.logical_id,
        "PhysicalResourceId": record.physical_id or None,
        "ResourceType": record.type,
        time_name: record.timestamp,
        "ResourceStatus": record.status,
        "ResourceStatusReason": record.reason,
        "DriftInformation": {
            "StackResourceDriftStatus": (record.drift or {}).get("StackResourceDriftStatus", "NOT_CHECKED")
        },
    }
    return {key: one for key, one in told.items() if one is not None}


@operation("ListStackResources")
def list_stack_resources(call: Call) -> dict:
    stack = found(call, call.params["StackName"])
    return {"StackResourceSummaries": [_resource(one, "LastUpdatedTimestamp") for one in _listed(stack)]}


@operation("DescribeStackResource")
def describe_stack_resource(call: Call) -> dict:
    stack = found(call, call.params["StackName"], "Stack '{}' does not exist")
    record = stack.resources.get(call.params["LogicalResourceId"])
    if record is None:
        raise Refused(
            "ValidationError", f"Resource {call.params['LogicalResourceId']} does not exist for stack {stack.name}"
        )
    import json

    metadata = record.definition.get("Metadata")
    detail = {"StackName": stack.name, "StackId": stack.id, **_resource(record, "LastUpdatedTimestamp")}
    if metadata is not None:
        detail["Metadata"] = json.dumps(metadata)
    return {"StackResourceDetail": detail}
