"""What instances are launched with: launch templates, placement groups and key pairs."""

from __future__ import annotations

from typing import Any

from .ec2_network import Ec2
from .resource import ResourceType, changed


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
