"""Encrypt, Decrypt, ReEncrypt and data keys, with symmetric keys and with RSA; moto encrypts everything symmetrically.

https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#encrypt_context
https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html
"""

from __future__ import annotations

import os
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from moto.kms.exceptions import InvalidCiphertextException
from moto.kms.models import Key, KmsBackend, kms_backends
from moto.kms.utils import CIPHERTEXT_HEADER_FORMAT, HEADER_LEN, decrypt, encrypt, generate_private_key

from course.data import value

from ..gate import Call, NotOffline, Refused, answers, refuses
from .keys import find_key, find_key_or_none
from .states import require_usable

SYMMETRIC = "SYMMETRIC_DEFAULT"
_DATA_KEYS = (
    *("GenerateDataKey", "GenerateDataKeyWithoutPlaintext"),
    *("GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext"),
)
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
    _end_dry_run(params)
    sealed = _sealed(key, params["Plaintext"], algorithm, params.get("EncryptionContext") or {})
    return {"CiphertextBlob": sealed, "KeyId": key.arn, "EncryptionAlgorithm": algorithm}


@answers("kms", "Decrypt")
def decrypt_(call: Call) -> dict:
    """With the key that the ciphertext names, which must be the one in the request if that names one."""
    params = call.params
    key, opened = _opened(
        call, params["CiphertextBlob"], params.get("KeyId"), params.get("EncryptionAlgorithm", SYMMETRIC),
        params.get("EncryptionContext") or {}, "Decrypt",
    )  # fmt: skip
    _end_dry_run(params)
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
    _end_dry_run(params)
    return {
        "CiphertextBlob": _sealed(to, opened, second, context),
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


def _sealed(key: Key, plaintext: bytes, algorithm: str, context: dict[str, str]) -> bytes:
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


@refuses("kms", *_DATA_KEYS)
def cannot_make_a_data_key(call: Call) -> None:
    """A symmetric encryption key, and one length."""
    key = find_key(call.backend, call.params["KeyId"])
    require_usage(key, "ENCRYPT_DECRYPT", call.operation)
    if key.key_spec != SYMMETRIC:
        raise Refused(
            "InvalidKeyUsageException", f"{key.arn} key spec is {key.key_spec} which is not valid for {call.operation}."
        )
    if "Pair" not in call.operation and ("KeySpec" in call.params) == ("NumberOfBytes" in call.params):
        raise Refused("ValidationException", "Please specify either number of bytes or key spec.")


@answers("kms", "GenerateDataKey")
def generate_data_key(call: Call) -> dict:
    """A key to encrypt data with outside KMS, in plaintext and encrypted."""
    params, key = call.params, find_key(call.backend, call.params["KeyId"])
    length = params.get("NumberOfBytes") or int(params["KeySpec"].removeprefix("AES_")) // 8
    _end_dry_run(params)
    plaintext = os.urandom(length)
    sealed = _sealed(key, plaintext, SYMMETRIC, params.get("EncryptionContext") or {})
    return {"CiphertextBlob": sealed, "Plaintext": plaintext, "KeyId": key.arn}


@answers("kms", "GenerateDataKeyWithoutPlaintext")
def generate_data_key_without_plaintext(call: Call) -> dict:
    """The encrypted key alone."""
    made = generate_data_key(call)
    del made["Plaintext"]
    return made


@answers("kms", "GenerateDataKeyPair")
def generate_data_key_pair(call: Call) -> dict:
    """A key pair to use outside KMS; the private key also encrypted."""
    params, key = call.params, find_key(call.backend, call.params["KeyId"])
    spec = params["KeyPairSpec"]
    if not spec.startswith(("RSA_", "ECC_NIST_P", "ECC_SECG")):
        raise NotOffline(f"the offline account makes no data key pairs of the spec {spec}")
    _end_dry_run(params)
    pair = generate_private_key(spec)
    private = pair.private_key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {
        "PrivateKeyCiphertextBlob": _sealed(key, private, SYMMETRIC, params.get("EncryptionContext") or {}),
        "PrivateKeyPlaintext": private,
        "PublicKey": pair.public_key(),
        "KeyId": key.arn,
        "KeyPairSpec": spec,
    }


@answers("kms", "GenerateDataKeyPairWithoutPlaintext")
def generate_data_key_pair_without_plaintext(call: Call) -> dict:
    """Without the private key in plaintext."""
    made = generate_data_key_pair(call)
    del made["PrivateKeyPlaintext"]
    return made


def _end_dry_run(params: dict[str, Any]) -> None:
    if params.get("DryRun"):
        raise Refused(
            "DryRunOperationException", "The request would have succeeded, but the DryRun option is set.", 412
        )


def authorised_keys(call: Call) -> list[Key]:
    """The keys of a Decrypt or ReEncrypt request for the question whether the caller may: named, or in the ciphertext."""
    named = call.params.get("KeyId") or call.params.get("SourceKeyId")
    found = find_key_or_none(call.backend, named) if named else None
    return [one for one in (found or key_of_ciphertext(call.backend, call.params.get("CiphertextBlob", b"")),) if one]
