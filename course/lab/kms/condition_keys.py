"""What a policy can ask about a request to AWS KMS: kms:EncryptionContext:..., kms:ViaService, kms:KeySpec and others.

https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.kms.models import Key

from ..gate import Call
from .encryption import authorised_keys
from .keys import find_key_or_none

_PARAMETERS = {
    "kms:BypassPolicyLockoutSafetyCheck": "BypassPolicyLockoutSafetyCheck",
    "kms:ScheduleKeyDeletionPendingWindowInDays": "PendingWindowInDays",
    "kms:RotationPeriodInDays": "RotationPeriodInDays",
    "kms:EncryptionAlgorithm": "EncryptionAlgorithm",
    "kms:SigningAlgorithm": "SigningAlgorithm",
    "kms:MacAlgorithm": "MacAlgorithm",
    "kms:MessageType": "MessageType",
    "kms:DataKeyPairSpec": "KeyPairSpec",
    "kms:GrantOperations": "Operations",
    "kms:GranteePrincipal": "GranteePrincipal",
    "kms:RetiringPrincipal": "RetiringPrincipal",
    "kms:ReplicaRegion": "ReplicaRegion",
    "kms:PrimaryRegion": "PrimaryRegion",
    "kms:KeyAgreementAlgorithm": "KeyAgreementAlgorithm",
    "kms:WrappingAlgorithm": "WrappingAlgorithm",
    "kms:WrappingKeySpec": "WrappingKeySpec",
    "kms:ExpirationModel": "ExpirationModel",
}


def request_keys(call: Call) -> dict[str, Any]:
    """Keys from the parameters of a request to AWS KMS."""
    params = call.params
    keys = {key: params.get(name) for key, name in _PARAMETERS.items()}
    keys["kms:CallerAccount"] = call.account_id
    keys.update(context_keys(params.get("EncryptionContext") or params.get("SourceEncryptionContext") or {}))
    named = params.get("KeyId", "")
    if ":alias/" in named or named.startswith("alias/"):
        keys["kms:RequestAlias"] = f"alias/{named.partition('alias/')[2]}"
    if call.operation in ("Encrypt", "Decrypt"):
        keys["kms:EncryptionAlgorithm"] = params.get("EncryptionAlgorithm", "SYMMETRIC_DEFAULT")
    elif call.operation == "CreateGrant":
        keys["kms:GrantIsForAWSResource"] = False
        keys["kms:GrantConstraintType"] = next(iter(params.get("Constraints") or {}), None)
    elif call.operation == "CreateKey":
        keys["kms:KeySpec"] = params.get("KeySpec") or params.get("CustomerMasterKeySpec") or "SYMMETRIC_DEFAULT"
        keys["kms:KeyUsage"] = params.get("KeyUsage", "ENCRYPT_DECRYPT")
        keys["kms:KeyOrigin"] = params.get("Origin", "AWS_KMS")
        keys["kms:MultiRegion"] = bool(params.get("MultiRegion"))
    elif call.operation in ("PutKeyPolicy", "GetKeyPolicy"):
        keys["kms:PolicyName"] = params.get("PolicyName", "default")
    return keys


def context_keys(context: dict[str, str]) -> dict[str, Any]:
    """Keys of an encryption context."""
    keys: dict[str, Any] = {f"kms:EncryptionContext:{name}": one for name, one in context.items()}
    if context:
        keys["kms:EncryptionContextKeys"] = list(context)
    return keys


def keys_of_key(key: Key) -> dict[str, Any]:
    """Keys that say what a KMS key is."""
    return {
        "kms:KeySpec": key.key_spec,
        "kms:KeyUsage": key.key_usage,
        "kms:KeyOrigin": key.origin,
        "kms:MultiRegion": bool(key.multi_region),
        "kms:ResourceAliases": list(key.aliases) or None,
    }


def arns_of(call: Call) -> Iterator[str]:
    """The aliases and keys that a request is about: by id, ARN or alias, or in a ciphertext."""
    params = call.params
    if params.get("AliasName"):
        yield f"arn:aws:kms:{call.region}:{call.account_id}:{params['AliasName']}"
        current = find_key_or_none(call.backend, params["AliasName"])
        if current is not None and call.operation in ("UpdateAlias", "DeleteAlias"):
            yield current.arn
    if call.operation == "Decrypt":
        yield from (key.arn for key in authorised_keys(call))
    for named in (params.get("KeyId"), params.get("TargetKeyId")):
        if named and call.operation != "ListAliases":
            yield arn_of(call, named)
    if call.operation == "RetireGrant" and params.get("GrantToken"):
        for key in call.backend.keys.values():
            if any(one.token == params["GrantToken"] for one in key.grants.values()):
                yield key.arn


def arn_of(call: Call, named: str) -> str:
    """The ARN of a key named in a request; what it would be for one that is not there."""
    key = find_key_or_none(call.backend, named)
    if key is not None:
        return key.arn
    return named if named.startswith("arn:") else f"arn:aws:kms:{call.region}:{call.account_id}:key/{named}"


def key_by_arn(call: Call, arn: str) -> Key | None:
    """The key with this ARN, of any account; None if there is none."""
    return find_key_or_none(call.backend_of("kms"), arn) if ":key/" in arn else None


def re_encryption(call: Call) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The two questions of ReEncrypt: (action, ARN of the key, keys)."""
    to = find_key_or_none(call.backend, call.params["DestinationKeyId"])
    for key in authorised_keys(call):
        same = to is not None and to is key
        context = context_keys(call.params.get("SourceEncryptionContext") or {})
        yield "kms:ReEncryptFrom", key.arn, {**context, "kms:ReEncryptOnSameKey": same}
    context = context_keys(call.params.get("DestinationEncryptionContext") or {})
    yield "kms:ReEncryptTo", arn_of(call, call.params["DestinationKeyId"]), context
