"""A hosted zone and its records, shortly written."""

import boto3
import pytest
from dns_records import record


@pytest.fixture
def route53(_fresh):
    return boto3.client("route53")


OWN = [("example.com.", "NS"), ("example.com.", "SOA")]


class Zone:
    """A hosted zone: changes its records and looks at them."""

    def __init__(self, route53, id):
        self.route53, self.id = route53, id

    def arguments(self, *changes):
        """Of change_resource_record_sets, for (action, record) pairs."""
        changes = [{"Action": action, "ResourceRecordSet": one} for action, one in changes]
        return {"HostedZoneId": self.id, "ChangeBatch": {"Changes": changes}}

    def change(self, *changes):
        return self.route53.change_resource_record_sets(**self.arguments(*changes))["ChangeInfo"]

    def create(self, *records):
        return self.change(*(("CREATE", one) for one in records))

    def records(self):
        """All but the zone's own SOA and NS."""
        found = self.route53.list_resource_record_sets(HostedZoneId=self.id)["ResourceRecordSets"]
        return [one for one in found if (one["Name"], one["Type"]) not in OWN]

    def test(self, name, type="A", **more):
        more |= {"HostedZoneId": self.id, "RecordName": f"{name}.example.com", "RecordType": type}
        return self.route53.test_dns_answer(**more)


@pytest.fixture
def zone(route53):
    """The public hosted zone example.com, with www and an IPv6 address at the apex."""
    made = Zone(route53, route53.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"])
    made.create(record("www", "192.0.2.1"), record("", "2001:db8::1", type="AAAA"))
    return made


@pytest.fixture
def check(route53):
    """Create a health check of an endpoint and give its id; keyword arguments go into its configuration."""

    def check(reference="check", **more):
        config = {"Type": "HTTP", "FullyQualifiedDomainName": "example.com", **more}
        made = route53.create_health_check(CallerReference=reference, HealthCheckConfig=config)
        return made["HealthCheck"]["Id"]

    return check
