"""Fast snapshot restore."""

import pytest


@pytest.fixture
def snapshot(ec2, volume):
    return lambda **more: ec2.create_snapshot(VolumeId=volume(**more))["SnapshotId"]


def test_per_snapshot_and_zone(ec2, snapshot):
    """Is it enabled for each zone named, described by filter, and disabled again?"""
    one, zones = snapshot(), ["us-east-1a", "us-east-1b"]
    made = ec2.enable_fast_snapshot_restores(AvailabilityZones=zones, SourceSnapshotIds=[one])
    assert [entry["State"] for entry in made["Successful"]] == ["enabling", "enabling"]
    filters = [{"Name": "availability-zone", "Values": ["us-east-1b"]}]
    (found,) = ec2.describe_fast_snapshot_restores(Filters=filters)["FastSnapshotRestores"]
    assert (found["SnapshotId"], found["AvailabilityZone"], found["State"]) == (one, "us-east-1b", "enabled")
    ended = ec2.disable_fast_snapshot_restores(AvailabilityZones=[*zones, "us-east-1c"], SourceSnapshotIds=[one])
    assert (len(ended["Successful"]), len(ended["Unsuccessful"])) == (2, 1)
    assert ec2.describe_fast_snapshot_restores()["FastSnapshotRestores"] == []


def test_refusals(ec2, snapshot, refused):
    """Are an unknown zone, an unknown snapshot and a request without zones refused?"""
    enable, one = ec2.enable_fast_snapshot_restores, snapshot()
    refused(enable, "InvalidZone.NotFound", "eu-west-1a", AvailabilityZones=["eu-west-1a"], SourceSnapshotIds=[one])
    refused(
        enable, "InvalidSnapshot.NotFound", "snap-0", AvailabilityZones=["us-east-1a"], SourceSnapshotIds=["snap-0"]
    )
    refused(enable, "MissingParameter", "AvailabilityZones", SourceSnapshotIds=[one])


def test_limits(ec2, snapshot, refused):
    """Are sizes up to 16 TiB and five snapshots per Region the limit?"""
    zone = {"AvailabilityZones": ["us-east-1a"]}
    refused(
        ec2.enable_fast_snapshot_restores,
        "InvalidParameterValue",
        16384,
        SourceSnapshotIds=[snapshot(Size=16385, VolumeType="gp3")],
        **zone,
    )
    ec2.enable_fast_snapshot_restores(SourceSnapshotIds=[snapshot(Size=16384)], **zone)
    ec2.enable_fast_snapshot_restores(SourceSnapshotIds=[snapshot() for _ in range(4)], **zone)
    refused(
        ec2.enable_fast_snapshot_restores, "FastSnapshotRestoreLimitExceeded", 5, SourceSnapshotIds=[snapshot()], **zone
    )
