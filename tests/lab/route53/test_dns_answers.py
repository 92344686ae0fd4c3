"""TestDNSAnswer: what the zone's name servers answer."""

from collections import Counter

from dns_records import alias, record

pytest_plugins = ("dns_fixtures",)


IRELAND, TOKYO, NOWHERE = "34.240.0.1", "54.64.0.1", "203.0.113.5"


def data(zone, name, **more):
    return zone.test(name, **more)["RecordData"]


def test_a_simple_record(zone):
    """Are values, code and protocol answered, and NXDOMAIN for a name that is not there?"""
    found = zone.test("www")
    assert found["RecordData"] == ["192.0.2.1"] and found["ResponseCode"] == "NOERROR" and found["Protocol"] == "UDP"
    assert found["RecordName"] == "www.example.com" and found["RecordType"] == "A"
    assert zone.test("none")["ResponseCode"] == "NXDOMAIN"
    empty = zone.test("www", type="TXT")
    assert (empty["ResponseCode"], empty["RecordData"]) == ("NOERROR", [])


def test_weights_share_the_answers(zone):
    """Do 9 of 10 answers come from the record of weight 90?"""
    zone.create(*(record("w", f"192.0.2.{n}", SetIdentifier=str(n), Weight=n) for n in (90, 10)))
    counts = Counter(data(zone, "w")[0] for _ in range(300))
    assert 240 < counts["192.0.2.90"] < 297 and sum(counts.values()) == 300


def test_the_place_of_the_resolver_or_its_client_decides(zone):
    """Do geolocation and latency follow the client's subnet before the resolver's address?"""
    where = [{"CountryCode": "JP"}, {"ContinentCode": "EU"}, {"CountryCode": "*"}]
    zone.create(*(record("g", f"192.0.2.{n}", SetIdentifier=str(n), GeoLocation=one) for n, one in enumerate(where)))
    zone.create(
        *(
            record("l", f"192.0.2.{n}", SetIdentifier=n, Region=one)
            for n, one in (("1", "eu-west-2"), ("2", "us-east-1"))
        )
    )
    assert data(zone, "g", ResolverIP=TOKYO) == ["192.0.2.0"]
    assert data(zone, "g", ResolverIP=TOKYO, EDNS0ClientSubnetIP=IRELAND) == ["192.0.2.1"]
    assert data(zone, "g") == data(zone, "g", ResolverIP=NOWHERE) == ["192.0.2.2"]
    assert data(zone, "l", ResolverIP=IRELAND) == ["192.0.2.1"]
    assert data(zone, "l") == ["192.0.2.2"]


def test_failover_follows_the_health_check(route53, zone, check):
    """Does an inverted health check bring the secondary, as AWS suggests for tests?"""
    health = check()
    primary = record("f", "192.0.2.1", SetIdentifier="1", Failover="PRIMARY", HealthCheckId=health)
    zone.create(primary, record("f", "192.0.2.2", SetIdentifier="2", Failover="SECONDARY"))
    assert data(zone, "f") == ["192.0.2.1"]
    route53.update_health_check(HealthCheckId=health, Inverted=True)
    assert data(zone, "f") == ["192.0.2.2"]


def test_a_calculated_check_counts_its_children(route53, zone, check):
    """Is it healthy while enough of its children are?"""
    children = [check(str(n)) for n in range(2)]
    health = check(
        "parent", Type="CALCULATED", ChildHealthChecks=children, HealthThreshold=2, FullyQualifiedDomainName=""
    )
    primary = record("f", "192.0.2.1", SetIdentifier="1", Failover="PRIMARY", HealthCheckId=health)
    zone.create(primary, record("f", "192.0.2.2", SetIdentifier="2", Failover="SECONDARY"))
    assert data(zone, "f") == ["192.0.2.1"]
    route53.update_health_check(HealthCheckId=children[0], Inverted=True)
    assert data(zone, "f") == ["192.0.2.2"]


def test_an_alias_answers_with_the_values_of_its_target(zone):
    """In the zone its values, of a load balancer an address?"""
    zone.create(record("a", AliasTarget=alias(zone.id, "www.example.com")))
    zone.create(record("b", AliasTarget=alias("Z35SXDOTRQ7X7K", "lb-1.us-east-1.elb.amazonaws.com")))
    assert data(zone, "a") == ["192.0.2.1"]
    assert data(zone, "b") == data(zone, "b") and data(zone, "b")[0].startswith("198.51.100.")


def test_what_cannot_be_asked(refused, route53, zone, vpc):
    """Are private zones, client subnets without a resolver, and texts that are no addresses refused?"""
    ask = {"HostedZoneId": zone.id, "RecordName": "www.example.com", "RecordType": "A"}
    for wrong in (
        {"ResolverIP": "home"},
        {"EDNS0ClientSubnetIP": "192.0.2.1"},
        {"EDNS0ClientSubnetMask": "24"},
        {"ResolverIP": IRELAND, "EDNS0ClientSubnetIP": "192.0.2.1", "EDNS0ClientSubnetMask": "33"},
    ):
        refused(route53.test_dns_answer, "InvalidInput", **ask, **wrong)
    refused(route53.test_dns_answer, "NoSuchHostedZone", status=404, **{**ask, "HostedZoneId": "Z1"})
    seen_by = {"VPCId": vpc, "VPCRegion": "us-east-1"}
    private = route53.create_hosted_zone(Name="corp.internal", CallerReference="2", VPC=seen_by)["HostedZone"]["Id"]
    refused(route53.test_dns_answer, "InvalidInput", "private", **{**ask, "HostedZoneId": private})
