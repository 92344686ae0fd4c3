"""Instance refresh: every instance of a group is replaced by a new one, here at once. moto has none of it.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ..gate import Call, Refused, answers
from ..iam.context import now
from ..ids import stream
from .groups import group_of


def _refreshes(call: Call) -> list[dict[str, Any]]:
    return call.backend.__dict__.setdefault("instance_refreshes", [])


@answers("autoscaling", "StartInstanceRefresh")
def start_instance_refresh(call: Call) -> dict:
    """Instances that are protected from scale-in stay, as with the default preferences."""
    group, preferences = group_of(call), call.params.get("Preferences", {})
    least = preferences.get("MinHealthyPercentage", 90)
    if not 0 <= least <= 100:
        raise Refused("ValidationError", f"MinHealthyPercentage {least} must be between 0 and 100")
    if call.params.get("Strategy", "Rolling") not in ("Rolling", "ReplaceRootVolume"):
        raise Refused("ValidationError", f"Unsupported strategy: '{call.params['Strategy']}'")
    began = now()
    old = [one for one in group.instance_states if not one.protected_from_scale_in]
    for one in old:
        call.backend.ec2_backend.terminate_instances([one.instance.id])
    call.backend.notify_terminate_instances([one.instance.id for one in old])
    made = {
        "InstanceRefreshId": str(UUID(int=stream("instance refreshes").getrandbits(128), version=4)),
        "AutoScalingGroupName": group.name,
        "Status": "Successful",
        "StartTime": began,
        "EndTime": now(),
        "PercentageComplete": 100,
        "InstancesToUpdate": 0,
        "Preferences": {"MinHealthyPercentage": 90, "SkipMatching": False, **preferences},
        "Strategy": "Rolling",
    }
    _refreshes(call).append(made)
    return {"InstanceRefreshId": made["InstanceRefreshId"]}


@answers("autoscaling", "DescribeInstanceRefreshes")
def describe_instance_refreshes(call: Call) -> dict:
    """The refreshes of a group, newest first."""
    group, ids = group_of(call), call.params.get("InstanceRefreshIds", [])
    return {
        "InstanceRefreshes": [
            one
            for one in reversed(_refreshes(call))
            if one["AutoScalingGroupName"] == group.name and (not ids or one["InstanceRefreshId"] in ids)
        ]
    }


@answers("autoscaling", "CancelInstanceRefresh")
def cancel_instance_refresh(call: Call) -> dict:
    """None is ever under way here."""
    group = group_of(call)
    message = f"No in progress or pending Instance Refresh found for Auto Scaling group {group.name}"
    raise Refused("ActiveInstanceRefreshNotFound", message)
