"""`{{resolve:...}}` in properties: Parameter Store values with every deployment, secrets when the resource is changed.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
"""

from __future__ import annotations

import json
import re
from typing import Any

from .caller import Failed, ask
from .template_text import Invalid

_REFERENCE = re.compile(r"\{\{resolve:(ssm|ssm-secure|secretsmanager):([^{}]*)\}\}")
_PARAMETER = re.compile(r"([a-zA-Z0-9_.\-/]+)(?::(\d+))?")
# The properties that may hold a secure string, of the types that the account has.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm-secure-strings.html
_SECURE = {("AWS::IAM::User", "LoginProfile")}


def with_parameters(text: str, region: str) -> str:
    """A text with its references to Parameter Store resolved. Invalid for what AWS refuses before anything is made."""
    if "{{resolve:ssm:" not in text:
        return text
    return _REFERENCE.sub(lambda match: _parameter(match, region) if match[1] == "ssm" else match[0], text)


def _parameter(match: re.Match, region: str, secure: bool = False) -> str:
    name = _PARAMETER.fullmatch(match[2])
    if name is None:
        raise Invalid(f"Incorrect format is used in the following SSM reference: [{match[0]}]")
    asked = match[2]
    try:
        found = ask("ssm", region, "get_parameter", Name=asked, WithDecryption=True)["Parameter"]
    except Failed as failed:
        if failed.code in ("ParameterNotFound", "ParameterVersionNotFound"):
            raise Invalid(f"Unable to fetch parameters [{asked}] from parameter store for this account.") from None
        raise
    if found["Type"] == "SecureString" and not secure:
        raise Invalid(f"Non-secure ssm prefix was used for secure parameter {name[1]}")
    return found["Value"]


def with_secrets(part: Any, type_name: str, region: str, path: str = "") -> Any:
    """Properties with all their references resolved, as the service gets them."""
    if isinstance(part, dict):
        return {key: with_secrets(one, type_name, region, f"{path}/{key}") for key, one in part.items()}
    if isinstance(part, list):
        return [with_secrets(one, type_name, region, path) for one in part]
    if not isinstance(part, str) or "{{resolve:" not in part:
        return part

    def resolved(match: re.Match) -> str:
        if match[1] == "secretsmanager":
            return _secret(match[2], region)
        if match[1] == "ssm-secure":
            if (type_name, path.split("/")[1]) not in _SECURE:
                raise Failed(f"SSM Secure reference is not supported in: [{type_name}/Properties{path}]")
            return _parameter(match, region, secure=True)
        return match[0]

    return _REFERENCE.sub(resolved, part)


def _secret(reference: str, region: str) -> str:
    """secret-id:SecretString:json-key:version-stage:version-id, where the id may be an ARN."""
    if reference.startswith("arn:"):
        fields = reference.split(":")
        secret, rest = ":".join(fields[:7]), fields[7:]
    else:
        secret, *rest = reference.split(":")
    kind, key, stage, version = (*rest, "", "", "", "")[:4]
    if kind not in ("", "SecretString"):
        raise Failed(
            f"Incorrect format is used in the following reference: [{{{{resolve:secretsmanager:{reference}}}}}]"
        )
    found = ask(
        "secretsmanager",
        region,
        "get_secret_value",
        SecretId=secret,
        VersionStage=stage or None,
        VersionId=version or None,
    ).get("SecretString", "")
    if not key:
        return found
    try:
        held = json.loads(found)
    except ValueError:
        held = None
    if not isinstance(held, dict):
        raise Failed("Could not parse SecretString JSON")
    if key not in held:
        raise Failed("Could not find a value associated with JSONKey in SecretString")
    return str(held[key])
