"""Network interfaces and Elastic IP addresses."""

from __future__ import annotations

from typing import Any

from ..caller import Failed
from .ec2_network import Ec2
from .resource import ResourceType, changed


class NetworkInterface(Ec2):
    type, kind = "AWS::EC2::NetworkInterface", "network-interface"
    gets = {
        "Id": lambda self: self.id,
        "VpcId": lambda self: self._shown()["VpcId"],
        "PrimaryPrivateIpAddress": lambda self: self._shown()["PrivateIpAddress"],
        "PrimaryIpv6Address": lambda self: self._shown()["Ipv6Addresses"][0]["Ipv6Address"],
        "SecondaryPrivateIpAddresses": lambda self: [
            one["PrivateIpAddress"] for one in self._shown()["PrivateIpAddresses"] if not one["Primary"]
        ],
    }

    def _shown(self) -> dict[str, Any]:
        found = self.call("ec2", "describe_network_interfaces", NetworkInterfaceIds=[self.id])
        return found["NetworkInterfaces"][0]

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call(
            "ec2",
            "create_network_interface",
            SubnetId=properties["SubnetId"],
            Groups=properties.get("GroupSet"),
            Description=properties.get("Description"),
            PrivateIpAddress=properties.get("PrivateIpAddress"),
            PrivateIpAddresses=properties.get("PrivateIpAddresses"),
            SecondaryPrivateIpAddressCount=properties.get("SecondaryPrivateIpAddressCount"),
            TagSpecifications=self.specification(properties),
        )
        self.id = made["NetworkInterface"]["NetworkInterfaceId"]
        self._attributes({}, properties)

    def _attributes(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        def modify(**what: Any) -> None:
            self.call("ec2", "modify_network_interface_attribute", NetworkInterfaceId=self.id, **what)

        if changed(old, new, "SourceDestCheck"):
            modify(SourceDestCheck={"Value": str(new.get("SourceDestCheck", True)).lower() == "true"})
        if old and changed(old, new, "GroupSet"):
            modify(Groups=new.get("GroupSet", []))
        if old and changed(old, new, "Description"):
            modify(Description={"Value": new.get("Description", "")})

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._attributes(old, new)
        self.retag(old, new)

    def delete(self) -> None:
        self.call("ec2", "delete_network_interface", NetworkInterfaceId=self.id)


class NetworkInterfaceAttachment(ResourceType):
    type = "AWS::EC2::NetworkInterfaceAttachment"
    gets = {"AttachmentId": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        names = ("NetworkInterfaceId", "InstanceId", "DeviceIndex")
        made = self.call("ec2", "attach_network_interface", **{name: properties[name] for name in names})
        self.id = made["AttachmentId"]

    def delete(self) -> None:
        self.call("ec2", "detach_network_interface", AttachmentId=self.id, Force=True)


class ElasticIp(Ec2):
    """Ref is the address itself; AllocationId is an attribute."""

    type, kind = "AWS::EC2::EIP", "elastic-ip"
    gets = {"AllocationId": lambda self: self.record.data["AllocationId"], "PublicIp": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call(
            "ec2",
            "allocate_address",
            Domain=properties.get("Domain", "vpc"),
            PublicIpv4Pool=properties.get("PublicIpv4Pool"),
            TagSpecifications=self.specification(properties),
        )
        self.id = made["PublicIp"]
        self.record.data["AllocationId"] = made["AllocationId"]
        self._associate(properties)

    def _associate(self, properties: dict[str, Any]) -> None:
        if properties.get("InstanceId"):
            allocation = self.record.data["AllocationId"]
            self.call("ec2", "associate_address", AllocationId=allocation, InstanceId=properties["InstanceId"])

    def _disassociate(self) -> None:
        found = self.call("ec2", "describe_addresses", AllocationIds=[self.record.data["AllocationId"]])["Addresses"]
        if found and found[0].get("AssociationId"):
            self.call("ec2", "disassociate_address", AssociationId=found[0]["AssociationId"])

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if changed(old, new, "InstanceId"):
            self._disassociate()
            self._associate(new)
        self.retag(old, new, self.record.data["AllocationId"])

    def delete(self) -> None:
        if self.properties.get("InstanceId"):
            self._disassociate()
        self.call("ec2", "release_address", AllocationId=self.record.data["AllocationId"])


class ElasticIpAssociation(ResourceType):
    type = "AWS::EC2::EIPAssociation"
    gets = {"Id": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        allocation = properties.get("AllocationId")
        address = properties.get("EIP")
        if allocation is None and address is not None:
            # EC2 of today associates by allocation; the property EIP names the address.
            found = self.call("ec2", "describe_addresses", PublicIps=[address])["Addresses"]
            allocation = found[0]["AllocationId"]
        if allocation is None:
            raise Failed("Either 'AllocationId' or 'EIP' must be provided.")
        made = self.call(
            "ec2",
            "associate_address",
            AllocationId=allocation,
            InstanceId=properties.get("InstanceId"),
            NetworkInterfaceId=properties.get("NetworkInterfaceId"),
            PrivateIpAddress=properties.get("PrivateIpAddress"),
        )
        self.id = made["AssociationId"]

    def replaced_by(self, old: dict[str, Any], new: dict[str, Any]) -> set[str]:
        return {"AllocationId", "EIP", "InstanceId", "NetworkInterfaceId", "PrivateIpAddress"}

    def delete(self) -> None:
        self.call("ec2", "disassociate_address", AssociationId=self.id)
