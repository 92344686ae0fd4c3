"""What AWS refuses of a new EBS volume, and what a new volume has when nothing is said.

Sizes are GiB, throughput is MiB/s. Limits: course/data/ebs.toml.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.elastic_block_store import EBSBackend, Volume

from course.data import value

from ..gate import Call, Refused, corrects, refuses, replaces
from .ebs_encryption import encryption


def require_valid(
    volume_type: str, size: int, iops: int | None, throughput: int | None, multi_attach: bool, region: str
) -> None:
    """Raise Refused unless AWS makes such a volume: type, size, IOPS, ratios, throughput, Multi-Attach."""
    if volume_type not in value("ebs.types.known"):
        raise Refused("UnknownVolumeType", f"Unsupported volume type '{volume_type}' for volume creation.")
    require_size(volume_type, size)
    if volume_type in value("ebs.types.takes_iops"):
        require_iops(volume_type, size, iops)
    elif iops is not None:
        raise Refused("InvalidParameterCombination", f"The parameter iops is not supported for {volume_type} volumes.")
    if throughput is not None:
        require_throughput(volume_type, iops, throughput)
    if multi_attach:
        require_multi_attach(volume_type, region)


def require_size(volume_type: str, size: int) -> None:
    """Raise Refused for a size outside the type's range. The wording of the lower limit is AWS's own of 2024."""
    least, most = value(f"ebs.{volume_type}.min_size"), value(f"ebs.{volume_type}.max_size")
    start = f"The volume size is invalid for {volume_type} volumes: {size} GiB. {volume_type} volumes must be"
    if size < least:
        raise Refused(
            "InvalidParameterValue",
            f"{start} at least {least} GiB in size. Please specify a volume size above the minimum limit.",
        )
    if size > most:
        raise Refused(
            "InvalidParameterValue",
            f"{start} at most {most} GiB in size. Please specify a volume size below the maximum limit.",
        )


def require_iops(volume_type: str, size: int, iops: int | None) -> None:
    """Raise Refused for IOPS that are missing, out of range, or too many for the size."""
    if iops is None:
        if volume_type in value("ebs.types.needs_iops"):
            raise Refused(
                "InvalidParameterCombination", f"The parameter iops must be specified for {volume_type} volumes."
            )
        return
    least, most = value(f"ebs.{volume_type}.min_iops"), value(f"ebs.{volume_type}.max_iops")
    if iops < least:
        raise Refused("InvalidParameterValue", f"Volume iops of {iops} is too low; minimum is {least}.")
    if iops > most:
        raise Refused("InvalidParameterValue", f"Volume iops of {iops} is too high; maximum is {most}.")
    ratio = value(f"ebs.{volume_type}.max_iops_per_gib")
    # A gp3 volume has its minimum at every size, even where the ratio would give less.
    included = least if volume_type == "gp3" else 0
    if iops > max(included, ratio * size):
        raise Refused(
            "InvalidParameterValue", f"Iops to volume size ratio of {iops / size:.6f} is too high; maximum is {ratio}"
        )


def require_throughput(volume_type: str, iops: int | None, throughput: int) -> None:
    """Raise Refused for throughput on another type than gp3, out of range, or too much for the IOPS."""
    if volume_type not in value("ebs.types.takes_throughput"):
        raise Refused("InvalidParameterCombination", "throughput can only be specified for volumeType gp3.")
    least, most = value("ebs.gp3.min_throughput"), value("ebs.gp3.max_throughput")
    if throughput < least:
        raise Refused("InvalidParameterValue", f"Throughput (MiBps) of {throughput} is too low; minimum is {least}.")
    if throughput > most:
        raise Refused("InvalidParameterValue", f"Throughput (MiBps) of {throughput} is too high; maximum is {most}.")
    ratio, iops = value("ebs.gp3.max_throughput_per_iops"), iops or value("ebs.gp3.min_iops")
    if throughput > ratio * iops:
        raise Refused(
            "InvalidParameterValue",
            f"Throughput (MiBps) to iops ratio of {throughput / iops:.6f} is too high; maximum is {ratio:.6f} MiBps per iops",
        )


def require_multi_attach(volume_type: str, region: str) -> None:
    """Raise Refused unless the type, and for io1 the Region, has Multi-Attach."""
    if volume_type not in value("ebs.multi_attach.types"):
        raise Refused(
            "InvalidParameterCombination",
            f"The parameter MultiAttachEnabled is not supported for {volume_type} volumes.",
        )
    if volume_type == "io1" and region not in value("ebs.multi_attach.io1_regions"):
        raise Refused("InvalidParameterCombination", f"Multi-Attach is not supported for io1 volumes in {region}.")


def default_iops(volume_type: str, size: int, iops: int | None) -> int | None:
    """The IOPS a volume shows: gp2 from its size, gp3 its minimum when nothing was asked, HDD types none."""
    if volume_type == "gp2":
        baseline = max(value("ebs.gp2.min_iops"), value("ebs.gp2.iops_per_gib") * size)
        return min(value("ebs.gp2.max_iops"), baseline)
    if volume_type == "gp3":
        return iops or value("ebs.gp3.min_iops")
    return iops


def default_throughput(volume_type: str, throughput: int | None) -> int | None:
    """The throughput a volume shows: only gp3 states one, its minimum when nothing was asked."""
    return (throughput or value("ebs.gp3.min_throughput")) if volume_type == "gp3" else None


@refuses("ec2", "CreateVolume")
def unknown_zone(call: Call) -> None:
    """InvalidZone.NotFound; one of AvailabilityZone and AvailabilityZoneId is needed, not both."""
    name, zone_id = call.params.get("AvailabilityZone"), call.params.get("AvailabilityZoneId")
    if name and zone_id:
        raise Refused(
            "InvalidParameterCombination",
            "The parameter availabilityZone cannot be used with the parameter availabilityZoneId",
        )
    if not name and not zone_id:
        raise Refused("MissingParameter", "The request must contain the parameter zone")
    zones = call.backend.describe_availability_zones()
    if not any(name == zone.name or zone_id == zone.zone_id for zone in zones):
        raise Refused("InvalidZone.NotFound", f"The zone '{name or zone_id}' does not exist.")


@refuses("ec2", "CreateVolume")
def impossible_volume(call: Call) -> None:
    """Neither size nor snapshot, smaller than the snapshot, or outside the type's limits."""
    params = call.params
    snapshot = call.backend.get_snapshot(params["SnapshotId"]) if params.get("SnapshotId") else None
    size = params.get("Size")
    if size is None:
        if snapshot is None:
            raise Refused("MissingParameter", "The request must contain the parameter size/snapshot")
        size = snapshot.volume_size
    require_valid(
        params.get("VolumeType") or value("ebs.types.api_default"),
        size,
        params.get("Iops"),
        params.get("Throughput"),
        bool(params.get("MultiAttachEnabled")),
        call.region,
    )
    if snapshot is not None and size < snapshot.volume_size:
        raise Refused(
            "InvalidParameterValue",
            f"Volume of size {size}GB is smaller than snapshot '{snapshot.id}', expect size >= {snapshot.volume_size}GB",
        )


