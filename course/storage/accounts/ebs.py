"""Volumes and snapshots of an account, made and looked at, as plain data."""

from __future__ import annotations

from course.storage.accounts.clients import client, ec2


def create_volume(zone: str, **volume) -> str:
    """Create a volume as boto3's create_volume takes it; its id."""
    return ec2(zone[:-1]).create_volume(AvailabilityZone=zone, **volume)["VolumeId"]


def attached_volume(instance_id: str, zone: str, device: str = "/dev/sdf", **volume) -> str:
    """Create a volume as boto3's create_volume takes it, attach it to the instance, and return its id."""
    compute = ec2(zone[:-1])
    volume_id = compute.create_volume(AvailabilityZone=zone, **volume)["VolumeId"]
    compute.attach_volume(VolumeId=volume_id, InstanceId=instance_id, Device=device)
    return volume_id


def volumes(region: str = "us-east-1") -> dict[str, dict]:
    """All volumes of a Region by id, each as plain data: what describe_volumes says, without times."""
    pages = ec2(region).get_paginator("describe_volumes").paginate()
    return {volume["VolumeId"]: _without_times(volume) for page in pages for volume in page["Volumes"]}


def volume(volume_id, region: str = "us-east-1") -> dict:
    """One volume as plain data; empty if `volume_id` is not the id of one, whatever it is instead."""
    return volumes(region).get(volume_id, {}) if isinstance(volume_id, str) else {}


def shape(volume_id, region: str = "us-east-1") -> tuple:
    """Type, GiB, IOPS and MiB/s of a volume; None for what it does not have."""
    found = volume(volume_id, region)
    return tuple(found.get(key) for key in ("VolumeType", "Size", "Iops", "Throughput"))


def attachments(volume_id: str, region: str = "us-east-1") -> dict[str, str]:
    """The device name of a volume by the instance it is attached to; empty if it is not attached or not there."""
    found = volume(volume_id, region).get("Attachments", [])
    return {attachment["InstanceId"]: attachment["Device"] for attachment in found}


def snapshot(volume_id: str, region: str = "us-east-1") -> str:
    """Take a snapshot of the volume; its id."""
    return ec2(region).create_snapshot(VolumeId=volume_id)["SnapshotId"]


def snapshots(region: str = "us-east-1") -> set[str]:
    """The ids of the account's own snapshots in a Region."""
    return {found["SnapshotId"] for found in ec2(region).describe_snapshots(OwnerIds=["self"])["Snapshots"]}


def bin_after_deleting(snapshot_id: str, region: str = "us-east-1") -> set[str]:
    """Delete a snapshot; the ids of the snapshots that are in Recycle Bin afterwards."""
    compute = ec2(region)
    compute.delete_snapshot(SnapshotId=snapshot_id)
    return {one["SnapshotId"] for one in compute.list_snapshots_in_recycle_bin()["Snapshots"]}


def retention_rules(region: str = "us-east-1") -> list[tuple[str, int, str]]:
    """The Recycle Bin rules of a Region as (resource type, days, "whole Region" or "by tag")."""
    rbin = client("rbin", region)
    rules = [
        rbin.get_rule(Identifier=rule["Identifier"])
        for kind in ("EBS_SNAPSHOT", "EC2_IMAGE", "EBS_VOLUME")
        for rule in rbin.list_rules(ResourceType=kind)["Rules"]
    ]
    return [
        (
            rule["ResourceType"],
            rule["RetentionPeriod"]["RetentionPeriodValue"],
            "by tag" if rule.get("ResourceTags") or rule.get("ExcludeResourceTags") else "whole Region",
        )
        for rule in rules
    ]


def is_encrypted_when_new(region: str) -> bool:
    """Create a small volume in the Region without a word about encryption, and say whether it is encrypted."""
    created = create_volume(f"{region}a", Size=1, VolumeType="gp3")
    return volumes(region)[created]["Encrypted"]


def encrypting_regions() -> set[str]:
    """The Regions in which EBS encryption by default is on."""
    names = [region["RegionName"] for region in ec2("us-east-1").describe_regions()["Regions"]]
    return {name for name in names if ec2(name).get_ebs_encryption_by_default()["EbsEncryptionByDefault"]}


def _without_times(description: dict) -> dict:
    return {
        key: [_without_times(item) for item in value] if isinstance(value, list) and key != "Tags" else value
        for key, value in description.items()
        if key not in ("CreateTime", "AttachTime", "StartTime")
    }
