"""The two alarms that come with a target tracking policy, and go with it.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from moto.autoscaling.models import AutoScalingBackend
from moto.cloudwatch.models import cloudwatch_backends

from ..gate import Call, corrects, replaces
from ..ids import stream

# Predefined metric -> namespace, name, statistic. Below 90 % of the target a group scales in, slowly.
_METRICS = {
    "ASGAverageCPUUtilization": ("AWS/EC2", "CPUUtilization", "Average"),
    "ASGAverageNetworkIn": ("AWS/EC2", "NetworkIn", "Average"),
    "ASGAverageNetworkOut": ("AWS/EC2", "NetworkOut", "Average"),
    "ALBRequestCountPerTarget": ("AWS/ApplicationELB", "RequestCountPerTarget", "Sum"),
}
_LOW = 0.9


@replaces(AutoScalingBackend, "put_scaling_policy")
def others_after_a_change(moto: Any, backend: AutoScalingBackend, name: str, *more: Any, **named: Any) -> Any:
    """A policy that is put again gets alarms for its new target."""
    _delete(backend, [backend.policies.get(name)])
    return moto(backend, name, *more, **named)


@corrects("autoscaling", "PutScalingPolicy")
def two_alarms(call: Call, result: Any) -> dict | None:
    """Above the target for three minutes, well below it for fifteen."""
    policy = call.backend.policies[call.params["PolicyName"]]
    config = call.params.get("TargetTrackingConfiguration")
    if not config:
        return None
    kinds = ["AlarmHigh"] if config.get("DisableScaleIn") else ["AlarmHigh", "AlarmLow"]
    policy.alarms = [_alarm(call, policy, config, kind) for kind in kinds]
    return {"PolicyARN": policy.arn, "Alarms": policy.alarms}


def _alarm(call: Call, policy: Any, config: dict[str, Any], kind: str) -> dict[str, str]:
    group = policy.auto_scaling_group_name
    custom = config.get("CustomizedMetricSpecification")
    if custom:
        namespace, metric = custom.get("Namespace"), custom.get("MetricName")
        statistic, dimensions = custom.get("Statistic", "Average"), custom.get("Dimensions", [])
    else:
        predefined = config["PredefinedMetricSpecification"]
        namespace, metric, statistic = _METRICS.get(
            predefined["PredefinedMetricType"], _METRICS["ASGAverageCPUUtilization"]
        )
        dimensions = [{"Name": "AutoScalingGroupName", "Value": group}]
        if predefined.get("ResourceLabel"):
            target_group = predefined["ResourceLabel"].partition("/targetgroup/")[2]
            dimensions = [{"Name": "TargetGroup", "Value": f"targetgroup/{target_group}"}]
    high = kind == "AlarmHigh"
    name = f"TargetTracking-{group}-{kind}-{UUID(int=stream('target tracking').getrandbits(128), version=4)}"
    made = call.backend_of("cloudwatch").put_metric_alarm(
        name=name,
        namespace=namespace,
        metric_name=metric,
        comparison_operator="GreaterThanThreshold" if high else "LessThanThreshold",
        evaluation_periods=3 if high else 15,
        period=60,
        threshold=float(config["TargetValue"]) * (1 if high else _LOW),
        statistic=statistic,
        description=f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {policy.arn}.",
        dimensions=dimensions,
        alarm_actions=[policy.arn],
    )
    return {"AlarmName": name, "AlarmARN": made.alarm_arn}


@replaces(AutoScalingBackend, "delete_policy")
def gone_with_their_policy(moto: Any, backend: AutoScalingBackend, policy_name: str) -> None:
    """The alarms are deleted with the policy."""
    _delete(backend, [backend.policies.get(policy_name)])
    moto(backend, policy_name)


@replaces(AutoScalingBackend, "delete_auto_scaling_group")
def gone_with_their_group(moto: Any, backend: AutoScalingBackend, group_name: str) -> None:
    """And with the group."""
    moto(backend, group_name)
    _delete(backend, [one for one in backend.policies.values() if one.auto_scaling_group_name == group_name])


def _delete(backend: AutoScalingBackend, policies: list[Any]) -> None:
    held = cloudwatch_backends[backend.account_id][backend.region_name].alarms
    for policy in policies:
        for alarm in getattr(policy, "alarms", []):
            held.pop(alarm["AlarmName"], None)
