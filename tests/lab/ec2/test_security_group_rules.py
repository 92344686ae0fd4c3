"""The rules of security groups."""

import pytest


@pytest.fixture
def group(ec2):
    """An own group without inbound rules."""
    return ec2.create_security_group(GroupName="own", Description="own")["GroupId"]


@pytest.fixture
def inbound(ec2, group):
    """The inbound permissions of the group."""
    return lambda: ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"]


def rule(protocol="tcp", first=22, last=22, cidr="10.0.0.0/16", **more):
    ports = {name: port for name, port in (("FromPort", first), ("ToPort", last)) if port is not None}
    ranges = {"IpRanges": [{"CidrIp": cidr}]} if cidr else {}
    return {"IpProtocol": protocol, **ports, **ranges, **more}


@pytest.mark.parametrize(
    "bad, code, words",
    [
        (rule(first=70000, last=70000), "InvalidParameterValue", "70000) out of range"),
        (rule(last=65536), "InvalidParameterValue", "65536) out of range"),
        (rule("udp", -1, 53), "InvalidParameterValue", "-1) out of range"),
        (rule(first=443, last=80), "InvalidParameterValue", "443:80"),
        (rule("6", 443, 80), "InvalidParameterValue", "443:80"),
        (rule(first=22, last=None), "InvalidParameterValue", "Must specify both from and to ports with TCP/UDP"),
        (rule(first=None, last=None), "InvalidParameterValue", "Must specify both"),
        (rule("icmp", None, None), "InvalidParameterValue", "Must specify both from and to ports with ICMP"),
        (rule("icmp", 256, 0), "InvalidParameterValue", "ICMP type (256)"),
        (rule("icmp", 0, 65535), "InvalidParameterValue", "ICMP code (65535) out of range"),
        (rule("icmp", -1, 3), "InvalidParameterValue", "ICMP code (3)"),
        (rule("tcpp"), "InvalidParameterValue", "Unknown protocol"),
        (rule("256"), "InvalidParameterValue", "Unknown protocol"),
        (rule(cidr="10.0.0.0/33"), "InvalidParameterValue", "10.0.0.0/33 is malformed"),
        (rule(cidr="10.0.0.256/32"), "InvalidParameterValue", "malformed"),
        (rule(cidr="10.0.0.1"), "InvalidParameterValue", "10.0.0.1 is malformed"),
        (rule(cidr="2001:db8::/32"), "InvalidParameterValue", "malformed"),
        (rule(cidr=None, Ipv6Ranges=[{"CidrIpv6": "10.0.0.0/8"}]), "InvalidParameterValue", "malformed"),
        (rule(cidr=None), "MissingParameter", "cidrIp"),
        (rule(cidr=None, UserIdGroupPairs=[{"GroupId": "sg-0abc"}]), "InvalidGroup.NotFound", "sg-0abc"),
        (
            rule(cidr=None, IpRanges=[{"CidrIp": "10.0.0.0/8", "Description": "a" * 256}]),
            "InvalidParameterValue",
            "rule description",
        ),
        (
            rule(cidr=None, IpRanges=[{"CidrIp": "10.0.0.0/8", "Description": "who? <me>"}]),
            "InvalidParameterValue",
            "rule description",
        ),
    ],
)
def test_impossible_rules(ec2, group, refused, bad, code, words):
    """Is the rule refused in both directions, and the good rule of the same call with it?"""
    for call in (ec2.authorize_security_group_ingress, ec2.authorize_security_group_egress):
        refused(call, code, words, GroupId=group, IpPermissions=[rule(first=443, last=443), bad])


@pytest.mark.parametrize(
    "good",
    [
        rule(first=0, last=65535),
        rule("udp", 53, 53),
        rule("17", 65535, 65535),
        rule("icmp", -1, -1),
        rule("icmp", 8, 0),
        rule("icmp", 255, 255),
        rule("icmpv6", None, None, None, Ipv6Ranges=[{"CidrIpv6": "::/0"}]),
        rule("-1", None, None),
        rule("all", None, None),
        rule("50", None, None),
        rule(cidr="10.0.0.1/32"),
        rule(cidr=None, IpRanges=[{"CidrIp": "10.0.0.0/8", "Description": "a" * 255}]),
    ],
)
def test_possible_rules(ec2, group, inbound, good):
    """Are the neighbours accepted, shown, and revoked as they were given?"""
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[good])
    assert len(inbound()) == 1
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[good])
    assert inbound() == []


def test_host_bits_are_cleared(ec2, group, inbound, refused):
    """Does AWS keep 10.0.0.5/24 as 10.0.0.0/24, also for duplicates and revokes?"""
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule(cidr="10.0.0.5/24")])
    ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[rule(cidr=None, Ipv6Ranges=[{"CidrIpv6": "2001:DB8:0::1/32"}])]
    )
    (shown,) = inbound()
    assert shown["IpRanges"] == [{"CidrIp": "10.0.0.0/24"}]
    assert shown["Ipv6Ranges"] == [{"CidrIpv6": "2001:db8::/32"}]
    again = {"GroupId": group, "IpPermissions": [rule(cidr="10.0.0.9/24")]}
    refused(ec2.authorize_security_group_ingress, "InvalidPermission.Duplicate", "10.0.0.0/24, TCP", **again)
    ec2.revoke_security_group_ingress(**again)
    assert inbound()[0]["IpRanges"] == []


