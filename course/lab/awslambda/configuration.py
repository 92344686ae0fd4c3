"""The configuration of a function: what moto forgets of it, its state, and what AWS refuses to set together.

https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html
https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html
https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from moto.awslambda.models import LambdaFunction

from course.data import value

from .. import ids
from ..gate import Call, Refused, corrects, refuses, replaces
from ..iam.service_roles import role_may
from .aliases import existing, split

_LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")
# Parameter -> how it is shown; moto keeps these from creation only, or not at all.
_KEPT = ("TracingConfig", "KMSKeyArn", "SnapStart", "LoggingConfig", "FileSystemConfigs")


def kept(function: LambdaFunction) -> dict[str, Any]:
    """What the account keeps of a function's configuration beside moto. Never changed in place: versions share it."""
    return function.__dict__.get("_configuration", {})


def log_format(function: LambdaFunction) -> str:
    """ "Text" or "JSON"."""
    return kept(function).get("LoggingConfig", {}).get("LogFormat", "Text")


def runtime_version_arn(function: LambdaFunction) -> str:
    """The version of the runtime; the account has one of each, and its own digest for it."""
    digest = hashlib.sha256((function.run_time or "").encode()).hexdigest()
    return f"arn:aws:lambda:{function.region}::runtime:{digest}"


def _now(call: Call, name: str, default: Any = None) -> Any:
    """A parameter as it will be after the call."""
    if name in call.params:
        return call.params[name]
    if call.operation == "CreateFunction":
        return default
    function = existing(call.backend, split(call.params["FunctionName"])[0])
    held = {
        "Runtime": function.run_time,
        "Role": function.role,
        "EphemeralStorage": {"Size": function.ephemeral_storage},
        **kept(function),
    }
    return held.get(name, default)


def _enum(given: Any, place: str, values: tuple[str, ...]) -> None:
    if given is not None and given not in values:
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{given}' at '{place}' failed to satisfy constraint: Member must satisfy "
            f"enum value set: [{', '.join(values)}]",
        )


