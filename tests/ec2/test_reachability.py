"""Allowed, timed out or refused, in networks made of plain data."""

from dataclasses import replace

import pytest

from course.ec2.network import Host, Network
from course.ec2.reachability import ALLOWED, REFUSED, TIMED_OUT, reach

OUT = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]


def rule(port, block=None, group=None):
    peers = {"IpRanges": [{"CidrIp": block}]} if block else {"UserIdGroupPairs": [{"GroupId": group}]}
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **peers}


def group(*inbound, outbound=OUT):
    return {"IpPermissions": list(inbound), "IpPermissionsEgress": outbound}


def table(name, *routes, subnet=None, main=False, vpc="vpc-1"):
    association = {"SubnetId": subnet} if subnet else {"Main": main}
    return {"RouteTableId": name, "VpcId": vpc, "Associations": [association], "Routes": list(routes)}


LOCAL = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}
OPEN = {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}
TRANSLATED = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": "active"}
BROWSER = "203.0.113.7"


def three_tiers(**changes):
    """A web server in a public subnet, an application and a database in private ones, one group each."""
    hosts = (
        Host("web", "eni-w", "10.0.1.10", "54.0.0.1", ("sg-web",), "public", "vpc-1", listens=frozenset({443})),
        Host("app", "eni-a", "10.0.2.10", "", ("sg-app",), "private", "vpc-1", listens=frozenset({8080})),
        Host("db", "eni-d", "10.0.3.10", "", ("sg-db",), "data", "vpc-1", listens=frozenset({5432})),
    )
    network = Network(
        hosts,
        {
            "sg-web": group(rule(443, "0.0.0.0/0")),
            "sg-app": group(rule(8080, group="sg-web")),
            "sg-db": group(rule(5432, group="sg-app")),
        },
        {
            name: {"VpcId": "vpc-1", "CidrBlock": f"10.0.{n}.0/24"}
            for n, name in enumerate(["public", "private", "data"], 1)
        },
        (
            table("rtb-main", LOCAL, main=True),
            table("rtb-public", LOCAL, OPEN, subnet="public"),
            table("rtb-private", LOCAL, TRANSLATED, subnet="private"),
        ),
        (),
        frozenset({"igw-1"}),
        {"nat-1": {"State": "available", "SubnetId": "public", "NatGatewayAddresses": [{"PublicIp": "54.0.0.9"}]}},
    )
    return replace(network, **changes)


@pytest.mark.parametrize(
    ("source", "target", "port", "outcome", "word"),
    [
        (BROWSER, "web", 443, ALLOWED, "listens"),
        (BROWSER, "54.0.0.1", 443, ALLOWED, "listens"),
        (BROWSER, "web", 80, TIMED_OUT, "no rule of sg-web allows TCP 80"),
        (BROWSER, "app", 8080, TIMED_OUT, "no public address"),
        (BROWSER, "10.0.1.10", 443, TIMED_OUT, "private address"),
        ("web", "app", 8080, ALLOWED, "listens"),
        ("app", "db", 5432, ALLOWED, "listens"),
        ("web", "db", 5432, TIMED_OUT, "no rule of sg-db"),
        ("db", "app", 8080, TIMED_OUT, "no rule of sg-app"),
        ("app", BROWSER, 443, ALLOWED, "igw-1"),
        ("web", BROWSER, 443, ALLOWED, "public address"),
        ("db", BROWSER, 443, TIMED_OUT, "no route leads to"),
        ("app", "web", 443, ALLOWED, "listens"),
        ("eni-w", "10.0.2.10", 8080, ALLOWED, "listens"),
    ],
)
def test_three_tiers(source, target, port, outcome, word):
    """Does each tier reach the next one only, on its port only?"""
    seen = reach(three_tiers(), source, target, port)
    assert (seen.outcome, word in seen.why) == (outcome, True), str(seen)


