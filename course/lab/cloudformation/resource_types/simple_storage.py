"""Amazon S3 buckets and their policies."""

from __future__ import annotations

import json
from typing import Any

from ..caller import Failed
from .messaging import attribute_text
from .resource import ResourceType, changed, differs


def _configuration(part: Any) -> Any:
    return part


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
        for part in _PARTS:
            if part in properties:
                _PARTS[part](self, properties[part])
        self._access_control({}, properties)
        self._tags({}, properties)

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        for part, put in _PARTS.items():
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


def _put(operation: str, parameter: str, shape: Any, remove: str | None) -> Any:
    def put(bucket: Bucket, part: Any) -> None:
        if part:
            bucket.call("s3", operation, Bucket=bucket.id, **{parameter: shape(part)})
        elif remove:
            bucket.call("s3", remove, Bucket=bucket.id)

    return put


def _encryption(part: dict[str, Any]) -> dict[str, Any]:
    rules = []
    for one in part["ServerSideEncryptionConfiguration"]:
        rule = {key: value for key, value in one.items() if key != "ServerSideEncryptionByDefault"}
        if "ServerSideEncryptionByDefault" in one:
            rule["ApplyServerSideEncryptionByDefault"] = one["ServerSideEncryptionByDefault"]
        rules.append(rule)
    return {"Rules": rules}


def _lifecycle(part: dict[str, Any]) -> dict[str, Any]:
    rules = []
    for one in part["Rules"]:
        rule: dict[str, Any] = {"Status": one["Status"]}
        if "Id" in one:
            rule["ID"] = one["Id"]
        rule["Filter"] = _filter(one)
        expiration = {}
        for here, there in (
            ("ExpirationInDays", "Days"),
            ("ExpirationDate", "Date"),
            ("ExpiredObjectDeleteMarker",) * 2,
        ):
            if here in one:
                expiration[there] = one[here]
        if expiration:
            rule["Expiration"] = expiration
        moves = one.get("Transitions") or ([one["Transition"]] if "Transition" in one else [])
        if moves:
            names = {"TransitionInDays": "Days", "TransitionDate": "Date"}
            rule["Transitions"] = [{names.get(key, key): value for key, value in move.items()} for move in moves]
        if "NoncurrentVersionExpirationInDays" in one:
            rule["NoncurrentVersionExpiration"] = {"NoncurrentDays": one["NoncurrentVersionExpirationInDays"]}
        if "NoncurrentVersionExpiration" in one:
            rule["NoncurrentVersionExpiration"] = one["NoncurrentVersionExpiration"]
        moves = one.get("NoncurrentVersionTransitions") or (
            [one["NoncurrentVersionTransition"]] if "NoncurrentVersionTransition" in one else []
        )
        if moves:
            rule["NoncurrentVersionTransitions"] = [
                {("NoncurrentDays" if key == "TransitionInDays" else key): value for key, value in move.items()}
                for move in moves
            ]
        if "AbortIncompleteMultipartUpload" in one:
            rule["AbortIncompleteMultipartUpload"] = one["AbortIncompleteMultipartUpload"]
        rules.append(rule)
    return {"Rules": rules}


def _filter(rule: dict[str, Any]) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    if "Prefix" in rule:
        parts["Prefix"] = rule["Prefix"]
    for name in ("ObjectSizeGreaterThan", "ObjectSizeLessThan"):
        if name in rule:
            parts[name] = int(rule[name])
    tags = rule.get("TagFilters", [])
    if len(parts) + len(tags) <= 1:
        return {"Tag": tags[0]} if tags else parts or {"Prefix": ""}
    return {"And": {**parts, **({"Tags": tags} if tags else {})}}


def _cors(part: dict[str, Any]) -> dict[str, Any]:
    names = {"MaxAge": "MaxAgeSeconds", "ExposedHeaders": "ExposeHeaders", "Id": "ID"}
    return {"CORSRules": [{names.get(key, key): one for key, one in rule.items()} for rule in part["CorsRules"]]}