@refuses("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def impossible_tracing_and_logging(call: Call) -> None:
    """Modes and levels that there are; levels need the JSON format."""
    _enum((call.params.get("TracingConfig") or {}).get("Mode"), "tracingConfig.mode", ("Active", "PassThrough"))
    logging = call.params.get("LoggingConfig") or {}
    _enum(logging.get("LogFormat"), "loggingConfig.logFormat", ("JSON", "Text"))
    _enum(logging.get("ApplicationLogLevel"), "loggingConfig.applicationLogLevel", _LEVELS)
    _enum(logging.get("SystemLogLevel"), "loggingConfig.systemLogLevel", ("DEBUG", "INFO", "WARN"))
    levels = [name for name in ("ApplicationLogLevel", "SystemLogLevel") if logging.get(name)]
    if levels and logging.get("LogFormat", "Text") == "Text":
        raise Refused(
            "InvalidParameterValueException",
            f"{levels[0]} can only be set when LogFormat is JSON; the LogFormat is Text.",
        )


@refuses("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def impossible_snapstart(call: Call) -> None:
    """SnapStart has its runtimes, a small /tmp, and no provisioned concurrency."""
    wanted = call.params.get("SnapStart") or {}
    _enum(wanted.get("ApplyOn"), "snapStart.applyOn", ("None", "PublishedVersions"))
    if (_now(call, "SnapStart") or {}).get("ApplyOn") != "PublishedVersions":
        return
    runtime = _now(call, "Runtime") or ""
    found = re.fullmatch(r"(python3\.|java|dotnet)(\d+)", runtime)
    least = {"python3.": value("lambda.provisioned.snapstart_python"), "java": 11, "dotnet": 8}
    if not found or int(found[2]) < least[found[1]]:
        raise Refused("InvalidParameterValueException", f"{runtime} is not supported for SnapStart enabled functions.")
    most = value("lambda.provisioned.snapstart_storage")
    if int((_now(call, "EphemeralStorage") or {}).get("Size", most)) > most:
        raise Refused(
            "InvalidParameterValueException",
            f"SnapStart is not supported for functions that use ephemeral storage larger than {most} MB.",
        )


@refuses("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def impossible_network(call: Call) -> None:
    """Subnets and security groups that are there, in one VPC; the role must be able to make network interfaces."""
    given = call.params.get("VpcConfig") or {}
    subnets, groups = given.get("SubnetIds") or [], given.get("SecurityGroupIds") or []
    if not subnets and not groups:
        return
    if not subnets or not groups:
        missing = "subnet" if not subnets else "security group"
        raise Refused("InvalidParameterValueException", f"At least one {missing} is required to connect to a VPC.")
    ec2 = call.backend_of("ec2")
    known = {one.id: one for zone in ec2.subnets.values() for one in zone.values()}
    unknown = [one for one in subnets if one not in known]
    if unknown:
        raise Refused(
            "InvalidParameterValueException",
            "Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. EC2 Error Message: The "
            f"subnet ID '{unknown[0]}' does not exist",
        )
    vpcs = {known[one].vpc_id for one in subnets}
    held = {group.id: group for of_vpc in ec2.groups.values() for group in of_vpc.values()}
    unknown = [one for one in groups if one not in held]
    if unknown:
        raise Refused(
            "InvalidParameterValueException",
            "Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound. EC2 Error Message: The "
            f"security group '{unknown[0]}' does not exist",
        )
    if len(vpcs | {held[one].vpc_id for one in groups}) > 1:
        raise Refused(
            "InvalidParameterValueException", "The subnets and security groups of a function must be in the same VPC."
        )
    if not role_may(_now(call, "Role"), "ec2:CreateNetworkInterface", "*", call.region):
        raise Refused(
            "InvalidParameterValueException",
            "The provided execution role does not have permissions to call CreateNetworkInterface on EC2",
        )


_LAYER_VERSION = re.compile(r"arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+")


@refuses("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def two_versions_of_a_layer(call: Call) -> None:
    """A layer counts once, and it must be there."""
    arns = call.params.get("Layers") or []
    for arn in arns:
        if not _LAYER_VERSION.fullmatch(arn):
            raise Refused(
                "ValidationException",
                f"1 validation error detected: Value '[{', '.join(arns)}]' at 'layers' failed to satisfy constraint: Member "
                f"must satisfy constraint: [Member must satisfy regular expression pattern: {_LAYER_VERSION.pattern}]",
            )
    names = [arn.rpartition(":")[0] for arn in arns]
    for name in names:
        if names.count(name) > 1:
            raise Refused(
                "InvalidParameterValueException",
                "Two different versions of the same layer are not allowed to be referenced in the same function. "
                f"{', '.join(arn for arn in arns if arn.startswith(name + ':'))}",
            )
    for arn in arns:
        if call.backend.layers_versions_by_arn(arn) is None:
            raise Refused("InvalidParameterValueException", f"Layer version {arn} does not exist.")


@refuses("lambda", "CreateFunction", "UpdateFunctionCode", "PublishLayerVersion")
def code_that_is_not_in_s3(call: Call) -> None:
    """The bucket and the object that a package is taken from; moto makes an empty function."""
    given = (
        call.params if call.operation == "UpdateFunctionCode" else call.params.get("Code") or call.params.get("Content")
    )
    bucket, key = (given or {}).get("S3Bucket"), (given or {}).get("S3Key")
    if not bucket:
        return
    objects = call.backend_of("s3", "aws")
    code, sentence = "NoSuchBucket", "The specified bucket does not exist"
    if bucket in objects.buckets:
        version = given.get("S3ObjectVersion")
        if objects.get_object(bucket, key, version_id=version) is not None:
            return
        code, sentence = "NoSuchKey", "The specified key does not exist."
    raise Refused(
        "InvalidParameterValueException",
        f"Error occurred while GetObject. S3 Error Code: {code}. S3 Error Message: {sentence}",
    )


@refuses("lambda", "CreateFunction", "UpdateFunctionCode")
def image_that_is_not_there(call: Call) -> None:
    """A container image must be in Amazon ECR; a function has a zip archive or an image, not both."""
    code = call.params if call.operation == "UpdateFunctionCode" else call.params.get("Code") or {}
    image, zipped = code.get("ImageUri"), code.get("ZipFile") or code.get("S3Bucket")
    if call.operation == "CreateFunction":
        package = call.params.get("PackageType", "Zip")
        _enum(package, "packageType", ("Image", "Zip"))
        if package == "Image" and not image or package == "Zip" and image:
            raise Refused(
                "InvalidParameterValueException", "Please provide a valid source image or code for the package type."
            )
        if package == "Zip" and not zipped:
            raise Refused("InvalidParameterValueException", "Please provide a source for function code.")
        if package == "Image" and (
            call.params.get("Runtime") or call.params.get("Handler") or call.params.get("Layers")
        ):
            raise Refused(
                "InvalidParameterValueException",
                "Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image.",
            )
    if not image:
        return
    repository, _, tag = image.rpartition("/")[2].partition(":")
    held = call.backend_of("ecr").repositories.get(repository.partition("@")[0])
    tags = [tag for one in held.images for tag in (one.image_tags or [])] if held else []
    if held is None or ("@" not in repository and (tag or "latest") not in tags):
        raise Refused(
            "InvalidParameterValueException",
            f"Source image {image} does not exist. Provide a valid source image.",
        )


@refuses("lambda", "UpdateFunctionCode", "UpdateFunctionConfiguration", "PublishVersion", "UpdateAlias")
def changed_meanwhile(call: Call) -> None:
    """A revision that is named must be the latest."""
    wanted = call.params.get("RevisionId")
    if not wanted:
        return
    name, own = split(call.params["FunctionName"])
    function = existing(call.backend, name)
    latest = revision(function)
    if call.operation == "UpdateAlias":
        alias = call.backend._lambdas._get_function_aliases(name).get(call.params["Name"])
        latest = alias.revision_id if alias else ""
    if wanted != latest:
        raise Refused(
            "PreconditionFailedException",
            "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve "
            "the latest Revision Id",
            412,
        )


def revision(function: LambdaFunction) -> str:
    """The revision of a function or version; a new one after each change."""
    if "_revision" not in function.__dict__:
        new_revision(function)
    return function._revision


def new_revision(function: LambdaFunction) -> None:
    """The function has changed."""
    from uuid import UUID

    function._revision = str(UUID(int=ids.stream("lambda revisions").getrandbits(128), version=4))


@refuses("lambda", "PublishVersion")
def other_code_than_said(call: Call) -> None:
    """The code that is published must be the one that is named."""
    function = existing(call.backend, split(call.params["FunctionName"])[0])
    wanted = call.params.get("CodeSha256")
    if wanted and wanted != function.code_sha_256:
        raise Refused(
            "InvalidParameterValueException",
            f"CodeSHA256 ({wanted}) is different from current CodeSHA256 in $LATEST ({function.code_sha_256}). Please try "
            "again with the CodeSHA256 in $LATEST.",
        )


def _keep(call: Call, function: LambdaFunction) -> None:
    changed = {name: call.params[name] for name in _KEPT if name in call.params}
    if "LoggingConfig" in changed:
        before = kept(function).get("LoggingConfig", {})
        changed["LoggingConfig"] = {**before, **changed["LoggingConfig"]}
        if changed["LoggingConfig"].get("LogGroup"):
            function.logs_group_name = changed["LoggingConfig"]["LogGroup"]
    function._configuration = {**kept(function), **changed}
    new_revision(function)


@corrects("lambda", "CreateFunction")
def remember_configuration(call: Call, result: Any) -> dict:
    """Keep what moto forgets; a function is Pending for a moment."""
    function = existing(call.backend, call.params["FunctionName"].rpartition(":")[2])
    _keep(call, function)
    shown = function
    if call.params.get("Publish"):
        shown = existing(call.backend, function.function_name, "1")
        shown._configuration, shown.logs_group_name = function._configuration, function.logs_group_name
    state = {"State": "Pending", "StateReason": "The function is being created.", "StateReasonCode": "Creating"}
    return {**_without_none(shown.get_configuration(True)), **state}


@corrects("lambda", "UpdateFunctionConfiguration")
def remember_new_configuration(call: Call, result: Any) -> dict:
    """Keep what moto forgets; the update is in progress for a moment."""
    function = existing(call.backend, split(call.params["FunctionName"])[0])
    _keep(call, function)
    if "Architectures" in call.params:
        function.architectures = call.params["Architectures"]
    if "EphemeralStorage" in call.params:
        function.ephemeral_storage = call.params["EphemeralStorage"]["Size"]
    return {**_without_none(function.get_configuration()), **_IN_PROGRESS}


_IN_PROGRESS = {
    "LastUpdateStatus": "InProgress",
    "LastUpdateStatusReason": "The function is being created.",
    "LastUpdateStatusReasonCode": "Creating",
}


@corrects("lambda", "UpdateFunctionCode")
def remember_new_code(call: Call, result: Any) -> dict | None:
    """New code is a new revision; the architecture comes with the code."""
    if call.params.get("DryRun"):
        return None
    function = existing(call.backend, split(call.params["FunctionName"])[0])
    if "Architectures" in call.params:
        function.architectures = call.params["Architectures"]
    new_revision(function)
    shown = function
    if call.params.get("Publish"):
        latest = max(int(one.version) for one in call.backend._lambdas._functions[function.function_name]["versions"])
        shown = existing(call.backend, function.function_name, str(latest))
    return {**_without_none(shown.get_configuration()), **_IN_PROGRESS}


def _without_none(configuration: dict) -> dict:
    return {name: one for name, one in configuration.items() if one is not None}


@replaces(LambdaFunction, "get_configuration")
def shown_configuration(original: Any, function: LambdaFunction, on_create: bool = False) -> dict:
    """With everything that AWS shows."""
    shown = original(function, on_create)
    own = kept(function)
    for name in ("TracingConfig", "KMSKeyArn", "FileSystemConfigs"):
        if name in own:
            shown[name] = own[name]
    applied = own.get("SnapStart", {}).get("ApplyOn", "None")
    is_on = applied == "PublishedVersions" and str(function.version) != "$LATEST"
    shown["SnapStart"] = {"ApplyOn": applied, "OptimizationStatus": "On" if is_on else "Off"}
    logging = {"LogFormat": "Text", "LogGroup": function.logs_group_name, **own.get("LoggingConfig", {})}
    if logging["LogFormat"] == "JSON":
        logging = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO", **logging}
    shown["LoggingConfig"] = logging
    if function.run_time:
        shown["RuntimeVersionConfig"] = {"RuntimeVersionArn": runtime_version_arn(function)}
    shown["RevisionId"] = revision(function)
    if shown.get("VpcConfig") and shown["VpcConfig"].get("SubnetIds"):
        shown["VpcConfig"] = {**shown["VpcConfig"], "VpcId": _vpc_of(function, shown["VpcConfig"]["SubnetIds"][0])}
    return shown


def _vpc_of(function: LambdaFunction, subnet: str) -> str:
    from moto.backends import get_backend

    ec2 = get_backend("ec2")[function.account_id][function.region]
    return next((zone[subnet].vpc_id for zone in ec2.subnets.values() if subnet in zone), "")