def with_host(network, name, **changes):
    return replace(network, hosts=tuple(replace(one, **changes) if one.name == name else one for one in network.hosts))


def test_refused_or_timed_out():
    """Is a connection refused only where the host is reached and nothing listens, and timed out wherever it is dropped?"""
    silent = with_host(three_tiers(), "web", listens=frozenset({80}))
    assert reach(silent, BROWSER, "web", 443).outcome == REFUSED
    stopped = with_host(three_tiers(), "web", running=False)
    assert reach(stopped, BROWSER, "web", 443).outcome == TIMED_OUT
    closed = three_tiers(groups={**three_tiers().groups, "sg-web": group()})
    assert reach(with_host(closed, "web", listens=frozenset()), BROWSER, "web", 443).outcome == TIMED_OUT
    anything = with_host(three_tiers(), "web", listens=None)
    assert reach(anything, BROWSER, "web", 443).outcome == ALLOWED


def test_outbound_rules_count():
    """Does a source without an outbound rule get nowhere, and do answers need no rule?"""
    groups = three_tiers().groups
    quiet = three_tiers(groups={**groups, "sg-web": group(rule(443, "0.0.0.0/0"), outbound=[])})
    assert "outbound rules of web" in reach(quiet, "web", "app", 8080).steps[-1].what
    assert reach(quiet, BROWSER, "web", 443).outcome == ALLOWED


def test_a_group_stands_for_private_addresses():
    """Is a neighbour that dials the public address stopped by a rule that names its group?"""
    network = three_tiers(groups={**three_tiers().groups, "sg-web": group(rule(443, group="sg-web"))})
    other = replace(network.hosts[0], name="other", interface="eni-o", address="10.0.1.11", public="54.0.0.2")
    network = replace(network, hosts=(*network.hosts, other))
    assert reach(network, "other", "web", 443).outcome == ALLOWED
    seen = reach(network, "other", "54.0.0.1", 443)
    assert seen.outcome == TIMED_OUT and "private addresses of its members" in seen.why


def acl(name, subnet, *entries):
    last = [
        {"RuleNumber": 32767, "RuleAction": "deny", "CidrBlock": "0.0.0.0/0", "Protocol": "-1", "Egress": egress}
        for egress in (True, False)
    ]
    return {"NetworkAclId": name, "Associations": [{"SubnetId": subnet}], "Entries": [*entries, *last]}


def entry(egress, first, last, number=100, action="allow"):
    ports = {"PortRange": {"From": first, "To": last}}
    return {
        "RuleNumber": number,
        "RuleAction": action,
        "CidrBlock": "0.0.0.0/0",
        "Protocol": "6",
        "Egress": egress,
    } | ports


def test_a_network_acl_keeps_no_state():
    """Must the answer be allowed as well, on the client's port?"""
    inbound = entry(False, 443, 443)
    forgotten = three_tiers(acls=(acl("acl-1", "public", inbound),))
    seen = reach(forgotten, BROWSER, "web", 443)
    assert seen.outcome == TIMED_OUT and "the answer (TCP 50000)" in seen.why
    right = three_tiers(acls=(acl("acl-1", "public", inbound, entry(True, 1024, 65535)),))
    assert reach(right, BROWSER, "web", 443).outcome == ALLOWED
    denied = three_tiers(acls=(acl("acl-1", "public", entry(False, 443, 443, 50, "deny"), inbound),))
    assert "rule 50 denies the request" in reach(denied, BROWSER, "web", 443).why


def test_acls_stand_at_the_edge_of_a_subnet():
    """Does traffic inside one subnet never meet the network ACL?"""
    network = three_tiers(acls=(acl("acl-1", "public"),), groups={**three_tiers().groups})
    other = replace(network.hosts[0], name="other", interface="eni-o", address="10.0.1.11", public="54.0.0.2")
    network = replace(network, hosts=(*network.hosts, other))
    assert reach(network, "other", "web", 443).outcome == ALLOWED
    assert reach(network, "web", "app", 8080).outcome == TIMED_OUT


