"""CopyVolumes."""


def test_a_copy_in_the_same_zone(ec2, volume, shown):
    """Is the copy in the source's zone, of its size, type gp2, unless named?"""
    source = volume(AvailabilityZone="us-east-1b", Size=10, VolumeType="gp3")
    (made,) = ec2.copy_volumes(SourceVolumeId=source)["Volumes"]
    assert (made["AvailabilityZone"], made["Size"], made["VolumeType"], made["SourceVolumeId"]) == (
        "us-east-1b",
        10,
        "gp2",
        source,
    )
    assert shown(made["VolumeId"])["State"] == "available"


def test_a_copy_can_be_larger_and_encrypted(ec2, volume, shown):
    """May it grow, be encrypted, and be tagged?"""
    tags = [{"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": "safe"}]}]
    wanted = {
        "SourceVolumeId": volume(Size=10),
        "Size": 20,
        "VolumeType": "gp3",
        "Encrypted": True,
        "TagSpecifications": tags,
    }
    made = shown(ec2.copy_volumes(**wanted)["Volumes"][0]["VolumeId"])
    assert (made["Size"], made["Iops"], made["Encrypted"], made["Tags"]) == (20, 3000, True, tags[0]["Tags"])


def test_encryption_is_inherited(ec2, volume, shown):
    """Is the copy of an encrypted volume encrypted with the same key, whatever is asked?"""
    source = volume(Encrypted=True)
    made = shown(ec2.copy_volumes(SourceVolumeId=source, Encrypted=False)["Volumes"][0]["VolumeId"])
    assert (made["Encrypted"], made["KmsKeyId"]) == (True, shown(source)["KmsKeyId"])


def test_rules_of_volumes_hold(ec2, volume, refused):
    """Is an impossible copy refused?"""
    source = volume(Size=10)
    refused(ec2.copy_volumes, "InvalidParameterValue", ">= 10GB", SourceVolumeId=source, Size=9)
    refused(ec2.copy_volumes, "InvalidParameterCombination", "iops must be", SourceVolumeId=source, VolumeType="io2")
    refused(ec2.copy_volumes, "InvalidParameterValue", "125 GiB", SourceVolumeId=source, VolumeType="st1")
    refused(ec2.copy_volumes, "InvalidParameterDependency", "KmsKeyId", SourceVolumeId=source, KmsKeyId="alias/aws/ebs")
    refused(ec2.copy_volumes, "InvalidVolume.NotFound", "vol-0", SourceVolumeId="vol-0")
