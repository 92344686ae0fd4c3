"""The gate itself: order, errors, and the shapes of both protocols."""

import pytest
from botocore.exceptions import ClientError

from course.lab import gate


@pytest.fixture
def registry(monkeypatch):
    """Rules of this test only."""
    for name in ("_RULES", "_ANSWERS", "_CORRECTIONS"):
        table = getattr(gate, name)
        copied = table.copy()
        for key, entry in copied.items():
            copied[key] = list(entry) if isinstance(entry, list) else entry
        monkeypatch.setattr(gate, name, copied)


def test_a_rule_refuses_before_moto(registry, ec2):
    """Does a rule see boto3's own arguments, and does its error arrive as a ClientError?"""
    seen = []

    @gate.refuses("ec2", "CreateVpc")
    def never(call):
        seen.append(call)
        raise gate.Refused("VpcLimitExceeded", "The maximum number of VPCs has been reached.")

    arguments = {
        "CidrBlock": "10.0.0.0/16",
        "TagSpecifications": [{"ResourceType": "vpc", "Tags": [{"Key": "a", "Value": "b"}]}],
    }
    with pytest.raises(ClientError, match="VpcLimitExceeded.*maximum number of VPCs"):
        ec2.create_vpc(**arguments)
    call = seen[0]
    assert call.params == arguments
    assert (call.service, call.operation, call.region, call.account_id) == (
        "ec2",
        "CreateVpc",
        "us-east-1",
        "123456789012",
    )
    assert len(call.backend.vpcs) == len(ec2.describe_vpcs()["Vpcs"]) == 1


def test_the_lab_answers_instead_of_moto(registry, ec2):
    """Is a plain dict in boto3's shape enough for an operation moto lacks?"""

    @gate.answers("ec2", "DescribeVolumeStatus")
    def status(call):
        return {"VolumeStatuses": [{"VolumeId": "vol-1", "VolumeStatus": {"Status": "ok"}}]}

    assert ec2.describe_volume_status()["VolumeStatuses"] == [{"VolumeId": "vol-1", "VolumeStatus": {"Status": "ok"}}]


def test_two_answers_are_a_mistake(registry):
    """Is a second answer for one operation refused when it is registered?"""
    with pytest.raises(ValueError, match="already has an answer"):
        gate.answers("ec2", "CopySnapshot")(lambda call: {})


def test_a_correction_changes_the_response(registry, ec2):
    """Does a correction reach the account and the response of the very call?"""

    @gate.corrects("ec2", "CreateVpc")
    def always_dedicated(call, result):
        result["Vpc"].instance_tenancy = "dedicated"

    made = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]
    assert made["InstanceTenancy"] == "dedicated"
    assert ec2.describe_vpcs(VpcIds=[made["VpcId"]])["Vpcs"][0]["InstanceTenancy"] == "dedicated"


def test_dry_run_speaks_only_of_permissions(ec2, refused):
    """Does DryRun answer DryRunOperation, also where a rule would refuse, and change nothing?"""
    refused(
        ec2.create_volume,
        "DryRunOperation",
        "would have succeeded",
        status=412,
        AvailabilityZone="x",
        Size=0,
        DryRun=True,
    )
    refused(ec2.copy_volumes, "DryRunOperation", status=412, SourceVolumeId="vol-1", DryRun=True)


def test_modelled_errors_can_be_caught_by_name(efs, ec2, refused):
    """Are errors of a rest-json service the exceptions of the client, with their HTTP status?"""
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    fs = efs.create_file_system(CreationToken="a")["FileSystemId"]
    efs.create_mount_target(FileSystemId=fs, SubnetId=subnet)
    with pytest.raises(efs.exceptions.MountTargetConflict):
        efs.create_mount_target(FileSystemId=fs, SubnetId=subnet)
    refused(
        efs.create_mount_target,
        "MountTargetConflict",
        "already exists in this AZ",
        status=409,
        FileSystemId=fs,
        SubnetId=subnet,
    )
