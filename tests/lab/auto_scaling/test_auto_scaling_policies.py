"""Scaling policies."""

import pytest

from course.lab.auto_scaling.policies import adjusted, step_for


@pytest.fixture
def web(asg):
    asg("web", MinSize=1, MaxSize=4, DesiredCapacity=2)
    return {"AutoScalingGroupName": "web", "PolicyName": "p"}


def steps(*spans):
    made = []
    for lower, upper in spans:
        one = {"ScalingAdjustment": 1}
        if lower is not None:
            one["MetricIntervalLowerBound"] = lower
        if upper is not None:
            one["MetricIntervalUpperBound"] = upper
        made.append(one)
    return {"PolicyType": "StepScaling", "AdjustmentType": "ChangeInCapacity", "StepAdjustments": made}


def tracking(metric="ASGAverageCPUUtilization", target=50.0, **more):
    config = {"TargetValue": target, "PredefinedMetricSpecification": {"PredefinedMetricType": metric, **more}}
    return {"PolicyType": "TargetTrackingScaling", "TargetTrackingConfiguration": config}


SIMPLE = {"AdjustmentType": "ChangeInCapacity", "ScalingAdjustment": 1}


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({**SIMPLE, "PolicyType": "Simple"}, "Simple"),
        ({"AdjustmentType": "ChangeInCapacity"}, "ScalingAdjustment"),
        ({**SIMPLE, "AdjustmentType": "Double"}, "Double"),
        ({**SIMPLE, "MinAdjustmentMagnitude": 2}, "PercentChangeInCapacity"),
        ({**SIMPLE, "AdjustmentType": "ExactCapacity", "ScalingAdjustment": -1}, "negative"),
        ({**steps((0, None)), "Cooldown": 60}, "Cooldown"),
        ({"PolicyType": "StepScaling", "AdjustmentType": "ChangeInCapacity"}, "StepAdjustments"),
        (steps((0, 20), (10, None)), "overlap"),
        (steps((0, 10), (20, None)), "gaps"),
        (steps((0, 10)), "unspecified upper bound"),
        (steps((-10, 0)), "unspecified lower bound"),
        (steps((None, None)), "Both lower and upper"),
        (steps((10, 10), (10, None)), "less than"),
        (steps((0, None), (10, None)), "overlap"),
        (steps(*((n, n + 1) for n in range(20)), (20, None)), "at most 20"),
        ({"PolicyType": "TargetTrackingScaling"}, "TargetTrackingConfiguration"),
        (tracking("CPUUtilization"), "CPUUtilization"),
        (tracking(target=0), "greater than 0"),
        ({**tracking(), "AdjustmentType": "ChangeInCapacity"}, "AdjustmentType"),
        (tracking("ALBRequestCountPerTarget"), "ResourceLabel must"),
        (tracking("ALBRequestCountPerTarget", ResourceLabel="web"), "form"),
        (tracking(ResourceLabel="app/a/1/targetgroup/b/2"), "not supported"),
        ({"PolicyType": "TargetTrackingScaling", "TargetTrackingConfiguration": {"TargetValue": 1.0}}, "Exactly one"),
    ],
)
def test_policies_that_are_refused(scaling, web, refused, policy, words):
    """Has each type what it needs and nothing else?"""
    refused(scaling.put_scaling_policy, "ValidationError", words, **web, **policy)


@pytest.mark.parametrize(
    "policy",
    [
        SIMPLE,
        {"AdjustmentType": "PercentChangeInCapacity", "ScalingAdjustment": 50, "MinAdjustmentMagnitude": 2},
        steps((0, 10), (10, None)),
        steps((None, -10), (-10, 0), (0, 10), (10, None)),
        steps((10, None), (0, 10)),
        tracking(),
        tracking("ASGAverageNetworkOut", target=1e6),
    ],
)
def test_policies_that_are_legal(scaling, web, policy):
    """Are the neighbours of what is refused accepted?"""
    scaling.put_scaling_policy(**web, **policy)
    (shown,) = scaling.describe_policies(AutoScalingGroupName="web")["ScalingPolicies"]
    assert shown["PolicyType"] == policy.get("PolicyType", "SimpleScaling")


