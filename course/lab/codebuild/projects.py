"""Build projects: names, what they are made of, and changes, which moto does not have.

https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.codebuild.models import CodeBuild
from moto.core.utils import unix_time

from course.data import value

from ..gate import Call, Refused, answers
from .settings import invalid, require_settings

_SHORTEST, _LONGEST = value("codebuild.projects.name")
_NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9\-_]{{{_SHORTEST - 1},{_LONGEST - 1}}}")
# What of a request moto's project keeps under the same name.
_KEPT = (
    "description",
    "secondarySources",
    "sourceVersion",
    "secondarySourceVersions",
    "secondaryArtifacts",
    "encryptionKey",
    "vpcConfig",
    "logsConfig",
    "fileSystemLocations",
    "buildBatchConfig",
    "concurrentBuildLimit",
    "source",
    "artifacts",
    "environment",
    "serviceRole",
    "cache",
    "timeoutInMinutes",
    "queuedTimeoutInMinutes",
    "tags",
)


def arn_of(call: Call, name: str) -> str:
    """The ARN of a project."""
    return f"arn:aws:codebuild:{call.region}:{call.account_id}:project/{name}"


def project_of(call: Call, name: str) -> CodeBuild:
    """A project by name or ARN; Refused(ResourceNotFoundException) if there is none."""
    name = name.rpartition("project/")[2]
    found = call.backend.codebuild_projects.get(name)
    if found is None:
        raise Refused("ResourceNotFoundException", f"Project cannot be found: {arn_of(call, name)}")
    return found


@answers("codebuild", "CreateProject")
def create_project(call: Call) -> dict:
    """A project; moto asks for the location of a source that has none, and knows no newer environment."""
    params = call.params
    name = params["name"]
    if not _NAME.fullmatch(name):
        raise invalid("Only alphanumeric characters, dash, and underscore are supported")
    if name in call.backend.codebuild_projects:
        raise Refused("ResourceAlreadyExistsException", f"Project already exists: {arn_of(call, name)}")
    require_settings(call, params)
    call.backend.create_project(
        name,
        params.get("description"),
        params["source"],
        params["artifacts"],
        params["environment"],
        params["serviceRole"],
        params.get("tags"),
        params.get("cache"),
        params.get("timeoutInMinutes", value("codebuild.projects.default_timeout")),
        params.get("queuedTimeoutInMinutes", value("codebuild.projects.default_queued_timeout")),
        params.get("sourceVersion"),
        params.get("logsConfig"),
        params.get("vpcConfig"),
    )
    return {"project": _changed(project_of(call, name), params)}


@answers("codebuild", "UpdateProject")
def update_project(call: Call) -> dict:
    """What is left out stays."""
    project = project_of(call, call.params["name"])
    require_settings(call, {**project.project_metadata, **call.params})
    return {"project": _changed(project, call.params)}


def _changed(project: CodeBuild, params: dict[str, Any]) -> dict[str, Any]:
    kept = project.project_metadata
    kept.update({field: params[field] for field in _KEPT if field in params})
    kept["lastModifiedDate"] = unix_time()
    kept["badge"] = {"badgeEnabled": params.get("badgeEnabled", kept["badge"]["badgeEnabled"])}
    project.service_role = kept["serviceRole"]
    environment = kept["environment"]
    environment.setdefault("environmentVariables", [])
    environment.setdefault("privilegedMode", False)
    environment.setdefault("imagePullCredentialsType", "CODEBUILD")
    return kept


@answers("codebuild", "BatchGetProjects")
def batch_get_projects(call: Call) -> dict:
    """The projects, and the names that are none."""
    found, missing = [], []
    for name in call.params["names"]:
        project = call.backend.codebuild_projects.get(name.rpartition("project/")[2])
        found.append(project.project_metadata) if project else missing.append(name)
    return {"projects": found, "projectsNotFound": missing}
