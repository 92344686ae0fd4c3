"""Auto Scaling groups: what they need, and their limits."""

import pytest


@pytest.fixture
def gone():
    return "lt-0123456789abcdef0"


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ({"MinSize": 3, "MaxSize": 2}, "Max bound, 2, must be greater than or equal to min bound, 3"),
        ({"MinSize": 1, "MaxSize": 4, "DesiredCapacity": 5}, "Desired capacity:5 must be between"),
        ({"MinSize": 2, "MaxSize": 4, "DesiredCapacity": 1}, "min size:2 and max size:4"),
        ({"MinSize": -1, "MaxSize": 4}, "negative"),
    ],
)
def test_sizes_are_in_order(scaling, asg, refused, sizes, words):
    """Is min <= desired <= max?"""
    refused(scaling.create_auto_scaling_group, "ValidationError", words, **asg.arguments(**sizes))


def test_the_limits_themselves(scaling, asg):
    """May all three be equal, and all be 0?"""
    asg("a", MinSize=2, MaxSize=2, DesiredCapacity=2)
    asg("b", MinSize=0, MaxSize=0)


def test_something_to_launch(scaling, ec2, asg, gone, refused):
    """Must a launch template exist, by id or name, in its version, with an image?"""
    create = scaling.create_auto_scaling_group
    no = lambda words, **more: refused(create, "ValidationError", words, **asg.arguments(**more))
    no(gone, LaunchTemplate={"LaunchTemplateId": gone})
    no("nobody", LaunchTemplate={"LaunchTemplateName": "nobody"})
    no("version, 7", LaunchTemplate={"LaunchTemplateName": "web", "Version": "7"})
    no("either", LaunchTemplate={"Version": "1"})
    ec2.create_launch_template(LaunchTemplateName="bare", LaunchTemplateData={"InstanceType": "t3.micro"})
    no("ImageId", LaunchTemplate={"LaunchTemplateName": "bare"})
    no("not found", LaunchTemplate=None, LaunchConfigurationName="old")
    no("Valid requests", LaunchTemplate=None)
    asg(LaunchTemplate={"LaunchTemplateName": "web", "Version": "$Latest"})


def test_somewhere_to_launch(scaling, asg, subnets, elsewhere_subnets, refused):
    """Must subnets and zones exist, in one VPC?"""
    create = scaling.create_auto_scaling_group
    no = lambda words, **more: refused(create, "ValidationError", words, **asg.arguments(**more))
    no("subnet-01234567", VPCZoneIdentifier=f"{subnets[0]},subnet-01234567")
    no("same VPC", VPCZoneIdentifier=f"{subnets[0]},{elsewhere_subnets[1]}")
    no("us-east-9z", VPCZoneIdentifier=None, AvailabilityZones=["us-east-9z"])
    no("At least one Availability Zone or VPC Subnet", VPCZoneIdentifier=None)
    asg(VPCZoneIdentifier=None, AvailabilityZones=["us-east-1a", "us-east-1b"])


def test_settings(scaling, asg, refused):
    """Do health check types and termination policies exist?"""
    create = scaling.create_auto_scaling_group
    no = lambda words, **more: refused(create, "ValidationError", words, **asg.arguments(**more))
    no("HTTP", HealthCheckType="HTTP")
    no("negative", HealthCheckGracePeriod=-1)
    no("Youngest", TerminationPolicies=["Youngest"])
    asg(HealthCheckType="ELB", TerminationPolicies=["OldestInstance"])
    asg("plain")
    shown = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["plain"])["AutoScalingGroups"][0]
    assert (shown["HealthCheckType"], shown["HealthCheckGracePeriod"]) == ("EC2", 0)


def test_target_groups_of_a_group(scaling, asg, target_group, refused):
    """Must target groups exist, and take instances?"""
    create, arn, addresses = scaling.create_auto_scaling_group, target_group(), target_group("ip", TargetType="ip")
    no = lambda words, *arns: refused(create, "ValidationError", words, **asg.arguments(TargetGroupARNs=list(arns)))
    no("may not be valid", arn.replace("app", "gone"))
    no("'instance'", addresses)
    asg(TargetGroupARNs=[arn])


def test_a_name_is_taken_once_per_region(scaling, asg, refused):
    """Is a second group of the same name refused?"""
    asg("web")
    refused(scaling.create_auto_scaling_group, "AlreadyExists", "web", **asg.arguments("web"))
    asg("web2")


