"""The credential report: the row of the root user, and what each column says for a user who has no such thing.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from moto.iam.models import IAMBackend, User, iam_backends

from ..gate import Call, Refused, answers
from .context import now

_COLUMNS = [
    "user", "arn", "user_creation_time",
    "password_enabled", "password_last_used", "password_last_changed", "password_next_rotation", "mfa_active",
    "access_key_1_active", "access_key_1_last_rotated", "access_key_1_last_used_date", "access_key_1_last_used_region",
    "access_key_1_last_used_service",
    "access_key_2_active", "access_key_2_last_rotated", "access_key_2_last_used_date", "access_key_2_last_used_region",
    "access_key_2_last_used_service",
    "cert_1_active", "cert_1_last_rotated", "cert_2_active", "cert_2_last_rotated",
]  # fmt: skip
_NONE, _UNKNOWN = "N/A", "not_supported"


@answers("iam", "GetCredentialReport")
def get_credential_report(call: Call) -> dict:
    """The state of now; AWS shows that of the last report made, which may be four hours old."""
    backend = iam_backends[call.account_id]["aws"]
    if not backend.credential_report:
        raise Refused("ReportNotPresent", "Credential report not present. You need to generate one first.", 410)
    rows = [_COLUMNS, _root(backend), *(_row(backend, user) for user in backend.users.values())]
    text = "\n".join(",".join(row) for row in rows)
    return {"Content": text.encode(), "ReportFormat": "text/csv", "GeneratedTime": now()}


def _root(backend: IAMBackend) -> list[str]:
    """The root user of this account has no access keys, and MFA, as AWS demands of it."""
    created = min((user.create_date for user in backend.users.values()), default=now())
    password = [_UNKNOWN, "no_information", _UNKNOWN, _UNKNOWN]
    key = ["false", _NONE, _NONE, _NONE, _NONE]
    arn = f"arn:{backend.partition}:iam::{backend.account_id}:root"
    return ["<root_account>", arn, _time(created), *password, "true", *key, *key, *["false", _NONE] * 2]


def _row(backend: IAMBackend, user: User) -> list[str]:
    keys = [_key(key) for key in user.access_keys[:2]]
    keys += [["false", _NONE, _NONE, _NONE, _NONE]] * (2 - len(keys))
    certificates = [
        ["true" if one.status == "Active" else "false", _time(one.upload_date) if one.upload_date else _NONE]
        for one in list(user.signing_certificates.values())[:2]
    ]
    certificates += [["false", _NONE]] * (2 - len(certificates))
    mfa = "true" if user.mfa_devices else "false"
    return [user.name, user.arn, _time(user.create_date), *_password(backend, user), mfa, *sum(keys + certificates, [])]


def _password(backend: IAMBackend, user: User) -> list[str]:
    if not user.password:
        return ["false", _NONE, _NONE, _NONE]
    changed = getattr(user, "_lab_password_changed", user.create_date)
    policy = backend.account_password_policy
    rotation = _time(changed + timedelta(days=policy.max_password_age)) if policy and policy.expire_passwords else _NONE
    used = user.password_last_used
    return ["true", _time(used) if used else "no_information", _time(changed), rotation]


def _key(key: Any) -> list[str]:
    used = key.last_used
    last = [_time(used.timestamp), used.region, used.service] if used else [_NONE] * 3
    return ["true" if key.status == "Active" else "false", _time(key.create_date), *last]


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")
