"""Starting, emptying and ending the offline account."""

import os
import subprocess
import sys

import boto3
import pytest

from course import lab

NOTHING_AT_IMPORT = """
import builtins, sys
from course import lab
assert not {name.split('.')[0] for name in sys.modules} & {'awscli', 'boto3', 'botocore', 'moto'}, 'imported too much'
"""

BEFORE_START = """
import boto3
early = boto3.client('ec2', region_name='us-east-1', aws_access_key_id='AKIAREAL', aws_secret_access_key='x')
boto3.setup_default_session(region_name='eu-west-1', aws_access_key_id='AKIAREAL', aws_secret_access_key='x')
from course import lab
lab.start('us-west-2')
try:
    early.describe_vpcs()
except early.exceptions.ClientError as refusal:
    assert refusal.response['Error']['Code'] == 'AuthFailure'
else:
    raise AssertionError('a key of another account was let in')
assert boto3.client('ec2').meta.region_name == 'us-west-2'
assert len(boto3.client('ec2').describe_vpcs()['Vpcs']) == 1
"""


def _python(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, **environment}, check=True
    ).stdout


def test_import_is_light():
    """Does importing the package import neither boto3 nor moto?"""
    _python(NOTHING_AT_IMPORT)


def test_start_again_is_fresh(ec2, volume):
    """Does a second start give an empty account?"""
    volume()
    lab.start()
    assert ec2.describe_volumes()["Volumes"] == []


def test_reset_empties_and_clients_survive(ec2, volume):
    """Is a reset account empty, with its default VPC and the same client?"""
    volume()
    lab.reset()
    assert ec2.describe_volumes()["Volumes"] == []
    assert len(ec2.describe_vpcs()["Vpcs"]) == 1


def test_bucket_names_are_free_after_a_reset():
    """Can the name of a bucket be taken again in an emptied account?"""
    for _ in range(2):
        boto3.client("s3").create_bucket(Bucket="some-bucket")
        boto3.client("s3").head_bucket(Bucket="some-bucket")
        lab.reset()


def test_start_in_another_region():
    """Do new clients use the Region named at the start, and is an unknown one refused at once?"""
    lab.start("eu-west-1")
    assert boto3.client("ec2").meta.region_name == "eu-west-1"
    with pytest.raises(ValueError, match="no Region 'mars-1'"):
        lab.start("mars-1")
    lab.stop()


def test_environment_is_hidden_and_restored(monkeypatch):
    """Are real profiles, files and endpoints out of sight while the account runs, and back afterwards?"""
    lab.stop()
    mine = {
        "AWS_PROFILE": "company",
        "AWS_CONFIG_FILE": "/nowhere/config",
        "AWS_ENDPOINT_URL_EC2": "http://localhost:1",
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "AWS_SESSION_TOKEN": "real",
    }
    for key, setting in mine.items():
        monkeypatch.setenv(key, setting)
    lab.start()
    assert not {"AWS_PROFILE", "AWS_ENDPOINT_URL_EC2", "AWS_SESSION_TOKEN"} & set(os.environ)
    assert os.environ["AWS_CONFIG_FILE"] != mine["AWS_CONFIG_FILE"]
    assert boto3.client("ec2").describe_vpcs()["Vpcs"]
    assert boto3.Session().get_credentials().access_key != "AKIAREAL"
    lab.stop()
    assert {key: os.environ.get(key) for key in mine} == mine


def test_stop_without_start_does_nothing():
    """Is stopping twice harmless, and resetting a stopped account an error that says what to do?"""
    lab.stop()
    lab.stop()
    with pytest.raises(RuntimeError, match="lab.start()"):
        lab.reset()


def test_clients_made_before_start_are_caught():
    """Does a client from before the start get the lab's refusal of its key, and is its default session gone?"""
    _python(BEFORE_START)


def test_describe_names_the_rules():
    """Can one see what the lab adds to moto?"""
    assert "not_attachable" in lab.describe()["ec2 AttachVolume"]
