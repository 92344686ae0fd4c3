"""Deployment groups: a configuration of their platform, a role, alarms and roll back.

https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeploymentGroup.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.codedeploy.models import DeploymentGroup
from moto.moto_api._internal import mock_random

from course.data import value

from ..gate import Call, Refused, answers, corrects, refuses
from ..iam.service_principals import service_may_assume
from .applications import application_of
from .configurations import configuration

_DEFAULTS = {
    "Server": "CodeDeployDefault.OneAtATime",
    "Lambda": "CodeDeployDefault.LambdaAllAtOnce",
    "ECS": "CodeDeployDefault.ECSAllAtOnce",
}
ROLLBACK_EVENTS = ("DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST")
_STYLE = {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"}
_SERVER_ONLY = ("ec2TagFilters", "ec2TagSet", "onPremisesInstanceTagFilters", "onPremisesTagSet", "autoScalingGroups")
# What a request may change, and moto's names for it.
_FIELDS = {
    "deploymentConfigName": "deployment_config_name",
    "ec2TagFilters": "ec2_tag_filters",
    "onPremisesInstanceTagFilters": "on_premises_instance_tag_filters",
    "autoScalingGroups": "auto_scaling_groups",
    "serviceRoleArn": "service_role_arn",
    "triggerConfigurations": "trigger_configurations",
    "alarmConfiguration": "alarm_configuration",
    "autoRollbackConfiguration": "auto_rollback_configuration",
    "outdatedInstancesStrategy": "outdated_instances_strategy",
    "deploymentStyle": "deployment_style",
    "blueGreenDeploymentConfiguration": "blue_green_deployment_configuration",
    "loadBalancerInfo": "load_balancer_info",
    "ec2TagSet": "ec2_tag_set",
    "ecsServices": "ecs_services",
    "onPremisesTagSet": "on_premises_tag_set",
}


def group_of(call: Call, application: str | None, name: str | None) -> DeploymentGroup:
    """A deployment group; Refused if it or its application is not named or does not exist."""
    application_of(call, application)
    if not name:
        raise Refused("DeploymentGroupNameRequiredException", "Deployment Group name is missing")
    found = call.backend.deployment_groups.get(application, {}).get(name)
    if found is None:
        raise Refused("DeploymentGroupDoesNotExistException", f"No Deployment Group found for name: {name}")
    return found


def require_group(call: Call, platform: str, group: dict[str, Any]) -> None:
    """Raise Refused unless a group of this compute platform could be like this."""
    name = group.get("deploymentConfigName") or _DEFAULTS[platform]
    require_config_of(call, name, platform, "InvalidDeploymentConfigNameException")
    _require_role(call, group["serviceRoleArn"])
    style = group.get("deploymentStyle") or {}
    if platform in ("Lambda", "ECS") and {key: style.get(key) for key in _STYLE} != _STYLE:
        raise Refused(
            "InvalidDeploymentStyleException",
            f"For {platform.upper()} deployment, the deployment type must be BLUE_GREEN, and deployment option must be "
            "WITH_TRAFFIC_CONTROL.",
        )
    if platform != "Server":
        for field in _SERVER_ONLY:
            if group.get(field):
                raise Refused("InvalidInputException", f"{platform} Deployment Groups should not define {field}.")
    if platform != "ECS" and group.get("ecsServices"):
        raise Refused("InvalidInputException", f"{platform} Deployment Groups should not define ecsServices.")
    require_alarms(group.get("alarmConfiguration") or {})
    require_rollback(group.get("autoRollbackConfiguration") or {})


def require_config_of(call: Call, name: str, platform: str, code: str) -> None:
    """Raise Refused unless the configuration exists and is one of this compute platform."""
    if configuration(call, name)["computePlatform"] != platform:
        raise Refused(
            code,
            f"Compute platform of deployment config {name} does not match expected compute platform, correct compute "
            f"platform should be {platform}.",
        )


def require_alarms(given: dict[str, Any]) -> None:
    """Raise Refused for alarms that are none."""
    alarms = given.get("alarms") or []
    if given.get("enabled") and not alarms:
        raise Refused("InvalidAlarmConfigException", "Alarm configuration is enabled, but no alarm is specified.")
    most = value("codedeploy.limits.alarms")
    if len(alarms) > most:
        raise Refused("AlarmsLimitExceededException", f"A deployment group can have at most {most} alarms.")
    names = [one.get("name") for one in alarms]
    if not all(names) or len(names) != len(set(names)):
        raise Refused("InvalidAlarmConfigException", "Alarms need names, each of them once.")


def require_rollback(given: dict[str, Any]) -> None:
    """Raise Refused for automatic roll back without an event, or for an unknown one."""
    events = given.get("events") or []
    if given.get("enabled") and not events:
        raise Refused(
            "InvalidAutoRollbackConfigException",
            "Deployment Groups need to specify at least one event when automatic rollback is enabled.",
        )
    for event in events:
        if event not in ROLLBACK_EVENTS:
            raise Refused(
                "InvalidAutoRollbackConfigException",
                f"Auto rollback event '{event}' is not valid. Valid values are [{', '.join(ROLLBACK_EVENTS)}]",
            )


def _require_role(call: Call, arn: str) -> None:
    if not re.fullmatch(r"arn:aws:iam::\d{12}:role/.+", arn):
        raise Refused("InvalidRoleException", f"Role ARN is invalid: {arn}")
    roles = call.backend_of("iam", "aws").roles.values()
    role = next((one for one in roles if one.arn == arn), None)
    if role is None or not service_may_assume("codedeploy.amazonaws.com", role.assume_role_policy_document, role.arn):
        raise Refused("InvalidRoleException", "Cannot assume role provided.")


@refuses("codedeploy", "CreateDeploymentGroup")
def impossible_group(call: Call) -> None:
    """A free name, and what the compute platform takes."""
    name, application = call.params["deploymentGroupName"], call.params["applicationName"]
    if name in call.backend.deployment_groups.get(application, {}):
        raise Refused("DeploymentGroupAlreadyExistsException", f"Deployment group already exists: {name}")
    require_group(call, application_of(call, application).compute_platform, call.params)


@corrects("codedeploy", "CreateDeploymentGroup")
def with_defaults(call: Call, result: dict[str, Any]) -> dict:
    """The configuration of the platform unless another is named, and an id that repeats."""
    application = application_of(call, call.params["applicationName"])
    group = group_of(call, application.application_name, call.params["deploymentGroupName"])
    group.deployment_config_name = call.params.get("deploymentConfigName") or _DEFAULTS[application.compute_platform]
    group.deployment_group_id = str(mock_random.uuid4())
    return {"deploymentGroupId": group.deployment_group_id}


@answers("codedeploy", "UpdateDeploymentGroup")
def update_deployment_group(call: Call) -> dict:
    """What is left out stays; moto has no such operation."""
    params = call.params
    application = application_of(call, params.get("applicationName"))
    groups = call.backend.deployment_groups
    group = group_of(call, application.application_name, params.get("currentDeploymentGroupName"))
    present = {field: getattr(group, attribute) for field, attribute in _FIELDS.items()}
    require_group(call, application.compute_platform, {**present, **params})
    name = params.get("newDeploymentGroupName", group.deployment_group_name)
    if name != group.deployment_group_name:
        if name in groups[application.application_name]:
            raise Refused("DeploymentGroupAlreadyExistsException", f"Deployment group already exists: {name}")
        groups[application.application_name][name] = groups[application.application_name].pop(
            group.deployment_group_name
        )
        group.deployment_group_name = name
    for field, attribute in _FIELDS.items():
        if field in params:
            setattr(group, attribute, params[field])
    return {"hooksNotCleanedUp": []}


@answers("codedeploy", "DeleteDeploymentGroup")
def delete_deployment_group(call: Call) -> dict:
    """A group that is not there is gone already."""
    call.backend.deployment_groups.get(call.params["applicationName"], {}).pop(call.params["deploymentGroupName"], None)
    return {"hooksNotCleanedUp": []}


@refuses("codedeploy", "GetDeploymentGroup")
def unknown_group(call: Call) -> None:
    """What is asked for exists, in AWS's words."""
    group_of(call, call.params.get("applicationName"), call.params.get("deploymentGroupName"))


@corrects("codedeploy", "GetDeploymentGroup")
def with_alarms(call: Call, result: dict[str, Any]) -> None:
    """moto leaves alarms out."""
    group = group_of(call, call.params["applicationName"], call.params["deploymentGroupName"])
    result["deploymentGroupInfo"]["alarmConfiguration"] = group.alarm_configuration or {}
