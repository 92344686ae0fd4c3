"""What AWS refuses of a change before it looks at the zone: the form of a record set, in InvalidInput's words.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import get_service_model

from course.data import value

from ..gate import Refused
from .geolocations import require_location

POLICIES = ("Weight", "Region", "Failover", "GeoLocation", "MultiValueAnswer", "GeoProximityLocation")
_POLICY_FIELDS = (*POLICIES, "CidrRoutingConfig")


def require_form(change: dict[str, Any], number: int) -> None:
    """Raise Refused (InvalidInput) for a change that is none, whatever the zone holds; `number` counts from 1."""
    record = change["ResourceRecordSet"]
    _require_names(change["Action"], "ChangeAction")
    _require_names(record["Type"], "RRType")
    place = f"changeBatch.changes.{number}.member.resourceRecordSet"
    for field, range_of in (("Weight", "weight"), ("TTL", "ttl")):
        if field in record:
            _require_range(record[field], value(f"route53.records.{range_of}"), f"{place}.{field.lower()}")
    if "Region" in record:
        _require_names(record["Region"], "ResourceRecordSetRegion")
    if "Failover" in record:
        _require_names(record["Failover"], "ResourceRecordSetFailover")
    if "SetIdentifier" in record:
        least, most = value("route53.records.set_identifier")
        if not least <= len(record["SetIdentifier"]) <= most:
            raise _out_of_bounds(
                record["SetIdentifier"], f"{place}.setIdentifier", f"length between {least} and {most}"
            )
    most = value("route53.records.value")
    for one in record.get("ResourceRecords", []):
        if len(one["Value"]) > most:
            raise _out_of_bounds(one["Value"], f"{place}.resourceRecords", f"length less than or equal to {most}")
    _require_one_content(change)
    if change["Action"] != "DELETE":
        _require_policy(change)
    if "GeoLocation" in record:
        require_location(record["GeoLocation"])


def _require_one_content(change: dict[str, Any]) -> None:
    """Values with a TTL, or an alias, or a traffic policy instance; exactly one of them."""
    record = change["ResourceRecordSet"]
    alias, ttl, values = ("AliasTarget" in record, "TTL" in record, bool(record.get("ResourceRecords")))
    instance = "TrafficPolicyInstanceId" in record
    contents = alias + instance + (ttl and values)
    what = "Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]"
    if contents == 0:
        raise _in_change(change, f"{what}, but found none")
    if contents > 1 or ((alias or instance) and (ttl or values)):
        raise _in_change(change, f"{what}, but found more than one")


def _require_policy(change: dict[str, Any]) -> None:
    """A routing policy needs a set identifier, a set identifier exactly one routing policy."""
    record = change["ResourceRecordSet"]
    # MultiValueAnswer=False is none; Weight=0 is one.
    given = [field for field in _POLICY_FIELDS if record.get(field, False) is not False]
    one_of = f"Expected exactly one of [{', '.join(POLICIES)}, or CidrRoutingConfig]"
    if len(given) > 1:
        raise _in_change(change, f"{one_of}, but found more than one")
    if given and "SetIdentifier" not in record:
        raise _in_change(change, "Missing field 'SetIdentifier'")
    if not given and "SetIdentifier" in record:
        raise _in_change(change, f"{one_of}, but found none")


def _in_change(change: dict[str, Any], what: str) -> Refused:
    record = change["ResourceRecordSet"]
    return Refused(
        "InvalidInput",
        f"Invalid request: {what} in Change with [Action={change['Action']}, Name={record['Name']}, "
        f"Type={record['Type']}, SetIdentifier={record.get('SetIdentifier', 'null')}]",
    )


def _require_names(given: str, shape: str) -> None:
    known = get_service_model("route53").shape_for(shape).enum
    if given not in known:
        raise Refused(
            "InvalidInput",
            f"Invalid XML ; cvc-enumeration-valid: Value '{given}' is not facet-valid with respect to enumeration "
            f"'[{', '.join(known)}]'. It must be a value from the enumeration.",
        )


def _require_range(given: int, allowed: list[int], place: str) -> None:
    least, most = allowed
    if given > most:
        raise _out_of_bounds(given, place, f"value less than or equal to {most}")
    if given < least:
        raise _out_of_bounds(given, place, f"value greater than or equal to {least}")


def _out_of_bounds(given: Any, place: str, bounds: str) -> Refused:
    return Refused(
        "InvalidInput",
        f"1 validation error detected: Value '{given}' at '{place}' failed to satisfy constraint: Member must have "
        f"{bounds}",
    )
