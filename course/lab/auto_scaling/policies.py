"""Scaling policies: simple, step and target tracking; a policy never leaves the group's limits.

https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html
"""

from __future__ import annotations

import math
import re
from typing import Any

from course.data import value

from ..gate import Call, Refused, answers, refuses
from .groups import group_of

_BELONGS_TO = {
    "ScalingAdjustment": ("SimpleScaling",),
    "Cooldown": ("SimpleScaling",),
    "AdjustmentType": ("SimpleScaling", "StepScaling"),
    "MinAdjustmentMagnitude": ("SimpleScaling", "StepScaling"),
    "StepAdjustments": ("StepScaling",),
    "MetricAggregationType": ("StepScaling",),
    "EstimatedInstanceWarmup": ("StepScaling", "TargetTrackingScaling"),
    "TargetTrackingConfiguration": ("TargetTrackingScaling",),
    "PredictiveScalingConfiguration": ("PredictiveScaling",),
}
_NEEDED = {
    "SimpleScaling": ("AdjustmentType", "ScalingAdjustment"),
    "StepScaling": ("AdjustmentType", "StepAdjustments"),
    "TargetTrackingScaling": ("TargetTrackingConfiguration",),
    "PredictiveScaling": ("PredictiveScalingConfiguration",),
}


@refuses("autoscaling", "PutScalingPolicy")
def impossible_policy(call: Call) -> None:
    """What belongs to the policy's type is there and nothing else is; steps meet; metrics exist."""
    group, params = group_of(call), call.params
    kind, kinds = params.get("PolicyType", "SimpleScaling"), value("auto_scaling.policies.types")
    if kind not in kinds:
        raise Refused("ValidationError", f"Unsupported policy type: '{kind}'; there are: {', '.join(kinds)}")
    for name, owners in _BELONGS_TO.items():
        if params.get(name) is not None and kind not in owners:
            raise Refused("ValidationError", f"{name} is not supported for policy type {kind}")
    for name in _NEEDED[kind]:
        if params.get(name) in (None, []):
            raise Refused("ValidationError", f"{name} must be specified for policy type {kind}")
    adjustment, known = params.get("AdjustmentType"), value("auto_scaling.policies.adjustment_types")
    if adjustment is not None and adjustment not in known:
        raise Refused("ValidationError", f"Unsupported adjustment type: '{adjustment}'; there are: {', '.join(known)}")
    if params.get("MinAdjustmentMagnitude") is not None and adjustment != "PercentChangeInCapacity":
        raise Refused("ValidationError", "MinAdjustmentMagnitude is supported for PercentChangeInCapacity only")
    if kind == "SimpleScaling" and adjustment == "ExactCapacity" and params["ScalingAdjustment"] < 0:
        raise Refused("ValidationError", "The ScalingAdjustment of ExactCapacity must not be negative")
    if kind == "StepScaling":
        require_steps(params["StepAdjustments"])
    if kind == "TargetTrackingScaling":
        require_target_tracking(call, group, params["TargetTrackingConfiguration"])


def require_steps(steps: list[dict[str, Any]]) -> None:
    """Raise Refused unless the steps cover one stretch of the metric without overlap or gap, open where AWS asks for it."""
    most = value("auto_scaling.policies.steps")
    if len(steps) > most:
        raise Refused(
            "ValidationError",
            f"There can be at most {most} step adjustments per scaling policy; {len(steps)} were given",
        )
    lower, upper = "MetricIntervalLowerBound", "MetricIntervalUpperBound"
    spans = []
    for one in steps:
        if one.get(lower) is None and one.get(upper) is None:
            raise Refused(
                "ValidationError", "Both lower and upper bounds of a step adjustment cannot be left unspecified"
            )
        span = (one.get(lower, -math.inf), one.get(upper, math.inf))
        if span[0] >= span[1]:
            raise Refused(
                "ValidationError",
                f"The lower bound {span[0]} of a step adjustment must be less than its upper bound {span[1]}",
            )
        spans.append(span)
    spans.sort()
    for (_, end), (start, _) in zip(spans, spans[1:]):
        if start < end:
            raise Refused(
                "ValidationError",
                f"StepAdjustment intervals can't overlap: one ends at {end}, another starts at {start}",
            )
        if start > end:
            raise Refused(
                "ValidationError",
                f"StepAdjustment intervals can't have gaps between them: none covers {end} to {start}",
            )
    if -math.inf < spans[0][0] < 0:
        raise Refused(
            "ValidationError",
            "There must be a StepAdjustment with an unspecified lower bound (i.e., lower bound is null) when one "
            "StepAdjustment has a negative lower bound",
        )
    if 0 < spans[-1][1] < math.inf:
        raise Refused(
            "ValidationError",
            "There must be a StepAdjustment with an unspecified upper bound (i.e., upper bound is null) when one "
            "StepAdjustment has a positive upper bound",
        )


