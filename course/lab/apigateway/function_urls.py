"""Function URLs: an address of a function's own. Its policy must let the public in, AuthType NONE or not.

Since October 2025 that takes lambda:InvokeFunctionUrl and lambda:InvokeFunction.
https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
"""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import FunctionUrlConfig, LambdaBackend
from moto.awslambda.responses import LambdaResponse

from course.data import value

from .. import ids
from ..awslambda.aliases import existing, split
from ..gate import Call, Refused, answers, corrects, refuses, replaces
from ..iam.context import now

_METHODS = ("GET", "PUT", "HEAD", "POST", "PATCH", "DELETE", "*")


@replaces(LambdaBackend, "urls")
def addresses(original: Any, backend: LambdaBackend) -> dict[str, Any]:
    """moto does not know where URLs are listed."""
    return {
        **original(backend),
        r"https?://lambda\.(.+)\.amazonaws\.com/[^/]+/functions/[^/]+/urls/?$": LambdaResponse.dispatch,
    }


def _urls(call: Call) -> dict[tuple[str, str], FunctionUrlConfig]:
    """The account's URLs by function and alias ("" without one); moto has one a function."""
    return urls_of(call.backend)


def urls_of(backend: Any) -> dict[tuple[str, str], FunctionUrlConfig]:
    return backend.__dict__.setdefault("_function_urls", {})


def _key(call: Call) -> tuple[str, str]:
    name, own = split(call.params["FunctionName"])
    return name, own or call.params.get("Qualifier") or ""


@refuses(
    "lambda", "CreateFunctionUrlConfig", "UpdateFunctionUrlConfig", "GetFunctionUrlConfig", "DeleteFunctionUrlConfig"
)
def missing_function(call: Call) -> None:
    """The function is there, and the alias."""
    name, alias = _key(call)
    if alias == "$LATEST" or alias.isdigit():
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{alias}' at 'qualifier' failed to satisfy constraint: Member must "
            r"satisfy regular expression pattern: (^\$LATEST$)|((?!^[0-9]+$)([a-zA-Z0-9-_]+))",
        )
    existing(call.backend, name, alias or None)
    if call.operation != "CreateFunctionUrlConfig" and (name, alias) not in _urls(call):
        raise Refused("ResourceNotFoundException", "The resource you requested does not exist.", 404)


@refuses("lambda", "CreateFunctionUrlConfig", "UpdateFunctionUrlConfig")
def impossible_url(call: Call) -> None:
    """A second URL, an AuthType that is none, settings for cross-origin requests that cannot be."""
    name, alias = _key(call)
    if call.operation == "CreateFunctionUrlConfig" and (name, alias) in _urls(call):
        raise Refused(
            "ResourceConflictException",
            "Failed to create function url config for [functionArn = "
            f"{_arn(call, name, alias)}]. Error message:  FunctionUrlConfig exists for this Lambda function",
            409,
        )
    kind = call.params.get("AuthType")
    if kind not in ("NONE", "AWS_IAM") and (kind is not None or call.operation == "CreateFunctionUrlConfig"):
        raise _invalid(kind, "authType", "Member must satisfy enum value set: [AWS_IAM, NONE]")
    mode = call.params.get("InvokeMode")
    if mode not in (None, "BUFFERED", "RESPONSE_STREAM"):
        raise _invalid(mode, "invokeMode", "Member must satisfy enum value set: [RESPONSE_STREAM, BUFFERED]")
    cors = call.params.get("Cors") or {}
    least, most = value("apigateway.function_urls.cors_max_age")
    if cors.get("MaxAge") is not None and not least <= cors["MaxAge"] <= most:
        raise _invalid(cors["MaxAge"], "cors.maxAge", f"Member must have value less than or equal to {most}")
    for method in cors.get("AllowMethods") or ():
        if method not in _METHODS:
            # OPTIONS is among them neither: AWS answers preflights itself.
            raise _invalid(
                f"[{method}]",
                "cors.allowMethods",
                f"Member must satisfy constraint: [Member must satisfy enum value set: [{', '.join(_METHODS)}]]",
            )


def _invalid(given: Any, place: str, constraint: str) -> Refused:
    return Refused(
        "ValidationException",
        f"1 validation error detected: Value '{given}' at '{place}' failed to satisfy constraint: {constraint}",
    )


def _arn(call: Call, name: str, alias: str) -> str:
    return f"arn:aws:lambda:{call.region}:{call.account_id}:function:{name}" + (f":{alias}" if alias else "")


