"""Rotation of key material: automatic for symmetric encryption keys, with a period, and on demand.

https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from moto.kms.models import Key

from course.data import value

from ..gate import Call, Refused, answers, refuses
from ..iam.context import now
from .keys import own_key


@refuses("kms", "EnableKeyRotation", "DisableKeyRotation", "RotateKeyOnDemand", "GetKeyRotationStatus")
def not_rotated(call: Call) -> None:
    """Only symmetric encryption keys with material of AWS KMS are rotated."""
    key = own_key(call)
    if key.key_spec != "SYMMETRIC_DEFAULT":
        raise Refused(
            "UnsupportedOperationException",
            f"{key.arn} key spec is {key.key_spec} which is not valid for {call.operation}.",
        )
    if key.origin != "AWS_KMS" and call.operation != "RotateKeyOnDemand":
        raise Refused(
            "UnsupportedOperationException", f"{key.arn} origin is {key.origin} which is not valid for this operation."
        )


@refuses("kms", "RotateKeyOnDemand")
def too_many_rotations(call: Call) -> None:
    """On demand at most 25 times per key."""
    key, most = own_key(call), value("kms.rotation.on_demand")
    if len(key.rotations) >= most:
        raise Refused(
            "LimitExceededException", f"{key.arn} was rotated on demand {most} times, the most a KMS key can be."
        )


@answers("kms", "EnableKeyRotation")
def enable_rotation(call: Call) -> dict:
    """The first rotation comes one period from now; moto knows no period."""
    key = own_key(call)
    # Enabled again without a period, a key gets the default one.
    key.rotation_period = call.params.get("RotationPeriodInDays", value("kms.rotation.default_days"))
    key.key_rotation_status, key.rotation_from = True, now()
    return {}


@answers("kms", "DisableKeyRotation")
def disable_rotation(call: Call) -> dict:
    """Without automatic rotation."""
    own_key(call).key_rotation_status = False
    return {}


@answers("kms", "GetKeyRotationStatus")
def rotation_status(call: Call) -> dict:
    """Whether, how often, and when next."""
    key = own_key(call)
    shown: dict[str, Any] = {"KeyRotationEnabled": key.key_rotation_status, "KeyId": key.arn}
    if key.key_rotation_status:
        period, due = _period(key), _first(key)
        while due <= now():
            due += timedelta(days=period)
        shown |= {"RotationPeriodInDays": period, "NextRotationDate": due}
    return shown


@answers("kms", "RotateKeyOnDemand")
def rotate_now(call: Call) -> dict:
    """New material at once; what was encrypted with the old one is still decrypted."""
    key = own_key(call)
    key.rotations.append({"KeyId": key.id, "RotationDate": now(), "RotationType": "ON_DEMAND"})
    return {"KeyId": key.id}


@answers("kms", "ListKeyRotations")
def list_rotations(call: Call) -> dict:
    """Completed rotations, on demand and automatic ones."""
    key = own_key(call)
    done = list(key.rotations)
    if key.key_rotation_status:
        due = _first(key)
        while due <= now():
            done.append({"KeyId": key.id, "RotationDate": due, "RotationType": "AUTOMATIC"})
            due += timedelta(days=_period(key))
    return {"Rotations": sorted(done, key=lambda one: one["RotationDate"]), "Truncated": False}


def _period(key: Key) -> int:
    return getattr(key, "rotation_period", value("kms.rotation.default_days"))


def _first(key: Key) -> datetime:
    begun = getattr(key, "rotation_from", None) or datetime.fromtimestamp(key.creation_date, now().tzinfo)
    return begun + timedelta(days=_period(key))
