"""What S3 refuses to store with a bucket or an object: ACLs where they are off, public and malformed policies.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.models import iam_backends
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

from course.iam.grammar import problems

from ..gate import Refused, replaces, written
from ..iam.caller import entity_by_arn

_ACLS_OFF = "The bucket does not allow ACLs"
# With one of these, in a fixed form, a statement for everybody is not public.
_NARROWING = {
    "aws:sourcearn", "aws:sourceaccount", "aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceorgid",
    "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:userid",
    "aws:sourceowner", "s3:dataaccesspointaccount", "s3:dataaccesspointarn", "s3:x-amz-server-side-encryption-aws-kms-key-id",
}  # fmt: skip


@replaces(S3Response, "_bucket_response_put")
def bucket_is_put(moto: Any, response: S3Response, request: Any, name: str, query: dict[str, Any]) -> Any:
    try:
        held = response.backend.buckets.get(name)
        if "policy" in query and held is not None:
            require_policy(response, held, request.data if hasattr(request, "data") else response.body)
        elif "acl" in query and held is not None and request.headers.get("x-amz-acl") != "private":
            _require_acls(held)
        elif not query:
            _require_acl_of_a_new_bucket(request.headers)
    except Refused as refusal:
        response.data["Action"] = "PutBucketPolicy" if "policy" in query else "CreateBucket"
        return written(response, ActionResult(refusal))
    return moto(response, request, name, query)


@replaces(S3Response, "_key_response_put")
def object_is_put(moto: Any, response: S3Response, query: dict[str, Any], key_name: str) -> Any:
    acl = response.headers.get("x-amz-acl")
    held = response.backend.buckets.get(response.bucket_name)
    # A request may say what is so anyway; that "private" is let pass too stands on no page.
    if held is not None and acl not in (None, "bucket-owner-full-control", "private"):
        try:
            _require_acls(held)
        except Refused as refusal:
            response.data["Action"] = "PutObject"
            return written(response, ActionResult(refusal))
    return moto(response, query, key_name)


def _require_acls(bucket: FakeBucket) -> None:
    if _ownership(bucket) == "BucketOwnerEnforced":
        raise Refused("AccessControlListNotSupported", _ACLS_OFF)


def _ownership(bucket: FakeBucket) -> Any:
    rule = bucket.ownership_rule
    return rule.get("ObjectOwnership", rule) if isinstance(rule, dict) else rule


def _require_acl_of_a_new_bucket(headers: Any) -> None:
    ownership = headers.get("x-amz-object-ownership", "BucketOwnerEnforced")
    if headers.get("x-amz-acl", "private") != "private" and ownership == "BucketOwnerEnforced":
        message = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"
        raise Refused("InvalidBucketAclWithObjectOwnership", message)


def require_policy(response: S3Response, bucket: FakeBucket, body: bytes | str) -> None:
    """MalformedPolicy for a document S3 would not store, AccessDenied for a public one where those are blocked."""
    text = body.decode() if isinstance(body, bytes) else body
    found = problems(text, "resource")
    if found:
        raise Refused("MalformedPolicy", _message(text, found))
    statements = json.loads(text)["Statement"]
    statements = statements if isinstance(statements, list) else [statements]
    for statement in statements:
        _require_own_resources(statement, bucket.name)
        _require_principals(statement)
    blocks = bucket.public_access_block
    if blocks and blocks.block_public_policy and any(is_public(one) for one in statements):
        message = (
            f"not authorized to perform: s3:PutBucketPolicy on resource: arn:aws:s3:::{bucket.name} because public "
            "policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access."
        )
        raise Refused("AccessDenied", message, 403)


def _message(text: str, found: Any) -> str:
    try:
        statements = json.loads(text)["Statement"]
    except (ValueError, KeyError, TypeError):
        return "Policies must be valid JSON and the first byte must be '{'"
    for statement in statements if isinstance(statements, list) else [statements]:
        for name in ("Effect", "Principal", "Action", "Resource"):
            if isinstance(statement, dict) and name not in statement and f"Not{name}" not in statement:
                return f"Missing required field {name}"
    return f"Policy has invalid {found[0].place}: {found[0].rule}"


def _require_own_resources(statement: dict[str, Any], bucket: str) -> None:
    named = statement.get("Resource", statement.get("NotResource"))
    for arn in [named] if isinstance(named, str) else named:
        name = arn.split(":::", 1)[-1].split("/", 1)[0]
        if name != bucket and not ("*" in name or "?" in name or "$" in name or arn == "*"):
            raise Refused("MalformedPolicy", "Policy has invalid resource")
    actions = statement.get("Action", statement.get("NotAction"))
    for action in [actions] if isinstance(actions, str) else actions:
        if action != "*" and action.lower().split(":")[0] not in ("s3", "s3express", "s3-object-lambda", "*"):
            raise Refused("MalformedPolicy", "Policy has invalid action")


def _require_principals(statement: dict[str, Any]) -> None:
    """S3 looks up the users and roles that a policy names; other accounts' it knows only where the lab has them."""
    principal = statement.get("Principal", statement.get("NotPrincipal"))
    named = principal.get("AWS", []) if isinstance(principal, dict) else []
    for arn in [named] if isinstance(named, str) else named:
        account = arn.split(":")[4] if arn.count(":") == 5 else ""
        if account not in iam_backends or not arn.split(":", 5)[5].startswith(("user/", "role/")):
            continue
        if entity_by_arn(iam_backends[account]["aws"], arn) is None:
            raise Refused("MalformedPolicy", "Invalid principal in policy")


def is_public(statement: dict[str, Any]) -> bool:
    """Does a statement let in everybody? A condition on who or where, without a wildcard, narrows it."""
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    everybody = "*" in (named if isinstance(named, list) else [named])
    if statement.get("Effect") != "Allow" or not everybody:
        return False
    for keys in statement.get("Condition", {}).values():
        for key, values in keys.items():
            values = values if isinstance(values, list) else [values]
            if key.lower() in _NARROWING and not any(str(one) in ("*", "0.0.0.0/0", "::/0") for one in values):
                return False
    return True
