"""Groups: traces that fit a filter expression, under a name. moto has none.

https://docs.aws.amazon.com/xray/latest/devguide/xray-console-groups.html
"""

from __future__ import annotations

from typing import Any

from moto.moto_api._internal import mock_random

from course.data import value

from ..gate import Call, answers, refuses
from .requests import invalid, state
from .traces import require_filter

_DEFAULT = "Default"


def groups(call: Call) -> dict[str, dict[str, Any]]:
    """The groups of a Region by name."""
    return state(call, "groups")


def group_of(call: Call) -> dict[str, Any]:
    """The group that a request names; Refused if it does not exist."""
    name, arn = call.params.get("GroupName"), call.params.get("GroupARN")
    if bool(name) == bool(arn):
        raise invalid("Specify a group by either name or ARN, but not both.")
    found = next((one for one in groups(call).values() if name == one["GroupName"] or arn == one["GroupARN"]), None)
    if found is None:
        raise invalid(f"Group not found: {name or arn}")
    return found


def _require_insights(params: dict) -> None:
    given = params.get("InsightsConfiguration") or {}
    if given.get("NotificationsEnabled") and not given.get("InsightsEnabled"):
        raise invalid("Notifications can be enabled only for a group with insights enabled.")


@refuses("xray", "CreateGroup")
def impossible_group(call: Call) -> None:
    """A name of its own, an expression that is one, and room for the group."""
    name = call.params["GroupName"]
    if name == _DEFAULT:
        raise invalid("Default is a reserved group name.")
    if name in groups(call):
        raise invalid(f"A group with the name {name} already exists.")
    require_filter(call.params.get("FilterExpression"))
    _require_insights(call.params)
    most = value("xray.groups.groups")
    if len(groups(call)) >= most:
        raise invalid(f"You have reached the maximum number of {most} groups.")


@answers("xray", "CreateGroup")
def create_group(call: Call) -> dict:
    """A new group."""
    name = call.params["GroupName"]
    number = mock_random.get_random_string(52).upper()
    group = {
        "GroupName": name,
        "GroupARN": f"arn:aws:xray:{call.region}:{call.account_id}:group/{name}/{number}",
        "FilterExpression": call.params.get("FilterExpression", ""),
        "InsightsConfiguration": {
            "InsightsEnabled": False,
            "NotificationsEnabled": False,
            **(call.params.get("InsightsConfiguration") or {}),
        },
    }
    groups(call)[name] = group
    return {"Group": group}


@refuses("xray", "GetGroup", "UpdateGroup", "DeleteGroup")
def unknown_group(call: Call) -> None:
    """The group is there, and a new expression is one."""
    group_of(call)
    require_filter(call.params.get("FilterExpression"))
    _require_insights(call.params)


@answers("xray", "GetGroup")
def get_group(call: Call) -> dict:
    """One group."""
    return {"Group": group_of(call)}


@answers("xray", "GetGroups")
def get_groups(call: Call) -> dict:
    """All groups."""
    return {"Groups": list(groups(call).values())}


@answers("xray", "UpdateGroup")
def update_group(call: Call) -> dict:
    """Change the expression or what insights do."""
    group = group_of(call)
    if call.params.get("FilterExpression") is not None:
        group["FilterExpression"] = call.params["FilterExpression"]
    group["InsightsConfiguration"] = {
        **group["InsightsConfiguration"],
        **(call.params.get("InsightsConfiguration") or {}),
    }
    return {"Group": group}


@answers("xray", "DeleteGroup")
def delete_group(call: Call) -> dict:
    """Delete a group; its traces stay."""
    del groups(call)[group_of(call)["GroupName"]]
    return {}
