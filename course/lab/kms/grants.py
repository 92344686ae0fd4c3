"""Grants: permission to use a key without touching its policy; they are part of every decision about the key.

https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.kms.models import Grant, Key

from course.data import value

from ..gate import Call, Refused, answers, refuses
from ..iam.caller import entity_by_arn
from .keys import own_key
from .lifetimes import remove_deleted

_PRINCIPAL = re.compile(
    r"arn:aws[a-z-]*:(iam::\d{12}:(root|user/.+|role/.+)|sts::\d{12}:(assumed-role|federated-user)/.+)|[a-z0-9.-]+\.amazonaws\.com"
)
_SYMMETRIC_ONLY = {
    *(
        "GenerateDataKey",
        "GenerateDataKeyWithoutPlaintext",
        "GenerateDataKeyPair",
        "GenerateDataKeyPairWithoutPlaintext",
    )
}
_OF_USAGE = {
    "ENCRYPT_DECRYPT": {"Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", *_SYMMETRIC_ONLY},
    "SIGN_VERIFY": {"Sign", "Verify"},
    "GENERATE_VERIFY_MAC": {"GenerateMac", "VerifyMac"},
    "KEY_AGREEMENT": {"DeriveSharedSecret"},
}
_ALWAYS = {"CreateGrant", "RetireGrant", "DescribeKey"}


def grant_policies(key: Key) -> dict[str, dict]:
    """The grants of a key in the language of policies, by name: each allows its operations to its grantee."""
    return {f"grant {one.id}": _as_policy(one) for one in key.grants.values()}


def _as_policy(grant: Grant) -> dict:
    kind = "Service" if grant.grantee_principal.endswith(".amazonaws.com") else "AWS"
    conditions: dict[str, dict] = {}
    constraints = grant.constraints or {}
    exact = constraints.get("EncryptionContextEquals")
    pairs = exact or constraints.get("EncryptionContextSubset") or {}
    if pairs:
        conditions["StringEquals"] = {f"kms:EncryptionContext:{name}": one for name, one in pairs.items()}
    if exact:
        conditions["ForAllValues:StringEquals"] = {"kms:EncryptionContextKeys": list(exact)}
    statement = {
        "Effect": "Allow",
        "Principal": {kind: grant.grantee_principal},
        "Action": [f"kms:{one}" for one in grant.operations],
        "Resource": "*",
    }
    # The constraints are about cryptographic operations that have an encryption context.
    free = [one for one in grant.operations if one in {*_ALWAYS, "GetPublicKey"}]
    if not conditions:
        return {"Version": "2012-10-17", "Statement": [statement]}
    bound = [f"kms:{one}" for one in grant.operations if one not in free]
    statements = [{**statement, "Action": bound, "Condition": conditions}] if bound else []
    if free:
        statements.append({**statement, "Action": [f"kms:{one}" for one in free]})
    return {"Version": "2012-10-17", "Statement": statements}


@refuses("kms", "CreateGrant")
def impossible_grant(call: Call) -> None:
    """Operations that the key has, principals that exist, constraints where there is an encryption context."""
    params, key = call.params, own_key(call)
    allowed = _OF_USAGE.get(key.key_usage, set()) | _ALWAYS
    if key.key_spec != "SYMMETRIC_DEFAULT":
        allowed = allowed - _SYMMETRIC_ONLY
        if not key.key_spec.startswith("HMAC"):
            allowed = allowed | {"GetPublicKey"}
    wrong = [one for one in params["Operations"] if one not in allowed]
    if wrong:
        raise Refused(
            "ValidationException",
            f"Grant operations {', '.join(wrong)} are not supported for {key.arn}, a {key.key_spec} key.",
        )
    for name in ("GranteePrincipal", "RetiringPrincipal"):
        if name in params:
            _require_principal(params[name])
    constraints = params.get("Constraints") or {}
    if len({"EncryptionContextEquals", "EncryptionContextSubset"} & set(constraints)) == 2:
        raise Refused(
            "ValidationException", "Only one of EncryptionContextEquals and EncryptionContextSubset can be specified."
        )
    if key.key_spec != "SYMMETRIC_DEFAULT" and {"EncryptionContextEquals", "EncryptionContextSubset"} & set(
        constraints
    ):
        raise Refused("ValidationException", f"{key.arn} has no encryption context: it is a {key.key_spec} key.")
    most = value("kms.grants.per_key")
    if len(key.grants) >= most:
        raise Refused("LimitExceededException", f"{key.arn} has {most} grants, the most a KMS key can have.")


def _require_principal(arn: str) -> None:
    from moto.iam.models import iam_backends

    if not _PRINCIPAL.fullmatch(arn):
        raise Refused("InvalidArnException", f"ARN does not refer to a valid principal: {arn}")
    fields = arn.split(":")
    if ":iam::" in arn and fields[5] != "root" and fields[4] in iam_backends:
        if entity_by_arn(iam_backends[fields[4]]["aws"], arn) is None:
            raise Refused("InvalidArnException", f"ARN does not refer to a valid principal: {arn}")


@answers("kms", "CreateGrant")
def create_grant(call: Call) -> dict:
    """A grant with a name that says the same again is the same grant."""
    params, key = call.params, own_key(call)
    wanted = (
        *(params.get("Name"), params["GranteePrincipal"], sorted(params["Operations"])),
        *(params.get("Constraints"), params.get("RetiringPrincipal")),
    )
    for one in key.grants.values():
        held = (one.name, one.grantee_principal, sorted(one.operations), one.constraints, one.retiring_principal)
        if params.get("Name") and held == wanted:
            return {"GrantId": one.id, "GrantToken": one.token}
    made = key.add_grant(
        params.get("Name"),
        params["GranteePrincipal"],
        params["Operations"],
        params.get("Constraints"),
        params.get("RetiringPrincipal"),
    )
    return {"GrantId": made.id, "GrantToken": made.token}


def _shown(key: Key, grant: Grant) -> dict[str, Any]:
    shown = {
        "KeyId": key.arn,
        "GrantId": grant.id,
        "Name": grant.name,
        "GranteePrincipal": grant.grantee_principal,
        "RetiringPrincipal": grant.retiring_principal,
        "IssuingAccount": f"arn:aws:iam::{key.account_id}:root",
        "Operations": grant.operations,
        "Constraints": grant.constraints,
    }
    return {name: one for name, one in shown.items() if one is not None}


@answers("kms", "ListGrants")
def list_grants(call: Call) -> dict:
    """The grants of a key, one of them, or those of one grantee."""
    key, params = own_key(call), call.params
    found = [
        _shown(key, one)
        for one in key.grants.values()
        if params.get("GrantId") in (None, one.id) and params.get("GranteePrincipal") in (None, one.grantee_principal)
    ]
    return {"Grants": found, "Truncated": False}


@answers("kms", "ListRetirableGrants")
def list_retirable(call: Call) -> dict:
    """The grants that a principal may retire."""
    remove_deleted(call.backend)
    principal = call.params["RetiringPrincipal"]
    found = [_shown(key, one) for key in call.backend.keys.values() for one in key.list_retirable_grants(principal)]
    return {"Grants": found, "Truncated": False}


@refuses("kms", "RevokeGrant", "RetireGrant")
def unknown_grant(call: Call) -> None:
    """A grant that exists, by its id on a key or by its token."""
    params = call.params
    if call.operation == "RetireGrant" and "GrantToken" in params:
        if not any(
            one.token == params["GrantToken"] for key in call.backend.keys.values() for one in key.grants.values()
        ):
            raise Refused("InvalidGrantTokenException", "The grant token is not valid.")
        return
    if not {"KeyId", "GrantId"} <= set(params):
        raise Refused("ValidationException", "Specify a GrantToken, or both KeyId and GrantId.")
    if params["GrantId"] not in own_key(call).grants:
        raise Refused("NotFoundException", f"Grant ID {params['GrantId']} not found")


@answers("kms", "RevokeGrant")
def revoke_grant(call: Call) -> dict:
    """The permission ends at once."""
    del own_key(call).grants[call.params["GrantId"]]
    return {}


@answers("kms", "RetireGrant")
def retire_grant(call: Call) -> dict:
    """By token, or by key and id."""
    token = call.params.get("GrantToken")
    for key in call.backend.keys.values() if token else [own_key(call)]:
        for one in list(key.grants.values()):
            if one.token == token or (not token and one.id == call.params["GrantId"]):
                del key.grants[one.id]
    return {}
