"""Amazon EC2 instances, volumes, launch templates, key pairs and placement groups."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from ..caller import Failed
from .ec2_network import Ec2
from .resource import ResourceType, changed, differs

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


_VOLUME = (
    *("AvailabilityZone", "Size", "SnapshotId", "VolumeType", "Iops", "Throughput", "Encrypted", "KmsKeyId"),
    *("MultiAttachEnabled", "OutpostArn"),
)


class Volume(Ec2):
    type, kind = "AWS::EC2::Volume", "volume"
    gets = {"VolumeId": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call(
            "ec2",
            "create_volume",
            TagSpecifications=self.specification(properties),
            **{name: properties.get(name) for name in _VOLUME},
        )
        self.id = made["VolumeId"]

    def replaced_by(self, old: dict[str, Any], new: dict[str, Any]) -> set[str]:
        return {"AvailabilityZone", "Encrypted", "KmsKeyId", "SnapshotId", "OutpostArn"}

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if changed(old, new, "Size", "VolumeType", "Iops", "Throughput"):
            what = {
                name: new[name]
                for name in ("Size", "VolumeType", "Iops", "Throughput")
                if changed(old, new, name) and name in new
            }
            self.call("ec2", "modify_volume", VolumeId=self.id, **what)
        if changed(old, new, "AutoEnableIO"):
            value = {"Value": new.get("AutoEnableIO", False)}
            self.call("ec2", "modify_volume_attribute", VolumeId=self.id, AutoEnableIO=value)
        self.retag(old, new)

    def snapshot(self) -> None:
        self.call(
            "ec2", "create_snapshot", VolumeId=self.id, Description=f"Created by CloudFormation of {self.stack.name}"
        )

    def delete(self) -> None:
        self.call("ec2", "delete_volume", VolumeId=self.id)


class VolumeAttachment(ResourceType):
    type = "AWS::EC2::VolumeAttachment"

    def create(self, properties: dict[str, Any]) -> None:
        names = ("VolumeId", "InstanceId", "Device")
        self.call("ec2", "attach_volume", **{name: properties.get(name) for name in names})
        self.id = f"{properties['VolumeId']}|{properties['InstanceId']}"

    def delete(self) -> None:
        volume, instance = self.id.split("|")
        self.call("ec2", "detach_volume", VolumeId=volume, InstanceId=instance)


class LaunchTemplate(ResourceType):
    """A change of its data makes a new version."""

    type, name = "AWS::EC2::LaunchTemplate", "LaunchTemplateName"
    longest = 128
    gets = {
        "LaunchTemplateId": lambda self: self.id,
        "DefaultVersionNumber": lambda self: str(self._shown()["DefaultVersionNumber"]),
        "LatestVersionNumber": lambda self: str(self._shown()["LatestVersionNumber"]),
    }

    def _shown(self) -> dict[str, Any]:
        return self.call("ec2", "describe_launch_templates", LaunchTemplateIds=[self.id])["LaunchTemplates"][0]

    def create(self, properties: dict[str, Any]) -> None:
        made = self.call(
            "ec2",
            "create_launch_template",
            LaunchTemplateName=self.physical_name(properties),
            LaunchTemplateData=properties["LaunchTemplateData"],
            VersionDescription=properties.get("VersionDescription"),
            TagSpecifications=properties.get("TagSpecifications"),
        )
        self.id = made["LaunchTemplate"]["LaunchTemplateId"]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if changed(old, new, "LaunchTemplateData", "VersionDescription"):
            self.call(
                "ec2",
                "create_launch_template_version",
                LaunchTemplateId=self.id,
                LaunchTemplateData=new["LaunchTemplateData"],
                VersionDescription=new.get("VersionDescription"),
            )

    def delete(self) -> None:
        self.call("ec2", "delete_launch_template", LaunchTemplateId=self.id)


class PlacementGroup(Ec2):
    type, kind = "AWS::EC2::PlacementGroup", "placement-group"
    gets = {"GroupName": lambda self: self.id}

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name(properties)
        self.call(
            "ec2",
            "create_placement_group",
            GroupName=name,
            Strategy=properties.get("Strategy", "cluster"),
            PartitionCount=properties.get("PartitionCount"),
            SpreadLevel=properties.get("SpreadLevel"),
            TagSpecifications=self.specification(properties),
        )
        self.id = name

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        group = self.call("ec2", "describe_placement_groups", GroupNames=[self.id])["PlacementGroups"][0]
        self.retag(old, new, group["GroupId"])

    def delete(self) -> None:
        self.call("ec2", "delete_placement_group", GroupName=self.id)


class KeyPair(Ec2):
    """Ref is the name. The private key of a new pair goes to Parameter Store, /ec2/keypair/key-0abc."""

    type, kind, name = "AWS::EC2::KeyPair", "key-pair", "KeyName"
    gets = {
        "KeyPairId": lambda self: self.record.data["KeyPairId"],
        "KeyFingerprint": lambda self: self.record.data["KeyFingerprint"],
    }

    def create(self, properties: dict[str, Any]) -> None:
        name, material = properties["KeyName"], properties.get("PublicKeyMaterial")
        shared = {"KeyName": name, "TagSpecifications": self.specification(properties)}
        if material:
            made = self.call("ec2", "import_key_pair", PublicKeyMaterial=material.encode(), **shared)
        else:
            made = self.call(
                "ec2",
                "create_key_pair",
                KeyType=properties.get("KeyType"),
                KeyFormat=properties.get("KeyFormat"),
                **shared,
            )
            self.call(
                "ssm",
                "put_parameter",
                Name=f"/ec2/keypair/{made['KeyPairId']}",
                Value=made["KeyMaterial"],
                Type="SecureString",
            )
        self.id = name
        self.record.data.update(KeyPairId=made["KeyPairId"], KeyFingerprint=made["KeyFingerprint"])

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self.retag(old, new, self.record.data["KeyPairId"])

    def delete(self) -> None:
        self.call("ec2", "delete_key_pair", KeyName=self.id)
        if not self.properties.get("PublicKeyMaterial"):
            self.call("ssm", "delete_parameter", Name=f"/ec2/keypair/{self.record.data['KeyPairId']}")
