"""How much fits on a user, a group or a role, and when a group can be deleted.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

from typing import Any

from moto.iam.models import iam_backends

from course.data import value

from ..gate import Call, Refused, refuses

_KINDS = {"User": "users", "Group": "groups", "Role": "roles"}


def _holder(call: Call, kind: str) -> Any:
    """The user, group or role that the call names, None if it is not there."""
    name = call.params[f"{kind}Name"]
    held = getattr(iam_backends[call.account_id]["aws"], _KINDS[kind]).values()
    return next((one for one in held if one.name == name), None)


@refuses("iam", "AttachUserPolicy", "AttachGroupPolicy", "AttachRolePolicy")
def managed_policies_per_holder(call: Call) -> None:
    """LimitExceeded for one more managed policy than fits; one that is attached already may be attached again."""
    kind = call.operation.removeprefix("Attach").removesuffix("Policy")
    holder, limit = _holder(call, kind), value(f"iam.quotas.policies_per_{kind.lower()}")
    if holder is None or call.params["PolicyArn"] in holder.managed_policies:
        return
    if len(holder.managed_policies) >= limit:
        raise Refused("LimitExceeded", f"Cannot exceed quota for PoliciesPer{kind}: {limit}", 409)


@refuses("iam", "PutUserPolicy", "PutGroupPolicy", "PutRolePolicy")
def inline_policies_together(call: Call) -> None:
    """LimitExceeded when all inline policies of a user, group or role together are too large."""
    kind = call.operation.removeprefix("Put").removesuffix("Policy")
    holder, limit = _holder(call, kind), value(f"iam.policy_size.{kind.lower()}")
    if holder is None:
        return
    texts = {**holder.policies, call.params["PolicyName"]: call.params["PolicyDocument"]}
    if sum(len("".join(str(text).split())) for text in texts.values()) > limit:
        message = f"Maximum policy size of {limit} bytes exceeded for {kind.lower()} {holder.name}"
        raise Refused("LimitExceeded", message, 409)


@refuses("iam", "AddUserToGroup")
def groups_per_user(call: Call) -> None:
    """A user is in ten groups at most."""
    groups, name = iam_backends[call.account_id]["aws"].groups, call.params["UserName"]
    held = [one.name for one in groups.values() if name in {user.name for user in one.users}]
    limit = value("iam.quotas.groups_per_user")
    if len(held) >= limit and call.params["GroupName"] in groups and call.params["GroupName"] not in held:
        raise Refused("LimitExceeded", f"Cannot exceed quota for GroupsPerUser: {limit}", 409)


@refuses("iam", "DeleteGroup")
def group_in_use(call: Call) -> None:
    """DeleteConflict: users and policies must be gone first."""
    group = iam_backends[call.account_id]["aws"].groups.get(call.params["GroupName"])
    if group is None:
        return
    reasons = {
        "must remove users from group first.": group.users,
        "must detach all policies first.": group.managed_policies,
        "must delete policies first.": group.policies,
    }
    for reason, held in reasons.items():
        if held:
            raise Refused("DeleteConflict", f"Cannot delete entity, {reason}", 409)
