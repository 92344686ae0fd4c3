"""Whether an EBS volume or snapshot is encrypted, and with which key.

Encryption by default is a setting per Region; what was encrypted once stays encrypted.
https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
"""

from __future__ import annotations

from typing import Any

from ..gate import Call, answers


def encryption(
    backend: Any, encrypted: bool | None, kms_key_id: str | None, source: Any = None
) -> tuple[bool, str | None]:
    """(encrypted, ARN of the key) of a new volume or snapshot; `source` is the snapshot or volume it is made from.

    `backend` is moto's EC2 state of the Region it is made in. Without a key the account's default one is used: the
    source's in its own Region, else the Region's (alias aws/ebs unless changed).
    """
    from_encrypted = bool(source is not None and source.encrypted)
    # moto fills a new Region with images before it knows this setting.
    by_default = getattr(backend, "ebs_encryption_by_default", False)
    if not (encrypted or from_encrypted or by_default):
        return False, kms_key_id
    if kms_key_id:
        return True, key_arn(backend, kms_key_id)
    if from_encrypted and source.kms_key_id and f":{backend.region_name}:" in source.kms_key_id:
        return True, source.kms_key_id
    return True, backend.default_kms_key_id or backend._create_default_encryption_key()


def key_arn(backend: Any, key_id: str) -> str:
    """The ARN of a key named by id, ARN or alias. An unknown one stays as given: AWS too notices that only later."""
    from moto.kms import kms_backends

    kms = kms_backends[backend.account_id][backend.region_name]
    try:
        return kms.describe_key(key_id).arn
    except Exception:
        return key_id


@answers("ec2", "GetEbsDefaultKmsKeyId")
def default_key(call: Call) -> dict:
    """moto can set the default key but not show it."""
    return {"KmsKeyId": call.backend.default_kms_key_id or "alias/aws/ebs"}


@answers("ec2", "ResetEbsDefaultKmsKeyId")
def reset_default_key(call: Call) -> dict:
    """Back to the key AWS manages, alias aws/ebs."""
    return {"KmsKeyId": call.backend._create_default_encryption_key()}
