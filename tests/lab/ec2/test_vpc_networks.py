"""VPCs, subnets, routes, gateways, network ACLs, endpoints and peering."""

import pytest


@pytest.fixture
def other(ec2):
    """A VPC 10.0.0.0/16 with one subnet, and a route table of its own: (vpc, subnet, table)."""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    return vpc, subnet, ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]


@pytest.fixture
def gateway(ec2):
    """Make an internet gateway, attach it to the VPC if there is one, and give its id."""

    def gateway(vpc=None):
        made = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        if vpc:
            ec2.attach_internet_gateway(InternetGatewayId=made, VpcId=vpc)
        return made

    return gateway


def test_ranges(ec2, refused):
    """Are only ranges of a VPC's or subnet's size taken?"""
    for block in ("10.0.0.0", "10.0.0.0/x", "10.0.0.0/33", "ten"):
        refused(ec2.create_vpc, "InvalidParameterValue", block, "not a valid CIDR block", CidrBlock=block)
    refused(ec2.create_vpc, "InvalidParameterValue", "own", CidrBlock="10.0.0.0/16", InstanceTenancy="own")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", InstanceTenancy="dedicated")["Vpc"]["VpcId"]
    refused(ec2.create_subnet, "InvalidSubnet.Range", "10.0.0.0/29", VpcId=vpc, CidrBlock="10.0.0.0/29")
    ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/28")


def test_zone_of_a_subnet(ec2, refused, other):
    """Is a zone of another Region refused, and are those of this one named?"""
    where = {"VpcId": other[0], "CidrBlock": "10.0.1.0/24"}
    refused(ec2.create_subnet, "InvalidParameterValue", "us-east-1a, ", **where, AvailabilityZone="eu-west-1a")
    made = ec2.create_subnet(**where, AvailabilityZone="us-east-1f")["Subnet"]
    assert made["AvailabilityZone"] == "us-east-1f"


def test_one_internet_gateway(ec2, refused, other, gateway):
    """Has a VPC at most one internet gateway, and a gateway at most one VPC?"""
    vpc = other[0]
    first, second = gateway(vpc), gateway()
    refused(
        ec2.attach_internet_gateway,
        "InvalidParameterValue",
        f"Network {vpc} already has an internet gateway attached",
        InternetGatewayId=second,
        VpcId=vpc,
    )
    ec2.detach_internet_gateway(InternetGatewayId=first, VpcId=vpc)
    ec2.attach_internet_gateway(InternetGatewayId=second, VpcId=vpc)


def test_public_addresses_hold_the_gateway(ec2, refused, launch, vpc):
    """Does the gateway stay while an instance has a public address?"""
    gateway = ec2.describe_internet_gateways()["InternetGateways"][0]["InternetGatewayId"]
    instance = launch()
    both = {"InternetGatewayId": gateway, "VpcId": vpc}
    refused(ec2.detach_internet_gateway, "DependencyViolation", "some mapped public address(es)", **both)
    ec2.terminate_instances(InstanceIds=[instance])
    ec2.detach_internet_gateway(**both)


def test_nat_gateways(ec2, refused, subnets):
    """Has a public NAT gateway an address, is it pending first, and is an unknown one not found?"""
    where = {"SubnetId": subnets[0]}
    refused(ec2.create_nat_gateway, "MissingParameter", "AllocationId", **where)
    missing = "eipalloc-0123456789abcdef0"
    refused(ec2.create_nat_gateway, "InvalidAllocationID.NotFound", missing, **where, AllocationId=missing)
    address = ec2.allocate_address()["AllocationId"]
    made = ec2.create_nat_gateway(**where, AllocationId=address)["NatGateway"]
    assert (made["State"], made["ConnectivityType"]) == ("pending", "public")
    shown = ec2.describe_nat_gateways(NatGatewayIds=[made["NatGatewayId"]])["NatGateways"][0]
    assert shown["State"] == "available" and shown["VpcId"]
    refused(ec2.delete_nat_gateway, "NatGatewayNotFound", NatGatewayId="nat-0123456789abcdef0")
    refused(ec2.describe_nat_gateways, "NatGatewayNotFound", NatGatewayIds=["nat-0123456789abcdef0"])
    assert ec2.create_nat_gateway(**where, ConnectivityType="private")["NatGateway"]["ConnectivityType"] == "private"


