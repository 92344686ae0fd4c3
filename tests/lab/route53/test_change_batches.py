"""A change batch: all or nothing, what it deletes, how large it may be, and what becomes of it."""

import pytest
from dns_records import record

pytest_plugins = ("dns_fixtures",)


WWW = record("www", "192.0.2.1")


def test_one_bad_change_stops_the_whole_batch(refused, route53, zone):
    """Is nothing changed, and is every problem named?"""
    batch = zone.arguments(
        ("CREATE", record("good", "192.0.2.5")),
        ("CREATE", record("bad", "192.0.2")),
        ("DELETE", record("gone", "192.0.2.5")),
    )
    refused(
        route53.change_resource_record_sets,
        "InvalidChangeBatch",
        "ARRDATAIllegalIPv4Address",
        "[name='gone.example.com.', type='A'] but it was not found",
        **batch,
    )


@pytest.mark.parametrize(
    "given",
    [record("www", "192.0.2.2"), record("www", "192.0.2.1", ttl=300), record("www", "192.0.2.1", "192.0.2.2")],
)
def test_deleting_takes_the_present_values(refused, route53, zone, given):
    """Is a DELETE refused that does not repeat TTL and values?"""
    words = "[name='www.example.com.', type='A'] but the values provided do not match the current values"
    refused(route53.change_resource_record_sets, "InvalidChangeBatch", words, **zone.arguments(("DELETE", given)))
    zone.change(("DELETE", WWW))
    assert [one["Type"] for one in zone.records()] == ["AAAA"]


def test_deleting_one_of_a_group_leaves_the_others(refused, route53, zone):
    """Do other names with the same set identifier stay, which moto deletes?"""
    one, two = ({"SetIdentifier": name, "Weight": 1} for name in ("a", "b"))
    group = [record("x", "192.0.2.1", **one), record("x", "192.0.2.2", **two), record("y", "192.0.2.3", **one)]
    zone.create(*group)
    other = {**group[0], "Weight": 2}
    refused(route53.change_resource_record_sets, "InvalidChangeBatch", **zone.arguments(("DELETE", other)))
    zone.change(("DELETE", group[0]))
    assert sorted(one["Name"] for one in zone.records() if "Weight" in one) == ["x.example.com.", "y.example.com."]


def test_the_same_record_cannot_be_deleted_twice(refused, route53, zone):
    """Is a change seen by those after it in the batch?"""
    refused(
        route53.change_resource_record_sets,
        "InvalidChangeBatch",
        "was not found",
        **zone.arguments(("DELETE", WWW), ("DELETE", WWW)),
    )


def test_a_batch_may_replace_a_record_by_one_that_conflicts_with_it(zone):
    """Can an A record become a CNAME, and a simple one weighted, in one transaction?"""
    zone.change(("DELETE", WWW), ("CREATE", record("www", "www.example.org", type="CNAME")))
    assert [one["Type"] for one in zone.records()] == ["AAAA", "CNAME"]


def test_primary_and_secondary_change_places(zone, check):
    """Do two upserts that contradict the zone, but not each other, pass?"""
    health = check()
    roles = [record("f", f"192.0.2.{n}", SetIdentifier=str(n), HealthCheckId=health) for n in (1, 2)]
    zone.create({**roles[0], "Failover": "PRIMARY"}, {**roles[1], "Failover": "SECONDARY"})
    zone.change(("UPSERT", {**roles[0], "Failover": "SECONDARY"}), ("UPSERT", {**roles[1], "Failover": "PRIMARY"}))
    assert [one["Failover"] for one in zone.records() if "Failover" in one] == ["SECONDARY", "PRIMARY"]


