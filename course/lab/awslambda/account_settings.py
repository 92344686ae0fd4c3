"""What else Lambda tells: the account's limits and usage, a function's recursion and runtime settings, tags.

https://docs.aws.amazon.com/lambda/latest/api/API_GetAccountSettings.html
https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
"""

from __future__ import annotations

from typing import Any

from course.data import value

from ..gate import Call, Refused, answers, refuses
from .aliases import existing, split

_MIB = 1 << 20


@answers("lambda", "GetAccountSettings")
def get_account_settings(call: Call) -> dict:
    """Quotas of the account in this Region, and what of them is used."""
    functions = list(call.backend.list_functions())
    reserved = sum(int(one.reserved_concurrency or 0) for one in functions)
    return {
        "AccountLimit": {
            "TotalCodeSize": value("lambda.limits.storage_of_account") * 1024 * _MIB,
            "CodeSizeUnzipped": value("lambda.limits.unzipped") * _MIB,
            "CodeSizeZipped": value("lambda.limits.zip") * _MIB,
            "ConcurrentExecutions": value("lambda.limits.concurrency"),
            "UnreservedConcurrentExecutions": value("lambda.limits.concurrency") - reserved,
        },
        "AccountUsage": {
            "TotalCodeSize": sum(one.code_size for one in call.backend.list_functions("ALL")),
            "FunctionCount": len(functions),
        },
    }


def _settings(backend: Any) -> dict[str, dict]:
    return backend.__dict__.setdefault("_function_settings", {})


@answers("lambda", "PutFunctionRecursionConfig")
def put_recursion(call: Call) -> dict:
    """Terminate or Allow. The account ends every loop: here nobody pays for one, but nothing would stop it."""
    name, _ = split(call.params["FunctionName"])
    existing(call.backend, name)
    wanted = call.params["RecursiveLoop"]
    if wanted not in ("Allow", "Terminate"):
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{wanted}' at 'recursiveLoop' failed to satisfy constraint: Member must "
            "satisfy enum value set: [Allow, Terminate]",
        )
    _settings(call.backend).setdefault(name, {})["RecursiveLoop"] = wanted
    return {"RecursiveLoop": wanted}


@answers("lambda", "GetFunctionRecursionConfig")
def get_recursion(call: Call) -> dict:
    """Terminate unless it was changed."""
    name, _ = split(call.params["FunctionName"])
    existing(call.backend, name)
    return {"RecursiveLoop": _settings(call.backend).get(name, {}).get("RecursiveLoop", "Terminate")}


@answers("lambda", "GetRuntimeManagementConfig")
def get_runtime_management(call: Call) -> dict:
    """The runtime is updated by AWS, unless that was changed."""
    name, own = split(call.params["FunctionName"])
    function = existing(call.backend, name, own or call.params.get("Qualifier"))
    held = _settings(call.backend).get(name, {}).get("Runtime", {"UpdateRuntimeOn": "Auto"})
    return {"FunctionArn": function.function_arn, **held}


@answers("lambda", "PutRuntimeManagementConfig")
def put_runtime_management(call: Call) -> dict:
    """Auto, Manual with a version's ARN, or FunctionUpdate; the account has one version of each runtime."""
    wanted, arn = call.params["UpdateRuntimeOn"], call.params.get("RuntimeVersionArn")
    if wanted not in ("Auto", "Manual", "FunctionUpdate"):
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{wanted}' at 'updateRuntimeOn' failed to satisfy constraint: Member must "
            "satisfy enum value set: [Auto, Manual, FunctionUpdate]",
        )
    if (wanted == "Manual") != bool(arn):
        raise Refused(
            "InvalidParameterValueException",
            "RuntimeVersionArn is required with UpdateRuntimeOn Manual, and only with it.",
        )
    name, _ = split(call.params["FunctionName"])
    existing(call.backend, name)
    held = {"UpdateRuntimeOn": wanted, **({"RuntimeVersionArn": arn} if arn else {})}
    _settings(call.backend).setdefault(name, {})["Runtime"] = held
    return get_runtime_management(call)


@refuses("lambda", "TagResource", "UntagResource", "ListTags")
def tags_of_a_version(call: Call) -> None:
    """Tags belong to functions and mappings, not to their versions and aliases."""
    arn = call.params["Resource"]
    if ":function:" in arn and arn.count(":") > 6:
        raise Refused(
            "InvalidParameterValueException",
            "Tags on function aliases and versions are not supported. Please specify a function ARN.",
        )
    if ":function:" in arn:
        existing(call.backend, arn)


@refuses("lambda", "CreateFunction", "TagResource")
def impossible_tags(call: Call) -> None:
    """At most 50 tags, whose names do not begin with aws:."""
    tags = call.params.get("Tags") or {}
    held = {}
    if call.operation == "TagResource" and ":function:" in call.params["Resource"]:
        held = existing(call.backend, call.params["Resource"]).tags
    most = value("lambda.limits.tags")
    if len({**held, **tags}) > most:
        raise Refused("InvalidParameterValueException", f"Tag limit exceeded: a function has at most {most} tags.")
    reserved = [name for name in tags if name.lower().startswith("aws:")]
    if reserved:
        raise Refused(
            "InvalidParameterValueException", f"The tag key '{reserved[0]}' begins with aws:, which is reserved."
        )
