"""Versions of a secret and their staging labels: AWSCURRENT, AWSPENDING, AWSPREVIOUS and one's own.

moto loses own labels when AWSCURRENT moves, and goes on reading the old version.
https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
"""

from __future__ import annotations

import base64
from typing import Any

from moto.moto_api._internal import mock_random
from moto.secretsmanager.models import FakeSecret

from course.data import value

from ..gate import Call, Refused, answers, refuses, replaces
from ..iam.context import now
from .secrets import find_secret

CURRENT, PENDING, PREVIOUS = "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"
Version = dict[str, Any]


def labelled(secret: FakeSecret, label: str) -> str | None:
    """The id of the version with this staging label."""
    return next((name for name, one in secret.versions.items() if label in one["version_stages"]), None)


def attach(secret: FakeSecret, version_id: str, label: str) -> None:
    """Give the label to the version, and take it from the one that has it; AWSPREVIOUS follows AWSCURRENT."""
    before = labelled(secret, label)
    if before == version_id:
        return
    if before is not None:
        secret.versions[before]["version_stages"].remove(label)
    secret.versions[version_id]["version_stages"].append(label)
    if label == CURRENT:
        if before is not None:
            attach(secret, before, PREVIOUS)
        if PREVIOUS in secret.versions[version_id]["version_stages"]:
            secret.versions[version_id]["version_stages"].remove(PREVIOUS)
        secret.set_default_version_id(version_id)


def add_version(secret: FakeSecret, version_id: str, contents: dict[str, Any], labels: list[str]) -> None:
    """A new version with a value, or the value of one that a rotation has begun."""
    held = secret.versions.setdefault(
        version_id, {"createdate": now().timestamp(), "version_id": version_id, "version_stages": []}
    )
    held.update(contents)
    for label in labels:
        attach(secret, version_id, label)
    secret.last_changed_date = now().timestamp()
    _remove_oldest(secret)


def _remove_oldest(secret: FakeSecret) -> None:
    spare = [name for name, one in secret.versions.items() if not one["version_stages"]]
    for name in spare[: max(0, len(secret.versions) - value("secretsmanager.secrets.versions"))]:
        del secret.versions[name]


def contents_of(params: dict[str, Any]) -> dict[str, Any]:
    """The value of a request as moto stores it."""
    if "SecretString" in params:
        return {"secret_string": params["SecretString"]}
    if "SecretBinary" in params:
        return {"secret_binary": base64.b64encode(params["SecretBinary"]).decode()}
    return {}


def has_value(version: Version) -> bool:
    return "secret_string" in version or "secret_binary" in version


@replaces(FakeSecret, "reset_default_version")
def current_from_now_on(moto: Any, secret: FakeSecret, version: Version, version_id: str) -> None:
    """What stacks and other services store: own labels stay where they are."""
    labels = version["version_stages"]
    secret.versions[version_id] = {**version, "version_stages": []}
    for label in labels:
        attach(secret, version_id, label)


@refuses("secretsmanager", "PutSecretValue", "UpdateSecret")
def token_of_another_value(call: Call) -> None:
    """A version is never changed; the same value with the same token does nothing."""
    secret, token, contents = find_secret(call), call.params.get("ClientRequestToken"), contents_of(call.params)
    held = secret.versions.get(token)
    if not contents or held is None or not has_value(held):
        return
    same = all(held.get(name) == one for name, one in contents.items())
    if not same or call.operation == "UpdateSecret":
        raise Refused(
            "ResourceExistsException",
            f"You can't use ClientRequestToken {token} because that value is already in use for a version of secret "
            f"{secret.arn}.",
        )


@refuses("secretsmanager", "PutSecretValue", "UpdateSecretVersionStage")
def too_many_labels(call: Call) -> None:
    """At most 20 staging labels per secret."""
    wanted = call.params.get("VersionStages") or []
    if call.operation == "UpdateSecretVersionStage" and "MoveToVersionId" in call.params:
        wanted = [call.params["VersionStage"]]
    held = {label for one in find_secret(call).versions.values() for label in one["version_stages"]}
    most = value("secretsmanager.secrets.labels")
    if len(held | set(wanted)) > most:
        raise Refused("LimitExceededException", f"A secret can have at most {most} staging labels.")


@answers("secretsmanager", "PutSecretValue")
def put_secret_value(call: Call) -> dict:
    """A new version, AWSCURRENT unless it is given other labels; the first one always."""
    params, secret = call.params, find_secret(call)
    version_id = params.get("ClientRequestToken") or str(mock_random.uuid4())
    labels = list(params.get("VersionStages") or [CURRENT])
    if labelled(secret, CURRENT) is None and CURRENT not in labels:
        labels.append(CURRENT)
    if not has_value(secret.versions.get(version_id, {})):
        add_version(secret, version_id, contents_of(params), labels)
    return {
        "ARN": secret.arn,
        "Name": secret.name,
        "VersionId": version_id,
        "VersionStages": sorted(secret.versions[version_id]["version_stages"]),
    }


@answers("secretsmanager", "UpdateSecret")
def update_secret(call: Call) -> dict:
    """Description and key, and a new current version where a value is given."""
    params, secret = call.params, find_secret(call)
    if "Description" in params:
        secret.description = params["Description"]
    if "KmsKeyId" in params:
        secret.kms_key_id = params["KmsKeyId"] or None
    secret.last_changed_date = now().timestamp()
    shown = {"ARN": secret.arn, "Name": secret.name}
    contents = contents_of(params)
    if contents:
        version_id = params.get("ClientRequestToken") or str(mock_random.uuid4())
        add_version(secret, version_id, contents, [CURRENT])
        shown["VersionId"] = version_id
    return shown


@refuses("secretsmanager", "UpdateSecretVersionStage")
def impossible_move(call: Call) -> None:
    """The request names where the label is now; AWSCURRENT moves, and is never taken away altogether."""
    params, secret = call.params, find_secret(call)
    label, source, target = params["VersionStage"], params.get("RemoveFromVersionId"), params.get("MoveToVersionId")
    for version_id in (source, target):
        if version_id is not None and version_id not in secret.versions:
            raise Refused("InvalidParameterException", f"Not a valid version: {version_id}")
    if source is None and target is None:
        raise Refused("InvalidParameterException", "You must provide RemoveFromVersionId, MoveToVersionId, or both.")
    held = labelled(secret, label)
    if source is not None and held != source:
        raise Refused("InvalidParameterException", f"Version stage {label} not found in version {source}")
    if source is None and held not in (None, target):
        raise Refused(
            "InvalidParameterException",
            f"The parameter RemoveFromVersionId can't be empty. Staging label {label} is currently attached to version "
            f"{held}, so you must explicitly reference that version in RemoveFromVersionId.",
        )
    if label == CURRENT and target is None:
        raise Refused(
            "InvalidParameterException",
            f"You can only move staging label {CURRENT} to a different secret version. It can’t be completely removed.",
        )


@answers("secretsmanager", "UpdateSecretVersionStage")
def update_version_stage(call: Call) -> dict:
    """Move or remove one label."""
    params, secret = call.params, find_secret(call)
    if params.get("MoveToVersionId"):
        attach(secret, params["MoveToVersionId"], params["VersionStage"])
    else:
        secret.versions[params["RemoveFromVersionId"]]["version_stages"].remove(params["VersionStage"])
    secret.last_changed_date = now().timestamp()
    return {"ARN": secret.arn, "Name": secret.name}
