"""Where the instances of a group are, and which target groups know them."""

from collections import Counter

import pytest

from course.lab.auto_scaling.instances import zones_for


@pytest.fixture
def zones(asg):
    return lambda name="web": Counter(one["AvailabilityZone"] for one in asg.shown(name)["Instances"])


@pytest.fixture
def targets(elb):
    """The ids registered with a target group that are not draining."""

    def targets(arn):
        found = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        return {one["Target"]["Id"] for one in found if one["TargetHealth"]["State"] != "draining"}

    return targets


def test_instances_are_spread_over_the_zones(scaling, ec2, asg, zones, subnets):
    """Are the instances in as many zones as the group has subnets, and in those subnets?"""
    asg("web", MinSize=2, MaxSize=9, DesiredCapacity=4, VPCZoneIdentifier=",".join(subnets[:2]))
    assert zones() == {"us-east-1a": 2, "us-east-1b": 2}
    found = ec2.describe_instances(InstanceIds=asg.ids("web"))["Reservations"]
    assert {one["SubnetId"] for all in found for one in all["Instances"]} == set(subnets[:2])
    scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=7)
    assert sorted(zones().values()) == [3, 4]


def test_zones_alone_are_enough(asg, zones):
    """Does a group of zones use their default subnets?"""
    asg(
        "web",
        MinSize=3,
        MaxSize=3,
        VPCZoneIdentifier=None,
        AvailabilityZones=["us-east-1a", "us-east-1b", "us-east-1c"],
    )
    assert set(zones().values()) == {1} and len(zones()) == 3


def test_scaling_in_keeps_the_balance(scaling, asg, zones, subnets):
    """Does the zone with the most instances lose one first?"""
    asg("web", MinSize=0, MaxSize=9, DesiredCapacity=5, VPCZoneIdentifier=",".join(subnets[:2]))
    for size in (4, 3, 2, 1):
        scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=size)
        counts = sorted((zones() + Counter()).values())
        assert sum(counts) == size and (len(counts) == 1 or counts[1] - counts[0] <= 1)


def test_zones_for():
    """Are new instances put where the fewest are?"""
    assert zones_for(3, {"a": 2}, ["a", "b"]) == ["b", "b", "a"]
    assert zones_for(0, {}, ["a"]) == []


def test_a_terminated_instance_is_replaced_in_its_zone(ec2, asg, zones, subnets):
    """Does a group come back to its capacity and its balance?"""
    asg("web", MinSize=2, MaxSize=4, VPCZoneIdentifier=",".join(subnets[:2]))
    before = asg.ids("web")
    ec2.terminate_instances(InstanceIds=before[:1])
    assert zones() == {"us-east-1a": 1, "us-east-1b": 1}
    assert before[0] not in asg.ids("web") and before[1] in asg.ids("web")


def test_instances_of_a_group_are_targets(scaling, ec2, elb, asg, target_group, targets):
    """Are they registered, replaced and deregistered with the group's target groups?"""
    arn = target_group()
    asg("web", MinSize=0, MaxSize=4, DesiredCapacity=2, TargetGroupARNs=[arn])
    assert targets(arn) == set(asg.ids("web")) and len(targets(arn)) == 2
    ec2.terminate_instances(InstanceIds=asg.ids("web")[:1])
    assert targets(arn) == set(asg.ids("web")) and len(targets(arn)) == 2
    scaling.set_desired_capacity(AutoScalingGroupName="web", DesiredCapacity=1)
    assert targets(arn) == set(asg.ids("web")) and len(targets(arn)) == 1
    second = target_group("second")
    scaling.attach_load_balancer_target_groups(AutoScalingGroupName="web", TargetGroupARNs=[second])
    assert targets(second) == set(asg.ids("web"))
    scaling.detach_load_balancer_target_groups(AutoScalingGroupName="web", TargetGroupARNs=[second])
    assert targets(second) == set()


def test_instances_get_the_security_groups_of_the_template(ec2, asg, image):
    """Does the launch template decide who may reach the instances?"""
    group = ec2.create_security_group(GroupName="app", Description="app")["GroupId"]
    data = {"ImageId": image, "InstanceType": "t3.micro", "SecurityGroupIds": [group]}
    ec2.create_launch_template(LaunchTemplateName="app", LaunchTemplateData=data)
    asg("web", MinSize=1, MaxSize=1, LaunchTemplate={"LaunchTemplateName": "app"})
    (found,) = ec2.describe_instances(InstanceIds=asg.ids("web"))["Reservations"]
    assert [one["GroupId"] for one in found["Instances"][0]["SecurityGroups"]] == [group]
