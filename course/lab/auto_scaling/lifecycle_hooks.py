"""Lifecycle hooks: two transitions, two results, a time limit.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html
"""

from __future__ import annotations

from course.data import value

from ..gate import Call, Refused, refuses
from .groups import group_of


@refuses("autoscaling", "PutLifecycleHook")
def impossible_hook(call: Call) -> None:
    """ValidationError. A hook that is there already may be changed in part."""
    params, group = call.params, group_of(call)
    transition, known = params.get("LifecycleTransition"), value("auto_scaling.lifecycle_hooks.transitions")
    is_new = not any(
        hook.name == params["LifecycleHookName"] and hook.auto_scaling_group_name == group.name
        for hook in call.backend.lifecycle_hooks.values()
    )
    if transition is None and is_new:
        raise Refused("ValidationError", "LifecycleTransition is required for a new lifecycle hook")
    if transition is not None and transition not in known:
        raise Refused("ValidationError", f"Invalid lifecycle transition: '{transition}'; there are: {', '.join(known)}")
    result = params.get("DefaultResult")
    if result not in (None, "CONTINUE", "ABANDON"):
        raise Refused("ValidationError", f"Invalid default result: '{result}'; it is CONTINUE or ABANDON")
    least, most = value("auto_scaling.lifecycle_hooks.heartbeat")
    timeout = params.get("HeartbeatTimeout")
    if timeout is not None and not least <= timeout <= most:
        raise Refused("ValidationError", f"HeartbeatTimeout {timeout} must be between {least} and {most} seconds")
