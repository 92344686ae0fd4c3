"""IAM for S3, which moto serves without the gate: a request is checked where moto has found bucket and key.

Not covered: access points, object ACLs and Block Public Access (an anonymous caller needs the bucket's policy).
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, urlparse

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket, s3_backends
from moto.s3.responses import S3Response

from ..environment import OWN_ACCESS_KEY
from ..gate import Call, replaces, written
from . import last_accessed
from .context import request_keys
from .enforcement import Ask, decide, identify, presigned_key
from .policies import resource_policy
from .refusals import denial

# The part of the query that says what a request is about -> the noun of the action.
_BUCKET = {
    "acl": "BucketAcl", "policy": "BucketPolicy", "policyStatus": "BucketPolicyStatus", "tagging": "BucketTagging",
    "versioning": "BucketVersioning", "lifecycle": "LifecycleConfiguration", "encryption": "EncryptionConfiguration",
    "website": "BucketWebsite", "cors": "BucketCORS", "logging": "BucketLogging", "notification": "BucketNotification",
    "location": "BucketLocation", "replication": "ReplicationConfiguration", "accelerate": "AccelerateConfiguration",
    "publicAccessBlock": "BucketPublicAccessBlock", "ownershipControls": "BucketOwnershipControls",
    "object-lock": "BucketObjectLockConfiguration", "inventory": "InventoryConfiguration",
    "requestPayment": "BucketRequestPayment", "metrics": "MetricsConfiguration",
    "analytics": "AnalyticsConfiguration", "intelligent-tiering": "IntelligentTieringConfiguration",
}  # fmt: skip
_OBJECT = {"acl": "Acl", "tagging": "Tagging", "retention": "Retention", "legal-hold": "LegalHold"}
# What is deleted with the permission to put it.
_DELETED_BY_PUT = {
    "tagging",
    "lifecycle",
    "encryption",
    "cors",
    "replication",
    "publicAccessBlock",
    "ownershipControls",
}


@replaces(S3Response, "_bucket_response")
def bucket_request(moto: Any, response: S3Response, request: Any, full_url: str) -> Any:
    return _checked(moto, response, request, full_url, "")


@replaces(S3Response, "_key_response")
def object_request(moto: Any, response: S3Response, request: Any, full_url: str) -> Any:
    return _checked(moto, response, request, full_url, response.parse_key_name())


@replaces(FakeBucket, "get_permission")
def bucket_policy_is_asked_here(moto: Any, bucket: FakeBucket, action: str, resource: str) -> PermissionResult:
    """moto reads bucket policies without conditions and principals; the decision has been made above."""
    return PermissionResult.PERMITTED if bucket.policy else PermissionResult.NEUTRAL


def _checked(moto: Any, response: S3Response, request: Any, full_url: str, key: str) -> Any:
    bucket = response.parse_bucket_name_from_url(request, full_url) or ""
    query = parse_qs(urlparse(full_url).query, keep_blank_values=True)
    account = response.current_account
    if OWN_ACCESS_KEY in (response.access_key, presigned_key(response)):
        last_accessed.record_administrator("s3", "", response.region)
        # A bucket's policy may lock its administrator out, and lessons show that.
        policy = bucket and resource_policy("s3", f"arn:aws:s3:::{bucket}", account, response.region)
        # The way back: on AWS the root user can still delete the policy.
        if not policy or "policy" in query:
            return moto(response, request, full_url)
    try:
        _require_allowed(response, request.method, bucket, unquote(key), query)
    except ServiceException as refusal:
        response.data["Action"] = "GetObject" if key else "ListObjects"
        answer = written(response, ActionResult(refusal))
        return (answer[0], answer[1], "") if request.method == "HEAD" else answer
    return moto(response, request, full_url)


def _require_allowed(response: S3Response, method: str, bucket: str, key: str, query: dict[str, list[str]]) -> None:
    caller = identify(response, "s3")
    if not caller.is_anonymous:
        last_accessed.record(caller, "s3", "", response.region)
    owner = next(
        (one for one, held in list(s3_backends.items()) if bucket in held["aws"].buckets), response.current_account
    )
    call = Call("s3", "", {}, response.region, owner, response.access_key)
    session = caller.session
    shared = request_keys(
        response.region,
        session is not None,
        session.mfa_since if session else None,
        session.issued if session else None,
    )
    for ask in _asks(response, method, bucket, key, query):
        decision = decide(caller, ask, call, shared, owner)
        if not decision.allowed:
            raise denial("s3", decision)

    if key and method in ("GET", "HEAD") and not query and _is_missing(owner, bucket, key):
        # Whether an object is there learns only who may list the bucket.
        decision = decide(caller, Ask("s3:ListBucket", f"arn:aws:s3:::{bucket}", {}), call, shared, owner)
        if not decision.allowed:
            raise denial("s3", decision)


def _is_missing(owner: str, bucket: str, key: str) -> bool:
    held = s3_backends[owner]["aws"].buckets.get(bucket)
    return held is not None and held.keys.get(key) is None


def _asks(response: S3Response, method: str, bucket: str, key: str, query: dict[str, list[str]]) -> Iterator[Ask]:
    keys = _keys(response, query)
    if not bucket:
        yield Ask("s3:ListAllMyBuckets", "*", keys)
        return
    arn = f"arn:aws:s3:::{bucket}"
    if not key:
        if method == "POST" and "delete" in query:
            for name in _deleted(response.body):
                yield Ask("s3:DeleteObject", f"{arn}/{name}", keys)
            return
        yield Ask(bucket_action(method, query), arn, keys)
        return
    yield Ask(object_action(method, query), f"{arn}/{key}", keys)
    source = response.headers.get("x-amz-copy-source")
    if source and method == "PUT":
        yield Ask("s3:GetObject", f"arn:aws:s3:::{unquote(source).lstrip('/').partition('?')[0]}", {})
    if response.headers.get("x-amz-tagging") and method in ("PUT", "POST"):
        yield Ask("s3:PutObjectTagging", f"{arn}/{key}", keys)


def bucket_action(method: str, query: dict[str, Any]) -> str:
    """The action of a request to a bucket."""
    if "versions" in query:
        return "s3:ListBucketVersions"
    if "uploads" in query:
        return "s3:ListBucketMultipartUploads"
    for part, noun in _BUCKET.items():
        if part in query:
            verb = {"GET": "Get", "HEAD": "Get", "DELETE": "Put" if part in _DELETED_BY_PUT else "Delete"}.get(
                method, "Put"
            )
            return f"s3:{verb}{noun}"
    return {"PUT": "s3:CreateBucket", "DELETE": "s3:DeleteBucket", "POST": "s3:PutObject"}.get(method, "s3:ListBucket")


def object_action(method: str, query: dict[str, Any]) -> str:
    """The action of a request to an object; HEAD needs the permission to get it, a part that to put it."""
    if "uploadId" in query and method in ("GET", "DELETE"):
        return "s3:ListMultipartUploadParts" if method == "GET" else "s3:AbortMultipartUpload"
    verb = {"GET": "Get", "HEAD": "Get", "DELETE": "Delete"}.get(method, "Put")
    version = "Version" if "versionId" in query else ""
    for part, noun in _OBJECT.items():
        if part in query:
            return f"s3:{verb}Object{version if part in ('acl', 'tagging') else ''}{noun}"
    if "restore" in query:
        return "s3:RestoreObject"
    if "attributes" in query:
        return f"s3:GetObject{version}Attributes"
    if "select" in query:
        return "s3:GetObject"
    return f"s3:{verb}Object{version}"


def _keys(response: S3Response, query: dict[str, list[str]]) -> dict[str, Any]:
    keys: dict[str, Any] = {}
    for parameter in ("prefix", "delimiter", "max-keys"):
        if parameter in query:
            keys[f"s3:{parameter}"] = query[parameter][0]
    if "versionId" in query:
        keys["s3:VersionId"] = query["versionId"][0]
    for header in (
        "acl",
        "server-side-encryption",
        "server-side-encryption-aws-kms-key-id",
        "storage-class",
        "copy-source",
    ):
        if response.headers.get(f"x-amz-{header}"):
            keys[f"s3:x-amz-{header}"] = response.headers[f"x-amz-{header}"]
    for name, values in parse_qs(response.headers.get("x-amz-tagging", "")).items():
        keys[f"s3:RequestObjectTag/{name}"] = values[0]
    return keys


def _deleted(body: Any) -> list[str]:
    """The keys that a DeleteObjects names."""
    import xml.etree.ElementTree as tree

    text = body.decode() if isinstance(body, bytes) else body
    return [one.text or "" for one in tree.fromstring(text).iter() if one.tag.rpartition("}")[2] == "Key"]
