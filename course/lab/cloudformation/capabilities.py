"""What a template needs to be acknowledged: IAM resources, named ones, and transforms that add what one has not seen.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
"""

from __future__ import annotations

from typing import Any

# The types that the page names for CAPABILITY_IAM, and which property gives them a name of their own.
_IAM = {
    "AWS::IAM::AccessKey": None,
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::GroupPolicy": None,
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Policy": None,
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::RolePolicy": None,
    "AWS::IAM::User": "UserName",
    "AWS::IAM::UserPolicy": None,
    "AWS::IAM::UserToGroupAddition": None,
}
IAM, NAMED_IAM, AUTO_EXPAND = "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"


def needed(template: dict[str, Any]) -> tuple[list[str], list[str]]:
    """(capabilities, the resource types that need them) of a template without its transforms."""
    found, types = [], []
    for resource in template.get("Resources", {}).values():
        kind = resource.get("Type") if isinstance(resource, dict) else None
        if kind in _IAM:
            types.append(kind)
            named = _IAM[kind] is not None and _IAM[kind] in resource.get("Properties", {})
            found.append(NAMED_IAM if named else IAM)
    if NAMED_IAM in found:
        return [NAMED_IAM], list(dict.fromkeys(types))
    return list(dict.fromkeys(found)), list(dict.fromkeys(types))


def lacking(wanted: list[str], given: list[str]) -> list[str]:
    """Which of the capabilities wanted a caller has not acknowledged; the named one includes the other."""
    return [one for one in wanted if one not in given and not (one == IAM and NAMED_IAM in given)]
