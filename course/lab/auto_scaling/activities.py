"""What an Auto Scaling group did: each launch and each termination, newest first.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingActivities.html
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from moto.autoscaling.models import FakeAutoScalingGroup
from moto.ec2.models.instances import Instance

from ..gate import Call, answers, replaces
from ..iam.context import now
from ..ids import stream
from .groups import group_of


def _log(group: FakeAutoScalingGroup) -> list[dict[str, Any]]:
    # With the backend, so that a deleted group's activities stay to be seen.
    return group.autoscaling_backend.__dict__.setdefault("activities", [])


def _note(group: FakeAutoScalingGroup, instance: Instance, what: str, why: str) -> None:
    moment = now()
    _log(group).append(
        {
            "ActivityId": str(UUID(int=stream("activities").getrandbits(128), version=4)),
            "AutoScalingGroupName": group.name,
            "Description": f"{what}: {instance.id}",
            "Cause": f"At {moment:%Y-%m-%dT%H:%M:%SZ} {why}",
            "StartTime": moment,
            "EndTime": moment,
            "StatusCode": "Successful",
            "Progress": 100,
            "Details": f'{{"Availability Zone":"{instance.placement.zone}"}}',
        }
    )


@replaces(FakeAutoScalingGroup, "replace_autoscaling_group_instances")
def launched(moto: Any, group: FakeAutoScalingGroup, count_needed: int, propagated_tags: dict[str, str]) -> None:
    """Each instance that a group launches is an activity."""
    before = {one.instance.id for one in group.instance_states}
    moto(group, count_needed, propagated_tags)
    for one in group.instance_states:
        if one.instance.id not in before:
            why = "an instance was started in response to a difference between desired and actual capacity."
            _note(group, one.instance, "Launching a new EC2 instance", why)


@replaces(Instance, "terminate")
def terminated(moto: Any, instance: Instance) -> Any:
    """And each that is terminated while it belongs to a group."""
    was, result = instance.state, moto(instance)
    group = getattr(instance, "autoscaling_group", None)
    if group is not None and was != "terminated":
        _note(group, instance, "Terminating EC2 instance", "an instance was taken out of service.")
    return result


@answers("autoscaling", "DescribeScalingActivities")
def describe_scaling_activities(call: Call) -> dict:
    """Of one group or of all; moto has none."""
    name, ids = call.params.get("AutoScalingGroupName"), call.params.get("ActivityIds", [])
    if name and not call.params.get("IncludeDeletedGroups"):
        group_of(call)
    held = call.backend.__dict__.get("activities", [])
    found = [
        one
        for one in reversed(held)
        if name in (None, one["AutoScalingGroupName"]) and (not ids or one["ActivityId"] in ids)
    ]
    return {"Activities": found[: call.params.get("MaxRecords", len(found))]}
