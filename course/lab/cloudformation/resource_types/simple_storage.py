"""Amazon S3 buckets and their policies."""

from __future__ import annotations

import json
from typing import Any

from ..caller import Failed
from ..shapes import attribute_text
from .bucket_configuration import PARTS
from .resource import ResourceType, changed, differs

_NOT_THERE = (
    *("NoSuchBucketPolicy", "NoSuchTagSet", "NoSuchLifecycleConfiguration", "NoSuchPublicAccessBlockConfiguration"),
    *("NoSuchCORSConfiguration", "NoSuchWebsiteConfiguration", "ServerSideEncryptionConfigurationNotFoundError"),
    *(
        "OwnershipControlsNotFoundError",
        "ReplicationConfigurationNotFoundError",
        "ObjectLockConfigurationNotFoundError",
    ),
)


class Bucket(ResourceType):
    """Ref is the name. A bucket with objects is not deleted, and the stack says so."""

    type, name, longest, lower = "AWS::S3::Bucket", "BucketName", 63, True
    gets = {
        "Arn": lambda self: f"arn:aws:s3:::{self.id}",
        "DomainName": lambda self: f"{self.id}.s3.amazonaws.com",
        "RegionalDomainName": lambda self: f"{self.id}.s3.{self.region}.amazonaws.com",
        "DualStackDomainName": lambda self: f"{self.id}.s3.dualstack.{self.region}.amazonaws.com",
        "WebsiteURL": lambda self: f"http://{self.id}.s3-website-{self.region}.amazonaws.com",
    }

    def exists_already(self, properties: dict[str, Any]) -> bool:
        if "BucketName" not in properties:
            return False
        try:
            self.call("s3", "head_bucket", Bucket=properties["BucketName"])
        except Failed as failed:
            return failed.code in ("403", "301")
        return True

    def create(self, properties: dict[str, Any]) -> None:
        name = self.physical_name(properties)
        location = None if self.region == "us-east-1" else {"LocationConstraint": self.region}
        lock = properties.get("ObjectLockEnabled")
        self.call(
            "s3",
            "create_bucket",
            Bucket=name,
            CreateBucketConfiguration=location,
            ObjectLockEnabledForBucket=None if lock is None else str(lock).lower() == "true",
        )
        self.id = name
        for part in PARTS:
            if part in properties:
                PARTS[part](self, properties[part])
        self._access_control({}, properties)
        self._tags({}, properties)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        for part, put in PARTS.items():
            if changed(old, new, part):
                put(self, new.get(part))
        self._access_control(old, new)
        self._tags(old, new)

    def _access_control(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        acl = new.get("AccessControl", "Private")
        if acl != old.get("AccessControl", "Private"):
            words = "".join(f"-{one.lower()}" if one.isupper() else one for one in acl).lstrip("-")
            self.call("s3", "put_bucket_acl", Bucket=self.id, ACL=words)

    def _tags(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        if not differs(self.tags(old), self.tags(new)):
            return
        if self.tags(new):
            self.call("s3", "put_bucket_tagging", Bucket=self.id, Tagging={"TagSet": self.tags(new)})
        else:
            self.call("s3", "delete_bucket_tagging", Bucket=self.id)

    def delete(self) -> None:
        try:
            self.call("s3", "delete_bucket", Bucket=self.id)
        except Failed as failed:
            if failed.code == "NoSuchBucket":
                return
            raise

    def read(self) -> dict[str, Any]:
        seen: dict[str, Any] = {"BucketName": self.id}
        status = self.call("s3", "get_bucket_versioning", Bucket=self.id).get("Status")
        if status:
            seen["VersioningConfiguration"] = {"Status": status}
        asked = {
            "Tags": ("get_bucket_tagging", "TagSet"),
            "PublicAccessBlockConfiguration": ("get_public_access_block", "PublicAccessBlockConfiguration"),
        }
        for name, (operation, key) in asked.items():
            try:
                seen[name] = self.call("s3", operation, Bucket=self.id)[key]
            except Failed as failed:
                if failed.code not in _NOT_THERE:
                    raise
        try:
            held = self.call("s3", "get_bucket_encryption", Bucket=self.id)["ServerSideEncryptionConfiguration"][
                "Rules"
            ]
            seen["BucketEncryption"] = {
                "ServerSideEncryptionConfiguration": [
                    {
                        ("ServerSideEncryptionByDefault" if key == "ApplyServerSideEncryptionByDefault" else key): one
                        for key, one in rule.items()
                    }
                    for rule in held
                ]
            }
        except Failed as failed:
            if failed.code not in _NOT_THERE:
                raise
        return seen


class BucketPolicy(ResourceType):
    """Ref is the name of the bucket."""

    type = "AWS::S3::BucketPolicy"

    def create(self, properties: dict[str, Any]) -> None:
        self._put(properties)
        self.id = properties["Bucket"]

    def _put(self, properties: dict[str, Any]) -> None:
        policy = attribute_text(properties["PolicyDocument"])
        self.call("s3", "put_bucket_policy", Bucket=properties["Bucket"], Policy=policy)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._put(new)

    def delete(self) -> None:
        self.call("s3", "delete_bucket_policy", Bucket=self.id)

    def read(self) -> dict[str, Any]:
        held = self.call("s3", "get_bucket_policy", Bucket=self.id)["Policy"]
        return {"Bucket": self.id, "PolicyDocument": json.loads(held)}