@refuses("ec2", "CreateVolume")
def initialization_rate(call: Call) -> None:
    """A provisioned rate for volume initialization has a range and needs a snapshot."""
    rate = call.params.get("VolumeInitializationRate")
    if rate is None:
        return
    least, most = value("ebs.initialization.min_rate"), value("ebs.initialization.max_rate")
    if not call.params.get("SnapshotId"):
        raise Refused(
            "InvalidParameterCombination",
            "VolumeInitializationRate is supported only for volumes created from snapshots.",
        )
    if not least <= rate <= most:
        raise Refused(
            "InvalidParameterValue",
            f"VolumeInitializationRate of {rate} MiB/s is not between {least} and {most} MiB/s.",
        )


@corrects("ec2", "CreateVolume")
def zone_by_id(call: Call, volume: Volume) -> None:
    """moto reads only the zone's name."""
    for zone in call.backend.describe_availability_zones():
        if zone.zone_id == call.params.get("AvailabilityZoneId"):
            volume.zone = zone


@replaces(EBSBackend, "create_volume")
def with_defaults(
    moto: Any,
    backend: EBSBackend,
    size: int | None,
    zone_name: str,
    snapshot_id: str | None = None,
    encrypted: bool = False,
    kms_key_id: str | None = None,
    volume_type: str | None = None,
    iops: int | None = None,
    throughput: int | None = None,
    multi_attach_enabled: bool | None = None,
) -> Volume:
    """Every volume, also one of a launch, shows AWS's default IOPS and throughput and obeys encryption by default."""
    volume_type = volume_type or value("ebs.types.api_default")
    source = backend.get_snapshot(snapshot_id) if snapshot_id else None
    encrypted, kms_key_id = encryption(backend, encrypted, kms_key_id, source)
    volume = moto(
        backend,
        size,
        zone_name,
        snapshot_id,
        encrypted,
        kms_key_id,
        volume_type,
        iops,
        throughput,
        multi_attach_enabled,
    )
    volume.iops = default_iops(volume_type, volume.size, iops)
    volume.throughput = default_throughput(volume_type, throughput)
    volume.multi_attach_enabled = bool(multi_attach_enabled)
    return volume
