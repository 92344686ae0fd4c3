"""The environment a learner's boto3 finds."""

import os
from pathlib import Path

import boto3

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
    refused(ec2.run_instances, "InvalidParameterValue", InstanceType="t99.huge", **run)
    refused(ec2.run_instances, "InvalidKeyPair.NotFound", InstanceType="t3.micro", KeyName="lost", **run)


def test_no_file_of_the_learner_is_read():
    """Do the config and credentials files lie in a folder of the lab, and is the instance metadata service off?"""
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CLI_HISTORY_FILE"):
        assert Path(os.environ[name]).parent == environment.folder()
    assert environment.folder().is_dir() and not list(environment.folder().iterdir())
    assert os.environ["AWS_EC2_METADATA_DISABLED"] == "true"


def test_the_folder_goes_with_the_account():
    """Is nothing left of a stopped account, and does a fresh one begin without the profiles of the last?"""
    first = environment.folder()
    lab.aws("configure set region eu-west-1 --profile mine")
    lab.start()
    assert not first.exists() and "mine" not in boto3.Session().available_profiles
    second = environment.folder()
    lab.stop()
    assert not second.exists()


def test_a_forked_process_has_its_own_folder():
    """Does a process forked from one with an account neither use nor remove its parent's folder?"""
    mine = environment.folder()
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.write(write, str(environment.folder()).encode())
        environment._remove_folder()
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 1000).decode() != str(mine) and mine.is_dir()
    os.close(read), os.close(write)


def test_entering_twice_remembers_the_first(monkeypatch):
    """Does a second start still restore what was there before the first?"""
    lab.stop()
    monkeypatch.setenv("AWS_PROFILE", "company")
    environment.enter("us-east-1")
    environment.enter("eu-west-1")
    environment.leave()
    assert os.environ["AWS_PROFILE"] == "company"
