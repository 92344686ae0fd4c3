"""Key pairs: names, kinds and file formats, and public keys that can be imported.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from moto.ec2.models.key_pairs import KeyPair, KeyPairBackend
from moto.ec2.utils import public_key_parse

from course.data import value

from ..gate import Call, Refused, corrects, refuses, replaces
from .launch_requests import requested


@refuses("ec2", "CreateKeyPair", "ImportKeyPair")
def impossible_name(call: Call) -> None:
    """A name is ASCII, of limited length, and used once in the Region."""
    name, most = call.params["KeyName"], value("ec2.key_pairs.max_name")
    if not name or not name.isascii() or len(name) > most:
        raise Refused(
            "InvalidParameterValue",
            f"Value ({name}) for parameter KeyName is invalid. A name has 1 to {most} ASCII characters.",
        )
    if name in call.backend.key_pairs:
        raise Refused("InvalidKeyPair.Duplicate", f"The keypair '{name}' already exists.")


@refuses("ec2", "CreateKeyPair")
def unknown_kind(call: Call) -> None:
    """The kinds are rsa and ed25519, the formats pem and ppk."""
    for parameter, known in (("KeyType", "types"), ("KeyFormat", "formats")):
        wanted = call.params.get(parameter)
        if wanted is not None and wanted not in value(f"ec2.key_pairs.{known}"):
            raise Refused(
                "InvalidParameterValue",
                f"Value ({wanted}) for parameter {parameter} is invalid. Valid values are: "
                f"{', '.join(value(f'ec2.key_pairs.{known}'))}.",
            )


@refuses("ec2", "ImportKeyPair")
def no_public_key(call: Call) -> None:
    """What is imported is an OpenSSH public key, ED25519 or RSA of a length EC2 takes."""
    try:
        key = public_key_parse(call.params["PublicKeyMaterial"])
    except Exception:
        raise Refused("InvalidKey.Format", "Key is not in valid OpenSSH public key format") from None
    lengths = value("ec2.key_pairs.rsa_lengths")
    if hasattr(key, "key_size") and key.key_size not in lengths:
        raise Refused(
            "InvalidKey.Format",
            f"RSA key length is invalid: {key.key_size} bits. Valid lengths are {', '.join(map(str, lengths))}.",
        )


@refuses("ec2", "RunInstances")
def unusable_key(call: Call) -> None:
    """The key pair of a launch is in the Region; Windows takes no ED25519 key."""
    params = requested(call)
    name, image = params.get("KeyName"), call.backend.amis.get(params.get("ImageId"))
    if not name:
        return
    if name not in call.backend.key_pairs:
        raise Refused("InvalidKeyPair.NotFound", f"The key pair '{name}' does not exist")
    if call.backend.key_pairs[name].key_type == "ed25519" and image is not None and image.platform == "windows":
        raise Refused(
            "InvalidParameterCombination", f"The ED25519 key pair '{name}' is not supported for Windows instances."
        )


@replaces(KeyPairBackend, "describe_key_pairs")
def missing_key(moto: Any, backend: KeyPairBackend, key_names: list[str], filters: Any = None) -> list[KeyPair]:
    """InvalidKeyPair.NotFound names the first key that is missing; moto shows a Python set."""
    for name in key_names or []:
        if name and name not in backend.key_pairs:
            raise Refused("InvalidKeyPair.NotFound", f"The key pair '{name}' does not exist")
    return moto(backend, key_names or [], filters)


@corrects("ec2", "CreateKeyPair")
def for_putty(call: Call, made: KeyPair) -> dict | None:
    """With KeyFormat ppk the private key comes as PuTTY keeps it."""
    if call.params.get("KeyFormat") != "ppk":
        return None
    return {
        "KeyPairId": made.id,
        "KeyName": made.key_name,
        "KeyFingerprint": made.key_fingerprint,
        "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in made.get_tags()],
        "KeyMaterial": ppk(made.material, made.key_name),
    }


def ppk(material: bytes, comment: str) -> str:
    """A private key in PEM or OpenSSH form as a PuTTY file of version 2, without a passphrase."""
    load = serialization.load_ssh_private_key if b"OPENSSH" in material else serialization.load_pem_private_key
    key = load(material, password=None)
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    kind, encoded = public.split()[:2]
    if isinstance(key, Ed25519PrivateKey):
        raw = key.private_bytes(
            serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
        )
        private = _string(raw)
    else:
        numbers = key.private_numbers()
        private = b"".join(_string(_number(part)) for part in (numbers.d, numbers.p, numbers.q, numbers.iqmp))
    signed = b"".join(map(_string, (kind, b"none", comment.encode(), base64.b64decode(encoded), private)))
    mac = hmac.new(hashlib.sha1(b"putty-private-key-file-mac-key").digest(), signed, hashlib.sha1).hexdigest()
    return "\n".join(
        [
            f"PuTTY-User-Key-File-2: {kind.decode()}",
            "Encryption: none",
            f"Comment: {comment}",
            *_lines("Public", encoded.decode()),
            *_lines("Private", base64.b64encode(private).decode()),
            f"Private-MAC: {mac}",
            "",
        ]
    )


def _string(content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + content


def _number(number: int) -> bytes:
    # One bit more than needed, so that the number never reads as negative.
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def _lines(what: str, text: str) -> list[str]:
    parts = [text[start : start + 64] for start in range(0, len(text), 64)]
    return [f"{what}-Lines: {len(parts)}", *parts]


@corrects("ec2", "DescribeKeyPairs")
def with_its_kind(call: Call, result: Any) -> dict:
    """moto leaves out the kind of the key, and shows the public key unasked."""
    pairs = []
    for pair in result["KeyPairs"]:
        shown = {
            "KeyName": pair.key_name,
            "KeyPairId": pair.id,
            "KeyType": pair.key_type or ("ed25519" if pair.public_key.startswith("ssh-ed25519") else "rsa"),
            "KeyFingerprint": pair.key_fingerprint,
            "CreateTime": pair.create_time,
            "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in pair.get_tags()],
        }
        if call.params.get("IncludePublicKey"):
            shown["PublicKey"] = pair.public_key
        pairs.append(shown)
    return {"KeyPairs": pairs}
