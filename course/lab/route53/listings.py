"""ListResourceRecordSets: in the order of DNS, with wildcards escaped, page by page.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html
"""

from __future__ import annotations

from typing import Any

from course.data import value
from course.serverless.dns_names import normal

from ..gate import Call, Refused, answers
from .record_sets import dotted, of_zone, state


@answers("route53", "ListResourceRecordSets")
def list_resource_record_sets(call: Call) -> dict:
    """The records from the given name, type and identifier on; moto knows no StartRecordIdentifier."""
    zone = state(call).get_hosted_zone(call.params["HostedZoneId"])
    start = {key: call.params.get(f"StartRecord{key}") for key in ("Name", "Type", "Identifier")}
    if start["Type"] and not start["Name"]:
        raise Refused("InvalidInput", "The input is not valid")
    if start["Identifier"] and not start["Type"]:
        raise Refused("InvalidInput", "The input is not valid")
    first = _place(start["Name"] or "", start["Type"] or "", start["Identifier"] or "")
    records = sorted(of_zone(zone), key=_place_of)
    records = [one for one in records if not start["Name"] or _place_of(one) >= first]
    page = value("route53.records.page")
    most = min(int(call.params.get("MaxItems") or page), page)
    answer: dict[str, Any] = {
        "ResourceRecordSets": [_escaped(one) for one in records[:most]],
        "IsTruncated": len(records) > most,
        "MaxItems": str(most),
    }
    if answer["IsTruncated"]:
        following = _escaped(records[most])
        answer |= {"NextRecordName": following["Name"], "NextRecordType": following["Type"]}
        if "SetIdentifier" in following:
            answer["NextRecordIdentifier"] = following["SetIdentifier"]
    return answer


def _place_of(record: dict[str, Any]) -> tuple:
    return _place(record["Name"], record["Type"], record.get("SetIdentifier", ""))


def _place(name: str, kind: str, identifier: str) -> tuple:
    return tuple(reversed(normal(name).split("."))), kind, identifier


def _escaped(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "Name": dotted(record["Name"]).replace("*", "\\052")}
