"""Lists of IAM in pages, which moto gives at once.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html
"""

from __future__ import annotations

import base64
from typing import Any

from ..gate import Call, Refused, corrects

# Operation -> the list in its answer. Roles, policies, attached policies and tags moto gives in pages itself.
_LISTS = {
    "ListUsers": "Users",
    "ListGroups": "Groups",
    "GetGroup": "Users",
    "ListGroupsForUser": "Groups",
    "ListAccessKeys": "AccessKeyMetadata",
    "ListPolicyVersions": "Versions",
    "ListInstanceProfiles": "InstanceProfiles",
    "ListUserPolicies": "PolicyNames",
    "ListGroupPolicies": "PolicyNames",
    "ListRolePolicies": "PolicyNames",
}


@corrects("iam", *_LISTS)
def page(call: Call, result: Any) -> dict | None:
    """At most MaxItems, 100 unless said, and a Marker while there is more."""
    name = _LISTS[call.operation]
    if not isinstance(result, dict):
        return None
    everything, start = list(result.get(name) or []), _start(call.params.get("Marker"))
    end = start + int(call.params.get("MaxItems") or 100)
    if start == 0 and end >= len(everything):
        return None
    shown = {**result, name: everything[start:end], "IsTruncated": end < len(everything)}
    return {**shown, "Marker": base64.b64encode(str(end).encode()).decode()} if end < len(everything) else shown


def _start(marker: str | None) -> int:
    if not marker:
        return 0
    try:
        return int(base64.b64decode(marker, validate=True))
    except ValueError:
        raise Refused("ValidationError", "Invalid Marker.") from None
