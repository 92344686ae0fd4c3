"""Names of users, groups, roles and policies: unique in an account without regard to case; ids that say what they name.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
"""

from __future__ import annotations

from typing import Any

from moto.iam.models import Group, InstanceProfile, User, iam_backends
from moto.iam.utils import generate_access_key_id_from_account_id

from ..gate import Call, Refused, refuses, replaces


def _taken(call: Call, kind: str, wanted: str | None, held: Any, own: str | None = None) -> None:
    if wanted and wanted.lower() in {name.lower() for name in held if name != own}:
        raise Refused("EntityAlreadyExists", f"{kind} with name {wanted} already exists.", 409)


@refuses("iam", "CreateUser", "UpdateUser")
def user_name_taken(call: Call) -> None:
    """EntityAlreadyExists, also for a name that differs in case only, and for a new name."""
    users = iam_backends[call.account_id]["aws"].users
    if call.operation == "CreateUser":
        _taken(call, "User", call.params["UserName"], users)
    else:
        _taken(call, "User", call.params.get("NewUserName"), users, call.params["UserName"])


@refuses("iam", "CreateGroup", "UpdateGroup")
def group_name_taken(call: Call) -> None:
    """EntityAlreadyExists."""
    groups = iam_backends[call.account_id]["aws"].groups
    if call.operation == "CreateGroup":
        _taken(call, "Group", call.params["GroupName"], groups)
    else:
        _taken(call, "Group", call.params.get("NewGroupName"), groups, call.params["GroupName"])


@refuses("iam", "CreateRole")
def role_name_taken(call: Call) -> None:
    """EntityAlreadyExists."""
    held = [role.name for role in iam_backends[call.account_id]["aws"].roles.values()]
    _taken(call, "Role", call.params["RoleName"], held)


@refuses("iam", "CreateInstanceProfile")
def profile_name_taken(call: Call) -> None:
    """EntityAlreadyExists. moto keeps profiles by name."""
    held = [one.name for one in iam_backends[call.account_id]["aws"].instance_profiles.values()]
    name = call.params["InstanceProfileName"]
    if name.lower() in {one.lower() for one in held}:
        raise Refused("EntityAlreadyExists", f"Instance Profile {name} already exists.", 409)


@refuses("iam", "CreateUser", "TagUser", "CreateRole", "TagRole", "CreatePolicy", "TagPolicy", "CreateInstanceProfile")
def tag_twice(call: Call) -> None:
    """InvalidInput: tag keys have no case."""
    keys = [tag["Key"].lower() for tag in call.params.get("Tags", ())]
    if len(keys) > len(set(keys)):
        raise Refused("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")


@replaces(User, "__init__")
def user_id(moto: Any, user: User, account_id: str, *more: Any, **named: Any) -> None:
    moto(user, account_id, *more, **named)
    user.id = generate_access_key_id_from_account_id(account_id, "AIDA", 21)


@replaces(Group, "__init__")
def group_id(moto: Any, group: Group, account_id: str, *more: Any, **named: Any) -> None:
    moto(group, account_id, *more, **named)
    group.id = generate_access_key_id_from_account_id(account_id, "AGPA", 21)


@replaces(InstanceProfile, "__init__")
def profile_id(moto: Any, profile: InstanceProfile, *more: Any, **named: Any) -> None:
    moto(profile, *more, **named)
    profile.id = generate_access_key_id_from_account_id(profile.account_id, "AIPA", 21)
