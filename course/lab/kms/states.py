"""Key states: what a disabled key, one that waits for its deletion, or one without material refuses.

https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
"""

from __future__ import annotations

from moto.kms.models import Key

from ..gate import Call, Refused, refuses
from .keys import find_key, own_key

_USES = (
    *("Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "GenerateDataKeyPair"),
    *("GenerateDataKeyPairWithoutPlaintext", "Sign", "Verify", "GenerateMac", "VerifyMac", "GetPublicKey"),
    "DeriveSharedSecret",
)
_ROTATION = ("EnableKeyRotation", "DisableKeyRotation", "RotateKeyOnDemand")
_CHANGES = ("EnableKey", "DisableKey", "ScheduleKeyDeletion", "TagResource", "UntagResource", "UpdateKeyDescription")


def require_usable(key: Key) -> None:
    """Raise Refused unless the key is enabled."""
    require_not_pending_deletion(key)
    if key.key_state == "PendingImport":
        raise Refused("KMSInvalidStateException", f"{key.arn} is pending import.")
    if not key.enabled:
        raise Refused("DisabledException", f"{key.arn} is disabled.")


def require_not_pending_deletion(key: Key) -> None:
    """Raise Refused for a key that waits for its deletion."""
    if key.key_state == "PendingDeletion":
        raise Refused("KMSInvalidStateException", f"{key.arn} is pending deletion.")
    if key.key_state == "PendingReplicaDeletion":
        raise Refused("KMSInvalidStateException", f"{key.arn} is pending replica deletion.")


@refuses("kms", *_USES)
def unusable_key(call: Call) -> None:
    """DisabledException or KMSInvalidStateException for what uses the key's material."""
    require_usable(find_key(call.backend, call.params["KeyId"]))


@refuses("kms", "CreateGrant", *_ROTATION)
def unusable_own_key(call: Call) -> None:
    """The same for a grant and for rotation, which take no alias."""
    require_usable(own_key(call))


@refuses("kms", *_CHANGES)
def change_of_a_dying_key(call: Call) -> None:
    """A key that waits for its deletion is not changed, and not scheduled a second time."""
    key = own_key(call)
    require_not_pending_deletion(key)
    if call.operation in ("EnableKey", "DisableKey") and key.key_state == "PendingImport":
        raise Refused("KMSInvalidStateException", f"{key.arn} is pending import.")


@refuses("kms", "CancelKeyDeletion")
def nothing_to_cancel(call: Call) -> None:
    """Only a scheduled deletion is cancelled."""
    key = own_key(call)
    if not key.key_state.endswith("Deletion"):
        raise Refused("KMSInvalidStateException", f"{key.arn} is not pending deletion.")
