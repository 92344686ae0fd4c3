"""What a few managed rules of AWS Config find in the account: (resource type, id) -> compliant or not.

https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from typing import Any

from course.data import value

from ..gate import Call
from ..iam.context import now

Result = tuple[str, str, bool]
_ANYWHERE = ("0.0.0.0/0", "::/0")


def evaluated(call: Call, identifier: str, parameters: dict[str, str]) -> list[Result] | None:
    """The results of a rule, None for one that is not evaluated here."""
    rule = RULES_HERE.get(identifier)
    return list(rule(call, parameters)) if rule else None


def _encrypted_volumes(call: Call, parameters: dict[str, str]) -> Iterator[Result]:
    for volume in call.backend_of("ec2").volumes.values():
        if volume.attachment:
            yield "AWS::EC2::Volume", volume.id, bool(volume.encrypted)


def _restricted_ssh(call: Call, parameters: dict[str, str]) -> Iterator[Result]:
    for groups in call.backend_of("ec2").groups.values():
        for group in groups.values():
            yield "AWS::EC2::SecurityGroup", group.id, not any(_opens_ssh(rule) for rule in group.ingress_rules)


def _opens_ssh(rule: Any) -> bool:
    covers = str(rule.ip_protocol) == "-1" or (
        str(rule.ip_protocol) in ("tcp", "6") and int(rule.from_port) <= 22 <= int(rule.to_port)
    )
    return covers and bool({rule.ip_range.get(key) for key in ("CidrIp", "CidrIpv6")} & set(_ANYWHERE))


def _buckets(call: Call) -> Iterator[Any]:
    for bucket in call.backend_of("s3", "aws").buckets.values():
        if bucket.region_name == call.region:
            yield bucket


def _no_public_read(call: Call, parameters: dict[str, str]) -> Iterator[Result]:
    for bucket in _buckets(call):
        block = bucket.public_access_block
        by_acl = _acl_is_public(bucket) and not (block and block.ignore_public_acls in (True, "true"))
        by_policy = _policy_is_public(bucket.policy, ("s3:GetObject", "s3:Get*", "s3:*", "*")) and not (
            block and block.restrict_public_buckets in (True, "true")
        )
        yield "AWS::S3::Bucket", bucket.name, not (by_acl or by_policy)


def _acl_is_public(bucket: Any) -> bool:
    for grant in bucket.acl.grants if bucket.acl else ():
        everyone = any("AllUsers" in (one.uri or "") for one in grant.grantees)
        if everyone and {"READ", "FULL_CONTROL"} & set(grant.permissions):
            return True
    return False


def _policy_is_public(document: Any, actions: tuple[str, ...]) -> bool:
    """Whether a policy lets everyone do one of these without a condition."""
    if not document:
        return False
    policy = json.loads(document) if isinstance(document, (str, bytes)) else document
    for statement in _listed(policy.get("Statement", [])):
        principal = statement.get("Principal")
        named = _listed(principal.get("AWS", [])) if isinstance(principal, dict) else _listed(principal)
        if statement.get("Effect") == "Allow" and "*" in named and not statement.get("Condition"):
            if set(actions) & set(_listed(statement.get("Action"))):
                return True
    return False


def _listed(given: Any) -> list:
    return given if isinstance(given, list) else [] if given is None else [given]


def _encrypted_buckets(call: Call, parameters: dict[str, str]) -> Iterator[Result]:
    # S3 encrypts every new object since January 2023, whatever the bucket says.
    for bucket in _buckets(call):
        yield "AWS::S3::Bucket", bucket.name, True


def _users_with_mfa(call: Call, parameters: dict[str, str]) -> Iterator[Result]:
    for user in call.backend_of("iam", "aws").users.values():
        yield "AWS::IAM::User", user.id, bool(user.mfa_devices)


def _rotated_keys(call: Call, parameters: dict[str, str]) -> Iterator[Result]:
    oldest = now() - timedelta(days=int(parameters.get("maxAccessKeyAge", value("config.managed_rules.key_age"))))
    for user in call.backend_of("iam", "aws").users.values():
        active = [one.create_date.replace(tzinfo=UTC) for one in user.access_keys if one.status == "Active"]
        yield "AWS::IAM::User", user.id, all(made >= oldest for made in active)


def _no_public_functions(call: Call, parameters: dict[str, str]) -> Iterator[Result]:
    for function in call.backend_of("lambda").list_functions():
        statements = function.policy.statements if function.policy else []
        public = _policy_is_public({"Statement": statements}, ("lambda:InvokeFunction", "lambda:*", "*"))
        yield "AWS::Lambda::Function", function.function_name, not public


def _required_tags(call: Call, parameters: dict[str, str]) -> Iterator[Result]:
    wanted = [
        (parameters[f"tag{n}Key"], [one for one in parameters.get(f"tag{n}Value", "").split(",") if one])
        for n in range(1, 7)
        if parameters.get(f"tag{n}Key")
    ]
    for kind, identifier, tags in _tagged(call):
        yield kind, identifier, all(key in tags and (not values or tags[key] in values) for key, values in wanted)


def _tagged(call: Call) -> Iterator[tuple[str, str, dict[str, str]]]:
    ec2 = call.backend_of("ec2")
    kinds = {
        "AWS::EC2::Instance": [one for one in ec2.all_instances() if one.state != "terminated"],
        "AWS::EC2::Volume": ec2.volumes.values(),
        "AWS::EC2::SecurityGroup": [one for groups in ec2.groups.values() for one in groups.values()],
    }
    for kind, resources in kinds.items():
        for resource in resources:
            yield kind, resource.id, {one["key"]: one["value"] for one in resource.get_tags()}
    s3 = call.backend_of("s3", "aws")
    for bucket in _buckets(call):
        yield "AWS::S3::Bucket", bucket.name, s3.tagger.get_tag_dict_for_resource(bucket.arn)


RULES_HERE: dict[str, Callable[[Call, dict[str, str]], Iterator[Result]]] = {
    "ENCRYPTED_VOLUMES": _encrypted_volumes,
    "INCOMING_SSH_DISABLED": _restricted_ssh,
    "S3_BUCKET_PUBLIC_READ_PROHIBITED": _no_public_read,
    "S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED": _encrypted_buckets,
    "IAM_USER_MFA_ENABLED": _users_with_mfa,
    "ACCESS_KEYS_ROTATED": _rotated_keys,
    "LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED": _no_public_functions,
    "REQUIRED_TAGS": _required_tags,
}
