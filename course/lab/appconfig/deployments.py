"""Deployments: validated, started, growing with the account's time, stopped or reverted; one at a time per environment.

https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_StartDeployment.html
https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_StopDeployment.html
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from course.data import value

from ..gate import Call, Refused, answers, refuses
from ..iam.context import now
from .deployment_state import completed, event_log, in_progress, percentage_of, state_of
from .sources import configuration
from .store import (
    Deployment,
    Environment,
    arn,
    bad_request,
    checked,
    environment_of,
    not_found,
    page,
    profile_of,
    shown,
    tag,
)
from .strategies import strategy_of
from .validators import require_valid


@refuses("appconfig", "StartDeployment", "ListDeployments", "ValidateConfiguration")
def outside_the_model(call: Call) -> None:
    """BadRequestException for lengths and patterns."""
    checked(call)


@refuses("appconfig", "StartDeployment")
def impossible_deployment(call: Call) -> None:
    """All that is named exists, and the environment is free."""
    environment, profile = environment_of(call), profile_of(call)
    strategy_of(call)
    busy = in_progress(call, environment)
    if busy is not None:
        raise Refused("ConflictException", f"Deployment number {busy.number} already exists", 409)
    latest = call.params.get("LatestDeploymentNumber")
    if latest is not None and latest != len(environment.deployments):
        raise Refused(
            "ConflictException", f"The latest deployment number is {len(environment.deployments)}, not {latest}.", 409
        )
    configuration(call, profile, call.params["ConfigurationVersion"])


@answers("appconfig", "StartDeployment")
def start_deployment(call: Call) -> dict:
    """Validators are asked first; then the first targets get it when the strategy says so."""
    params, environment, profile = call.params, environment_of(call), profile_of(call)
    version, label, content, kind = configuration(call, profile, params["ConfigurationVersion"])
    require_valid(call, profile, version, content)
    made = Deployment(
        len(environment.deployments) + 1,
        profile,
        dict(strategy_of(call)),
        version,
        label,
        content,
        kind,
        now(),
        params.get("Description"),
    )
    environment.deployments.append(made)
    tag(
        call,
        arn(
            call, "application", params["ApplicationId"], "environment", environment.id, "deployment", str(made.number)
        ),
    )
    # Asked at this very moment, also a deployment all at once has only begun.
    began = {"State": "DEPLOYING", "PercentageComplete": 0.0, "EventLog": event_log(made)[-1:]}
    return {**_shown(call, environment, made), **began}


@answers("appconfig", "ValidateConfiguration")
def validate_configuration(call: Call) -> dict:
    """The validators of the profile, and nothing deployed."""
    profile = profile_of(call)
    version, _, content, _ = configuration(call, profile, call.params["ConfigurationVersion"])
    require_valid(call, profile, version, content)
    return {}


def deployment_of(call: Call) -> tuple[Environment, Deployment]:
    """The deployment with the number in the request."""
    environment, number = environment_of(call), int(call.params["DeploymentNumber"])
    if not 1 <= number <= len(environment.deployments):
        raise not_found("Deployment", str(number))
    return environment, environment.deployments[number - 1]


def _summary(call: Call, environment: Environment, deployment: Deployment) -> dict[str, Any]:
    state, strategy = state_of(call, environment, deployment), deployment.strategy
    ended = deployment.ended[0] if deployment.ended else None
    return shown(
        DeploymentNumber=deployment.number,
        ConfigurationProfileId=deployment.profile.id,
        ConfigurationName=deployment.profile.name,
        ConfigurationVersion=deployment.version,
        DeploymentDurationInMinutes=strategy["DeploymentDurationInMinutes"],
        GrowthType=strategy["GrowthType"],
        GrowthFactor=strategy["GrowthFactor"],
        FinalBakeTimeInMinutes=strategy["FinalBakeTimeInMinutes"],
        State=state,
        PercentageComplete=percentage_of(deployment),
        StartedAt=deployment.started,
        CompletedAt=ended or (completed(deployment) if state == "COMPLETE" else None),
        VersionLabel=deployment.label,
    )


def _shown(call: Call, environment: Environment, deployment: Deployment) -> dict[str, Any]:
    return {
        **_summary(call, environment, deployment),
        **shown(
            ApplicationId=call.params["ApplicationId"],
            EnvironmentId=environment.id,
            DeploymentStrategyId=deployment.strategy["Id"],
            ConfigurationLocationUri=deployment.profile.location,
            Description=deployment.description,
            EventLog=event_log(deployment),
        ),
    }


@answers("appconfig", "GetDeployment")
def get_deployment(call: Call) -> dict:
    """State and percentage at this moment, and what has happened."""
    return _shown(call, *deployment_of(call))


@answers("appconfig", "ListDeployments")
def list_deployments(call: Call) -> dict:
    """Newest first."""
    environment = environment_of(call)
    return page(call, [_summary(call, environment, one) for one in reversed(environment.deployments)])


@refuses("appconfig", "StopDeployment")
def nothing_to_stop(call: Call) -> None:
    """What is in progress is rolled back; what is complete is reverted within 72 hours, if asked for."""
    environment, deployment = deployment_of(call)
    state = state_of(call, environment, deployment)
    if state in ("DEPLOYING", "BAKING"):
        return
    if state != "COMPLETE" or not call.params.get("AllowRevert"):
        raise bad_request(f"Deployment {deployment.number} cannot be stopped: its state is {state}.")
    hours = value("appconfig.deployments.revert")
    if now() - completed(deployment) > timedelta(hours=hours):
        raise bad_request(f"Deployment {deployment.number} was completed more than {hours} hours ago.")


@answers("appconfig", "StopDeployment")
def stop_deployment(call: Call) -> dict:
    """The targets go back to the configuration before."""
    environment, deployment = deployment_of(call)
    done = state_of(call, environment, deployment) == "COMPLETE"
    deployment.ended = (now(), "REVERTED" if done else "ROLLED_BACK", "USER")
    return _shown(call, environment, deployment)
