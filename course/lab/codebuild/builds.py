"""Builds: in progress when started, done when looked at. Their commands do not run, but their buildspec is read.

An inline buildspec that is none ends a build in DOWNLOAD_SOURCE with YAML_FILE_ERROR, as on AWS.

https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
"""

from __future__ import annotations

from typing import Any

from moto.moto_api._internal import mock_random

from course.serverless.buildspecs import problem

from ..gate import Call, Refused, answers
from ..iam.context import now
from .projects import project_of
from .settings import invalid, is_inline

PHASES = (
    "PROVISIONING",
    "DOWNLOAD_SOURCE",
    "INSTALL",
    "PRE_BUILD",
    "BUILD",
    "POST_BUILD",
    "UPLOAD_ARTIFACTS",
    "FINALIZING",
)


@answers("codebuild", "StartBuild")
def start_build(call: Call) -> dict:
    """A build of the project, with what the request overrides."""
    params, project = call.params, project_of(call, call.params["projectName"])
    kept, name = project.project_metadata, project.project_metadata["name"]
    source = dict(kept["source"])
    if "buildspecOverride" in params:
        source["buildspec"] = params["buildspecOverride"]
    environment = dict(kept["environment"])
    overrides = {one["name"]: one for one in params.get("environmentVariablesOverride", [])}
    for variable in overrides:
        if variable.startswith("CODEBUILD_"):
            raise invalid("No user environment variables can start with CODEBUILD_")
    variables = {one["name"]: one for one in environment.get("environmentVariables", [])} | overrides
    environment["environmentVariables"] = list(variables.values())
    history = call.backend.build_metadata_history[name]
    identifier, moment = f"{name}:{mock_random.uuid4()}", now()
    build: dict[str, Any] = {
        "id": identifier,
        "arn": f"arn:aws:codebuild:{call.region}:{call.account_id}:build/{identifier}",
        "buildNumber": len(history) + 1,
        "startTime": moment,
        "currentPhase": "QUEUED",
        "buildStatus": "IN_PROGRESS",
        "buildComplete": False,
        "projectName": name,
        "phases": [_phase("SUBMITTED", moment), {"phaseType": "QUEUED", "startTime": moment}],
        "source": source,
        "artifacts": {"location": params.get("artifactsOverride", kept["artifacts"]).get("location", "")},
        "cache": kept["cache"],
        "environment": environment,
        "serviceRole": kept["serviceRole"],
        "timeoutInMinutes": params.get("timeoutInMinutesOverride", kept["timeoutInMinutes"]),
        "queuedTimeoutInMinutes": kept["queuedTimeoutInMinutes"],
        "initiator": "administrator",
        "encryptionKey": kept["encryptionKey"],
    }
    if params.get("sourceVersion") or kept.get("sourceVersion"):
        build["sourceVersion"] = params.get("sourceVersion") or kept["sourceVersion"]
    history.append(build)
    call.backend.build_history.setdefault(name, []).append(identifier)
    return {"build": dict(build)}


@answers("codebuild", "BatchGetBuilds")
def batch_get_builds(call: Call) -> dict:
    """A build that is looked at has ended."""
    found, missing = [], []
    for identifier in call.params["ids"]:
        if ":" not in identifier:
            raise invalid("Invalid build ID provided")
        build = _build(call, identifier)
        if build is None:
            missing.append(identifier)
            continue
        if build["buildStatus"] == "IN_PROGRESS":
            source = build["source"].get("buildspec")
            _end(build, problem(source) if is_inline(source) else "")
        found.append(build)
    return {"builds": found, "buildsNotFound": missing}


@answers("codebuild", "StopBuild")
def stop_build(call: Call) -> dict:
    """A build in progress ends as STOPPED; one that has ended stays as it is."""
    identifier = call.params["id"]
    if ":" not in identifier:
        raise invalid("Invalid build ID provided")
    build = _build(call, identifier)
    if build is None:
        raise Refused("ResourceNotFoundException", f"Build {identifier} does not exist")
    if build["buildStatus"] == "IN_PROGRESS":
        _complete(build, "STOPPED")
    return {"build": build}


def _build(call: Call, identifier: str) -> dict[str, Any] | None:
    builds = (one for history in call.backend.build_metadata_history.values() for one in history)
    return next((one for one in builds if identifier in (one["id"], one["arn"])), None)


def _end(build: dict[str, Any], wrong: str) -> None:
    moment = now()
    build["phases"][1] = _phase("QUEUED", build["startTime"])
    for name in PHASES:
        if wrong and name == "DOWNLOAD_SOURCE":
            failed = _phase(name, moment, "FAILED")
            failed["contexts"] = [{"statusCode": "YAML_FILE_ERROR", "message": wrong}]
            build["phases"] += [failed, _phase("FINALIZING", moment)]
            break
        build["phases"].append(_phase(name, moment))
    _complete(build, "FAILED" if wrong else "SUCCEEDED")


def _complete(build: dict[str, Any], status: str) -> None:
    moment = now()
    build["phases"].append({"phaseType": "COMPLETED", "startTime": moment})
    build |= {"endTime": moment, "currentPhase": "COMPLETED", "buildStatus": status, "buildComplete": True}


def _phase(name: str, moment: Any, status: str = "SUCCEEDED") -> dict[str, Any]:
    return {
        "phaseType": name,
        "phaseStatus": status,
        "startTime": moment,
        "endTime": moment,
        "durationInSeconds": 0,
    }
