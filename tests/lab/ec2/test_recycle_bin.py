"""Recycle Bin."""

from datetime import timedelta

import pytest
from botocore.exceptions import ParamValidationError

from course.data import value
from course.lab.ec2 import recycle_bin


def days(number):
    return {"RetentionPeriodValue": number, "RetentionPeriodUnit": "DAYS"}


@pytest.mark.parametrize(
    "resource, limit", [("EBS_SNAPSHOT", "snapshot"), ("EC2_IMAGE", "image"), ("EBS_VOLUME", "volume")]
)
def test_retention_period(rbin, refused, resource, limit):
    """Is the period of each type held to its limits, at both ends?"""
    most = value(f"ebs.recycle_bin.max_days_{limit}")
    for number in (1, most):
        made = rbin.create_rule(ResourceType=resource, RetentionPeriod=days(number))
        assert rbin.get_rule(Identifier=made["Identifier"])["RetentionPeriod"] == days(number)
    refused(rbin.create_rule, "ValidationException", most, ResourceType=resource, RetentionPeriod=days(most + 1))
    with pytest.raises(ParamValidationError):
        rbin.create_rule(ResourceType=resource, RetentionPeriod=days(0))
    refused(
        rbin.update_rule, "ValidationException", most + 1, Identifier=made["Identifier"], RetentionPeriod=days(most + 1)
    )
    assert len(rbin.list_rules(ResourceType=resource)["Rules"]) == 2
    rbin.delete_rule(Identifier=made["Identifier"])
    assert len(rbin.list_rules(ResourceType=resource)["Rules"]) == 1
    refused(rbin.get_rule, "ResourceNotFoundException", made["Identifier"], status=404, Identifier=made["Identifier"])


def test_deleted_snapshot_can_be_restored(ec2, rbin, volume, refused):
    """Does a deleted snapshot lie in the bin for its period and come back whole?"""
    rbin.create_rule(ResourceType="EBS_SNAPSHOT", RetentionPeriod=days(7))
    one = ec2.create_snapshot(VolumeId=volume(Encrypted=True), Description="mine")["SnapshotId"]
    before = ec2.describe_snapshots(SnapshotIds=[one])["Snapshots"]
    refused(ec2.restore_snapshot_from_recycle_bin, "InvalidSnapshot.NotFound", one, SnapshotId=one)
    ec2.delete_snapshot(SnapshotId=one)
    assert ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"] == []
    (entry,) = ec2.list_snapshots_in_recycle_bin()["Snapshots"]
    assert entry["RecycleBinExitTime"] - entry["RecycleBinEnterTime"] == timedelta(days=7)
    assert ec2.restore_snapshot_from_recycle_bin(SnapshotId=one)["Description"] == "mine"
    assert ec2.describe_snapshots(SnapshotIds=[one])["Snapshots"] == before


def test_the_bin_empties_itself(ec2, rbin, volume, monkeypatch):
    """Is a snapshot gone when its period is over?"""
    rbin.create_rule(ResourceType="EBS_SNAPSHOT", RetentionPeriod=days(1))
    ec2.delete_snapshot(SnapshotId=ec2.create_snapshot(VolumeId=volume())["SnapshotId"])
    now = recycle_bin.utcnow()
    monkeypatch.setattr(recycle_bin, "utcnow", lambda: now + timedelta(days=1, seconds=1))
    assert ec2.list_snapshots_in_recycle_bin()["Snapshots"] == []


@pytest.mark.parametrize(
    "rule, kept",
    [
        ({"ResourceTags": [{"ResourceTagKey": "keep", "ResourceTagValue": "yes"}]}, ["tagged"]),
        ({"ExcludeResourceTags": [{"ResourceTagKey": "keep", "ResourceTagValue": "yes"}]}, ["plain"]),
        ({}, ["plain", "tagged"]),
    ],
)
def test_tags_choose(ec2, rbin, volume, rule, kept):
    """Does a tag-level rule keep the tagged, and a Region-level one all but the excluded?"""
    rbin.create_rule(ResourceType="EBS_SNAPSHOT", RetentionPeriod=days(7), **rule)
    tags = {"TagSpecifications": [{"ResourceType": "snapshot", "Tags": [{"Key": "keep", "Value": "yes"}]}]}
    for name, more in (("plain", {}), ("tagged", tags)):
        ec2.delete_snapshot(SnapshotId=ec2.create_snapshot(VolumeId=volume(), Description=name, **more)["SnapshotId"])
    assert sorted(one["Description"] for one in ec2.list_snapshots_in_recycle_bin()["Snapshots"]) == kept


def test_a_rule_of_another_type_keeps_nothing(ec2, rbin, volume):
    """Does a rule for volumes leave snapshots alone?"""
    rbin.create_rule(ResourceType="EBS_VOLUME", RetentionPeriod=days(7))
    ec2.delete_snapshot(SnapshotId=ec2.create_snapshot(VolumeId=volume())["SnapshotId"])
    assert ec2.list_snapshots_in_recycle_bin()["Snapshots"] == []


def test_retention_is_in_days(rbin, refused):
    """Is a unit refused that AWS does not have?"""
    period = {"RetentionPeriodValue": 7, "RetentionPeriodUnit": "HOURS"}
    refused(rbin.create_rule, "ValidationException", "DAYS", ResourceType="EBS_SNAPSHOT", RetentionPeriod=period)
