"""The KMS key of a secret: it exists, is usable, and the caller may use it.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
"""

from __future__ import annotations

from collections.abc import Iterator

from moto.kms.models import Key
from moto.secretsmanager.models import FakeSecret

from ..gate import Call, Refused, refuses
from ..kms.keys import find_key, find_key_or_none
from ..kms.managed_keys import RESERVED
from ..kms.states import require_usable
from .secrets import find_secret, find_secret_or_none, source_of


def key_of(call: Call, kms_key_id: str | None) -> Key | None:
    """The customer managed key with this id; None for the AWS managed key, which all of the account may use."""
    if not kms_key_id or kms_key_id.rpartition(":")[2].startswith(RESERVED):
        return None
    return find_key_or_none(call.backend_of("kms"), kms_key_id)


def _wanted_key(call: Call) -> str | None:
    """The key that a request encrypts with."""
    if "KmsKeyId" in call.params or call.operation == "CreateSecret":
        return call.params.get("KmsKeyId")
    secret = find_secret_or_none(call, call.params["SecretId"])
    return source_of(secret).kms_key_id if secret else None


@refuses("secretsmanager", "CreateSecret", "UpdateSecret")
def key_that_is_none(call: Call) -> None:
    """A symmetric encryption key that exists."""
    named = call.params.get("KmsKeyId")
    if not named or named.startswith(RESERVED):
        return
    try:
        key = find_key(call.backend_of("kms"), named)
    except Refused as refusal:
        raise Refused(
            "InvalidParameterException", f"The operation failed because of an invalid KMS key: {refusal.message}"
        ) from None
    if key.key_spec != "SYMMETRIC_DEFAULT":
        raise Refused(
            "InvalidParameterException",
            f"The operation failed because of an invalid KMS key: {key.arn} is not a symmetric encryption key.",
        )


@refuses("secretsmanager", "CreateSecret", "PutSecretValue", "UpdateSecret")
def cannot_encrypt(call: Call) -> None:
    """EncryptionFailure for a value under a key that is disabled or waits for its deletion."""
    if not {"SecretString", "SecretBinary"} & set(call.params):
        return
    key = key_of(call, _wanted_key(call))
    if key is not None:
        try:
            require_usable(key)
        except Refused as refusal:
            raise Refused(
                "EncryptionFailure",
                f"Secrets Manager can't encrypt the protected secret text using the provided KMS key: {refusal.message}",
            ) from None


def require_readable(call: Call, secret: FakeSecret) -> None:
    """Raise Refused if the key of the secret cannot decrypt, or the default key is another account's."""
    key = key_of(call, secret.kms_key_id)
    if key is None:
        if secret.account_id != call.account_id:
            raise Refused(
                "InvalidRequestException",
                "You can't access a secret from a different AWS account if you encrypt the secret with the default KMS "
                "service key.",
            )
        return
    try:
        require_usable(key)
    except Refused as refusal:
        raise Refused(
            "DecryptionFailure",
            f"Secrets Manager can't decrypt the protected secret text using the provided KMS key: {refusal.message}",
        ) from None


def uses_of_keys(call: Call) -> Iterator[tuple[str, Key, dict[str, str]]]:
    """(action, key, encryption context) for a request that reads or writes a value under a customer managed key."""
    writes = bool({"SecretString", "SecretBinary"} & set(call.params))
    if call.operation == "GetSecretValue":
        secret = find_secret_or_none(call, call.params["SecretId"])
        key = key_of(call, source_of(secret).kms_key_id) if secret else None
        if key is not None:
            yield "kms:Decrypt", key, _context(secret.arn)
    elif writes and call.operation in ("CreateSecret", "PutSecretValue", "UpdateSecret"):
        key = key_of(call, _wanted_key(call))
        if key is not None:
            secret = find_secret_or_none(call, call.params["SecretId"]) if "SecretId" in call.params else None
            context = _context(secret.arn) if secret else {}
            yield "kms:GenerateDataKey", key, context
            yield "kms:Decrypt", key, context


def _context(arn: str) -> dict[str, str]:
    return {"SecretARN": arn}


@refuses("secretsmanager", "GetSecretValue")
def unreadable(call: Call) -> None:
    """Before anything is noted about the access."""
    secret = find_secret(call)
    require_readable(call, source_of(secret))
