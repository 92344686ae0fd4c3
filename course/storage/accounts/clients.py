"""The boto3 clients that the prepared accounts share."""

from __future__ import annotations

from functools import cache


@cache
def client(service: str, region: str):
    """A boto3 client of a Region."""
    # Kept: making a client takes longer than most calls, and one lives through every reset of the account.
    import boto3

    return boto3.client(service, region_name=region)


def ec2(region: str):
    """The EC2 client of a Region."""
    return client("ec2", region)
