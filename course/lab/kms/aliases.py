"""Aliases: their names, the key behind them, and how they move to another key.

https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
"""

from __future__ import annotations

import re

from course.data import value

from ..gate import Call, Refused, answers, refuses
from .keys import find_key
from .managed_keys import RESERVED
from .states import require_not_pending_deletion


def _arn(call: Call) -> str:
    return f"arn:aws:kms:{call.region}:{call.account_id}:{call.params['AliasName']}"


@refuses("kms", "CreateAlias", "UpdateAlias", "DeleteAlias")
def alias_name(call: Call) -> None:
    """alias/ and letters, digits, slashes, underscores or dashes; alias/aws/ is AWS's."""
    name = call.params["AliasName"]
    if not name.startswith("alias/") or name == "alias/":
        raise Refused("ValidationException", "Invalid identifier")
    if name.startswith(RESERVED):
        raise Refused(
            "NotAuthorizedException", f"{name} begins with {RESERVED}, which is reserved for AWS managed keys."
        )
    if not re.fullmatch(r"[a-zA-Z0-9/_-]+", name):
        raise Refused("ValidationException", f"{name} contains invalid characters for an alias")


@refuses("kms", "CreateAlias")
def taken_alias(call: Call) -> None:
    """One alias of a name per account and Region, for a key that exists; a key has at most 50."""
    target = call.params["TargetKeyId"]
    if target.startswith("alias/") or ":alias/" in target:
        raise Refused("ValidationException", "Aliases must refer to keys. Not aliases")
    key = find_key(call.backend, target)
    require_not_pending_deletion(key)
    if call.backend.alias_exists(call.params["AliasName"]):
        raise Refused("AlreadyExistsException", f"An alias with the name {_arn(call)} already exists")
    most = value("kms.aliases.per_key")
    if len(key.aliases) >= most:
        raise Refused("LimitExceededException", f"{key.arn} has {most} aliases already, the most a KMS key can have.")


@refuses("kms", "UpdateAlias")
def alias_to_another_kind(call: Call) -> None:
    """The new key is of the type and usage of the old one."""
    target = call.params["TargetKeyId"]
    if target.startswith("alias/") or ":alias/" in target:
        raise Refused("ValidationException", "Aliases must refer to keys. Not aliases")
    old = find_key(call.backend, call.params["AliasName"])
    key = find_key(call.backend, target)
    require_not_pending_deletion(key)
    if key.key_usage != old.key_usage or _kind(key.key_spec) != _kind(old.key_spec):
        raise Refused(
            "ValidationException",
            f"The alias {_arn(call)} points to a key of usage {old.key_usage} and spec {old.key_spec}; a key of usage "
            f"{key.key_usage} and spec {key.key_spec} cannot take its place.",
        )


def _kind(spec: str) -> str:
    return spec if spec == "SYMMETRIC_DEFAULT" else "HMAC" if spec.startswith("HMAC") else "asymmetric"


@refuses("kms", "DeleteAlias")
def missing_alias(call: Call) -> None:
    """NotFoundException for an alias that is not there."""
    find_key(call.backend, call.params["AliasName"])


@answers("kms", "UpdateAlias")
def update_alias(call: Call) -> dict:
    """moto fails for a key that has the alias already and is named by its ARN."""
    key = find_key(call.backend, call.params["TargetKeyId"])
    call.backend.update_alias(key.id, call.params["AliasName"])
    return {}
