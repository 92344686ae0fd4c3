"""Load balancers: names, types, schemes, security groups, deletion."""

import pytest


@pytest.fixture
def group(ec2):
    return ec2.create_security_group(GroupName="alb", Description="alb")["GroupId"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a" * 33, "longer than '32'"),
        ("my_alb", "alphanumeric"),
        ("-web", "begin or end"),
        ("web-", "begin or end"),
        ("internal-web", "internal-"),
    ],
)
def test_names_of_load_balancers(elb, subnets, refused, name, words):
    """Are names at most 32 letters, digits and inner hyphens, and none of AWS's own?"""
    refused(elb.create_load_balancer, "ValidationError", words, name, Name=name, Subnets=subnets[:2])


def test_names_that_are_legal(balancer):
    """Are 32 characters and the word internal elsewhere fine?"""
    balancer("a" * 32)
    balancer("web-internal-1")


def test_a_name_is_taken_once(elb, balancer, subnets, refused):
    """Is a second load balancer of the same name refused?"""
    balancer("web")
    refused(elb.create_load_balancer, "DuplicateLoadBalancerName", "web", Name="web", Subnets=subnets[1:3])
    balancer("web2")


def test_what_is_not_said_is_an_internet_facing_alb(elb, ec2, balancer, vpc):
    """Does a load balancer get scheme, type, the VPC's default security group and a name in DNS?"""
    shown = elb.describe_load_balancers(LoadBalancerArns=[balancer()])["LoadBalancers"][0]
    (default,) = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["default"]}])["SecurityGroups"]
    assert (shown["Scheme"], shown["Type"]) == ("internet-facing", "application")
    assert shown["SecurityGroups"] == [default["GroupId"]] and shown["VpcId"] == vpc
    assert shown["DNSName"].startswith("web-") and shown["DNSName"].endswith(".us-east-1.elb.amazonaws.com")


def test_schemes(elb, balancer, subnets, refused):
    """Has an ALB or NLB a scheme, and a GWLB none?"""
    create = elb.create_load_balancer
    refused(create, "ValidationError", "public", Name="a", Subnets=subnets[:2], Scheme="public")
    refused(create, "ValidationError", "gateway", Name="a", Subnets=subnets[:1], Type="gateway", Scheme="internal")
    made = create(Name="g", Subnets=subnets[:1], Type="gateway")["LoadBalancers"][0]
    assert "Scheme" not in made and "DNSName" not in made
    made = create(Name="i", Subnets=subnets[:2], Scheme="internal")["LoadBalancers"][0]
    assert made["Scheme"] == "internal" and made["DNSName"].startswith("internal-i-")


def test_types(elb, subnets, refused):
    """Are application, network and gateway the types?"""
    refused(elb.create_load_balancer, "ValidationError", "classic", Name="a", Subnets=subnets[:2], Type="classic")


def test_ip_address_types(elb, balancer, subnets, refused):
    """Is IPv6 alone towards the internet for an internet-facing ALB only?"""
    given = {"Name": "six", "Subnets": subnets[:2], "IpAddressType": "dualstack-without-public-ipv4"}
    refused(elb.create_load_balancer, "InvalidConfigurationRequest", Type="network", **given)
    refused(elb.create_load_balancer, "InvalidConfigurationRequest", Scheme="internal", **given)
    refused(elb.create_load_balancer, "ValidationError", "ipv6", Name="a", Subnets=subnets[:2], IpAddressType="ipv6")


def test_security_groups_of_load_balancers(elb, ec2, balancer, subnets, group, elsewhere_subnets, refused):
    """Must the groups exist in the VPC, and has a GWLB none?"""
    create = elb.create_load_balancer
    vpc = ec2.describe_subnets(SubnetIds=elsewhere_subnets)["Subnets"][0]["VpcId"]
    foreign = ec2.create_security_group(GroupName="b", Description="b", VpcId=vpc)["GroupId"]
    web = {"Name": "web", "Subnets": subnets[:2]}
    refused(create, "InvalidSecurityGroup", "sg-0123", SecurityGroups=["sg-01234567"], **web)
    refused(create, "InvalidConfigurationRequest", foreign, SecurityGroups=[foreign], **web)
    refused(create, "InvalidConfigurationRequest", "gateway", SecurityGroups=[group], Type="gateway", **web)
    assert create(SecurityGroups=[group], Type="network", **web)["LoadBalancers"][0]["SecurityGroups"] == [group]


def test_changing_security_groups(elb, balancer, group, refused):
    """Does an NLB made without security groups never get any, and an ALB keep at least one?"""
    change = elb.set_security_groups
    alb, bare = balancer(), balancer("bare", Type="network")
    refused(change, "InvalidConfigurationRequest", "without", LoadBalancerArn=bare, SecurityGroups=[group])
    refused(change, "ValidationError", "at least one", LoadBalancerArn=alb, SecurityGroups=[])
    refused(change, "InvalidSecurityGroup", LoadBalancerArn=alb, SecurityGroups=["sg-01234567"])
    assert change(LoadBalancerArn=alb, SecurityGroups=[group])["SecurityGroupIds"] == [group]


def test_deletion_protection(elb, balancer, refused):
    """Does a protected load balancer stay until the protection is switched off?"""
    arn = balancer()
    switch = lambda on: elb.modify_load_balancer_attributes(
        LoadBalancerArn=arn, Attributes=[{"Key": "deletion_protection.enabled", "Value": on}]
    )
    switch("true")
    refused(elb.delete_load_balancer, "OperationNotPermitted", "deletion protection", LoadBalancerArn=arn)
    switch("false")
    elb.delete_load_balancer(LoadBalancerArn=arn)
    elb.delete_load_balancer(LoadBalancerArn=arn)
    assert elb.describe_load_balancers()["LoadBalancers"] == []
