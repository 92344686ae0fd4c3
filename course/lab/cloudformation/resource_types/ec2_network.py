"""Amazon VPC: networks, subnets, gateways, routes, and addresses.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_EC2.html
"""

from __future__ import annotations

from typing import Any

from .resource import ResourceType, changed, retag


class Ec2(ResourceType):
    """What EC2's resources share: tags at creation, and later."""

    kind = ""  # as EC2's tag specifications name it

    def specification(self, properties: dict[str, Any]) -> list[dict[str, Any]] | None:
        tags = self.tags(properties)
        return [{"ResourceType": self.kind, "Tags": tags}] if tags else None

    def retag(self, old: dict[str, Any], new: dict[str, Any], resource: str = "") -> None:
        put, gone = retag(self.tags(old), self.tags(new))
        if put:
            self.call("ec2", "create_tags", Resources=[resource or self.id], Tags=put)
        if gone:
            self.call("ec2", "delete_tags", Resources=[resource or self.id], Tags=[{"Key": key} for key in gone])

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.retag(old, new)


class Vpc(Ec2):
    type, kind = "AWS::EC2::VPC", "vpc"
    gets = {
        "VpcId": lambda self: self.id,
        "CidrBlock": lambda self: self._shown()["CidrBlock"],
        "CidrBlockAssociations": lambda self: [
            one["AssociationId"] for one in self._shown().get("CidrBlockAssociationSet", [])
        ],
        "Ipv6CidrBlocks": lambda self: [
            one["Ipv6CidrBlock"] for one in self._shown().get("Ipv6CidrBlockAssociationSet", [])
        ],
        "DefaultSecurityGroup": lambda self: self._default(
            "describe_security_groups", "SecurityGroups", "GroupId", "group-name"
        ),
        "DefaultNetworkAcl": lambda self: self._default(
            "describe_network_acls", "NetworkAcls", "NetworkAclId", "default"
        ),
    }

    def _shown(self) -> dict[str, Any]:
        return self.call("ec2", "describe_vpcs", VpcIds=[self.id])["Vpcs"][0]

    def _default(self, operation: str, kind: str, key: str, name: str) -> str:
        wanted = {"group-name": "default", "default": "true"}[name]
        filters = [{"Name": "vpc-id", "Values": [self.id]}, {"Name": name, "Values": [wanted]}]
        return self.call("ec2", operation, Filters=filters)[kind][0][key]

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call(
            "ec2",
            "create_vpc",
            CidrBlock=properties.get("CidrBlock"),
            InstanceTenancy=properties.get("InstanceTenancy"),
            TagSpecifications=self.specification(properties),
        )
        self.id = made["Vpc"]["VpcId"]
        self._attributes({}, properties)

    def _attributes(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        for name, default in (("EnableDnsSupport", True), ("EnableDnsHostnames", False)):
            if changed(old, new, name):
                value = str(new.get(name, default)).lower() == "true"
                self.call("ec2", "modify_vpc_attribute", VpcId=self.id, **{name: {"Value": value}})

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._attributes(old, new)
        if changed(old, new, "InstanceTenancy"):
            self.call("ec2", "modify_vpc_tenancy", VpcId=self.id, InstanceTenancy=new.get("InstanceTenancy", "default"))
        self.retag(old, new)

    def delete(self) -> None:
        self.call("ec2", "delete_vpc", VpcId=self.id)


class Subnet(Ec2):
    type, kind = "AWS::EC2::Subnet", "subnet"
    gets = {
        "SubnetId": lambda self: self.id,
        "VpcId": lambda self: self._shown()["VpcId"],
        "CidrBlock": lambda self: self._shown()["CidrBlock"],
        "AvailabilityZone": lambda self: self._shown()["AvailabilityZone"],
        "AvailabilityZoneId": lambda self: self._shown()["AvailabilityZoneId"],
        "Ipv6CidrBlocks": lambda self: [
            one["Ipv6CidrBlock"] for one in self._shown().get("Ipv6CidrBlockAssociationSet", [])
        ],
    }

    def _shown(self) -> dict[str, Any]:
        return self.call("ec2", "describe_subnets", SubnetIds=[self.id])["Subnets"][0]

    def create(self, properties: dict[str, Any]) -> None:
        names = ("VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId", "Ipv6CidrBlock")
        made = self.call(
            "ec2",
            "create_subnet",
            TagSpecifications=self.specification(properties),
            **{name: properties.get(name) for name in names},
        )
        self.id = made["Subnet"]["SubnetId"]
        self._attributes({}, properties)

    def _attributes(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        for name in ("MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation"):
            if changed(old, new, name):
                value = str(new.get(name, False)).lower() == "true"
                self.call("ec2", "modify_subnet_attribute", SubnetId=self.id, **{name: {"Value": value}})

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._attributes(old, new)
        self.retag(old, new)

    def delete(self) -> None:
        self.call("ec2", "delete_subnet", SubnetId=self.id)


class InternetGateway(Ec2):
    type, kind = "AWS::EC2::InternetGateway", "internet-gateway"
    gets = {"InternetGatewayId": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call("ec2", "create_internet_gateway", TagSpecifications=self.specification(properties))
        self.id = made["InternetGateway"]["InternetGatewayId"]

    def delete(self) -> None:
        self.call("ec2", "delete_internet_gateway", InternetGatewayId=self.id)


class VpcGatewayAttachment(ResourceType):
    """Its Ref is the type of gateway and the VPC, `IGW|vpc-1`."""

    type = "AWS::EC2::VPCGatewayAttachment"
    gets = {"AttachmentType": lambda self: self.id.partition("|")[0]}

    def create(self, properties: dict[str, Any]) -> None:
        gateway, vpc = properties.get("InternetGatewayId"), properties["VpcId"]
        if gateway:
            self.call("ec2", "attach_internet_gateway", InternetGatewayId=gateway, VpcId=vpc)
        else:
            self.call("ec2", "attach_vpn_gateway", VpnGatewayId=properties.get("VpnGatewayId"), VpcId=vpc)
        self.id = f"{'IGW' if gateway else 'VGW'}|{vpc}"

    def replaced_by(self, old: dict[str, Any], new: dict[str, Any]) -> set[str]:
        return {"InternetGatewayId", "VpnGatewayId"}

    def delete(self) -> None:
        gateway, vpc = self.properties.get("InternetGatewayId"), self.properties["VpcId"]
        if gateway:
            self.call("ec2", "detach_internet_gateway", InternetGatewayId=gateway, VpcId=vpc)
        else:
            self.call("ec2", "detach_vpn_gateway", VpnGatewayId=self.properties["VpnGatewayId"], VpcId=vpc)


class NatGateway(Ec2):
    type, kind = "AWS::EC2::NatGateway", "natgateway"
    gets = {"NatGatewayId": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call(
            "ec2",
            "create_nat_gateway",
            SubnetId=properties.get("SubnetId"),
            AllocationId=properties.get("AllocationId"),
            ConnectivityType=properties.get("ConnectivityType"),
            TagSpecifications=self.specification(properties),
        )
        self.id = made["NatGateway"]["NatGatewayId"]

    def delete(self) -> None:
        self.call("ec2", "delete_nat_gateway", NatGatewayId=self.id)


class VpcEndpoint(Ec2):
    type, kind = "AWS::EC2::VPCEndpoint", "vpc-endpoint"
    gets = {
        "Id": lambda self: self.id,
        "DnsEntries": lambda self: [
            f"{one.get('HostedZoneId', '')}:{one['DnsName']}" for one in self._shown().get("DnsEntries", [])
        ],
        "NetworkInterfaceIds": lambda self: self._shown().get("NetworkInterfaceIds", []),
        "CreationTimestamp": lambda self: str(self._shown()["CreationTimestamp"]),
    }

    def _shown(self) -> dict[str, Any]:
        return self.call("ec2", "describe_vpc_endpoints", VpcEndpointIds=[self.id])["VpcEndpoints"][0]

    def create(self, properties: dict[str, Any]) -> None:
        from ..shapes import attribute_text

        policy = properties.get("PolicyDocument")
        names = (
            "VpcId",
            "ServiceName",
            "VpcEndpointType",
            "RouteTableIds",
            "SubnetIds",
            "SecurityGroupIds",
            "PrivateDnsEnabled",
        )
        made = self.call(
            "ec2",
            "create_vpc_endpoint",
            PolicyDocument=attribute_text(policy) if policy else None,
            TagSpecifications=self.specification(properties),
            **{name: properties.get(name) for name in names},
        )
        self.id = made["VpcEndpoint"]["VpcEndpointId"]

    def delete(self) -> None:
        self.call("ec2", "delete_vpc_endpoints", VpcEndpointIds=[self.id])
