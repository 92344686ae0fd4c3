"""Encryption of volumes: asked for, inherited, or by default."""

import boto3
import pytest


@pytest.fixture
def default_key():
    def arn(region="us-east-1"):
        aliases = boto3.client("kms", region_name=region).list_aliases()["Aliases"]
        key = next(one["TargetKeyId"] for one in aliases if one["AliasName"] == "alias/aws/ebs")
        return f"arn:aws:kms:{region}:123456789012:key/{key}"

    return arn


def test_asked_for(volume, shown, default_key):
    """Is an encrypted volume encrypted with the key behind aws/ebs?"""
    made = shown(volume(Encrypted=True))
    assert (made["Encrypted"], made["KmsKeyId"]) == (True, default_key())
    assert shown(volume())["Encrypted"] is False


def test_own_key_by_alias(volume, shown):
    """Is a key named by alias shown by its ARN?"""
    kms = boto3.client("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/mine", TargetKeyId=key["KeyId"])
    assert shown(volume(Encrypted=True, KmsKeyId="alias/mine"))["KmsKeyId"] == key["Arn"]


def test_key_needs_encryption(ec2, refused):
    """Is a key without encryption refused?"""
    more = {"AvailabilityZone": "us-east-1a", "Size": 1, "KmsKeyId": "alias/aws/ebs"}
    refused(ec2.create_volume, "InvalidParameterDependency", "KmsKeyId", **more)


def test_inherited(ec2, volume, shown):
    """Is the snapshot of an encrypted volume encrypted with its key, and are volumes from it, whatever is asked?"""
    source = shown(volume(Encrypted=True))
    snapshot = ec2.create_snapshot(VolumeId=source["VolumeId"])
    assert snapshot["Encrypted"] is True
    assert (
        ec2.describe_snapshots(SnapshotIds=[snapshot["SnapshotId"]])["Snapshots"][0]["KmsKeyId"] == source["KmsKeyId"]
    )
    for more in ({}, {"Encrypted": False}):
        made = shown(volume(SnapshotId=snapshot["SnapshotId"], **more))
        assert (made["Encrypted"], made["KmsKeyId"]) == (True, source["KmsKeyId"])


def test_encrypted_volume_from_plain_snapshot(ec2, volume, shown):
    """Can an unencrypted snapshot give an encrypted volume directly?"""
    snapshot = ec2.create_snapshot(VolumeId=volume())["SnapshotId"]
    assert shown(volume(SnapshotId=snapshot, Encrypted=True))["Encrypted"] is True
    assert shown(volume(SnapshotId=snapshot))["Encrypted"] is False


def test_by_default(ec2, volume, shown, launch, default_key):
    """Does encryption by default reach new volumes, launches and copies, in its own Region only?"""
    plain = ec2.create_snapshot(VolumeId=volume())["SnapshotId"]
    ec2.enable_ebs_encryption_by_default()
    assert ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"] is True
    assert shown(volume())["KmsKeyId"] == default_key()
    launch()
    assert all(
        one["Encrypted"] for one in ec2.describe_volumes(Filters=[{"Name": "status", "Values": ["in-use"]}])["Volumes"]
    )
    copy = ec2.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=plain)["SnapshotId"]
    assert ec2.describe_snapshots(SnapshotIds=[copy])["Snapshots"][0]["Encrypted"] is True
    ireland = boto3.client("ec2", region_name="eu-west-1")
    assert ireland.create_volume(AvailabilityZone="eu-west-1a", Size=1)["Encrypted"] is False
    ec2.disable_ebs_encryption_by_default()
    assert shown(volume())["Encrypted"] is False


def test_default_key_can_be_changed(ec2, volume, shown):
    """Is the Region's default key used, shown and given back?"""
    key = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
    assert ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == "alias/aws/ebs"
    ec2.modify_ebs_default_kms_key_id(KmsKeyId=key)
    assert ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == key == shown(volume(Encrypted=True))["KmsKeyId"]
    assert ec2.reset_ebs_default_kms_key_id()["KmsKeyId"] != key
