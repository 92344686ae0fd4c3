"""What a bucket has besides its name: a property of the template each, put with an operation of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _configuration(part: Any) -> Any:
    """A property whose shape is already that of the API."""
    return part


def _put(operation: str, parameter: str, shape: Any, remove: str | None) -> Any:
    def put(bucket: Any, part: Any) -> None:
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


def _notify(bucket: Any, part: Any) -> None:
    bucket.call(
        "s3", "put_bucket_notification_configuration", Bucket=bucket.id, NotificationConfiguration=_notifications(part)
    )


def _versioning(bucket: Any, part: Any) -> None:
    status = (part or {}).get("Status", "Suspended")
    bucket.call("s3", "put_bucket_versioning", Bucket=bucket.id, VersioningConfiguration={"Status": status})


def _logging(bucket: Any, part: Any) -> None:
    status = {}
    if part:
        name, prefix = part.get("DestinationBucketName", bucket.id), part.get("LogFilePrefix", "")
        status = {"LoggingEnabled": {"TargetBucket": name, "TargetPrefix": prefix}}
    bucket.call("s3", "put_bucket_logging", Bucket=bucket.id, BucketLoggingStatus=status)


# Property -> function of the bucket and the property's value, None when it is taken away; in the order of creation.
PARTS: dict[str, Callable[[Any, Any], None]] = {
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