def test_single_parameters(ec2, group, inbound, refused):
    """Do the rules hold for the short form, as the CLI sends it?"""
    single = {"GroupId": group, "IpProtocol": "tcp", "CidrIp": "0.0.0.0/0"}
    refused(ec2.authorize_security_group_ingress, "InvalidParameterValue", "70000", **single, FromPort=1, ToPort=70000)
    ec2.authorize_security_group_ingress(**single, FromPort=22, ToPort=22)
    assert inbound()[0]["IpRanges"] == [{"CidrIp": "0.0.0.0/0"}]
    refused(ec2.authorize_security_group_ingress, "MissingParameter", "ipPermissions", GroupId=group)


def test_the_same_rule_twice(ec2, group, refused):
    """Is a duplicate refused, within a call and against what is there, also with another description?"""
    twice = {"GroupId": group, "IpPermissions": [rule(), rule()]}
    refused(ec2.authorize_security_group_ingress, "InvalidParameterValue", "multiple times", **twice)
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule()])
    described = rule(cidr=None, IpRanges=[{"CidrIp": "10.0.0.0/16", "Description": "ssh"}])
    again = {"GroupId": group, "IpPermissions": [described]}
    refused(ec2.authorize_security_group_ingress, "InvalidPermission.Duplicate", "from port: 22", **again)
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule("udp")])


def test_sixty_rules_for_each_version(ec2, group, refused):
    """Are 60 IPv4 and 60 IPv6 rules accepted, and the 61st of either refused?"""
    four = [rule(first=port, last=port) for port in range(60)]
    six = [rule(first=port, last=port, cidr=None, Ipv6Ranges=[{"CidrIpv6": "::/0"}]) for port in range(60)]
    more = [rule(first=99, last=99), rule(first=99, last=99, cidr=None, Ipv6Ranges=[{"CidrIpv6": "::/0"}])]
    call, code = ec2.authorize_security_group_ingress, "RulesPerSecurityGroupLimitExceeded"
    refused(call, code, "60", GroupId=group, IpPermissions=[*four, more[0]])
    call(GroupId=group, IpPermissions=four)
    call(GroupId=group, IpPermissions=six)
    for one in more:
        refused(call, code, GroupId=group, IpPermissions=[one])
    reference = rule(first=1, last=1, cidr=None, UserIdGroupPairs=[{"GroupId": group}])
    refused(call, code, GroupId=group, IpPermissions=[reference])


def test_revoke_what_is_not_there(ec2, group, inbound, refused):
    """Is nothing revoked when one of the rules is not there?"""
    answer = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule(), rule(first=80, last=80)])[
        "SecurityGroupRules"
    ]
    assert len(answer) == 2
    revoke = ec2.revoke_security_group_ingress
    wrong = [rule(), rule(first=443, last=443)]
    refused(revoke, "InvalidPermission.NotFound", "does not exist", GroupId=group, IpPermissions=wrong)
    unknown = {"SecurityGroupRuleIds": ["sgr-0123456789abcdef0"]}
    refused(revoke, "InvalidSecurityGroupRuleId.NotFound", "sgr-0123", GroupId=group, **unknown)
    revoke(GroupId=group, SecurityGroupRuleIds=[answer[0]["SecurityGroupRuleId"]])
    assert [one["FromPort"] for one in inbound()] == [80]
    refused(ec2.revoke_security_group_egress, "InvalidPermission.NotFound", GroupId=group, IpPermissions=[rule()])
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[rule("-1", None, None, "0.0.0.0/0")])


def test_references_stay_in_the_network(ec2, group, refused):
    """Is a group of another VPC refused as a source, and one of the same VPC accepted?"""
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    foreign = ec2.create_security_group(GroupName="far", Description="far", VpcId=vpc)["GroupId"]
    far = [rule(cidr=None, UserIdGroupPairs=[{"GroupId": foreign}])]
    call = ec2.authorize_security_group_ingress
    refused(call, "InvalidGroup.NotFound", "different networks", GroupId=group, IpPermissions=far)
    refused(call, "InvalidGroup.NotFound", "sg-0abc", GroupId="sg-0abc", IpPermissions=far)
    call(GroupId=foreign, IpPermissions=far)


def test_a_changed_rule_obeys_too(ec2, group, inbound, refused):
    """Does a change have the same limits and the same canonical form?"""
    (made,) = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule()])["SecurityGroupRules"]

    def changed(**more):
        new = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "10.0.0.0/16", **more}
        return {
            "GroupId": group,
            "SecurityGroupRules": [{"SecurityGroupRuleId": made["SecurityGroupRuleId"], "SecurityGroupRule": new}],
        }

    refused(ec2.modify_security_group_rules, "InvalidParameterValue", "70000", **changed(ToPort=70000))
    refused(ec2.modify_security_group_rules, "InvalidParameterValue", "malformed", **changed(CidrIpv4="10.0.0.0"))
    ec2.modify_security_group_rules(**changed(ToPort=23, CidrIpv4="10.0.0.5/24"))
    (shown,) = inbound()
    assert (shown["ToPort"], shown["IpRanges"]) == (23, [{"CidrIp": "10.0.0.0/24"}])
    missing = {"GroupId": group, "IpPermissions": [rule(first=9, last=9)]}
    refused(ec2.update_security_group_rule_descriptions_ingress, "InvalidPermission.NotFound", **missing)
