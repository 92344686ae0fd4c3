"""Elastic IP addresses."""

import boto3
import pytest


@pytest.fixture
def address(ec2):
    """Allocate an address and give its allocation id."""
    return lambda: ec2.allocate_address(Domain="vpc")["AllocationId"]


@pytest.fixture
def public(ec2):
    """The public address an instance shows, or None."""

    def public(instance):
        (found,) = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"]
        return found.get("PublicIpAddress")

    return public


def ip(ec2, allocation):
    return ec2.describe_addresses(AllocationIds=[allocation])["Addresses"][0]["PublicIp"]


def test_five_per_region(ec2, address, refused):
    """Is the sixth address of a Region refused, until one is released, and another Region apart?"""
    first = [address() for _ in range(5)][0]
    refused(ec2.allocate_address, "AddressLimitExceeded", "maximum number", Domain="vpc")
    boto3.client("ec2", region_name="eu-west-1").allocate_address(Domain="vpc")
    ec2.release_address(AllocationId=first)
    assert address()


def test_release_after_disassociation(ec2, address, launch, refused):
    """Can only an address be released that is not in use, and that this Region has?"""
    one = address()
    made = ec2.associate_address(AllocationId=one, InstanceId=launch())["AssociationId"]
    refused(ec2.release_address, "InvalidIPAddress.InUse", ip(ec2, one), AllocationId=one)
    ec2.disassociate_address(AssociationId=made)
    refused(ec2.disassociate_address, "InvalidAssociationID.NotFound", made, AssociationId=made)
    abroad = boto3.client("ec2", region_name="eu-west-1")
    refused(abroad.release_address, "InvalidAllocationID.NotFound", one, AllocationId=one)
    ec2.release_address(AllocationId=one)
    refused(ec2.release_address, "InvalidAllocationID.NotFound", one, AllocationId=one)


def test_remap_in_one_call(ec2, address, launch, public, refused):
    """Does an address move by itself, and stay when the call says false?"""
    one, primary, standby = address(), launch(), launch()
    first = ec2.associate_address(AllocationId=one, InstanceId=primary)["AssociationId"]
    assert ec2.associate_address(AllocationId=one, InstanceId=primary)["AssociationId"] == first
    stay = {"AllocationId": one, "InstanceId": standby, "AllowReassociation": False}
    refused(ec2.associate_address, "Resource.AlreadyAssociated", one, first, **stay)
    assert public(primary) == ip(ec2, one)
    ec2.associate_address(AllocationId=one, InstanceId=standby)
    assert public(standby) == ip(ec2, one) != public(primary)
    two = address()
    refused(
        ec2.associate_address,
        "Resource.AlreadyAssociated",
        AllocationId=two,
        InstanceId=standby,
        AllowReassociation=False,
    )
    ec2.associate_address(AllocationId=two, InstanceId=standby)
    assert public(standby) == ip(ec2, two)
    assert "AssociationId" not in ec2.describe_addresses(AllocationIds=[one])["Addresses"][0]
    ec2.associate_address(AllocationId=one, InstanceId=primary, AllowReassociation=False)


def test_targets(ec2, address, launch, refused):
    """Is a target needed that lives, is one interface, and is in this Region?"""
    one, gone = address(), launch()
    refused(ec2.associate_address, "MissingParameter", "instance ID", AllocationId=one)
    refused(
        ec2.associate_address, "InvalidAllocationID.NotFound", "eipalloc-0", AllocationId="eipalloc-0", InstanceId=gone
    )
    ec2.terminate_instances(InstanceIds=[gone])
    refused(ec2.associate_address, "InvalidInstanceID", "terminated", AllocationId=one, InstanceId=gone)
    abroad = boto3.client("ec2", region_name="eu-west-1")
    refused(abroad.associate_address, "InvalidAllocationID.NotFound", one, AllocationId=one, InstanceId=gone)
    stopped = launch()
    ec2.stop_instances(InstanceIds=[stopped])
    wrong = {"AllocationId": one, "InstanceId": stopped, "PrivateIpAddress": "10.9.9.9"}
    refused(ec2.associate_address, "InvalidParameterValue", "10.9.9.9", **wrong)
    assert ec2.associate_address(AllocationId=one, InstanceId=stopped)
    subnet = ec2.describe_instances(InstanceIds=[stopped])["Reservations"][0]["Instances"][0]["SubnetId"]
    eni = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    ec2.attach_network_interface(NetworkInterfaceId=eni, InstanceId=stopped, DeviceIndex=1)
    refused(ec2.associate_address, "InvalidInstanceID", "multiple interfaces", AllocationId=one, InstanceId=stopped)
    ec2.associate_address(AllocationId=one, NetworkInterfaceId=eni)


def test_a_vpc_needs_an_internet_gateway(ec2, address, refused):
    """Is the association refused until the VPC has a gateway?"""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    eni = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    wanted = {"AllocationId": address(), "NetworkInterfaceId": eni}
    refused(ec2.associate_address, "Gateway.NotAttached", vpc, **wanted)
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    assert ec2.associate_address(**wanted)["AssociationId"].startswith("eipassoc-")


def test_stop_and_start(ec2, address, launch, public):
    """Is a public address given back and replaced, and an Elastic IP address kept?"""
    server = launch()
    before = public(server)
    assert before
    ec2.stop_instances(InstanceIds=[server])
    assert public(server) is None
    ec2.start_instances(InstanceIds=[server])
    assert public(server) not in (None, before)
    one = address()
    ec2.associate_address(AllocationId=one, InstanceId=server)
    ec2.stop_instances(InstanceIds=[server])
    assert public(server) == ip(ec2, one)
    ec2.start_instances(InstanceIds=[server])
    assert public(server) == ip(ec2, one)
    ec2.terminate_instances(InstanceIds=[server])
    left = ec2.describe_addresses()["Addresses"][0]
    assert left["AllocationId"] == one and not left.get("AssociationId") and not left.get("InstanceId")


def test_a_nat_gateway_holds_its_address(ec2, address, refused):
    """Is the address in use until the gateway is deleted?"""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    one = address()
    gateway = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=one)["NatGateway"]["NatGatewayId"]
    refused(ec2.release_address, "InvalidIPAddress.InUse", ip(ec2, one), AllocationId=one)
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    assert ec2.describe_network_interfaces()["NetworkInterfaces"] == []
    ec2.release_address(AllocationId=one)
