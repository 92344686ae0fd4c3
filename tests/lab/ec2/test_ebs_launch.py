"""Volumes that a launch makes, and that a termination ends."""

import boto3
import pytest


@pytest.fixture
def volumes(ec2):
    """The volumes by device name."""
    return lambda: {one["Attachments"][0]["Device"]: one for one in ec2.describe_volumes()["Volumes"]}


def mapping(device="/dev/sdf", **ebs):
    return [{"DeviceName": device, "Ebs": ebs}]


def test_root_comes_from_the_image(launch, volumes):
    """Has a plain launch the image's root volume, in the instance's zone, deleted with it?"""
    launch("us-east-1c")
    (root,) = volumes().values()
    assert (root["Attachments"][0]["Device"], root["Size"], root["VolumeType"], root["Iops"]) == (
        "/dev/xvda",
        8,
        "gp3",
        3000,
    )
    assert root["AvailabilityZone"] == "us-east-1c"
    assert root["SnapshotId"].startswith("snap-")
    assert root["Attachments"][0]["DeleteOnTermination"] is True


def test_request_changes_only_what_it_says(launch, volumes):
    """Does a mapping with nothing but the flag keep the root volume as it is?"""
    launch(BlockDeviceMappings=mapping("/dev/xvda", DeleteOnTermination=False))
    (root,) = volumes().values()
    assert (root["Size"], root["VolumeType"], root["Attachments"][0]["DeleteOnTermination"]) == (8, "gp3", False)


def test_data_volume_at_launch_is_deleted_by_default(ec2, launch, volumes, volume):
    """True for a volume of the launch that says nothing, False for one attached later?"""
    instance = launch(BlockDeviceMappings=mapping(VolumeSize=20, VolumeType="gp3", Iops=4000, Throughput=300))
    data = volumes()["/dev/sdf"]
    assert (data["Size"], data["Iops"], data["Throughput"]) == (20, 4000, 300)
    assert data["Attachments"][0]["DeleteOnTermination"] is True
    ec2.attach_volume(VolumeId=volume(), InstanceId=instance, Device="/dev/sdg")
    shown = ec2.describe_instances()["Reservations"][0]["Instances"][0]["BlockDeviceMappings"]
    assert {one["DeviceName"]: one["Ebs"]["DeleteOnTermination"] for one in shown} == {
        "/dev/xvda": True,
        "/dev/sdf": True,
        "/dev/sdg": False,
    }


def test_termination_follows_the_flags(ec2, launch, volume):
    """Does termination delete the flagged volumes and keep the others, also after a change of mind?"""
    keep = mapping("/dev/sdg", VolumeSize=2, DeleteOnTermination=False)
    instance = launch(BlockDeviceMappings=mapping(VolumeSize=1) + keep + mapping("/dev/sdh", VolumeSize=3))
    later = volume(Size=4)
    ec2.attach_volume(VolumeId=later, InstanceId=instance, Device="/dev/sdi")
    ec2.modify_instance_attribute(
        InstanceId=instance, BlockDeviceMappings=mapping("/dev/sdh", DeleteOnTermination=False)
    )
    ec2.terminate_instances(InstanceIds=[instance])
    left = ec2.describe_volumes()["Volumes"]
    assert sorted(one["Size"] for one in left) == [2, 3, 4]
    assert {one["State"] for one in left} == {"available"}


def test_the_image_can_be_left_without_a_device(launch, volumes, ec2):
    """Does NoDevice leave out a volume of the image?"""
    launch(BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "NoDevice": ""}, *mapping(VolumeSize=1)])
    assert list(volumes()) == ["/dev/sdf"]


