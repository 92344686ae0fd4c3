"""What must hold of a zone's records after a change batch, in InvalidChangeBatch's words.

Conflicts are looked for in the outcome, so a batch may delete a CNAME and create an A record of the same name.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html
"""

from __future__ import annotations

from typing import Any

from course.serverless.dns_names import normal
from course.serverless.dns_routing import policy_of

from .geolocations import shown
from .record_sets import dotted, identity

# "non-weighted" was seen in threads; AWS says it of failover too. The other policies' words follow its pattern.
_WORDS = {"weighted": "weighted", "latency": "latency", "failover": "failover", "geolocation": "geolocation"}


def authority(zone: Any, records: list[dict[str, Any]]) -> list[str]:
    """The zone keeps its own SOA and NS record sets."""
    apex = [one["Type"] for one in records if normal(one["Name"]) == normal(zone.name)]
    found = []
    if apex.count("SOA") != 1:
        found.append("A HostedZone must contain exactly one SOA record.")
    if "NS" not in apex:
        found.append("A HostedZone must contain at least one NS record for the zone itself.")
    return found


def cname_conflict(zone: Any, record: dict[str, Any], records: list[dict[str, Any]]) -> str:
    """A CNAME stands alone under its name, and never at the apex."""
    name, where = dotted(record["Name"]), dotted(zone.name)
    others = {one["Type"] for one in records if dotted(one["Name"]) == name} - {record["Type"]}
    this = f"RRSet of type {record['Type']} with DNS name {name} is not permitted"
    if record["Type"] == "CNAME":
        if name == where:
            return f"{this} at apex in zone {where}"
        if others:
            return f"{this} as it conflicts with other records with the same DNS name in zone {where}"
    elif "CNAME" in others:
        return (
            f"{this} because a conflicting RRSet of type  CNAME with the same DNS name already exists in zone {where}"
        )
    return ""


def policy_conflict(record: dict[str, Any], records: list[dict[str, Any]]) -> str:
    """One name and type has one routing policy; and one record for each Region, place and failover role."""
    own = identity(record)
    others = [one for one in records if identity(one)[:2] == own[:2] and identity(one) != own]
    policy = policy_of(record)
    this = f"RRSet with DNS name {dotted(record['Name'])}, type {record['Type']}"
    if policy == "simple":
        return f"{this} cannot be created as other RRSets exist with the same name and type." if others else ""
    this += f", SetIdentifier {record['SetIdentifier']}"
    if record["Type"] in ("NS", "SOA") or (record["Type"] == "CNAME" and policy == "multivalue answer"):
        return f"{this} cannot be created as this type of RRSet is not supported with {policy} routing."
    if any(policy_of(one) != policy for one in others):
        words = _WORDS.get(policy, policy)
        return f"{this} cannot be created as a non-{words} set exists with the same name and type."
    if (
        policy == "weighted"
        and "TTL" in record
        and any(one.get("TTL", record["TTL"]) != record["TTL"] for one in others)
    ):
        return f"{this} cannot be created as weighted sets must contain the same TTL."
    return _twice(this, record, others)


def _twice(this: str, record: dict[str, Any], others: list[dict[str, Any]]) -> str:
    for field in ("Region", "Failover", "GeoLocation"):
        if field in record and any(one.get(field) == record[field] for one in others):
            given = shown(record[field]) if field == "GeoLocation" else record[field]
            return f"{this} cannot be created as another RRSet with the same name, type and {field} {given} exists."
    return ""


def health_check_missing(record: dict[str, Any]) -> str:
    """Failover away from a primary record takes a health check."""
    if record.get("Failover") == "PRIMARY" and "AliasTarget" not in record and not record.get("HealthCheckId"):
        return "A non-alias primary ResourceRecordSet must have an associated health check. No changes made."
    return ""
