"""VPC peering: between ranges that do not overlap.

https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
"""

from __future__ import annotations

import ipaddress
from typing import Any

from ..gate import Call, Refused, corrects, refuses
from .as_answered import as_answered


@refuses("ec2", "DescribeVpcPeeringConnections")
def unknown_connection(call: Call) -> None:
    """moto leaves out what is not there."""
    for one in call.params.get("VpcPeeringConnectionIds") or []:
        if one not in call.backend.vpc_pcxs:
            message = f"The vpcPeeringConnection ID '{one}' does not exist"
            raise Refused("InvalidVpcPeeringConnectionID.NotFound", message)


@corrects("ec2", "CreateVpcPeeringConnection")
def overlapping(call: Call, result: dict[str, Any]) -> dict | None:
    """The call succeeds, and the connection has failed."""
    made = result["VpcPeeringConnection"]
    ranges = [
        [ipaddress.ip_network(one["cidr_block"]) for one in vpc.get_cidr_block_association_set()]
        for vpc in (made.vpc, made.peer_vpc)
    ]
    if made.vpc is made.peer_vpc or not any(a.overlaps(b) for a in ranges[0] for b in ranges[1]):
        return None
    answer = {"VpcPeeringConnection": as_answered(made, _status=as_answered(made._status))}
    made._status.code = "failed"
    made._status.message = "Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range"
    return answer
