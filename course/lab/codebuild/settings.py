"""What AWS refuses of a project's source, artifacts and environment, in InvalidInputException's words.

https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import get_service_model

from course.data import value

from ..gate import Call, Refused
from ..iam.service_principals import service_may_assume

_WITHOUT_LOCATION = ("CODEPIPELINE", "NO_SOURCE")


def require_settings(call: Call, project: dict[str, Any]) -> None:
    """Raise Refused unless a project could have these settings."""
    _require_source(project["source"])
    _require_artifacts(project)
    _require_environment(project["environment"])
    for field, fact in (("timeoutInMinutes", "timeout"), ("queuedTimeoutInMinutes", "queued_timeout")):
        least, most = value(f"codebuild.projects.{fact}")
        if not least <= project.get(field, least) <= most:
            raise invalid(f"Invalid {field}: {project[field]}. It must be between {least} and {most} minutes")
    most = value("codebuild.projects.description")
    if len(project.get("description") or "") > most:
        raise invalid(f"Max description length is {most}")
    _require_role(call, project["serviceRole"])


def invalid(what: str) -> Refused:
    """AWS's refusal of a value."""
    return Refused("InvalidInputException", what)


def is_inline(buildspec: str | None) -> bool:
    """Whether a buildspec is the text itself and not the name of a file; AWS tells it from the lines."""
    return "\n" in (buildspec or "") or (buildspec or "").lstrip().startswith("{")


def _require_enum(given: str, shape: str, what: str) -> None:
    if given not in get_service_model("codebuild").shape_for(shape).enum:
        raise invalid(what)


def _require_source(source: dict[str, Any]) -> None:
    _require_enum(source["type"], "SourceType", "Invalid type provided: Project source type")
    if source["type"] not in _WITHOUT_LOCATION and not source.get("location"):
        raise invalid("Project source location is required")
    if source["type"] == "NO_SOURCE":
        if source.get("location"):
            raise invalid("Invalid project source: source type NO_SOURCE should have null location")
        if not is_inline(source.get("buildspec")):
            raise invalid("Invalid project source: an inline buildspec is required for source type NO_SOURCE")


def _require_artifacts(project: dict[str, Any]) -> None:
    artifacts, source = project["artifacts"], project["source"]
    _require_enum(artifacts["type"], "ArtifactsType", "Invalid type provided: Artifact type")
    if (artifacts["type"] == "CODEPIPELINE") != (source["type"] == "CODEPIPELINE"):
        raise invalid(
            "Invalid input: when using CodePipeline both sourceType, and artifactType must be set to: CODEPIPELINE"
        )
    if artifacts["type"] == "S3" and not artifacts.get("location"):
        raise invalid("Invalid artifacts: artifact type S3 should have a location")
    if artifacts["type"] == "NO_ARTIFACTS" and artifacts.get("location"):
        raise invalid("Invalid artifacts: artifact type NO_ARTIFACTS should have null location")


def _require_environment(environment: dict[str, Any]) -> None:
    kind, compute = environment["type"], environment["computeType"]
    _require_enum(kind, "EnvironmentType", f"Invalid type provided: {kind}")
    _require_enum(compute, "ComputeType", f"Invalid compute type provided: {compute}")
    if kind.endswith("_LAMBDA_CONTAINER") != compute.startswith("BUILD_LAMBDA_"):
        raise invalid("Invalid compute type provided")
    if environment.get("privilegedMode") and (kind.startswith("WINDOWS") or kind.endswith("_LAMBDA_CONTAINER")):
        raise invalid(f"PrivilegedMode is not supported for {kind} projects")
    if not environment.get("image"):
        raise invalid("Invalid environment: image is required")
    variables = environment.get("environmentVariables", [])
    names = [one["name"] for one in variables]
    for name in names:
        if name.startswith("CODEBUILD_"):
            raise invalid("No user environment variables can start with CODEBUILD_")
        if names.count(name) > 1:
            raise invalid(f"Duplicate environment variable name: {name}")
    for one in variables:
        kind = one.get("type", "PLAINTEXT")
        _require_enum(kind, "EnvironmentVariableType", f"Invalid environment variable type: {kind}")


def _require_role(call: Call, arn: str) -> None:
    """The service role is the account's own and trusts CodeBuild."""
    if not arn.startswith(f"arn:aws:iam::{call.account_id}:role/"):
        raise invalid("Invalid service role: Service role account ID does not match caller's account")
    roles = call.backend_of("iam", "aws").roles.values()
    role = next((one for one in roles if one.arn == arn), None)
    if role is None or not service_may_assume("codebuild.amazonaws.com", role.assume_role_policy_document, role.arn):
        raise invalid(f"CodeBuild is not authorized to perform: sts:AssumeRole on service role. {arn}")
