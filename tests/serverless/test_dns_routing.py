"""How Route 53 chooses among records: policies, health, places."""

from collections import Counter
from ipaddress import ip_network
from itertools import combinations, count
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.data import figures, value
from course.serverless.dns_names import closest, lies_within
from course.serverless.dns_places import countries, distance_km, place_of_address
from course.serverless.dns_routing import answer, policy_of


def record(name, data, **more):
    return {"Name": f"{name}.", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": data}], **more}


def alias(name, target, evaluate=True, **more):
    to = {"HostedZoneId": "Z1", "DNSName": target, "EvaluateTargetHealth": evaluate}
    return {"Name": f"{name}.", "Type": "A", "AliasTarget": to, **more}


def group(field, *settings, checked=False):
    """Records of example.com whose values are their numbers; checked: each with a health check of that number."""
    return [
        record(
            "example.com",
            str(n),
            SetIdentifier=str(n),
            **{field: one},
            **({"HealthCheckId": str(n)} if checked else {}),
        )
        for n, one in enumerate(settings)
    ]


def ask(records, name="example.com", **more):
    return answer(records, name, "A", **more).values


def sampled(records, times=1000, **more):
    draw = Random(5).random
    return Counter(ask(records, draw=draw, **more)[0] for _ in range(times))


def test_weights_are_shares_of_their_sum():
    """Do weights 3 and 1 answer three to one, and weight 0 never?"""
    counts = sampled(group("Weight", 3, 1, 0))
    assert 700 < counts["0"] < 800 and counts["0"] + counts["1"] == 1000


@given(weights=st.lists(st.integers(0, 255), min_size=1, max_size=6), point=st.floats(0, 1, exclude_max=True))
def test_each_draw_meets_the_record_whose_share_it_falls_into(weights, point):
    """Does the running sum of weights pass the draw exactly at the chosen record, and are all-zero weights equal?"""
    shares = weights if any(weights) else [1] * len(weights)
    chosen = int(ask(group("Weight", *weights), draw=lambda: point)[0])
    below = sum(shares[:chosen]) / sum(shares)
    assert shares[chosen] and below - 1e-9 <= point <= below + shares[chosen] / sum(shares) + 1e-9


def test_a_weight_of_0_waits_until_the_others_are_unhealthy():
    """Is it a spare for the records that share the traffic?"""
    records = group("Weight", 1, 0, checked=True)
    assert set(sampled(records, 50)) == {"0"}
    assert set(sampled(records, 50, healthy={"0": False})) == {"1"}
    assert set(sampled(records, 50, healthy={"0": False, "1": False})) == {"0"}


@pytest.mark.parametrize(
    ("primary", "secondary", "chosen"), [(True, True, "0"), (True, False, "0"), (False, True, "1"), (False, False, "0")]
)
def test_failover(primary, secondary, chosen):
    """Is it the secondary only while the primary alone is unhealthy?"""
    records = group("Failover", "PRIMARY", "SECONDARY", checked=True)
    assert ask(records, healthy={"0": primary, "1": secondary}) == (chosen,)


GEO = (
    {"CountryCode": "US", "SubdivisionCode": "CA"},
    {"CountryCode": "US"},
    {"ContinentCode": "NA"},
    {"CountryCode": "*"},
)


@pytest.mark.parametrize(
    ("where", "chosen"),
    [
        ({"country": "US", "subdivision": "CA"}, "0"),
        ({"country": "US", "subdivision": "NY"}, "1"),
        ({"country": "CA"}, "2"),
        ({"country": "FR"}, "3"),
        ({}, "3"),
    ],
)
def test_the_smallest_place_answers(where, chosen):
    """State before country before continent before default?"""
    assert ask(group("GeoLocation", *GEO), **where) == (chosen,)


def test_no_place_and_no_default_is_no_data():
    """Does a zone without a default leave the others without an answer?"""
    found = answer(group("GeoLocation", *GEO[:3]), "example.com", "A", country="FR")
    assert (found.code, found.values, found.set_identifier) == ("NOERROR", (), "")


def test_an_unhealthy_place_falls_back_to_the_larger():
    """Does California go to the United States, and to the default when that is ill too?"""
    records = group("GeoLocation", *GEO, checked=True)
    here = {"country": "US", "subdivision": "CA"}
    assert ask(records, healthy={"0": False}, **here) == ("1",)
    assert ask(records, healthy={"0": False, "1": False, "2": False}, **here) == ("3",)
    assert ask(records, healthy=lambda _: False, **here) == ("0",)


def test_latency_takes_the_nearest_healthy_region():
    """Does London go to Ireland, to Virginia when Ireland is ill, and everyone to some record?"""
    records = group("Region", "us-east-1", "eu-west-1", "ap-southeast-2", checked=True)
    assert ask(records, region="eu-west-2") == ("1",)
    assert ask(records, region="eu-west-2", healthy={"1": False}) == ("0",)
    assert ask(records, region="ap-southeast-2") == ("2",)
    assert len(ask(records)) == 1


@given(n=st.integers(1, 20), ill=st.sets(st.integers(0, 19)), seed=st.integers(0, 99))
def test_multivalue_gives_up_to_eight_healthy_values(n, ill, seed):
    """Never more than eight, never an unhealthy one while a healthy one is left, none twice?"""
    records = group("MultiValueAnswer", *[True] * n, checked=True)
    healthy = {str(one): False for one in ill}
    found = ask(records, healthy=healthy, draw=Random(seed).random)
    alive = {str(one) for one in range(n)} - set(healthy)
    assert len(found) == len(set(found)) == min(value("route53.records.multivalue_answers"), len(alive) or n)
    assert set(found) <= (alive or {str(one) for one in range(n)})


def test_an_alias_takes_its_answer_and_its_health_from_its_target():
    """Does a failover of aliases look at the records behind them, through more than one alias?"""
    records = [
        alias("example.com", "one.example.com", SetIdentifier="p", Failover="PRIMARY"),
        record("example.com", "9", SetIdentifier="s", Failover="SECONDARY"),
        alias("one.example.com", "two.example.com"),
        record("two.example.com", "1", SetIdentifier="a", Weight=1, HealthCheckId="a"),
        record("two.example.com", "2", SetIdentifier="b", Weight=1, HealthCheckId="b"),
    ]
    found = answer(records, "example.com", "A", draw=lambda: 0.0)
    assert found.values == ("1",) and [one["Name"] for one in found.chosen][-1] == "two.example.com."
    assert ask(records, healthy={"a": False}) == ("2",)
    assert ask(records, healthy={"a": False, "b": False}) == ("9",)
    records[0]["AliasTarget"]["EvaluateTargetHealth"] = False
    assert ask(records, healthy={"a": False, "b": False}, draw=lambda: 0.0) == ("1",)


def test_an_alias_out_of_the_zone():
    """Is a load balancer's health asked for by its name, and its address left to the caller?"""
    records = [
        alias("example.com", "lb.amazonaws.com", SetIdentifier="p", Failover="PRIMARY"),
        record("example.com", "9", SetIdentifier="s", Failover="SECONDARY"),
    ]
    assert ask(records) == ("lb.amazonaws.com",) and answer(records, "example.com", "A").ttl is None
    assert ask(records, outside=lambda name, kind: ["192.0.2.1"]) == ("192.0.2.1",)
    assert ask(records, healthy={"lb.amazonaws.com": False}) == ("9",)


def test_aliases_in_a_circle_end():
    """Does a loop fail instead of running for ever?"""
    records = [alias("a.example.com", "b.example.com"), alias("b.example.com", "a.example.com")]
    assert answer(records, "a.example.com", "A").code == "SERVFAIL"


def test_names_types_and_wildcards():
    """NXDOMAIN, no data, CNAME and wildcard: which is it?"""
    records = [
        record("www.example.com", "1"),
        record("\\052.example.com", "2"),
        record("x.deep.example.com", "3"),
        {**record("c.example.com", "www.example.org"), "Type": "CNAME"},
    ]
    assert ask(records, "WWW.example.com.") == ("1",) and ask(records, "any.example.com") == ("2",)
    assert answer(records, "www.example.com", "TXT").code == "NOERROR"
    assert answer(records, "y.deep.example.com", "A").code == "NXDOMAIN"
    assert answer(records, "deep.example.com", "A").code == "NOERROR"
    found = answer(records, "c.example.com", "A")
    assert (found.type, found.values) == ("CNAME", ("www.example.org",))
    assert answer(records[:1], "none.example.com", "A").code == "NXDOMAIN"


def test_policies_have_names():
    """Is the policy told from the element, a multivalue answer of False being none?"""
    assert policy_of(record("a.b", "1")) == policy_of(record("a.b", "1", MultiValueAnswer=False)) == "simple"
    assert policy_of(record("a.b", "1", Weight=0)) == "weighted"
    with pytest.raises(ValueError, match="geoproximity routing is not modelled"):
        ask(group("GeoProximityLocation", {"AWSRegion": "us-east-1"}))


@given(st.text("ab.", max_size=8), st.text("ab.", max_size=8))
def test_only_whole_labels_lie_within_a_zone(name, zone):
    """Is a zone's own name inside, what is below it too, and a longer word not?"""
    assert lies_within(f"{name}.{zone}", zone) or not name.strip(".") or zone.startswith(".") or not zone.rstrip(".")
    assert lies_within(zone, zone) and not lies_within(f"x{'example.com'}", "example.com")


def test_the_closest_wildcard_answers():
    """Does a name between hide the wildcard above it?"""
    assert closest(["*.a.com", "b.a.com"], "c.a.com") == "*.a.com"
    assert closest(["*.a.com", "b.a.com"], "c.b.a.com") is None
    assert closest(["*.a.com"], "d.c.a.com") == "*.a.com"


def test_places():
    """Are continents complete without overlaps, distances symmetric, and addresses of AWS placed?"""
    known = countries()
    assert len(known) == sum(
        len(value(f"route53.continents.{one}")) for one in ("AF", "AN", "AS", "EU", "NA", "OC", "SA")
    )
    assert (known["FR"], known["US"], known["JP"], known["BR"]) == ("EU", "NA", "AS", "SA")
    assert known["TR"] == "EU" and not {"BV", "CX", "EH", "HM"} & set(known)
    assert distance_km("eu-west-1", "us-east-1") == pytest.approx(distance_km("us-east-1", "eu-west-1"))
    assert 400 < distance_km("eu-west-1", "eu-west-2") < 600
    place = place_of_address("34.240.1.2")
    assert (place.country, place.continent, place.region) == ("IE", "EU", "eu-west-1")
    assert place_of_address("203.0.113.1").country == ""
    place = place_of_address("3.80.0.1")
    assert (place.country, place.subdivision, place.region) == ("US", "VA", "us-east-1")


def test_every_region_that_addresses_name_has_a_place_and_its_blocks_are_its_own():
    """Can the distance from each known address be told, and does no address belong to two Regions?"""
    blocks = [(region, one.value[2:]) for region, one in figures("route53.places_of_addresses").items()]
    assert {region for region, _ in blocks} <= set(figures("route53.region_places"))
    networks = [ip_network(block) for _, some in blocks for block in some]
    assert not any(one.overlaps(other) for one, other in combinations(networks, 2))


def test_the_same_draws_give_the_same_answers():
    """Can a lesson repeat its sample?"""
    records = group("Weight", 1, 1, 1)
    first, second = ([ask(records, draw=draw) for _ in range(20)] for draw in (Random(1).random, Random(1).random))
    assert first == second and len(set(first)) == 3
    numbers = count()
    ask(records, draw=lambda: next(numbers) / 10)
    assert next(numbers) == 1
