"""Record sets as boto3 writes them, from and to moto's objects."""

from __future__ import annotations

from typing import Any

from moto.route53.models import FakeZone, RecordSet, Route53Backend

from course.serverless.dns_names import normal

from ..gate import Call

# The fields of boto3's ResourceRecordSet beside name, type and values, and moto's names for them.
FIELDS = {
    "SetIdentifier": "set_identifier",
    "Weight": "weight",
    "Region": "region",
    "GeoLocation": "geo_location",
    "Failover": "failover",
    "MultiValueAnswer": "multi_value_answer",
    "TTL": "ttl",
    "AliasTarget": "alias_target",
    "HealthCheckId": "health_check_id",
    "TrafficPolicyInstanceId": "traffic_policy_instance_id",
    "CidrRoutingConfig": "cidr_routing_config",
    "GeoProximityLocation": "geo_proximity_location",
}


def as_given(record: RecordSet) -> dict[str, Any]:
    """A record set as `list_resource_record_sets` shows it."""
    shown: dict[str, Any] = {"Name": record.name if record.name.endswith(".") else f"{record.name}."}
    shown["Type"] = record.type
    for field, attribute in FIELDS.items():
        given = getattr(record, attribute, None)
        if given is not None and given != "":
            shown[field] = int(given) if field in ("TTL", "Weight") else given
    if record.records:
        # moto keeps the SOA it makes itself as boto3 writes values, all others bare.
        shown["ResourceRecords"] = [one if isinstance(one, dict) else {"Value": one} for one in record.records]
    return shown


def of_zone(zone: FakeZone) -> list[dict[str, Any]]:
    """All record sets of a hosted zone."""
    return [as_given(one) for one in zone.rrsets]


def kept(record: dict[str, Any]) -> RecordSet:
    """moto's object for a record set of boto3's shape."""
    made = RecordSet({**record, "ResourceRecords": [one["Value"] for one in record.get("ResourceRecords", [])]})
    for field in ("TrafficPolicyInstanceId", "CidrRoutingConfig", "GeoProximityLocation"):
        if field in record:
            setattr(made, FIELDS[field], record[field])
    return made


def dotted(name: str) -> str:
    """A domain name as Route 53 shows it: lower case, with its last dot."""
    return f"{normal(name)}."


def identity(record: dict[str, Any]) -> tuple[str, str, str]:
    """What tells two record sets of a zone apart: name, type, set identifier."""
    return normal(record["Name"]), record["Type"], record.get("SetIdentifier", "")


def named(record: dict[str, Any]) -> str:
    """A record set in AWS's words about changes: "[name='www.example.com.', type='A']"."""
    identifier = f", set-identifier='{record['SetIdentifier']}'" if record.get("SetIdentifier") else ""
    return f"[name='{dotted(record['Name'])}', type='{record['Type']}'{identifier}]"


def state(call: Call) -> Route53Backend:
    """moto's state: Route 53 is global, one for all Regions."""
    return call.backend_of("route53", "aws")
