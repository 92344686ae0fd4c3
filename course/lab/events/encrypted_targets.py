"""Encrypted queues and topics: a service that writes to them must be let in by the key's policy, too.

https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.backends import get_backend

from ..iam.service_principals import service_may


def service_may_encrypt(service: str, key_id: str | None, target_arn: str, keys: Mapping[str, Any]) -> bool:
    """Whether the service may use the KMS key of a queue or topic; True for one without. AWS's own keys, as
    alias/aws/sns, let no other service in."""
    if not key_id:
        return True
    region, account = target_arn.split(":")[3:5]
    kms = get_backend("kms")[account][region]
    name = key_id.rpartition(":key/")[2]
    if "alias/" in key_id:
        alias = f"alias/{key_id.split('alias/', 1)[1]}"
        name = next((one.id for one in kms.keys.values() if alias in one.aliases), "")
    key = kms.keys.get(name)
    return key is not None and all(
        service_may(service, action, key.arn, key.policy, account, keys)
        for action in ("kms:GenerateDataKey", "kms:Decrypt")
    )
