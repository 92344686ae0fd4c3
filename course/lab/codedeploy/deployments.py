"""Deployments: what AWS refuses of them, and how they are stopped.

A Lambda deployment shifts its alias as the account's time goes by (`shifting`). Deployments to servers and to ECS are kept as
moto keeps them, Created: no instance here runs an agent.

https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html
"""

from __future__ import annotations

from typing import Any

from moto.codedeploy.models import DeploymentInfo

from course.serverless.appspecs import read_lambda_appspec

from .. import ids
from ..gate import Call, Refused, answers
from ..iam.context import now
from . import shifting
from .applications import application_of
from .groups import group_of, require_alarms, require_config_of, require_rollback

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
ACTIVE = ("Created", "Queued", "InProgress", "Baking", "Ready")


@answers("codedeploy", "CreateDeployment")
def create_deployment(call: Call) -> dict:
    """Begin to deploy a revision; of a function, as its AppSpec says."""
    params = call.params
    application = application_of(call, params.get("applicationName"))
    group = group_of(call, application.application_name, params.get("deploymentGroupName"))
    config = params.get("deploymentConfigName") or group.deployment_config_name
    platform = application.compute_platform
    require_config_of(call, str(config), platform, "InvalidComputePlatformException")
    require_rollback(params.get("autoRollbackConfiguration") or {})
    require_alarms(params.get("overrideAlarmConfiguration") or {})
    revision = params.get("revision")
    if not revision:
        raise Refused("RevisionRequiredException", "Revision is missing")
    spec = _appspec(call, revision) if platform == "Lambda" else None
    shifting.advance(call)
    for other in call.backend.deployments.values():
        if other.deployment_group is group and other.status in ACTIVE and platform == "Lambda":
            raise Refused(
                "DeploymentLimitExceededException",
                f"The Deployment Group '{group.deployment_group_name}' already has an active Deployment "
                f"'{other.deployment_id}'",
            )
    deployment = new_deployment(call, group, revision, str(config), params)
    if spec:
        shifting.begin(call, deployment, spec)
    return {"deploymentId": deployment.deployment_id}


def new_deployment(
    call: Call, group: Any, revision: dict, config: str, params: dict[str, Any], creator: str = "user"
) -> DeploymentInfo:
    """moto's record of a deployment, with an id as AWS writes them."""
    deployment = DeploymentInfo(
        group.application,
        group,
        revision,
        config,
        params.get("description"),
        params.get("ignoreApplicationStopFailures"),
        params.get("targetInstances"),
        params.get("autoRollbackConfiguration") or group.auto_rollback_configuration,
        params.get("updateOutdatedInstancesOnly"),
        params.get("fileExistsBehavior"),
        params.get("overrideAlarmConfiguration"),
        creator,
    )
    stream = ids.stream("codedeploy deployments")
    deployment.deployment_id = "d-" + "".join(stream.choice(_LETTERS) for _ in range(9))
    deployment.create_time = now().replace(tzinfo=None)
    call.backend.deployments[deployment.deployment_id] = deployment
    return deployment


def _appspec(call: Call, revision: dict[str, Any]) -> Any:
    """The AppSpec of a Lambda revision: given as text, or the object in S3."""
    kind = revision.get("revisionType")
    given = revision.get({"String": "string", "AppSpecContent": "appSpecContent", "S3": "s3Location"}.get(kind, ""))
    if not given:
        raise _invalid("The revision of a Lambda deployment must be of the type String, AppSpecContent or S3")
    text = _object(call, given) if kind == "S3" else given.get("content", "")
    try:
        return read_lambda_appspec(text)
    except ValueError as wrong:
        raise _invalid(str(wrong)) from None


def _object(call: Call, location: dict[str, str]) -> str:
    bucket = call.backend_of("s3", "aws").buckets.get(location.get("bucket"))
    key = bucket.keys.get(location.get("key")) if bucket else None
    if key is None:
        raise Refused(
            "RevisionDoesNotExistException",
            f"The revision s3://{location.get('bucket')}/{location.get('key')} does not exist",
        )
    return key.value.decode(errors="replace")


def _invalid(what: str) -> Refused:
    return Refused("InvalidRevisionException", f"The revision was specified in an invalid format: {what}")


def deployment_of(call: Call, identifier: str) -> DeploymentInfo:
    """A deployment as it is now; Refused(DeploymentDoesNotExistException) if there is none."""
    found = call.backend.deployments.get(identifier)
    if found is None:
        raise Refused("DeploymentDoesNotExistException", f"The deployment {identifier} could not be found")
    shifting.advance(call)
    return found


@answers("codedeploy", "StopDeployment")
def stop_deployment(call: Call) -> dict:
    """End a deployment; with roll back, its alias points to the former version again."""
    deployment = deployment_of(call, call.params["deploymentId"])
    if deployment.status not in ACTIVE:
        raise Refused(
            "DeploymentAlreadyCompletedException",
            f"The deployment {deployment.deployment_id} is already completed with the status {deployment.status}",
        )
    wanted = call.params.get("autoRollbackEnabled")
    if wanted is None:
        rollback = deployment.auto_rollback_configuration or {}
        wanted = bool(rollback.get("enabled")) and "DEPLOYMENT_STOP_ON_REQUEST" in rollback.get("events", [])
    error = {"code": "MANUAL_STOP", "message": "The deployment was stopped by a user."}
    shifting.finish(call, deployment, "Stopped", error, roll_back=wanted)
    return {"status": "Succeeded", "statusMessage": "No more work will be performed for this deployment"}
