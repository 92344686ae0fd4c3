"""Where the configuration of a profile is read from: the hosted store, Parameter Store, Secrets Manager, Amazon S3.

https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-configuration-and-profile.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.core.exceptions import HTTPException, ServiceException

from ..gate import Call, NotOffline
from .store import Profile, bad_request, not_found

TEXT = "text/plain"


def configuration(call: Call, profile: Profile, version: str) -> tuple[str, str | None, bytes, str]:
    """(version, label, content, content type) of a version that is named by number or label; Refused if there is none."""
    if profile.location == "hosted":
        return _hosted(profile, version)
    try:
        content, kind = _elsewhere(call, profile.location, version)
    except (ServiceException, HTTPException, KeyError, IndexError, AttributeError):
        content = None
    if content is None:
        raise bad_request(f"Error in retrieving version {version} of the configuration at {profile.location}.")
    return version, None, content, kind


def _hosted(profile: Profile, version: str) -> tuple[str, str | None, bytes, str]:
    for one in profile.versions.values():
        if version in (str(one.number), one.label):
            return str(one.number), one.label, one.content, one.content_type
    raise not_found("HostedConfigurationVersion", version)


def _elsewhere(call: Call, location: str, version: str) -> tuple[bytes | None, str]:
    scheme, _, name = location.partition("://")
    if location.startswith("arn:"):
        scheme = {"ssm": "ssm-parameter"}.get(location.split(":")[2], location.split(":")[2])
        name = location.split(":", 5)[5].removeprefix("parameter").removeprefix("secret:")
    if scheme == "ssm-parameter":
        found = call.backend_of("ssm").get_parameter(f"{name}:{version}")
        return (found.decrypt(found.value).encode(), TEXT) if found else (None, TEXT)
    if scheme == "secretsmanager":
        held: dict[str, Any] = call.backend_of("secretsmanager").secrets[name].versions[version]
        return held["secret_string"].encode(), _kind(held["secret_string"])
    if scheme == "s3":
        from moto.s3.models import s3_backends

        bucket, _, key = name.partition("/")
        found = s3_backends[call.account_id]["aws"].get_object(bucket, key, version_id=version)
        return (found.value, found.metadata.get("Content-Type", TEXT)) if found else (None, TEXT)
    raise NotOffline(f"the offline account does not deploy configurations from {location}")


def _kind(text: str) -> str:
    try:
        json.loads(text)
    except ValueError:
        return TEXT
    return "application/json"