def test_changing_a_group(scaling, asg, gone, refused):
    """Do the rules of a new group hold for a changed one, with what it keeps?"""
    asg("web", MinSize=1, MaxSize=3, DesiredCapacity=2)
    change = scaling.update_auto_scaling_group
    no = lambda words, **more: refused(change, "ValidationError", words, AutoScalingGroupName="web", **more)
    no("Max bound, 3", MinSize=4)
    no("Desired capacity:4", DesiredCapacity=4)
    no(gone, LaunchTemplate={"LaunchTemplateId": gone})
    no("subnet-01234567", VPCZoneIdentifier="subnet-01234567")
    refused(change, "ValidationError", "nobody", AutoScalingGroupName="nobody", MinSize=1)
    change(AutoScalingGroupName="web", MinSize=3)
    assert asg.shown("web")["DesiredCapacity"] == len(asg.shown("web")["Instances"]) == 3
    change(AutoScalingGroupName="web", MinSize=0, MaxSize=1)
    assert asg.shown("web")["DesiredCapacity"] == len(asg.shown("web")["Instances"]) == 1


def test_the_desired_capacity_stays_within_the_limits(scaling, asg, refused):
    """Is a desired capacity above max or below min refused?"""
    asg("web", MinSize=1, MaxSize=4)
    change = scaling.set_desired_capacity
    for asked, words in ((5, "5 is above max value 4"), (0, "0 is below min value 1")):
        refused(change, "ValidationError", words, AutoScalingGroupName="web", DesiredCapacity=asked)
    refused(change, "ValidationError", "nobody", AutoScalingGroupName="nobody", DesiredCapacity=1)
    change(AutoScalingGroupName="web", DesiredCapacity=4)
    assert len(asg.shown("web")["Instances"]) == 4


def test_deleting_a_group(scaling, ec2, asg, refused):
    """Is a group with instances deleted with ForceDelete only, with its policies, and an empty one without?"""
    asg("web", MinSize=1, MaxSize=2)
    asg("empty", MinSize=0, MaxSize=2)
    scaling.put_scaling_policy(
        AutoScalingGroupName="web", PolicyName="out", AdjustmentType="ChangeInCapacity", ScalingAdjustment=1
    )
    refused(scaling.delete_auto_scaling_group, "ResourceInUse", "instances", AutoScalingGroupName="web")
    scaling.delete_auto_scaling_group(AutoScalingGroupName="empty")
    scaling.delete_auto_scaling_group(AutoScalingGroupName="web", ForceDelete=True)
    assert scaling.describe_policies()["ScalingPolicies"] == []
    found = ec2.describe_instances()["Reservations"][0]["Instances"]
    assert [one["State"]["Name"] for one in found] == ["terminated"]


def test_ending_an_instance_of_a_group(scaling, asg, launch, refused):
    """Is it replaced, and without replacement only above the minimum?"""
    asg("web", MinSize=1, MaxSize=3, DesiredCapacity=2)
    end = scaling.terminate_instance_in_auto_scaling_group
    stranger = launch()
    refused(end, "ValidationError", stranger, InstanceId=stranger, ShouldDecrementDesiredCapacity=False)
    first, second = asg.ids("web")
    end(InstanceId=first, ShouldDecrementDesiredCapacity=False)
    assert len(asg.ids("web")) == 2 and first not in asg.ids("web")
    end(InstanceId=second, ShouldDecrementDesiredCapacity=True)
    (last,) = asg.ids("web")
    refused(end, "ValidationError", "minSize (1)", InstanceId=last, ShouldDecrementDesiredCapacity=True)


def test_detaching_and_attaching(scaling, asg, launch, refused):
    """Do only members leave, and strangers join only where there is room?"""
    asg("web", MinSize=1, MaxSize=2, DesiredCapacity=1)
    (one,), other, third = asg.ids("web"), launch(), launch()
    web = {"AutoScalingGroupName": "web"}
    keep = {"ShouldDecrementDesiredCapacity": True, **web}
    refused(scaling.detach_instances, "ValidationError", other, InstanceIds=[other], **keep)
    refused(scaling.detach_instances, "ValidationError", "min size=1", InstanceIds=[one], **keep)
    refused(scaling.attach_instances, "ValidationError", "max size=2", InstanceIds=[other, third], **web)
    refused(scaling.attach_instances, "ValidationError", "i-0123", InstanceIds=["i-0123456789abcdef0"], **web)
    scaling.attach_instances(InstanceIds=[other], **web)
    assert set(asg.ids("web")) == {one, other}
    scaling.detach_instances(InstanceIds=[one], **keep)
    assert asg.ids("web") == [other]
