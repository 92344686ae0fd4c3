"""Suspended processes, hooks, activities, instance refresh, and the alarms of target tracking."""

import boto3
import pytest

TRACKING = {
    "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
    "TargetValue": 50.0,
}


def running(ec2):
    found = [one for each in ec2.describe_instances()["Reservations"] for one in each["Instances"]]
    return [one["InstanceId"] for one in found if one["State"]["Name"] == "running"]


def test_suspended_processes(asg, scaling, ec2, refused):
    """Without Launch nothing starts, without Terminate nothing ends; resumed both happen."""
    asg()
    scaling.suspend_processes(AutoScalingGroupName="web", ScalingProcesses=["Launch"])
    scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=3)
    assert len(running(ec2)) == 1 and asg.shown("web")["DesiredCapacity"] == 3
    scaling.resume_processes(AutoScalingGroupName="web")
    scaling.suspend_processes(AutoScalingGroupName="web", ScalingProcesses=["Terminate"])
    scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=2)
    scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=1)
    assert len(running(ec2)) == 2
    group = {"AutoScalingGroupName": "web"}
    refused(scaling.suspend_processes, "ValidationError", "Sleep", ScalingProcesses=["Sleep"], **group)


@pytest.mark.parametrize(
    "wrong",
    [
        {"LifecycleTransition": "autoscaling:SLEEPING"},
        {"DefaultResult": "MAYBE"},
        {"HeartbeatTimeout": 29},
        {"HeartbeatTimeout": 7201},
        {"LifecycleTransition": None},
    ],
)
def test_impossible_hooks(asg, scaling, refused, wrong):
    """ValidationError; a hook that is there may be changed in part."""
    asg()
    given = {
        "AutoScalingGroupName": "web",
        "LifecycleHookName": "drain",
        "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING",
    }
    bad = {key: one for key, one in {**given, **wrong}.items() if one is not None}
    refused(scaling.put_lifecycle_hook, "ValidationError", **bad)
    scaling.put_lifecycle_hook(**given)
    scaling.put_lifecycle_hook(AutoScalingGroupName="web", LifecycleHookName="drain", HeartbeatTimeout=30)


def test_activities(asg, scaling, ec2, refused):
    """Two launches, a termination and its replacement, newest first."""
    asg(MinSize=2)
    ec2.terminate_instances(InstanceIds=[running(ec2)[0]])
    found = scaling.describe_scaling_activities(AutoScalingGroupName="web")["Activities"]
    kinds = [one["Description"].split(" ")[0] for one in found]
    assert kinds == ["Launching", "Terminating", "Launching", "Launching"]
    refused(scaling.describe_scaling_activities, "ValidationError", AutoScalingGroupName="none")


def test_an_instance_refresh(asg, scaling, ec2, refused):
    """Are all instances others, and as many?"""
    asg(MinSize=2)
    before = set(running(ec2))
    made = scaling.start_instance_refresh(AutoScalingGroupName="web")["InstanceRefreshId"]
    after = set(running(ec2))
    assert len(after) == 2 and not before & after and set(asg.ids("web")) == after
    found = scaling.describe_instance_refreshes(AutoScalingGroupName="web")["InstanceRefreshes"]
    assert [(one["InstanceRefreshId"], one["Status"]) for one in found] == [(made, "Successful")]
    refused(scaling.cancel_instance_refresh, "ActiveInstanceRefreshNotFound", AutoScalingGroupName="web")
    bad = {"Preferences": {"MinHealthyPercentage": 101}}
    refused(scaling.start_instance_refresh, "ValidationError", AutoScalingGroupName="web", **bad)


def test_alarms_of_target_tracking(asg, scaling):
    """Two come with the policy and go with it; without scale-in there is one."""
    asg()
    alarms = boto3.client("cloudwatch")
    policy = {"AutoScalingGroupName": "web", "PolicyType": "TargetTrackingScaling"}
    made = scaling.put_scaling_policy(PolicyName="cpu", TargetTrackingConfiguration=TRACKING, **policy)
    found = {one["AlarmName"]: one for one in alarms.describe_alarms()["MetricAlarms"]}
    assert set(found) == {one["AlarmName"] for one in made["Alarms"]} and len(found) == 2
    assert sorted(one["Threshold"] for one in found.values()) == [45.0, 50.0]
    assert all(one["AlarmActions"] == [made["PolicyARN"]] for one in found.values())
    shown = scaling.describe_policies(AutoScalingGroupName="web")["ScalingPolicies"][0]
    assert shown["Alarms"] == made["Alarms"]
    scaling.put_scaling_policy(
        PolicyName="cpu", TargetTrackingConfiguration={**TRACKING, "TargetValue": 80.0}, **policy
    )
    assert sorted(one["Threshold"] for one in alarms.describe_alarms()["MetricAlarms"]) == [72.0, 80.0]
    scaling.delete_policy(AutoScalingGroupName="web", PolicyName="cpu")
    assert alarms.describe_alarms()["MetricAlarms"] == []
    up = {**TRACKING, "DisableScaleIn": True}
    assert len(scaling.put_scaling_policy(PolicyName="up", TargetTrackingConfiguration=up, **policy)["Alarms"]) == 1
    scaling.delete_auto_scaling_group(AutoScalingGroupName="web", ForceDelete=True)
    assert alarms.describe_alarms()["MetricAlarms"] == []
