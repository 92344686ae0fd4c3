"""Private hosted zones and the VPCs that see them: VPCs that exist, one zone of a name for each.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
"""

from __future__ import annotations

from typing import Any

from course.serverless.dns_names import normal

from ..gate import Call, Refused, corrects, refuses
from .changes import change_info
from .record_sets import state


def require_vpc(call: Call, vpc: dict[str, str]) -> None:
    """Raise Refused unless the VPC exists in its Region."""
    vpc_id, region = vpc.get("VPCId"), vpc.get("VPCRegion")
    if not vpc_id:
        raise Refused("InvalidVPCId", "Invalid or missing VPC Id.")
    if not region:
        raise Refused("InvalidInput", "Invalid request: VPCRegion must be specified together with VPCId")
    try:
        known = vpc_id in call.backend_of("ec2", region).vpcs
    except KeyError:
        raise Refused(
            "InvalidInput",
            f"Invalid XML ; cvc-enumeration-valid: Value '{region}' is not facet-valid with respect to enumeration. It "
            "must be a value from the enumeration.",
        ) from None
    if not known:
        raise Refused("InvalidVPCId", f"The VPC: {vpc_id} in region {region} that you provided is invalid.")


def require_no_other_zone(call: Call, vpc: dict[str, str], name: str) -> None:
    """Raise Refused if the VPC sees a private zone of this name already."""
    for zone in state(call).zones.values():
        if normal(zone.name) == normal(name) and any(one["vpc_id"] == vpc["VPCId"] for one in zone.vpcs):
            raise Refused(
                "ConflictingDomainExists",
                f"The VPC {vpc['VPCId']} in region {vpc['VPCRegion']} has already been associated with the hosted zone "
                f"{zone.resource_id} with the same domain name.",
            )


@refuses("route53", "AssociateVPCWithHostedZone")
def impossible_association(call: Call) -> None:
    """A VPC that exists and sees no zone of this name; moto says that a public zone has no VPC."""
    zone = state(call).get_hosted_zone(call.params["HostedZoneId"])
    if zone.private_zone:
        require_vpc(call, call.params["VPC"])
        require_no_other_zone(call, call.params["VPC"], zone.name)


@refuses("route53", "DisassociateVPCFromHostedZone")
def no_association(call: Call) -> None:
    """Only what is associated can be disassociated."""
    zone = state(call).get_hosted_zone(call.params["HostedZoneId"])
    vpc = call.params["VPC"].get("VPCId")
    if not any(one["vpc_id"] == vpc for one in zone.vpcs):
        raise Refused(
            "VPCAssociationNotFound", f"The specified VPC {vpc} and hosted zone are not currently associated."
        )


@corrects("route53", "AssociateVPCWithHostedZone", "DisassociateVPCFromHostedZone")
def recorded(call: Call, result: Any) -> dict:
    """The change that GetChange finds."""
    return {"ChangeInfo": change_info(call, call.params.get("Comment"))}
