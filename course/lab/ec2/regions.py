"""Regions and Availability Zones as a new account sees them: 17 Regions enabled, the others to opt in to.

The offline account works in a Region that is not opted in to all the same; AWS would not know its keys there.
https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import boto3

from course.data import value

from ..gate import Call, Refused, answers, refuses


@answers("ec2", "DescribeRegions")
def describe_regions(call: Call) -> dict:
    """The Regions of this partition; without AllRegions those that are enabled, unless they are named."""
    enabled, names = value("ec2.regions.enabled"), call.params.get("RegionNames", [])
    known = boto3.Session().get_available_regions("ec2")
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Refused("InvalidParameterValue", f"Invalid region names: [{', '.join(unknown)}]")
    shown = [
        {
            "RegionName": name,
            "Endpoint": f"ec2.{name}.amazonaws.com",
            "OptInStatus": "opt-in-not-required" if name in enabled else "not-opted-in",
        }
        for name in known
        if name in (names or (known if call.params.get("AllRegions") else enabled))
    ]
    names_of = {"endpoint": "Endpoint", "region-name": "RegionName", "opt-in-status": "OptInStatus"}
    return {"Regions": [one for one in shown if _passes(call, one, names_of)]}


@refuses("ec2", "DescribeAvailabilityZones")
def unknown_zone(call: Call) -> None:
    """Zones are those of the Region that is asked."""
    zones = call.backend.describe_availability_zones()
    for parameter, known in (("ZoneNames", {one.name for one in zones}), ("ZoneIds", {one.zone_id for one in zones})):
        unknown = [name for name in call.params.get(parameter, []) if name not in known]
        if unknown:
            raise Refused(
                "InvalidParameterValue",
                f"Invalid availability zone{'' if parameter == 'ZoneNames' else '-id'}: [{', '.join(unknown)}]",
            )


@answers("ec2", "DescribeAvailabilityZones")
def describe_availability_zones(call: Call) -> dict:
    """moto leaves out the opt-in status, the group and the network border group."""
    names, ids = call.params.get("ZoneNames", []), call.params.get("ZoneIds", [])
    zones = [
        {
            "ZoneName": one.name,
            "ZoneId": one.zone_id,
            "RegionName": one.region_name,
            "State": one.state,
            "OptInStatus": "opt-in-not-required",
            "Messages": [],
            "GroupName": f"{one.region_name}-zg-1",
            "NetworkBorderGroup": one.region_name,
            "ZoneType": one.zone_type,
        }
        for one in call.backend.describe_availability_zones()
        if (not names or one.name in names) and (not ids or one.zone_id in ids)
    ]
    names_of = {
        "group-name": "GroupName", "message": "Messages", "opt-in-status": "OptInStatus", "region-name": "RegionName",
        "state": "State", "zone-id": "ZoneId", "zone-name": "ZoneName", "zone-type": "ZoneType",
        "network-border-group": "NetworkBorderGroup",
    }  # fmt: skip
    return {"AvailabilityZones": [one for one in zones if _passes(call, one, names_of)]}


def _passes(call: Call, one: dict[str, Any], names: dict[str, str]) -> bool:
    return all(
        any(fnmatchcase(str(one.get(names.get(wanted["Name"], ""))), value) for value in wanted.get("Values", []))
        for wanted in call.params.get("Filters", [])
        if wanted["Name"] in names
    )
