"""What AWS refuses when a function is created or changed: sizes, names, runtimes, code and roles.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
"""

from __future__ import annotations

import base64
import json
import re
import zipfile
from functools import cache
from io import BytesIO
from typing import Any

from moto.core.utils import get_service_model

from course.data import value

from ..gate import Call, Refused, refuses
from ..iam.service_principals import service_may_assume
from .aliases import existing, split

_MIB = 1024 * 1024
_RESERVED = (
    "_HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_NAME "
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE "
    "AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME AWS_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY "
    "AWS_SESSION_TOKEN AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR"
).split()


def _invalid(given: Any, place: str, constraint: str) -> Refused:
    return Refused(
        "ValidationException",
        f"1 validation error detected: Value '{given}' at '{place}' failed to satisfy constraint: {constraint}",
    )


def _require_between(given: int | None, place: str, limit: str) -> None:
    if given is None:
        return
    least, most = value(limit)
    if given > most:
        raise _invalid(given, place, f"Member must have value less than or equal to {most}")
    if given < least:
        raise _invalid(given, place, f"Member must have value greater than or equal to {least}")


@refuses("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def outside_the_quotas(call: Call) -> None:
    """Time-out, memory, /tmp, and the number of layers."""
    _require_between(call.params.get("Timeout"), "timeout", "lambda.limits.timeout")
    _require_between(call.params.get("MemorySize"), "memorySize", "lambda.limits.memory")
    storage = (call.params.get("EphemeralStorage") or {}).get("Size")
    _require_between(storage, "ephemeralStorage.size", "lambda.limits.storage")
    most = value("lambda.limits.layers")
    if len(call.params.get("Layers") or ()) > most:
        raise Refused("InvalidParameterValueException", f"Cannot reference more than {most} layers.")


@refuses("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def impossible_variables(call: Call) -> None:
    """Names that Lambda sets itself, names that are none, and more than 4 KB in all."""
    variables = (call.params.get("Environment") or {}).get("Variables") or {}
    reserved = [name for name in variables if name in _RESERVED]
    if reserved:
        raise Refused(
            "InvalidParameterValueException",
            "Lambda was unable to configure your environment variables because the environment variables you have "
            "provided contains reserved keys that are currently not supported for modification. Reserved keys used in "
            f"this request: {', '.join(reserved)}",
        )
    for name in variables:
        if not re.fullmatch(r"[a-zA-Z]([a-zA-Z0-9_])+", name):
            raise _invalid(
                name,
                "environment.variables",
                "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: "
                "[a-zA-Z]([a-zA-Z0-9_])+]",
            )
    measured = json.dumps(variables, separators=(",", ":"), ensure_ascii=False)
    if len(measured.encode()) > value("lambda.limits.environment") * 1024:
        raise Refused(
            "InvalidParameterValueException",
            "Lambda was unable to configure your environment variables because the environment variables you have "
            f"provided exceeded the 4KB limit. String measured: {measured}",
        )


@cache
def _runtimes() -> list[str]:
    return list(get_service_model("lambda").shape_for("Runtime").enum)


@refuses("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def impossible_runtime(call: Call) -> None:
    """Runtimes that do not exist, and those AWS no longer creates functions with."""
    runtime = call.params.get("Runtime")
    if call.operation == "CreateFunction" and call.params.get("PackageType", "Zip") == "Zip":
        if not runtime or not call.params.get("Handler"):
            raise Refused(
                "InvalidParameterValueException",
                "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
            )
    if not runtime:
        return
    if runtime not in _runtimes():
        raise Refused(
            "InvalidParameterValueException",
            f"Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: "
            f"[{', '.join(_runtimes())}] or be a valid ARN",
        )
    if runtime in value("lambda.runtimes.no_longer_created"):
        raise Refused(
            "InvalidParameterValueException",
            f"The runtime parameter of {runtime} is no longer supported for creating or updating AWS Lambda functions. "
            "We recommend you use a supported runtime while creating or updating functions.",
        )


@refuses("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def impossible_names(call: Call) -> None:
    """Handlers with spaces or over 128 characters; function names over 64."""
    handler, longest = call.params.get("Handler"), value("lambda.limits.name")
    if handler and (len(handler) > value("lambda.limits.handler") or re.search(r"\s", handler)):
        raise _invalid(handler, "handler", r"Member must satisfy regular expression pattern: [^\s]+")
    name, qualifier = split(call.params["FunctionName"])
    if call.operation == "CreateFunction" and (qualifier or not re.fullmatch(rf"[a-zA-Z0-9-_]{{1,{longest}}}", name)):
        raise _invalid(
            call.params["FunctionName"],
            "functionName",
            f"Member must have length less than or equal to {longest}, Member must satisfy regular expression pattern: "
            "[a-zA-Z0-9-_]+",
        )


@refuses("lambda", "CreateFunction", "UpdateFunctionConfiguration")
def role_not_for_lambda(call: Call) -> None:
    """The role must exist and its trust policy must let lambda.amazonaws.com assume it."""
    arn = call.params.get("Role")
    if arn is None:
        return
    if not re.fullmatch(r"arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+", arn):
        raise _invalid(
            arn,
            "role",
            r"Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+",
        )
    if arn.split(":")[4] != call.account_id:
        raise Refused("AccessDeniedException", "Cross-account pass role is not allowed.", 403)
    roles = call.backend_of("iam", "aws").roles.values()
    role = next((role for role in roles if role.arn == arn), None)
    name, _ = split(call.params["FunctionName"])
    keys = {"aws:SourceArn": f"arn:aws:lambda:{call.region}:{call.account_id}:function:{name}"}
    if role is None or not service_may_assume("lambda.amazonaws.com", role.assume_role_policy_document, arn, keys):
        raise Refused(
            "InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda."
        )


@refuses("lambda", "CreateFunction", "UpdateFunctionCode", "PublishLayerVersion")
def impossible_zip(call: Call) -> None:
    """Code that is no zip, an empty one, and one over 50 MB uploaded or 250 MB unzipped."""
    code = call.params
    if call.operation != "UpdateFunctionCode":
        code = call.params.get("Code" if call.operation == "CreateFunction" else "Content") or {}
    contents = code.get("ZipFile")
    if contents is None:
        return
    if isinstance(contents, str):
        contents = base64.b64decode(contents)
    if len(contents) > value("lambda.limits.zip") * _MIB:
        # AWS measures the request, in which the zip is base64: 70,167,211 bytes are a little over 50 MB of zip.
        raise Refused(
            "RequestEntityTooLargeException",
            f"Request must be smaller than 70167211 bytes for the {call.operation} operation",
            413,
        )
    try:
        with zipfile.ZipFile(BytesIO(contents)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError):
        raise Refused(
            "InvalidParameterValueException",
            "Could not unzip uploaded file. Please check your file, then try to upload again.",
        ) from None
    if not entries:
        raise Refused("InvalidParameterValueException", "Uploaded file must be a non-empty zip")
    most = value("lambda.limits.unzipped") * _MIB
    if sum(entry.file_size for entry in entries) >= most:
        raise Refused("InvalidParameterValueException", f"Unzipped size must be smaller than {most} bytes")


@refuses("lambda", "PutFunctionConcurrency")
def nothing_left_unreserved(call: Call) -> None:
    """A hundred of the account's concurrent executions stay unreserved."""
    name, _ = split(call.params["FunctionName"])
    existing(call.backend, name)
    reserved = sum(
        int(function.reserved_concurrency or 0)
        for function in call.backend.list_functions()
        if function.function_name != name
    )
    least = value("lambda.limits.unreserved")
    if value("lambda.limits.concurrency") - reserved - call.params["ReservedConcurrentExecutions"] < least:
        raise Refused(
            "InvalidParameterValueException",
            "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution "
            f"below its minimum value of [{least}].",
        )
