"""The archive tier."""

import pytest


@pytest.fixture
def archived(ec2, volume):
    one = ec2.create_snapshot(VolumeId=volume())["SnapshotId"]
    ec2.modify_snapshot_tier(SnapshotId=one, StorageTier="archive")
    return one


def test_archived_is_unusable_until_restored(ec2, volume, archived, refused):
    """Must an archived snapshot be restored before a volume or a copy is made of it?"""
    refused(ec2.create_volume, "IncorrectState", archived, AvailabilityZone="us-east-1a", SnapshotId=archived)
    refused(ec2.copy_snapshot, "IncorrectState", archived, SourceRegion="us-east-1", SourceSnapshotId=archived)
    refused(ec2.modify_snapshot_tier, "IncorrectState", "already", SnapshotId=archived, StorageTier="archive")
    ec2.restore_snapshot_tier(SnapshotId=archived, TemporaryRestoreDays=1)
    assert volume(SnapshotId=archived)


def test_restore_days(ec2, archived, refused):
    """Is a temporary restore 1 to 180 days, and never also permanent?"""
    for days in (0, 181):
        refused(
            ec2.restore_snapshot_tier, "InvalidParameterValue", days, SnapshotId=archived, TemporaryRestoreDays=days
        )
    both = {"TemporaryRestoreDays": 1, "PermanentRestore": True}
    refused(ec2.restore_snapshot_tier, "InvalidParameterCombination", SnapshotId=archived, **both)
    for days in (1, 180):
        ec2.restore_snapshot_tier(SnapshotId=archived, TemporaryRestoreDays=days)
    ec2.restore_snapshot_tier(SnapshotId=archived, PermanentRestore=True)
    refused(ec2.restore_snapshot_tier, "IncorrectState", "not archived", SnapshotId=archived, PermanentRestore=True)


def test_snapshot_of_an_image(ec2, launch, refused):
    """Can the snapshot behind an image not be archived?"""
    ec2.create_image(InstanceId=launch(), Name="web")
    (behind,) = ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]
    refused(ec2.modify_snapshot_tier, "InvalidSnapshot.InUse", SnapshotId=behind["SnapshotId"], StorageTier="archive")
