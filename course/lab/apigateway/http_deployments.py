"""Deployments of HTTP APIs: what an API was when it was deployed by hand.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-publish.html
"""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

from .. import ids
from ..gate import Call, Refused, answers, refuses
from .found import http_api, missing
from .moto_models import http
from .wire import shaped

_PARTS = ("routes", "integrations", "authorizers")


def deployments(api: http.Api) -> dict[str, dict[str, Any]]:
    """The deployments of an API by id, each with the parts of the API as they were."""
    return api.__dict__.setdefault("_deployments", {})


def shown_by(api: http.Api, stage: http.Stage) -> dict[str, dict[str, Any]] | None:
    """Routes, integrations and authorizers that the stage shows; None if nothing was deployed to it."""
    if stage.auto_deploy:
        return {name: getattr(api, name) for name in _PARTS}
    return deployments(api).get(stage.__dict__.get("deployment_id"), {}).get("parts")


def deploy(api: http.Api, description: str | None = None, automatic: bool = False) -> dict[str, Any]:
    """Keep the API as it is; BadRequestException without a route."""
    if not api.routes:
        raise Refused("BadRequestException", "At least one route is required before deploying the Api.")
    made = {
        "deploymentId": "".join(ids.stream("apigatewayv2").choices("abcdefghijklmnopqrstuvwxyz0123456789", k=6)),
        "deploymentStatus": "DEPLOYED",
        "createdDate": datetime.now(UTC),
        "description": description,
        "autoDeployed": automatic,
        "parts": copy.deepcopy({name: getattr(api, name) for name in _PARTS}),
    }
    deployments(api)[made["deploymentId"]] = made
    return made


@answers("apigatewayv2", "CreateDeployment")
def create_deployment(call: Call) -> dict:
    """Deploy, and move a stage to it if one is named."""
    api, name = http_api(call), call.params.get("StageName")
    stage = api.stages.get(name)
    if name is not None and stage is None:
        raise missing("Stage")
    if stage is not None and stage.auto_deploy:
        raise Refused(
            "BadRequestException", "Deployments cannot be created manually for a Stage with AutoDeploy enabled"
        )
    made = deploy(api, call.params.get("Description"))
    if stage is not None:
        stage.deployment_id = made["deploymentId"]
    return shaped(call, made)


@refuses("apigatewayv2", "GetDeployment", "UpdateDeployment", "DeleteDeployment")
def missing_deployment(call: Call) -> None:
    """The deployment is there."""
    if call.params["DeploymentId"] not in deployments(http_api(call)):
        raise missing("Deployment")


@answers("apigatewayv2", "GetDeployment")
def get_deployment(call: Call) -> dict:
    """One."""
    return shaped(call, deployments(http_api(call))[call.params["DeploymentId"]])


@answers("apigatewayv2", "GetDeployments")
def get_deployments(call: Call) -> dict:
    """All of them."""
    return shaped(call, {"items": list(deployments(http_api(call)).values())})


@answers("apigatewayv2", "UpdateDeployment")
def update_deployment(call: Call) -> dict:
    """Only the description can be changed."""
    held = deployments(http_api(call))[call.params["DeploymentId"]]
    held["description"] = call.params.get("Description", held["description"])
    return shaped(call, held)


@answers("apigatewayv2", "DeleteDeployment")
def delete_deployment(call: Call) -> dict:
    """One that no stage shows."""
    api, wanted = http_api(call), call.params["DeploymentId"]
    if any(stage.__dict__.get("deployment_id") == wanted for stage in api.stages.values()):
        raise Refused("BadRequestException", "Active stages pointing to this deployment must be moved or deleted")
    del deployments(api)[wanted]
    return {}
