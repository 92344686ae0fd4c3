"""The subnets of a load balancer: one per Availability Zone, an ALB in at least two zones, addresses of an NLB.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSubnets.html
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import Any

from moto.ec2.utils import random_eip_association_id
from moto.elbv2.models import AvailabilityZone, ELBv2Backend, FakeLoadBalancer

from course.data import value

from ..gate import Call, Refused, corrects, refuses, replaces
from .load_balancers import require_security_groups


def require_subnets(call: Call, kind: str, scheme: str | None) -> list[Any]:
    """The subnets of a request; Refused unless a load balancer of this type and scheme can stand in them."""
    params = call.params
    if params.get("Subnets") and params.get("SubnetMappings"):
        raise Refused("ValidationError", "You must specify either subnets or subnet mappings, but not both")
    mappings = params.get("SubnetMappings") or [{"SubnetId": one} for one in params.get("Subnets", [])]
    if not mappings:
        raise Refused("ValidationError", "At least one subnet must be specified")
    ec2 = call.backend_of("ec2")
    there = {one.id: one for zone in ec2.subnets.values() for one in zone.values()}
    missing = [one["SubnetId"] for one in mappings if one["SubnetId"] not in there]
    if missing:
        quoted = ", ".join(f"'{one}'" for one in missing)
        raise Refused("SubnetNotFound", f"The subnet ID {quoted} does not exist")
    subnets = [there[one["SubnetId"]] for one in mappings]
    zones = [one.availability_zone for one in subnets]
    if kind == "application" and len(set(zones)) < value("elb.load_balancers.alb_zones"):
        raise Refused("ValidationError", "At least two subnets in two different Availability Zones must be specified")
    if len(set(zones)) < len(zones):
        raise Refused(
            "InvalidConfigurationRequest",
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
        )
    if len({one.vpc_id for one in subnets}) > 1:
        raise Refused("InvalidConfigurationRequest", "All subnets must belong to the same VPC")
    require_internet_gateway(ec2, subnets[0].vpc_id, kind, scheme)
    for mapping in mappings:
        require_addresses(call, mapping, there[mapping["SubnetId"]], kind, scheme)
    return subnets


def require_internet_gateway(ec2: Any, vpc_id: str, kind: str, scheme: str | None) -> None:
    """Raise Refused for an internet-facing load balancer in a VPC that has no way to the internet."""
    # A default VPC has its gateway from AWS; moto's has none.
    if kind == "gateway" or scheme == "internal" or str(ec2.get_vpc(vpc_id).is_default).lower() == "true":
        return
    if not any(gateway.vpc and gateway.vpc.id == vpc_id for gateway in ec2.internet_gateways.values()):
        raise Refused("InvalidSubnet", f"VPC {vpc_id} has no internet gateway")


def require_addresses(call: Call, mapping: dict, subnet: Any, kind: str, scheme: str | None) -> None:
    """Raise Refused for fixed addresses that the type or the scheme does not have, or that are not free."""
    allocation, private = mapping.get("AllocationId"), mapping.get("PrivateIPv4Address")
    if (allocation or private) and kind != "network":
        raise Refused(
            "InvalidConfigurationRequest",
            f"Elastic IP and private IPv4 addresses are not supported for load balancers with type '{kind}'",
        )
    if allocation and scheme == "internal":
        raise Refused(
            "InvalidConfigurationRequest", "Elastic IPs are not supported for load balancers with scheme 'internal'"
        )
    if private and scheme != "internal":
        raise Refused(
            "InvalidConfigurationRequest",
            "Private IPv4 addresses are not supported for load balancers with scheme 'internet-facing'",
        )
    if private and ip_address(private) not in ip_network(subnet.cidr_block):
        raise Refused(
            "InvalidConfigurationRequest", f"The address '{private}' is not in the range of subnet '{subnet.id}'"
        )
    if allocation:
        found = [one for one in call.backend_of("ec2").addresses if one.allocation_id == allocation]
        if not found:
            raise Refused("AllocationIdNotFound", f"The allocation ID '{allocation}' does not exist")
        taken = found[0].instance or found[0].eni or allocation in _given(call)
        if taken:
            raise Refused("ResourceInUse", f"The allocation ID '{allocation}' is already in use")


def _given(call: Call) -> Iterable[str]:
    """The Elastic IP addresses of the other load balancers, and those named twice in this call."""
    own = call.params.get("LoadBalancerArn")
    for arn, balancer in call.backend.load_balancers.items():
        if arn != own:
            yield from (one["AllocationId"] for one in addresses(balancer).values() if "AllocationId" in one)
    named = [one.get("AllocationId") for one in call.params.get("SubnetMappings", [])]
    yield from (one for one in named if one and named.count(one) > 1)


def addresses(balancer: FakeLoadBalancer) -> dict[str, dict[str, str]]:
    """The fixed addresses of an NLB by subnet id, in the shape of describe_load_balancers."""
    return balancer.__dict__.setdefault("fixed_addresses", {})


@refuses("elbv2", "CreateLoadBalancer")
def where_it_stands(call: Call) -> None:
    """Subnets, zones and addresses, then the security groups of that VPC."""
    kind = call.params.get("Type", "application")
    vpc_id = require_subnets(call, kind, call.params.get("Scheme"))[0].vpc_id
    groups = call.params.get("SecurityGroups", [])
    if groups and kind not in value("elb.load_balancers.with_security_groups"):
        raise Refused(
            "InvalidConfigurationRequest", f"Security groups are not supported for load balancers with type '{kind}'"
        )
    require_security_groups(call, groups, vpc_id)


@refuses("elbv2", "SetSubnets")
def where_it_moves(call: Call) -> None:
    """The rules of a new load balancer; it stays in its VPC, and an NLB or GWLB keeps the zones it has."""
    arn = call.params["LoadBalancerArn"]
    balancer = call.backend.load_balancers.get(arn)
    if balancer is None:
        raise Refused("LoadBalancerNotFound", f"Load balancer '{arn}' not found")
    subnets = require_subnets(call, balancer.type, balancer.scheme)
    if subnets[0].vpc_id != balancer.vpc_id:
        raise Refused("InvalidConfigurationRequest", f"All subnets must belong to the VPC '{balancer.vpc_id}'")


@replaces(ELBv2Backend, "set_subnets")
def moved(
    moto: Any, backend: ELBv2Backend, arn: str, subnets: list[str], subnet_mappings: list[dict[str, Any]]
) -> list[Any]:
    """moto asks two zones of every type; `where_it_moves` has looked already."""
    balancer = backend.load_balancers[arn]
    ids = subnets or [one["SubnetId"] for one in subnet_mappings]
    balancer.subnets = [backend.ec2_backend.get_subnet(one) for one in ids]
    return balancer.availability_zones


@corrects("elbv2", "CreateLoadBalancer", "SetSubnets")
def fixed_addresses(call: Call, result: dict) -> None:
    """moto forgets the addresses of the subnet mappings."""
    arn = call.params.get("LoadBalancerArn") or result["LoadBalancers"][0].arn
    kept = addresses(call.backend.load_balancers[arn])
    elastic = {one.allocation_id: one.public_ip for one in call.backend_of("ec2").addresses}
    _associate(call.backend_of("ec2"), set(), _allocations(kept))
    kept.clear()
    for one in call.params.get("SubnetMappings", []):
        if one.get("AllocationId"):
            kept[one["SubnetId"]] = {
                "AllocationId": one["AllocationId"],
                "IpAddress": elastic[one["AllocationId"]],
            }
        elif one.get("PrivateIPv4Address"):
            kept[one["SubnetId"]] = {"PrivateIPv4Address": one["PrivateIPv4Address"]}
    _associate(call.backend_of("ec2"), _allocations(kept), set())


def _allocations(kept: dict[str, dict[str, str]]) -> set[str]:
    return {one["AllocationId"] for one in kept.values() if "AllocationId" in one}


def _associate(ec2: Any, taken: set[str], freed: set[str]) -> None:
    """An Elastic IP address shows that a load balancer has it, and then that it has it no longer."""
    for one in ec2.addresses:
        if one.allocation_id in taken:
            one.association_id = random_eip_association_id()
        elif one.allocation_id in freed:
            one.association_id = None


@replaces(ELBv2Backend, "delete_load_balancer")
def addresses_are_free_again(moto: Any, backend: ELBv2Backend, arn: str) -> None:
    """With the load balancer goes its hold on the Elastic IP addresses."""
    balancer = backend.load_balancers.get(arn)
    moto(backend, arn)
    if balancer is not None:
        _associate(backend.ec2_backend, set(), _allocations(addresses(balancer)))


@replaces(FakeLoadBalancer, "availability_zones")
def zones_with_addresses(moto: Any, balancer: FakeLoadBalancer) -> list[AvailabilityZone]:
    """Each zone with its subnet and, for an NLB, its fixed address."""
    zones = moto(balancer)
    for zone in zones:
        address = addresses(balancer).get(zone.subnet_id)
        if address:
            zone.load_balancer_addresses = [address]
    return zones
