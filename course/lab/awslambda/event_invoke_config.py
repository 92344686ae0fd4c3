"""What becomes of asynchronous invocations, for a function or one of its versions and aliases: retries, destinations.

https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.backends import get_backend
from moto.core.exceptions import HTTPException, ServiceException
from moto.core.utils import utcnow

from course.data import value

from ..gate import Call, Refused, answers, refuses
from .aliases import existing, split, target
from .execution_role import ACTIONS, role_lets

_CALLS = {"lambda:InvokeFunction": "Invoke"}


def configs(backend: Any) -> dict[tuple[str, str], dict]:
    """By function name and qualifier; they live with moto's state."""
    return backend.__dict__.setdefault("_event_invoke_configs", {})


def _key(call: Call) -> tuple[str, str]:
    name, own = split(call.params["FunctionName"])
    qualifier = own or call.params.get("Qualifier") or "$LATEST"
    existing(call.backend, name, qualifier)
    return name, qualifier


def _shown(call: Call, key: tuple[str, str]) -> dict:
    arn = f"arn:aws:lambda:{call.region}:{call.account_id}:function:{key[0]}:{key[1]}"
    if key not in configs(call.backend):
        raise Refused("ResourceNotFoundException", f"The function {arn} doesn't have an EventInvokeConfig", 404)
    return {"FunctionArn": arn, **configs(call.backend)[key]}


@refuses("lambda", "PutFunctionEventInvokeConfig", "UpdateFunctionEventInvokeConfig")
def impossible_event_invoke_config(call: Call) -> None:
    """Two retries at most, and destinations of the kinds that AWS has, none of them FIFO, a bucket only for failures."""
    most = value("lambda.asynchronous.retries")
    retries = call.params.get("MaximumRetryAttempts")
    if retries is not None and not 0 <= retries <= most:
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{retries}' at 'maximumRetryAttempts' failed to satisfy constraint: "
            f"Member must have value less than or equal to {most}",
        )
    age = call.params.get("MaximumEventAgeInSeconds")
    least, oldest = value("lambda.asynchronous.least_event_age"), value("lambda.asynchronous.event_age") * 3600
    if age is not None and not least <= age <= oldest:
        bound = f"less than or equal to {oldest}" if age > oldest else f"greater than or equal to {least}"
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{age}' at 'maximumEventAgeInSeconds' failed to satisfy constraint: "
            f"Member must have value {bound}",
        )
    if retries is None and age is None and not call.params.get("DestinationConfig"):
        raise Refused(
            "InvalidParameterValueException",
            "You must specify at least one of error handling or destination setting.",
        )
    for side, one in (call.params.get("DestinationConfig") or {}).items():
        if one.get("Destination"):
            _require_destination(call, one["Destination"], side)


def _require_destination(call: Call, arn: str, side: str) -> None:
    found = re.fullmatch(r"arn:aws[\w-]*:([\w-]+):[\w-]*:\d*:.+", arn)
    service = found[1] if found else ""
    invalid = Refused("InvalidParameterValueException", f"The destination ARN {arn} is invalid.")
    if service not in ACTIONS or (service == "s3" and side == "OnSuccess") or arn.endswith(".fifo"):
        raise invalid
    name, _ = split(call.params["FunctionName"])
    function = existing(call.backend, name)
    if service == "lambda":
        if arn.split(":")[6] == name and arn.split(":")[3:5] == [call.region, call.account_id]:
            raise Refused(
                "InvalidParameterValueException", "You can't specify the function as a destination for itself."
            )
        try:
            target(get_backend("lambda")[arn.split(":")[4]][arn.split(":")[3]], arn)
        except (ServiceException, HTTPException, KeyError):
            raise invalid from None
    action = ACTIONS[service]
    if not role_lets(function, action, arn):
        raise Refused(
            "InvalidParameterValueException",
            f"The function's execution role does not have permissions to call {_CALLS.get(action, action.split(':')[1])} "
            f"on {arn}",
        )


@answers("lambda", "PutFunctionEventInvokeConfig")
def put_event_invoke_config(call: Call) -> dict:
    """Replace the configuration of one version or alias; moto keeps the first for ever and for all versions."""
    key = _key(call)
    kept = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")
    config = {name: call.params[name] for name in kept if name in call.params}
    configs(call.backend)[key] = {"LastModified": utcnow(), **config}
    return _shown(call, key)


@answers("lambda", "UpdateFunctionEventInvokeConfig")
def update_event_invoke_config(call: Call) -> dict:
    """Change only what is given."""
    key = _key(call)
    before = {name: one for name, one in _shown(call, key).items() if name != "FunctionArn"}
    put_event_invoke_config(call)
    configs(call.backend)[key] = {**before, **configs(call.backend)[key]}
    return _shown(call, key)


@answers("lambda", "GetFunctionEventInvokeConfig")
def get_event_invoke_config(call: Call) -> dict:
    """Show the configuration of one version or alias."""
    return _shown(call, _key(call))


@answers("lambda", "DeleteFunctionEventInvokeConfig")
def delete_event_invoke_config(call: Call) -> dict:
    """Back to two retries and no destination."""
    key = _key(call)
    _shown(call, key)
    del configs(call.backend)[key]
    return {}


@answers("lambda", "ListFunctionEventInvokeConfigs")
def list_event_invokeconfigs(call: Call) -> dict:
    """All configurations of a function."""
    name, _ = split(call.params["FunctionName"])
    existing(call.backend, name)
    keys = [key for key in configs(call.backend) if key[0] == name]
    return {"FunctionEventInvokeConfigs": [_shown(call, key) for key in keys]}
