"""KMS keys: how a request names one, which kinds there are, and what DescribeKey shows.

https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.kms.models import Key, KmsBackend, kms_backends
from moto.kms.utils import KeySpec

from course.data import value

from ..gate import Call, NotOffline, Refused, answers, refuses, replaces
from .lifetimes import has_material, is_primary, remove_deleted

_KEY_ID = re.compile(r"(mrk-[0-9a-f-]{32,36}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)
_KEY_ARN = re.compile(r"arn:aws[a-z-]*:kms:([a-z0-9-]+):(\d{12}):(key|alias)/(.+)")
_USAGES = {"SYM": "symmetric", "HMA": "hmac", "RSA": "rsa", "ECC": "ecc_nist", "ML_D": "ml_dsa", "ML_K": "ml_kem"}


def find_key(backend: KmsBackend, named: str, aliases: bool = True) -> Key:
    """The key with this id, key ARN, or (where the operation takes them) alias name or alias ARN; Refused if none.

    A key of another account is found by its ARN, in the Region of the request, as on AWS.
    """
    named = named.strip()
    arn = _KEY_ARN.fullmatch(named)
    if named.startswith("arn:"):
        if arn is None:
            raise Refused("InvalidArnException", f"Invalid arn {named}")
        if arn[1] != backend.region_name:
            raise Refused("NotFoundException", f"Invalid arn {arn[1]}")
        if arn[2] in kms_backends:
            backend = kms_backends[arn[2]][arn[1]]
    elif not named.startswith("alias/") and not _KEY_ID.fullmatch(named):
        raise Refused("NotFoundException", f"Invalid keyId '{named}'")
    remove_deleted(backend)
    own = f"arn:aws:kms:{backend.region_name}:{backend.account_id}:"
    if named.startswith("alias/") or (arn and arn[3] == "alias"):
        if not aliases:
            raise Refused("NotFoundException", f"Invalid keyId '{named}'")
        name = f"alias/{arn[4]}" if arn else named
        identifier = backend.get_key_id_from_alias(name)
        if identifier is None:
            raise Refused("NotFoundException", f"Alias {own}{name} is not found.")
        return backend.keys[identifier]
    identifier = arn[4] if arn else named
    if identifier not in backend.keys:
        raise Refused("NotFoundException", f"Key '{named if arn else f'{own}key/{identifier}'}' does not exist")
    return backend.keys[identifier]


def find_key_or_none(backend: KmsBackend, named: str) -> Key | None:
    """The key, or None where a request names none that exists."""
    try:
        return find_key(backend, named)
    except Refused:
        return None


def own_key(call: Call) -> Key:
    """The key of an operation that takes a key id or key ARN and no alias."""
    return find_key(call.backend, call.params["KeyId"], aliases=False)


def usages_of(spec: str) -> list[str]:
    """What a key of this spec can be created for."""
    kind = "ecc_secg" if spec.startswith("ECC_SECG") else _USAGES.get(spec[:3]) or _USAGES.get(spec[:4])
    usages = value(f"kms.keys.usages_{kind}")
    return ["SIGN_VERIFY"] if "EDWARDS" in spec else usages


@refuses("kms", "CreateKey")
def impossible_key(call: Call) -> None:
    """Usage and spec fit together; all but symmetric encryption keys name their usage."""
    params = call.params
    if params.get("KeySpec") and params.get("CustomerMasterKeySpec"):
        raise Refused(
            "ValidationException", "You cannot specify KeySpec and CustomerMasterKeySpec in the same request."
        )
    spec = params.get("KeySpec") or params.get("CustomerMasterKeySpec") or "SYMMETRIC_DEFAULT"
    usage = params.get("KeyUsage")
    if spec in value("kms.keys.only_in_china"):
        raise Refused("UnsupportedOperationException", f"KeySpec {spec} is not supported in this Region.")
    if usage is None and spec != "SYMMETRIC_DEFAULT":
        raise Refused(
            "ValidationException",
            "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.",
        )
    if usage is not None and usage not in usages_of(spec):
        raise Refused("ValidationException", f"KeyUsage {usage} is not compatible with KeySpec {spec}")
    if params.get("Origin") in ("AWS_CLOUDHSM", "EXTERNAL_KEY_STORE") and "CustomKeyStoreId" not in params:
        raise Refused("ValidationException", f"CustomKeyStoreId is required when Origin is {params['Origin']}.")
    if spec not in KeySpec.key_specs():
        raise NotOffline(f"the offline account makes no keys of the spec {spec}")


@refuses("kms", "CreateKey", "TagResource")
def impossible_tags(call: Call) -> None:
    """Keys without the prefix aws:, none twice, at most 50."""
    tags = [one["TagKey"] for one in call.params.get("Tags", ())]
    held: dict[str, str] = {}
    if call.operation == "TagResource":
        held = call.backend.tagger.get_tag_dict_for_resource(own_key(call).id)
    for name in tags:
        if name.lower().startswith("aws:"):
            raise Refused("TagException", f"The tag key {name} is not valid: the prefix aws: is reserved.")
    if len(set(tags)) != len(tags):
        raise Refused("TagException", "Tag keys must be unique.")
    if len({*held, *tags}) > value("kms.tags.per_key"):
        raise Refused("TagException", f"A KMS key has at most {value('kms.tags.per_key')} tags.")


@replaces(Key, "__init__")
def complete_key(moto: Any, key: Key, *args: Any, **kwargs: Any) -> None:
    """moto leaves the usage open, and gives a key without material the state Enabled."""
    moto(key, *args, **kwargs)
    key.key_usage = key.key_usage or "ENCRYPT_DECRYPT"
    if key.origin == "EXTERNAL":
        key.enabled, key.key_state = False, "PendingImport"


@replaces(Key, "encryption_algorithms")
def encryption_algorithms(moto: Any, key: Key) -> list[str] | None:
    """moto names RSA's for every key that does not sign."""
    return moto(key) if key.key_usage == "ENCRYPT_DECRYPT" else None


