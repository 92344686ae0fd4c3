"""Reserved Instances: offerings of real types, for one and three years, and purchases. Prices are made up: none ships.

An offering costs a share of a made-up hourly price; only the order of the payment options and terms is AWS's.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-reserved-instances.html
"""

from __future__ import annotations

import hashlib
import itertools
from datetime import timedelta
from typing import Any
from uuid import UUID

from course.data import value

from ..gate import Call, Refused, answers
from ..iam.context import now
from ..ids import stream
from .instance_launches import offered_zones
from .launch_requests import type_facts

_HOURS = 24 * 365
_PAYMENTS = ("No Upfront", "Partial Upfront", "All Upfront")
# The share of the On-Demand price that remains: (years, class) and payment. Longer and more upfront is cheaper.
_SHARES = {(1, "standard"): 0.62, (3, "standard"): 0.42, (1, "convertible"): 0.72, (3, "convertible"): 0.50}
_DISCOUNTS = {"No Upfront": 1.0, "Partial Upfront": 0.96, "All Upfront": 0.94}
_UPFRONT = {"No Upfront": 0.0, "Partial Upfront": 0.5, "All Upfront": 1.0}


def offerings(region: str, type_name: str) -> list[dict[str, Any]]:
    """The offerings of one type in a Region: Regional ones, and one per zone for each, which reserves capacity."""
    cpus = type_facts(type_name)["VCpuInfo"]["DefaultVCpus"]
    hourly = 0.05 * cpus
    zones: list[str | None] = [None, *(offered_zones(region, type_name) or [])]
    return [
        _offering(region, type_name, hourly, zone, years, kind, payment)
        for zone, years, kind, payment in itertools.product(zones, (1, 3), ("standard", "convertible"), _PAYMENTS)
    ]


def _offering(
    region: str, type_name: str, hourly: float, zone: str | None, years: int, kind: str, payment: str
) -> dict[str, Any]:
    name = f"{region} {type_name} {zone} {years} {kind} {payment}"
    whole = hourly * _SHARES[years, kind] * _DISCOUNTS[payment] * _HOURS * years
    upfront = round(whole * _UPFRONT[payment], 2)
    return {
        "ReservedInstancesOfferingId": str(UUID(bytes=hashlib.sha256(name.encode()).digest()[:16], version=4)),
        "InstanceType": type_name,
        **({"AvailabilityZone": zone, "Scope": "Availability Zone"} if zone else {"Scope": "Region"}),
        "Duration": years * 365 * 86400,
        "OfferingClass": kind,
        "OfferingType": payment,
        "ProductDescription": "Linux/UNIX",
        "InstanceTenancy": "default",
        "CurrencyCode": "USD",
        "FixedPrice": upfront,
        "UsagePrice": 0.0,
        "RecurringCharges": [{"Frequency": "Hourly", "Amount": round((whole - upfront) / (_HOURS * years), 5)}],
        "Marketplace": False,
    }


_FILTERS = {
    "availability-zone": "AvailabilityZone", "duration": "Duration", "fixed-price": "FixedPrice", "scope": "Scope",
    "instance-type": "InstanceType", "marketplace": "Marketplace", "product-description": "ProductDescription",
    "reserved-instances-offering-id": "ReservedInstancesOfferingId", "usage-price": "UsagePrice",
}  # fmt: skip


@answers("ec2", "DescribeReservedInstancesOfferings")
def describe_reserved_instances_offerings(call: Call) -> dict:
    """Those of the type that is asked for, else of a few; 1,000 at most."""
    params = call.params
    wanted = {one["Name"]: one.get("Values", []) for one in params.get("Filters", [])}
    types = [params["InstanceType"]] if params.get("InstanceType") else wanted.get("instance-type")
    types = [one for one in types or value("ec2.reserved_instances.examples") if type_facts(one)]
    found = [one for type_name in types for one in offerings(call.region, type_name)]
    ids = params.get("ReservedInstancesOfferingIds", [])
    exact = ("AvailabilityZone", "OfferingClass", "OfferingType", "ProductDescription", "InstanceTenancy")
    shown = [
        one
        for one in found
        if (not ids or one["ReservedInstancesOfferingId"] in ids)
        and all(params.get(name) in (None, one.get(name)) for name in exact)
        and params.get("MinDuration", 0) <= one["Duration"] <= params.get("MaxDuration", one["Duration"])
        and all(_text(one.get(_FILTERS.get(name, ""))) in values for name, values in wanted.items())
    ]
    return {"ReservedInstancesOfferings": shown[: value("ec2.reserved_instances.max_shown")]}


def _text(found: Any) -> str:
    return str(found).lower() if isinstance(found, bool) else str(found)


def _held(call: Call) -> list[dict[str, Any]]:
    return call.backend.__dict__.setdefault("reserved_instances", [])


@answers("ec2", "PurchaseReservedInstancesOffering")
def purchase_reserved_instances_offering(call: Call) -> dict:
    """A discount from now on; it starts no instance."""
    wanted, count = call.params["ReservedInstancesOfferingId"], call.params["InstanceCount"]
    if count < 1:
        raise Refused("InvalidParameterValue", f"Invalid value '{count}' for instance count.")
    every = (one for type_name in _types(call) for one in offerings(call.region, type_name))
    offering = next((one for one in every if one["ReservedInstancesOfferingId"] == wanted), None)
    if offering is None:
        raise Refused("InvalidReservedInstancesOfferingId", f"The offering ID '{wanted}' does not exist")
    began = now()
    made = {
        name: given for name, given in offering.items() if name not in ("ReservedInstancesOfferingId", "Marketplace")
    }
    made |= {
        "ReservedInstancesId": str(UUID(int=stream("reserved instances").getrandbits(128), version=4)),
        "InstanceCount": count,
        "Start": began,
        "End": began + timedelta(seconds=offering["Duration"]),
        "State": "active",
    }
    _held(call).append(made)
    return {"ReservedInstancesId": made["ReservedInstancesId"]}


def _types(call: Call) -> list[str]:
    from moto.ec2.models.instance_types import INSTANCE_TYPES

    return [*value("ec2.reserved_instances.examples"), *INSTANCE_TYPES]


@answers("ec2", "DescribeReservedInstances")
def describe_reserved_instances(call: Call) -> dict:
    """What was bought in this Region."""
    ids, held = call.params.get("ReservedInstancesIds", []), _held(call)
    for one in ids:
        if one not in {each["ReservedInstancesId"] for each in held}:
            raise Refused("InvalidReservedInstancesId", f"The reserved instances ID '{one}' does not exist")
    wanted = {one["Name"]: one.get("Values", []) for one in call.params.get("Filters", [])}
    names = {**_FILTERS, "state": "State", "reserved-instances-id": "ReservedInstancesId"}
    return {
        "ReservedInstances": [
            one
            for one in held
            if (not ids or one["ReservedInstancesId"] in ids)
            and call.params.get("OfferingClass") in (None, one["OfferingClass"])
            and call.params.get("OfferingType") in (None, one["OfferingType"])
            and all(_text(one.get(names.get(name, ""))) in values for name, values in wanted.items())
        ]
    }
