"""The policies that apply to a caller and a resource, read from moto's state; compiled once per text by `course.iam`.

Nothing is remembered between calls, so a policy that was just attached counts at once. (On AWS it may take seconds:
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency)
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.core.exceptions import HTTPException, ServiceException
from moto.iam.models import iam_backends as _iam

from course.iam.evaluation import Policies
from course.iam.malformed import MalformedPolicyDocument
from course.iam.policy_document import policy_document

from .caller import Caller

Named = dict[str, Any]


def policies_for(caller: Caller, resource: Named | None = None, trust: str | None = None) -> Policies:
    """All policies for a caller's request; `resource` are the documents of the resource, `trust` that of a role."""
    return Policies(
        identity=identity_policies(caller.entity),
        resource=sound(resource or {}, "resource"),
        trust=sound({"trust policy": trust}, "trust") if trust else (),
        boundary=sound(boundary_of(caller.entity), "boundary"),
        session=_session_policies(caller),
        service_control=service_control_policies(caller.account),
    )


def identity_policies(entity: Any) -> Named:
    """Names and documents of the inline and attached policies of a user, with those of its groups, or of a role."""
    return sound(identity_texts(entity), "identity")


def identity_texts(entity: Any) -> dict[str, str]:
    """The same as they were written."""
    if entity is None:
        return {}
    backend = _iam[entity.account_id]["aws"]
    holders = [("", entity)]
    if hasattr(entity, "access_keys"):
        holders += [(f"{group.name}/", group) for group in backend.groups.values() if entity in group.users]
    documents = {}
    for prefix, holder in holders:
        for name, text in holder.policies.items():
            documents[f"{prefix}{name}"] = text
        for arn, policy in holder.managed_policies.items():
            documents[arn] = managed_document(policy)
    return documents


def managed_document(policy: Any) -> str:
    """The default version of moto's managed policy."""
    return next(version.document for version in policy.versions if version.version_id == policy.default_version_id)


def boundary_of(entity: Any) -> Named:
    """Name and document of the permissions boundary of a user or role, if it has one."""
    arn = getattr(entity, "permissions_boundary_arn", None)
    if not arn:
        return {}
    policy = _iam[entity.account_id]["aws"].managed_policies.get(arn)
    # A boundary that no longer exists allows nothing.
    return {arn: managed_document(policy) if policy else _NOTHING}


_NOTHING = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}})


def _session_policies(caller: Caller) -> Any:
    if caller.session is None or caller.session.policies is None:
        return None
    return [policy_document(text, "session") for text in caller.session.policies]


def service_control_policies(account: str) -> list[list[str]]:
    """The SCPs from the organization's root to the account, level by level; none for the management account."""
    from moto.organizations.models import organizations_backends

    for backends in list(organizations_backends.values()):
        for backend in list(backends.values()):
            if not backend.org or backend.org.master_account_id == account:
                continue
            held = next((one for one in backend.accounts if one.id == account), None)
            if held is None:
                continue
            chain, place = [held.id], held.parent_id
            units = {unit.id: unit for unit in backend.ou}
            while place in units:
                chain.append(place)
                place = getattr(units[place], "parent_id", None)
            return [_attached(backend, target) for target in reversed(chain)]
    return []


def _attached(backend: Any, target: str) -> list[str]:
    documents = [
        policy.content
        for policy in backend.policies
        if policy.type == "SERVICE_CONTROL_POLICY" and any(one.id == target for one in policy.attachments)
    ]
    # moto attaches FullAWSAccess to the root and the management account only; AWS to every OU and account.
    return documents or [
        json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    ]


def sound(documents: Named, policy_type: str) -> Any:
    """Compiled documents; one that AWS would never have stored (moto did) counts for nothing."""
    compiled = {}
    for name, text in documents.items():
        try:
            compiled[name] = policy_document(text, policy_type)
        except MalformedPolicyDocument:
            continue
    return compiled


def resource_policy(service: str, arn: str, account: str, region: str) -> Named:
    """Name and document of the policy of the resource with this ARN, if it has one."""
    find = _RESOURCE_POLICIES.get(service)
    if find is None:
        return {}
    fields = arn.split(":", 5)
    owner = fields[4] if len(fields) == 6 and len(fields[4]) == 12 else account
    try:
        text = find(arn, owner, fields[3] if len(fields) == 6 and fields[3] else region)
    except (KeyError, StopIteration, ServiceException, HTTPException):
        # There is no such resource: whether the caller may ask is decided without its policy.
        return {}
    found = {arn: text} if text else {}
    if service == "kms":
        # A grant allows by itself, as a statement of the key policy does.
        found |= _grants(arn, owner, fields[3])
    return found


def _bucket(arn: str, account: str, region: str) -> str | None:
    from moto.s3.models import s3_backends

    name = arn.split(":::", 1)[-1].split("/", 1)[0]
    backends = [s3_backends[account]["aws"]] + [one["aws"] for one in list(s3_backends.values())]
    bucket = next(backend.buckets[name] for backend in backends if name in backend.buckets)
    return bucket.policy.decode() if bucket.policy else None


def _queue(arn: str, account: str, region: str) -> str | None:
    from moto.sqs.models import sqs_backends

    return sqs_backends[account][region].queues[arn.rpartition(":")[2]].policy


def _topic(arn: str, account: str, region: str) -> str | None:
    from moto.sns.models import sns_backends

    # The policy that a topic begins with asks for aws:SourceOwner, a key that AWS's own principals do not show: it lets
    # none of them in, and their permissions come from IAM.
    return sns_backends[account][region].topics[arn].policy


def _key(arn: str, account: str, region: str) -> str | None:
    from moto.kms.models import kms_backends

    return kms_backends[account][region].keys[arn.rpartition("/")[2]].policy


def _grants(arn: str, account: str, region: str) -> Named:
    from moto.kms.models import kms_backends

    from ..kms.grants import grant_policies

    return grant_policies(kms_backends[account][region].keys[arn.rpartition("/")[2]])


def _function(arn: str, account: str, region: str) -> str | None:
    from moto.awslambda.models import lambda_backends

    function = lambda_backends[account][region].get_function(":".join(arn.split(":")[:7]))
    statements = function.policy.statements
    return json.dumps({"Version": "2012-10-17", "Statement": statements}) if statements else None


def _secret(arn: str, account: str, region: str) -> str | None:
    from moto.secretsmanager.models import secretsmanager_backends

    secret = secretsmanager_backends[account][region].secrets[arn]
    # A replica has the policy of its primary secret.
    return getattr(secret, "source", secret).policy


def _file_system(arn: str, account: str, region: str) -> str | None:
    from moto.efs.models import efs_backends

    return efs_backends[account][region].file_systems_by_id[arn.rpartition("/")[2]].file_system_policy


_RESOURCE_POLICIES: dict[str, Callable[[str, str, str], str | None]] = {
    "s3": _bucket,
    "sqs": _queue,
    "sns": _topic,
    "kms": _key,
    "lambda": _function,
    "secretsmanager": _secret,
    "elasticfilesystem": _file_system,
}
