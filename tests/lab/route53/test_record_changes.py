"""ChangeResourceRecordSets: what AWS refuses of one record, and the nearest records it takes."""

import pytest
from dns_records import alias, record

pytest_plugins = ("dns_fixtures",)


CNAME = {"type": "CNAME"}
IDS = {"SetIdentifier": "one"}


def weighted(identifier, weight=1, value="192.0.2.9", **more):
    return record("w", value, SetIdentifier=identifier, Weight=weight, **more)


def located(identifier, name="geo", **where):
    return record(name, "192.0.2.9", SetIdentifier=identifier, GeoLocation=where)


REFUSED = {
    "CNAME at the apex": (record("", "www.example.org", **CNAME), "at apex in zone example.com."),
    "CNAME beside A": (record("www", "www.example.org", **CNAME), "conflicts with other records"),
    "an existing record": (
        record("WWW", "192.0.2.7"),
        "[Tried to create resource record set [name='www.example.com.', type='A'] but it already exists]",
    ),
    "outside of the zone": (
        {**record("", "192.0.2.1"), "Name": "badexample.com"},
        "RRSet with DNS name badexample.com. is not permitted in zone example.com.",
    ),
    "no IPv4 address": (record("a", "192.0.2"), "ARRDATAIllegalIPv4Address", "'192.0.2'"),
    "a name as address": (record("a", "www.example.org"), "ARRDATAIllegalIPv4Address"),
    "an IPv4 address in AAAA": (record("a", "192.0.2.1", type="AAAA"), "AAAARRDATAIllegalIPv6Address"),
    "text without quotes": (record("a", "v=spf1 -all", type="TXT"), "Value should be enclosed in quotation marks"),
    "a long string": (record("a", f'"{"x" * 256}"', type="TXT"), "CharacterStringTooLong (Value is too long)"),
    "mail without priority": (record("a", "mail.example.com", type="MX"), "MXRRDATANotTwoFields"),
    "a priority in words": (record("a", "ten mail.example.com", type="MX"), "MXRRDATAIllegalPriority"),
    "a service of three fields": (record("a", "1 1 a.example.com", type="SRV"), "SRVRRDATANotFourFields"),
    "certificates without a tag": (record("a", "0 letsencrypt.org", type="CAA"), "CAARRDATANotThreeFields"),
    "two canonical names": (record("a", "b.example.com", "c.example.com", **CNAME), "more than one value"),
    "a value twice": (record("a", "192.0.2.1", "192.0.2.1"), "Duplicate Resource Record: '192.0.2.1'"),
    "a long label": (record("x" * 64, "192.0.2.1"), "DomainLabelTooLong"),
    "an empty label": (record("a.", "192.0.2.1"), "DomainLabelEmpty"),
    "weighted beside simple": (
        record("www", "192.0.2.2", Weight=1, **IDS),
        "RRSet with DNS name www.example.com., type A, SetIdentifier one cannot be created as a non-weighted set exists "
        "with the same name and type.",
    ),
    "weighted name servers": (
        record("sub", "ns.example.org", type="NS", Weight=1, **IDS),
        "this type of RRSet is not supported",
    ),
    "a multivalue CNAME": (
        record("m", "b.example.com", MultiValueAnswer=True, **CNAME, **IDS),
        "this type of RRSet is not supported",
    ),
    "a primary without a health check": (
        record("f", "192.0.2.1", Failover="PRIMARY", **IDS),
        "A non-alias primary ResourceRecordSet must have an associated health check. No changes made.",
    ),
}


@pytest.mark.parametrize("which", REFUSED)
def test_a_batch_is_refused(refused, route53, zone, which):
    """Does AWS's InvalidChangeBatch name the record and the rule?"""
    given, *words = REFUSED[which]
    refused(route53.change_resource_record_sets, "InvalidChangeBatch", "[", *words, **zone.arguments(("CREATE", given)))


FORM = {
    "a weight of 256": (record("w", "192.0.2.1", Weight=256, **IDS), "'256'", "less than or equal to 255"),
    "a weight without an identifier": (record("w", "192.0.2.1", Weight=1), "Missing field 'SetIdentifier'"),
    "an identifier without a policy": (
        record("w", "192.0.2.1", **IDS),
        "[Weight, Region, Failover, GeoLocation,",
        "none",
    ),
    "two policies": (record("w", "192.0.2.1", Weight=1, Region="us-east-1", **IDS), "found more than one"),
    "no TTL": (
        {**record("a", type="A"), "ResourceRecords": [{"Value": "192.0.2.1"}]},
        "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or "
        "TrafficPolicyInstanceId], but found none in Change with [Action=CREATE, Name=a.example.com, Type=A, "
        "SetIdentifier=null]",
    ),
    "no values": ({**record("a"), "TTL": 60}, "but found none"),
    "an alias with a TTL": ({**record("a", AliasTarget=alias("Z1", "x.example.com")), "TTL": 60}, "more than one"),
    "a long value": (record("t", '"x" ' * 1001, type="TXT"), "length less than or equal to 4000"),
    "a long TTL": (record("a", "192.0.2.1", ttl=2147483648), "2147483647"),
    "an unknown type": (record("a", "192.0.2.1", type="ANAME"), "'ANAME' is not facet-valid"),
    "an unknown Region": (record("l", "192.0.2.1", Region="eu-west-9", **IDS), "'eu-west-9'"),
    "an unknown role": (record("f", "192.0.2.1", Failover="TERTIARY", **IDS), "'TERTIARY'"),
    "continent and country": (located("g", ContinentCode="EU", CountryCode="FR"), "together with CountryCode"),
    "a state of no country": (located("g", SubdivisionCode="CA"), "without CountryCode"),
    "a country that is none": (located("g", CountryCode="EU"), "Cannot find location", "CountryCode=EU"),
    "a continent that is none": (located("g", ContinentCode="XX"), "Cannot find location"),
    "a state abroad": (located("g", CountryCode="CA", SubdivisionCode="ON"), "Cannot find location"),
    "a part of Ukraine by its ISO code": (located("g", CountryCode="UA", SubdivisionCode="43"), "Cannot find location"),
    "no place": (located("g"), "must specify a ContinentCode or a CountryCode"),
}


