"""Sign and Verify with asymmetric keys, GenerateMac and VerifyMac with HMAC keys, and public keys.

https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from moto.kms.models import Key

from ..gate import Call, Refused, answers, refuses
from .encryption import require_algorithm, require_usage
from .keys import find_key, mac_algorithms

_HASHES = {"256": hashes.SHA256, "384": hashes.SHA384, "512": hashes.SHA512}


@refuses("kms", "Sign", "Verify")
def cannot_sign(call: Call) -> None:
    """A key for signatures, an algorithm that it has, a message of at most 4,096 bytes or a digest of the right length."""
    params, key = call.params, find_key(call.backend, call.params["KeyId"])
    algorithm, message = params["SigningAlgorithm"], params["Message"]
    require_usage(key, "SIGN_VERIFY", call.operation)
    require_algorithm(key, algorithm, key.signing_algorithms)
    if params.get("MessageType") == "DIGEST" and len(message) != _hash(algorithm).digest_size:
        raise Refused("ValidationException", f"Digest is invalid length for algorithm {algorithm}.")


@answers("kms", "Sign")
def sign(call: Call) -> dict:
    """Of the message, or of a digest that the caller has made."""
    params, key = call.params, find_key(call.backend, call.params["KeyId"])
    hash_, private = _hash(params["SigningAlgorithm"]), key.private_key.private_key
    if params.get("MessageType") == "DIGEST":
        hash_ = utils.Prehashed(hash_)
    if key.key_spec.startswith("RSA"):
        signature = private.sign(params["Message"], _padding(params["SigningAlgorithm"]), hash_)
    else:
        signature = private.sign(params["Message"], ec.ECDSA(hash_))
    return {"KeyId": key.arn, "Signature": signature, "SigningAlgorithm": params["SigningAlgorithm"]}


@answers("kms", "Verify")
def verify(call: Call) -> dict:
    """KMSInvalidSignatureException for a signature of something else; AWS never answers false."""
    params, key = call.params, find_key(call.backend, call.params["KeyId"])
    hash_, public = _hash(params["SigningAlgorithm"]), key.private_key.private_key.public_key()
    if params.get("MessageType") == "DIGEST":
        hash_ = utils.Prehashed(hash_)
    try:
        if key.key_spec.startswith("RSA"):
            public.verify(params["Signature"], params["Message"], _padding(params["SigningAlgorithm"]), hash_)
        else:
            public.verify(params["Signature"], params["Message"], ec.ECDSA(hash_))
    except InvalidSignature:
        raise Refused("KMSInvalidSignatureException", "") from None
    return {"KeyId": key.arn, "SignatureValid": True, "SigningAlgorithm": params["SigningAlgorithm"]}


def _hash(algorithm: str) -> Any:
    return _HASHES[algorithm.rpartition("_")[2]]()


def _padding(algorithm: str) -> Any:
    if "PKCS1" in algorithm:
        return padding.PKCS1v15()
    return padding.PSS(mgf=padding.MGF1(_hash(algorithm)), salt_length=_hash(algorithm).digest_size)


@refuses("kms", "GenerateMac", "VerifyMac")
def cannot_make_a_mac(call: Call) -> None:
    """An HMAC key, with the algorithm of its own length."""
    key = find_key(call.backend, call.params["KeyId"])
    require_usage(key, "GENERATE_VERIFY_MAC", call.operation)
    require_algorithm(key, call.params["MacAlgorithm"], mac_algorithms(key))


@answers("kms", "GenerateMac")
def generate_mac(call: Call) -> dict:
    """The tag of the message, and the key's ARN."""
    key = find_key(call.backend, call.params["KeyId"])
    return {"Mac": _mac(key, call), "MacAlgorithm": call.params["MacAlgorithm"], "KeyId": key.arn}


@answers("kms", "VerifyMac")
def verify_mac(call: Call) -> dict:
    """KMSInvalidMacException for another message; AWS never answers false."""
    key = find_key(call.backend, call.params["KeyId"])
    if not hmac.compare_digest(_mac(key, call), call.params["Mac"]):
        raise Refused("KMSInvalidMacException", "")
    return {"MacValid": True, "MacAlgorithm": call.params["MacAlgorithm"], "KeyId": key.arn}


def _mac(key: Key, call: Call) -> bytes:
    name = f"sha{call.params['MacAlgorithm'].rpartition('_')[2]}"
    return hmac.new(key.key_material, call.params["Message"], getattr(hashlib, name)).digest()


@refuses("kms", "GetPublicKey")
def no_public_key(call: Call) -> None:
    """Symmetric and HMAC keys have none."""
    key = find_key(call.backend, call.params["KeyId"])
    if key.key_spec == "SYMMETRIC_DEFAULT" or key.key_spec.startswith("HMAC"):
        raise Refused(
            "UnsupportedOperationException",
            f"{key.arn} key spec is {key.key_spec} which is not valid for GetPublicKey.",
        )


@answers("kms", "GetPublicKey")
def get_public_key(call: Call) -> dict:
    """By alias too, with the key's ARN."""
    key = find_key(call.backend, call.params["KeyId"])
    shown = {
        "KeyId": key.arn,
        "PublicKey": key.private_key.public_key(),
        "CustomerMasterKeySpec": key.key_spec,
        "KeySpec": key.key_spec,
        "KeyUsage": key.key_usage,
        "EncryptionAlgorithms": key.encryption_algorithms,
        "SigningAlgorithms": key.signing_algorithms,
        "KeyAgreementAlgorithms": ["ECDH"] if key.key_usage == "KEY_AGREEMENT" else None,
    }
    return {name: one for name, one in shown.items() if one is not None}