def _website(part: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if "IndexDocument" in part:
        made["IndexDocument"] = {"Suffix": part["IndexDocument"]}
    if "ErrorDocument" in part:
        made["ErrorDocument"] = {"Key": part["ErrorDocument"]}
    if "RedirectAllRequestsTo" in part:
        made["RedirectAllRequestsTo"] = part["RedirectAllRequestsTo"]
    if "RoutingRules" in part:
        made["RoutingRules"] = [
            {
                ("Redirect" if key == "RedirectRule" else "Condition" if key == "RoutingRuleCondition" else key): one
                for key, one in rule.items()
            }
            for rule in part["RoutingRules"]
        ]
    return made


def _notifications(part: dict[str, Any] | None) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for here, there, target, arn in (
        ("LambdaConfigurations", "LambdaFunctionConfigurations", "Function", "LambdaFunctionArn"),
        ("QueueConfigurations", "QueueConfigurations", "Queue", "QueueArn"),
        ("TopicConfigurations", "TopicConfigurations", "Topic", "TopicArn"),
    ):
        for one in (part or {}).get(here, []):
            entry: dict[str, Any] = {arn: one[target], "Events": [one["Event"]]}
            if "Filter" in one:
                rules = one["Filter"]["S3Key"]["Rules"]
                entry["Filter"] = {"Key": {"FilterRules": rules}}
            made.setdefault(there, []).append(entry)
    if (part or {}).get("EventBridgeConfiguration") is not None:
        made["EventBridgeConfiguration"] = {}
    return made


def _notify(bucket: Bucket, part: Any) -> None:
    bucket.call(
        "s3", "put_bucket_notification_configuration", Bucket=bucket.id, NotificationConfiguration=_notifications(part)
    )


def _versioning(bucket: Bucket, part: Any) -> None:
    status = (part or {}).get("Status", "Suspended")
    bucket.call("s3", "put_bucket_versioning", Bucket=bucket.id, VersioningConfiguration={"Status": status})


def _logging(bucket: Bucket, part: Any) -> None:
    status = {}
    if part:
        name, prefix = part.get("DestinationBucketName", bucket.id), part.get("LogFilePrefix", "")
        status = {"LoggingEnabled": {"TargetBucket": name, "TargetPrefix": prefix}}
    bucket.call("s3", "put_bucket_logging", Bucket=bucket.id, BucketLoggingStatus=status)


_PARTS: dict[str, Any] = {
    "OwnershipControls": _put(
        "put_bucket_ownership_controls", "OwnershipControls", _configuration, "delete_bucket_ownership_controls"
    ),
    "PublicAccessBlockConfiguration": _put(
        "put_public_access_block", "PublicAccessBlockConfiguration", _configuration, "delete_public_access_block"
    ),
    "VersioningConfiguration": _versioning,
    "BucketEncryption": _put(
        "put_bucket_encryption", "ServerSideEncryptionConfiguration", _encryption, "delete_bucket_encryption"
    ),
    "LifecycleConfiguration": _put(
        "put_bucket_lifecycle_configuration", "LifecycleConfiguration", _lifecycle, "delete_bucket_lifecycle"
    ),
    "CorsConfiguration": _put("put_bucket_cors", "CORSConfiguration", _cors, "delete_bucket_cors"),
    "WebsiteConfiguration": _put("put_bucket_website", "WebsiteConfiguration", _website, "delete_bucket_website"),
    "LoggingConfiguration": _logging,
    "NotificationConfiguration": _notify,
    "AccelerateConfiguration": _put(
        "put_bucket_accelerate_configuration",
        "AccelerateConfiguration",
        lambda part: {"Status": part["AccelerationStatus"]},
        None,
    ),
    "ObjectLockConfiguration": _put("put_object_lock_configuration", "ObjectLockConfiguration", _configuration, None),
}


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
