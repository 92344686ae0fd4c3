"""Applications: their compute platform, and their end, which moto does not have.

https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateApplication.html
"""

from __future__ import annotations

from typing import Any

from moto.codedeploy.models import Application

from ..gate import Call, Refused, answers, corrects, refuses
from .configurations import NAME, require_platform


def application_of(call: Call, name: str | None) -> Application:
    """An application; Refused if it is not named or does not exist."""
    if not name:
        raise Refused("ApplicationNameRequiredException", "Application name is missing")
    found = call.backend.applications.get(name)
    if found is None:
        raise Refused("ApplicationDoesNotExistException", f"No application found for name: {name}")
    return found


@refuses("codedeploy", "CreateApplication")
def impossible_application(call: Call) -> None:
    """A name that is free, and a compute platform that there is."""
    name = call.params["applicationName"]
    if not NAME.fullmatch(name):
        raise Refused("InvalidApplicationNameException", f"Application name is invalid: {name}")
    if name in call.backend.applications:
        raise Refused("ApplicationAlreadyExistsException", f"Application already exists: {name}")
    require_platform(call.params.get("computePlatform", "Server"))


@corrects("codedeploy", "CreateApplication")
def server_by_default(call: Call, result: Any) -> None:
    """An application is one of servers unless it says otherwise."""
    application = call.backend.applications[call.params["applicationName"]]
    application.compute_platform = call.params.get("computePlatform", "Server")


@refuses("codedeploy", "GetApplication", "ListDeploymentGroups", "CreateDeploymentGroup")
def unknown_application(call: Call) -> None:
    """What is asked for exists."""
    application_of(call, call.params.get("applicationName"))


@answers("codedeploy", "DeleteApplication")
def delete_application(call: Call) -> dict:
    """The application with its deployment groups; one that is not there is gone already."""
    name = call.params["applicationName"]
    call.backend.applications.pop(name, None)
    call.backend.deployment_groups.pop(name, None)
    return {}
