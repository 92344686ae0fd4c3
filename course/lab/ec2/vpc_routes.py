"""Route tables: one for a subnet, one route for a destination, targets in the VPC.

https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.route_tables import Route

from ..gate import Call, Refused, refuses


def _route(call: Call) -> Route | None:
    """The route of a table to the destination a call names."""
    table: Any = call.backend.get_route_table(call.params["RouteTableId"])
    v4, v6 = call.params.get("DestinationCidrBlock"), call.params.get("DestinationIpv6CidrBlock")
    for one in table.routes:
        if v4 and one.destination_cidr_block == v4 or v6 and one.destination_ipv6_cidr_block == v6:
            return one
    return None


@refuses("ec2", "CreateRoute")
def second_route(call: Call) -> None:
    """For another target the route is replaced, not created."""
    there = _route(call)
    if there is not None:
        destination = there.destination_cidr_block or there.destination_ipv6_cidr_block
        raise Refused("RouteAlreadyExists", f"The route identified by {destination} already exists.")


@refuses("ec2", "CreateRoute", "ReplaceRoute")
def gateway_of_elsewhere(call: Call) -> None:
    """An internet gateway is attached to the VPC of the table."""
    gateway_id, table_id = call.params.get("GatewayId") or "", call.params["RouteTableId"]
    gateway = call.backend.internet_gateways.get(gateway_id)
    if gateway is None:
        return
    table = call.backend.get_route_table(table_id)
    if gateway.vpc is None or gateway.vpc.id != table.vpc_id:
        raise Refused(
            "InvalidParameterValue",
            f"route table {table_id} and network gateway {gateway_id} belong to different networks",
        )


@refuses("ec2", "DeleteRoute")
def local_route(call: Call) -> None:
    """Traffic inside the VPC always finds its way."""
    there = _route(call)
    if there is not None and there.local:
        destination = there.destination_cidr_block or there.destination_ipv6_cidr_block
        raise Refused(
            "InvalidParameterValue",
            f"cannot remove local route {destination} in route table {call.params['RouteTableId']}",
        )


@refuses("ec2", "DeleteRouteTable")
def main_table(call: Call) -> None:
    """The main route table goes with its VPC."""
    table = call.backend.get_route_table(call.params["RouteTableId"])
    if table.main_association_id is not None:
        message = f"The routeTable '{table.id}' has dependencies and cannot be deleted."
        raise Refused("DependencyViolation", message)


@refuses("ec2", "AssociateRouteTable")
def second_table(call: Call) -> None:
    """A subnet has one route table; ReplaceRouteTableAssociation changes it."""
    subnet, wanted = call.params.get("SubnetId"), call.params["RouteTableId"]
    for table in call.backend.route_tables.values():
        if subnet and table.id != wanted and subnet in table._associations.values():
            raise Refused(
                "Resource.AlreadyAssociated",
                f"the specified association for route table {wanted} conflicts with an existing association",
            )
