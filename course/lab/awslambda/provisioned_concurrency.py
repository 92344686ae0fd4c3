"""Reserved and provisioned concurrency: environments that wait initialised, so that no invocation starts cold.

https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
https://docs.aws.amazon.com/lambda/latest/api/API_PutProvisionedConcurrencyConfig.html
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import utcnow

from course.data import value

from ..gate import Call, Refused, answers, corrects, refuses
from . import environments
from .aliases import existing, split
from .configuration import kept


def _configs(backend: Any) -> dict[tuple[str, str], dict]:
    """By function name and qualifier; they live with moto's state."""
    return backend.__dict__.setdefault("_provisioned_concurrency", {})


def provisioned(backend: Any, name: str) -> int:
    """All that is provisioned of a function."""
    return sum(
        one["RequestedProvisionedConcurrentExecutions"] for key, one in _configs(backend).items() if key[0] == name
    )


def _key(call: Call) -> tuple[str, str]:
    name, own = split(call.params["FunctionName"])
    qualifier = own or call.params.get("Qualifier")
    existing(call.backend, name)
    aliases = call.backend._lambdas._get_function_aliases(name)
    if qualifier in aliases and aliases[qualifier].function_version == "$LATEST" or qualifier in (None, "$LATEST"):
        raise Refused(
            "InvalidParameterValueException",
            "Provisioned Concurrency Configs cannot be applied to unpublished function versions.",
        )
    existing(call.backend, name, qualifier)
    return name, qualifier


@answers("lambda", "PutProvisionedConcurrencyConfig")
def put_provisioned_concurrency(call: Call) -> dict:
    """Let environments of a version or alias wait, as far as the reserved and the account's concurrency go."""
    key = _key(call)
    wanted, least = call.params["ProvisionedConcurrentExecutions"], value("lambda.provisioned.least")
    if wanted < least:
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{wanted}' at 'provisionedConcurrentExecutions' failed to satisfy "
            f"constraint: Member must have value greater than or equal to {least}",
        )
    function = existing(call.backend, key[0])
    version = existing(call.backend, *key)
    if kept(version).get("SnapStart", {}).get("ApplyOn") == "PublishedVersions":
        raise Refused(
            "InvalidParameterValueException",
            "Provisioned Concurrency is not supported for SnapStart enabled functions.",
        )
    _require_one_way(call, key, str(version.version))
    others = provisioned(call.backend, key[0]) - _configs(call.backend).get(key, {}).get(
        "RequestedProvisionedConcurrentExecutions", 0
    )
    if function.reserved_concurrency is not None:
        if others + wanted > int(function.reserved_concurrency):
            raise Refused(
                "InvalidParameterValueException",
                "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function",
            )
    elif others + wanted > value("lambda.limits.concurrency") - value("lambda.limits.unreserved"):
        raise Refused(
            "InvalidParameterValueException",
            "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its "
            f"minimum value of [{value('lambda.limits.unreserved')}].",
        )
    config = {"RequestedProvisionedConcurrentExecutions": wanted, "LastModified": utcnow(), "Status": "READY"}
    _configs(call.backend)[key] = config
    _start(config, version, wanted)
    shown = _shown(config)
    # AWS takes a minute or two; whoever asks the account afterwards sees that it is ready.
    return {**shown, "AllocatedProvisionedConcurrentExecutions": 0, "AvailableProvisionedConcurrentExecutions": 0} | {
        "Status": "IN_PROGRESS"
    }


def _require_one_way(call: Call, key: tuple[str, str], version: str) -> None:
    """A version has it by itself or by an alias, not both."""
    held = _configs(call.backend)
    aliases = call.backend._lambdas._get_function_aliases(key[0])
    if key[1] in aliases:
        if (key[0], version) in held:
            raise Refused(
                "ResourceConflictException",
                "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version",
                409,
            )
    elif any(one.function_version == version and (key[0], name) in held for name, one in aliases.items()):
        raise Refused(
            "ResourceConflictException",
            "Version is pointed by a Provisioned Concurrency alias",
            409,
        )


def _start(config: dict, version: Any, wanted: int) -> None:
    """Initialise a few environments now; their INIT was paid before anybody invokes."""
    if not (version.run_time or "").startswith("python"):
        return
    for _ in range(min(wanted, value("lab.lambda.provisioned")) - environments.waiting(version)):
        environment = environments.cold(version, "provisioned-concurrency")
        outcome = environment.initialised()
        if outcome.ended or outcome.frame.get("error"):
            environment.end()
            environments.forget(environment)
            config["Status"] = "FAILED"
            config["StatusReason"] = "FUNCTION_ERROR_INIT_FAILURE"
            return
        environment.take_printed()
        environments.keep(version, environment)


def _shown(config: dict) -> dict:
    ready = config["RequestedProvisionedConcurrentExecutions"] if config["Status"] == "READY" else 0
    return {
        **config,
        "AllocatedProvisionedConcurrentExecutions": ready,
        "AvailableProvisionedConcurrentExecutions": ready,
        "LastModified": config["LastModified"].strftime("%Y-%m-%dT%H:%M:%S+0000"),
    }


@answers("lambda", "GetProvisionedConcurrencyConfig")
def get_provisioned_concurrency(call: Call) -> dict:
    """How many were asked for, and how many wait."""
    config = _configs(call.backend).get(_key(call))
    if config is None:
        raise Refused(
            "ProvisionedConcurrencyConfigNotFoundException",
            "No Provisioned Concurrency Config found for this function",
            404,
        )
    return _shown(config)


@answers("lambda", "DeleteProvisionedConcurrencyConfig")
def delete_provisioned_concurrency(call: Call) -> dict:
    """None waits any more; one that there was not is no error."""
    key = _key(call)
    if _configs(call.backend).pop(key, None) is not None:
        environments.end_environments(key[0])
    return {}


@answers("lambda", "ListProvisionedConcurrencyConfigs")
def list_provisioned_concurrency(call: Call) -> dict:
    """All of a function."""
    name, _ = split(call.params["FunctionName"])
    existing(call.backend, name)
    arn = f"arn:aws:lambda:{call.region}:{call.account_id}:function:{name}"
    held = [(key, one) for key, one in _configs(call.backend).items() if key[0] == name]
    return {"ProvisionedConcurrencyConfigs": [{"FunctionArn": f"{arn}:{key[1]}", **_shown(one)} for key, one in held]}


@corrects("lambda", "DeleteFunction")
def provisioned_goes_with_the_function(call: Call, result: Any) -> None:
    """A function that is gone has none."""
    name, own = split(call.params["FunctionName"])
    qualifier = own or call.params.get("Qualifier")
    for key in [key for key in _configs(call.backend) if key[0] == name and qualifier in (None, key[1])]:
        del _configs(call.backend)[key]


@refuses("lambda", "PutFunctionConcurrency")
def below_what_is_provisioned(call: Call) -> None:
    """The reserved concurrency holds all that is provisioned."""
    name, _ = split(call.params["FunctionName"])
    existing(call.backend, name)
    reserved, needed = call.params["ReservedConcurrentExecutions"], provisioned(call.backend, name)
    if reserved < 0:
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{reserved}' at 'reservedConcurrentExecutions' failed to satisfy "
            "constraint: Member must have value greater than or equal to 0",
        )
    if reserved < needed:
        raise Refused(
            "InvalidParameterValueException",
            f"ReservedConcurrentExecutions  {reserved} should not be lower than function's total provisioned concurrency "
            f"[{needed}].",
        )
