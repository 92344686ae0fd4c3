"""Stages: where clients reach a deployment, with variables, throttling and logging of their own.

https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateStage.html
"""

from __future__ import annotations

import copy
from typing import Any

from course.data import value

from ..gate import Call, Refused, answers, refuses
from .found import missing, rest_api
from .moto_models import rest
from .patches import Patch, patches
from .rest_deployments import require_variables
from .wire import shaped

_SIZES = ("0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237")
_SETTINGS = {
    "metrics/enabled": ("metricsEnabled", "bool"),
    "logging/loglevel": ("loggingLevel", "level"),
    "logging/dataTrace": ("dataTraceEnabled", "bool"),
    "throttling/burstLimit": ("throttlingBurstLimit", "int"),
    "throttling/rateLimit": ("throttlingRateLimit", "float"),
    "caching/enabled": ("cachingEnabled", "bool"),
    "caching/ttlInSeconds": ("cacheTtlInSeconds", "int"),
    "caching/dataEncrypted": ("cacheDataEncrypted", "bool"),
    "caching/requireAuthorizationForCacheControl": ("requireAuthorizationForCacheControl", "bool"),
    "caching/unauthorizedCacheControlHeaderStrategy": ("unauthorizedCacheControlHeaderStrategy", "text"),
}
_CHANGES = {
    "/deploymentId": "replace",
    "/description": "replace",
    "/cacheClusterEnabled": "replace",
    "/cacheClusterSize": "replace",
    "/clientCertificateId": "replace",
    "/accessLogSettings": "remove",
    "/accessLogSettings/destinationArn": "replace add",
    "/accessLogSettings/format": "replace add",
    "/tracingEnabled": "replace",
    "/variables/{name}": "replace add remove",
    **{f"/*/*/{setting}": "replace add" for setting in _SETTINGS},
    **{f"/{{resourcePath}}/{{httpMethod}}/{setting}": "replace add" for setting in _SETTINGS},
    "/{resourcePath}/{httpMethod}": "remove",
}


@refuses("apigateway", "CreateStage")
def impossible_stage(call: Call) -> None:
    """A name that is taken, a deployment that is not there, a cache of no size."""
    api = rest_api(call)
    if call.params["stageName"] in api.stages:
        raise Refused("ConflictException", "Stage already exists", 409)
    _require_deployment(api, call.params.get("deploymentId"))
    _require_size(call.params.get("cacheClusterSize"))
    if len(api.stages) >= value("apigateway.rest.stages"):
        raise Refused("LimitExceededException", "Maximum number of Stages for this API has been reached.", 429)


def _require_deployment(api: rest.RestAPI, wanted: Any) -> None:
    if wanted not in api.deployments:
        raise Refused("BadRequestException", "Deployment id does not exist")


def _require_size(size: Any) -> None:
    if size is not None and str(size) not in _SIZES:
        raise Refused(
            "BadRequestException", f"Invalid cache cluster size specified. Valid options are {', '.join(_SIZES)}"
        )


@refuses("apigateway", "GetStage", "UpdateStage", "DeleteStage", "FlushStageCache", "FlushStageAuthorizersCache")
def missing_stage(call: Call) -> None:
    """The stage is there."""
    if call.params["stageName"] not in rest_api(call).stages:
        raise missing("Stage")


@answers("apigateway", "UpdateStage")
def update_stage(call: Call) -> dict:
    """Move a stage to another deployment, or change its settings; all of the operations or none."""
    api = rest_api(call)
    stage = api.stages[call.params["stageName"]]
    new = copy.deepcopy({key: one for key, one in stage.__dict__.items() if key != "_authorizations"})
    for patch in patches(call, _CHANGES):
        _require_role_for_logs(call, patch)
        _change(api, new, patch)
    stage.__dict__.update(new)
    return shaped(call, stage.to_json())


def _require_role_for_logs(call: Call, patch: Patch) -> None:
    logs = patch.path.endswith("/logging/loglevel") and patch.value in ("ERROR", "INFO")
    logs = logs or (patch.path == "/accessLogSettings/destinationArn" and ":logs:" in str(patch.value))
    if logs and not call.backend.account.cloudwatch_role_arn:
        raise Refused(
            "BadRequestException", "CloudWatch Logs role ARN must be set in account settings to enable logging"
        )


def _change(api: rest.RestAPI, new: dict[str, Any], patch: Patch) -> None:
    first = patch.steps[0]
    if first == "deploymentId":
        _require_deployment(api, patch.value)
        new["deployment_id"] = patch.value
    elif first == "variables":
        name = patch.steps[1]
        if patch.op == "remove":
            new["variables"].pop(name, None)
        else:
            require_variables({name: patch.value})
            new["variables"][name] = patch.value
    elif first == "accessLogSettings":
        if patch.op == "remove":
            new["access_log_settings"] = None
        else:
            new["access_log_settings"] = {**(new["access_log_settings"] or {}), patch.steps[1]: patch.value}
    elif first == "cacheClusterEnabled":
        new["cache_cluster_enabled"] = patch.is_true
        new["cache_cluster_status"] = "AVAILABLE" if patch.is_true else "NOT_AVAILABLE"
    elif first == "cacheClusterSize":
        _require_size(patch.value)
        new["cache_cluster_size"] = patch.value
    elif first == "tracingEnabled":
        new["tracing_enabled"] = patch.is_true
    elif len(patch.steps) == 1:
        new["description" if first == "description" else "client_certificate_id"] = patch.value
    else:
        _change_method(new["method_settings"], patch)


def _change_method(settings: dict[str, dict], patch: Patch) -> None:
    # "/*/*/throttling/rateLimit" is for all methods, "/~1pets/GET/..." for one, whose key is then "pets/GET".
    key = f"{patch.steps[0].removeprefix('/')}/{patch.steps[1]}"
    if patch.op == "remove":
        if settings.pop(key, None) is None:
            raise Refused(
                "BadRequestException",
                f"Cannot remove method setting {key} because there is no method setting for this method ",
            )
        return
    name, kind = _SETTINGS["/".join(patch.steps[2:])]
    held = settings.setdefault(key, rest.Stage()._get_default_method_settings())
    held[name] = _read(patch, kind)


def _read(patch: Patch, kind: str) -> Any:
    text = str(patch.value)
    try:
        number = float(text) if kind in ("int", "float") else 0.0
    except ValueError:
        number = -1.0
    if number < 0 or (kind == "level" and text not in ("OFF", "ERROR", "INFO")):
        raise Refused("BadRequestException", f"Invalid value '{text}' for the method setting {patch.path}")
    if kind == "bool":
        return patch.is_true
    return {"int": int(number), "float": number}.get(kind, text)


@answers("apigateway", "FlushStageAuthorizersCache")
def flush_authorizers_cache(call: Call) -> dict:
    """Forget what the authorizers said."""
    rest_api(call).stages[call.params["stageName"]].__dict__.pop("_authorizations", None)
    return {}


@answers("apigateway", "FlushStageCache")
def flush_cache(call: Call) -> dict:
    """The account keeps no responses."""
    return {}
