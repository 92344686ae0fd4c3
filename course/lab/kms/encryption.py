"""Encrypt, Decrypt and ReEncrypt, with symmetric keys and with RSA; moto encrypts everything symmetrically.

https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#encrypt_context
"""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from moto.kms.exceptions import InvalidCiphertextException
from moto.kms.models import Key, KmsBackend, kms_backends
from moto.kms.utils import CIPHERTEXT_HEADER_FORMAT, HEADER_LEN, decrypt, encrypt

from course.data import value

from ..gate import Call, Refused, answers, refuses
from .keys import find_key, find_key_or_none
from .states import require_usable

SYMMETRIC = "SYMMETRIC_DEFAULT"
_OAEP = {"RSAES_OAEP_SHA_1": hashes.SHA1, "RSAES_OAEP_SHA_256": hashes.SHA256}


def key_of_ciphertext(backend: KmsBackend, ciphertext: bytes) -> Key | None:
    """The symmetric key that encrypted this, which the ciphertext names; None if it is no such ciphertext."""
    import struct

    if len(ciphertext) <= HEADER_LEN:
        return None
    identifier = struct.unpack(CIPHERTEXT_HEADER_FORMAT, ciphertext[:HEADER_LEN])[0]
    # moto keeps 36 bytes for the id, and the id of a multi-Region key is longer.
    for account in list(kms_backends.values()):
        for key in account[backend.region_name].keys.values() if backend.region_name in account else ():
            if key.id.encode()[: len(identifier)] == identifier:
                return key
    return None


def require_usage(key: Key, usage: str, operation: str) -> None:
    """Raise Refused unless the key is for this."""
    if key.key_usage != usage:
        raise Refused(
            "InvalidKeyUsageException", f"{key.arn} key usage is {key.key_usage} which is not valid for {operation}."
        )


def require_algorithm(key: Key, algorithm: str, allowed: list[str] | None) -> None:
    """Raise Refused unless the key's spec has the algorithm."""
    if algorithm not in (allowed or ()):
        raise Refused(
            "InvalidKeyUsageException", f"Algorithm {algorithm} is incompatible with key spec {key.key_spec}."
        )


def _require_context_fits(key: Key, context: Any) -> None:
    if context and key.key_spec != SYMMETRIC:
        raise Refused("ValidationException", "EncryptionContext is not supported with asymmetric KMS keys.")


def _require_plaintext_fits(key: Key, algorithm: str, plaintext: bytes) -> None:
    if algorithm == SYMMETRIC:
        return
    most = int(key.key_spec.split("_")[1]) // 8 - value(f"kms.encryption.{algorithm.lower().removeprefix('rsaes_')}")
    if len(plaintext) > most:
        raise Refused(
            "ValidationException",
            f"Algorithm {algorithm} and key spec {key.key_spec} cannot encrypt data larger than {most} bytes.",
        )


@refuses("kms", "Encrypt")
def cannot_encrypt(call: Call) -> None:
    """A key for encryption, an algorithm that it has, and not too much."""
    key = find_key(call.backend, call.params["KeyId"])
    algorithm = call.params.get("EncryptionAlgorithm", SYMMETRIC)
    require_usage(key, "ENCRYPT_DECRYPT", "Encrypt")
    require_algorithm(key, algorithm, key.encryption_algorithms)
    _require_context_fits(key, call.params.get("EncryptionContext"))
    _require_plaintext_fits(key, algorithm, call.params["Plaintext"])


@answers("kms", "Encrypt")
def encrypt_(call: Call) -> dict:
    """The ciphertext and the key's ARN, also where the request named an alias."""
    params, key = call.params, find_key(call.backend, call.params["KeyId"])
    algorithm = params.get("EncryptionAlgorithm", SYMMETRIC)
    end_dry_run(params)
    sealed = sealed_with(key, params["Plaintext"], algorithm, params.get("EncryptionContext") or {})
    return {"CiphertextBlob": sealed, "KeyId": key.arn, "EncryptionAlgorithm": algorithm}


@answers("kms", "Decrypt")
def decrypt_(call: Call) -> dict:
    """With the key that the ciphertext names, which must be the one in the request if that names one."""
    params = call.params
    key, opened = _opened(
        call, params["CiphertextBlob"], params.get("KeyId"), params.get("EncryptionAlgorithm", SYMMETRIC),
        params.get("EncryptionContext") or {}, "Decrypt",
    )  # fmt: skip
    end_dry_run(params)
    return {"Plaintext": opened, "KeyId": key.arn, "EncryptionAlgorithm": params.get("EncryptionAlgorithm", SYMMETRIC)}


