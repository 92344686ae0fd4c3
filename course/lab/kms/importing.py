"""Key material of the customer's own: parameters to wrap it, its import, its expiry and its deletion.

https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html
https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from cryptography.hazmat.primitives import hashes, keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from moto.kms.models import Key

from course.data import value

from ..gate import Call, NotOffline, Refused, answers, refuses
from ..iam.context import now
from ..ids import stream
from .keys import own_key
from .lifetimes import has_material, without_material
from .states import require_not_pending_deletion

_OPERATIONS = ("GetParametersForImport", "ImportKeyMaterial", "DeleteImportedKeyMaterial")


class Wrapping(NamedTuple):
    """What GetParametersForImport has promised for one token."""

    private: rsa.RSAPrivateKey
    algorithm: str
    until: datetime


@refuses("kms", *_OPERATIONS)
def other_origin(call: Call) -> None:
    """Only a key of the origin EXTERNAL takes material, and none that waits for its deletion."""
    key = own_key(call)
    if key.origin != "EXTERNAL":
        raise Refused(
            "UnsupportedOperationException", f"{key.arn} origin is {key.origin} which is not valid for this operation."
        )
    if call.operation != "DeleteImportedKeyMaterial":
        require_not_pending_deletion(key)


@refuses("kms", "GetParametersForImport")
def unsupported_wrapping(call: Call) -> None:
    """SM2 is for China, and RSAES_PKCS1_V1_5 was taken out of service in 2023; the code for that is not documented."""
    key, algorithm = own_key(call), call.params["WrappingAlgorithm"]
    if "SM2" in algorithm + call.params["WrappingKeySpec"] or algorithm == "RSAES_PKCS1_V1_5":
        raise Refused("UnsupportedOperationException", f"Wrapping algorithm {algorithm} is not supported.")
    if key.key_spec.startswith(("RSA", "ECC")):
        raise NotOffline(f"the offline account imports no material of the spec {key.key_spec}")


@answers("kms", "GetParametersForImport")
def parameters_for_import(call: Call) -> dict:
    """A public key to wrap the material with, and the token that belongs to it, for 24 hours."""
    key, params = own_key(call), call.params
    bits = int(params["WrappingKeySpec"].removeprefix("RSA_"))
    private = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    token = stream("kms import tokens").randbytes(128)
    until = now() + timedelta(hours=value("kms.importing.parameters"))
    key.import_parameters = {
        **getattr(key, "import_parameters", {}),
        token: Wrapping(private, params["WrappingAlgorithm"], until),
    }
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return {
        "KeyId": key.arn,
        "ImportToken": token,
        "PublicKey": private.public_key().public_bytes(serialization.Encoding.DER, form),
        "ParametersValidTo": until,
    }


@refuses("kms", "ImportKeyMaterial")
def impossible_expiry(call: Call) -> None:
    """Material expires in the next 365 days, or it is said that it does not."""
    expires, until = call.params.get("ExpirationModel", "KEY_MATERIAL_EXPIRES"), call.params.get("ValidTo")
    if expires == "KEY_MATERIAL_EXPIRES" and until is None:
        raise Refused(
            "ValidationException", "A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES"
        )
    if expires != "KEY_MATERIAL_EXPIRES" and until is not None:
        raise Refused(
            "ValidationException", "A validTo date cannot be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE"
        )
    most = value("kms.importing.days")
    if until is not None and not now() < _moment(until) <= now() + timedelta(days=most):
        raise Refused("ValidationException", f"ValidTo must be in the future, at most {most} days from now.")


@refuses("kms", "ImportKeyMaterial")
def wrong_material(call: Call) -> None:
    """The token of this key, not expired; material wrapped for it, of the right length, and the same as before."""
    key = own_key(call)
    wrapping = getattr(key, "import_parameters", {}).get(call.params["ImportToken"])
    if wrapping is None:
        raise Refused("InvalidImportTokenException", "")
    if wrapping.until <= now():
        raise Refused("ExpiredImportTokenException", "")
    material, kind = _unwrapped(wrapping, call.params["EncryptedKeyMaterial"]), call.params.get("ImportType")
    if len(material) != _length(key):
        raise Refused("IncorrectKeyMaterialException", "")
    before = getattr(key, "imported", None)
    if before is not None and kind == "NEW_KEY_MATERIAL":
        raise NotOffline("the offline account keeps one imported key material for each KMS key")
    if before not in (None, material) or (before is None and kind == "EXISTING_KEY_MATERIAL"):
        raise Refused("IncorrectKeyMaterialException", "")


@answers("kms", "ImportKeyMaterial")
def import_material(call: Call) -> dict:
    """The key is enabled if it was waiting for its material."""
    key, params = own_key(call), call.params
    token = getattr(key, "import_parameters", {})[params["ImportToken"]]
    key.imported = key.key_material = _unwrapped(token, params["EncryptedKeyMaterial"])
    key.valid_to = _moment(params["ValidTo"]) if "ValidTo" in params else None
    if key.key_state == "PendingImport":
        key.key_state, key.enabled = "Enabled", True
    key.has_material = True
    return {"KeyId": key.arn, "KeyMaterialId": _material_id(key)}


@answers("kms", "DeleteImportedKeyMaterial")
def delete_material(call: Call) -> dict:
    """The key is of no use until the same material is imported again."""
    key = own_key(call)
    shown = {"KeyId": key.arn, **({"KeyMaterialId": _material_id(key)} if has_material(key) else {})}
    without_material(key)
    return shown


def _unwrapped(wrapping: Wrapping, sealed: bytes) -> bytes:
    hash_ = hashes.SHA1() if wrapping.algorithm.endswith("_1") else hashes.SHA256()
    oaep: Any = padding.OAEP(mgf=padding.MGF1(hash_), algorithm=hash_, label=None)
    head = wrapping.private.key_size // 8
    try:
        if wrapping.algorithm.startswith("RSA_AES"):
            return keywrap.aes_key_unwrap_with_padding(wrapping.private.decrypt(sealed[:head], oaep), sealed[head:])
        return wrapping.private.decrypt(sealed, oaep)
    except (ValueError, keywrap.InvalidUnwrap):
        raise Refused("InvalidCiphertextException", "") from None


def _length(key: Key) -> int:
    """Bytes: 32 for a symmetric encryption key, the length of its hash for an HMAC key."""
    return int(key.key_spec.removeprefix("HMAC_")) // 8 if key.key_spec.startswith("HMAC") else 32


def _material_id(key: Key) -> str:
    return hashlib.sha256(key.id.encode() + key.imported).hexdigest()


def _moment(when: Any) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=now().tzinfo)
