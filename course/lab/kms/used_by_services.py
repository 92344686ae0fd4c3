"""What a service does with a key in the caller's name: GetSecretValue decrypts, so the caller needs kms:Decrypt as well.

Such a request shows kms:ViaService. https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.kms.models import Key

from ..gate import Call
from .condition_keys import context_keys

Question = tuple[str, str, dict[str, Any]]


def keys_used_for(call: Call) -> Iterator[Question]:
    """(action, ARN of the key, condition keys) for each use of a KMS key behind a request to another service."""
    if call.service == "secretsmanager":
        from ..secretsmanager.encryption import uses_of_keys
    elif call.service == "ssm":
        from ..ssm.secure_strings import uses_of_keys
    else:
        return
    via = f"{call.service}.{call.region}.amazonaws.com"
    for action, key, context in uses_of_keys(call):
        yield question(call, action, key, context, via)


def question(call: Call, action: str, key: Key, context: dict[str, str], via: str) -> Question:
    """One question about a key, with the keys that a forwarded request shows."""
    return action, key.arn, {"kms:CallerAccount": call.account_id, "kms:ViaService": via, **context_keys(context)}