def test_routes(ec2, refused, other, gateway):
    """One route for a destination, to a gateway of the VPC, and never without the local route?"""
    vpc, subnet, table = other
    default = {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0"}
    attached, foreign = gateway(vpc), gateway()
    refused(ec2.create_route, "InvalidParameterValue", "belong to different networks", **default, GatewayId=foreign)
    ec2.create_route(**default, GatewayId=attached)
    card = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    refused(ec2.create_route, "RouteAlreadyExists", "0.0.0.0/0", **default, NetworkInterfaceId=card)
    ec2.replace_route(**default, NetworkInterfaceId=card)
    local = {"RouteTableId": table, "DestinationCidrBlock": "10.0.0.0/16"}
    refused(ec2.delete_route, "InvalidParameterValue", "cannot remove local route 10.0.0.0/16", **local)
    ec2.delete_route(**default)


def test_route_tables(ec2, refused, other):
    """Has a subnet one route table, and goes the main one only with its VPC?"""
    vpc, subnet, table = other
    wanted = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "association.main", "Values": ["true"]}]
    main = ec2.describe_route_tables(Filters=wanted)["RouteTables"][0]["RouteTableId"]
    refused(ec2.delete_route_table, "DependencyViolation", main, RouteTableId=main)
    made = ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
    second = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    refused(ec2.associate_route_table, "Resource.AlreadyAssociated", second, RouteTableId=second, SubnetId=subnet)
    ec2.disassociate_route_table(AssociationId=made)
    ec2.associate_route_table(RouteTableId=second, SubnetId=subnet)
    ec2.delete_route_table(RouteTableId=table)


def test_network_acls(ec2, refused, other):
    """Does a network ACL begin with denying, and take only numbers before the last?"""
    made = ec2.create_network_acl(VpcId=other[0])["NetworkAcl"]
    assert {(one["RuleNumber"], one["RuleAction"]) for one in made["Entries"]} == {(32767, "deny")}
    assert sorted(one["Egress"] for one in made["Entries"]) == [False, True]
    entry = {
        "NetworkAclId": made["NetworkAclId"],
        "RuleNumber": 100,
        "Protocol": "6",
        "RuleAction": "allow",
        "Egress": False,
        "CidrBlock": "0.0.0.0/0",
    }
    refused(ec2.create_network_acl_entry, "MissingParameter", "PortRange", **entry)
    entry["PortRange"] = {"From": 443, "To": 443}
    refused(ec2.create_network_acl_entry, "InvalidParameterValue", "32767", **{**entry, "RuleNumber": 32767})
    ec2.create_network_acl_entry(**entry)
    refused(ec2.create_network_acl_entry, "NetworkAclEntryAlreadyExists", **entry)
    named = {"NetworkAclId": made["NetworkAclId"], "RuleNumber": 100}
    refused(ec2.delete_network_acl_entry, "InvalidNetworkAclEntry.NotFound", "100", **named, Egress=True)
    ec2.delete_network_acl_entry(**named, Egress=False)
    shown = ec2.describe_network_acls(NetworkAclIds=[made["NetworkAclId"]])["NetworkAcls"][0]
    assert len(shown["Entries"]) == 2


def test_endpoints(ec2, refused, vpc):
    """Is an endpoint one of a service of this Region, and a gateway where the service has one?"""
    for name in ("com.amazonaws.us-east-1.s4", "com.amazonaws.eu-west-1.s3"):
        refused(ec2.create_vpc_endpoint, "InvalidServiceName", name, VpcId=vpc, ServiceName=name)
    queue = "com.amazonaws.us-east-1.sqs"
    refused(ec2.create_vpc_endpoint, "InvalidParameter", "Gateway", VpcId=vpc, ServiceName=queue)
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=queue, VpcEndpointType="Interface")
    for name in ("s3", "dynamodb"):
        made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.us-east-1.{name}")["VpcEndpoint"]
        assert made["VpcEndpointType"] == "Gateway"
    for name in ("ecr.dkr", "ecr.api", "ssmmessages", "logs", "monitoring", "execute-api", "ec2", "secretsmanager"):
        given = {"VpcId": vpc, "ServiceName": f"com.amazonaws.us-east-1.{name}", "VpcEndpointType": "Interface"}
        ec2.create_vpc_endpoint(**given)


def test_peering_of_overlapping_ranges(ec2, refused, other):
    """Is the call answered, and the connection failed, where ranges overlap?"""
    for block, code in (("10.0.0.0/20", "failed"), ("10.1.0.0/16", "pending-acceptance")):
        peer = ec2.create_vpc(CidrBlock=block)["Vpc"]["VpcId"]
        made = ec2.create_vpc_peering_connection(VpcId=other[0], PeerVpcId=peer)["VpcPeeringConnection"]
        ids = {"VpcPeeringConnectionIds": [made["VpcPeeringConnectionId"]]}
        (shown,) = ec2.describe_vpc_peering_connections(**ids)["VpcPeeringConnections"]
        assert made["Status"]["Code"] == "initiating-request" and shown["Status"]["Code"] == code
    missing = {"VpcPeeringConnectionIds": ["pcx-0123456789abcdef0"]}
    refused(ec2.describe_vpc_peering_connections, "InvalidVpcPeeringConnectionID.NotFound", **missing)
