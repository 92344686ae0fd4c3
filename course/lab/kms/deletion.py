"""Deletion of a key after a waiting period, and keys that are switched off and on.

https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
"""

from __future__ import annotations

from datetime import timedelta

from course.data import value

from ..gate import Call, Refused, answers, refuses
from ..iam.context import now
from .keys import own_key


@refuses("kms", "ScheduleKeyDeletion")
def waiting_period(call: Call) -> None:
    """From 7 to 30 days."""
    days = call.params.get("PendingWindowInDays")
    least, most = value("kms.deletion.days")
    if days is not None and not least <= days <= most:
        raise Refused(
            "ValidationException", f"PendingWindowInDays must be between {least} and {most} days, inclusive, not {days}"
        )


@answers("kms", "ScheduleKeyDeletion")
def schedule_deletion(call: Call) -> dict:
    """The key is of no use from now on, and gone when the waiting period is over."""
    key, days = own_key(call), call.params.get("PendingWindowInDays", value("kms.deletion.default_days"))
    key.enabled, key.key_state = False, "PendingDeletion"
    key.deletion_date = now().replace(tzinfo=None) + timedelta(days=days)
    return {
        "KeyId": key.arn,
        "DeletionDate": key.deletion_date,
        "KeyState": "PendingDeletion",
        "PendingWindowInDays": days,
    }


@answers("kms", "CancelKeyDeletion")
def cancel_deletion(call: Call) -> dict:
    """The key is disabled afterwards."""
    key = own_key(call)
    key.key_state, key.deletion_date, key.enabled = "Disabled", None, False
    return {"KeyId": key.arn}


@answers("kms", "EnableKey")
def enable_key(call: Call) -> dict:
    """moto takes no ARN here."""
    key = own_key(call)
    key.key_state, key.enabled = "Enabled", True
    return {}


@answers("kms", "DisableKey")
def disable_key(call: Call) -> dict:
    """moto takes no ARN here."""
    key = own_key(call)
    key.key_state, key.enabled = "Disabled", False
    return {}
