"""What a deployment shows: its state now, its roll back, and the function it deploys to.

https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeploymentTarget.html
"""

from __future__ import annotations

from typing import Any

from moto.codedeploy.models import DeploymentInfo

from ..gate import Call, Refused, answers, corrects, refuses
from . import shifting
from .deployments import deployment_of


@refuses("codedeploy", "GetDeployment", "ListDeployments", "BatchGetDeployments")
def looked_at(call: Call) -> None:
    """Deployments are brought to where they stand before they are shown; one that is not there is named."""
    if call.operation == "GetDeployment":
        deployment_of(call, call.params["deploymentId"])
    else:
        shifting.advance(call)


@corrects("codedeploy", "GetDeployment")
def one_deployment(call: Call, result: dict[str, Any]) -> None:
    """Counts, errors and roll back."""
    _complete(call.backend.deployments[call.params["deploymentId"]], result["deploymentInfo"])


@corrects("codedeploy", "BatchGetDeployments")
def deployments(call: Call, result: dict[str, Any]) -> None:
    """Counts, errors and roll back."""
    for info in result["deploymentsInfo"]:
        _complete(call.backend.deployments[info["deploymentId"]], info)


def _complete(deployment: DeploymentInfo, info: dict[str, Any]) -> None:
    # moto shows what there is not as empty, which reads as if there had been one.
    for field in ("errorInformation", "rollbackInfo", "previousRevision"):
        if not info.get(field):
            info.pop(field, None)
    if deployment.__dict__.get("rollback"):
        info["rollbackInfo"] = deployment.__dict__["rollback"]
    if "shift" not in deployment.__dict__:
        return
    status = {"Stopped": "Skipped"}.get(deployment.status, deployment.status)
    info["deploymentOverview"] = {one: int(one == status) for one in info["deploymentOverview"]}
    if deployment.__dict__.get("error"):
        info["errorInformation"] = deployment.__dict__["error"]


@answers("codedeploy", "ListDeploymentTargets")
def list_deployment_targets(call: Call) -> dict:
    """A Lambda deployment has one target, its function and alias."""
    deployment = deployment_of(call, call.params["deploymentId"])
    shift = deployment.__dict__.get("shift")
    return {"targetIds": [_target_id(shift)] if shift else []}


@answers("codedeploy", "GetDeploymentTarget")
def get_deployment_target(call: Call) -> dict:
    """Versions and the share of the new one, and the events of the deployment."""
    deployment = deployment_of(call, call.params["deploymentId"])
    return {"deploymentTarget": _target(call, deployment, call.params["targetId"])}


@answers("codedeploy", "BatchGetDeploymentTargets")
def batch_get_deployment_targets(call: Call) -> dict:
    """Those of the deployment that are named, all if none is."""
    deployment = deployment_of(call, call.params["deploymentId"])
    shift = deployment.__dict__.get("shift")
    wanted = call.params.get("targetIds") or ([_target_id(shift)] if shift else [])
    return {"deploymentTargets": [_target(call, deployment, one) for one in wanted]}


def _target_id(shift: shifting.Shift) -> str:
    return f"{shift.spec.function}:{shift.spec.alias}"


def _target(call: Call, deployment: DeploymentInfo, wanted: str) -> dict[str, Any]:
    shift = deployment.__dict__.get("shift")
    if shift is None or wanted != _target_id(shift):
        raise Refused("DeploymentTargetDoesNotExistException", f"The deployment target {wanted} does not exist")
    spec, status = shift.spec, deployment.status
    return {
        "deploymentTargetType": "LambdaTarget",
        "lambdaTarget": {
            "deploymentId": deployment.deployment_id,
            "targetId": wanted,
            "targetArn": f"arn:aws:lambda:{call.region}:{call.account_id}:function:{spec.function}",
            "status": {"Stopped": "Failed"}.get(status, status),
            "lastUpdatedAt": deployment.complete_time or deployment.start_time,
            "lifecycleEvents": [
                {"lifecycleEventName": name, "startTime": started, "status": reported or "InProgress"}
                for name, (_, started, reported) in shift.hooks.items()
            ],
            "lambdaFunctionInfo": {
                "functionName": spec.function,
                "functionAlias": spec.alias,
                "currentVersion": spec.current,
                "targetVersion": spec.target,
                "targetVersionWeight": shift.share / 100,
            },
        },
    }
