"""Lambda deployments: an alias moves from one version to the next while the account's time goes by.

Whoever looks at an alias, invokes it or asks for a deployment sees where it stands now (`lab.context(time=...)`).

https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-lambda.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from moto.awslambda.models import LambdaStorage
from moto.codedeploy.models import DeploymentInfo
from moto.moto_api._internal import mock_random

from course.data import value
from course.serverless.appspecs import HOOKS, LambdaAppSpec
from course.serverless.traffic_shifting import TrafficShift

from ..gate import Call, Refused, answers, replaces
from ..iam.context import now
from .configurations import configuration, shift_of


@dataclass
class Shift:
    """The state of a Lambda deployment; `since` is when traffic began to move, None before and without a first check."""

    spec: LambdaAppSpec
    traffic: TrafficShift
    since: datetime | None = None
    share: int = 0
    # Lifecycle event -> its execution id, when it began, and what it reported.
    hooks: dict[str, list[Any]] = field(default_factory=dict)


def begin(call: Call, deployment: DeploymentInfo, spec: LambdaAppSpec) -> None:
    """Check the function, run the first hook, and begin to move traffic."""
    shift = Shift(spec, shift_of(configuration(call, str(deployment.deployment_config_name))))
    deployment.__dict__["shift"] = shift
    deployment.status, deployment.start_time = "InProgress", now().replace(tzinfo=None)
    wrong = _wrong(call, spec)
    if wrong:
        return finish(call, deployment, "Failed", wrong, roll_back=False)
    if HOOKS[0] in spec.hooks:
        _start_hook(call, deployment, HOOKS[0])
    else:
        shift.since = now()
    _advance(call, deployment)


def advance(call: Call) -> None:
    """Bring every Lambda deployment of the Region to where it stands now."""
    for deployment in list(call.backend_of("codedeploy").deployments.values()):
        if "shift" in deployment.__dict__ and deployment.status == "InProgress":
            _advance(call, deployment)


def finish(
    call: Call, deployment: DeploymentInfo, status: str, error: dict[str, str] | None = None, *, roll_back: bool
) -> None:
    """End a deployment, and let its alias point to the former version again if that is wanted."""
    deployment.status, deployment.complete_time = status, now().replace(tzinfo=None)
    deployment.__dict__["error"] = error
    shift = deployment.__dict__.get("shift")
    if shift and roll_back:
        _point(call, shift, 0)
        from .deployments import new_deployment

        back = new_deployment(
            call,
            deployment.deployment_group,
            deployment.revision,
            str(deployment.deployment_config_name),
            {},
            "codeDeployRollback",
        )
        back.status, back.start_time, back.complete_time = "Succeeded", back.create_time, back.create_time
        back.__dict__["rollback"] = {"rollbackTriggeringDeploymentId": deployment.deployment_id}
        deployment.__dict__["rollback"] = {"rollbackDeploymentId": back.deployment_id}


def _advance(call: Call, deployment: DeploymentInfo) -> None:
    shift: Shift = deployment.__dict__["shift"]
    alarm = _ringing(call, deployment)
    if alarm:
        error = {"code": "ALARM_ACTIVE", "message": f"One or more alarms have been activated: {alarm}"}
        return finish(call, deployment, "Stopped", error, roll_back=_rolls_back(deployment, "DEPLOYMENT_STOP_ON_ALARM"))
    for name, (_, started, reported) in shift.hooks.items():
        late = now() - started >= timedelta(minutes=value("codedeploy.limits.hook"))
        if reported == "Failed" or (reported is None and late):
            message = f"The lifecycle event hook {name} {'failed' if reported else 'did not report in time'}."
            error = {"code": "HOOK_EXECUTION_FAILURE", "message": message}
            return finish(call, deployment, "Failed", error, roll_back=_rolls_back(deployment, "DEPLOYMENT_FAILURE"))
        if reported is None:
            return None
    if shift.since is None:
        shift.since = now()
    _point(call, shift, shift.traffic.share((now() - shift.since).total_seconds() / 60))
    if shift.share < 100:
        return None
    if HOOKS[1] in shift.spec.hooks and HOOKS[1] not in shift.hooks:
        _start_hook(call, deployment, HOOKS[1])
        return _advance(call, deployment)
    return finish(call, deployment, "Succeeded", roll_back=False)


def _point(call: Call, shift: Shift, share: int) -> None:
    """Let the alias send this share to the new version; moto's state, which Lambda reads."""
    alias = _alias(call, shift.spec)
    shift.share = share
    if alias is None:
        return
    alias.function_version = shift.spec.target if share == 100 else shift.spec.current
    alias.routing_config = {"AdditionalVersionWeights": {shift.spec.target: share / 100}} if 0 < share < 100 else {}


