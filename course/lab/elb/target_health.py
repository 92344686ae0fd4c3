"""The health of targets: unused, initial, healthy, draining, and why.

A target in use is `initial` the first time one looks. From then on it is healthy if a check of the load balancer would reach
its port: security groups, network ACLs and routes are asked, and what `lab.listen` said of the instance. An instance of which
nothing was said answers on every port.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import utcnow
from moto.elbv2.models import FakeTargetGroup

from course.ec2.reachability import ALLOWED, TIMED_OUT, reach

from ..ec2 import listening
from ..gate import Call, answers
from ..looking import only_looking
from .actions import balancers_of
from .targets import place, target_group_of, vpc_zone_of

_WORDS = {
    "Target.NotRegistered": "Target is not registered to the target group",
    "Target.NotInUse": "Target group is not configured to receive traffic from the load balancer",
    "Target.InvalidState": "Target is in the stopped state",
    "Target.DeregistrationInProgress": "Target deregistration is in progress",
    "Target.HealthCheckDisabled": "Health checks are not enabled for this target",
    "Target.Timeout": "Request timed out",
    "Target.FailedHealthChecks": "Health checks failed",
    "Elb.RegistrationInProgress": "Target registration is in progress",
}
_ZONE_OFF = "Target is in an Availability Zone that is not enabled for the load balancer"


def _health(state: str, reason: str = "", words: str = "") -> dict[str, str]:
    if not reason:
        return {"State": state}
    return {"State": state, "Reason": reason, "Description": words or _WORDS[reason]}


def zone_of(call: Call, group: FakeTargetGroup, target: dict[str, Any]) -> str:
    """The Availability Zone of an instance or address, "all" for what stands in none of the VPC."""
    ec2 = call.backend_of("ec2")
    if group.target_type == "instance":
        instance = ec2.get_instance_by_id(target["Id"])
        return instance.placement.zone if instance else "all"
    if group.target_type == "ip":
        from ipaddress import ip_address

        return target.get("AvailabilityZone") or vpc_zone_of(ec2, group.vpc_id, ip_address(target["Id"])) or "all"
    return "all"


def health(call: Call, group: FakeTargetGroup, target: dict[str, Any]) -> dict[str, str]:
    """The health of a registered target; looking moves a new one on from initial to healthy."""
    users = balancers_of(call.backend, group.arn)
    if not users:
        target.pop("seen", None)
        return _health("unused", "Target.NotInUse")
    if group.target_type == "instance":
        instance = call.backend_of("ec2").get_instance_by_id(target["Id"])
        if instance is None or instance.state != "running":
            target.pop("seen", None)
            state = instance.state if instance else "terminated"
            return _health("unused", "Target.InvalidState", f"Target is in the {state} state")
    enabled = {zone.zone_name for arn in users for zone in call.backend.load_balancers[arn].availability_zones}
    zone = zone_of(call, group, target)
    if zone != "all" and zone not in enabled:
        target.pop("seen", None)
        return _health("unused", "Target.NotInUse", _ZONE_OFF)
    if not group.health_check_enabled:
        return _health("unavailable", "Target.HealthCheckDisabled")
    if not target.get("seen"):
        if not only_looking():
            target["seen"] = True
        return _health("initial", "Elb.RegistrationInProgress")
    return _checked(call, group, target, zone)


def _checked(call: Call, group: FakeTargetGroup, target: dict[str, Any], zone: str) -> dict[str, str]:
    """What a health check sees that is sent now, from the load balancer's node in the target's zone or else its first."""
    if group.target_type not in ("instance", "ip"):
        return _health("healthy")
    instances = call.backend_of("ec2").all_instances()
    network = listening.network(call.region, {one.id: None for one in instances})
    users = {call.backend.load_balancers[arn].name for arn in balancers_of(call.backend, group.arn)}
    nodes = [one.interface for one in network.hosts if one.name in users]
    nodes.sort(key=lambda node: not node.endswith(f"/{zone}"))
    port = group.health_check_port
    port = int(target.get("Port") or group.port or 0) if port in (None, "traffic-port") else int(port)
    try:
        seen = reach(network, nodes[0], target["Id"], port)
    except ValueError:
        return _health("healthy")  # An address outside the VPC, of which the account knows nothing.
    network_balancer = any(one.kind == "network load balancer" for one in network.hosts if one.name in users)
    if seen.outcome == TIMED_OUT and not network_balancer:
        return _health("unhealthy", "Target.Timeout")
    if seen.outcome != ALLOWED:
        return _health("unhealthy", "Target.FailedHealthChecks")
    return _health("healthy")


def _described(call: Call, group: FakeTargetGroup, key: tuple[str, int | None]) -> dict[str, Any]:
    target = group.targets.get(key) or group.deregistered_targets.get(key)
    shown: dict[str, Any] = {"Id": key[0]}
    if key[1] is not None:
        shown["Port"] = key[1]
    if target is None:
        return {"Target": shown, "TargetHealth": _health("unused", "Target.NotRegistered")}
    if group.target_type == "ip":
        shown["AvailabilityZone"] = zone_of(call, group, target)
    if key in group.targets:
        found = health(call, group, target)
    else:
        found = _health("draining", "Target.DeregistrationInProgress")
    described = {"Target": shown, "TargetHealth": found}
    port = group.health_check_port
    if port and key[1] is not None:
        described["HealthCheckPort"] = str(key[1]) if port == "traffic-port" else str(port)
    return described


@answers("elbv2", "DescribeTargetHealth")
def describe(call: Call) -> dict:
    """All registered and draining targets, or those asked for; moto calls every one healthy."""
    group, now = target_group_of(call), utcnow()
    for key in [key for key, one in group.deregistered_targets.items() if one["until"] <= now]:
        del group.deregistered_targets[key]
    asked = [place(group, one) for one in call.params.get("Targets", [])]
    keys = asked or [*group.targets, *group.deregistered_targets]
    return {"TargetHealthDescriptions": [_described(call, group, key) for key in keys]}
