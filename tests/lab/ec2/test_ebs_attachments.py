"""Attaching, detaching and deleting volumes."""

import pytest


def test_only_in_its_zone(ec2, volume, launch, shown, refused):
    """Is a volume of another zone refused, and one of the same attached?"""
    instance, far, near = launch("us-east-1a"), volume(AvailabilityZone="us-east-1b"), volume()
    words = f"The volume '{far}' is not in the same availability zone as instance '{instance}'"
    refused(
        ec2.attach_volume, "InvalidVolume.ZoneMismatch", words, VolumeId=far, InstanceId=instance, Device="/dev/sdf"
    )
    assert ec2.attach_volume(VolumeId=near, InstanceId=instance, Device="/dev/sdf")["State"] == "attaching"
    (attachment,) = shown(near)["Attachments"]
    assert (attachment["InstanceId"], attachment["Device"], attachment["DeleteOnTermination"]) == (
        instance,
        "/dev/sdf",
        False,
    )


def test_only_once(ec2, volume, launch, refused):
    """Is a volume in use refused, on another instance and on the same?"""
    first, second, one = launch(), launch(), volume()
    ec2.attach_volume(VolumeId=one, InstanceId=first, Device="/dev/sdf")
    for instance in (first, second):
        words = f"{one} is already attached to an instance"
        refused(ec2.attach_volume, "VolumeInUse", words, VolumeId=one, InstanceId=instance, Device="/dev/sdg")


@pytest.mark.parametrize("device", ["/dev/sdf", "sdf", "xvdf", "/dev/xvdf"])
def test_device_in_use(ec2, volume, launch, refused, device):
    """Is a device name taken once, in whatever spelling?"""
    instance = launch()
    ec2.attach_volume(VolumeId=volume(), InstanceId=instance, Device="/dev/sdf")
    refused(
        ec2.attach_volume,
        "InvalidParameterValue",
        device,
        "already in use",
        VolumeId=volume(),
        InstanceId=instance,
        Device=device,
    )


@pytest.mark.parametrize("device", ["/dev/nvme1n1", "/dev/sdi1", "disk", "/mnt/data"])
def test_device_name_invalid(ec2, volume, launch, refused, device):
    """Is a name that is no EC2 device name refused?"""
    words = f"{device} is not a valid EBS device name."
    refused(ec2.attach_volume, "InvalidParameterValue", words, VolumeId=volume(), InstanceId=launch(), Device=device)


@pytest.mark.parametrize("device", ["/dev/sdf", "/dev/sdp", "xvdf", "/dev/xvdba"])
def test_device_name_valid(ec2, volume, launch, device):
    """Are the documented names accepted?"""
    assert ec2.attach_volume(VolumeId=volume(), InstanceId=launch(), Device=device)["Device"] == device


def test_instance_state(ec2, volume, launch, refused):
    """Can a volume be attached to a stopped instance but not to a terminated one?"""
    instance = launch()
    ec2.stop_instances(InstanceIds=[instance])
    ec2.attach_volume(VolumeId=volume(), InstanceId=instance, Device="/dev/sdf")
    ec2.terminate_instances(InstanceIds=[instance])
    refused(ec2.attach_volume, "IncorrectState", instance, VolumeId=volume(), InstanceId=instance, Device="/dev/sdg")


def test_missing_volume_or_instance(ec2, volume, launch, refused):
    """Are a volume and an instance that do not exist named?"""
    refused(
        ec2.attach_volume, "InvalidVolume.NotFound", "vol-0", VolumeId="vol-0", InstanceId=launch(), Device="/dev/sdf"
    )
    refused(
        ec2.attach_volume, "InvalidInstanceID.NotFound", "i-0", VolumeId=volume(), InstanceId="i-0", Device="/dev/sdf"
    )


def test_root_leaves_only_a_stopped_instance(ec2, launch, shown, refused):
    """Is the root volume of a running instance kept, and can it be moved when the instance is stopped?"""
    instance = launch()
    root = ec2.describe_volumes()["Volumes"][0]["VolumeId"]
    refused(ec2.detach_volume, "OperationNotPermitted", "root volume", root, instance, VolumeId=root)
    ec2.stop_instances(InstanceIds=[instance])
    assert ec2.detach_volume(VolumeId=root)["State"] == "detaching"
    assert shown(root)["State"] == "available"
    ec2.attach_volume(VolumeId=root, InstanceId=instance, Device="/dev/xvda")
    ec2.terminate_instances(InstanceIds=[instance])
    assert shown(root)["State"] == "available"


def test_detach_what_is_not_attached(ec2, volume, launch, refused):
    """Are a free volume, and another instance's, refused?"""
    one, first, second = volume(), launch(), launch()
    refused(ec2.detach_volume, "IncorrectState", "'available'", VolumeId=one)
    ec2.attach_volume(VolumeId=one, InstanceId=first, Device="/dev/sdf")
    refused(ec2.detach_volume, "InvalidAttachment.NotFound", second, VolumeId=one, InstanceId=second)
    ec2.detach_volume(VolumeId=one, InstanceId=first)


def test_delete_in_use(ec2, volume, launch, refused):
    """Must a volume be detached before it is deleted?"""
    one, instance = volume(), launch()
    ec2.attach_volume(VolumeId=one, InstanceId=instance, Device="/dev/sdf")
    refused(ec2.delete_volume, "VolumeInUse", f"Volume {one} is currently attached to {instance}", VolumeId=one)
    ec2.detach_volume(VolumeId=one)
    ec2.delete_volume(VolumeId=one)


def test_delete_on_termination_of_a_device_that_is_not_there(ec2, launch, refused):
    """Is the flag refused for an unmapped device?"""
    mapping = [{"DeviceName": "/dev/sdz", "Ebs": {"DeleteOnTermination": True}}]
    words = "No device is currently mapped at /dev/sdz"
    refused(
        ec2.modify_instance_attribute,
        "InvalidInstanceAttributeValue",
        words,
        InstanceId=launch(),
        BlockDeviceMappings=mapping,
    )
