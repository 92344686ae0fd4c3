"""ChangeResourceRecordSets: a batch happens as a whole or not at all.

Its changes are tried one after the other on a copy of the zone; every problem is named, then nothing changes.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import utcnow

from course.data import value
from course.serverless.dns_names import lies_within

from .. import ids
from ..gate import Call, Refused, answers
from . import aliases, record_values, requests, zone_rules
from .record_sets import dotted, identity, kept, named, of_zone, state

# What a DELETE must repeat. MultiValueAnswer may be left out, which AWS was seen to accept.
_REPEATED = ("TTL", "Weight", "Region", "Failover", "GeoLocation", "HealthCheckId", "CidrRoutingConfig")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@answers("route53", "ChangeResourceRecordSets")
def change_resource_record_sets(call: Call) -> dict:
    """Create, change and delete record sets; moto checks little and deletes by name."""
    zone = state(call).get_hosted_zone(call.params["HostedZoneId"])
    changes = call.params["ChangeBatch"]["Changes"]
    for number, change in enumerate(changes, 1):
        requests.require_form(change, number)
        _require_health_check(call, change["ResourceRecordSet"])
    _require_size(changes)
    records, problems = _tried(zone, of_zone(zone), changes)
    if not problems:
        problems = _in_the_outcome(call, zone, records, changes)
    if problems:
        raise Refused("InvalidChangeBatch", f"[{', '.join(dict.fromkeys(problems))}]")
    zone.rrsets = [kept(one) for one in records]
    return {"ChangeInfo": change_info(call, call.params["ChangeBatch"].get("Comment"))}


def change_info(call: Call, comment: str | None = None) -> dict[str, Any]:
    """A new change, PENDING; GetChange finds it INSYNC."""
    stream = ids.stream("route53 changes")
    identifier = "C" + "".join(stream.choice(_LETTERS) for _ in range(20))
    info = {"Id": f"/change/{identifier}", "Status": "PENDING", "SubmittedAt": utcnow()}
    if comment:
        info["Comment"] = comment
    state(call).__dict__.setdefault("changes", {})[identifier] = info
    return info


@answers("route53", "GetChange")
def get_change(call: Call) -> dict:
    """A change has reached all name servers by the time one asks; AWS takes up to 60 seconds."""
    given = call.params["Id"]
    info = state(call).__dict__.get("changes", {}).get(given.rpartition("/")[2])
    if info is None:
        raise Refused("NoSuchChange", f"Could not find resource with ID: {given.rpartition('/')[2]}", 404)
    return {"ChangeInfo": {**info, "Status": "INSYNC"}}


def _require_health_check(call: Call, record: dict[str, Any]) -> None:
    health_check = record.get("HealthCheckId")
    if health_check and health_check not in state(call).health_checks:
        raise Refused("NoSuchHealthCheck", f"A health check with id {health_check} does not exist.", 404)


def _require_size(changes: list[dict[str, Any]]) -> None:
    counts = {"records": 0, "characters": 0}
    for change in changes:
        times = 2 if change["Action"] == "UPSERT" else 1
        values = change["ResourceRecordSet"].get("ResourceRecords", [])
        counts["records"] += times * len(values)
        counts["characters"] += times * sum(len(one["Value"]) for one in values)
    # An alias has no ResourceRecord, so the number of changes is bounded as well.
    counts["records"] = max(counts["records"], len(changes))
    for what, count in counts.items():
        most = value(f"route53.change_batches.{what}")
        if count > most:
            raise Refused("InvalidChangeBatch", f"[Number of {what} limit of {most} exceeded.]")


def _tried(zone: Any, records: list[dict[str, Any]], changes: list[dict[str, Any]]) -> tuple[list[dict], list[str]]:
    """The records after the batch, and what each change by itself meets."""
    problems = []
    for change in changes:
        record = {**change["ResourceRecordSet"], "Name": dotted(change["ResourceRecordSet"]["Name"])}
        found = _own_problems(zone, record)
        place = next((at for at, one in enumerate(records) if identity(one) == identity(record)), None)
        if change["Action"] == "DELETE":
            if place is None:
                found.append(f"Tried to delete resource record set {named(record)} but it was not found")
            elif not _same(records[place], record):
                found.append(
                    f"Tried to delete resource record set {named(record)} but the values provided do not match the "
                    "current values"
                )
            else:
                del records[place]
        elif place is None:
            records.append(record)
        elif change["Action"] == "CREATE":
            found.append(f"Tried to create resource record set {named(record)} but it already exists")
        else:
            records[place] = record
        problems += found
    return records, problems


def _own_problems(zone: Any, record: dict[str, Any]) -> list[str]:
    name = record_values.name_problem(record["Name"])
    if name:
        return [name]
    if not lies_within(record["Name"], zone.name):
        return [f"RRSet with DNS name {record['Name']} is not permitted in zone {dotted(zone.name)}"]
    values = [one["Value"] for one in record.get("ResourceRecords", [])]
    found = [problem for one in values if (problem := record_values.problem(record["Type"], one))]
    found += [f"Duplicate Resource Record: '{one}'" for one in dict.fromkeys(values) if values.count(one) > 1]
    if record["Type"] == "CNAME" and len(values) > 1:
        found.append(f"RRSet of type CNAME with DNS name {record['Name']} contains more than one value")
    return found


def _same(present: dict[str, Any], given: dict[str, Any]) -> bool:
    if any(present.get(field) != given.get(field) for field in _REPEATED):
        return False
    values = [sorted(one["Value"] for one in record.get("ResourceRecords", [])) for record in (present, given)]
    return values[0] == values[1] and _target(present) == _target(given)


def _target(record: dict[str, Any]) -> tuple | None:
    alias = record.get("AliasTarget")
    return alias and (alias["HostedZoneId"], dotted(alias["DNSName"]), alias["EvaluateTargetHealth"])


def _in_the_outcome(call: Call, zone: Any, records: list[dict], changes: list[dict[str, Any]]) -> list[str]:
    """What the records that the batch wrote would break."""
    written = {identity(one["ResourceRecordSet"]) for one in changes if one["Action"] != "DELETE"}
    problems = zone_rules.authority(zone, records)
    for record in records:
        if identity(record) in written:
            problems += [
                problem
                for problem in (
                    zone_rules.cname_conflict(zone, record, records),
                    zone_rules.policy_conflict(record, records),
                    zone_rules.health_check_missing(record),
                )
                if problem
            ]
        if "AliasTarget" in record and (identity(record) in written):
            problems += aliases.problems(call, zone, record, records)
    return problems
