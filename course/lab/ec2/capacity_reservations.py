"""On-Demand Capacity Reservations: capacity of a type in one Availability Zone. moto has none of them.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-capacity-reservations.html
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.utils import generic_filter
from moto.moto_api._internal import mock_random

from course.data import value

from ..gate import Call, Refused, answers, refuses
from .instance_launches import offered_zones
from .launch_requests import type_facts


class CapacityReservation(TaggedEC2Resource):
    """One reservation; running instances that were placed in it use it up."""

    def __init__(self, backend: Any, params: dict[str, Any], zone: Any):
        self.ec2_backend = backend
        self.id = f"cr-{mock_random.get_random_hex(17)}"
        self.instance_type = params["InstanceType"]
        self.instance_platform = params["InstancePlatform"]
        self.availability_zone, self.availability_zone_id = zone.name, zone.zone_id
        self.tenancy = params.get("Tenancy") or "default"
        self.total = params["InstanceCount"]
        self.instance_match_criteria = params.get("InstanceMatchCriteria") or "open"
        self.end_date, self.end_date_type = params.get("EndDate"), params.get("EndDateType") or "unlimited"
        self.ebs_optimized = bool(params.get("EbsOptimized"))
        self.cancelled, self.created = False, utcnow()
        for specification in params.get("TagSpecifications", []):
            self.add_tags({tag["Key"]: tag["Value"] for tag in specification["Tags"]})

    @property
    def state(self) -> str:
        """active, cancelled, or expired once its end has come."""
        if self.cancelled:
            return "cancelled"
        return "expired" if self.end_date is not None and _naive(self.end_date) <= utcnow() else "active"

    @property
    def used(self) -> int:
        """How many running instances stand in it."""
        return sum(
            one.__dict__.get("capacity_reservation_id") == self.id and one.state in ("pending", "running")
            for one in self.ec2_backend.all_instances()
        )

    @property
    def available(self) -> int:
        """How many instances more it holds."""
        return max(0, self.total - self.used) if self.state == "active" else 0

    def fits(self, type_name: str, zone: str, platform: str, tenancy: str) -> bool:
        """Whether instances like these belong into it."""
        own = (self.instance_type, self.availability_zone, self.instance_platform == "Windows", self.tenancy)
        return own == (type_name, zone, platform == "windows", tenancy)

    def shown(self) -> dict[str, Any]:
        """The reservation as DescribeCapacityReservations shows it."""
        backend = self.ec2_backend
        described = {
            "CapacityReservationId": self.id,
            "CapacityReservationArn": f"arn:aws:ec2:{backend.region_name}:{backend.account_id}:capacity-reservation/{self.id}",
            "OwnerId": backend.account_id,
            "InstanceType": self.instance_type,
            "InstancePlatform": self.instance_platform,
            "AvailabilityZone": self.availability_zone,
            "AvailabilityZoneId": self.availability_zone_id,
            "Tenancy": self.tenancy,
            "TotalInstanceCount": self.total if self.state == "active" else 0,
            "AvailableInstanceCount": self.available,
            "EbsOptimized": self.ebs_optimized,
            "EphemeralStorage": False,
            "State": self.state,
            "StartDate": self.created,
            "CreateDate": self.created,
            "EndDateType": self.end_date_type,
            "InstanceMatchCriteria": self.instance_match_criteria,
            "ReservationType": "default",
            "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in self.get_tags()],
        }
        return {**described, **({"EndDate": self.end_date} if self.end_date else {})}


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def reservations(backend: Any) -> dict[str, CapacityReservation]:
    """The Capacity Reservations of a Region by id; they live with moto's state."""
    return backend.__dict__.setdefault("capacity_reservations", {})


def existing_reservation(backend: Any, reservation_id: str) -> CapacityReservation:
    if reservation_id not in reservations(backend):
        raise Refused(
            "InvalidCapacityReservationId.NotFound", f"The capacity reservation '{reservation_id}' does not exist"
        )
    return reservations(backend)[reservation_id]


def _require_end(kind: str | None, end: datetime | None) -> None:
    if kind not in (None, "limited", "unlimited"):
        raise Refused("InvalidParameterValue", f"Value ({kind}) for parameter endDateType is invalid.")
    if kind == "limited" and end is None:
        raise Refused("InvalidParameterCombination", "An endDateType of limited requires an endDate.")
    if kind != "limited" and end is not None:
        raise Refused("InvalidParameterCombination", "An endDate requires an endDateType of limited.")
    if end is not None and _naive(end) <= utcnow():
        raise Refused("InvalidParameterValue", f"Value ({end}) for parameter endDate is invalid. It is in the past.")


