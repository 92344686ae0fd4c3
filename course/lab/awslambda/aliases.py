"""Versions and aliases: which version an invocation reaches, and what AWS refuses of an alias.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.moto_api._internal import mock_random

from course.data import value

from .. import ids
from ..gate import Call, Refused, corrects, refuses, replaces


def target(backend: LambdaBackend, name: str, qualifier: str | None = None) -> tuple[LambdaFunction, str]:
    """The version to run and the ARN it was invoked by; an alias with weights draws a version for each invocation."""
    name, own = split(name)
    qualifier = own or qualifier
    function = existing(backend, name, qualifier)
    arn = f"arn:aws:lambda:{backend.region_name}:{backend.account_id}:function:{name}"
    arn += f":{qualifier}" if qualifier else ""
    alias = backend._lambdas._get_function_aliases(name).get(qualifier) if qualifier else None
    if alias is not None:
        weights = (alias.routing_config or {}).get("AdditionalVersionWeights") or {}
        for version, weight in weights.items():
            if ids.stream(f"lambda routing {alias.arn}").random() < float(weight):
                function = backend.get_function(name, version)
    return function, arn


def existing(backend: LambdaBackend, name: str, qualifier: str | None = None) -> LambdaFunction:
    """The version; Refused(ResourceNotFoundException) if there is none."""
    try:
        return backend.get_function(name, qualifier)
    except UnknownFunctionException as unknown:
        raise Refused("ResourceNotFoundException", unknown.message, 404) from None


def split(name: str) -> tuple[str, str | None]:
    """Function name and qualifier of a name, partial ARN or ARN."""
    name = name.split("function:")[-1]
    name, _, qualifier = name.partition(":")
    return name, qualifier or None


def _described(call: Call) -> dict[str, Any]:
    """The alias as it would be after the call."""
    params = dict(call.params)
    if call.operation == "UpdateAlias":
        function = split(params["FunctionName"])[0]
        alias = call.backend._lambdas._get_function_aliases(function).get(params["Name"])
        if alias is None:
            arn = f"arn:aws:lambda:{call.region}:{call.account_id}:function:{function}:{params['Name']}"
            raise Refused("ResourceNotFoundException", f"Cannot find alias arn: {arn}", 404)
        params.setdefault("FunctionVersion", alias.function_version)
        params.setdefault("RoutingConfig", alias.routing_config or {})
    return params


@refuses("lambda", "CreateAlias")
def numeric_alias(call: Call) -> None:
    """A name of digits only would be a version."""
    name = call.params["Name"]
    if not re.fullmatch(r"(?!^[0-9]+$)([a-zA-Z0-9-_]{1,128})", name):
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: Member must satisfy "
            r"regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)",
        )
    function = split(call.params["FunctionName"])[0]
    existing(call.backend, function)
    if name in call.backend._lambdas._get_function_aliases(function):
        arn = f"arn:aws:lambda:{call.region}:{call.account_id}:function:{function}:{name}"
        raise Refused("ResourceConflictException", f"Alias already exists: {arn}", 409)


@refuses("lambda", "CreateAlias", "UpdateAlias")
def missing_version(call: Call) -> None:
    """An alias points to a version that exists, not to another alias."""
    function = split(call.params["FunctionName"])[0]
    existing(call.backend, function)
    _require_version(call, function, str(_described(call)["FunctionVersion"]))


@refuses("lambda", "CreateAlias", "UpdateAlias")
def impossible_weights(call: Call) -> None:
    """One more version at most, published, another than the alias's own, with a weight from 0 to 1."""
    alias = _described(call)
    weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    if len(weights) > value("lambda.aliases.versions") - 1:
        raise Refused(
            "InvalidParameterValueException", "Number of items in AdditionalVersionWeights cannot be greater than 1"
        )
    main = str(alias["FunctionVersion"])
    for version, weight in weights.items():
        place = (
            f"1 validation error detected: Value '{{{version}={weight}}}' at 'routingConfig.additionalVersionWeights'"
        )
        if not 0 <= float(weight) <= 1:
            raise Refused(
                "ValidationException",
                f"{place} failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less "
                "than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]",
            )
        if main == "$LATEST":
            raise Refused(
                "InvalidParameterValueException",
                "$LATEST is not supported for an alias pointing to more than 1 version",
            )
        if not version.isdigit():
            raise Refused(
                "ValidationException",
                f"{place} failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less "
                "than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular "
                "expression pattern: [0-9]+]",
            )
        if version == main:
            raise Refused(
                "InvalidParameterValueException",
                f"Invalid function version {version}. Function version {version} is already included in routing "
                "configuration.",
            )
        _require_version(call, split(call.params["FunctionName"])[0], version)


def _require_version(call: Call, function: str, version: str) -> None:
    if version != "$LATEST" and call.backend._lambdas._get_version(function, version) is None:
        arn = f"arn:aws:lambda:{call.region}:{call.account_id}:function:{function}:{version}"
        raise Refused("ResourceNotFoundException", f"Function not found: {arn}", 404)


@refuses("lambda", "UpdateFunctionCode", "UpdateFunctionConfiguration")
def published_version(call: Call) -> None:
    """A published version is immutable, whoever names it."""
    if split(call.params["FunctionName"])[1] not in (None, "$LATEST"):
        raise Refused(
            "InvalidParameterValueException", "Current operation does not support versions other than $LATEST."
        )


@refuses("lambda", "DeleteFunction")
def aliased_version(call: Call) -> None:
    """A version that an alias points to cannot be deleted, and $LATEST never by itself."""
    name, own = split(call.params["FunctionName"])
    version = own or call.params.get("Qualifier")
    if version is None:
        return
    existing(call.backend, name, version)
    if version == "$LATEST":
        raise Refused(
            "InvalidParameterValueException", "$LATEST version cannot be deleted without deleting the function."
        )
    aliases = call.backend._lambdas._get_function_aliases(name).values()
    used = [one.arn for one in aliases if version == one.function_version or version in _weights(one)]
    if used:
        raise Refused(
            "ResourceConflictException",
            f"Function was unable to be deleted due to the following aliases referencing it: [{', '.join(used)}]",
            409,
        )


def _weights(alias: Any) -> dict:
    return (alias.routing_config or {}).get("AdditionalVersionWeights") or {}


@replaces(LambdaBackend, "update_alias")
def update_alias(original: Any, backend: LambdaBackend, **update: Any) -> Any:
    """What is left out stays as it is; moto asks for a version."""
    alias = backend.get_alias(update["name"], split(update["function_name"])[0])
    alias.update(update["description"], update["function_version"], update["routing_config"])
    alias.revision_id = str(mock_random.uuid4())
    return alias


@replaces(LambdaBackend, "update_function_code")
def update_function_code(original: Any, backend: LambdaBackend, function_name: str, qualifier: Any, body: dict) -> dict:
    """Update once, then publish if asked; moto updates the new version again and so changes $LATEST's state."""
    # The dict is shared with the versions published before, whose code must not change.
    function = backend.get_function(split(function_name)[0])
    function.code = dict(function.code)
    try:
        configuration = function.update_function_code(body)
    except ValueError as refused:
        # moto names the code and the message of S3's refusal so.
        raise Refused(*refused.args) from None
    if body.get("DryRun") or not body.get("Publish"):
        return configuration
    return backend.publish_version(split(function_name)[0]).get_configuration()


@corrects("lambda", "PublishVersion")
def unchanged_after_publishing(call: Call, result: Any) -> None:
    """The first publication settles $LATEST too: without a change, publishing again gives the same version."""
    existing(call.backend, split(call.params["FunctionName"])[0]).code_or_config_updated = False
