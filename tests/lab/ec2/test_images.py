"""The images of the offline account."""

import boto3
import pytest

from course.lab.ec2 import images


def test_every_region_has_images_of_its_own(ec2, launch, refused):
    """Are there few images, of both architectures, whose ids differ between Regions?"""
    here = ec2.describe_images()["Images"]
    there = boto3.client("ec2", region_name="eu-west-1").describe_images()["Images"]
    assert 4 <= len(here) < 30
    assert {image["Architecture"] for image in here} == {"x86_64", "arm64"}
    assert not {i["ImageId"] for i in here} & {i["ImageId"] for i in there}
    arguments = {"ImageId": there[0]["ImageId"], "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    refused(ec2.run_instances, "InvalidAMIID.NotFound", there[0]["ImageId"], **arguments)


@pytest.mark.parametrize("name, size", [("al2023-ami-2023.*", 8), ("ubuntu/*", 8), ("Windows_Server-*", 30)])
def test_root_volumes_have_real_sizes(ec2, name, size):
    """Is the root volume as large as AWS's, and deleted with the instance?"""
    for image in ec2.describe_images(Filters=[{"Name": "name", "Values": [name]}])["Images"]:
        (root,) = image["BlockDeviceMappings"]
        assert root["DeviceName"] == image["RootDeviceName"]
        assert (root["Ebs"]["VolumeSize"], root["Ebs"]["DeleteOnTermination"]) == (size, True)


def test_parameter_store_names_the_same_images(ec2):
    """Can the image named by the public parameter be found?"""
    name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
    found = boto3.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
    assert ec2.describe_images(ImageIds=[found])["Images"][0]["Architecture"] == "x86_64"


def test_a_new_region_derives_ids():
    """Does a Region moto has no list for still have an id, always the same?"""
    assert (
        images.image_id("mars-1", "ubuntu")
        == images.image_id("mars-1", "ubuntu")
        != images.image_id("mars-2", "ubuntu")
    )
    assert len(images.image_id("mars-1", "ubuntu")) == len("ami-") + 17