@answers("kms", "ReEncrypt")
def re_encrypt(call: Call) -> dict:
    """From one key to another; the plaintext stays inside KMS."""
    params = call.params
    first = params.get("SourceEncryptionAlgorithm", SYMMETRIC)
    second = params.get("DestinationEncryptionAlgorithm", SYMMETRIC)
    to = find_key(call.backend, params["DestinationKeyId"])
    context = params.get("DestinationEncryptionContext") or {}
    require_usable(to)
    require_usage(to, "ENCRYPT_DECRYPT", "ReEncrypt")
    require_algorithm(to, second, to.encryption_algorithms)
    _require_context_fits(to, context)
    key, opened = _opened(
        call, params["CiphertextBlob"], params.get("SourceKeyId"), first,
        params.get("SourceEncryptionContext") or {}, "ReEncrypt",
    )  # fmt: skip
    _require_plaintext_fits(to, second, opened)
    end_dry_run(params)
    return {
        "CiphertextBlob": sealed_with(to, opened, second, context),
        "SourceKeyId": key.arn,
        "KeyId": to.arn,
        "SourceEncryptionAlgorithm": first,
        "DestinationEncryptionAlgorithm": second,
    }


def _opened(
    call: Call, ciphertext: bytes, named: str | None, algorithm: str, context: dict, operation: str
) -> tuple[Key, bytes]:
    """The key and the plaintext; Refused for another key, another context, or what is no ciphertext."""
    wanted = find_key(call.backend, named) if named else None
    if algorithm != SYMMETRIC and wanted is None:
        raise Refused("ValidationException", "KeyId is required to decrypt with an asymmetric KMS key.")
    if wanted is not None and wanted.key_spec != SYMMETRIC:
        require_usable(wanted)
        require_usage(wanted, "ENCRYPT_DECRYPT", operation)
        require_algorithm(wanted, algorithm, wanted.encryption_algorithms)
        _require_context_fits(wanted, context)
        return wanted, _opened_with_rsa(wanted, ciphertext, algorithm)
    key = key_of_ciphertext(call.backend, ciphertext)
    if key is None:
        raise Refused("InvalidCiphertextException", "")
    if wanted is not None and wanted is not key:
        raise Refused(
            "IncorrectKeyException",
            "The key ID in the request does not identify a CMK that can perform this operation.",
        )
    require_usable(key)
    require_algorithm(key, algorithm, key.encryption_algorithms)
    try:
        return key, decrypt({key.id[:36]: key}, ciphertext, context)[0]
    except InvalidCiphertextException:
        raise Refused("InvalidCiphertextException", "") from None


def sealed_with(key: Key, plaintext: bytes, algorithm: str, context: dict[str, str]) -> bytes:
    """The ciphertext; a symmetric one names its key."""
    if algorithm == SYMMETRIC:
        return encrypt({key.id[:36]: key}, key.id[:36], plaintext, context)
    hash_ = _OAEP[algorithm]()
    oaep = padding.OAEP(mgf=padding.MGF1(hash_), algorithm=hash_, label=None)
    return key.private_key.private_key.public_key().encrypt(plaintext, oaep)


def _opened_with_rsa(key: Key, ciphertext: bytes, algorithm: str) -> bytes:
    hash_ = _OAEP[algorithm]()
    try:
        return key.private_key.private_key.decrypt(
            ciphertext, padding.OAEP(mgf=padding.MGF1(hash_), algorithm=hash_, label=None)
        )
    except ValueError:
        raise Refused("InvalidCiphertextException", "") from None


def end_dry_run(params: dict[str, Any]) -> None:
    """Raise Refused where a request only asks whether it would succeed."""
    if params.get("DryRun"):
        raise Refused(
            "DryRunOperationException", "The request would have succeeded, but the DryRun option is set.", 412
        )


def authorised_keys(call: Call) -> list[Key]:
    """The keys of a Decrypt or ReEncrypt request for the question whether the caller may: named, or in the ciphertext."""
    named = call.params.get("KeyId") or call.params.get("SourceKeyId")
    found = find_key_or_none(call.backend, named) if named else None
    return [one for one in (found or key_of_ciphertext(call.backend, call.params.get("CiphertextBlob", b"")),) if one]
