"""Data keys and data key pairs: made by KMS, used outside it, kept encrypted under a symmetric key.

https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html
"""

from __future__ import annotations

import os

from cryptography.hazmat.primitives import serialization
from moto.kms.utils import generate_private_key

from ..gate import Call, NotOffline, Refused, answers, refuses
from .encryption import SYMMETRIC, end_dry_run, require_usage, sealed_with
from .keys import find_key

_DATA_KEYS = (
    *("GenerateDataKey", "GenerateDataKeyWithoutPlaintext"),
    *("GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext"),
)


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
    end_dry_run(params)
    plaintext = os.urandom(length)
    sealed = sealed_with(key, plaintext, SYMMETRIC, params.get("EncryptionContext") or {})
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
    end_dry_run(params)
    pair = generate_private_key(spec)
    private = pair.private_key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {
        "PrivateKeyCiphertextBlob": sealed_with(key, private, SYMMETRIC, params.get("EncryptionContext") or {}),
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
