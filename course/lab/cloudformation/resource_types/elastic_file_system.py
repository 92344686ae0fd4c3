"""Amazon EFS: file systems, mount targets and access points."""

from __future__ import annotations

from typing import Any

from ..shapes import attribute_text
from ..state import new_uuid
from .resource import ResourceType, changed, retag


class FileSystem(ResourceType):
    type = "AWS::EFS::FileSystem"
    gets = {
        "FileSystemId": lambda self: self.id,
        "Arn": lambda self: f"arn:aws:elasticfilesystem:{self.region}:{self.account_id}:file-system/{self.id}",
    }

    def create(self, properties: dict[str, Any]) -> None:
        names = (
            *("AvailabilityZoneName", "Encrypted", "KmsKeyId", "PerformanceMode", "ThroughputMode"),
            "ProvisionedThroughputInMibps",
        )
        made = self.call(
            "efs",
            "create_file_system",
            CreationToken=str(new_uuid()),
            Tags=properties.get("FileSystemTags"),
            Backup=properties["BackupPolicy"]["Status"] == "ENABLED" if "BackupPolicy" in properties else None,
            **{name: properties.get(name) for name in names},
        )
        self.id = made["FileSystemId"]
        if properties.get("LifecyclePolicies"):
            self._lifecycle(properties)
        if properties.get("FileSystemPolicy"):
            self._policy(properties)

    def _lifecycle(self, properties: dict[str, Any]) -> None:
        policies = properties.get("LifecyclePolicies", [])
        self.call("efs", "put_lifecycle_configuration", FileSystemId=self.id, LifecyclePolicies=policies)

    def _policy(self, properties: dict[str, Any]) -> None:
        text = attribute_text(properties["FileSystemPolicy"])
        self.call("efs", "put_file_system_policy", FileSystemId=self.id, Policy=text)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if changed(old, new, "ThroughputMode", "ProvisionedThroughputInMibps"):
            self.call(
                "efs",
                "update_file_system",
                FileSystemId=self.id,
                ThroughputMode=new.get("ThroughputMode", "bursting"),
                ProvisionedThroughputInMibps=new.get("ProvisionedThroughputInMibps"),
            )
        if changed(old, new, "LifecyclePolicies"):
            self._lifecycle(new)
        if changed(old, new, "BackupPolicy"):
            policy = new.get("BackupPolicy", {"Status": "DISABLED"})
            self.call("efs", "put_backup_policy", FileSystemId=self.id, BackupPolicy=policy)
        if changed(old, new, "FileSystemPolicy") and new.get("FileSystemPolicy"):
            self._policy(new)
        put, gone = retag(old.get("FileSystemTags", []), new.get("FileSystemTags", []))
        if put:
            self.call("efs", "tag_resource", ResourceId=self.id, Tags=put)
        if gone:
            self.call("efs", "untag_resource", ResourceId=self.id, TagKeys=gone)

    def delete(self) -> None:
        self.call("efs", "delete_file_system", FileSystemId=self.id)


class MountTarget(ResourceType):
    type = "AWS::EFS::MountTarget"
    gets = {
        "Id": lambda self: self.id,
        "IpAddress": lambda self: self.call("efs", "describe_mount_targets", MountTargetId=self.id)["MountTargets"][0][
            "IpAddress"
        ],
    }

    def create(self, properties: dict[str, Any]) -> None:
        names = ("FileSystemId", "SubnetId", "SecurityGroups", "IpAddress")
        self.id = self.call("efs", "create_mount_target", **{name: properties.get(name) for name in names})[
            "MountTargetId"
        ]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        groups = new.get("SecurityGroups", [])
        self.call("efs", "modify_mount_target_security_groups", MountTargetId=self.id, SecurityGroups=groups)

    def delete(self) -> None:
        self.call("efs", "delete_mount_target", MountTargetId=self.id)


class AccessPoint(ResourceType):
    type = "AWS::EFS::AccessPoint"
    gets = {
        "AccessPointId": lambda self: self.id,
        "Arn": lambda self: f"arn:aws:elasticfilesystem:{self.region}:{self.account_id}:access-point/{self.id}",
    }

    def create(self, properties: dict[str, Any]) -> None:
        directory = properties.get("RootDirectory")
        made = self.call(
            "efs",
            "create_access_point",
            ClientToken=properties.get("ClientToken") or str(new_uuid()),
            FileSystemId=properties["FileSystemId"],
            PosixUser=properties.get("PosixUser"),
            RootDirectory=directory,
            Tags=properties.get("AccessPointTags"),
        )
        self.id = made["AccessPointId"]

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        put, gone = retag(old.get("AccessPointTags", []), new.get("AccessPointTags", []))
        if put:
            self.call("efs", "tag_resource", ResourceId=self.id, Tags=put)
        if gone:
            self.call("efs", "untag_resource", ResourceId=self.id, TagKeys=gone)

    def delete(self) -> None:
        self.call("efs", "delete_access_point", AccessPointId=self.id)
