"""Types, data types and patterns of values.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable
from typing import Any

import moto.ssm.models
from moto.ssm.models import SimpleSystemManagerBackend

from ..gate import Call, Refused, answers, refuses, replaces
from .names import versions_of

_NAMES = (
    *("text", "aws:ec2:image", "aws:ssm:integration", "aws:region", "aws:account:id", "boolean", "integer", "float"),
    *("binary", "hostname", "email", "ipv4-address", "ipv6-address", "url", "json", "jsonc"),
)
# Where the form of a value is beyond doubt; the others are taken as they are.
_FORMS: dict[str, Callable[[str], Any]] = {
    "boolean": lambda text: {"true": True, "false": False}[text.lower()],
    "integer": lambda text: int(text) if re.fullmatch(r"[+-]?\d+", text) else 1 / 0,
    "float": float,
    "ipv4-address": ipaddress.IPv4Address,
    "ipv6-address": ipaddress.IPv6Address,
    "json": json.loads,
    "aws:account:id": lambda text: text if re.fullmatch(r"\d{12}", text) else 1 / 0,
    "aws:ec2:image": lambda text: text if re.fullmatch(r"ami-[0-9a-zA-Z]{8,17}", text) else 1 / 0,
}


@replaces(moto.ssm.models, "_valid_parameter_data_type")
def data_types(moto_: Any, data_type: str) -> bool:
    """moto knows text and aws:ec2:image."""
    return data_type in _NAMES


@refuses("ssm", "PutParameter")
def impossible_value(call: Call) -> None:
    """A value is given, refers to no other parameter, and has the form of its data type."""
    params, held = call.params, versions_of(call, call.params["Name"].strip())
    text = params["Value"]
    if re.search(r"\{\{.*\}\}", text):
        raise Refused(
            "ValidationException",
            f'Parameter value can\'t nest another parameter. Do not use "{{{{}}}}" in the value: {text}',
        )
    data_type = params.get("DataType")
    if data_type is not None and held and data_type != held[-1].data_type:
        raise Refused("ValidationException", f"You can't change the data type of the parameter {params['Name']}.")
    data_type = data_type or (held[-1].data_type if held else "text")
    if data_type in _FORMS:
        try:
            _FORMS[data_type](text)
        except (ValueError, KeyError, ZeroDivisionError):
            raise Refused(
                "ValidationException", f"The value of the parameter is not valid for the data type {data_type}."
            ) from None


@refuses("ssm", "PutParameter")
def other_type(call: Call) -> None:
    """A parameter keeps its type.

    AWS documents this without exception, for String to SecureString as its example; that SecureString to String is
    accepted was observed, so it is here.
    """
    params, held = call.params, versions_of(call, call.params["Name"].strip())
    wanted = params.get("Type")
    if not held or not params.get("Overwrite") or wanted in (None, held[-1].parameter_type):
        return
    if (held[-1].parameter_type, wanted) != ("SecureString", "String"):
        raise Refused(
            "HierarchyTypeMismatchException",
            "Parameter Store doesn't support changing a parameter type in a hierarchy. For example, you can't change a "
            "parameter from a String type to a SecureString type. You must create a new, unique parameter.",
        )


@refuses("ssm", "PutParameter")
def value_against_its_pattern(call: Call) -> None:
    """The whole value matches AllowedPattern, also that of an earlier version; of a StringList each item."""
    params, held = call.params, versions_of(call, call.params["Name"].strip())
    pattern = params.get("AllowedPattern") or (held[-1].allowed_pattern if held and params.get("Overwrite") else None)
    if not pattern:
        return
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise Refused(
            "InvalidAllowedPatternException", f"The allowed pattern {pattern} is no regular expression: {error}."
        ) from None
    kind = params.get("Type") or (held[-1].parameter_type if held else "")
    items = params["Value"].split(",") if kind == "StringList" else [params["Value"]]
    if not all(compiled.fullmatch(item) for item in items):
        raise Refused(
            "ParameterPatternMismatchException",
            f"Parameter value, cannot be validated against allowedPattern: {pattern}",
        )


@answers("ssm", "PutParameter")
def put_parameter(call: Call) -> dict:
    """The new version and its tier.

    An image that does not exist is found out afterwards, as on AWS: the request succeeds and nothing is stored.
    """
    from .tiers import tier_of

    params, backend = call.params, call.backend
    name, held = params["Name"].strip(), versions_of(call, params["Name"].strip())
    data_type = params.get("DataType") or (held[-1].data_type if held else "text")
    tier = tier_of(call)
    if data_type == "aws:ec2:image" and params["Value"] not in call.backend_of("ec2").amis:
        return {"Version": held[-1].version + 1 if held else 1, "Tier": tier}
    made = backend.put_parameter(
        name,
        params.get("Description"),
        params["Value"],
        params.get("Type"),
        params.get("AllowedPattern"),
        params.get("KeyId"),
        params.get("Overwrite", False),
        params.get("Tags"),
        data_type,
        tier=tier,
        policies=params.get("Policies"),
    )
    made.last_modified_user = _caller(call)
    return {"Version": made.version, "Tier": made.tier}


def _caller(call: Call) -> str:
    from ..iam.caller import caller_of

    try:
        return caller_of(call.access_key, call.token).principal.arn
    except Refused:
        return f"arn:aws:iam::{call.account_id}:root"


@replaces(SimpleSystemManagerBackend, "put_parameter")
def keeps_no_empty_parameter(
    moto_: Any, backend: SimpleSystemManagerBackend, name: str, *args: Any, **kwargs: Any
) -> Any:
    """moto notes the name of a parameter before it refuses it."""
    known = name in backend._parameters
    try:
        return moto_(backend, name, *args, **kwargs)
    finally:
        if not known and not backend._parameters.get(backend._parameters.normalize_name(name)):
            backend._parameters.pop(backend._parameters.normalize_name(name), None)
            backend._parameters.pop(name, None)
