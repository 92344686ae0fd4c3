"""The state of a deployment at the account's time: DEPLOYING, BAKING, COMPLETE, or ended before that.

https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-deploying.html
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ..gate import Call
from ..iam.context import now
from .growth import percentage, steps
from .store import Deployment, Environment, Profile


def _minutes(deployment: Deployment, moment: datetime) -> float:
    return (moment - deployment.started).total_seconds() / 60


def state_of(call: Call, environment: Environment, deployment: Deployment) -> str:
    """What GetDeployment shows now; an alarm of the environment that is in ALARM ends what is in progress."""
    if deployment.ended is None and _state_at(deployment, now()) != "COMPLETE" and _alarm(call, environment):
        deployment.ended = (now(), "ROLLED_BACK", "CLOUDWATCH_ALARM")
    return deployment.ended[1] if deployment.ended else _state_at(deployment, now())


def _state_at(deployment: Deployment, moment: datetime) -> str:
    elapsed, strategy = _minutes(deployment, moment), deployment.strategy
    if elapsed < strategy["DeploymentDurationInMinutes"]:
        return "DEPLOYING"
    ends = strategy["DeploymentDurationInMinutes"] + strategy["FinalBakeTimeInMinutes"]
    return "BAKING" if elapsed < ends else "COMPLETE"


def _alarm(call: Call, environment: Environment) -> bool:
    watched = {one["AlarmArn"] for one in environment.monitors}
    if not watched:
        return False
    alarms = call.backend_of("cloudwatch").alarms.values()
    return any(one.alarm_arn in watched and one.state_value == "ALARM" for one in alarms)


def percentage_of(deployment: Deployment) -> float:
    """The share of the targets that have the configuration, or had it when the deployment was ended."""
    strategy, moment = deployment.strategy, deployment.ended[0] if deployment.ended else now()
    return percentage(
        strategy["GrowthType"],
        strategy["GrowthFactor"],
        strategy["DeploymentDurationInMinutes"],
        _minutes(deployment, moment),
    )


def in_progress(call: Call, environment: Environment) -> Deployment | None:
    """The deployment that an environment is busy with; it has one at a time."""
    for deployment in environment.deployments[-1:]:
        if state_of(call, environment, deployment) in ("DEPLOYING", "BAKING"):
            return deployment
    return None


def completed(deployment: Deployment) -> datetime:
    """When a deployment that is not stopped is complete."""
    strategy = deployment.strategy
    return deployment.started + timedelta(
        minutes=strategy["DeploymentDurationInMinutes"] + strategy["FinalBakeTimeInMinutes"]
    )


def deployed_to(call: Call, environment: Environment, profile: Profile, target: float) -> Deployment | None:
    """The deployment whose configuration a target has; `target` is its place among all, in percent from 0 to 100."""
    for deployment in reversed(environment.deployments):
        if deployment.profile is not profile:
            continue
        state = state_of(call, environment, deployment)
        if state in ("BAKING", "COMPLETE") or (state == "DEPLOYING" and target < percentage_of(deployment)):
            return deployment
    return None


def event_log(deployment: Deployment) -> list[dict[str, Any]]:
    """What has happened so far, newest first."""
    until = deployment.ended[0] if deployment.ended else now()
    strategy, started = deployment.strategy, deployment.started
    events = [(started, "DEPLOYMENT_STARTED", "USER", "Deployment started")]
    duration = strategy["DeploymentDurationInMinutes"]
    for minute, percent in steps(strategy["GrowthType"], strategy["GrowthFactor"], duration):
        words = f"Configuration available to {percent:.2f}% of clients"
        events.append((started + timedelta(minutes=minute), "PERCENTAGE_UPDATED", "APPCONFIG", words))
    baking = started + timedelta(minutes=duration)
    events.append((baking, "BAKE_TIME_STARTED", "APPCONFIG", "Deployment bake time started"))
    events.append((completed(deployment), "DEPLOYMENT_COMPLETED", "APPCONFIG", "Deployment completed"))
    happened = [one for one in events if one[0] <= until]
    if deployment.ended:
        moment, state, who = deployment.ended
        if state == "REVERTED":
            happened.append((moment, "REVERT_COMPLETED", who, "Deployment reverted"))
        else:
            happened.append((moment, "ROLLBACK_STARTED", who, "Deployment rollback started"))
            happened.append((moment, "ROLLBACK_COMPLETED", who, "Deployment rollback completed"))
    return [
        {"OccurredAt": moment, "EventType": kind, "TriggeredBy": who, "Description": words}
        for moment, kind, who, words in reversed(happened)
    ]
