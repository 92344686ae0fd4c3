"""Deployments: what an API was when it was deployed. A stage shows that, not what was changed since.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import Any

from ..gate import Call, Refused, answers, refuses, replaces
from .found import missing, rest_api
from .moto_models import rest
from .patches import patches
from .wire import shaped


@dataclass
class Deployed:
    """An API as it was: its methods by path, and what they need. `ids` are the resources' ids by path."""

    methods: dict[str, dict[str, rest.Method]]
    ids: dict[str, str]
    authorizers: dict[str, rest.Authorizer]
    models: dict[str, rest.Model]
    validators: dict[str, rest.RequestValidator]
    gateway_responses: dict[str, rest.GatewayResponse]
    policy: str | None
    binary_media_types: list[str]
    api_key_source: str


def as_it_is(api: rest.RestAPI) -> Deployed:
    """The API at this moment, by copy."""
    resources = {resource.get_path(): resource for resource in api.resources.values()}
    return copy.deepcopy(
        Deployed(
            {path: resource.resource_methods for path, resource in resources.items()},
            {path: resource.id for path, resource in resources.items()},
            api.authorizers,
            api.models,
            api.request_validators,
            api.gateway_responses,
            api.policy,
            api.binaryMediaTypes,
            api.api_key_source,
        )
    )


@refuses("apigateway", "CreateDeployment")
def nothing_to_deploy(call: Call) -> None:
    """At least one method, an integration for every method, a resource policy for a private API."""
    api = rest_api(call)
    methods = [method for resource in api.resources.values() for method in resource.resource_methods.values()]
    if not methods:
        raise Refused("BadRequestException", "The REST API doesn't contain any methods")
    if any(method.method_integration is None for method in methods):
        raise Refused("BadRequestException", "No integration defined for method")
    if "PRIVATE" in (api.endpoint_configuration or {}).get("types", ()) and not api.policy:
        raise Refused("BadRequestException", "Private REST API doesn't have a resource policy attached to it")


@refuses("apigateway", "CreateDeployment", "CreateStage")
def impossible_stage_name(call: Call) -> None:
    """Letters, digits, - and _."""
    name = call.params.get("stageName")
    if name is None and call.operation == "CreateDeployment":
        return
    if not re.fullmatch(r"[a-zA-Z0-9_\-]{1,128}", name or ""):
        raise Refused("BadRequestException", "Stage name only allows a-zA-Z0-9_-")
    require_variables(call.params.get("variables") or {})


def require_variables(variables: dict[str, Any]) -> None:
    """Names and values of stage variables, with AWS's characters."""
    for name, text in variables.items():
        if not re.fullmatch(r"\w+", name):
            raise Refused(
                "BadRequestException",
                f"Stage variable names can only have alphanumeric characters and underscores: '{name}'",
            )
        if not re.fullmatch(r"[A-Za-z0-9\-._~:/?#&=,]*", str(text)):
            raise Refused(
                "BadRequestException",
                f"Stage variable values must match the following regular expression: [A-Za-z0-9-._~:/?#&=,]+: '{text}'",
            )


@replaces(rest.RestAPI, "create_deployment")
def create_deployment(
    original: Any, api: rest.RestAPI, name: str | None, description: str | None = "", stage_variables: Any = None
) -> rest.Deployment:
    """Keep what was deployed; a stage that is there moves to it and keeps its settings. moto makes a new stage."""
    made = original(api, None, description or "", {})
    made._deployed = as_it_is(api)
    if name:
        stage = api.stages.get(name)
        if stage is None:
            api.stages[name] = rest.Stage(name=name, deployment_id=made.id, variables=stage_variables or {})
        else:
            stage.deployment_id = made.id
            stage.variables = {**(stage.variables or {}), **(stage_variables or {})}
    return made


@refuses("apigateway", "GetDeployment", "UpdateDeployment", "DeleteDeployment")
def missing_deployment(call: Call) -> None:
    """The deployment is there."""
    if call.params["deploymentId"] not in rest_api(call).deployments:
        raise missing("Deployment")


@refuses("apigateway", "DeleteDeployment")
def deployment_of_a_stage(call: Call) -> None:
    """A stage shows it."""
    if any(stage.deployment_id == call.params["deploymentId"] for stage in rest_api(call).stages.values()):
        raise Refused("BadRequestException", "Active stages pointing to this deployment must be moved or deleted")


@answers("apigateway", "UpdateDeployment")
def update_deployment(call: Call) -> dict:
    """Only the description can be changed."""
    changed = rest_api(call).deployments[call.params["deploymentId"]]
    for patch in list(patches(call, {"/description": "replace"})):
        changed.description = patch.value
    return shaped(call, changed.to_json())