def test_requests_are_counted_at_the_groups_own_alb(scaling, asg, balancer, listener, target_group, refused):
    """Must the load balancer and target group of the label belong to the group?"""
    alb, arn, other = balancer(), target_group(), target_group("other")
    listener(alb, arn), listener(alb, other, Port=81)
    asg("web", TargetGroupARNs=[arn])
    label = lambda group: f"{alb.split('loadbalancer/')[1]}/{group.split(':')[-1]}"
    policy = lambda group: tracking("ALBRequestCountPerTarget", target=100.0, ResourceLabel=label(group))
    web = {"AutoScalingGroupName": "web", "PolicyName": "p"}
    refused(scaling.put_scaling_policy, "ValidationError", "attached", **web, **policy(other))
    scaling.put_scaling_policy(**web, **policy(arn))


def test_a_group_that_is_not_there(scaling, refused):
    """Is a policy for no group refused?"""
    refused(scaling.put_scaling_policy, "ValidationError", "no", AutoScalingGroupName="no", PolicyName="p", **SIMPLE)


def test_a_policy_stays_within_the_limits(scaling, asg, web, refused):
    """Does an executed policy stop at max and min, where SetDesiredCapacity would be refused?"""
    refused(scaling.execute_policy, "ValidationError", "nobody", PolicyName="nobody")
    for adjustment, size in ((1, 3), (5, 4), (-9, 1)):
        scaling.put_scaling_policy(**web, **{**SIMPLE, "ScalingAdjustment": adjustment})
        scaling.execute_policy(AutoScalingGroupName="web", PolicyName="p")
        assert len(asg.ids("web")) == asg.shown("web")["DesiredCapacity"] == size


def test_a_step_policy_needs_the_metric(scaling, asg, web, refused):
    """Does the breach choose the step?"""
    policy = steps((0, 10), (10, None))
    policy["StepAdjustments"][1]["ScalingAdjustment"] = 2
    scaling.put_scaling_policy(**web, **policy)
    run = {"AutoScalingGroupName": "web", "PolicyName": "p"}
    refused(scaling.execute_policy, "ValidationError", "MetricValue", **run)
    scaling.execute_policy(MetricValue=75.0, BreachThreshold=60.0, **run)
    assert len(asg.ids("web")) == 4
    scaling.put_scaling_policy(**web, **tracking())
    refused(scaling.execute_policy, "ValidationError", "TargetTrackingScaling", **run)


@pytest.mark.parametrize(
    ("capacity", "percent", "least", "size"),
    [(10, 25, 0, 12), (3, 10, 0, 4), (3, -10, 0, 2), (10, -67, 0, 4), (4, 25, 2, 6), (4, 0, 2, 4)],
)
def test_percentages_are_rounded_as_aws_rounds_them(capacity, percent, least, size):
    """Are parts of an instance dropped, but for the first one, and the least change kept?"""
    assert adjusted(capacity, "PercentChangeInCapacity", percent, least) == size


def test_bounds_of_steps():
    """Does a bound belong to the step away from the threshold?"""
    up = [
        {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 10, "ScalingAdjustment": 1},
        {"MetricIntervalLowerBound": 10, "ScalingAdjustment": 2},
    ]
    down = [
        {"MetricIntervalLowerBound": -10, "MetricIntervalUpperBound": 0, "ScalingAdjustment": -1},
        {"MetricIntervalUpperBound": -10, "ScalingAdjustment": -2},
    ]
    assert [step_for(up, one) for one in (0, 9.9, 10, -1)] == [1, 1, 2, None]
    assert [step_for(down, one) for one in (0, -9.9, -10, 1)] == [-1, -1, -2, None]
