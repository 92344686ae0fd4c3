"""Amazon Data Lifecycle Manager: policies that would make snapshots on a schedule. moto has none; no time passes here.

https://docs.aws.amazon.com/dlm/latest/APIReference/API_CreateLifecyclePolicy.html
"""

from __future__ import annotations

from typing import Any

from course.data import value

from ..gate import Call, Refused, answers, refuses
from ..iam.context import now
from ..ids import stream


def _policies(call: Call) -> dict[str, dict[str, Any]]:
    """The policies of a Region by id; they live with moto's EC2 state."""
    return call.backend_of("ec2").__dict__.setdefault("lifecycle_policies", {})


def _of(call: Call) -> dict[str, Any]:
    held, id = _policies(call), call.params["PolicyId"]
    if id not in held:
        raise Refused("ResourceNotFoundException", f"Policy {id} does not exist.", 404)
    return held[id]


@refuses("dlm", "CreateLifecyclePolicy", "UpdateLifecyclePolicy")
def impossible_policy(call: Call) -> None:
    """InvalidRequestException. A policy of default type has no details."""
    params = call.params
    if params.get("State") not in (None, "ENABLED", "DISABLED"):
        raise Refused("InvalidRequestException", f"State {params['State']} is not ENABLED or DISABLED.")
    details = params.get("PolicyDetails")
    if details is None:
        if call.operation == "CreateLifecyclePolicy" and not params.get("DefaultPolicy"):
            raise Refused("InvalidRequestException", "PolicyDetails is required.")
        return
    if details.get("PolicyType", "EBS_SNAPSHOT_MANAGEMENT") == "EVENT_BASED_POLICY":
        return
    known = value("ebs.lifecycle_policies.resource_types")
    types = details.get("ResourceTypes", [])
    if len(types) != 1 or types[0] not in known:
        raise Refused("InvalidRequestException", f"ResourceTypes {types} must be one of {', '.join(known)}.")
    if not details.get("TargetTags"):
        raise Refused("InvalidRequestException", "TargetTags is required.")
    most = value("ebs.lifecycle_policies.schedules")
    if not 1 <= len(details.get("Schedules", [])) <= most:
        raise Refused("InvalidRequestException", f"A policy has 1 to {most} schedules.")
    for schedule in details["Schedules"]:
        _require_schedule(schedule)


def _require_schedule(schedule: dict[str, Any]) -> None:
    create, retain = schedule.get("CreateRule", {}), schedule.get("RetainRule", {})
    hours = value("ebs.lifecycle_policies.hours")
    if not create.get("CronExpression") and create.get("Interval") not in hours:
        raise Refused("InvalidRequestException", f"Interval {create.get('Interval')} is not one of {hours} hours.")
    least, most = value("ebs.lifecycle_policies.retained")
    if bool(retain.get("Count")) == bool(retain.get("Interval")):
        raise Refused("InvalidRequestException", "A retention rule has either Count or Interval.")
    if retain.get("Count") and not least <= retain["Count"] <= most:
        raise Refused("InvalidRequestException", f"Count {retain['Count']} is not between {least} and {most}.")


@answers("dlm", "CreateLifecyclePolicy")
def create_lifecycle_policy(call: Call) -> dict:
    """Kept as it was given."""
    id, moment = f"policy-0{stream('lifecycle policies').getrandbits(64):016x}", now()
    _policies(call)[id] = {
        "PolicyId": id,
        "Description": call.params["Description"],
        "State": call.params["State"],
        "ExecutionRoleArn": call.params["ExecutionRoleArn"],
        "DateCreated": moment,
        "DateModified": moment,
        "PolicyDetails": {"PolicyType": "EBS_SNAPSHOT_MANAGEMENT", **call.params.get("PolicyDetails", {})},
        "Tags": call.params.get("Tags", {}),
        "PolicyArn": f"arn:aws:dlm:{call.region}:{call.account_id}:policy/{id}",
    }
    return {"PolicyId": id}


@answers("dlm", "GetLifecyclePolicy")
def get_lifecycle_policy(call: Call) -> dict:
    """One policy."""
    return {"Policy": _of(call)}


@answers("dlm", "GetLifecyclePolicies")
def get_lifecycle_policies(call: Call) -> dict:
    """Summaries, by id and state."""
    ids, state = call.params.get("PolicyIds", []), call.params.get("State")
    names = ("PolicyId", "Description", "State", "Tags")
    return {
        "Policies": [
            {**{name: one[name] for name in names}, "PolicyType": one["PolicyDetails"]["PolicyType"]}
            for one in _policies(call).values()
            if (not ids or one["PolicyId"] in ids) and state in (None, one["State"])
        ]
    }


@answers("dlm", "UpdateLifecyclePolicy")
def update_lifecycle_policy(call: Call) -> dict:
    """What is not given stays as it is."""
    held = _of(call)
    for name in ("ExecutionRoleArn", "State", "Description", "PolicyDetails"):
        if call.params.get(name) is not None:
            held[name] = call.params[name]
    held["PolicyDetails"].setdefault("PolicyType", "EBS_SNAPSHOT_MANAGEMENT")
    held["DateModified"] = now()
    return {}


@answers("dlm", "DeleteLifecyclePolicy")
def delete_lifecycle_policy(call: Call) -> dict:
    """The snapshots it made stay."""
    del _policies(call)[_of(call)["PolicyId"]]
    return {}
