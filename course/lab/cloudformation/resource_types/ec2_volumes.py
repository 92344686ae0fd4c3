"""EBS volumes and their attachments."""

from __future__ import annotations

from typing import Any

from .ec2_network import Ec2
from .resource import ResourceType, changed

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