def _alias(call: Call, spec: LambdaAppSpec) -> Any:
    storage = call.backend_of("lambda")._lambdas
    arn = f"arn:aws:lambda:{call.region}:{call.account_id}:function:{spec.function}"
    return storage._aliases.get(arn, {}).get(spec.alias)


def _wrong(call: Call, spec: LambdaAppSpec) -> dict[str, str] | None:
    storage = call.backend_of("lambda")._lambdas
    if spec.function not in storage._functions:
        return {"code": "INVALID_LAMBDA_FUNCTION", "message": f"The Lambda function {spec.function} does not exist."}
    alias = _alias(call, spec)
    if alias is None:
        return _invalid(f"The alias {spec.alias} of the function {spec.function} does not exist.")
    for version in (spec.current, spec.target):
        if not version.isdigit() or storage._get_version(spec.function, version) is None:
            return _invalid(f"The version {version} of the function {spec.function} does not exist.")
    if alias.function_version != spec.current or (alias.routing_config or {}).get("AdditionalVersionWeights"):
        return _invalid(f"The alias {spec.alias} does not point to the CurrentVersion {spec.current}.")
    if spec.current == spec.target:
        return _invalid("CurrentVersion and TargetVersion are the same.")
    for function in spec.hooks.values():
        if function.rpartition("function:")[2].partition(":")[0] not in storage._functions:
            return {"code": "HOOK_EXECUTION_FAILURE", "message": f"The hook function {function} does not exist."}
    return None


def _invalid(message: str) -> dict[str, str]:
    return {"code": "INVALID_LAMBDA_CONFIGURATION", "message": message}


def _ringing(call: Call, deployment: DeploymentInfo) -> str:
    """The alarms of the deployment that are in ALARM."""
    given = deployment.override_alarm_configuration or deployment.deployment_group.alarm_configuration or {}
    if not given.get("enabled"):
        return ""
    alarms = call.backend_of("cloudwatch").alarms
    names = [one["name"] for one in given.get("alarms", [])]
    return ", ".join(one for one in names if getattr(alarms.get(one), "state_value", "") == "ALARM")


def _rolls_back(deployment: DeploymentInfo, event: str) -> bool:
    given = deployment.auto_rollback_configuration or {}
    return bool(given.get("enabled")) and event in given.get("events", [])


def _start_hook(call: Call, deployment: DeploymentInfo, name: str) -> None:
    shift: Shift = deployment.__dict__["shift"]
    execution = str(mock_random.uuid4())
    shift.hooks[name] = [execution, now(), None]
    event = {"DeploymentId": deployment.deployment_id, "LifecycleEventHookExecutionId": execution}
    function = shift.spec.hooks[name].rpartition("function:")[2]
    call.backend_of("lambda").invoke(function, None, json.dumps(event), {}, {})


@answers("codedeploy", "PutLifecycleEventHookExecutionStatus")
def put_lifecycle_event_hook_execution_status(call: Call) -> dict:
    """What a hook function reports: Succeeded or Failed."""
    params = call.params
    deployment = call.backend.deployments.get(params.get("deploymentId"))
    if deployment is None:
        raise Refused(
            "DeploymentDoesNotExistException", f"The deployment {params.get('deploymentId')} could not be found"
        )
    shift = deployment.__dict__.get("shift")
    hooks = shift.hooks.values() if shift else ()
    hook = next((one for one in hooks if one[0] == params.get("lifecycleEventHookExecutionId")), None)
    if hook is None:
        raise Refused(
            "InvalidLifecycleEventHookExecutionIdException",
            "A lifecycle event hook is invalid: its execution id is unknown.",
        )
    if params.get("status") not in ("Succeeded", "Failed"):
        raise Refused(
            "InvalidLifecycleEventHookExecutionStatusException",
            f"The status '{params.get('status')}' is invalid. Valid values are [Succeeded, Failed]",
        )
    if hook[2] is not None:
        raise Refused(
            "LifecycleEventAlreadyCompletedException", "An attempt to return the status of an already completed event."
        )
    hook[2] = params["status"]
    return {"lifecycleEventHookExecutionId": hook[0]}


@replaces(LambdaStorage, "_get_function_aliases")
def where_they_stand_now(original: Any, storage: LambdaStorage, function_name: str) -> Any:
    """Whoever reads an alias reads it after what its deployments have done by now."""
    call = Call("codedeploy", "", {}, storage.region_name, storage.account_id)
    from moto.codedeploy.models import codedeploy_backends

    if any(
        "shift" in one.__dict__
        for one in codedeploy_backends[storage.account_id][storage.region_name].deployments.values()
    ):
        advance(call)
    return original(storage, function_name)
