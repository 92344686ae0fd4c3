"""Hosted zones: names, caller references, private zones and their VPC, and what must be gone before a zone is.

AWS also refuses names it reserves, example.com among them. The offline account lets them be used.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html
"""

from __future__ import annotations

from typing import Any

from course.serverless.dns_names import normal

from ..gate import Call, Refused, corrects, refuses
from .changes import change_info
from .record_sets import dotted, state
from .record_values import name_problem
from .vpc_associations import require_no_other_zone, require_vpc


@refuses("route53", "CreateHostedZone")
def impossible_name(call: Call) -> None:
    """A domain name of labels of at most 63 characters; `*` stands in records, not in zones."""
    name = call.params["Name"]
    problem = name_problem(name)
    if problem:
        raise Refused("InvalidDomainName", problem)
    if "*" in normal(name):
        raise Refused("InvalidDomainName", f"{name} is not a valid name for a hosted zone: it contains a wildcard")


@refuses("route53", "CreateHostedZone")
def caller_reference_in_use(call: Call) -> None:
    """A caller reference makes one hosted zone, also after that has been deleted."""
    if call.params["CallerReference"] in state(call).__dict__.get("zone_references", ()):
        raise Refused(
            "HostedZoneAlreadyExists",
            "A hosted zone has already been created with the specified caller reference.",
            409,
        )


@refuses("route53", "CreateHostedZone")
def private_without_vpc(call: Call) -> None:
    """A private hosted zone begins with a VPC that exists and has no other zone of this name."""
    vpc = call.params.get("VPC")
    if vpc is None:
        if call.params.get("HostedZoneConfig", {}).get("PrivateZone"):
            raise Refused(
                "InvalidInput",
                "When you're creating a private hosted zone (when you specify true for PrivateZone), you must also specify "
                "values for VPCId and VPCRegion.",
            )
        return
    require_vpc(call, vpc)
    require_no_other_zone(call, vpc, dotted(call.params["Name"]))
    if call.params.get("DelegationSetId"):
        raise Refused("InvalidInput", "A private hosted zone cannot be created with a delegation set")


@refuses("route53", "CreateHostedZone")
def unknown_delegation_set(call: Call) -> None:
    """moto makes a delegation set that is named but does not exist."""
    given = call.params.get("DelegationSetId", "").rpartition("/")[2]
    if given and given not in state(call).delegation_sets:
        raise Refused("NoSuchDelegationSet", f"Delegation set {given} does not exist.")


@corrects("route53", "CreateHostedZone")
def created(call: Call, result: dict[str, Any]) -> dict:
    """A zone with a VPC is private even if PrivateZone is left out; names are in lower case, name servers end in a dot."""
    zone = result["HostedZone"]
    state(call).__dict__.setdefault("zone_references", set()).add(call.params["CallerReference"])
    zone.name = dotted(zone.name)
    for record in zone.rrsets:
        record.name = zone.name
        if record.type == "NS":
            record.records = [f"{one.rstrip('.')}." for one in record.records]
    vpc = call.params.get("VPC")
    if vpc and not zone.private_zone:
        zone.private_zone = True
        zone.add_vpc(vpc["VPCId"], vpc.get("VPCRegion", call.region))
    result["ChangeInfo"] = change_info(call)
    if zone.private_zone:
        result["VPC"] = {"VPCRegion": zone.vpcs[0].get("vpc_region"), "VPCId": zone.vpcs[0]["vpc_id"]}
        result["DelegationSet"] = None
    return result


@refuses("route53", "DeleteHostedZone")
def zone_not_empty(call: Call) -> None:
    """Only the zone's own SOA and NS records may be left; moto overlooks NS records that delegate a part of it."""
    zone = state(call).get_hosted_zone(call.params["Id"])
    for record in zone.rrsets:
        if record.type not in ("SOA", "NS") or normal(record.name) != normal(zone.name):
            raise Refused(
                "HostedZoneNotEmpty",
                "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
            )


@corrects("route53", "DeleteHostedZone")
def deleted(call: Call, result: dict[str, Any]) -> dict:
    """The change that GetChange finds."""
    return {"ChangeInfo": change_info(call)}
