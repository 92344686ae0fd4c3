"""Alias records: where they may point.

An alias in its own zone needs a record of its type there. What AWS names lies in AWS's own hosted zones: one for
CloudFront, one for Global Accelerator, two per Region for load balancers. Names of other services (API Gateway,
S3 websites, VPC endpoints, ...) are accepted under any id that is no zone of the account.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
"""

from __future__ import annotations

import re
from typing import Any

from course.data import figures, value
from course.serverless.dns_names import lies_within, normal

from ..gate import Call
from .record_sets import dotted, identity, state

_BALANCER = re.compile(r"(?:^|\.)(?:(?P<classic>[a-z0-9-]+)\.elb|elb\.(?P<network>[a-z0-9-]+))\.amazonaws\.com$")
_AWS_NAMES = (
    "amazonaws.com",
    "amazonaws.com.cn",
    "cloudfront.net",
    "awsglobalaccelerator.com",
    "elasticbeanstalk.com",
    "awsapprunner.com",
    "amazoncognito.com",
    "on.aws",
)


def problems(call: Call, zone: Any, record: dict[str, Any], records: list[dict[str, Any]]) -> list[str]:
    """What AWS says against an alias, given the records the zone would have after the batch."""
    target = record["AliasTarget"]
    name, zone_id = normal(target["DNSName"]), target["HostedZoneId"].rpartition("/")[2]
    if record["Type"] in ("NS", "SOA"):
        return [
            f"RRSet of type {record['Type']} with DNS name {dotted(record['Name'])} cannot be an alias: aliases of "
            "that type are not supported"
        ]
    found = []
    if record.get("MultiValueAnswer"):
        found.append("Multivalue answer rrset should not be an alias rrset")
    if record.get("Failover") == "PRIMARY" and not (target["EvaluateTargetHealth"] or record.get("HealthCheckId")):
        found.append(
            "An alias primary ResourceRecordSet must have an associated health check or evaluate target health. No "
            "changes made."
        )
    tried = f"Tried to create an alias that targets {name}., type {record['Type']} in zone {zone_id}"
    outside = f"{tried}, but the alias target name does not lie within the target zone"
    owned = zone if zone_id == zone.resource_id else state(call).zones.get(zone_id)
    if owned is not None:
        if not lies_within(name, owned.name):
            found.append(outside)
        elif owned is zone and not _exists(record, name, records):
            found.append(f"{tried}, but that target was not found")
        return found
    if not _is_aws_zone(call, zone_id, name):
        return [*found, outside, f"{tried}, but that target was not found"]
    if name.endswith("cloudfront.net"):
        found += _cloudfront(zone, target)
    return found


def _exists(record: dict[str, Any], name: str, records: list[dict[str, Any]]) -> bool:
    own = identity(record)
    return any(
        one["Type"] == record["Type"] and normal(one["Name"]) == name and identity(one) != own for one in records
    )


def _cloudfront(zone: Any, target: dict[str, Any]) -> list[str]:
    found = []
    if zone.private_zone:
        found.append("Alias records for CloudFront distributions can't be created in a private hosted zone")
    if target["EvaluateTargetHealth"]:
        found.append("EvaluateTargetHealth can't be true for an alias target that is a CloudFront distribution")
    return found


def _is_aws_zone(call: Call, zone_id: str, name: str) -> bool:
    """Whether a name of AWS may lie in the hosted zone with this id."""
    for zone, suffix in (("cloudfront", "cloudfront.net"), ("global_accelerator", "awsglobalaccelerator.com")):
        if (zone_id == value(f"route53.aws_zones.{zone}")) != name.endswith(f".{suffix}"):
            return False
    balancer = _BALANCER.search(name)
    zones = {region: one.value for region, one in figures("route53.load_balancer_zones").items()}
    region = (balancer["classic"] or balancer["network"]) if balancer else None
    if region in zones:
        return zone_id in zones[region]
    if any(zone_id in ids for ids in zones.values()):
        return False
    return any(name.endswith(f".{suffix}") for suffix in _AWS_NAMES)
