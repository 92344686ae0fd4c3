"""What an action of a pipeline comes to: it fails where what it works with is not in the account."""

from __future__ import annotations

from typing import Any

from course.serverless.buildspecs import problem as buildspec_problem

from ..gate import Call


def failure(call: Call, action: dict[str, Any]) -> str:
    """Why an action fails, "" if it succeeds."""
    kind, configuration = action["actionTypeId"], action.get("configuration", {})
    check = _CHECKS.get(kind["provider"]) if kind["owner"] == "AWS" else None
    return check(call, configuration, action.get("region", call.region)) if check else ""


def _build(call: Call, configuration: dict[str, str], region: str) -> str:
    name = configuration["ProjectName"]
    project = call.backend_of("codebuild", region).codebuild_projects.get(name)
    if project is None:
        arn = f"arn:aws:codebuild:{region}:{call.account_id}:project/{name}"
        return f"Error calling startBuild: Project cannot be found: {arn}"
    text = project.project_metadata["source"].get("buildspec", "")
    problem = buildspec_problem(text) if "\n" in text else ""
    if not problem:
        return ""
    return f"Build terminated with state: FAILED. Phase: DOWNLOAD_SOURCE, Code: YAML_FILE_ERROR, Message: {problem}"


def _function(call: Call, configuration: dict[str, str], region: str) -> str:
    name = configuration["FunctionName"]
    known = any(one.function_name == name for one in call.backend_of("lambda", region).list_functions())
    return "" if known else f"Function not found: arn:aws:lambda:{region}:{call.account_id}:function:{name}"


def _deployment(call: Call, configuration: dict[str, str], region: str) -> str:
    application, group = configuration["ApplicationName"], configuration["DeploymentGroupName"]
    backend = call.backend_of("codedeploy", region)
    if application not in backend.applications:
        return f"No application found for name: {application}"
    known = group in backend.deployment_groups.get(application, {})
    return "" if known else f"No Deployment Group found for name: {group}"


_CHECKS = {"CodeBuild": _build, "Lambda": _function, "CodeDeploy": _deployment}
