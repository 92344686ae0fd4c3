"""Images made from instances, from snapshots and from other Regions."""

import boto3
import pytest


@pytest.fixture
def image_of(ec2):
    return lambda image_id: ec2.describe_images(ImageIds=[image_id])["Images"][0]


def ebs_of(image):
    return {one["DeviceName"]: one["Ebs"] for one in image["BlockDeviceMappings"]}


def test_image_of_an_instance(ec2, launch, image_of, refused):
    """Has the image one snapshot per volume, in its size, type and encryption, and do launches get them?"""
    data = {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 20, "VolumeType": "gp3", "Iops": 4000, "Encrypted": True}}
    instance = launch(BlockDeviceMappings=[data])
    golden = image_of(ec2.create_image(InstanceId=instance, Name="golden")["ImageId"])
    root, disk = ebs_of(golden)["/dev/xvda"], ebs_of(golden)["/dev/sdf"]
    assert (root["VolumeSize"], root["VolumeType"], root["Encrypted"]) == (8, "gp3", False)
    assert (disk["VolumeSize"], disk["Iops"], disk["Encrypted"], disk["DeleteOnTermination"]) == (20, 4000, True, True)
    assert len(ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]) == 2
    ec2.terminate_instances(InstanceIds=[instance])
    launch(ImageId=golden["ImageId"])
    assert sorted((one["Size"], one["Encrypted"]) for one in ec2.describe_volumes()["Volumes"]) == [
        (8, False),
        (20, True),
    ]
    refused(ec2.delete_snapshot, "InvalidSnapshot.InUse", golden["ImageId"], SnapshotId=disk["SnapshotId"])


def test_image_with_a_changed_mapping(ec2, launch, image_of, refused):
    """Can a volume of the image be larger than the instance's, but not smaller or impossible?"""
    instance = launch()

    def wanted(**ebs):
        return {"InstanceId": instance, "Name": "web", "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": ebs}]}

    refused(ec2.create_image, "InvalidBlockDeviceMapping", "expect size >= 8GB", **wanted(VolumeSize=7))
    refused(ec2.create_image, "InvalidParameterCombination", "root", **wanted(VolumeSize=500, VolumeType="st1"))
    refused(ec2.create_image, "InvalidParameterValue", "ratio", **wanted(VolumeType="gp3", Iops=4001))
    made = image_of(ec2.create_image(**wanted(VolumeSize=9))["ImageId"])
    assert ebs_of(made)["/dev/xvda"]["VolumeSize"] == 9


def test_image_of_a_snapshot(ec2, volume, launch, image_of, refused):
    """Is a registered image launched with the volumes it names?"""
    snapshot = ec2.create_snapshot(VolumeId=volume(Size=12))["SnapshotId"]

    def wanted(**ebs):
        mapping = [{"DeviceName": "/dev/xvda", "Ebs": ebs}]
        return {"Name": "own", "Architecture": "x86_64", "RootDeviceName": "/dev/xvda", "BlockDeviceMappings": mapping}

    refused(ec2.register_image, "InvalidBlockDeviceMapping", "11GB", **wanted(SnapshotId=snapshot, VolumeSize=11))
    refused(ec2.register_image, "InvalidBlockDeviceMapping", "snapshot", **wanted(VolumeSize=11))
    refused(
        ec2.register_image,
        "InvalidParameterCombination",
        "root",
        **wanted(SnapshotId=snapshot, VolumeSize=500, VolumeType="sc1"),
    )
    refused(ec2.register_image, "InvalidSnapshot.NotFound", "snap-0", **wanted(SnapshotId="snap-0"))
    made = image_of(ec2.register_image(**wanted(SnapshotId=snapshot, VolumeType="gp3"))["ImageId"])
    assert (made["Architecture"], made["RootDeviceName"], ebs_of(made)["/dev/xvda"]["VolumeSize"]) == (
        "x86_64",
        "/dev/xvda",
        12,
    )
    launch(ImageId=made["ImageId"])
    (root,) = [one for one in ec2.describe_volumes()["Volumes"] if one["State"] == "in-use"]
    assert (root["Size"], root["SnapshotId"]) == (12, snapshot)
    refused(ec2.delete_snapshot, "InvalidSnapshot.InUse", made["ImageId"], SnapshotId=snapshot)


def test_image_copied_to_another_region(ec2, launch):
    """Has the copy snapshots of its own there, encrypted when asked for?"""
    data = {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 20}}
    golden = ec2.create_image(InstanceId=launch(BlockDeviceMappings=[data]), Name="golden")["ImageId"]
    ireland = boto3.client("ec2", region_name="eu-west-1")
    made = ireland.copy_image(SourceImageId=golden, SourceRegion="us-east-1", Name="golden", Encrypted=True)["ImageId"]
    ebs = ebs_of(ireland.describe_images(ImageIds=[made])["Images"][0])
    own = {one["SnapshotId"]: one for one in ireland.describe_snapshots(OwnerIds=["self"])["Snapshots"]}
    assert {device: (one["VolumeSize"], one["Encrypted"]) for device, one in ebs.items()} == {
        "/dev/xvda": (8, True),
        "/dev/sdf": (20, True),
    }
    assert {one["SnapshotId"] for one in ebs.values()} == set(own)
    assert sorted(one["VolumeSize"] for one in own.values()) == [8, 20]
