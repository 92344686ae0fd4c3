"""Environments: where a configuration is deployed to, and the alarms that roll a deployment back.

https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_CreateEnvironment.html
"""

from __future__ import annotations

from typing import Any

from course.data import value

from ..gate import Call, Refused, answers, refuses
from .deployment_state import in_progress, state_of
from .store import Environment, application_of, arn, bad_request, checked, environment_of, new_id, page, shown, tag


@refuses("appconfig", "CreateEnvironment", "UpdateEnvironment", "ListEnvironments")
def outside_the_model(call: Call) -> None:
    """BadRequestException for lengths and ranges."""
    checked(call)


@refuses("appconfig", "CreateEnvironment", "UpdateEnvironment")
def impossible_environment(call: Call) -> None:
    """A name of its own within the application, a quota, and alarms that exist."""
    application, name = application_of(call), call.params.get("Name")
    most = value("appconfig.quotas.environments")
    if call.operation == "CreateEnvironment" and len(application.environments) >= most:
        raise Refused("ServiceQuotaExceededException", f"At most {most} environments per application.", 402)
    alarms = call.backend_of("cloudwatch").alarms
    for monitor in call.params.get("Monitors", ()):
        known = {one.alarm_arn for one in alarms.values()}
        if monitor["AlarmArn"] not in known:
            raise bad_request(f"The alarm {monitor['AlarmArn']} of environment {name} does not exist.")


def _shown(call: Call, application_id: str, environment: Environment) -> dict[str, Any]:
    return shown(
        ApplicationId=application_id,
        Id=environment.id,
        Name=environment.name,
        Description=environment.description,
        State=_state(call, environment),
        Monitors=environment.monitors or None,
    )


def _state(call: Call, environment: Environment) -> str:
    if in_progress(call, environment):
        return "DEPLOYING"
    last = state_of(call, environment, environment.deployments[-1]) if environment.deployments else ""
    return last if last in ("ROLLED_BACK", "REVERTED") else "READY_FOR_DEPLOYMENT"


@answers("appconfig", "CreateEnvironment")
def create_environment(call: Call) -> dict:
    """Ready for a deployment."""
    params, application = call.params, application_of(call)
    made = Environment(new_id(), params["Name"], params.get("Description"), list(params.get("Monitors", ())))
    application.environments[made.id] = made
    tag(call, arn(call, "application", application.id, "environment", made.id))
    return _shown(call, application.id, made)


@answers("appconfig", "GetEnvironment")
def get_environment(call: Call) -> dict:
    """With its state."""
    return _shown(call, call.params["ApplicationId"], environment_of(call))


@answers("appconfig", "ListEnvironments")
def list_environments(call: Call) -> dict:
    """All of an application."""
    application = application_of(call)
    return page(call, [_shown(call, application.id, one) for one in application.environments.values()])


@answers("appconfig", "UpdateEnvironment")
def update_environment(call: Call) -> dict:
    """Name, description and alarms."""
    environment, params = environment_of(call), call.params
    environment.name = params.get("Name", environment.name)
    environment.description = params.get("Description", environment.description)
    environment.monitors = list(params.get("Monitors", environment.monitors))
    return _shown(call, params["ApplicationId"], environment)


@refuses("appconfig", "DeleteEnvironment")
def deploying_environment(call: Call) -> None:
    """Not while a deployment runs."""
    environment = environment_of(call)
    if in_progress(call, environment):
        raise Refused("ConflictException", f"Environment {environment.id} has a deployment in progress.", 409)


@answers("appconfig", "DeleteEnvironment")
def delete_environment(call: Call) -> dict:
    """With its deployments."""
    environment = environment_of(call)
    del application_of(call).environments[environment.id]
    return {}
