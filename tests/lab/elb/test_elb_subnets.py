"""The subnets and addresses of load balancers."""

import pytest


def test_an_alb_stands_in_two_zones(elb, ec2, balancer, subnets, vpc, refused):
    """Does an ALB need two zones, with one subnet in each?"""
    cidr = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["CidrBlock"].rsplit(".", 2)[0] + ".240.0/24"
    second = ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone="us-east-1a")["Subnet"]["SubnetId"]
    create = elb.create_load_balancer
    refused(create, "ValidationError", "two different Availability Zones", Name="web", Subnets=subnets[:1])
    refused(create, "ValidationError", "two different", Name="web", Subnets=[subnets[0], second])
    three = [*subnets[:2], second]
    refused(create, "InvalidConfigurationRequest", "same Availability Zone", Name="web", Subnets=three)
    refused(create, "InvalidConfigurationRequest", "same", Name="web", Subnets=[subnets[0], second], Type="network")
    balancer()


@pytest.mark.parametrize("kind", ["network", "gateway"])
def test_other_types_stand_in_one_zone(balancer, subnets, kind):
    """Is one subnet enough for an NLB and a GWLB?"""
    balancer(Type=kind, Subnets=subnets[:1])


def test_subnets_that_must_exist(elb, balancer, subnets, elsewhere_subnets, refused):
    """Must the subnets exist, be named in one way, and lie in one VPC?"""
    create = elb.create_load_balancer
    refused(create, "SubnetNotFound", "subnet-0123", Name="web", Subnets=[subnets[0], "subnet-01234567"])
    refused(create, "ValidationError", "subnet", Name="web", Subnets=[])
    mappings = [{"SubnetId": one} for one in subnets[:2]]
    refused(create, "ValidationError", "not both", Name="web", Subnets=subnets[:2], SubnetMappings=mappings)
    mixed = [subnets[0], elsewhere_subnets[1]]
    refused(create, "InvalidConfigurationRequest", "same VPC", Name="web", Subnets=mixed)
    create(Name="web", SubnetMappings=mappings)


def test_an_internet_facing_load_balancer_needs_an_internet_gateway(elb, ec2, balancer, elsewhere_subnets, refused):
    """Is a VPC without internet gateway good for internal load balancers only?"""
    vpc = ec2.describe_subnets(SubnetIds=elsewhere_subnets)["Subnets"][0]["VpcId"]
    refused(elb.create_load_balancer, "InvalidSubnet", vpc, "internet gateway", Name="web", Subnets=elsewhere_subnets)
    balancer("inside", Subnets=elsewhere_subnets, Scheme="internal")
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    balancer("outside", Subnets=elsewhere_subnets)


def test_elastic_ip_addresses_are_for_an_internet_facing_nlb(elb, ec2, subnets, refused):
    """Is an Elastic IP address fixed to the subnet of an NLB, shown, and given once?"""
    create = elb.create_load_balancer
    eip = ec2.allocate_address(Domain="vpc")
    mappings = [{"SubnetId": subnets[0], "AllocationId": eip["AllocationId"]}, {"SubnetId": subnets[1]}]
    refused(create, "InvalidConfigurationRequest", "application", Name="web", SubnetMappings=mappings)
    nlb = {"Name": "web", "Type": "network"}
    refused(create, "InvalidConfigurationRequest", "internal", Scheme="internal", SubnetMappings=mappings, **nlb)
    wrong = [{"SubnetId": subnets[0], "AllocationId": "eipalloc-01234567"}]
    refused(create, "AllocationIdNotFound", "eipalloc-01234567", SubnetMappings=wrong, **nlb)
    twice = [{**mappings[0], "SubnetId": one} for one in subnets[:2]]
    refused(create, "ResourceInUse", SubnetMappings=twice, **nlb)
    create(SubnetMappings=mappings, **nlb)
    zones = elb.describe_load_balancers(Names=["web"])["LoadBalancers"][0]["AvailabilityZones"]
    fixed = {zone["SubnetId"]: zone.get("LoadBalancerAddresses") for zone in zones}
    address = {"AllocationId": eip["AllocationId"], "IpAddress": eip["PublicIp"]}
    assert fixed == {subnets[0]: [address], subnets[1]: None} or fixed == {subnets[0]: [address], subnets[1]: []}
    refused(create, "ResourceInUse", Name="two", Type="network", SubnetMappings=mappings)


def test_private_addresses_are_for_an_internal_nlb(elb, ec2, subnets, refused):
    """Does a private address lie in its subnet?"""
    cidr = ec2.describe_subnets(SubnetIds=subnets[:1])["Subnets"][0]["CidrBlock"]
    inside = {"SubnetId": subnets[0], "PrivateIPv4Address": cidr.rsplit(".", 1)[0] + ".77"}
    outside = {"SubnetId": subnets[0], "PrivateIPv4Address": "10.9.9.9"}
    nlb = {"Name": "web", "Type": "network"}
    create = elb.create_load_balancer
    refused(create, "InvalidConfigurationRequest", "internet-facing", SubnetMappings=[inside], **nlb)
    refused(create, "InvalidConfigurationRequest", "10.9.9.9", Scheme="internal", SubnetMappings=[outside], **nlb)
    create(Scheme="internal", SubnetMappings=[inside], **nlb)


def test_moving_to_other_subnets(elb, ec2, balancer, subnets, elsewhere_subnets, refused):
    """Do the rules of a new load balancer hold when its subnets change?"""
    alb, nlb = balancer(), balancer("nlb", Type="network")
    change = elb.set_subnets
    refused(change, "ValidationError", "two different", LoadBalancerArn=alb, Subnets=subnets[:1])
    refused(change, "SubnetNotFound", LoadBalancerArn=alb, Subnets=["subnet-01234567"])
    vpc = ec2.describe_subnets(SubnetIds=elsewhere_subnets)["Subnets"][0]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    refused(change, "InvalidConfigurationRequest", "VPC", LoadBalancerArn=alb, Subnets=elsewhere_subnets)
    assert len(change(LoadBalancerArn=alb, Subnets=subnets[:3])["AvailabilityZones"]) == 3
    assert len(change(LoadBalancerArn=nlb, Subnets=subnets[:1])["AvailabilityZones"]) == 1
