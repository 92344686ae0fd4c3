"""Route tables, routes and the subnets that they are for."""

from __future__ import annotations

from typing import Any

from .ec2_network import Ec2
from .resource import ResourceType


class RouteTable(Ec2):
    type, kind = "AWS::EC2::RouteTable", "route-table"
    gets = {"RouteTableId": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call(
            "ec2", "create_route_table", VpcId=properties["VpcId"], TagSpecifications=self.specification(properties)
        )
        self.id = made["RouteTable"]["RouteTableId"]

    def delete(self) -> None:
        self.call("ec2", "delete_route_table", RouteTableId=self.id)


_DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
_ROUTE_TARGETS = (
    *("GatewayId", "InstanceId", "NatGatewayId", "NetworkInterfaceId", "VpcPeeringConnectionId", "TransitGatewayId"),
    *("EgressOnlyInternetGatewayId", "VpcEndpointId", "CarrierGatewayId", "LocalGatewayId"),
)


class Route(ResourceType):
    type = "AWS::EC2::Route"
    gets = {"CidrBlock": lambda self: self.id.partition("|")[2]}

    def _destination(self, properties: dict[str, Any]) -> dict[str, Any]:
        return {name: properties[name] for name in _DESTINATIONS if name in properties}

    def _target(self, properties: dict[str, Any]) -> dict[str, Any]:
        return {name: properties[name] for name in _ROUTE_TARGETS if name in properties}

    def create(self, properties: dict[str, Any]) -> None:
        table, destination = properties["RouteTableId"], self._destination(properties)
        self.call("ec2", "create_route", RouteTableId=table, **destination, **self._target(properties))
        self.id = f"{table}|{next(iter(destination.values()), '')}"

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.call(
            "ec2", "replace_route", RouteTableId=new["RouteTableId"], **self._destination(new), **self._target(new)
        )

    def delete(self) -> None:
        table = self.properties["RouteTableId"]
        self.call("ec2", "delete_route", RouteTableId=table, **self._destination(self.properties))


class SubnetRouteTableAssociation(ResourceType):
    type = "AWS::EC2::SubnetRouteTableAssociation"
    gets = {"Id": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call(
            "ec2", "associate_route_table", RouteTableId=properties["RouteTableId"], SubnetId=properties["SubnetId"]
        )
        self.id = made["AssociationId"]

    def delete(self) -> None:
        self.call("ec2", "disassociate_route_table", AssociationId=self.id)
