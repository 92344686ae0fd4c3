"""Secrets: how a request names one, their names, deletion with a recovery window, and what a deleted secret refuses.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.secretsmanager.models import FakeSecret, ReplicaSecret, SecretsManagerBackend, secretsmanager_backends

from course.data import value

from ..constraints import require_constraints
from ..gate import Call, Refused, answers, corrects, refuses
from ..iam.context import now

_NAME = re.compile(r"[a-zA-Z0-9/_+=.@!-]+")
_DELETED = "You can't perform this operation on the secret because it was marked for deletion."
MARKED = "You tried to perform the operation on a secret that's currently marked deleted."


def backend_for(call: Call, secret_id: str) -> SecretsManagerBackend:
    """moto's state of the account in the ARN; a secret of another account is named by its ARN only."""
    fields = secret_id.split(":")
    if len(fields) >= 7 and fields[2] == "secretsmanager" and fields[4] in secretsmanager_backends:
        return secretsmanager_backends[fields[4]][call.region]
    return call.backend_of("secretsmanager")


def find_secret(call: Call, secret_id: str = "") -> FakeSecret:
    """The secret with this name, ARN or partial ARN; Refused if there is none, or none any more."""
    secret_id = secret_id or call.params["SecretId"]
    backend = backend_for(call, secret_id)
    remove_deleted(backend)
    secret = backend.secrets.get(secret_id)
    if secret is None:
        raise Refused("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
    return secret


def find_secret_or_none(call: Call, secret_id: str) -> FakeSecret | None:
    """The secret, or None."""
    try:
        return find_secret(call, secret_id)
    except Refused:
        return None


def remove_deleted(backend: SecretsManagerBackend) -> None:
    """Secrets whose recovery window is over are gone, and their names free."""
    moment = now().timestamp()
    for secret in [one for one in backend.secrets.values() if getattr(one, "deleted_date", None)]:
        if secret.deleted_date <= moment:
            backend.secrets.pop(secret.name)


def source_of(secret: Any) -> FakeSecret:
    """The primary secret of a replica, or the secret itself."""
    return secret.source if isinstance(secret, ReplicaSecret) else secret


def require_primary(secret: Any) -> None:
    """Raise Refused for a replica, which is changed in its primary Region."""
    if isinstance(secret, ReplicaSecret):
        raise Refused(
            "InvalidParameterException",
            "Operation not permitted on a replica secret. Call must be made in primary secret's region.",
        )


@refuses(
    "secretsmanager",
    *("CreateSecret", "UpdateSecret", "PutSecretValue", "GetSecretValue", "UpdateSecretVersionStage", "RotateSecret"),
    *("GetRandomPassword", "PutResourcePolicy", "ValidateResourcePolicy", "DeleteSecret", "DescribeSecret"),
    *("ListSecretVersionIds", "ListSecrets", "BatchGetSecretValue", "TagResource", "UntagResource"),
)
def outside_the_model(call: Call) -> None:
    """ValidationException for lengths, ranges and enums. What has been gone for a while is forgotten first."""
    require_constraints(call)
    remove_deleted(call.backend)


@refuses("secretsmanager", "CreateSecret")
def impossible_name(call: Call) -> None:
    """Letters, digits and /_+=.@!-; a name that is taken, also by a secret scheduled for deletion."""
    name = call.params["Name"]
    if not _NAME.fullmatch(name):
        raise Refused(
            "ValidationException",
            "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
        )
    held = find_secret_or_none(call, name)
    if held is None or name.startswith("arn:"):
        return
    if held.is_deleted():
        raise Refused(
            "InvalidRequestException",
            "You can't create this secret because a secret with this name is already scheduled for deletion.",
        )
    if call.params.get("ClientRequestToken") not in held.versions:
        raise Refused("ResourceExistsException", f"The operation failed because the secret {name} already exists.")


@refuses("secretsmanager", "CreateSecret", "PutSecretValue", "UpdateSecret")
def two_values(call: Call) -> None:
    """A version is text or binary."""
    given = {"SecretString", "SecretBinary"} & set(call.params)
    if len(given) == 2:
        raise Refused(
            "InvalidParameterException",
            "You can't specify both a binary secret value and a string secret value in the same secret.",
        )
    if not given and call.operation == "PutSecretValue":
        raise Refused("InvalidRequestException", "You must provide either SecretString or SecretBinary.")


@refuses(
    "secretsmanager",
    *("GetSecretValue", "PutSecretValue", "UpdateSecret", "UpdateSecretVersionStage", "PutResourcePolicy"),
    *("DeleteResourcePolicy", "TagResource", "UntagResource", "ReplicateSecretToRegions"),
)
def deleted_secret(call: Call) -> None:
    """A secret scheduled for deletion is neither read nor changed."""
    secret = find_secret(call)
    if call.operation != "GetSecretValue":
        require_primary(secret)
    if secret.is_deleted():
        raise Refused("InvalidRequestException", _DELETED)


@refuses("secretsmanager", "DescribeSecret", "ListSecretVersionIds", "RestoreSecret", "GetResourcePolicy")
def unknown_secret(call: Call) -> None:
    """moto answers 404, AWS 400."""
    find_secret(call)


@refuses("secretsmanager", "DeleteSecret")
def impossible_deletion(call: Call) -> None:
    """A window of 7 to 30 days, or none at all; not twice."""
    params = call.params
    days, force = params.get("RecoveryWindowInDays"), params.get("ForceDeleteWithoutRecovery")
    least, most = value("secretsmanager.deletion.days")
    if days is not None and force:
        raise Refused(
            "InvalidParameterException",
            "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
        )
    if days is not None and not least <= days <= most:
        raise Refused(
            "InvalidParameterException",
            f"The RecoveryWindowInDays value must be between {least} and {most} days (inclusive).",
        )
    secret = find_secret_or_none(call, params["SecretId"]) if force else find_secret(call)
    if secret is None:
        return
    require_primary(secret)
    if secret.replicas:
        regions = ",".join(one.region for one in secret.replicas)
        raise Refused(
            "InvalidParameterException",
            f"You can't delete secret {secret.name} that still has replica regions [{regions}]",
        )
    if secret.is_deleted() and not force:
        raise Refused("InvalidRequestException", MARKED)


@answers("secretsmanager", "DeleteSecret")
def delete_secret(call: Call) -> dict:
    """Scheduled, or at once; what is not there is deleted without a word when forced."""
    params, moment = call.params, now()
    if params.get("ForceDeleteWithoutRecovery"):
        secret = find_secret_or_none(call, params["SecretId"])
        if secret is None:
            arn, name, _ = call.backend.delete_secret(params["SecretId"], None, True)
            return {"ARN": arn, "Name": name, "DeletionDate": moment}
        backend_for(call, params["SecretId"]).secrets.pop(secret.name)
        return {"ARN": secret.arn, "Name": secret.name, "DeletionDate": moment}
    secret = find_secret(call)
    end = moment + timedelta(days=params.get("RecoveryWindowInDays", value("secretsmanager.deletion.default_days")))
    secret.deleted_date = end.timestamp()
    return {"ARN": secret.arn, "Name": secret.name, "DeletionDate": end}


@answers("secretsmanager", "DescribeSecret")
def describe_secret(call: Call) -> dict:
    """Without the value; with labels, rotation and deletion."""
    secret = find_secret(call)
    shown = secret.to_dict()
    held = source_of(secret)
    rules = getattr(held, "rotation_rules", None)
    if held.rotation_requested:
        shown["RotationRules"] = rules or {}
    if not held.rotation_lambda_arn:
        shown.pop("RotationLambdaARN", None)
    shown["LastAccessedDate"] = getattr(held, "last_accessed_date", None)
    shown.pop("SecretVersionsToStages", None)
    shown["VersionIdsToStages"] = {
        identifier: list(one["version_stages"]) for identifier, one in held.versions.items() if one["version_stages"]
    } or None
    for name in ("CreatedDate", "LastChangedDate", "DeletedDate", "NextRotationDate", "LastRotatedDate"):
        if isinstance(shown.get(name), (int, float)):
            shown[name] = datetime.fromtimestamp(shown[name], UTC)
    return {name: one for name, one in shown.items() if one is not None}


@corrects("secretsmanager", "RestoreSecret")
def restored_in_its_account(call: Call, result: Any) -> None:
    """moto restores in the caller's account only, which is where a secret is restored by name."""
    find_secret(call).restore()
