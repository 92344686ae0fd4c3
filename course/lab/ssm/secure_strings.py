"""SecureString parameters: shown encrypted unless decryption is asked for, and bound to a key that must be usable.

https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from typing import Any

from moto.kms.models import Key
from moto.ssm.models import Parameter

from ..gate import Call, Refused, refuses, replaces
from ..kms.keys import find_key, find_key_or_none
from ..kms.managed_keys import RESERVED
from ..kms.states import require_usable
from .names import versions_of

_READS = ("GetParameter", "GetParameters", "GetParametersByPath", "GetParameterHistory")


@replaces(Parameter, "encrypt")
def encrypt(moto: Any, parameter: Parameter, value: str) -> str:
    """What is shown without decryption. moto shows the value itself behind a prefix."""
    parameter.plaintext = value
    seed = f"{parameter.account_id} {parameter.name} {parameter.version} {parameter.keyid}".encode()
    length, stream = 96 + len(value.encode()), b""
    while len(stream) < length:
        stream += hashlib.sha256(seed + len(stream).to_bytes(4, "big")).digest()
    return "AQICAHh" + base64.b64encode(stream[:length]).decode()


@replaces(Parameter, "decrypt")
def decrypt(moto: Any, parameter: Parameter, value: str) -> str | None:
    """The value itself."""
    return parameter.plaintext if parameter.parameter_type == "SecureString" else value


@refuses("ssm", "PutParameter")
def key_of_a_secure_string(call: Call) -> None:
    """Only a SecureString has a key, and the key exists and can be used."""
    params, held = call.params, versions_of(call, call.params["Name"].strip())
    kind = params.get("Type") or (held[-1].parameter_type if held else "")
    if kind != "SecureString":
        if params.get("KeyId"):
            raise Refused("ValidationException", "KeyId is required for SecureString type parameter only.")
        return
    _require_key(call, params.get("KeyId") or (held[-1].keyid if held else None))


@refuses("ssm", *_READS)
def key_that_cannot_decrypt(call: Call) -> None:
    """InvalidKeyId where the key of one of the parameters is gone or disabled."""
    for parameter in _decrypted(call):
        _require_key(call, parameter.keyid)


def _require_key(call: Call, named: str | None) -> None:
    if not named or named.startswith(RESERVED):
        return
    try:
        key = find_key(call.backend_of("kms"), named)
        require_usable(key)
    except Refused as refusal:
        raise Refused(
            "InvalidKeyId", f"{refusal.message} (Service: Kms, Status Code: 400, Error Code: {refusal.code})"
        ) from None
    if key.key_spec != "SYMMETRIC_DEFAULT":
        raise Refused("InvalidKeyId", f"{key.arn} is not a symmetric encryption key.")


def _decrypted(call: Call) -> Iterator[Parameter]:
    """The secure strings that a request decrypts."""
    if not call.params.get("WithDecryption"):
        return
    for parameter in _asked_for(call):
        if parameter.parameter_type == "SecureString":
            yield parameter


def _asked_for(call: Call) -> Iterator[Parameter]:
    params = call.params
    if call.operation == "GetParametersByPath":
        path = params["Path"].rstrip("/") + "/"
        for name, held in list(call.backend._parameters.items()):
            below = name.removeprefix(path)
            if held and name.startswith(path) and (params.get("Recursive") or "/" not in below):
                yield held[-1]
        return
    for name in params.get("Names") or [params["Name"]]:
        if not name.startswith("/aws/reference/"):
            plain, _, selector = name.rpartition(":") if ":" in name.rpartition("/")[2] else (name, "", "")
            held = versions_of(call, plain)
            if call.operation == "GetParameterHistory":
                yield from held
            else:
                chosen = [one for one in held if str(one.version) == selector or selector in one.labels]
                yield from (chosen if selector else held)[-1:]


def uses_of_keys(call: Call) -> Iterator[tuple[str, Key, dict[str, str]]]:
    """(action, key, encryption context) for a request that writes or decrypts under a customer managed key."""
    start = f"arn:aws:ssm:{call.region}:{call.account_id}:parameter/"
    if call.operation in _READS:
        for parameter in _decrypted(call):
            key = _customer_key(call, parameter.keyid)
            if key is not None:
                yield "kms:Decrypt", key, {"PARAMETER_ARN": start + parameter.name.lstrip("/")}
    elif call.operation == "PutParameter":
        held = versions_of(call, call.params["Name"].strip())
        kind = call.params.get("Type") or (held[-1].parameter_type if held else "")
        key = _customer_key(call, call.params.get("KeyId") or (held[-1].keyid if held else None))
        if kind == "SecureString" and key is not None:
            action = "kms:GenerateDataKey" if call.params.get("Tier") == "Advanced" else "kms:Encrypt"
            yield action, key, {"PARAMETER_ARN": start + call.params["Name"].strip().lstrip("/")}


def _customer_key(call: Call, named: str | None) -> Key | None:
    if not named or named.rpartition(":")[2].startswith(RESERVED):
        return None
    return find_key_or_none(call.backend_of("kms"), named)
