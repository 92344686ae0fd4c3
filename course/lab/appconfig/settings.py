"""Tags of AppConfig's resources, and the account's deletion protection (shown, not applied).

https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_TagResource.html
"""

from __future__ import annotations

import re

from ..gate import Call, answers, refuses
from .store import not_found, store
from .strategies import predefined


@refuses("appconfig", "TagResource", "UntagResource", "ListTagsForResource")
def unknown_resource(call: Call) -> None:
    """An ARN of something that exists."""
    held, arn = store(call), call.params["ResourceArn"]
    found = re.fullmatch(
        r"arn:aws:appconfig:[^:]+:\d{12}:(application|deploymentstrategy)/([^/]+)(?:/([a-z]+)/([^/]+))?.*", arn
    )
    if not found:
        raise not_found("Resource", arn)
    kind, name, part, inner = found.groups()
    if kind == "deploymentstrategy":
        known = name in held.strategies or name in predefined()
    else:
        application = held.applications.get(name)
        known = application is not None
        if known and part:
            known = inner in {
                "environment": application.environments,
                "configurationprofile": application.profiles,
            }.get(part, {})
    if not known:
        raise not_found("Resource", arn)


@answers("appconfig", "TagResource")
def tag_resource(call: Call) -> dict:
    """Added or overwritten."""
    store(call).tags.setdefault(call.params["ResourceArn"], {}).update(call.params["Tags"])
    return {}


@answers("appconfig", "UntagResource")
def untag_resource(call: Call) -> dict:
    """Taken away."""
    held = store(call).tags.get(call.params["ResourceArn"], {})
    for name in call.params["TagKeys"]:
        held.pop(name, None)
    return {}


@answers("appconfig", "ListTagsForResource")
def list_tags(call: Call) -> dict:
    """Names and values."""
    return {"Tags": store(call).tags.get(call.params["ResourceArn"], {})}


@answers("appconfig", "GetAccountSettings")
def get_settings(call: Call) -> dict:
    """Deletion protection is off unless it was switched on."""
    return {"DeletionProtection": store(call).settings or {"Enabled": False, "ProtectionPeriodInMinutes": 60}}


@answers("appconfig", "UpdateAccountSettings")
def update_settings(call: Call) -> dict:
    """Stored and shown."""
    held = store(call)
    held.settings = {
        "Enabled": False,
        "ProtectionPeriodInMinutes": 60,
        **held.settings,
        **call.params.get("DeletionProtection", {}),
    }
    return {"DeletionProtection": held.settings}
