"""Hosted zones: names, caller references, VPCs, and their end."""

from dns_records import record

pytest_plugins = ("dns_fixtures",)


def test_a_caller_reference_makes_one_zone(refused, route53, zone):
    """Is the reference refused again, and the name not?"""
    refused(
        route53.create_hosted_zone,
        "HostedZoneAlreadyExists",
        "with the specified caller reference",
        status=409,
        Name="example.org",
        CallerReference="1",
    )
    route53.create_hosted_zone(Name="example.com", CallerReference="2")


def test_a_zone_has_a_domain_name(refused, route53):
    """Are long labels, blanks and wildcards refused, and capitals made small?"""
    for name in ("x" * 64 + ".com", "a b.com", "*.example.com", "a..com"):
        refused(route53.create_hosted_zone, "InvalidDomainName", Name=name, CallerReference="1")
    made = route53.create_hosted_zone(Name="Sub.Example.COM", CallerReference="1")
    assert made["HostedZone"]["Name"] == "sub.example.com."
    assert len(made["DelegationSet"]["NameServers"]) == 4


def test_a_private_zone_needs_a_vpc(refused, route53, vpc):
    """Must the VPC be named and exist?"""
    private = {"Name": "corp.internal", "CallerReference": "1", "HostedZoneConfig": {"PrivateZone": True}}
    refused(route53.create_hosted_zone, "InvalidInput", "you must also specify values for VPCId", **private)
    for wrong in ({"VPCId": "vpc-1", "VPCRegion": "us-east-1"}, {"VPCId": vpc, "VPCRegion": "eu-west-1"}):
        refused(route53.create_hosted_zone, "InvalidVPCId", wrong["VPCId"], VPC=wrong, **private)
    seen_by = {"VPCId": vpc, "VPCRegion": "us-east-1"}
    made = route53.create_hosted_zone(VPC=seen_by, **private)
    assert made["HostedZone"]["Config"]["PrivateZone"] and made["VPC"] == seen_by and "DelegationSet" not in made
    again = {**private, "CallerReference": "2"}
    refused(route53.create_hosted_zone, "ConflictingDomainExists", vpc, VPC=seen_by, **again)


def test_a_vpc_makes_a_zone_private(route53, vpc):
    """Is PrivateZone implied by a VPC?"""
    seen_by = {"VPCId": vpc, "VPCRegion": "us-east-1"}
    made = route53.create_hosted_zone(Name="corp.internal", CallerReference="1", VPC=seen_by)["HostedZone"]
    assert made["Config"]["PrivateZone"]
    assert route53.get_hosted_zone(Id=made["Id"])["VPCs"] == [seen_by]


def test_further_vpcs(refused, route53, zone, ec2, vpc):
    """Do VPCs come and go, but for the last one and those of a public zone?"""
    first, second = ({"VPCId": one, "VPCRegion": "us-east-1"} for one in (vpc, _vpc(ec2)))
    private = route53.create_hosted_zone(Name="corp.internal", CallerReference="2", VPC=first)["HostedZone"]["Id"]
    refused(route53.associate_vpc_with_hosted_zone, "PublicZoneVPCAssociation", HostedZoneId=zone.id, VPC=first)
    refused(route53.associate_vpc_with_hosted_zone, "ConflictingDomainExists", HostedZoneId=private, VPC=first)
    missing = {"VPCId": "vpc-1", "VPCRegion": "us-east-1"}
    refused(route53.associate_vpc_with_hosted_zone, "InvalidVPCId", HostedZoneId=private, VPC=missing)
    refused(
        route53.disassociate_vpc_from_hosted_zone,
        "VPCAssociationNotFound",
        status=404,
        HostedZoneId=private,
        VPC=second,
    )
    refused(route53.disassociate_vpc_from_hosted_zone, "LastVPCAssociation", HostedZoneId=private, VPC=first)
    info = route53.associate_vpc_with_hosted_zone(HostedZoneId=private, VPC=second)["ChangeInfo"]
    assert route53.get_change(Id=info["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    route53.disassociate_vpc_from_hosted_zone(HostedZoneId=private, VPC=first)


def _vpc(ec2):
    return ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


def test_a_zone_with_records_stays(refused, route53, zone):
    """Must all but its own SOA and NS be gone, delegations too?"""
    words = "contains non-required resource record sets and so cannot be deleted"
    refused(route53.delete_hosted_zone, "HostedZoneNotEmpty", words, Id=zone.id)
    delegation = record("sub", "ns1.example.org", type="NS")
    zone.change(*(("DELETE", one) for one in zone.records()), ("CREATE", delegation))
    refused(route53.delete_hosted_zone, "HostedZoneNotEmpty", Id=zone.id)
    zone.change(("DELETE", delegation))
    route53.delete_hosted_zone(Id=zone.id)
    refused(route53.get_hosted_zone, "NoSuchHostedZone", status=404, Id=zone.id)


def test_delegation_sets_exist(refused, route53):
    """Is an unknown reusable delegation set refused, which moto makes up?"""
    refused(route53.create_hosted_zone, "NoSuchDelegationSet", Name="a.org", CallerReference="1", DelegationSetId="N1")
    made = route53.create_reusable_delegation_set(CallerReference="1")["DelegationSet"]["Id"]
    route53.create_hosted_zone(Name="a.org", CallerReference="1", DelegationSetId=made)
