"""Placement groups: cluster, spread, partition and precision-time. moto has none of them.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/placement-strategies.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.models.instances import Instance
from moto.ec2.utils import generic_filter
from moto.moto_api._internal import mock_random

from course.data import value

from ..gate import Call, Refused, answers, refuses
from .launch_requests import living


class PlacementGroup(TaggedEC2Resource):
    """One placement group; its members are the instances whose placement names it."""

    def __init__(self, backend: Any, params: dict[str, Any]):
        self.ec2_backend = backend
        self.id = f"pg-{mock_random.get_random_hex(17)}"
        self.group_name = params["GroupName"]
        self.strategy = params["Strategy"]
        self.parent_group_id = params.get("ParentGroupId")
        self.state = "available"
        self.partitions = 0
        if self.strategy == "partition":
            self.partitions = params.get("PartitionCount") or value("ec2.placement_groups.default_partitions")
        self.spread_level = "rack" if self.strategy == "spread" else None
        self.group_arn = f"arn:aws:ec2:{backend.region_name}:{backend.account_id}:placement-group/{self.group_name}"
        for specification in params.get("TagSpecifications", []):
            self.add_tags({tag["Key"]: tag["Value"] for tag in specification["Tags"]})

    def members(self, zone: str | None = None, states: tuple[str, ...] = ()) -> list[Instance]:
        """The instances in the group, in one zone and in some states where these are given."""
        return [
            one
            for one in living(self.ec2_backend)
            if one.placement.group_name == self.group_name
            and (zone is None or one.placement.zone == zone)
            and (not states or one.state in states)
        ]

    def room(self, zone: str) -> int | None:
        """How many more instances may run in the zone; None for no limit of AWS."""
        if self.strategy != "spread":
            return None
        return value("ec2.placement_groups.spread_per_zone") - len(self.members(zone, ("pending", "running")))

    def shown(self) -> dict[str, Any]:
        """The group as DescribePlacementGroups shows it."""
        described = {
            "GroupName": self.group_name,
            "GroupId": self.id,
            "GroupArn": self.group_arn,
            "State": self.state,
            "Strategy": self.strategy,
            "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in self.get_tags()],
        }
        extra = {
            "PartitionCount": self.partitions,
            "SpreadLevel": self.spread_level,
            "ParentGroupId": self.parent_group_id,
        }
        return {**described, **{name: what for name, what in extra.items() if what}}


def groups(backend: Any) -> dict[str, PlacementGroup]:
    """The placement groups of a Region by name; they live with moto's state."""
    return backend.__dict__.setdefault("placement_groups", {})


def existing_group(backend: Any, name: str | None, group_id: str | None = None) -> PlacementGroup:
    for group in groups(backend).values():
        if group.group_name == name or group_id and group.id == group_id:
            return group
    raise Refused("InvalidPlacementGroup.Unknown", f"The Placement Group '{name or group_id}' is unknown.")


@refuses("ec2", "CreatePlacementGroup")
def impossible_group(call: Call) -> None:
    """A group has a new name, one of the strategies, and partitions only where the strategy says so."""
    name, strategy = call.params.get("GroupName"), call.params.get("Strategy")
    for parameter, what in (("groupName", name), ("strategy", strategy)):
        if not what:
            raise Refused("MissingParameter", f"The request must contain the parameter {parameter}")
    if len(name) > value("ec2.placement_groups.max_name") or not name.isascii():
        raise Refused(
            "InvalidParameterValue",
            f"Value ({name}) for parameter groupName is invalid. It may have up to "
            f"{value('ec2.placement_groups.max_name')} ASCII characters.",
        )
    known = value("ec2.placement_groups.strategies")
    if strategy not in known:
        raise Refused(
            "InvalidParameterValue",
            f"Value ({strategy}) for parameter strategy is invalid. Valid values are: {', '.join(known)}.",
        )
    if name in groups(call.backend):
        raise Refused("InvalidPlacementGroup.Duplicate", f"The placement group '{name}' already exists.")
    count, most = call.params.get("PartitionCount"), value("ec2.placement_groups.max_partitions")
    if count is not None and strategy != "partition":
        raise Refused(
            "InvalidParameterCombination", f"The parameter partitionCount is not supported for strategy {strategy}."
        )
    if count is not None and not 1 <= count <= most:
        raise Refused(
            "InvalidParameterValue",
            f"Value ({count}) for parameter partitionCount is invalid. Valid values are 1 to {most}.",
        )
    _require_spread_level(call.params.get("SpreadLevel"), strategy)
    parent = call.params.get("ParentGroupId")
    if parent:
        if strategy != "cluster" or existing_group(call.backend, None, parent).strategy != "precision-time":
            raise Refused(
                "InvalidParameterCombination",
                "Only a precision-time group can be the parent, and only of a cluster group.",
            )


def _require_spread_level(level: str | None, strategy: str) -> None:
    if level is None:
        return
    if level not in ("rack", "host"):
        raise Refused("InvalidParameterValue", f"Value ({level}) for parameter spreadLevel is invalid.")
    if strategy != "spread" or level == "host":
        raise Refused(
            "InvalidParameterCombination",
            f"spreadLevel '{level}' is not supported: it is for spread groups, and host only on an Outpost.",
        )


@answers("ec2", "CreatePlacementGroup")
def create(call: Call) -> dict:
    """The new group."""
    group = PlacementGroup(call.backend, call.params)
    groups(call.backend)[group.group_name] = group
    return {"PlacementGroup": group.shown()}


@answers("ec2", "DescribePlacementGroups")
def describe(call: Call) -> dict:
    """The groups by name, id and the filters of AWS."""
    names, ids = call.params.get("GroupNames", []), call.params.get("GroupIds", [])
    found = list(groups(call.backend).values())
    if names or ids:
        found = [existing_group(call.backend, name) for name in names] + [
            existing_group(call.backend, None, one) for one in ids
        ]
    filters = {one["Name"]: one["Values"] for one in call.params.get("Filters", [])}
    known = ("group-name", "group-arn", "spread-level", "state", "strategy", "tag-key")
    for name in filters:
        if name not in known and not name.startswith("tag:"):
            raise Refused("InvalidParameterValue", f"The filter '{name}' is invalid")
    return {"PlacementGroups": [group.shown() for group in generic_filter(filters, found)]}


@refuses("ec2", "DeletePlacementGroup")
def not_deletable(call: Call) -> None:
    """All instances of the group are terminated first, and groups below it deleted."""
    group = existing_group(call.backend, call.params["GroupName"])
    children = [one for one in groups(call.backend).values() if one.parent_group_id == group.id]
    if group.members() or children:
        raise Refused(
            "InvalidPlacementGroup.InUse", f"The placement group '{group.group_name}' is in use and may not be deleted."
        )


@answers("ec2", "DeletePlacementGroup")
def delete(call: Call) -> dict:
    """The group is gone at once."""
    del groups(call.backend)[call.params["GroupName"]]
    return {}
