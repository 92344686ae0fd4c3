"""Stages of HTTP APIs. One with automatic deployment always shows the API as it is.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from course.data import value

from ..gate import Call, Refused, answers, corrects, refuses
from .found import http_api, missing, part
from .http_deployments import deployments
from .moto_models import http
from .wire import shaped


@refuses("apigatewayv2", "CreateStage")
def impossible_stage(call: Call) -> None:
    """A name that is none or taken, a deployment that is not there."""
    api, name = http_api(call), call.params.get("StageName") or ""
    if name != "$default" and not re.fullmatch(r"[a-zA-Z0-9_\-]{1,128}", name):
        raise Refused("BadRequestException", "Stage name only allows a-zA-Z0-9_-")
    if name == "$default" and api.protocol_type != "HTTP":
        raise Refused("BadRequestException", "The $default stage is only supported for HTTP APIs")
    if name in api.stages:
        raise Refused("ConflictException", "Stage already exists", 409)
    if len(api.stages) >= value("apigateway.http.stages"):
        raise Refused("BadRequestException", "Maximum number of Stages for this API has been reached.")
    _require_deployment(api, call.params, bool(call.params.get("AutoDeploy")))


@refuses("apigatewayv2", "UpdateStage")
def impossible_stage_change(call: Call) -> None:
    """A deployment that is not there, or by hand where deployment is automatic."""
    api, stage = http_api(call), part(call, "stages", "StageName", "Stage")
    _require_deployment(api, call.params, bool(call.params.get("AutoDeploy", stage.auto_deploy)))


def _require_deployment(api: http.Api, given: dict[str, Any], automatic: bool) -> None:
    wanted = given.get("DeploymentId")
    if wanted is None:
        return
    if automatic:
        raise Refused("BadRequestException", "Deployment ID cannot be set on a Stage with AutoDeploy enabled")
    if wanted not in deployments(api):
        raise missing("Deployment")


@corrects("apigatewayv2", "CreateStage")
def stage_shows_its_deployment(call: Call, result: Any) -> dict:
    """moto forgets which deployment a stage shows."""
    stage = http_api(call).stages[call.params["StageName"]]
    stage.deployment_id = call.params.get("DeploymentId")
    return described(call, http_api(call), stage)


@answers("apigatewayv2", "UpdateStage")
def update_stage(call: Call) -> dict:
    """Change what is given."""
    stage, given = part(call, "stages", "StageName", "Stage"), call.params
    for name, own in {
        "AutoDeploy": "auto_deploy",
        "DeploymentId": "deployment_id",
        "Description": "description",
        "ClientCertificateId": "client_certificate_id",
    }.items():
        if name in given:
            setattr(stage, own, given[name])
    if "StageVariables" in given:
        merged = {**(stage.stage_variables or {}), **given["StageVariables"]}
        # An empty text takes a variable away.
        stage.stage_variables = {name: text for name, text in merged.items() if text != ""}
    if "AccessLogSettings" in given:
        held = given["AccessLogSettings"]
        stage.access_log_settings = {key[0].lower() + key[1:]: one for key, one in held.items()}
    if "DefaultRouteSettings" in given:
        stage.default_route_settings = {**(stage.default_route_settings or {}), **_wire(given["DefaultRouteSettings"])}
    for key, one in (given.get("RouteSettings") or {}).items():
        stage.route_settings = {**(stage.route_settings or {}), key: _wire(one)}
    stage.updated = datetime.now()
    return described(call, http_api(call), stage)


def _wire(settings: dict[str, Any]) -> dict[str, Any]:
    return {key[0].lower() + key[1:]: one for key, one in settings.items()}


def described(call: Call, api: http.Api, stage: http.Stage) -> dict:
    """A stage as boto3 shows it."""
    more = {"deploymentId": stage.__dict__.get("deployment_id")}
    if stage.auto_deploy:
        sentence = "At least one route is required before deploying the Api."
        more["lastDeploymentStatusMessage"] = (
            "Successfully deployed stage" if api.routes else f"Deployment attempt failed: {sentence}"
        )
    return shaped(call, {**stage.to_json(), **more})


@refuses("apigatewayv2", "GetStage", "DeleteStage", "ResetAuthorizersCache", "DeleteAccessLogSettings")
def missing_stage(call: Call) -> None:
    """The stage is there."""
    part(call, "stages", "StageName", "Stage")


@answers("apigatewayv2", "GetStage")
def get_stage(call: Call) -> dict:
    """With its deployment."""
    return described(call, http_api(call), http_api(call).stages[call.params["StageName"]])


@answers("apigatewayv2", "ResetAuthorizersCache")
def reset_authorizers_cache(call: Call) -> dict:
    """Forget what the authorizers said."""
    http_api(call).stages[call.params["StageName"]].__dict__.pop("_authorizations", None)
    return {}


@answers("apigatewayv2", "DeleteAccessLogSettings")
def delete_access_log_settings(call: Call) -> dict:
    """No access log any more."""
    http_api(call).stages[call.params["StageName"]].access_log_settings = None
    return {}
