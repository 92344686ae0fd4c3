"""Fast snapshot restore: per snapshot and Availability Zone. moto does not have it.

https://docs.aws.amazon.com/ebs/latest/userguide/ebs-fast-snapshot-restore.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.utils import utcnow

from course.data import value

from ..gate import Call, Refused, answers, refuses


def restores(backend: Any) -> dict[tuple[str, str], dict]:
    """What is enabled in a Region, by (snapshot id, zone name); lives and dies with moto's state."""
    return backend.__dict__.setdefault("fast_snapshot_restores", {})


def _zones(call: Call) -> list[Any]:
    names, ids = call.params.get("AvailabilityZones", []), call.params.get("AvailabilityZoneIds", [])
    zones = call.backend.describe_availability_zones()
    for name in names:
        if name not in [zone.name for zone in zones]:
            raise Refused("InvalidZone.NotFound", f"The zone '{name}' does not exist.")
    for zone_id in ids:
        if zone_id not in [zone.zone_id for zone in zones]:
            raise Refused("InvalidZone.NotFound", f"The zone '{zone_id}' does not exist.")
    if not names and not ids:
        raise Refused("MissingParameter", "The request must contain the parameter AvailabilityZones")
    return [zone for zone in zones if zone.name in names or zone.zone_id in ids]


@refuses("ec2", "EnableFastSnapshotRestores", "DisableFastSnapshotRestores")
def unknown_snapshot_or_zone(call: Call) -> None:
    """Zones and snapshots must exist in this Region."""
    _zones(call)
    for snapshot_id in call.params["SourceSnapshotIds"]:
        call.backend.get_snapshot(snapshot_id)


@refuses("ec2", "EnableFastSnapshotRestores")
def too_large_or_too_many(call: Call) -> None:
    """A snapshot's size and the number of enabled snapshots in the Region are limited."""
    enabled = {snapshot_id for snapshot_id, _ in restores(call.backend)} | set(call.params["SourceSnapshotIds"])
    most = value("ebs.fast_snapshot_restore.snapshots_per_region")
    if len(enabled) > most:
        raise Refused(
            "FastSnapshotRestoreLimitExceeded",
            f"At most {most} snapshots per Region can be enabled for fast snapshot restore.",
        )
    largest = value("ebs.fast_snapshot_restore.max_size")
    for snapshot_id in call.params["SourceSnapshotIds"]:
        size = call.backend.get_snapshot(snapshot_id).volume_size
        if size > largest:
            raise Refused(
                "InvalidParameterValue",
                f"Snapshot '{snapshot_id}' has {size} GiB; fast snapshot restore takes at most {largest} GiB.",
            )


@answers("ec2", "EnableFastSnapshotRestores")
def enable(call: Call) -> dict:
    """The response says "enabling"; the next description says "enabled", for nothing here takes an hour."""
    now, made = utcnow(), []
    for snapshot_id in call.params["SourceSnapshotIds"]:
        for zone in _zones(call):
            entry = {
                "SnapshotId": snapshot_id,
                "AvailabilityZone": zone.name,
                "AvailabilityZoneId": zone.zone_id,
                "State": "enabled",
                "StateTransitionReason": "Client.UserInitiated",
                "OwnerId": call.account_id,
                "EnablingTime": now,
                "OptimizingTime": now,
                "EnabledTime": now,
            }
            restores(call.backend).setdefault((snapshot_id, zone.name), entry)
            made.append({**entry, "State": "enabling"})
    return {"Successful": made, "Unsuccessful": []}


@answers("ec2", "DisableFastSnapshotRestores")
def disable(call: Call) -> dict:
    """Where it was not enabled, AWS reports that zone as unsuccessful."""
    ended, failed = [], []
    for snapshot_id in call.params["SourceSnapshotIds"]:
        for zone in _zones(call):
            entry = restores(call.backend).pop((snapshot_id, zone.name), None)
            if entry:
                ended.append({**entry, "State": "disabling"})
            else:
                error = {
                    "Code": "InvalidState",
                    "Message": f"Fast snapshot restore is not enabled for '{snapshot_id}' in {zone.name}.",
                }
                failed.append(
                    {
                        "SnapshotId": snapshot_id,
                        "FastSnapshotRestoreStateErrors": [{"AvailabilityZone": zone.name, "Error": error}],
                    }
                )
    return {"Successful": ended, "Unsuccessful": failed}


@answers("ec2", "DescribeFastSnapshotRestores")
def describe(call: Call) -> dict:
    """What is enabled, by the filters availability-zone, owner-id, snapshot-id and state."""
    readers: dict[str, Callable] = {
        "availability-zone": lambda entry: entry["AvailabilityZone"],
        "owner-id": lambda entry: entry["OwnerId"],
        "snapshot-id": lambda entry: entry["SnapshotId"],
        "state": lambda entry: entry["State"],
    }
    found = list(restores(call.backend).values())
    for one in call.params.get("Filters", []):
        if one["Name"] not in readers:
            raise Refused("InvalidParameterValue", f"The filter '{one['Name']}' is invalid")
        found = [entry for entry in found if readers[one["Name"]](entry) in one["Values"]]
    return {"FastSnapshotRestores": found}
