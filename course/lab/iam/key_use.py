"""May a caller, or an AWS service, use the KMS key of an encrypted queue or topic?

https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
"""

from __future__ import annotations

from typing import Any

from moto.kms.models import Key, kms_backends

from course.iam.evaluation import Decision

from ..gate import Call
from .caller import caller_of
from .context import request_keys
from .enforcement import Ask, decide
from .service_principals import service_may

# AWS writes the policy of a key behind such an alias and nobody changes it: it lets in the principals of the account,
# through the service, and no other service.
MANAGED = "alias/aws/"


def is_managed(name: str, account_id: str, region: str) -> bool:
    """Whether a key is named by the alias of an AWS managed key, or is one."""
    if name.rpartition(":")[2].startswith(MANAGED):
        return True
    key = key_named(name, account_id, region)
    return key is not None and any(alias.startswith(MANAGED) for alias in key.aliases)


def key_named(name: str, account_id: str, region: str) -> Key | None:
    """The key with this id, alias or ARN; None if there is none. Not for the aliases of AWS managed keys."""
    fields = name.split(":")
    if len(fields) == 6 and fields[2] == "kms":
        region, account_id = fields[3], fields[4]
    if account_id not in kms_backends:
        return None
    backend = kms_backends[account_id][region]
    wanted = fields[-1].removeprefix("key/")
    if wanted.startswith("alias/"):
        return next((key for key in backend.keys.values() if wanted in key.aliases), None)
    return backend.keys.get(wanted)


def caller_may_use(call: Call, key: Key, actions: tuple[str, ...]) -> Decision | None:
    """None if the caller may do these actions with the key by way of the service; else the decision that denies."""
    caller = caller_of(call.access_key, call.token)
    session = caller.session
    shared = request_keys(
        call.region,
        session is not None,
        session.mfa_since if session else None,
        session.issued if session else None,
    )
    keys = {"kms:ViaService": f"{call.service}.{call.region}.amazonaws.com", "kms:CallerAccount": caller.account}
    for action in actions:
        decision = decide(caller, Ask(action, key.arn, keys), call, shared, key.account_id)
        if not decision.allowed:
            return decision
    return None


def service_may_use(service: str, key: Key, keys: dict[str, Any]) -> bool:
    """Whether the key policy lets an AWS service make data keys and read them again."""
    return all(
        service_may(service, action, key.arn, key.policy, key.account_id, keys)
        for action in ("kms:GenerateDataKey", "kms:Decrypt")
    )
