"""Reading secrets: one version, the versions there are, or the current values of many.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from moto.core.exceptions import HTTPException, ServiceException

from ..gate import Call, Refused, answers, refuses
from ..iam.context import now
from .encryption import require_readable
from .secrets import find_secret, source_of
from .versions import CURRENT, has_value, labelled


def read(call: Call, secret_id: str, version_id: str | None = None, label: str | None = None) -> dict:
    """The value of a version, as GetSecretValue answers it; Refused if there is none."""
    secret = source_of(find_secret(call, secret_id))
    missing = "Secrets Manager can't find the specified secret value for"
    if version_id is not None:
        if version_id not in secret.versions:
            raise Refused("ResourceNotFoundException", f"{missing} VersionId: {version_id}")
        if label is not None and label not in secret.versions[version_id]["version_stages"]:
            raise Refused(
                "InvalidRequestException",
                "You provided a VersionStage that is not associated to the provided VersionId.",
            )
    else:
        version_id = labelled(secret, label or CURRENT)
    version = secret.versions.get(version_id)
    if version is None or not has_value(version):
        raise Refused("ResourceNotFoundException", f"{missing} staging label: {label or CURRENT}")
    require_readable(call, secret)
    shown = {
        "ARN": find_secret(call, secret_id).arn,
        "Name": secret.name,
        "VersionId": version_id,
        "VersionStages": sorted(version["version_stages"]),
        "CreatedDate": datetime.fromtimestamp(version["createdate"], UTC),
    }
    if "secret_string" in version:
        return {**shown, "SecretString": version["secret_string"]}
    return {**shown, "SecretBinary": base64.b64decode(version["secret_binary"])}


@answers("secretsmanager", "GetSecretValue")
def get_secret_value(call: Call) -> dict:
    """By version, by label, or the current one."""
    params = call.params
    shown = read(call, params["SecretId"], params.get("VersionId"), params.get("VersionStage"))
    secret = source_of(find_secret(call))
    # AWS keeps the day only.
    secret.last_accessed_date = now().replace(hour=0, minute=0, second=0, microsecond=0)
    return shown


@answers("secretsmanager", "ListSecretVersionIds")
def list_version_ids(call: Call) -> dict:
    """Versions with a value; those without a label only when asked for."""
    secret = find_secret(call)
    everything = call.params.get("IncludeDeprecated", False)
    found = [
        {
            "VersionId": name,
            "VersionStages": sorted(one["version_stages"]),
            "CreatedDate": datetime.fromtimestamp(one["createdate"], UTC),
            "KmsKeyIds": [source_of(secret).kms_key_id or "DefaultEncryptionKey"],
        }
        for name, one in secret.versions.items()
        if has_value(one) and (everything or one["version_stages"])
    ]
    return {"ARN": secret.arn, "Name": secret.name, "Versions": found}


@refuses("secretsmanager", "BatchGetSecretValue")
def impossible_batch(call: Call) -> None:
    """A list or filters, and a page size with filters only."""
    params = call.params
    if ("SecretIdList" in params) == ("Filters" in params):
        raise Refused("InvalidParameterException", "Either 'SecretIdList' or 'Filters' must be provided, but not both.")
    if "MaxResults" in params and "Filters" not in params:
        raise Refused(
            "InvalidParameterException",
            "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided.",
        )


@answers("secretsmanager", "BatchGetSecretValue")
def batch_get(call: Call) -> dict:
    """The current values; what cannot be read, or the caller may not, stands among the errors."""
    from ..iam.enforcement import refusal_of

    wanted = call.params.get("SecretIdList")
    if wanted is None:
        listed, _ = call.backend.list_secrets(call.params["Filters"])
        wanted = [one["ARN"] for one in listed]
    values, errors = [], []
    for secret_id in wanted:
        try:
            one = Call(**{**call.__dict__, "operation": "GetSecretValue", "params": {"SecretId": secret_id}})
            secret = find_secret(call, secret_id)
            refusal = refusal_of(one)
            if refusal:
                raise refusal
            if source_of(secret).is_deleted():
                raise Refused("InvalidRequestException", "The secret was marked for deletion.")
            values.append(read(call, secret_id))
        except (ServiceException, HTTPException) as refusal:
            errors.append({"SecretId": secret_id, "ErrorCode": refusal.code, "Message": refusal.message})
    return {"SecretValues": values, "Errors": errors}
