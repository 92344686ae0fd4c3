"""The cures for slowness do what they say, without a clock."""

import botocore.loaders
import botocore.session

from course import lab


def test_a_model_file_is_parsed_once(monkeypatch):
    """Do two sessions read a service model from disk only once?"""
    parsed = []
    original = botocore.loaders.json.loads
    monkeypatch.setattr(botocore.loaders.json, "loads", lambda *a, **k: parsed.append(1) or original(*a, **k))
    for _ in range(2):
        botocore.session.Session().get_service_model("batch")
    assert len(parsed) <= 2  # the model and its extras


def test_regions_are_counted_once(ec2, monkeypatch):
    """Does a reset not ask botocore for the Regions again?"""
    import boto3

    ec2.describe_vpcs()
    lab.reset()
    monkeypatch.setattr(boto3.Session, "get_available_regions", lambda *a, **k: 1 / 0)
    assert ec2.describe_vpcs()["Vpcs"]