@pytest.mark.parametrize("which", FORM)
def test_a_record_that_is_none_is_refused(refused, route53, zone, which):
    """Does AWS's InvalidInput name what is wrong with the form of a record?"""
    given, *words = FORM[which]
    refused(route53.change_resource_record_sets, "InvalidInput", *words, **zone.arguments(("CREATE", given)))


ACCEPTED = {
    "a CNAME below the apex": [record("shop", "www.example.org", **CNAME)],
    "a CNAME with its dot": [record("shop", "www.example.org.", **CNAME)],
    "mail": [record("", "10 mail.example.com", "20 mail2.example.com", type="MX")],
    "text": [record("", '"v=spf1 -all"', '"a" "b"', '"a \\"quoted\\" word"', type="TXT")],
    "a string of 255": [record("a", f'"{"x" * 255}" "{"y" * 255}"', type="TXT")],
    "a service": [record("_sip._tcp", "1 10 5060 sip.example.com", type="SRV")],
    "certificates": [record("", '0 issue "letsencrypt.org"', type="CAA")],
    "a wildcard": [record("*", "192.0.2.1")],
    "a delegation": [record("sub", "ns-1.awsdns-01.org.", "ns-2.awsdns-02.com.", type="NS")],
    "weights 0 and 255": [weighted("a", 0), weighted("b", 255)],
    "an AAAA beside A": [record("www", "2001:db8::2", type="AAAA")],
    "places inside each other": [
        located("us", CountryCode="US"),
        located("ca", CountryCode="US", SubdivisionCode="CA"),
        located("ua", CountryCode="UA", SubdivisionCode="11"),
        located("na", ContinentCode="NA"),
        located("all", CountryCode="*"),
    ],
    "multivalue": [record("m", f"192.0.2.{n}", SetIdentifier=str(n), MultiValueAnswer=True) for n in range(1, 10)],
    "a secondary alone": [record("f", "192.0.2.1", Failover="SECONDARY", **IDS)],
    "a TTL of 0": [record("a", "192.0.2.1", ttl=0)],
}


@pytest.mark.parametrize("which", ACCEPTED)
def test_a_legal_batch_is_accepted_and_shown(zone, which):
    """Does list_resource_record_sets show afterwards what was given?"""
    before = len(zone.records())
    given = ACCEPTED[which]
    zone.create(*given)
    found = [{**one, "Name": one["Name"].removesuffix(".").replace("\\052", "*")} for one in zone.records()]
    assert len(found) == before + len(given)
    assert all(one in found for one in given)


POLICIES = {
    "weights with other TTLs": (weighted("a"), weighted("b", ttl=300), "weighted sets must contain the same TTL"),
    "latency beside weighted": (
        weighted("a"),
        record("w", "192.0.2.2", SetIdentifier="b", Region="us-east-1"),
        "non-latency set exists",
    ),
    "simple beside weighted": (
        weighted("a"),
        record("w", "192.0.2.2"),
        "RRSet with DNS name w.example.com., type A cannot be created as other RRSets exist with the same name and type.",
    ),
    "a Region twice": (
        record("l", "192.0.2.1", SetIdentifier="a", Region="eu-west-1"),
        record("l", "192.0.2.2", SetIdentifier="b", Region="eu-west-1"),
        "Region eu-west-1",
    ),
    "two defaults": (located("a", CountryCode="*"), located("b", CountryCode="*"), "GeoLocation *"),
    "a state twice": (
        located("a", CountryCode="US", SubdivisionCode="NY"),
        located("b", CountryCode="US", SubdivisionCode="NY"),
        "US-NY",
    ),
    "two secondaries": (
        record("f", "192.0.2.1", SetIdentifier="a", Failover="SECONDARY"),
        record("f", "192.0.2.2", SetIdentifier="b", Failover="SECONDARY"),
        "Failover SECONDARY",
    ),
    "an A beside a CNAME": (
        record("c", "www.example.org", **CNAME),
        record("c", "192.0.2.1"),
        "RRSet of type A with DNS name c.example.com. is not permitted because a conflicting RRSet of type  CNAME",
    ),
}


@pytest.mark.parametrize("which", POLICIES)
def test_two_records_contradict_each_other(refused, route53, zone, which):
    """Is the second refused where it comes later, and both where they come in one batch?"""
    first, second, words = POLICIES[which]
    both = zone.arguments(("CREATE", first), ("CREATE", second))
    refused(route53.change_resource_record_sets, "InvalidChangeBatch", **both)
    zone.create(first)
    refused(route53.change_resource_record_sets, "InvalidChangeBatch", words, **zone.arguments(("CREATE", second)))


def test_the_command_line_shows_the_same_refusal(zone):
    """Do rest-xml errors reach the `aws` command?"""
    from course import lab

    batch = (
        '{"Changes":[{"Action":"CREATE","ResourceRecordSet":{"Name":"example.com","Type":"CNAME","TTL":60,'
        '"ResourceRecords":[{"Value":"www.example.org"}]}}]}'
    )
    ran = lab.aws(["route53", "change-resource-record-sets", "--hosted-zone-id", zone.id, "--change-batch", batch])
    assert ran.exit_code == 254 or ran.exit_code == 255
    assert "(InvalidChangeBatch)" in ran.error and "is not permitted at apex in zone example.com." in ran.error
