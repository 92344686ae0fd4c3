"""The environment a learner's boto3 finds."""

import os

from course import lab
from course.lab import environment


def test_moto_switches_are_on():
    """Does moto check instance types, key pairs and images, even when it was imported before?"""
    from moto import settings

    assert (
        settings.EC2_ENABLE_INSTANCE_TYPE_VALIDATION
        and settings.ENABLE_KEYPAIR_VALIDATION
        and settings.ENABLE_AMI_VALIDATION
    )


def test_the_checks_work(ec2, image, refused):
    """Are an unknown instance type and key pair refused?"""
    run = {"ImageId": image, "MinCount": 1, "MaxCount": 1}
    refused(ec2.run_instances, "InvalidInstanceType.NotFound", InstanceType="t99.huge", **run)
    refused(ec2.run_instances, "InvalidKeyPair.NotFound", InstanceType="t3.micro", KeyName="lost", **run)


def test_no_file_of_the_learner_is_read():
    """Do the config and credentials files point nowhere, and is the instance metadata service off?"""
    assert os.environ["AWS_SHARED_CREDENTIALS_FILE"] == os.environ["AWS_CONFIG_FILE"] == os.devnull
    assert os.environ["AWS_EC2_METADATA_DISABLED"] == "true"


def test_entering_twice_remembers_the_first(monkeypatch):
    """Does a second start still restore what was there before the first?"""
    lab.stop()
    monkeypatch.setenv("AWS_PROFILE", "company")
    environment.enter("us-east-1")
    environment.enter("eu-west-1")
    environment.leave()
    assert os.environ["AWS_PROFILE"] == "company"
