"""Security Hub: enabled once, and before anything else."""

import boto3


def test_enabling(refused, _fresh):
    """Is a second time refused, and findings without a subscription?"""
    hub = boto3.client("securityhub")
    refused(hub.get_findings, "InvalidAccessException", "not subscribed", status=401)
    hub.enable_security_hub()
    refused(hub.enable_security_hub, "ResourceConflictException", "already subscribed", status=409)
    assert hub.get_findings()["Findings"] == []
    hub.disable_security_hub()
    hub.enable_security_hub()
