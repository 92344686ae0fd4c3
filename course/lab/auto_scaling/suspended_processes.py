"""Suspended processes: a group that may not launch, or not terminate, keeps its instances whatever is desired.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
"""

from __future__ import annotations

from typing import Any

from moto.autoscaling.models import FakeAutoScalingGroup

from course.data import value

from ..gate import Call, Refused, refuses, replaces
from .groups import group_of


@refuses("autoscaling", "SuspendProcesses", "ResumeProcesses")
def unknown_process(call: Call) -> None:
    """There are nine processes."""
    group_of(call)
    known = value("auto_scaling.processes.known")
    for name in call.params.get("ScalingProcesses", []):
        if name not in known:
            raise Refused("ValidationError", f"Unsupported process: '{name}'; there are: {', '.join(known)}")


def is_suspended(group: FakeAutoScalingGroup, process: str) -> bool:
    """Whether a process of a group is suspended."""
    return process in {one["ProcessName"] for one in group.suspended_processes}


@replaces(FakeAutoScalingGroup, "replace_autoscaling_group_instances")
def launches(moto: Any, group: FakeAutoScalingGroup, count_needed: int, propagated_tags: dict[str, str]) -> None:
    """Nothing is launched while Launch is suspended."""
    if not is_suspended(group, "Launch"):
        moto(group, count_needed, propagated_tags)


@replaces(FakeAutoScalingGroup, "set_desired_capacity")
def scales_in(moto: Any, group: FakeAutoScalingGroup, new_capacity: int | None) -> None:
    """Nothing is terminated while Terminate is suspended."""
    if new_capacity is not None and new_capacity < len(group.instance_states) and is_suspended(group, "Terminate"):
        group.desired_capacity = new_capacity
        return
    moto(group, new_capacity)