def require_target_tracking(call: Call, group: Any, config: dict[str, Any]) -> None:
    """Raise Refused unless the configuration has one metric that exists, and requests are counted at the group's ALB."""
    predefined, custom = config.get("PredefinedMetricSpecification"), config.get("CustomizedMetricSpecification")
    if bool(predefined) == bool(custom):
        raise Refused(
            "ValidationError",
            "Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified",
        )
    if config["TargetValue"] <= 0:
        raise Refused("ValidationError", f"The target value {config['TargetValue']} must be greater than 0")
    if not predefined:
        return
    metric, known = predefined["PredefinedMetricType"], value("auto_scaling.policies.target_tracking_metrics")
    if metric not in known:
        raise Refused(
            "ValidationError",
            f"1 validation error detected: Value '{metric}' at 'targetTrackingConfiguration."
            "predefinedMetricSpecification.predefinedMetricType' failed to satisfy constraint: "
            f"Member must satisfy enum value set: [{', '.join(known)}]",
        )
    label = predefined.get("ResourceLabel")
    if metric != "ALBRequestCountPerTarget":
        if label:
            raise Refused("ValidationError", f"ResourceLabel is not supported for the metric {metric}")
        return
    if not label:
        raise Refused("ValidationError", f"ResourceLabel must be specified for the metric {metric}")
    fits = re.fullmatch(r"(app/[^/]+/[0-9a-f]+)/(targetgroup/[^/]+/[0-9a-f]+)", label)
    if not fits:
        raise Refused(
            "ValidationError",
            f"The ResourceLabel '{label}' must have the form app/<name>/<id>/targetgroup/<name>/<id>",
        )
    attached = [arn for arn in group.target_group_arns if arn.endswith(f":{fits[2]}")]
    groups = call.backend_of("elbv2").target_groups
    if not any(one.endswith(fits[1]) for arn in attached if arn in groups for one in groups[arn].load_balancer_arns):
        raise Refused(
            "ValidationError",
            f"The load balancer and target group of '{label}' must be attached to the Auto Scaling group '{group.name}'",
        )


@refuses("autoscaling", "ExecutePolicy")
def no_such_policy(call: Call) -> None:
    """A policy that exists; step policies need the metric's value, target tracking cannot be executed by hand."""
    name = call.params["PolicyName"]
    policy = call.backend.policies.get(name)
    if policy is None:
        raise Refused("ValidationError", f"PolicyName is not found: '{name}'")
    if policy.policy_type not in ("SimpleScaling", "StepScaling"):
        raise Refused("ValidationError", f"A policy of type {policy.policy_type} cannot be executed")
    if policy.policy_type == "StepScaling":
        for one in ("MetricValue", "BreachThreshold"):
            if call.params.get(one) is None:
                raise Refused("ValidationError", f"{one} must be specified to execute a policy of type StepScaling")


def adjusted(capacity: int, kind: str, adjustment: int, least_change: int = 0) -> int:
    """The capacity an adjustment asks for, before the group's limits; percentages are rounded as AWS rounds them.

    >>> adjusted(10, "PercentChangeInCapacity", 25), adjusted(3, "PercentChangeInCapacity", 10)
    (12, 4)
    """
    if kind == "ExactCapacity":
        return adjustment
    if kind == "ChangeInCapacity":
        return capacity + adjustment
    change = capacity * adjustment / 100
    whole = int(math.copysign(1, change)) if 0 < abs(change) < 1 else int(change)
    if whole and abs(whole) < least_change:
        whole = int(math.copysign(least_change, whole))
    return capacity + whole


@answers("autoscaling", "ExecutePolicy")
def execute(call: Call) -> dict:
    """Within the group's limits; moto leaves them, and does nothing for step policies."""
    policy = call.backend.policies[call.params["PolicyName"]]
    group = call.backend.autoscaling_groups[policy.auto_scaling_group_name]
    adjustment = policy.scaling_adjustment
    if policy.policy_type == "StepScaling":
        breach = call.params["MetricValue"] - call.params["BreachThreshold"]
        adjustment = step_for(policy.step_adjustments, breach)
    if adjustment is not None:
        least_change = int(policy.min_adjustment_magnitude or 0)
        asked = adjusted(group.desired_capacity, policy.adjustment_type, int(adjustment), least_change)
        call.backend.set_desired_capacity(group.name, min(max(asked, group.min_size), group.max_size))
    return {}


def step_for(steps: list[dict[str, Any]], breach: float) -> int | None:
    """The adjustment of the step a breach falls into; None where no step covers it.

    Above the threshold a step has its lower bound and not its upper one, below the threshold it is the other way round.
    """
    for one in steps:
        lower = float(one.get("MetricIntervalLowerBound", -math.inf))
        upper = float(one.get("MetricIntervalUpperBound", math.inf))
        if lower <= breach < upper if breach >= 0 and lower >= 0 else lower < breach <= upper:
            return int(one["ScalingAdjustment"])
    return None
