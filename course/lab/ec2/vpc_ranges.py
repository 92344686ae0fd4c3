"""Ranges of addresses of VPCs and subnets, their tenancy and zone.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
"""

from __future__ import annotations

import ipaddress

from course.data import value

from ..gate import Call, Refused, refuses

_TENANCIES = ("default", "dedicated", "host")


@refuses("ec2", "CreateVpc", "CreateSubnet")
def no_range(call: Call) -> None:
    """A range is an address and a length: 10.0.0.0/16."""
    block = call.params.get("CidrBlock")
    if block is None:
        return
    try:
        ipaddress.IPv4Address(block.split("/")[0])
        ipaddress.IPv4Network((0, int(block.split("/")[1])))
    except (ValueError, IndexError):
        message = f"Value ({block}) for parameter cidrBlock is invalid. This is not a valid CIDR block."
        raise Refused("InvalidParameterValue", message) from None


@refuses("ec2", "CreateVpc")
def unknown_tenancy(call: Call) -> None:
    """default, dedicated or host."""
    tenancy = call.params.get("InstanceTenancy")
    if tenancy is not None and tenancy not in _TENANCIES:
        raise Refused("InvalidParameterValue", f"Value ({tenancy}) for parameter instanceTenancy is invalid.")


@refuses("ec2", "CreateSubnet")
def subnet_size(call: Call) -> None:
    """A subnet is between a /28 and a /16 large."""
    block = call.params.get("CidrBlock")
    if block is None:
        return
    length = ipaddress.IPv4Network(block, strict=False).prefixlen
    if not value("ec2.networks.largest_range") <= length <= value("ec2.networks.smallest_range"):
        raise Refused("InvalidSubnet.Range", f"The CIDR '{block}' is invalid.")


@refuses("ec2", "CreateSubnet")
def zone_of_elsewhere(call: Call) -> None:
    """The Availability Zone is one of the Region."""
    zone = call.params.get("AvailabilityZone")
    if zone is None:
        return
    zones = [one.name for one in call.backend.describe_availability_zones()]
    if zone not in zones:
        raise Refused(
            "InvalidParameterValue",
            f"Value ({zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the "
            f"following availability zones: {', '.join(zones)}.",
        )
