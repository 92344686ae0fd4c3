"""Alias records: where they may point."""

import pytest
from dns_records import alias, record

pytest_plugins = ("dns_fixtures",)


ALB = "Z35SXDOTRQ7X7K"  # us-east-1


def test_an_alias_in_its_own_zone_needs_its_target(refused, route53, zone):
    """Is a target of the same name and type required, and is one made in the same batch enough?"""
    to = alias(zone.id, "app.example.com")
    for kind in ("A", "AAAA"):
        refused(
            route53.change_resource_record_sets,
            "InvalidChangeBatch",
            f"Tried to create an alias that targets app.example.com., type {kind} in zone {to['HostedZoneId']}, but that "
            "target was not found",
            **zone.arguments(("CREATE", record("alias", type=kind, AliasTarget=to))),
        )
    zone.create(record("", type="A", AliasTarget=to), record("app", "192.0.2.3"))
    assert {"Name": "example.com.", "Type": "A", "AliasTarget": to} in zone.records()


@pytest.mark.parametrize(
    ("zone_id", "name", "words"),
    [
        (None, "www.example.org", "does not lie within the target zone"),
        (None, "self.example.com", "was not found"),
        ("Z0000000000000", "lb-1.us-east-1.elb.amazonaws.com", "does not lie within the target zone"),
        ("Z32O12XQLNTSW2", "lb-1.us-east-1.elb.amazonaws.com", "does not lie within the target zone"),
        (ALB, "www.example.org", "does not lie within the target zone"),
        (ALB, "d1.cloudfront.net", "does not lie within the target zone"),
        ("Z2FDTNDATAQYW2", "lb-1.us-east-1.elb.amazonaws.com", "does not lie within the target zone"),
    ],
)
def test_an_alias_that_points_nowhere_is_refused(refused, route53, zone, zone_id, name, words):
    """Must the name lie in the zone that is named?"""
    given = record("self", AliasTarget=alias(zone_id or zone.id, name))
    refused(route53.change_resource_record_sets, "InvalidChangeBatch", words, **zone.arguments(("CREATE", given)))


@pytest.mark.parametrize(
    ("zone_id", "name"),
    [
        (ALB, "dualstack.lb-1.us-east-1.elb.amazonaws.com."),
        ("Z26RNL4JYFTOTI", "lb-1.elb.us-east-1.amazonaws.com"),
        ("Z2FDTNDATAQYW2", "d111111abcdef8.cloudfront.net"),
        ("Z3AQBSTGFYJSTF", "s3-website-us-east-1.amazonaws.com"),
        ("Z1UJRXOUMOOFQ8", "d-abc.execute-api.us-east-1.amazonaws.com"),
    ],
)
def test_names_of_aws_are_targets(zone, zone_id, name):
    """Are load balancers, distributions, websites and APIs accepted?"""
    zone.create(record("", AliasTarget=alias(zone_id, name)))
    assert "TTL" not in zone.records()[0]


def test_a_load_balancer_tells_the_zone_its_alias_needs(zone, balancer, elb):
    """Do CanonicalHostedZoneId and DNSName of describe_load_balancers make an alias?"""
    balancer()
    found = elb.describe_load_balancers()["LoadBalancers"][0]
    zone.create(record("", AliasTarget=alias(found["CanonicalHostedZoneId"], found["DNSName"], evaluate=True)))
    assert found["CanonicalHostedZoneId"] == ALB


def test_what_an_alias_cannot_be(refused, route53, zone, check):
    """Are multivalue aliases, primary aliases without health, and health of CloudFront refused?"""
    to = alias(zone.id, "www.example.com")
    cases = [
        (record("m", AliasTarget=to, MultiValueAnswer=True, SetIdentifier="a"), "should not be an alias rrset"),
        (record("f", AliasTarget=to, Failover="PRIMARY", SetIdentifier="a"), "alias primary ResourceRecordSet"),
        (record("", AliasTarget=alias("Z2FDTNDATAQYW2", "d1.cloudfront.net", True)), "EvaluateTargetHealth"),
        (record("n", type="NS", AliasTarget=alias(zone.id, "example.com")), "aliases of that type are not supported"),
    ]
    for given, words in cases:
        refused(route53.change_resource_record_sets, "InvalidChangeBatch", words, **zone.arguments(("CREATE", given)))
    healthy = alias(zone.id, "www.example.com", evaluate=True)
    zone.create(record("f", AliasTarget=healthy, Failover="PRIMARY", SetIdentifier="a"))


def test_an_alias_to_a_cname_is_a_cname(zone):
    """Does an alias have the type of its target?"""
    zone.create(record("c", "www.example.org", type="CNAME"))
    zone.create(record("d", type="CNAME", AliasTarget=alias(zone.id, "c.example.com")))
