"""IAM users: the permissions boundary that moto lacks, and what must be gone before a user can be deleted.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.iam.models import User, iam_backends

from ..gate import Call, Refused, answers, corrects, refuses

# How the ids of managed policies begin: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
_POLICY_ID = "ANPA"
_BY_ARN = (
    *("AttachUserPolicy", "AttachGroupPolicy", "AttachRolePolicy"),
    *("DetachUserPolicy", "DetachGroupPolicy", "DetachRolePolicy"),
)


@refuses("iam", "CreateUser", "PutUserPermissionsBoundary", "CreateRole", "PutRolePermissionsBoundary")
def unknown_boundary(call: Call) -> None:
    """A boundary is a managed policy that exists."""
    arn = call.params.get("PermissionsBoundary")
    if arn is not None and arn not in iam_backends[call.account_id]["aws"].managed_policies:
        raise Refused("NoSuchEntity", f"Scope ARN: {arn} does not exist or is not attachable.", 404)


@corrects("iam", "CreateUser")
def boundary_from_the_start(call: Call, result: Any) -> None:
    """moto takes the parameter and forgets it."""
    if call.params.get("PermissionsBoundary"):
        _set(_user(call), call.params["PermissionsBoundary"])


@answers("iam", "PutUserPermissionsBoundary")
def put_user_permissions_boundary(call: Call) -> dict:
    _set(_user(call), call.params["PermissionsBoundary"])
    return {}


@answers("iam", "DeleteUserPermissionsBoundary")
def delete_user_permissions_boundary(call: Call) -> dict:
    user = _user(call)
    if getattr(user, "permissions_boundary_arn", None) is None:
        raise Refused("NoSuchEntity", f"The user {user.name} does not have a permissions boundary.", 404)
    _set(user, None)
    return {}


@refuses("iam", "DeleteUser")
def user_in_use(call: Call) -> None:
    """DeleteConflict: the console deletes these along with the user, the API does not."""
    user = _user(call)
    backend = iam_backends[call.account_id]["aws"]
    reasons = {
        "must detach all policies first.": user.managed_policies,
        "must delete policies first.": user.policies,
        "must remove users from group first.": [one for one in backend.groups.values() if user in one.users],
        "must delete access keys first.": user.access_keys,
        "must delete MFA device first.": user.mfa_devices,
        "must delete login profile first.": user.password,
        "must delete signing certificates first.": user.signing_certificates,
        "must delete SSH public keys first.": user.ssh_public_keys,
    }
    for reason, held in reasons.items():
        if held:
            raise Refused("DeleteConflict", f"Cannot delete entity, {reason}", 409)


@refuses("iam", "DeletePolicy")
def policy_in_use(call: Call) -> None:
    """DeleteConflict while it is attached, or has more versions than the default one."""
    backend = iam_backends[call.account_id]["aws"]
    policy = backend.managed_policies.get(call.params["PolicyArn"])
    if policy is None:
        return
    holders = [*backend.users.values(), *backend.roles.values(), *backend.groups.values()]
    if any(policy.arn in holder.managed_policies for holder in holders) or _bounded_by(backend, policy.arn):
        raise Refused("DeleteConflict", "Cannot delete a policy attached to entities.", 409)
    if len(policy.versions) > 1:
        message = "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy."
        raise Refused("DeleteConflict", message, 409)


def _bounded_by(backend: Any, arn: str) -> int:
    """How many users and roles have the policy as their boundary."""
    holders = [*backend.users.values(), *backend.roles.values()]
    return sum(_boundary_of(one) == arn for one in holders)


def _boundary_of(holder: Any) -> str | None:
    return getattr(holder, "permissions_boundary_arn", None)


@corrects("iam", "CreatePolicy", "GetPolicy")
def used_as_boundary(call: Call, result: Any) -> dict:
    """moto does not count."""
    policy, backend = result["Policy"], iam_backends[call.account_id]["aws"]
    if call.operation == "CreatePolicy" and not policy.id.startswith(_POLICY_ID):
        policy.id = _POLICY_ID + policy.id[:17]
    policy.permissions_boundary_usage_count = _bounded_by(backend, policy.arn)
    return {"Policy": policy}


@corrects("iam", "UpdateUser")
def keys_of_the_new_name(call: Call, result: Any) -> None:
    """The access keys go with the user; moto leaves the old name on them."""
    name = call.params.get("NewUserName")
    for key in iam_backends[call.account_id]["aws"].users[name].access_keys if name else ():
        key.user_name = name


@refuses("iam", *_BY_ARN)
def no_policy_arn(call: Call) -> None:
    """InvalidInput for an ARN that is none; one that is well-formed may still not be there."""
    arn = call.params.get("PolicyArn") or ""
    if not re.fullmatch(r"arn:aws[\w-]*:iam::(\d{12}|aws):policy/.+", arn):
        raise Refused("InvalidInput", f"ARN {arn} is not valid.")


def _user(call: Call) -> User:
    name = call.params["UserName"]
    users = iam_backends[call.account_id]["aws"].users
    if name not in users:
        raise Refused("NoSuchEntity", f"The user with name {name} cannot be found.", 404)
    return users[name]


def _set(user: User, arn: str | None) -> None:
    # The names that moto's roles have, from which its answers are written.
    user.permissions_boundary_arn = arn
    user.permissions_boundary = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn} if arn else None