def _require_count(count: int) -> None:
    most = value("ec2.capacity_reservations.max_count")
    if not 1 <= count <= most:
        raise Refused(
            "InvalidParameterValue",
            f"Value ({count}) for parameter instanceCount is invalid. Valid values are 1 to {most}.",
        )


def _zone(call: Call) -> Any:
    name, zone_id = call.params.get("AvailabilityZone"), call.params.get("AvailabilityZoneId")
    if bool(name) == bool(zone_id):
        raise Refused("MissingParameter", "The request must contain either availabilityZone or availabilityZoneId")
    for zone in call.backend.describe_availability_zones():
        if name == zone.name or zone_id == zone.zone_id:
            return zone
    raise Refused("InvalidParameterValue", f"Invalid availability zone: [{name or zone_id}]")


@refuses("ec2", "CreateCapacityReservation")
def impossible_reservation(call: Call) -> None:
    """A type that the zone offers, a count, a platform, and an end only where there is one."""
    params, zone = call.params, _zone(call)
    _require_count(params["InstanceCount"])
    zones = offered_zones(call.region, params["InstanceType"])
    if not type_facts(params["InstanceType"]) and not zones:
        raise Refused("InvalidParameterValue", f"Invalid value '{params['InstanceType']}' for InstanceType.")
    if zones is not None and zone.name not in zones:
        raise Refused(
            "Unsupported",
            f"Your requested instance type ({params['InstanceType']}) is not supported in your requested Availability "
            f"Zone ({zone.name}).",
        )
    for parameter, known in (("InstanceMatchCriteria", ("open", "targeted")), ("Tenancy", ("default", "dedicated"))):
        if params.get(parameter) not in (None, *known):
            raise Refused(
                "InvalidParameterValue",
                f"Value ({params[parameter]}) for parameter {parameter} is invalid. Valid values are: {', '.join(known)}.",
            )
    platforms = value("ec2.capacity_reservations.platforms")
    if params["InstancePlatform"] not in platforms:
        raise Refused(
            "InvalidParameterValue",
            f"Value ({params['InstancePlatform']}) for parameter instancePlatform is invalid. Valid values are: "
            f"{', '.join(platforms)}.",
        )
    _require_end(params.get("EndDateType"), params.get("EndDate"))


@answers("ec2", "CreateCapacityReservation")
def create(call: Call) -> dict:
    """Active at once, and charged from now on, used or not."""
    made = CapacityReservation(call.backend, call.params, _zone(call))
    reservations(call.backend)[made.id] = made
    return {"CapacityReservation": made.shown()}


@answers("ec2", "DescribeCapacityReservations")
def describe(call: Call) -> dict:
    """The reservations by id and filter."""
    found = list(reservations(call.backend).values())
    if call.params.get("CapacityReservationIds"):
        found = [existing_reservation(call.backend, one) for one in call.params["CapacityReservationIds"]]
    filters = {one["Name"]: one["Values"] for one in call.params.get("Filters", [])}
    return {"CapacityReservations": [one.shown() for one in generic_filter(filters, found)]}


@refuses("ec2", "CancelCapacityReservation", "ModifyCapacityReservation")
def not_active(call: Call) -> None:
    """What has ended can neither be cancelled nor changed."""
    found = existing_reservation(call.backend, call.params["CapacityReservationId"])
    if found.state != "active":
        raise Refused("InvalidState", f"The capacity reservation '{found.id}' is {found.state}, not active.")


@answers("ec2", "CancelCapacityReservation")
def cancel(call: Call) -> dict:
    """Its instances run on, outside of it."""
    existing_reservation(call.backend, call.params["CapacityReservationId"]).cancelled = True
    return {"Return": True}


@refuses("ec2", "ModifyCapacityReservation")
def impossible_change(call: Call) -> None:
    """No fewer instances than run in it, and an end that can be."""
    params, found = call.params, existing_reservation(call.backend, call.params["CapacityReservationId"])
    count = params.get("InstanceCount")
    if count is not None:
        _require_count(count)
        if count < found.used:
            raise Refused(
                "InvalidParameterValue",
                f"Value ({count}) for parameter instanceCount is invalid. {found.used} instances run in '{found.id}'.",
            )
    if "EndDate" in params or "EndDateType" in params:
        _require_end(params.get("EndDateType"), params.get("EndDate"))


@answers("ec2", "ModifyCapacityReservation")
def modify(call: Call) -> dict:
    """Count, end and eligibility can change; type, zone and platform never."""
    params, found = call.params, existing_reservation(call.backend, call.params["CapacityReservationId"])
    found.total = params.get("InstanceCount", found.total)
    if "EndDateType" in params:
        found.end_date_type, found.end_date = params["EndDateType"], params.get("EndDate")
    found.instance_match_criteria = params.get("InstanceMatchCriteria", found.instance_match_criteria)
    return {"Return": True}
