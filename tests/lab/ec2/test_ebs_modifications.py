"""Elastic Volumes."""

from datetime import timedelta

import pytest

from course.lab.ec2 import ebs_modifications


def test_never_smaller(ec2, volume, shown, refused):
    """Can a volume grow and never shrink?"""
    one = volume(Size=10)
    refused(ec2.modify_volume, "InvalidParameterValue", "New size cannot be smaller", VolumeId=one, Size=9)
    change = ec2.modify_volume(VolumeId=one, Size=100)["VolumeModification"]
    assert (change["OriginalSize"], change["TargetSize"], change["OriginalIops"], change["TargetIops"]) == (
        10,
        100,
        100,
        300,
    )
    assert (shown(one)["Size"], shown(one)["Iops"]) == (100, 300)


def test_gp2_to_gp3(ec2, volume, shown):
    """Has the new gp3 volume gp3's own defaults?"""
    one = volume(Size=2000)
    assert shown(one)["Iops"] == 6000
    ec2.modify_volume(VolumeId=one, VolumeType="gp3")
    assert {name: shown(one)[name] for name in ("VolumeType", "Iops", "Throughput")} == {
        "VolumeType": "gp3",
        "Iops": 3000,
        "Throughput": 125,
    }


def test_gp3_keeps_what_was_bought(ec2, volume, shown):
    """Does a gp3 volume that grows keep its IOPS and throughput, and lose them as gp2?"""
    one = volume(Size=100, VolumeType="gp3", Iops=5000, Throughput=500)
    ec2.modify_volume(VolumeId=one, Size=200)
    assert (shown(one)["Iops"], shown(one)["Throughput"]) == (5000, 500)
    ec2.modify_volume(VolumeId=one, VolumeType="gp2")
    assert shown(one)["Iops"] == 600
    assert "Throughput" not in shown(one)


@pytest.mark.parametrize(
    "change, code, words",
    [
        ({"VolumeType": "gp9"}, "UnknownVolumeType", "gp9"),
        ({"VolumeType": "gp3", "Iops": 5001}, "InvalidParameterValue", "ratio"),
        ({"VolumeType": "gp3", "Throughput": 751}, "InvalidParameterValue", "Throughput (MiBps) to iops ratio"),
        ({"VolumeType": "io1"}, "InvalidParameterValue", "ratio of 300.000000 is too high; maximum is 50"),
        ({"VolumeType": "st1"}, "InvalidParameterValue", "at least 125 GiB"),
        ({"Size": 16385}, "InvalidParameterValue", "at most 16384 GiB"),
        ({"Iops": 3000}, "InvalidParameterCombination", "not supported for gp2"),
        ({"Throughput": 125}, "InvalidParameterCombination", "only be specified for volumeType gp3"),
        ({"MultiAttachEnabled": True}, "InvalidParameterCombination", "not supported for gp2"),
        ({}, "InvalidParameterValue", "at least one of"),
    ],
)
def test_the_result_must_be_possible(ec2, volume, refused, change, code, words):
    """Is the resulting volume, not only the change, held to its type's limits? (10 GiB gp2 before)"""
    refused(ec2.modify_volume, code, words, VolumeId=volume(Size=10), **change)


def test_the_last_possible_result(ec2, volume, shown):
    """Are the neighbours of the refused changes accepted?"""
    one = volume(Size=10)
    ec2.modify_volume(VolumeId=one, VolumeType="gp3", Iops=5000, Throughput=1250)
    assert (shown(one)["Iops"], shown(one)["Throughput"]) == (5000, 1250)
    ec2.modify_volume(VolumeId=one, VolumeType="io1", Iops=500)
    assert shown(one)["Iops"] == 500


def test_four_times_in_24_hours(ec2, volume, refused, monkeypatch):
    """Is the fifth modification within 24 hours refused, on this volume only, and accepted a day later?"""
    one, other = volume(), volume()
    for size in (11, 12, 13, 14):
        ec2.modify_volume(VolumeId=one, Size=size)
    refused(ec2.modify_volume, "VolumeModificationRateExceeded", "4 modifications", VolumeId=one, Size=15)
    ec2.modify_volume(VolumeId=other, Size=15)
    now = ebs_modifications.utcnow()
    monkeypatch.setattr(ebs_modifications, "utcnow", lambda: now + timedelta(hours=24, seconds=1))
    ec2.modify_volume(VolumeId=one, Size=15)


def test_multi_attach_of_io2_toggles_while_detached(ec2, volume, launch, shown, refused):
    """Can io2 be switched only while detached, and io1 never?"""
    io2, io1 = volume(VolumeType="io2", Iops=100), volume(VolumeType="io1", Iops=100)
    ec2.modify_volume(VolumeId=io2, MultiAttachEnabled=True)
    assert shown(io2)["MultiAttachEnabled"] is True
    ec2.attach_volume(VolumeId=io2, InstanceId=launch(), Device="/dev/sdf")
    refused(ec2.modify_volume, "IncorrectState", "in-use", VolumeId=io2, MultiAttachEnabled=False)
    ec2.detach_volume(VolumeId=io2)
    ec2.modify_volume(VolumeId=io2, MultiAttachEnabled=False)
    assert shown(io2)["MultiAttachEnabled"] is False
    refused(ec2.modify_volume, "InvalidParameterCombination", "io1", VolumeId=io1, MultiAttachEnabled=True)


def test_a_snapshot_keeps_its_size(ec2, volume):
    """Does a snapshot stay as large as the volume was?"""
    one = volume(Size=10)
    snapshot = ec2.create_snapshot(VolumeId=one)["SnapshotId"]
    ec2.modify_volume(VolumeId=one, Size=20)
    assert ec2.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"][0]["VolumeSize"] == 10


def test_missing_volume(ec2, refused):
    """Is a volume that does not exist named in the error?"""
    refused(ec2.modify_volume, "InvalidVolume.NotFound", "vol-0123", VolumeId="vol-0123", Size=5)
