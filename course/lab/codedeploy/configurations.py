"""Deployment configurations: the predefined ones and one's own. moto has none.

https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeploymentConfig.html
"""

from __future__ import annotations

import re
from math import ceil
from typing import Any

from moto.moto_api._internal import mock_random

from course.data import figures, value
from course.serverless.traffic_shifting import TrafficShift

from ..gate import Call, Refused, answers
from ..iam.context import now

PREFIX = "CodeDeployDefault."
PLATFORMS = ("Server", "Lambda", "ECS")
NAME = re.compile(rf"[A-Za-z0-9+=,.@_\-]{{1,{value('codedeploy.limits.name')}}}")
_BLOCKS = {
    "TimeBasedCanary": ("timeBasedCanary", "canaryPercentage", "canaryInterval"),
    "TimeBasedLinear": ("timeBasedLinear", "linearPercentage", "linearInterval"),
}


def configurations(call: Call) -> dict[str, dict[str, Any]]:
    """All configurations of the account in this Region by name, as DeploymentConfigInfo."""
    return {**_predefined(), **call.backend.__dict__.setdefault("deployment_configs", {})}


def configuration(call: Call, name: str) -> dict[str, Any]:
    """One of them; Refused(DeploymentConfigDoesNotExistException) if there is none."""
    found = configurations(call).get(name)
    if found is None:
        raise Refused("DeploymentConfigDoesNotExistException", f"No deployment configuration found for name: {name}")
    return found


def shift_of(info: dict[str, Any]) -> TrafficShift:
    """How a configuration moves traffic."""
    routing = info["trafficRoutingConfig"]
    if routing["type"] == "AllAtOnce":
        return TrafficShift("AllAtOnce")
    block, percentage, interval = _BLOCKS[routing["type"]]
    return TrafficShift(routing["type"], routing[block][percentage], routing[block][interval])


def _predefined() -> dict[str, dict[str, Any]]:
    found = {}
    for name, one in figures("codedeploy.server").items():
        kind, number = one.value
        healthy = {"type": kind, "value": number}
        found[PREFIX + name] = {"computePlatform": "Server", "minimumHealthyHosts": healthy}
    for name, one in figures("codedeploy.traffic").items():
        kind, percent, minutes = one.value
        routing: dict[str, Any] = {"type": kind}
        if kind in _BLOCKS:
            block, percentage, interval = _BLOCKS[kind]
            routing[block] = {percentage: percent, interval: minutes}
        platform = "Lambda" if name.startswith("Lambda") else "ECS"
        found[PREFIX + name] = {"computePlatform": platform, "trafficRoutingConfig": routing}
    return {name: {"deploymentConfigName": name, **one} for name, one in found.items()}


@answers("codedeploy", "ListDeploymentConfigs")
def list_deployment_configs(call: Call) -> dict:
    """The names."""
    return {"deploymentConfigsList": list(configurations(call))}


@answers("codedeploy", "GetDeploymentConfig")
def get_deployment_config(call: Call) -> dict:
    """One configuration."""
    return {"deploymentConfigInfo": configuration(call, call.params["deploymentConfigName"])}


@answers("codedeploy", "CreateDeploymentConfig")
def create_deployment_config(call: Call) -> dict:
    """A configuration of one's own, for one compute platform."""
    params = call.params
    name, platform = params["deploymentConfigName"], params.get("computePlatform", "Server")
    if not NAME.fullmatch(name):
        raise Refused("InvalidDeploymentConfigNameException", f"Deployment configuration name is invalid: {name}")
    if name.startswith(PREFIX):
        raise Refused(
            "InvalidDeploymentConfigNameException",
            f"The prefix {PREFIX} is reserved for predefined configuration names",
        )
    if name in configurations(call):
        raise Refused("DeploymentConfigAlreadyExistsException", f"Deployment configuration already exists: {name}")
    require_platform(platform)
    if platform == "Server":
        _require_hosts(params)
    else:
        _require_traffic(params, platform)
    info = {
        "deploymentConfigId": str(mock_random.uuid4()),
        "deploymentConfigName": name,
        "createTime": now(),
        "computePlatform": platform,
    }
    for field in ("minimumHealthyHosts", "trafficRoutingConfig", "zonalConfig"):
        if field in params:
            info[field] = params[field]
    call.backend.__dict__.setdefault("deployment_configs", {})[name] = info
    return {"deploymentConfigId": info["deploymentConfigId"]}


