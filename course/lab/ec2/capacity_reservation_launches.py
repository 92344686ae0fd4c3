"""Which Capacity Reservation a launch or a start goes into, and what it finds there.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservations-launch.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.instances import Instance

from ..gate import Call, Refused, answers, corrects, refuses, replaces
from .capacity_reservations import CapacityReservation, existing_reservation, reservations
from .instance_states import instances_of
from .launch_requests import instance_type, requested, zone_of

_FULL = "The requested reservation does not have sufficient compatible and available capacity for this request."
_PREFERENCES = ("open", "none", "capacity-reservations-only")


def _specification(params: dict[str, Any]) -> tuple[str, str | None]:
    asked = params.get("CapacityReservationSpecification") or {}
    return (
        asked.get("CapacityReservationPreference") or "open",
        (asked.get("CapacityReservationTarget") or {}).get("CapacityReservationId"),
    )


def _require_preference(preference: str) -> None:
    if preference not in _PREFERENCES:
        raise Refused(
            "InvalidParameterValue",
            f"Value ({preference}) for parameter capacityReservationPreference is invalid. Valid values are: "
            f"{', '.join(_PREFERENCES)}.",
        )


def _prefer(instance: Instance, preference: str, target: str | None) -> None:
    instance.__dict__["capacity_preference"] = (preference, target)
    instance.capacity_reservation_specification = (
        {"CapacityReservationTarget": {"CapacityReservationId": target}}
        if target
        else {"CapacityReservationPreference": preference}
    )


def _open_to(backend: Any, type_name: str, zone: str, platform: str, tenancy: str) -> CapacityReservation | None:
    for one in reservations(backend).values():
        if one.instance_match_criteria == "open" and one.available and one.fits(type_name, zone, platform, tenancy):
            return one
    return None


@refuses("ec2", "RunInstances")
def no_capacity_reserved(call: Call) -> None:
    """A reservation that is named must fit and have room; without one, there is capacity for everybody here."""
    params = requested(call)
    preference, target = _specification(params)
    _require_preference(preference)
    ami = call.backend.amis.get(params.get("ImageId"))
    like = (
        instance_type(params),
        zone_of(call, params),
        (ami.platform if ami else None) or "linux",
        params.get("Placement", {}).get("Tenancy") or "default",
    )
    if target is not None:
        found = existing_reservation(call.backend, target)
        if not found.fits(*like) or found.available < call.params["MaxCount"]:
            raise Refused("ReservationCapacityExceeded", _FULL)
    elif preference == "capacity-reservations-only":
        room = sum(
            one.available
            for one in reservations(call.backend).values()
            if one.instance_match_criteria == "open" and one.fits(*like)
        )
        if room < call.params["MaxCount"]:
            raise Refused("ReservationCapacityExceeded", _FULL)


def place(instance: Instance) -> None:
    """Put a running instance into the reservation it names, or into an open one with room."""
    preference, target = instance.__dict__.get("capacity_preference", ("open", None))
    instance.capacity_reservation_id = None
    if target is None and preference != "none" and instance.lifecycle != "spot":
        found = _open_to(
            instance.ec2_backend,
            instance.instance_type,
            instance.availability_zone,
            instance.platform or "linux",
            instance.placement.tenancy,
        )
        target = found.id if found is not None else None
    instance.capacity_reservation_id = target


@corrects("ec2", "RunInstances")
def placed(call: Call, reservation: Any) -> None:
    """The instances of the launch show the reservation they run in."""
    preference, target = _specification(requested(call))
    for instance in reservation.instances:
        _prefer(instance, preference, target)
        place(instance)


@refuses("ec2", "StartInstances")
def no_capacity_to_start(call: Call) -> None:
    """A stopped instance gave its place back; one that names its reservation finds room in it or stays stopped."""
    starting = [one for one in instances_of(call) if one.state == "stopped"]
    targets = [one.__dict__.get("capacity_preference", ("open", None))[1] for one in starting]
    for target in {one for one in targets if one}:
        if existing_reservation(call.backend, target).available < targets.count(target):
            raise Refused("ReservationCapacityExceeded", _FULL)


@refuses("ec2", "ModifyInstanceCapacityReservationAttributes")
def not_changeable(call: Call) -> None:
    """Only a stopped instance changes where it runs next, and only to what there is."""
    instance = call.backend.get_instance(call.params["InstanceId"])
    if instance.state != "stopped":
        raise Refused("IncorrectInstanceState", f"The instance '{instance.id}' is not in the 'stopped' state.")
    preference, target = _specification(call.params)
    _require_preference(preference)
    if target is not None:
        existing_reservation(call.backend, target)


@answers("ec2", "ModifyInstanceCapacityReservationAttributes")
def change_preference(call: Call) -> dict:
    """It counts from the next start on."""
    _prefer(call.backend.get_instance(call.params["InstanceId"]), *_specification(call.params))
    return {"Return": True}


@replaces(Instance, "start")
def placed_again(moto: Any, instance: Instance) -> Any:
    """At each start an instance is placed anew."""
    before = instance.state
    answer = moto(instance)
    if before == "stopped":
        place(instance)
    return answer
