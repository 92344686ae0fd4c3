"""Amazon EC2 instances, volumes, launch templates, key pairs and placement groups."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from ..caller import Failed
from .ec2_network import Ec2
from .resource import changed, differs

_SAME = (
    *("ImageId", "InstanceType", "KeyName", "SubnetId", "SecurityGroupIds", "SecurityGroups", "EbsOptimized"),
    *("DisableApiTermination", "InstanceInitiatedShutdownBehavior", "PrivateIpAddress", "KernelId", "RamdiskId"),
    *("BlockDeviceMappings", "CpuOptions", "HibernationOptions", "EnclaveOptions", "MetadataOptions", "LaunchTemplate"),
    *("PrivateDnsNameOptions", "LicenseSpecifications", "Ipv6AddressCount", "Ipv6Addresses"),
)
_PLACEMENT = {
    "AvailabilityZone": "AvailabilityZone",
    "Tenancy": "Tenancy",
    "HostId": "HostId",
    "Affinity": "Affinity",
    "PlacementGroupName": "GroupName",
    "HostResourceGroupArn": "HostResourceGroupArn",
}


def user_data(properties: dict[str, Any]) -> str | None:
    """The template's base64 as text; botocore encodes it again."""
    if "UserData" not in properties:
        return None
    try:
        return base64.b64decode(str(properties["UserData"]), validate=True).decode("utf-8", "surrogateescape")
    except (binascii.Error, ValueError):
        raise Failed("Invalid BASE64 encoding of user data.") from None


