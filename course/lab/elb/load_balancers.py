"""What AWS refuses of a new load balancer, beside its subnets: name, type, scheme, security groups, deletion.

ALB, NLB and GWLB are the types application, network and gateway. Limits: course/data/elb.toml.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.elbv2.models import FakeLoadBalancer

from course.data import value

from ..gate import Call, Refused, refuses, replaces
from .load_balancer_attributes import default_attributes


def not_in(enum: list[str], given: str, where: str) -> Refused:
    """AWS's answer to a value outside an enumeration."""
    return Refused(
        "ValidationError",
        f"1 validation error detected: Value '{given}' at '{where}' failed to satisfy constraint: "
        f"Member must satisfy enum value set: [{', '.join(enum)}]",
    )


def require_name(what: str, name: str, most: int) -> None:
    """Raise Refused for a name that is too long or has other characters than letters, digits and inner hyphens."""
    if len(name) > most:
        raise Refused("ValidationError", f"{what} name '{name}' cannot be longer than '{most}' characters")
    if not re.fullmatch(r"[A-Za-z0-9-]+", name):
        raise Refused(
            "ValidationError",
            f"{what} name '{name}' can only contain characters that are alphanumeric characters or hyphens(-)",
        )
    if name.startswith("-") or name.endswith("-"):
        raise Refused("ValidationError", f"{what} name '{name}' cannot begin or end with '-'")


@refuses("elbv2", "CreateLoadBalancer")
def name_and_type(call: Call) -> None:
    """A name is free in the Region, at most 32 characters long, and does not look like AWS's own internal names."""
    name, kind = call.params["Name"], call.params.get("Type", "application")
    require_name("Load balancer", name, value("elb.load_balancers.name_length"))
    if name.lower().startswith("internal-"):
        raise Refused("ValidationError", f"Load balancer name '{name}' cannot begin with 'internal-'")
    if kind not in value("elb.load_balancers.types"):
        raise not_in(value("elb.load_balancers.types"), kind, "type")
    if any(balancer.name == name for balancer in call.backend.load_balancers.values()):
        raise Refused(
            "DuplicateLoadBalancerName",
            f"A load balancer with the same name '{name}' exists, but with different settings",
        )


@refuses("elbv2", "CreateLoadBalancer")
def scheme_of_the_type(call: Call) -> None:
    """A scheme is internet-facing or internal, and a GWLB has none."""
    scheme, kind = call.params.get("Scheme"), call.params.get("Type", "application")
    if scheme is None:
        return
    if scheme not in ("internet-facing", "internal"):
        raise not_in(["internet-facing", "internal"], scheme, "scheme")
    if kind == "gateway":
        raise Refused("ValidationError", "Scheme cannot be specified for load balancers of type 'gateway'")


@refuses("elbv2", "CreateLoadBalancer")
def address_type_of_the_scheme(call: Call) -> None:
    """IPv6 alone towards the internet is for an internet-facing ALB only."""
    given, kind = call.params.get("IpAddressType"), call.params.get("Type", "application")
    known = ["ipv4", "dualstack", "dualstack-without-public-ipv4"]
    if given is not None and given not in known:
        raise not_in(known, given, "ipAddressType")
    if given == known[2] and (kind != "application" or call.params.get("Scheme") == "internal"):
        raise Refused(
            "InvalidConfigurationRequest",
            f"IP address type '{given}' is supported by internet-facing Application Load Balancers only",
        )


def require_security_groups(call: Call, groups: list[str], vpc_id: str) -> None:
    """Raise Refused for a security group that does not exist in the load balancer's VPC."""
    for group_id in groups:
        group = call.backend_of("ec2").get_security_group_from_id(group_id)
        if group is None:
            raise Refused("InvalidSecurityGroup", f"Security group '{group_id}' does not exist")
        if group.vpc_id != vpc_id:
            raise Refused(
                "InvalidConfigurationRequest",
                f"One or more security groups are invalid: '{group_id}' is not in the VPC '{vpc_id}'",
            )


@refuses("elbv2", "SetSecurityGroups")
def changed_security_groups(call: Call) -> None:
    """An NLB made without security groups never gets any, an ALB never loses its last one."""
    balancer = call.backend.load_balancers.get(call.params["LoadBalancerArn"])
    groups = call.params.get("SecurityGroups", [])
    if balancer is None:
        raise Refused("LoadBalancerNotFound", f"Load balancer '{call.params['LoadBalancerArn']}' not found")
    if balancer.type == "gateway":
        raise Refused(
            "InvalidConfigurationRequest",
            "You cannot set security groups on a load balancer of type 'gateway'",
        )
    if balancer.type == "network" and not balancer.security_groups:
        raise Refused(
            "InvalidConfigurationRequest",
            "You cannot set security groups on a load balancer of type 'network' that was created without any",
        )
    if not groups:
        raise Refused("ValidationError", "A load balancer with security groups must keep at least one security group")
    require_security_groups(call, groups, balancer.vpc_id)


@refuses("elbv2", "DeleteLoadBalancer")
def deletion_protection(call: Call) -> None:
    """A protected load balancer stays, and so does an ALB that a target group of an NLB points to."""
    arn = call.params["LoadBalancerArn"]
    balancer = call.backend.load_balancers.get(arn)
    if balancer is None:
        return
    if balancer.attrs.get("deletion_protection.enabled") == "true":
        raise Refused(
            "OperationNotPermitted",
            f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled",
        )
    for group in call.backend.target_groups.values():
        if any(target["Id"] == arn for target in group.targets.values()):
            raise Refused(
                "ResourceInUse", f"Load balancer '{arn}' cannot be deleted because it is a target of '{group.arn}'"
            )


@replaces(FakeLoadBalancer, "__init__")
def as_made_by_aws(moto: Any, balancer: FakeLoadBalancer, **settings: Any) -> None:
    """moto gives no scheme and no security group where none is named, and the same attributes to every type."""
    kind, subnets = settings.get("loadbalancer_type") or "application", settings["subnets"]
    settings["scheme"] = None if kind == "gateway" else settings.get("scheme") or "internet-facing"
    if kind == "application" and not settings.get("security_groups"):
        default = subnets[0].ec2_backend.get_security_group_from_name("default", vpc_id=subnets[0].vpc_id)
        settings["security_groups"] = [default.id]
    moto(balancer, **settings)
    balancer.attrs = default_attributes(kind)
    number, region = balancer.arn.rsplit("/", 1)[1], subnets[0].ec2_backend.region_name
    name = f"internal-{balancer.name}" if balancer.scheme == "internal" and kind == "application" else balancer.name
    if kind == "application":
        balancer.dns_name = f"{name}-{int(number[:8], 16)}.{region}.elb.amazonaws.com"
    else:
        balancer.dns_name = f"{name}-{number}.elb.{region}.amazonaws.com" if kind == "network" else None
