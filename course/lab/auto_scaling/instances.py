"""The instances of an Auto Scaling group: spread over its Availability Zones, and registered with its target groups.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup

from ..gate import replaces


def places(group: FakeAutoScalingGroup) -> dict[str, str | None]:
    """Where a group launches: Availability Zone -> subnet id, None for a group of zones alone."""
    ids = [one.strip() for one in (group.vpc_zone_identifier or "").split(",") if one.strip()]
    if not ids:
        return dict.fromkeys(sorted(group.availability_zones))
    found = group.ec2_backend.describe_subnets(subnet_ids=ids)
    return {one.availability_zone: one.id for one in reversed(found)}


def zones_of(group: FakeAutoScalingGroup) -> Counter:
    """How many instances of a group are in each Availability Zone."""
    return Counter(one.instance.placement.zone for one in group.instance_states)


def zones_for(count: int, now: dict[str, int], zones: list[str]) -> list[str]:
    """In which zones `count` further instances go: always the one with the fewest, the first by name among equals.

    >>> zones_for(3, {"a": 2}, ["a", "b"])
    ['b', 'b', 'a']
    """
    have, chosen = {zone: now.get(zone, 0) for zone in zones}, []
    for _ in range(count):
        zone = min(sorted(have), key=have.__getitem__)
        have[zone] += 1
        chosen.append(zone)
    return chosen


@replaces(FakeAutoScalingGroup, "replace_autoscaling_group_instances")
def spread(moto: Any, group: FakeAutoScalingGroup, count_needed: int, propagated_tags: dict[str, str]) -> None:
    """moto launches all instances in the first subnet."""
    where = places(group)
    subnets, zones = group.vpc_zone_identifier, group.availability_zones
    chosen = Counter(zones_for(count_needed, zones_of(group), list(where)))
    try:
        for zone, count in sorted(chosen.items()):
            group.vpc_zone_identifier, group.availability_zones = where[zone], [zone]
            moto(group, count, dict(propagated_tags))
    finally:
        group.vpc_zone_identifier, group.availability_zones = subnets, zones


@replaces(FakeAutoScalingGroup, "set_desired_capacity")
def from_the_fullest_zone(moto: Any, group: FakeAutoScalingGroup, new_capacity: int | None) -> None:
    """Scaling in takes the oldest instance of the zone with the most; moto takes the first ones, and mixes up the rest."""
    order = list(group.instance_states)
    left, first = list(order), []
    for _ in order:
        full = Counter(one.instance.placement.zone for one in left)
        zone = max(sorted(full), key=full.__getitem__)
        oldest = next(one for one in left if one.instance.placement.zone == zone)
        left.remove(oldest)
        first.append(oldest)
    group.instance_states = first
    try:
        moto(group, new_capacity)
    finally:
        kept = [one for one in order if one in group.instance_states]
        group.instance_states = kept + [one for one in group.instance_states if one not in order]


@replaces(AutoScalingBackend, "update_attached_target_groups")
def registered(moto: Any, backend: AutoScalingBackend, group_name: str) -> None:
    """moto registers what joins a group in no fixed order, and leaves what has gone."""
    group = backend.autoscaling_groups[group_name]
    now = [one.instance.id for one in group.instance_states if one.lifecycle_state == "InService"]
    before = group.__dict__.setdefault("registered_instances", {})
    for arn in list(before):
        if arn not in group.target_group_arns:
            _leave(backend, arn, before.pop(arn))
    for arn in group.target_group_arns:
        if arn not in backend.elbv2_backend.target_groups:
            continue
        _leave(backend, arn, [one for one in before.get(arn, []) if one not in now])
        running = [one for one in now if backend.ec2_backend.get_instance_by_id(one).state == "running"]
        backend.elbv2_backend.register_targets(arn, [{"Id": one} for one in running])
        before[arn] = now


def _leave(backend: AutoScalingBackend, arn: str, ids: list[str]) -> None:
    group = backend.elbv2_backend.target_groups.get(arn)
    there = {key[0] for key in group.targets} if group else set()
    gone = [{"Id": one} for one in ids if one in there]
    if gone:
        backend.elbv2_backend.deregister_targets(arn, gone)


@replaces(AutoScalingBackend, "notify_terminate_instances")
def replaced(moto: Any, backend: AutoScalingBackend, instance_ids: list[str]) -> None:
    """What replaces a terminated instance is registered with the target groups as well."""
    moto(backend, instance_ids)
    for name in backend.autoscaling_groups:
        backend.update_attached_target_groups(name)


@replaces(AutoScalingBackend, "detach_load_balancer_target_groups")
def detached(moto: Any, backend: AutoScalingBackend, group_name: str, target_group_arns: list[str]) -> None:
    """A detached target group loses the group's instances."""
    group = backend.autoscaling_groups[group_name]
    group.target_group_arns = [one for one in group.target_group_arns if one not in target_group_arns]
    backend.update_attached_target_groups(group_name)
