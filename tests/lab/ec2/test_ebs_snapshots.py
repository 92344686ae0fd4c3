"""Snapshots: copies, owners, and what uses them."""

import boto3
import pytest


@pytest.fixture
def snapshot(ec2, volume):
    """Snapshot a new volume of 10 GiB."""
    return lambda **more: ec2.create_snapshot(VolumeId=volume(Size=10, **more))["SnapshotId"]


def described(snapshot_id, region="us-east-1"):
    return boto3.client("ec2", region_name=region).describe_snapshots(SnapshotIds=[snapshot_id])["Snapshots"][0]


def test_a_copy_can_be_encrypted(ec2, snapshot, volume, shown):
    """Is Encrypted=True obeyed, with the key behind aws/ebs, size and tags kept, and the source untouched?"""
    source = snapshot()
    tags = [{"ResourceType": "snapshot", "Tags": [{"Key": "Name", "Value": "safe"}]}]
    made = ec2.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=source, Encrypted=True, TagSpecifications=tags)
    assert made["Tags"] == tags[0]["Tags"]
    copy = described(made["SnapshotId"])
    assert (copy["Encrypted"], copy["VolumeSize"], copy["Tags"]) == (True, 10, tags[0]["Tags"])
    assert copy["KmsKeyId"].startswith("arn:aws:kms:us-east-1:123456789012:key/")
    assert copy["Description"] == f"[Copied {source} from us-east-1]"
    assert described(source)["Encrypted"] is False
    assert shown(volume(SnapshotId=copy["SnapshotId"]))["KmsKeyId"] == copy["KmsKeyId"]


def test_a_copy_with_a_key_of_ones_own(ec2, snapshot):
    """Is a key named by its id shown as an ARN?"""
    key = boto3.client("kms").create_key()["KeyMetadata"]
    wanted = {"SourceRegion": "us-east-1", "SourceSnapshotId": snapshot(), "Encrypted": True, "KmsKeyId": key["KeyId"]}
    assert described(ec2.copy_snapshot(**wanted)["SnapshotId"])["KmsKeyId"] == key["Arn"]


def test_a_plain_copy_stays_plain(ec2, snapshot):
    """Is a copy without Encrypted as unencrypted as its source?"""
    made = ec2.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=snapshot(), Description="twin")["SnapshotId"]
    assert (described(made)["Encrypted"], described(made)["Description"]) == (False, "twin")


def test_encryption_cannot_be_copied_away(ec2, snapshot, refused):
    """Is a copy of an encrypted snapshot encrypted, and Encrypted=False refused?"""
    source = {"SourceRegion": "us-east-1", "SourceSnapshotId": snapshot(Encrypted=True)}
    assert described(ec2.copy_snapshot(**source)["SnapshotId"])["Encrypted"] is True
    refused(ec2.copy_snapshot, "InvalidParameterValue", "encrypted", Encrypted=False, **source)


def test_a_key_needs_encryption(ec2, snapshot, refused):
    """Is a key for an unencrypted copy refused?"""
    source = {"SourceRegion": "us-east-1", "SourceSnapshotId": snapshot()}
    refused(ec2.copy_snapshot, "InvalidParameterDependency", "KmsKeyId", KmsKeyId="alias/aws/ebs", **source)


def test_to_another_region(ec2, snapshot, refused):
    """Is the copy made where the call goes, with that Region's key?"""
    source, ireland = snapshot(Encrypted=True), boto3.client("ec2", region_name="eu-west-1")
    made = ireland.copy_snapshot(SourceRegion="us-east-1", SourceSnapshotId=source)["SnapshotId"]
    assert described(made, "eu-west-1")["KmsKeyId"].startswith("arn:aws:kms:eu-west-1:")
    assert [one["SnapshotId"] for one in ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]] == [source]
    assert ireland.create_volume(AvailabilityZone="eu-west-1b", SnapshotId=made)["Encrypted"] is True
    refused(
        ireland.copy_snapshot, "InvalidSnapshot.NotFound", source, SourceRegion="eu-west-1", SourceSnapshotId=source
    )
    refused(ireland.copy_snapshot, "InvalidParameterValue", "mars-1", SourceRegion="mars-1", SourceSnapshotId=source)


def test_owners(ec2, snapshot, image):
    """Does one see one's own snapshots, and those behind Amazon's images only when asking for them?"""
    mine = snapshot()
    for owners in ({}, {"OwnerIds": ["self"]}, {"OwnerIds": ["123456789012"]}):
        assert [one["SnapshotId"] for one in ec2.describe_snapshots(**owners)["Snapshots"]] == [mine]
    assert mine not in [one["SnapshotId"] for one in ec2.describe_snapshots(OwnerIds=["amazon"])["Snapshots"]]
    behind = ec2.describe_images(ImageIds=[image])["Images"][0]["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    assert described(behind)["VolumeSize"] == 8


def test_delete_in_use(ec2, launch, refused):
    """Is a snapshot kept as long as an image needs it?"""
    made = ec2.create_image(InstanceId=launch(), Name="web")["ImageId"]
    (behind,) = [one["SnapshotId"] for one in ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]]
    words = f"The snapshot {behind} is currently in use by {made}"
    refused(ec2.delete_snapshot, "InvalidSnapshot.InUse", words, SnapshotId=behind)
    ec2.deregister_image(ImageId=made)
    ec2.delete_snapshot(SnapshotId=behind)
    refused(ec2.delete_snapshot, "InvalidSnapshot.NotFound", behind, SnapshotId=behind)