@pytest.mark.parametrize(
    "wanted, code, words",
    [
        (mapping("/dev/xvda", VolumeSize=7), "InvalidBlockDeviceMapping", "expect size >= 8GB"),
        (
            mapping("/dev/xvda", VolumeSize=500, VolumeType="st1"),
            "InvalidParameterCombination",
            "not compatible with root volumes",
        ),
        (mapping("/dev/xvda", VolumeSize=500, VolumeType="sc1"), "InvalidParameterCombination", "sc1"),
        (mapping("/dev/xvda", VolumeType="io2"), "InvalidParameterCombination", "iops must be specified for io2"),
        (mapping("/dev/xvda", VolumeType="gp2", Iops=3000), "InvalidParameterCombination", "not supported for gp2"),
        (mapping(VolumeSize=0), "MissingParameter", "size or snapshotId"),
        (mapping(VolumeType="gp3"), "MissingParameter", "size or snapshotId"),
        (mapping(VolumeSize=124, VolumeType="sc1"), "InvalidParameterValue", "at least 125 GiB"),
        (mapping(VolumeSize=10, VolumeType="gp3", Iops=5001), "InvalidParameterValue", "ratio"),
        (mapping(VolumeSize=10, VolumeType="gp3", Throughput=751), "InvalidParameterValue", "Throughput"),
        (mapping(VolumeSize=10, VolumeType="gp9"), "UnknownVolumeType", "gp9"),
        (mapping(SnapshotId="snap-0123"), "InvalidSnapshot.NotFound", "snap-0123"),
    ],
)
def test_rules_of_volumes_hold(ec2, image, refused, wanted, code, words):
    """Is a launch with an impossible volume refused as a whole?"""
    more = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "BlockDeviceMappings": wanted}
    refused(ec2.run_instances, code, words, **more)


@pytest.mark.parametrize(
    "wanted",
    [
        mapping("/dev/xvda", VolumeSize=8),
        mapping("/dev/xvda", VolumeType="standard"),
        mapping("/dev/xvda", VolumeType="io2", Iops=100),
        mapping(VolumeSize=125, VolumeType="sc1"),
        mapping(VolumeSize=10, VolumeType="gp3", Iops=5000, Throughput=1250),
    ],
)
def test_the_last_possible_launch(launch, wanted):
    """Are the neighbours of the refused launches accepted?"""
    assert launch(BlockDeviceMappings=wanted)


def test_a_failed_launch_leaves_nothing(ec2, image, refused):
    """Does a launch that moto stops half-way leave no reservation behind?"""
    interfaces = [{"DeviceIndex": 0, "SubnetId": "subnet-0123"}]
    more = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "NetworkInterfaces": interfaces}
    refused(ec2.run_instances, "InvalidSubnetID.NotFound", "subnet-0123", **more)


def test_launch_template(ec2, image, volumes, refused):
    """Do the volumes of a launch template obey the same rules and defaults?"""
    data = {
        "ImageId": image,
        "InstanceType": "t3.micro",
        "BlockDeviceMappings": mapping(VolumeSize=9, VolumeType="gp3"),
    }
    ec2.create_launch_template(LaunchTemplateName="good", LaunchTemplateData=data)
    ec2.run_instances(LaunchTemplate={"LaunchTemplateName": "good"}, MinCount=1, MaxCount=1)
    assert {device: one["Size"] for device, one in volumes().items()} == {"/dev/xvda": 8, "/dev/sdf": 9}
    assert volumes()["/dev/sdf"]["Attachments"][0]["DeleteOnTermination"] is True
    bad = {**data, "BlockDeviceMappings": mapping("/dev/xvda", VolumeSize=7)}
    ec2.create_launch_template(LaunchTemplateName="bad", LaunchTemplateData=bad)
    template = {"LaunchTemplateName": "bad"}
    refused(ec2.run_instances, "InvalidBlockDeviceMapping", "7GB", LaunchTemplate=template, MinCount=1, MaxCount=1)


def test_auto_scaling_launches_the_same_volumes(ec2, image, volumes):
    """Does an instance of an Auto Scaling group, which passes no gate, have the image's root volume?"""
    scaling = boto3.client("autoscaling")
    scaling.create_launch_configuration(LaunchConfigurationName="web", ImageId=image, InstanceType="t3.micro")
    group = {"AutoScalingGroupName": "web", "LaunchConfigurationName": "web", "AvailabilityZones": ["us-east-1a"]}
    scaling.create_auto_scaling_group(MinSize=1, MaxSize=1, **group)
    assert {device: (one["Size"], one["VolumeType"]) for device, one in volumes().items()} == {"/dev/xvda": (8, "gp3")}


def test_naming_the_attribute_beside_the_mapping_changes_the_flag_only(ec2, launch):
    """Does Attribute="blockDeviceMapping" leave the instance its volumes?"""
    server = launch()
    flags = [{"DeviceName": "/dev/xvda", "Ebs": {"DeleteOnTermination": False}}]
    ec2.modify_instance_attribute(InstanceId=server, Attribute="blockDeviceMapping", BlockDeviceMappings=flags)
    (found,) = ec2.describe_instances(InstanceIds=[server])["Reservations"][0]["Instances"]
    (root,) = found["BlockDeviceMappings"]
    assert root["Ebs"]["DeleteOnTermination"] is False
