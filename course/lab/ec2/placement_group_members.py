"""Instances in placement groups: launched into one, started in it, moved in and out.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/placement-strategies.html
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from moto.ec2.models.instances import Instance

from course.data import value

from ..gate import Call, Refused, answers, corrects, refuses
from .launch_requests import grant, instance_type, living, requested, type_facts, zone_of
from .placement_groups import PlacementGroup, existing_group, groups


def require_place(
    group: PlacementGroup, zone: str, type_name: str, tenancy: str, partition: int | None, least: int = 1
) -> int | None:
    """Raise Refused unless at least `least` such instances fit into the group; else how many do (None: any)."""
    name, strategy = group.group_name, group.strategy
    supported = type_facts(type_name).get("PlacementGroupInfo", {}).get("SupportedStrategies")
    if supported is not None and strategy not in supported and strategy != "precision-time":
        raise Refused(
            "InvalidParameterCombination",
            f"{strategy.capitalize()} placement groups are not supported by the '{type_name}' instance type. Specify a "
            "supported instance type or change the placement group strategy, and try again.",
        )
    if tenancy == "host" or tenancy == "dedicated" and strategy == "spread":
        raise Refused(
            "InvalidParameterCombination",
            f"Tenancy '{tenancy}' is not supported in the {strategy} placement group '{name}'.",
        )
    if partition is not None and strategy != "partition":
        raise Refused(
            "InvalidParameterCombination",
            f"partitionNumber is valid only for partition placement groups; '{name}' is a {strategy} group.",
        )
    if partition is not None and not 1 <= partition <= group.partitions:
        raise Refused(
            "InvalidParameterValue",
            f"Value ({partition}) for parameter partitionNumber is invalid. '{name}' has partitions 1 to {group.partitions}.",
        )
    if strategy == "cluster":
        for other in {one.placement.zone for one in group.members()} - {zone}:
            raise Refused(
                "InvalidPlacementGroup.InUse",
                f"The placement group '{name}' is in use in another availability zone: {other}",
            )
    room = group.room(zone)
    if room is not None and room < least:
        most = value("ec2.placement_groups.spread_per_zone")
        raise Refused(
            "InsufficientInstanceCapacity",
            f"The spread placement group '{name}' takes at most {most} running instances per Availability Zone; "
            f"{most - room} run in {zone}, {least} more were requested.",
        )
    return room


def _wanted_group(call: Call, placement: dict[str, Any]) -> PlacementGroup | None:
    if placement.get("GroupName") or placement.get("GroupId"):
        return existing_group(call.backend, placement.get("GroupName"), placement.get("GroupId"))
    if placement.get("PartitionNumber") is not None:
        raise Refused("InvalidParameterCombination", "partitionNumber is valid only with a partition placement group.")
    return None


@refuses("ec2", "RunInstances")
def no_place(call: Call) -> None:
    """The group takes the type, the zone and at least MinCount instances."""
    params = requested(call)
    placement = params.get("Placement", {})
    group = _wanted_group(call, placement)
    if group is not None:
        tenancy, partition = placement.get("Tenancy", "default"), placement.get("PartitionNumber")
        least, zone = call.params["MinCount"], zone_of(call, params)
        room = require_place(group, zone, instance_type(params), tenancy, partition, least)
        if room is not None:
            grant(room)


def join(instance: Instance, group: PlacementGroup, partition: int | None = None) -> None:
    """Put an instance into a group; without a number, into the partition with the fewest members in its zone."""
    if group.strategy == "partition" and partition is None:
        taken = Counter(one.placement.partition_number for one in group.members(instance.placement.zone))
        partition = min(range(1, group.partitions + 1), key=lambda number: taken[number])
    instance.placement.group_name, instance.placement.group_id = group.group_name, group.id
    instance.placement.partition_number = partition


@corrects("ec2", "RunInstances")
def joined(call: Call, reservation: Any) -> None:
    """The instances of the launch show their group, and their partition."""
    placement = requested(call).get("Placement", {})
    group = _wanted_group(call, placement)
    if group is not None:
        for instance in reservation.instances:
            join(instance, group, placement.get("PartitionNumber"))


@refuses("ec2", "StartInstances")
def no_place_to_start(call: Call) -> None:
    """A stopped member of a spread group held no place in its zone."""
    starting: Counter = Counter()
    for instance in living(call.backend):
        name = instance.placement.group_name
        if instance.id in call.params["InstanceIds"] and instance.state == "stopped" and name in groups(call.backend):
            group, zone = groups(call.backend)[name], instance.placement.zone
            starting[name, zone] += 1
            require_place(group, zone, instance.instance_type, instance.placement.tenancy, None, starting[name, zone])


@refuses("ec2", "ModifyInstancePlacement")
def impossible_move(call: Call) -> None:
    """Only a stopped instance changes its placement, and only to one it could be launched into."""
    params, instance = call.params, call.backend.get_instance(call.params["InstanceId"])
    changes = [name for name in ("GroupName", "GroupId", "PartitionNumber", "Tenancy", "HostId") if name in params]
    if not changes and "Affinity" not in params:
        raise Refused("MissingParameter", "At least one of affinity, hostId, tenancy or groupName must be specified")
    if changes and instance.state != "stopped":
        raise Refused("IncorrectInstanceState", f"The instance '{instance.id}' is not in the 'stopped' state.")
    tenancy = params.get("Tenancy") or instance.placement.tenancy
    if tenancy not in value("ec2.tenancy.known"):
        raise Refused("InvalidParameterValue", f"Value ({tenancy}) for parameter tenancy is invalid.")
    if "default" in (tenancy, instance.placement.tenancy) and tenancy != instance.placement.tenancy:
        raise Refused(
            "InvalidParameterCombination",
            f"The tenancy of '{instance.id}' cannot be changed from {instance.placement.tenancy} to {tenancy}.",
        )
    if params.get("GroupName") or params.get("GroupId"):
        group = existing_group(call.backend, params.get("GroupName"), params.get("GroupId"))
        require_place(group, instance.placement.zone, instance.instance_type, tenancy, params.get("PartitionNumber"), 0)


@answers("ec2", "ModifyInstancePlacement")
def move(call: Call) -> dict:
    """An empty group name takes the instance out of its group."""
    params, instance = call.params, call.backend.get_instance(call.params["InstanceId"])
    placement = instance.placement
    if "GroupName" in params and not params["GroupName"]:
        placement.group_name, placement.group_id, placement.partition_number = "", None, None
    elif params.get("GroupName") or params.get("GroupId"):
        join(
            instance,
            existing_group(call.backend, params.get("GroupName"), params.get("GroupId")),
            params.get("PartitionNumber"),
        )
    for name, attribute in (("Tenancy", "tenancy"), ("HostId", "host_id"), ("Affinity", "affinity")):
        if params.get(name):
            setattr(placement, attribute, params[name])
    return {"Return": True}
