"""Targets: instances, private addresses, one Lambda function or one ALB, as the target group's type says.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
"""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from moto.core.errors import COMMON_ERROR_CODES
from moto.core.utils import utcnow
from moto.elbv2.models import ELBv2Backend, FakeTargetGroup

from course.data import value

from ..awslambda.permissions import lets
from ..gate import Call, Refused, refuses, replaces
from .actions import balancers_of

# No service's model lists this answer of AWS, and moto would warn about it on the learner's stderr.
if "AccessDenied" not in COMMON_ERROR_CODES:
    COMMON_ERROR_CODES.append("AccessDenied")


def target_group_of(call: Call) -> FakeTargetGroup:
    """The target group of a request; Refused if it does not exist."""
    arn = call.params["TargetGroupArn"]
    if arn not in call.backend.target_groups:
        raise Refused("TargetGroupNotFound", f"Target group '{arn}' not found")
    return call.backend.target_groups[arn]


def place(group: FakeTargetGroup, target: dict[str, Any]) -> tuple[str, int | None]:
    """What tells targets apart: the id and, but for functions, the port. moto goes by the id alone."""
    if group.target_type == "lambda":
        return target["Id"], None
    return target["Id"], int(target.get("Port") or group.port)


@refuses("elbv2", "RegisterTargets")
def impossible_targets(call: Call) -> None:
    """Each target fits the type and is there, each is named once, and functions and ALBs stand alone."""
    group, targets = target_group_of(call), call.params["Targets"]
    places = [place(group, one) for one in targets]
    for one in places:
        if places.count(one) > 1:
            raise Refused("ValidationError", f"The target '{one[0]}' was specified more than once with the same port")
    for one in targets:
        require_port(group, one)
        if group.protocol in ("QUIC", "TCP_QUIC") and not one.get("QuicServerId"):
            raise Refused("ValidationError", f"A QUIC server ID must be specified for the protocol {group.protocol}")
    {"instance": require_instances, "ip": require_addresses, "lambda": require_function, "alb": require_alb}[
        group.target_type
    ](call, group, targets)
    alone = {
        "lambda": value("elb.target_groups.lambda_functions"),
        "alb": value("elb.target_groups.load_balancers"),
    }.get(group.target_type)
    if alone and len(set(group.targets) | set(places)) > alone:
        raise Refused(
            "TooManyTargets", f"A target group with target type '{group.target_type}' can only have '{alone}' target"
        )


def require_port(group: FakeTargetGroup, target: dict[str, Any]) -> None:
    """Raise Refused for a port out of range, or one that the type or GENEVE does not let choose."""
    port = target.get("Port")
    if port is None:
        return
    least, most = value("elb.listeners.ports")
    if group.target_type == "lambda":
        raise Refused("ValidationError", "A port cannot be specified for targets of type 'lambda'")
    if not least <= port <= most:
        raise Refused("ValidationError", f"Target port '{port}' must be between '{least}' and '{most}'")
    geneve = value("elb.target_groups.geneve_port")
    if group.protocol == "GENEVE" and port != geneve:
        raise Refused("ValidationError", f"Target port '{port}' must be '{geneve}' for the protocol GENEVE")


def require_instances(call: Call, group: FakeTargetGroup, targets: list[dict[str, Any]]) -> None:
    """Raise Refused unless the instances exist, run, and are in the target group's VPC."""
    found = {}
    for one in targets:
        if not re.fullmatch(r"i-([0-9a-f]{8}|[0-9a-f]{17})", one["Id"]):
            raise Refused("ValidationError", f"Instance ID '{one['Id']}' is not valid")
        if one.get("AvailabilityZone"):
            raise Refused(
                "ValidationError", "You cannot specify an Availability Zone for targets of target type 'instance'"
            )
        found[one["Id"]] = call.backend_of("ec2").get_instance_by_id(one["Id"])

    def refuse(code: str, start: str, wrong: list[str], end: str = "") -> None:
        if wrong:
            quoted = ", ".join(f"'{one}'" for one in wrong)
            raise Refused(code, f"{start}{end}: {quoted}")

    refuse("InvalidTarget", "The following instances do not exist", [key for key, one in found.items() if one is None])
    refuse(
        "InvalidTarget",
        "The following targets are not in a running state and cannot be registered",
        [key for key, one in found.items() if one.state not in ("running", "pending")],
    )
    refuse(
        "InvalidTarget",
        f"The following targets are not in the target group VPC '{group.vpc_id}'",
        [key for key, one in found.items() if one.vpc_id != group.vpc_id],
    )


def vpc_zone_of(ec2: Any, vpc_id: str, address: Any) -> str | None:
    """The Availability Zone of the VPC's subnet an address is in, "" where the VPC has no such subnet, else None."""
    blocks = [ip_network(one["cidr_block"]) for one in ec2.get_vpc(vpc_id).get_cidr_block_association_set()]
    if not any(address in one for one in blocks):
        return None
    for zone in ec2.subnets.values():
        for subnet in zone.values():
            if subnet.vpc_id == vpc_id and address in ip_network(subnet.cidr_block):
                return subnet.availability_zone
    return ""