def require_platform(platform: str) -> None:
    """Raise Refused for a compute platform that CodeDeploy does not have."""
    if platform not in PLATFORMS:
        raise Refused(
            "InvalidComputePlatformException",
            f"ComputePlatform '{platform}' is not valid. Valid values are [{', '.join(PLATFORMS)}]",
        )


def _require_hosts(params: dict[str, Any]) -> None:
    if params.get("trafficRoutingConfig"):
        raise Refused(
            "InvalidTrafficRoutingConfigurationException",
            "Traffic routing configuration should be null for Server deployment configuration",
        )
    hosts = params.get("minimumHealthyHosts")
    if not hosts:
        raise _hosts("minimum healthy hosts argument is missing")
    if hosts.get("type") not in ("HOST_COUNT", "FLEET_PERCENT"):
        raise _hosts(f"minimum healthy hosts type '{hosts.get('type')}' must be HOST_COUNT or FLEET_PERCENT")
    if hosts.get("value", 0) < 0 or (hosts["type"] == "FLEET_PERCENT" and hosts["value"] > 100):
        raise _hosts(f"minimum healthy hosts value {hosts['value']} is invalid for type {hosts['type']}")


def _hosts(what: str) -> Refused:
    return Refused("InvalidMinimumHealthyHostValueException", what)


def _require_traffic(params: dict[str, Any], platform: str) -> None:
    if params.get("minimumHealthyHosts"):
        raise _hosts(f"minimum healthy hosts should be null for {platform} deployment configuration")
    routing = params.get("trafficRoutingConfig")
    if not routing:
        raise _traffic(
            "Traffic routing configuration cannot be null nor empty for deployment configurations on this platform."
        )
    kind = routing.get("type")
    if kind not in ("AllAtOnce", *_BLOCKS):
        raise _traffic(f"Traffic routing type '{kind}' must be one of AllAtOnce, TimeBasedCanary, TimeBasedLinear")
    for other, (block, percentage, interval) in _BLOCKS.items():
        if (other == kind) != bool(routing.get(block)):
            raise _traffic(f"{other}Configuration should {'not ' if other == kind else ''}be null for {kind} type")
        if other == kind:
            _require_steps(kind, routing[block].get(percentage, 0), routing[block].get(interval, 0))


def _require_steps(kind: str, percent: int, minutes: int) -> None:
    least, most = value("codedeploy.limits.percentage")
    if not least <= percent <= most:
        raise _traffic(f"Valid traffic routing percentage is from {least} to {most}")
    least, most = value("codedeploy.limits.shift")
    if kind == "TimeBasedCanary" and not least <= minutes <= most:
        raise _traffic(f"Canary interval must be between {least} and {most} minutes (2 days)")
    # The first step is at once, so there is an interval less than steps.
    if kind == "TimeBasedLinear" and not (least <= minutes and minutes * (ceil(100 / percent) - 1) <= most):
        raise _traffic(f"Total Traffic shifting intervals must be positive integers up to {most} minutes (2 days)")


def _traffic(what: str) -> Refused:
    return Refused("InvalidTrafficRoutingConfigurationException", what)


@answers("codedeploy", "DeleteDeploymentConfig")
def delete_deployment_config(call: Call) -> dict:
    """One's own, unless a deployment group uses it."""
    name = call.params["deploymentConfigName"]
    if name.startswith(PREFIX):
        raise Refused("InvalidOperationException", f"Cannot delete predefined deployment configuration: {name}")
    groups = (group for one in call.backend.deployment_groups.values() for group in one.values())
    if any(group.deployment_config_name == name for group in groups):
        raise Refused("DeploymentConfigInUseException", f"Deployment configuration is in use: {name}")
    call.backend.__dict__.get("deployment_configs", {}).pop(name, None)
    return {}
