"""Deletion of a key after a waiting period, and keys that are switched off and on.

https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
"""

from __future__ import annotations

from datetime import timedelta

from course.data import value

from ..gate import Call, Refused, answers, refuses
from ..iam.context import now
from .keys import own_key
from .lifetimes import has_material, is_primary


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
    """The key is of no use from now on, and gone when the waiting period is over.

    The waiting period of a primary multi-Region key begins when the last of its replicas is gone.
    """
    key, days = own_key(call), call.params.get("PendingWindowInDays", value("kms.deletion.default_days"))
    if key.multi_region and is_primary(key) and key.multi_region_configuration["ReplicaKeys"]:
        key.enabled, key.key_state, key.pending_window = False, "PendingReplicaDeletion", days
        return {"KeyId": key.arn, "KeyState": key.key_state, "PendingWindowInDays": days}
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
    """The key is disabled afterwards, or waits for its material again."""
    key = own_key(call)
    key.key_state, key.deletion_date, key.enabled = "Disabled" if has_material(key) else "PendingImport", None, False
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