def test_ways_to_the_internet():
    """Does a public host need a route to a gateway that is there, and a private one a NAT gateway in a public subnet?"""
    lost = three_tiers(gateways=frozenset())
    assert reach(lost, BROWSER, "web", 443).outcome == TIMED_OUT
    assert reach(lost, "app", BROWSER, 443).outcome == TIMED_OUT
    no_address = with_host(three_tiers(), "web", public="")
    assert "no public address" in reach(no_address, "web", BROWSER, 443).why
    deleted = three_tiers(nat_gateways={})
    assert "nat-1, which is not there" in reach(deleted, "app", BROWSER, 443).why
    inside = {"nat-1": {**three_tiers().nat_gateways["nat-1"], "SubnetId": "data"}}
    assert "nowhere" in reach(three_tiers(nat_gateways=inside), "app", BROWSER, 443).why


def two_vpcs(status="active", back=True):
    there = {"DestinationCidrBlock": "10.1.0.0/16", "VpcPeeringConnectionId": "pcx-1"}
    home = {"DestinationCidrBlock": "10.0.0.0/16", "VpcPeeringConnectionId": "pcx-1"}
    other = Host("far", "eni-f", "10.1.1.10", "", ("sg-far",), "far", "vpc-2", listens=frozenset({80}))
    network = three_tiers()
    return replace(
        network,
        hosts=(*network.hosts, other),
        groups={**network.groups, "sg-far": group(rule(80, group="sg-app"))},
        subnets={**network.subnets, "far": {"VpcId": "vpc-2", "CidrBlock": "10.1.1.0/24"}},
        route_tables=(
            *network.route_tables[:2],
            table("rtb-private", LOCAL, TRANSLATED, there, subnet="private"),
            table("rtb-far", *([home] if back else []), main=True, vpc="vpc-2"),
        ),
        peerings={
            "pcx-1": {
                "Status": {"Code": status},
                "RequesterVpcInfo": {"VpcId": "vpc-1"},
                "AccepterVpcInfo": {"VpcId": "vpc-2"},
            }
        },
    )


def test_peering():
    """Does traffic between VPCs need an active peering and routes both ways?"""
    assert reach(two_vpcs(), "app", "far", 80).outcome == ALLOWED
    assert reach(two_vpcs(back=False), "app", "far", 80).outcome == TIMED_OUT
    assert reach(two_vpcs(status="pending-acceptance"), "app", "far", 80).outcome == TIMED_OUT
    assert reach(two_vpcs(), "web", "far", 80).outcome == TIMED_OUT


def test_a_ping_needs_nobody_who_listens():
    """Is ICMP a matter of rules only?"""
    pings = {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    network = three_tiers(groups={**three_tiers().groups, "sg-web": group(pings)})
    assert reach(network, BROWSER, "web", 0, "icmp").outcome == ALLOWED
    assert reach(three_tiers(), BROWSER, "web", 0, "icmp").outcome == TIMED_OUT


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((BROWSER, "nobody", 80), "'nobody' is no instance"),
        (("nobody", "web", 80), "'nobody' is no instance"),
        ((BROWSER, "198.51.100.1", 80), "neither"),
        ((BROWSER, "web", 80, "http"), "protocol"),
        ((BROWSER, "web", 0xFFFFF), "1048575"),
    ],
)
def test_bad_questions(arguments, sentence):
    """Does a question that makes no sense get one sentence with the value?"""
    with pytest.raises(ValueError, match=sentence):
        reach(three_tiers(), *arguments)


def test_what_a_reader_sees():
    """Is the answer readable as text, with the outcome first and the step that decided last?"""
    lines = str(reach(three_tiers(), "web", "db", 5432)).splitlines()
    assert lines[0] == TIMED_OUT
    assert lines[-1].startswith("  STOPPED  inbound rules of db: no rule of sg-db allows TCP 5432 from 10.0.1.10")
