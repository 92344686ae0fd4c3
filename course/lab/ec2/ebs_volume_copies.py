"""CopyVolumes: a copy of a volume in its own Availability Zone, without a snapshot. moto does not have it.

https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copying-volume.html
"""

from __future__ import annotations

from course.data import value

from ..gate import Call, Refused, answers, refuses
from .ebs_encryption import encryption
from .ebs_snapshots import tags_for
from .ebs_volumes import require_valid


@refuses("ec2", "CopyVolumes")
def impossible_volume_copy(call: Call) -> None:
    """The copy obeys the rules of volumes, is not smaller than its source, and takes a key only when encrypted."""
    params, source = call.params, call.backend.get_volume(call.params["SourceVolumeId"])
    size = source.size if params.get("Size") is None else params["Size"]
    if size < source.size:
        raise Refused(
            "InvalidParameterValue",
            f"Volume of size {size}GB is smaller than volume '{source.id}', expect size >= {source.size}GB",
        )
    volume_type = params.get("VolumeType") or value("ebs.types.api_default")
    require_valid(
        volume_type,
        size,
        params.get("Iops"),
        params.get("Throughput"),
        bool(params.get("MultiAttachEnabled")),
        call.region,
    )
    encrypted = params.get("Encrypted") or source.encrypted or call.backend.ebs_encryption_by_default
    if params.get("KmsKeyId") and not encrypted:
        raise Refused(
            "InvalidParameterDependency", "The parameter [KmsKeyId] requires the parameter Encrypted to be set."
        )


@answers("ec2", "CopyVolumes")
def copy_volumes(call: Call) -> dict:
    """The copy: same zone, type gp2 unless named, encrypted when asked for or when the source is."""
    params, backend = call.params, call.backend
    source = backend.get_volume(params["SourceVolumeId"])
    encrypted, key = encryption(backend, params.get("Encrypted"), params.get("KmsKeyId"), source)
    volume = backend.create_volume(
        size=params.get("Size") or source.size,
        zone_name=source.availability_zone,
        encrypted=encrypted,
        kms_key_id=key if encrypted else None,
        volume_type=params.get("VolumeType"),
        iops=params.get("Iops"),
        throughput=params.get("Throughput"),
        multi_attach_enabled=params.get("MultiAttachEnabled"),
    )
    volume.source_volume_id = source.id
    volume.lineage = [*source.lineage, volume.id]
    tags = tags_for("volume", params)
    volume.add_tags({tag["Key"]: tag["Value"] for tag in tags})
    shown = {
        "VolumeId": volume.id,
        "SourceVolumeId": source.id,
        "AvailabilityZone": volume.availability_zone,
        "AvailabilityZoneId": volume.zone.zone_id,
        "CreateTime": volume.create_time,
        "Encrypted": volume.encrypted,
        "KmsKeyId": volume.kms_key_id,
        "Size": volume.size,
        "State": "creating",
        "VolumeType": volume.volume_type,
        "Iops": volume.iops,
        "Throughput": volume.throughput,
        "MultiAttachEnabled": volume.multi_attach_enabled,
        "Tags": tags,
    }
    return {"Volumes": [{name: one for name, one in shown.items() if one is not None}]}
