"""Security group rules and network ACL entries, one packet at a time."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as some

from course.ec2.packet_rules import Packet, acl_decision, group_rule_for

WEB = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
PEERS = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-1"}]}
PINGS = {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
SIX = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 23, "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}]}
LISTED = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 9, "PrefixListIds": [{"PrefixListId": "pl-1"}]}


@pytest.mark.parametrize(
    ("rule", "packet", "passes"),
    [
        (WEB, Packet("tcp", 80, "203.0.113.1"), True),
        (WEB, Packet("tcp", 81, "203.0.113.1"), False),
        (WEB, Packet("udp", 80, "203.0.113.1"), False),
        (WEB, Packet("tcp", 80, "2001:db8::1"), False),
        (PEERS, Packet("udp", 4000, "10.0.0.1", ["sg-1", "sg-2"]), True),
        (PEERS, Packet("udp", 4000, "10.0.0.1", ["sg-2"]), False),
        (PEERS, Packet("udp", 4000, "10.0.0.1"), False),
        (PINGS, Packet("icmp", 0, "10.1.2.3"), True),
        (PINGS, Packet("icmp", 0, "11.1.2.3"), False),
        (SIX, Packet("tcp", 23, "2001:db8::1"), True),
        (SIX, Packet("tcp", 24, "2001:db8::1"), False),
        (SIX, Packet("tcp", 23, "10.0.0.1"), False),
        (LISTED, Packet("tcp", 5, "192.0.2.9"), True),
        (LISTED, Packet("tcp", 5, "192.0.3.9"), False),
    ],
)
def test_one_rule(rule, packet, passes):
    """Does a rule let exactly its protocol, ports and peers through?"""
    lists = {"pl-1": ["192.0.2.0/24"]}
    assert group_rule_for([rule], packet, lists) is (rule if passes else None)
    assert group_rule_for([], packet, lists) is None


@given(
    some.ip_addresses(v=4),
    some.integers(0, 32),
    some.integers(0, 65535),
    some.integers(0, 65535),
    some.integers(0, 65535),
)
def test_a_rule_is_a_range_of_addresses_and_ports(address, length, first, last, port):
    """Is the block's arithmetic that of the standard library, and are both ends of a port range in it?"""
    block = ip_network((int(address) >> (32 - length) << (32 - length), length))
    rule = {"IpProtocol": "tcp", "FromPort": first, "ToPort": last, "IpRanges": [{"CidrIp": str(block)}]}
    inside = group_rule_for([rule], Packet("tcp", port, str(address)))
    assert (inside is not None) == (first <= port <= last)
    if length:
        other = ip_address(int(block[0]) ^ (1 << (32 - length)))
        assert group_rule_for([rule], Packet("tcp", port, str(other))) is None


def entry(number, action, block="0.0.0.0/0", ports=None, egress=False, protocol="6"):
    made = {"RuleNumber": number, "RuleAction": action, "CidrBlock": block, "Egress": egress, "Protocol": protocol}
    return made | ({"PortRange": {"From": ports[0], "To": ports[1]}} if ports else {})


LAST = entry(32767, "deny", protocol="-1")


@pytest.mark.parametrize(
    ("entries", "decision"),
    [
        ([LAST], (False, "*")),
        ([], (False, "*")),
        ([entry(200, "allow"), entry(100, "deny"), LAST], (False, "100")),
        ([entry(200, "deny"), entry(100, "allow"), LAST], (True, "100")),
        ([entry(100, "allow", egress=True), LAST], (False, "*")),
        ([entry(100, "allow", ports=(1024, 65535)), LAST], (False, "*")),
        ([entry(100, "allow", ports=(443, 443)), LAST], (True, "100")),
        ([entry(100, "allow", block="10.0.0.0/8"), LAST], (False, "*")),
        ([entry(100, "allow", protocol="17"), entry(110, "allow", protocol="-1"), LAST], (True, "110")),
    ],
)
def test_the_lowest_number_that_fits_decides(entries, decision):
    """Are entries of a network ACL tried by number, and does none mean no?"""
    assert acl_decision(entries, Packet("tcp", 443, "203.0.113.1"), egress=False) == decision


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (("http", 80, "10.0.0.1"), "protocol"),
        (("tcp", 70000, "10.0.0.1"), "70000"),
        (("tcp", -1, "10.0.0.1"), "-1"),
        (("tcp", 80, "10.0.0.300"), "10.0.0.300"),
    ],
)
def test_what_is_no_packet(values, sentence):
    """Does an impossible packet get a sentence with the value?"""
    with pytest.raises(ValueError, match=sentence):
        Packet(*values)
