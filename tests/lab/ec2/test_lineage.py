"""Whose data a volume or snapshot holds, by every way that EC2 offers to carry data on."""

import boto3
import pytest

from course import lab


def volume(ec2, **more):
    return ec2.create_volume(**{"AvailabilityZone": "us-east-1a", "Size": 8, "VolumeType": "gp3"} | more)["VolumeId"]


def test_a_new_volume_holds_nobody_elses_data(ec2):
    """Is an empty volume told from a restored one?"""
    assert lab.data_sources(volume(ec2)) == []


def test_a_restored_volume_descends_from_the_first_also_when_the_snapshot_is_gone(ec2):
    """Does cleaning up after a move hide where the data came from?"""
    old = volume(ec2)
    snapshot = ec2.create_snapshot(VolumeId=old)["SnapshotId"]
    new = volume(ec2, SnapshotId=snapshot, AvailabilityZone="us-east-1b")
    ec2.delete_snapshot(SnapshotId=snapshot)
    assert lab.data_sources(new) == [old]


def test_copies_of_snapshots_carry_the_data_across_regions(ec2):
    """AWS shows vol-ffffffff for a copy: does the lab still know?"""
    old = volume(ec2)
    snapshot = ec2.create_snapshot(VolumeId=old)["SnapshotId"]
    there = boto3.client("ec2", region_name="eu-west-1")
    copy = there.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=snapshot, Encrypted=True)["SnapshotId"]
    assert lab.data_sources(copy, "eu-west-1") == [old]
    restored = there.create_volume(AvailabilityZone="eu-west-1a", SnapshotId=copy)["VolumeId"]
    assert lab.data_sources(restored, "eu-west-1") == [old]


def test_a_copied_volume_and_a_second_generation_keep_the_whole_line(ec2):
    """CopyVolumes, then a snapshot of the copy: is the first one still in the line, oldest first?"""
    old = volume(ec2)
    copy = ec2.copy_volumes(SourceVolumeId=old, VolumeType="gp3")["Volumes"][0]["VolumeId"]
    snapshot = ec2.create_snapshot(VolumeId=copy)["SnapshotId"]
    assert lab.data_sources(copy) == [old]
    assert lab.data_sources(snapshot) == [old, copy]
    assert lab.data_sources(volume(ec2, SnapshotId=snapshot)) == [old, copy]


def test_an_image_carries_the_root_volume(ec2):
    """An instance launched from an instance's image: does its disk descend from the first one's?"""
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    kind = {"x86_64": "t3.micro", "arm64": "t4g.micro"}[
        ec2.describe_images(ImageIds=[image])["Images"][0]["Architecture"]
    ]

    def launched(image_id):
        (instance,) = ec2.run_instances(ImageId=image_id, InstanceType=kind, MinCount=1, MaxCount=1)["Instances"]
        (found,) = ec2.describe_instances(InstanceIds=[instance["InstanceId"]])["Reservations"][0]["Instances"]
        return found["InstanceId"], found["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]

    first, root = launched(image)
    golden = ec2.create_image(InstanceId=first, Name="golden")["ImageId"]
    _, other = launched(image)
    assert root in lab.data_sources(launched(golden)[1])
    assert root not in lab.data_sources(other)


@pytest.mark.parametrize("nothing", ["vol-0123456789abcdef0", "", None, 7, ["vol-1"]])
def test_what_is_no_volume_has_no_sources(ec2, nothing):
    """Does a check that hands over a learner's odd result get an empty list, not an error?"""
    assert lab.data_sources(nothing) == []
