"""Internet gateways and NAT gateways: one internet gateway for a VPC, and a public NAT gateway has an address.

https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-working-with.html
"""

from __future__ import annotations

from typing import Any

from ..gate import Call, Refused, corrects, refuses
from .as_answered import as_answered


@refuses("ec2", "AttachInternetGateway")
def second_gateway(call: Call) -> None:
    """A VPC has at most one internet gateway."""
    vpc = call.params["VpcId"]
    if any(one.vpc and one.vpc.id == vpc for one in call.backend.internet_gateways.values()):
        wanted = call.backend.internet_gateways.get(call.params["InternetGatewayId"])
        if wanted is not None and wanted.vpc is None:
            raise Refused("InvalidParameterValue", f"Network {vpc} already has an internet gateway attached")


@refuses("ec2", "DetachInternetGateway")
def public_addresses(call: Call) -> None:
    """The gateway stays while a network interface of the VPC has a public address."""
    vpc = call.params["VpcId"]
    gateway = call.backend.internet_gateways.get(call.params["InternetGatewayId"])
    if gateway is None or gateway.vpc is None or gateway.vpc.id != vpc:
        return
    if any(one.public_ip and one.vpc_id == vpc for one in call.backend.enis.values()):
        raise Refused(
            "DependencyViolation",
            f"Network {vpc} has some mapped public address(es). Please unmap those public address(es) before "
            "detaching the gateway.",
        )


@refuses("ec2", "CreateNatGateway")
def nat_without_address(call: Call) -> None:
    """A public NAT gateway, which it is unless told otherwise, needs an Elastic IP address of the account."""
    allocation, kind = call.params.get("AllocationId"), call.params.get("ConnectivityType") or "public"
    if kind == "public" and not allocation:
        raise Refused("MissingParameter", "The request must contain the parameter AllocationId")
    if allocation and all(one.allocation_id != allocation for one in call.backend.addresses):
        raise Refused("InvalidAllocationID.NotFound", f"The allocation ID '{allocation}' does not exist")


@refuses("ec2", "DeleteNatGateway", "DescribeNatGateways")
def unknown_nat(call: Call) -> None:
    """NatGatewayNotFound; a deleted one is still known."""
    wanted = [call.params["NatGatewayId"]] if "NatGatewayId" in call.params else call.params.get("NatGatewayIds") or []
    for one in wanted:
        if one not in call.backend.nat_gateways:
            raise Refused("NatGatewayNotFound", f"The Nat Gateway {one} was not found")


@corrects("ec2", "CreateNatGateway")
def still_pending(call: Call, result: dict[str, Any]) -> dict:
    """A NAT gateway takes a while; nat_gateway_available waits for it."""
    gateway = result["NatGateway"]
    gateway.connectivity_type = gateway.connectivity_type or "public"
    return {"NatGateway": as_answered(gateway, state="pending")}
