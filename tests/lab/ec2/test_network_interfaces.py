"""Elastic network interfaces."""

import pytest


@pytest.fixture
def subnet(ec2):
    """The default subnet of a zone."""
    subnets = {one["AvailabilityZone"]: one for one in ec2.describe_subnets()["Subnets"]}
    return lambda zone="us-east-1a": subnets[zone]["SubnetId"]


@pytest.fixture
def narrow(ec2):
    """10.0.1.0/24 in a VPC of its own."""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24", AvailabilityZone="us-east-1a")["Subnet"]["SubnetId"]


@pytest.fixture
def interface(ec2, subnet):
    """Create an interface and give its id."""

    def interface(zone="us-east-1a", **more):
        made = ec2.create_network_interface(**{"SubnetId": subnet(zone), **more})
        return made["NetworkInterface"]["NetworkInterfaceId"]

    return interface


@pytest.fixture
def shown(ec2):
    return lambda eni: ec2.describe_network_interfaces(NetworkInterfaceIds=[eni])["NetworkInterfaces"][0]


def test_attach_in_the_zone_and_once(ec2, interface, launch, refused):
    """Are another zone, a second attachment, a used index and a terminated instance refused?"""
    server, other, attach = launch(), launch(), ec2.attach_network_interface
    far, near = interface("us-east-1b"), interface()
    refused(
        attach,
        "InvalidParameterCombination",
        "same availability zone",
        NetworkInterfaceId=far,
        InstanceId=server,
        DeviceIndex=1,
    )
    refused(attach, "InvalidParameterValue", "'0'", NetworkInterfaceId=near, InstanceId=server, DeviceIndex=0)
    attach(NetworkInterfaceId=near, InstanceId=server, DeviceIndex=1)
    again = {"NetworkInterfaceId": near, "InstanceId": other, "DeviceIndex": 1}
    refused(attach, "InvalidNetworkInterface.InUse", near, **again)
    gone = launch()
    ec2.terminate_instances(InstanceIds=[gone])
    refused(attach, "IncorrectState", gone, NetworkInterfaceId=interface(), InstanceId=gone, DeviceIndex=1)
    unknown = {"NetworkInterfaceId": "eni-0abc", "InstanceId": other, "DeviceIndex": 1}
    refused(attach, "InvalidNetworkInterfaceID.NotFound", "eni-0abc", **unknown)


def test_as_many_as_the_type_takes(ec2, interface, launch, refused):
    """Does a t3.micro take two interfaces with two addresses each, and no more?"""
    server, second, third = launch(), interface(), interface()
    ec2.attach_network_interface(NetworkInterfaceId=second, InstanceId=server, DeviceIndex=1)
    more = {"NetworkInterfaceId": third, "InstanceId": server, "DeviceIndex": 2}
    refused(ec2.attach_network_interface, "AttachmentLimitExceeded", "Interface count 3", "t3.micro", **more)
    assign = ec2.assign_private_ip_addresses
    refused(
        assign,
        "PrivateIpAddressLimitExceeded",
        "3 of 2",
        NetworkInterfaceId=second,
        SecondaryPrivateIpAddressCount=2,
    )
    assign(NetworkInterfaceId=second, SecondaryPrivateIpAddressCount=1)
    refused(assign, "PrivateIpAddressLimitExceeded", NetworkInterfaceId=second, SecondaryPrivateIpAddressCount=1)
    assign(NetworkInterfaceId=third, SecondaryPrivateIpAddressCount=5)


def test_failover_keeps_the_address(ec2, interface, launch, shown):
    """Does a secondary interface move to a standby with its address?"""
    primary, standby, eni = launch(), launch(), interface()
    address = shown(eni)["PrivateIpAddress"]
    made = ec2.attach_network_interface(NetworkInterfaceId=eni, InstanceId=primary, DeviceIndex=1)
    ec2.detach_network_interface(AttachmentId=made["AttachmentId"])
    ec2.attach_network_interface(NetworkInterfaceId=eni, InstanceId=standby, DeviceIndex=1)
    assert shown(eni)["PrivateIpAddress"] == address
    assert shown(eni)["Attachment"]["InstanceId"] == standby


def test_primary_and_attached_ones_stay(ec2, interface, launch, refused):
    """Is detaching the primary interface refused, and deleting one that is attached?"""
    server, eni = launch(), interface()
    (one,) = ec2.describe_instances(InstanceIds=[server])["Reservations"][0]["Instances"]
    first = one["NetworkInterfaces"][0]
    wanted = {"AttachmentId": first["Attachment"]["AttachmentId"]}
    refused(ec2.detach_network_interface, "OperationNotPermitted", "device index 0", **wanted)
    refused(ec2.detach_network_interface, "InvalidAttachmentID.NotFound", "eni-attach-0", AttachmentId="eni-attach-0")
    made = ec2.attach_network_interface(NetworkInterfaceId=eni, InstanceId=server, DeviceIndex=1)
    refused(ec2.delete_network_interface, "InvalidParameterValue", eni, "in use", NetworkInterfaceId=eni)
    ec2.detach_network_interface(AttachmentId=made["AttachmentId"])
    ec2.delete_network_interface(NetworkInterfaceId=eni)


def test_termination(ec2, interface, launch, shown):
    """Does the primary interface go with its instance, and another become available?"""
    server, eni = launch(), interface()
    ec2.attach_network_interface(NetworkInterfaceId=eni, InstanceId=server, DeviceIndex=1)
    ec2.terminate_instances(InstanceIds=[server])
    left = ec2.describe_network_interfaces()["NetworkInterfaces"]
    assert [one["NetworkInterfaceId"] for one in left] == [eni]
    assert left[0]["Status"] == "available" and not left[0].get("Attachment")
    assert ec2.describe_instances()["Reservations"][0]["Instances"][0]["NetworkInterfaces"] == []
    ec2.delete_network_interface(NetworkInterfaceId=eni)