class Instance(Ec2):
    type, kind = "AWS::EC2::Instance", "instance"
    gets = {
        "InstanceId": lambda self: self.id,
        "AvailabilityZone": lambda self: self._shown()["Placement"]["AvailabilityZone"],
        "PrivateDnsName": lambda self: self._shown().get("PrivateDnsName", ""),
        "PrivateIp": lambda self: self._shown().get("PrivateIpAddress", ""),
        "PublicDnsName": lambda self: self._shown().get("PublicDnsName", ""),
        "PublicIp": lambda self: self._shown().get("PublicIpAddress", ""),
        "VpcId": lambda self: self._shown().get("VpcId", ""),
        "State": lambda self: self._shown()["State"],
    }

    def _shown(self) -> dict[str, Any]:
        return self.call("ec2", "describe_instances", InstanceIds=[self.id])["Reservations"][0]["Instances"][0]

    def create(self, properties: dict[str, Any]) -> None:
        placement = {there: properties[here] for here, there in _PLACEMENT.items() if here in properties}
        tags = self.tags(properties)
        specifications = [{"ResourceType": "instance", "Tags": tags}] if tags else []
        if tags and str(properties.get("PropagateTagsToVolumeOnCreation", "")).lower() == "true":
            specifications.append({"ResourceType": "volume", "Tags": tags})
        monitoring = properties.get("Monitoring")
        credit = properties.get("CreditSpecification")
        profile = properties.get("IamInstanceProfile")
        made = self.call(
            "ec2",
            "run_instances",
            MinCount=1,
            MaxCount=1,
            Placement=placement or None,
            UserData=user_data(properties),
            Monitoring=None if monitoring is None else {"Enabled": monitoring},
            CreditSpecification={"CpuCredits": credit.get("CPUCredits")} if credit else None,
            IamInstanceProfile={"Name": profile} if profile else None,
            NetworkInterfaces=[_interface(one) for one in properties.get("NetworkInterfaces", [])] or None,
            TagSpecifications=specifications or None,
            **{name: properties.get(name) for name in _SAME},
        )
        self.id = made["Instances"][0]["InstanceId"]
        if changed(
            {"SourceDestCheck": True}, {"SourceDestCheck": properties.get("SourceDestCheck", True)}, "SourceDestCheck"
        ):
            self._modify(SourceDestCheck={"Value": False})
        for volume in properties.get("Volumes", []):
            self.call("ec2", "attach_volume", InstanceId=self.id, VolumeId=volume["VolumeId"], Device=volume["Device"])

    def _modify(self, **what: Any) -> None:
        self.call("ec2", "modify_instance_attribute", InstanceId=self.id, **what)

    def replaced_by(self, old: dict[str, Any], new: dict[str, Any]) -> set[str]:
        """Block devices whose DeleteOnTermination alone changes stay, all others need a new instance."""

        def lasting(mappings: list[dict[str, Any]]) -> list[dict[str, Any]]:
            bare = [
                dict(one, Ebs={k: v for k, v in one.get("Ebs", {}).items() if k != "DeleteOnTermination"})
                for one in mappings
            ]
            return sorted(bare, key=lambda one: one["DeviceName"])

        if differs(lasting(old.get("BlockDeviceMappings", [])), lasting(new.get("BlockDeviceMappings", []))):
            return {"BlockDeviceMappings"}
        return set()

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        stopped = changed(old, new, "InstanceType", "UserData", "EbsOptimized", "Tenancy")
        if stopped:
            self.call("ec2", "stop_instances", InstanceIds=[self.id])
            if changed(old, new, "InstanceType"):
                self._modify(InstanceType={"Value": new.get("InstanceType", "m1.small")})
            if changed(old, new, "UserData"):
                self._modify(UserData={"Value": (user_data(new) or "").encode("utf-8", "surrogateescape")})
            if changed(old, new, "EbsOptimized"):
                self._modify(EbsOptimized={"Value": new.get("EbsOptimized", False)})
            self.call("ec2", "start_instances", InstanceIds=[self.id])
        if changed(old, new, "SecurityGroupIds") and new.get("SecurityGroupIds"):
            self._modify(Groups=new["SecurityGroupIds"])
        for name, default in (("DisableApiTermination", False), ("SourceDestCheck", True)):
            if changed(old, new, name):
                self._modify(**{name: {"Value": new.get(name, default)}})
        if changed(old, new, "InstanceInitiatedShutdownBehavior"):
            self._modify(
                InstanceInitiatedShutdownBehavior={"Value": new.get("InstanceInitiatedShutdownBehavior", "stop")}
            )
        if changed(old, new, "BlockDeviceMappings"):
            flags = [
                {
                    "DeviceName": one["DeviceName"],
                    "Ebs": {"DeleteOnTermination": one["Ebs"].get("DeleteOnTermination", True)},
                }
                for one in new.get("BlockDeviceMappings", [])
                if "Ebs" in one
            ]
            self._modify(BlockDeviceMappings=flags)
        if changed(old, new, "Monitoring"):
            verb = "monitor" if str(new.get("Monitoring", False)).lower() == "true" else "unmonitor"
            self.call("ec2", f"{verb}_instances", InstanceIds=[self.id])
        if changed(old, new, "IamInstanceProfile"):
            self._profile(new.get("IamInstanceProfile"))
        self.retag(old, new)

    def _profile(self, name: str | None) -> None:
        filters = [{"Name": "instance-id", "Values": [self.id]}]
        held = self.call("ec2", "describe_iam_instance_profile_associations", Filters=filters)
        for one in held["IamInstanceProfileAssociations"]:
            self.call("ec2", "disassociate_iam_instance_profile", AssociationId=one["AssociationId"])
        if name:
            self.call("ec2", "associate_iam_instance_profile", InstanceId=self.id, IamInstanceProfile={"Name": name})

    def delete(self) -> None:
        self.call("ec2", "terminate_instances", InstanceIds=[self.id])


def _interface(one: dict[str, Any]) -> dict[str, Any]:
    made = {("Groups" if key == "GroupSet" else key): value for key, value in one.items()}
    if "DeviceIndex" in made:
        made["DeviceIndex"] = int(made["DeviceIndex"])
    return made
