"""Nothing leaves the process."""

import socket

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import EndpointConnectionError

from course.lab import transport
from course.lab.gate import NotOffline


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize(
    "client, call",
    [
        (("savingsplans", {}), "describe_savings_plans"),
        (("ec2", {"endpoint_url": "http://localhost:9"}), "describe_vpcs"),
        (("s3", {"endpoint_url": "https://storage.example.com"}), "list_buckets"),
    ],
)
def test_unserved_address_is_an_error(client, call):
    """Does a service moto lacks, or an address that is not AWS's, fail at once and in plain words?"""
    name, more = client
    with pytest.raises(NotOffline, match="offline account does not serve"):
        getattr(boto3.client(name, **more), call)()


def test_unserved_operation_is_an_error(ec2):
    """Does an operation moto lacks fail with its name?"""
    with pytest.raises(NotOffline, match="no ec2 DescribeVolumeStatus"):
        ec2.describe_volume_status()


def test_another_answer_can_stand_at_the_door(ec2):
    """Can a grader put its own transport, such as a pipe, in place of moto?"""
    seen = []

    def answer(request):
        seen.append(type(request))
        return transport.moto_answer(request)

    transport.open_door(answer)
    try:
        assert ec2.describe_vpcs()["Vpcs"]
    finally:
        transport.open_door(transport.moto_answer)
    assert seen == [AWSPreparedRequest]


@pytest.mark.parametrize("service", ["ec2", "efs"])
def test_a_region_that_does_not_exist_has_no_endpoint(service):
    """Does an Availability Zone in the place of a Region fail as on AWS, and not with a bare key?"""
    call = {"ec2": "describe_volumes", "efs": "describe_file_systems"}[service]
    with pytest.raises(EndpointConnectionError, match="us-east-1a"):
        getattr(boto3.client(service, region_name="us-east-1a"), call)()