@pytest.mark.parametrize(
    "address, code",
    [
        ("10.0.2.10", "InvalidParameterValue"),
        ("10.0.1.3", "InvalidParameterValue"),
        ("10.0.1.255", "InvalidParameterValue"),
        ("10.0.1.300", "InvalidParameterValue"),
        ("10.0.1.20", "InvalidIPAddress.InUse"),
    ],
)
def test_impossible_addresses(ec2, interface, image, narrow, refused, address, code):
    """Is an address outside the subnet, AWS's own or taken refused at creation, assignment and launch?"""
    taken = interface(SubnetId=narrow, PrivateIpAddress="10.0.1.20")
    eni = interface(SubnetId=narrow)
    refused(ec2.create_network_interface, code, SubnetId=narrow, PrivateIpAddress=address)
    listed = [{"PrivateIpAddress": "10.0.1.50", "Primary": True}, {"PrivateIpAddress": address, "Primary": False}]
    refused(ec2.create_network_interface, code, SubnetId=narrow, PrivateIpAddresses=listed)
    refused(ec2.assign_private_ip_addresses, code, NetworkInterfaceId=eni, PrivateIpAddresses=[address])
    more = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    refused(ec2.run_instances, code, **more, SubnetId=narrow, PrivateIpAddress=address)
    interfaces = [{"DeviceIndex": 0, "SubnetId": narrow, "PrivateIpAddress": address}]
    refused(ec2.run_instances, code, **more, NetworkInterfaces=interfaces)
    assert taken


def test_the_first_and_the_last_address(interface, narrow, shown):
    """Are the neighbours of AWS's own addresses accepted?"""
    for address in ("10.0.1.4", "10.0.1.254"):
        assert shown(interface(SubnetId=narrow, PrivateIpAddress=address))["PrivateIpAddress"] == address


def test_secondary_addresses_move(ec2, interface, narrow, shown, refused):
    """Does an address go to another interface only with AllowReassignment, and never a primary one?"""
    one, two = interface(SubnetId=narrow, PrivateIpAddress="10.0.1.10"), interface(SubnetId=narrow)
    assign, floating = ec2.assign_private_ip_addresses, ["10.0.1.99"]
    answer = assign(NetworkInterfaceId=one, PrivateIpAddresses=floating)
    assert [given["PrivateIpAddress"] for given in answer["AssignedPrivateIpAddresses"]] == floating
    refused(assign, "InvalidIPAddress.InUse", "10.0.1.99", NetworkInterfaceId=two, PrivateIpAddresses=floating)
    primary = {"NetworkInterfaceId": two, "PrivateIpAddresses": ["10.0.1.10"], "AllowReassignment": True}
    refused(assign, "InvalidParameterValue", "primary", **primary)
    assign(NetworkInterfaceId=two, PrivateIpAddresses=floating, AllowReassignment=True)
    assert len(shown(one)["PrivateIpAddresses"]) == 1
    assert len(shown(two)["PrivateIpAddresses"]) == 2
    unassign = ec2.unassign_private_ip_addresses
    refused(unassign, "InvalidParameterValue", "not assigned", NetworkInterfaceId=one, PrivateIpAddresses=floating)
    refused(unassign, "InvalidParameterValue", "primary", NetworkInterfaceId=one, PrivateIpAddresses=["10.0.1.10"])
    unassign(NetworkInterfaceId=two, PrivateIpAddresses=floating)


def test_launch_with_an_existing_interface(ec2, image, interface, refused):
    """Does the interface decide the zone, and is it refused while it is in use?"""
    eni = interface("us-east-1b")
    more = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    more["NetworkInterfaces"] = [{"DeviceIndex": 0, "NetworkInterfaceId": eni}]
    (server,) = ec2.run_instances(**more)["Instances"]
    assert server["Placement"]["AvailabilityZone"] == "us-east-1b"
    refused(ec2.run_instances, "InvalidNetworkInterface.InUse", eni, **more)
    ec2.terminate_instances(InstanceIds=[server["InstanceId"]])
    three = [{"DeviceIndex": 0, "NetworkInterfaceId": eni}, {"DeviceIndex": 1}, {"DeviceIndex": 2}]
    refused(ec2.run_instances, "AttachmentLimitExceeded", "3", **{**more, "NetworkInterfaces": three})
    assert ec2.run_instances(**more)


def test_secondary_addresses_of_a_launch(ec2, image, narrow, refused):
    """Are secondary addresses given at launch, counted or named, up to the type's maximum?"""

    def asked(**more):
        spec = {"DeviceIndex": 0, "SubnetId": narrow, **more}
        return {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "NetworkInterfaces": [spec]}

    refused(ec2.run_instances, "PrivateIpAddressLimitExceeded", "3 of 2", **asked(SecondaryPrivateIpAddressCount=2))
    named = [{"PrivateIpAddress": "10.0.1.50", "Primary": True}, {"PrivateIpAddress": "10.0.1.51", "Primary": False}]
    for wanted in (asked(SecondaryPrivateIpAddressCount=1), asked(PrivateIpAddresses=named)):
        (one,) = ec2.run_instances(**wanted)["Instances"]
        assert len(one["NetworkInterfaces"][0]["PrivateIpAddresses"]) == 2
    assert one["PrivateIpAddress"] == "10.0.1.50"
