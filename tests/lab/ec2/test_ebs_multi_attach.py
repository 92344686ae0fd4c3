"""Multi-Attach."""

import pytest

from course.data import value


@pytest.fixture
def shared(volume):
    return volume(VolumeType="io2", Iops=100, MultiAttachEnabled=True)


def test_up_to_sixteen(ec2, shared, launch, shown, refused, image):
    """Are sixteen attachments listed, and is the seventeenth refused?"""
    most = value("ebs.multi_attach.max_instances")
    run = ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=most + 1, MaxCount=most + 1)
    instances = [one["InstanceId"] for one in run["Instances"]]
    for instance in instances[:most]:
        ec2.attach_volume(VolumeId=shared, InstanceId=instance, Device="/dev/sdf")
    assert [one["InstanceId"] for one in shown(shared)["Attachments"]] == instances[:most]
    refused(
        ec2.attach_volume,
        "AttachmentLimitExceeded",
        most,
        VolumeId=shared,
        InstanceId=instances[most],
        Device="/dev/sdf",
    )


def test_same_zone_and_another_instance(ec2, shared, launch, refused):
    """Do the zone rule and one attachment per instance hold?"""
    here, there = launch(), launch("us-east-1b")
    ec2.attach_volume(VolumeId=shared, InstanceId=here, Device="/dev/sdf")
    refused(ec2.attach_volume, "InvalidVolume.ZoneMismatch", VolumeId=shared, InstanceId=there, Device="/dev/sdf")
    refused(ec2.attach_volume, "VolumeInUse", here, VolumeId=shared, InstanceId=here, Device="/dev/sdg")


def test_nitro_only(ec2, shared, launch, refused):
    """Is an instance type that is not built on Nitro refused?"""
    old, new = launch(InstanceType="t2.micro"), launch(InstanceType="m5.large")
    refused(
        ec2.attach_volume,
        "InvalidParameterCombination",
        "Nitro",
        old,
        VolumeId=shared,
        InstanceId=old,
        Device="/dev/sdf",
    )
    ec2.attach_volume(VolumeId=shared, InstanceId=new, Device="/dev/sdf")


def test_detaching_one_leaves_the_other(ec2, shared, launch, shown, refused):
    """Must the instance be named while there are several, and does the volume stay in use until the last?"""
    first, second = launch(), launch()
    for instance in (first, second):
        ec2.attach_volume(VolumeId=shared, InstanceId=instance, Device="/dev/sdf")
    refused(ec2.detach_volume, "MissingParameter", "instanceId", VolumeId=shared)
    ec2.detach_volume(VolumeId=shared, InstanceId=first)
    assert [one["InstanceId"] for one in shown(shared)["Attachments"]] == [second]
    assert shown(shared)["State"] == "in-use"
    ec2.detach_volume(VolumeId=shared)
    assert shown(shared)["State"] == "available"


def test_termination_of_one_leaves_the_volume(ec2, shared, launch, shown):
    """Is a volume flagged for deletion kept until its last instance ends?"""
    first, second = launch(), launch()
    flag = [{"DeviceName": "/dev/sdf", "Ebs": {"DeleteOnTermination": True}}]
    for instance in (first, second):
        ec2.attach_volume(VolumeId=shared, InstanceId=instance, Device="/dev/sdf")
        ec2.modify_instance_attribute(InstanceId=instance, BlockDeviceMappings=flag)
    assert [one["DeleteOnTermination"] for one in shown(shared)["Attachments"]] == [True, True]
    ec2.terminate_instances(InstanceIds=[second])
    assert [one["InstanceId"] for one in shown(shared)["Attachments"]] == [first]
    ec2.terminate_instances(InstanceIds=[first])
    assert ec2.describe_volumes()["Volumes"] == []
