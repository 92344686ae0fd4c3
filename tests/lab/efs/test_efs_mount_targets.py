"""EFS mount targets."""

import pytest


@pytest.fixture
def subnet(ec2):
    """The default subnet of a zone."""
    zones = {one["AvailabilityZone"]: one["SubnetId"] for one in ec2.describe_subnets()["Subnets"]}
    return lambda zone="us-east-1a": zones[zone]


@pytest.fixture
def files(efs):
    return efs.create_file_system(CreationToken="a")["FileSystemId"]


@pytest.fixture
def groups(ec2):
    """Security groups of the default VPC."""
    return [ec2.create_security_group(GroupName=f"nfs{n}", Description="nfs")["GroupId"] for n in range(6)]


@pytest.fixture
def elsewhere(ec2):
    """A VPC of its own: subnet in us-east-1b, security group."""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    there = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", AvailabilityZone="us-east-1b")["Subnet"]["SubnetId"]
    return there, ec2.create_security_group(GroupName="nfs", Description="nfs", VpcId=vpc)["GroupId"]


def test_one_per_zone_and_one_vpc(efs, files, subnet, elsewhere, refused):
    """Is there one mount target per zone, all in one VPC?"""
    create = efs.create_mount_target
    create(FileSystemId=files, SubnetId=subnet())
    refused(
        create,
        "MountTargetConflict",
        "mount target already exists in this AZ",
        status=409,
        FileSystemId=files,
        SubnetId=subnet(),
    )
    refused(create, "MountTargetConflict", "same VPC", status=409, FileSystemId=files, SubnetId=elsewhere[0])
    assert create(FileSystemId=files, SubnetId=subnet("us-east-1b"))["AvailabilityZoneName"] == "us-east-1b"


def test_one_zone(efs, subnet, refused):
    """Has a One Zone file system its mount target in its own zone only?"""
    files = efs.create_file_system(CreationToken="b", AvailabilityZoneName="us-east-1b")["FileSystemId"]
    refused(efs.create_mount_target, "AvailabilityZonesMismatch", "us-east-1b", FileSystemId=files, SubnetId=subnet())
    efs.create_mount_target(FileSystemId=files, SubnetId=subnet("us-east-1b"))


def test_what_must_exist(efs, files, subnet, refused):
    """Are a file system and a subnet that do not exist refused, with the exceptions of the client?"""
    create = efs.create_mount_target
    error = refused(create, "SubnetNotFound", "subnet-0123", FileSystemId=files, SubnetId="subnet-012345678")
    assert isinstance(error, efs.exceptions.SubnetNotFound)
    refused(create, "FileSystemNotFound", "fs-01234567", status=404, FileSystemId="fs-01234567", SubnetId=subnet())


def test_security_groups(efs, files, subnet, groups, elsewhere, refused):
    """Are five groups of the subnet's VPC the most?"""
    create, target = efs.create_mount_target, {"FileSystemId": files, "SubnetId": subnet()}
    refused(create, "SecurityGroupLimitExceeded", 5, SecurityGroups=groups, **target)
    refused(create, "SecurityGroupNotFound", "sg-0123", SecurityGroups=["sg-012345678"], **target)
    refused(create, "SecurityGroupNotFound", elsewhere[1], SecurityGroups=[elsewhere[1]], **target)
    made = create(SecurityGroups=groups[:5], **target)["MountTargetId"]
    change = efs.modify_mount_target_security_groups
    refused(change, "SecurityGroupLimitExceeded", 5, MountTargetId=made, SecurityGroups=groups)
    refused(change, "SecurityGroupNotFound", elsewhere[1], MountTargetId=made, SecurityGroups=[elsewhere[1]])
    refused(
        change, "MountTargetNotFound", "fsmt-0", status=404, MountTargetId="fsmt-01234567", SecurityGroups=groups[:1]
    )
    change(MountTargetId=made, SecurityGroups=groups[:1])
    assert efs.describe_mount_target_security_groups(MountTargetId=made)["SecurityGroups"] == groups[:1]


def test_address(efs, ec2, files, subnet, refused):
    """Must a chosen address lie in the subnet and be free?"""
    target = {"FileSystemId": files, "SubnetId": subnet()}
    cidr = ec2.describe_subnets(SubnetIds=[subnet()])["Subnets"][0]["CidrBlock"]
    prefix = cidr.rsplit(".", 1)[0]
    refused(efs.create_mount_target, "BadRequest", "address range", IpAddress="10.9.9.9", **target)
    refused(efs.create_mount_target, "IpAddressInUse", f"{prefix}.1", status=409, IpAddress=f"{prefix}.1", **target)
    assert efs.create_mount_target(IpAddress=f"{prefix}.77", **target)["IpAddress"] == f"{prefix}.77"


def test_without_groups_the_default_group_of_the_vpc_guards_it(ec2, efs, files, subnet):
    """Is a mount target never without a security group?"""
    target = efs.create_mount_target(FileSystemId=files, SubnetId=subnet())["MountTargetId"]
    (group,) = efs.describe_mount_target_security_groups(MountTargetId=target)["SecurityGroups"]
    assert ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["GroupName"] == "default"