@replaces(Key, "signing_algorithms")
def signing_algorithms(moto: Any, key: Key) -> list[str] | None:
    """moto gives HMAC keys an empty list."""
    return moto(key) if key.key_usage == "SIGN_VERIFY" else None


def mac_algorithms(key: Key) -> list[str] | None:
    """HMAC_SHA_256 for HMAC_256; None for other keys."""
    return [key.key_spec.replace("HMAC_", "HMAC_SHA_")] if key.key_spec.startswith("HMAC") else None


@replaces(Key, "to_dict")
def described(moto: Any, key: Key) -> dict[str, Any]:
    """Its MAC algorithms too, and no member that the key does not have."""
    metadata = moto(key)["KeyMetadata"]
    metadata["MultiRegion"] = bool(metadata["MultiRegion"])
    metadata["MacAlgorithms"] = mac_algorithms(key)
    if key.multi_region:
        kind = "PRIMARY" if is_primary(key) else "REPLICA"
        metadata["MultiRegionConfiguration"] = {**key.multi_region_configuration, "MultiRegionKeyType": kind}
    if key.key_usage == "KEY_AGREEMENT":
        metadata["KeyAgreementAlgorithms"] = ["ECDH"]
    if key.key_state == "PendingReplicaDeletion":
        metadata["PendingDeletionWindowInDays"] = key.pending_window
    if key.origin == "EXTERNAL" and has_material(key):
        until = getattr(key, "valid_to", None)
        metadata["ValidTo"] = until and until.timestamp()
        metadata["ExpirationModel"] = "KEY_MATERIAL_EXPIRES" if until else "KEY_MATERIAL_DOES_NOT_EXPIRE"
    return {"KeyMetadata": {name: one for name, one in metadata.items() if one is not None}}


@answers("kms", "DescribeKey")
def describe_key(call: Call) -> dict:
    """By id, ARN or alias; moto fails for the ARN of an alias."""
    return find_key(call.backend, call.params["KeyId"]).to_dict()


@answers("kms", "ListKeys")
def list_keys(call: Call) -> dict:
    """The keys of the Region."""
    remove_deleted(call.backend)
    keys = [{"KeyArn": key.arn, "KeyId": key.id} for key in call.backend.list_keys()]
    start, size = int(call.params.get("Marker") or 0), call.params.get("Limit", 100)
    more = {"NextMarker": str(start + size)} if start + size < len(keys) else {}
    return {"Keys": keys[start : start + size], "Truncated": bool(more), **more}


@answers("kms", "UpdateKeyDescription")
def update_description(call: Call) -> dict:
    """Only the description."""
    own_key(call).description = call.params["Description"]
    return {}


@answers("kms", "ListResourceTags")
def list_tags(call: Call) -> dict:
    """The tags of a key."""
    tags = call.backend.tagger.list_tags_for_resource(own_key(call).id)["Tags"]
    return {"Tags": tags, "Truncated": False}
