"""Launching instances."""

import base64
import json

import boto3
import pytest


@pytest.fixture
def asked(image):
    """The parameters of a launch; keyword arguments change them."""
    return lambda **more: {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, **more}


@pytest.fixture
def arm(ec2):
    """Amazon Linux 2023 for arm64."""
    found = ec2.describe_images(Filters=[{"Name": "architecture", "Values": ["arm64"]}])["Images"]
    return found[0]["ImageId"]


@pytest.mark.parametrize(
    "bad, code, word",
    [
        ({"MinCount": 3, "MaxCount": 2}, "InvalidParameterValue", "minCount"),
        ({"MinCount": 0, "MaxCount": 2}, "InvalidParameterValue", "minCount"),
        ({"InstanceType": "t9.micro"}, "InvalidParameterValue", "t9.micro"),
        ({"InstanceType": "t4g.micro"}, "InvalidParameterValue", "'arm64' of the specified instance type"),
        ({"ImageId": "ami-0123456789abcdef0"}, "InvalidAMIID.NotFound", "ami-0123456789abcdef0"),
        ({"ImageId": "ubuntu"}, "InvalidAMIID.Malformed", "ubuntu"),
        ({"KeyName": "nobody"}, "InvalidKeyPair.NotFound", "nobody"),
        ({"UserData": "#" * 16385}, "InvalidParameterValue", "16384 bytes"),
        ({"Placement": {"Tenancy": "alone"}}, "InvalidParameterValue", "alone"),
        ({"Placement": {"AvailabilityZone": "us-east-1x"}}, "InvalidParameterValue", "us-east-1x"),
        ({"Placement": {"AvailabilityZone": "eu-west-1a"}}, "InvalidParameterValue", "eu-west-1a"),
        ({"InstanceInitiatedShutdownBehavior": "hibernate"}, "InvalidParameterValue", "stop, terminate"),
        ({"MetadataOptions": {"HttpTokens": "always"}}, "InvalidParameterValue", "optional, required"),
        ({"MetadataOptions": {"HttpEndpoint": "off"}}, "InvalidParameterValue", "enabled, disabled"),
        ({"MetadataOptions": {"HttpPutResponseHopLimit": 65}}, "InvalidParameterValue", "1 to 64"),
        ({"IamInstanceProfile": {"Name": "nobody"}}, "InvalidParameterValue", "Invalid IAM Instance Profile name"),
        ({"IamInstanceProfile": {"Arn": "arn:aws:iam::1:x"}}, "InvalidParameterValue", "Profile ARN"),
    ],
)
def test_impossible_launches(ec2, asked, refused, bad, code, word):
    """Is the launch refused as a whole?"""
    refused(ec2.run_instances, code, word, **asked(**bad))


@pytest.mark.parametrize(
    "good",
    [
        {"MinCount": 2, "MaxCount": 2},
        {"UserData": "#" * 16384},
        {"Placement": {"Tenancy": "dedicated"}},
        {"InstanceInitiatedShutdownBehavior": "terminate"},
        {"MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 64}},
    ],
)
def test_possible_launches(ec2, asked, good):
    """Are the neighbours accepted?"""
    assert ec2.run_instances(**asked(**good))["Instances"]


def test_count_type_and_tenancy_are_shown(ec2, asked, arm):
    """Does AWS launch MaxCount instances, an arm64 image on Graviton, and show the tenancy?"""
    assert len(ec2.run_instances(**asked(MinCount=1, MaxCount=3))["Instances"]) == 3
    assert ec2.run_instances(**asked(ImageId=arm, InstanceType="t4g.micro"))
    (one,) = ec2.run_instances(**asked(InstanceType="m5.large", Placement={"Tenancy": "dedicated"}))["Instances"]
    assert one["Placement"]["Tenancy"] == "dedicated"


def test_an_image_belongs_to_its_region(asked, refused):
    """Is an image of us-east-1 unknown in eu-west-1?"""
    abroad = boto3.client("ec2", region_name="eu-west-1")
    refused(abroad.run_instances, "InvalidAMIID.NotFound", asked()["ImageId"], **asked())


def test_a_zone_without_the_type(ec2, asked, refused):
    """Is a type refused in a zone that does not offer it, with the zones that do?"""
    old = {"InstanceType": "t3.micro", "Placement": {"AvailabilityZone": "us-east-1e"}}
    refused(ec2.run_instances, "Unsupported", "us-east-1e", "us-east-1a", **asked(**old))
    subnets = {one["AvailabilityZone"]: one["SubnetId"] for one in ec2.describe_subnets()["Subnets"]}
    both = {"SubnetId": subnets["us-east-1b"], "Placement": {"AvailabilityZone": "us-east-1a"}}
    refused(ec2.run_instances, "InvalidParameterValue", "us-east-1b", **asked(**both))
    both["Placement"]["AvailabilityZone"] = "us-east-1b"
    assert ec2.run_instances(**asked(**both))


def test_user_data_of_a_template(ec2, asked, refused):
    """Does the limit hold for a launch template, and is the data read back as it was?"""
    data = {"ImageId": asked()["ImageId"], "UserData": base64.b64encode(b"#" * 16385).decode()}
    ec2.create_launch_template(LaunchTemplateName="big", LaunchTemplateData=data)
    counts = {"MinCount": 1, "MaxCount": 1, "InstanceType": "t3.micro"}
    refused(ec2.run_instances, "InvalidParameterValue", "16384", LaunchTemplate={"LaunchTemplateName": "big"}, **counts)
    (one,) = ec2.run_instances(**asked(UserData="#!/bin/bash"))["Instances"]
    found = ec2.describe_instance_attribute(InstanceId=one["InstanceId"], Attribute="userData")["UserData"]["Value"]
    assert base64.b64decode(found) == b"#!/bin/bash"


def test_instance_profile(ec2, asked, refused):
    """Is a role no instance profile, and does each instance of a launch get the profile?"""
    iam = boto3.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName="web", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trust}))
    wanted = asked(MinCount=2, MaxCount=2, IamInstanceProfile={"Name": "web"})
    refused(ec2.run_instances, "InvalidParameterValue", "(web)", **wanted)
    iam.create_instance_profile(InstanceProfileName="web")
    for one in ec2.run_instances(**wanted)["Instances"]:
        assert one["IamInstanceProfile"]["Arn"].endswith(":instance-profile/web")


def test_metadata_options_are_kept(ec2, launch, refused):
    """Does a change leave the options it does not name, and refuse what there is not?"""
    server = launch(MetadataOptions={"HttpPutResponseHopLimit": 2})
    change = ec2.modify_instance_metadata_options
    refused(change, "InvalidParameterValue", "(0)", InstanceId=server, HttpPutResponseHopLimit=0)
    refused(change, "InvalidParameterValue", "never", InstanceId=server, HttpTokens="never")
    change(InstanceId=server, HttpTokens="required")
    (one,) = ec2.describe_instances()["Reservations"][0]["Instances"]
    options = one["MetadataOptions"]
    assert (options["HttpTokens"], options["HttpPutResponseHopLimit"], options["HttpEndpoint"]) == (
        "required",
        2,
        "enabled",
    )
    ec2.terminate_instances(InstanceIds=[server])
    refused(change, "IncorrectInstanceState", server, InstanceId=server, HttpTokens="optional")