def _shown(call: Call, key: tuple[str, str]) -> dict[str, Any]:
    held = _urls(call)[key]
    shown = {
        "FunctionUrl": f"{held.url}/",
        "FunctionArn": _arn(call, *key),
        "AuthType": held.config["AuthType"],
        "CreationTime": held.created,
        "LastModifiedTime": held.last_modified,
        "InvokeMode": held.config.get("InvokeMode") or "BUFFERED",
    }
    return {**shown, **({"Cors": held.config["Cors"]} if held.config.get("Cors") else {})}


@answers("lambda", "CreateFunctionUrlConfig")
def create_function_url_config(call: Call) -> dict:
    """A URL for the function or for an alias."""
    name, alias = _key(call)
    function = existing(call.backend, name)
    settings = {key: call.params[key] for key in ("AuthType", "Cors", "InvokeMode") if key in call.params}
    made = FunctionUrlConfig(function, settings)
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    identifier = "".join(ids.stream("function urls").choices(letters, k=32))
    made.url = f"https://{identifier}.lambda-url.{call.region}.on.aws"
    _urls(call)[name, alias] = made
    if not alias:
        function.url_config = made
    return {key: one for key, one in _shown(call, (name, alias)).items() if key != "LastModifiedTime"}


@answers("lambda", "UpdateFunctionUrlConfig")
def update_function_url_config(call: Call) -> dict:
    """Change what is given."""
    held = _urls(call)[_key(call)]
    for key in ("AuthType", "Cors", "InvokeMode"):
        if key in call.params:
            held.config[key] = call.params[key]
    held.last_modified = f"{now():%Y-%m-%dT%H:%M:%S}.000+0000"
    return _shown(call, _key(call))


@answers("lambda", "GetFunctionUrlConfig")
def get_function_url_config(call: Call) -> dict:
    """One."""
    return _shown(call, _key(call))


@answers("lambda", "DeleteFunctionUrlConfig")
def delete_function_url_config(call: Call) -> dict:
    """The address answers no more."""
    name, alias = _key(call)
    del _urls(call)[name, alias]
    if not alias:
        existing(call.backend, name).url_config = None
    return {}


@answers("lambda", "ListFunctionUrlConfigs")
def list_function_url_configs(call: Call) -> dict:
    """Those of the function and of its aliases."""
    name, _ = split(call.params["FunctionName"])
    existing(call.backend, name)
    return {"FunctionUrlConfigs": [_shown(call, key) for key in _urls(call) if key[0] == name]}


@corrects("lambda", "DeleteFunction")
def urls_end_with_the_function(call: Call, result: Any) -> None:
    """A deleted function has no address."""
    name, qualifier = split(call.params["FunctionName"])
    if not (qualifier or call.params.get("Qualifier")):
        for key in [key for key in _urls(call) if key[0] == name]:
            del _urls(call)[key]


@refuses("lambda", "AddPermission")
def impossible_url_permission(call: Call) -> None:
    """The conditions about function URLs belong to one action each."""
    action = call.params.get("Action")
    if call.params.get("FunctionUrlAuthType") and action != "lambda:InvokeFunctionUrl":
        raise Refused(
            "InvalidParameterValueException",
            "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action",
        )
    if call.params.get("InvokedViaFunctionUrl") and action != "lambda:InvokeFunction":
        raise Refused(
            "InvalidParameterValueException",
            "InvokedViaFunctionUrl is only supported for lambda:InvokeFunction action",
        )


@corrects("lambda", "AddPermission")
def conditions_of_urls(call: Call, result: Any) -> None:
    """Two parameters become conditions of the statement; moto writes them beside it."""
    function = existing(call.backend, *split(call.params["FunctionName"]))
    qualifier = call.params.get("Qualifier")
    if qualifier:
        function = existing(call.backend, split(call.params["FunctionName"])[0], qualifier)
    for statement in function.policy.statements:
        kind = statement.pop("FunctionUrlAuthType", None)
        if kind is not None:
            held = statement.setdefault("Condition", {}).setdefault("StringEquals", {})
            held["lambda:FunctionUrlAuthType"] = kind
        via = statement.pop("InvokedViaFunctionUrl", None)
        if via is not None:
            held = statement.setdefault("Condition", {}).setdefault("Bool", {})
            held["lambda:InvokedViaFunctionUrl"] = str(bool(via)).lower()