def test_upsert_creates_and_replaces(zone):
    """Does UPSERT do both, and only to the record of its name, type and identifier?"""
    zone.change(("UPSERT", record("www", "192.0.2.8", ttl=300)), ("UPSERT", record("new", "192.0.2.9")))
    found = {one["Name"]: one for one in zone.records()}
    assert found["www.example.com."]["ResourceRecords"] == [{"Value": "192.0.2.8"}]
    assert found["www.example.com."]["TTL"] == 300 and "new.example.com." in found


def test_the_zone_keeps_its_own_records(refused, route53, zone):
    """Are deletions of SOA and NS at the apex refused, and changes of them possible?"""
    listed = route53.list_resource_record_sets(HostedZoneId=zone.id)["ResourceRecordSets"]
    own = {one["Type"]: one for one in listed if one["Type"] in ("NS", "SOA")}
    for kind, words in (("SOA", "exactly one SOA record."), ("NS", "at least one NS record for the zone itself.")):
        refused(
            route53.change_resource_record_sets,
            "InvalidChangeBatch",
            f"A HostedZone must contain {words}",
            **zone.arguments(("DELETE", own[kind])),
        )
    zone.change(("UPSERT", {**own["NS"], "TTL": 3600}))


def test_a_batch_holds_1000_records(refused, route53, zone):
    """Do 1,000 changes pass, and 1,001, or 501 upserts, not?"""
    many = [record(f"h{n}", "192.0.2.1") for n in range(1001)]
    words = "Number of records limit of 1000 exceeded."
    refused(
        route53.change_resource_record_sets,
        "InvalidChangeBatch",
        words,
        **zone.arguments(*(("CREATE", one) for one in many)),
    )
    refused(
        route53.change_resource_record_sets,
        "InvalidChangeBatch",
        words,
        **zone.arguments(*(("UPSERT", one) for one in many[:501])),
    )
    zone.create(*many[:1000])
    assert len(route53.list_resource_record_sets(HostedZoneId=zone.id)["ResourceRecordSets"]) == 300


def test_values_of_a_batch_have_32000_characters(refused, route53, zone):
    """Are the characters of all values counted?"""
    text = f'"{"x" * 250}"'
    many = [("CREATE", record(f"t{n}", text, type="TXT")) for n in range(127)]
    refused(route53.change_resource_record_sets, "InvalidChangeBatch", "characters", "32000", **zone.arguments(*many))
    zone.change(*many[:126])


def test_a_change_can_be_followed(refused, route53, zone):
    """Is it PENDING at first and INSYNC when asked, and is an unknown one refused?"""
    info = zone.create(record("a", "192.0.2.1"))
    assert info["Status"] == "PENDING" and info["Id"].startswith("/change/C")
    assert route53.get_change(Id=info["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    refused(route53.get_change, "NoSuchChange", status=404, Id="/change/C1")


def test_pages_follow_each_other_through_a_group(route53, zone):
    """Does StartRecordIdentifier go on inside of a name and type, which moto does not know?"""
    zone.create(*(record("w", "192.0.2.1", SetIdentifier=str(n), Weight=n) for n in range(4)))
    pages = route53.get_paginator("list_resource_record_sets").paginate(
        HostedZoneId=zone.id, PaginationConfig={"PageSize": 3}
    )
    found = [one for page in pages for one in page["ResourceRecordSets"]]
    assert [one["Weight"] for one in found if "Weight" in one] == [0, 1, 2, 3] and len(found) == 8
    assert route53.list_resource_record_sets(HostedZoneId=zone.id, StartRecordName="w.example.com")["MaxItems"] == "300"


def test_unknown_zone_and_health_check(refused, route53, zone):
    """Are zones and health checks that do not exist named?"""
    arguments = zone.arguments(("CREATE", record("a", "192.0.2.1", HealthCheckId="none")))
    refused(route53.change_resource_record_sets, "NoSuchHealthCheck", "none", status=404, **arguments)
    arguments["HostedZoneId"] = "Z1"
    refused(route53.change_resource_record_sets, "NoSuchHostedZone", "Z1", status=404, **arguments)
