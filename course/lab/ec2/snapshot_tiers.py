"""The archive tier of EBS snapshots: what an archived snapshot cannot do until it is restored.

https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-archive.html
"""

from __future__ import annotations

from moto.core.utils import utcnow

from course.data import value

from ..gate import Call, Refused, corrects, refuses


def is_archived(snapshot: object) -> bool:
    """In the archive tier and not restored for the time being."""
    restored = snapshot.restore_expiry_time
    return snapshot.storage_tier == "archive" and not (restored and restored > utcnow())


@refuses("ec2", "CreateVolume", "CopySnapshot", "EnableFastSnapshotRestores")
def archived(call: Call) -> None:
    """An archived snapshot must be restored before it is used."""
    params = call.params
    backend = call.backend_of("ec2", params["SourceRegion"]) if "SourceRegion" in params else call.backend
    for snapshot_id in filter(
        None, [params.get("SnapshotId"), params.get("SourceSnapshotId"), *params.get("SourceSnapshotIds", [])]
    ):
        if is_archived(backend.get_snapshot(snapshot_id)):
            raise Refused("IncorrectState", f"The snapshot '{snapshot_id}' is archived; restore it first.")


@refuses("ec2", "ModifySnapshotTier")
def not_archivable(call: Call) -> None:
    """A snapshot is archived once, and not while an image uses it."""
    snapshot = call.backend.get_snapshot(call.params["SnapshotId"])
    if is_archived(snapshot):
        raise Refused("IncorrectState", f"The snapshot '{snapshot.id}' is already archived.")
    for ami in call.backend.amis.values():
        if any(entry["Ebs"].get("SnapshotId") == snapshot.id for entry in ami.block_device_mappings):
            raise Refused("InvalidSnapshot.InUse", f"The snapshot {snapshot.id} is currently in use by {ami.id}")


@refuses("ec2", "RestoreSnapshotTier")
def not_restorable(call: Call) -> None:
    """Only an archived snapshot is restored, for a number of days or permanently."""
    params, snapshot = call.params, call.backend.get_snapshot(call.params["SnapshotId"])
    days = params.get("TemporaryRestoreDays")
    least, most = value("lab.snapshots.restore_days")
    if snapshot.storage_tier != "archive":
        raise Refused("IncorrectState", f"The snapshot '{snapshot.id}' is not archived.")
    if days is not None and params.get("PermanentRestore"):
        raise Refused(
            "InvalidParameterCombination", "TemporaryRestoreDays and PermanentRestore cannot be used together."
        )
    if days is not None and not least <= days <= most:
        raise Refused("InvalidParameterValue", f"TemporaryRestoreDays of {days} is not between {least} and {most}.")


@corrects("ec2", "DescribeSnapshotTierStatus")
def ones_own(call: Call, result: dict) -> dict:
    """Only the account's own snapshots; moto shows those of Amazon's images too."""
    images = {
        entry["Ebs"].get("SnapshotId")
        for ami in call.backend.amis.values()
        if ami.owner_id != call.account_id
        for entry in ami.block_device_mappings
    }
    return {"SnapshotTierStatuses": [one for one in result["SnapshotTierStatuses"] if one["SnapshotId"] not in images]}
