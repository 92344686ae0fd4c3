"""Elastic Volumes: what ModifyVolume refuses, and what the modified volume has.

https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modify-volume.html
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models.elastic_block_store import Volume

from course.data import value

from ..gate import Call, Refused, refuses, replaces
from .ebs_volumes import default_iops, default_throughput, require_valid


@dataclass(frozen=True)
class Target:
    """A volume as the modification would leave it."""

    volume_type: str
    size: int
    iops: int | None
    throughput: int | None
    multi_attach: bool


def target(
    volume: Volume,
    size: int | None,
    volume_type: str | None,
    iops: int | None,
    throughput: int | None,
    multi_attach: bool | None,
) -> Target:
    """What is not named stays, except that a new type starts with its own default IOPS and throughput."""
    new_type, new_size = volume_type or volume.volume_type, size or volume.size
    same_type = new_type == volume.volume_type
    if iops is None and new_type in value("ebs.types.takes_iops"):
        iops = volume.iops if same_type else value("lab.volumes.modified_iops")
    if throughput is None and same_type:
        throughput = volume.throughput
    return Target(
        new_type,
        new_size,
        default_iops(new_type, new_size, iops),
        default_throughput(new_type, throughput),
        bool(volume.multi_attach_enabled if multi_attach is None else multi_attach),
    )


@refuses("ec2", "ModifyVolume")
def impossible_target(call: Call) -> None:
    """Nothing to change, smaller than before, or outside the limits of the resulting type."""
    params, volume = call.params, call.backend.get_volume(call.params["VolumeId"])
    asked = [params.get(name) for name in ("Size", "VolumeType", "Iops", "Throughput", "MultiAttachEnabled")]
    if all(one is None for one in asked):
        raise Refused(
            "InvalidParameterValue",
            "Invalid input: Must specify at least one of size, type, iops, throughput, multi_attach_enabled",
        )
    size, volume_type, iops, throughput, multi_attach = asked
    if size is not None and size < volume.size:
        raise Refused("InvalidParameterValue", "New size cannot be smaller than existing size")
    new = target(volume, size, volume_type, iops, throughput, multi_attach)
    # gp2 and HDD types show IOPS nobody asked for; only what was asked may be refused.
    takes_iops = new.volume_type in value("ebs.types.takes_iops")
    takes_throughput = new.volume_type in value("ebs.types.takes_throughput")
    require_valid(
        new.volume_type,
        new.size,
        new.iops if takes_iops else iops,
        new.throughput if takes_throughput else throughput,
        new.multi_attach,
        call.region,
    )


@refuses("ec2", "ModifyVolume")
def multi_attach_toggle(call: Call) -> None:
    """Multi-Attach of an io2 volume can be switched only while detached, that of an io1 volume never."""
    wanted, volume = call.params.get("MultiAttachEnabled"), call.backend.get_volume(call.params["VolumeId"])
    if wanted is None or bool(wanted) == bool(volume.multi_attach_enabled):
        return
    if volume.volume_type == "io1":
        raise Refused("InvalidParameterCombination", "Multi-Attach of an io1 volume cannot be changed after creation.")
    if volume.attachments:
        raise Refused("IncorrectState", f"Multi-Attach of volume '{volume.id}' cannot be changed while it is 'in-use'.")


@refuses("ec2", "ModifyVolume")
def too_often(call: Call) -> None:
    """VolumeModificationRateExceeded; AWS's wording since January 2026 is not known, this one names the rule."""
    most, window = value("ebs.modification.max_per_day"), timedelta(hours=value("lab.modification.window"))
    volume = call.backend.get_volume(call.params["VolumeId"])
    recent = [one.start_time for one in volume.modifications if utcnow() - one.start_time < window]
    if len(recent) >= most:
        again = recent[-most] + window
        raise Refused(
            "VolumeModificationRateExceeded",
            f"You've reached the maximum modification rate per volume limit: {most} modifications in a rolling "
            f"{value('lab.modification.window')} hours. Volume '{volume.id}' can be modified again at {again:%Y-%m-%dT%H:%M:%SZ}.",
        )


@replaces(Volume, "modify")
def modified(
    moto: Any,
    volume: Volume,
    target_size: int | None = None,
    target_volume_type: str | None = None,
    target_iops: int | None = None,
    target_throughput: int | None = None,
    target_multi_attach_enabled: bool | None = None,
) -> None:
    """moto keeps the old type's IOPS and cannot switch Multi-Attach off; AWS also reports what stayed the same."""
    new = target(volume, target_size, target_volume_type, target_iops, target_throughput, target_multi_attach_enabled)
    was = Target(volume.volume_type, volume.size, volume.iops, volume.throughput, bool(volume.multi_attach_enabled))
    moto(volume, target_size=new.size, target_volume_type=new.volume_type)
    record = volume.modifications[-1]
    for name, before, after in (
        ("iops", was.iops, new.iops),
        ("throughput", was.throughput, new.throughput),
        ("multi_attach_enabled", was.multi_attach, new.multi_attach),
    ):
        setattr(record, f"original_{name}", before)
        setattr(record, f"target_{name}", after)
    volume.iops, volume.throughput, volume.multi_attach_enabled = new.iops, new.throughput, new.multi_attach
    for attachment in volume.attachments:
        attachment.instance.block_device_mapping[attachment.device].size = new.size
