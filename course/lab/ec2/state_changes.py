"""What StartInstances, StopInstances and TerminateInstances answer for an instance that is already so.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceStateChange.html
"""

from __future__ import annotations

from typing import Any

from ..gate import Call, corrects

_LISTS = {
    "StopInstances": ("StoppingInstances", "stopped"),
    "StartInstances": ("StartingInstances", "running"),
    "TerminateInstances": ("TerminatingInstances", "terminated"),
}


@corrects("ec2", *_LISTS)
def nothing_changes(call: Call, result: Any) -> dict:
    """moto says that it stops what is stopped."""
    name, end = _LISTS[call.operation]
    return {name: [_unchanged(one) if _name(one) == end else one for one in result[name]]}


def _name(change: dict) -> str:
    state = change["PreviousState"]
    return state["Name"] if isinstance(state, dict) else state.name


def _unchanged(change: dict) -> dict:
    return {**change, "CurrentState": change["PreviousState"]}