def require_addresses(call: Call, group: FakeTargetGroup, targets: list[dict[str, Any]]) -> None:
    """Raise Refused for public addresses, and for a zone that is missing or wrong."""
    ec2 = call.backend_of("ec2")
    zones = [one.name for one in ec2.describe_availability_zones()]
    for one in targets:
        try:
            address = ip_address(one["Id"])
        except ValueError:
            raise Refused("ValidationError", f"The IP address '{one['Id']}' is not valid") from None
        asked, inside = one.get("AvailabilityZone"), vpc_zone_of(ec2, group.vpc_id, address)
        if asked not in (None, "all", *zones):
            raise Refused("ValidationError", f"The Availability Zone '{asked}' does not exist")
        if inside is None:
            private = [ip_network(block) for block in value("elb.target_groups.private_ranges")]
            if not any(address in block for block in private):
                raise Refused(
                    "ValidationError",
                    f"The IP address '{address}' is not within the VPC or the private ranges of RFC 1918 and RFC 6598; "
                    "publicly routable IP addresses cannot be registered",
                )
            if asked is None:
                raise Refused(
                    "ValidationError",
                    f"You must specify an Availability Zone or 'all' for the IP address '{address}', which is not "
                    "within the VPC",
                )
        elif inside and asked not in (None, inside):
            raise Refused(
                "ValidationError",
                f"The IP address '{address}' is within the VPC, and cannot have its Availability Zone overridden to "
                f"'{asked}' from '{inside}'",
            )


def require_function(call: Call, group: FakeTargetGroup, targets: list[dict[str, Any]]) -> None:
    """Raise Refused for what is no Lambda function of this account, or one that ELB may not call."""
    for one in targets:
        if not re.fullmatch(r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?", one["Id"]):
            raise Refused("ValidationError", f"'{one['Id']}' is not a valid Lambda function ARN")
        if one.get("AvailabilityZone") not in (None, "all"):
            raise Refused("ValidationError", "The only Availability Zone of a target of type 'lambda' is 'all'")
        name = one["Id"].split(":")[6]
        functions = call.backend_of("lambda").list_functions()
        if name not in [function.function_name for function in functions]:
            raise Refused("InvalidTarget", f"The following Lambda functions do not exist: '{one['Id']}'")
        if not lets(one["Id"], "elasticloadbalancing.amazonaws.com", group.arn):
            raise Refused(
                "AccessDenied",
                f"elasticloadbalancing principal does not have permission to invoke {one['Id']} from target group "
                f"{group.arn}",
                403,
            )


def require_alb(call: Call, group: FakeTargetGroup, targets: list[dict[str, Any]]) -> None:
    """Raise Refused unless the target is an ALB of the VPC that listens on the target group's port."""
    for one in targets:
        balancer = call.backend.load_balancers.get(one["Id"])
        if balancer is None or balancer.type != "application":
            raise Refused("InvalidTarget", f"'{one['Id']}' is not the ARN of an Application Load Balancer")
        if balancer.vpc_id != group.vpc_id:
            raise Refused(
                "InvalidTarget",
                f"The following targets are not in the target group VPC '{group.vpc_id}': '{one['Id']}'",
            )
        port = int(one.get("Port") or group.port)
        if port != int(group.port):
            raise Refused("ValidationError", f"The port of a target of type 'alb' must be '{group.port}'")
        if port not in [int(listener.port) for listener in balancer.listeners.values()]:
            raise Refused("InvalidTarget", f"The load balancer '{one['Id']}' has no listener on port '{port}'")


@refuses("elbv2", "DeregisterTargets")
def not_registered(call: Call) -> None:
    """Only what is registered can be deregistered; an id without a port means the target group's port."""
    group = target_group_of(call)
    for one in call.params["Targets"]:
        if not _registered(group, one):
            raise Refused("InvalidTarget", f"The following targets are not registered: '{one['Id']}'")


def _registered(group: FakeTargetGroup, target: dict[str, Any]) -> list[tuple[str, int | None]]:
    """Which targets are meant: all with the id where no port is given, as on AWS."""
    if target.get("Port") is None:
        return [key for key in group.targets if key[0] == target["Id"]]
    return [key for key in group.targets if key == place(group, target)]


def drain(group: FakeTargetGroup, key: tuple[str, int | None], used: bool) -> None:
    """Take a target out; while the deregistration delay lasts it is draining, if it had traffic at all."""
    target = group.targets.pop(key)
    delay = int(group.attributes.get("deregistration_delay.timeout_seconds", 0))
    if used and delay:
        group.deregistered_targets[key] = {**target, "until": utcnow() + timedelta(seconds=delay)}


@replaces(FakeTargetGroup, "register")
def register(moto: Any, group: FakeTargetGroup, targets: list[dict[str, Any]]) -> None:
    """moto keeps one port of each instance."""
    for one in targets:
        key = place(group, one)
        group.deregistered_targets.pop(key, None)
        group.targets.setdefault(key, {**one, "Port": key[1]})


@replaces(ELBv2Backend, "deregister_targets")
def deregister(moto: Any, backend: ELBv2Backend, target_group_arn: str, instances: list[dict[str, Any]]) -> None:
    """moto's deregistered targets never drain."""
    group = backend.target_groups[target_group_arn]
    for one in instances:
        for key in _registered(group, one):
            drain(group, key, bool(balancers_of(backend, target_group_arn)))


@replaces(ELBv2Backend, "notify_terminate_instances")
def terminated(moto: Any, backend: ELBv2Backend, instance_ids: list[str]) -> None:
    """A terminated instance leaves its target groups."""
    for group in backend.target_groups.values():
        for key in [key for key in group.targets if key[0] in instance_ids]:
            drain(group, key, bool(balancers_of(backend, group.arn)))
