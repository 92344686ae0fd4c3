"""The volumes of a launch: the image's block device mapping, overlaid with the request's.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-device-mapping-concepts.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.instances import Instance, InstanceBackend
from moto.ec2.responses.instances import InstanceResponse

from course.data import value

from ..gate import Call, Refused, refuses, replaces
from .ebs_volumes import require_valid


def merged_mapping(image: list[dict], requested: list[dict] | None) -> list[dict]:
    """The mapping of a launch: what the image says, changed device by device by what the request says.

    A volume named in a request is deleted with its instance unless the request says otherwise (API and CLI default).
    """
    devices = {entry["DeviceName"]: dict(entry["Ebs"]) for entry in image}
    for entry in requested or []:
        device, wanted = entry["DeviceName"], {k: v for k, v in (entry.get("Ebs") or {}).items() if v is not None}
        if entry.get("NoDevice") is not None:
            devices.pop(device, None)
        elif entry.get("VirtualName") is None:
            given = devices.get(device, {})
            if wanted.get("VolumeType", given.get("VolumeType")) != given.get("VolumeType"):
                given = {k: v for k, v in given.items() if k not in ("Iops", "Throughput")}
            if wanted.get("SnapshotId", given.get("SnapshotId")) != given.get("SnapshotId"):
                given = {k: v for k, v in given.items() if k not in ("VolumeSize", "Encrypted")}
            default = {"DeleteOnTermination": True, "VolumeType": value("ebs.types.api_default")}
            devices[device] = {**default, **given, **wanted}
    return [{"DeviceName": device, "Ebs": ebs} for device, ebs in devices.items()]


def require_valid_mapping(backend: Any, mapping: list[dict], root_device: str | None) -> None:
    """Raise Refused unless every volume of the mapping can be made and the root one can be booted from."""
    for entry in mapping:
        ebs = entry["Ebs"]
        volume_type = ebs["VolumeType"]
        snapshot = backend.get_snapshot(ebs["SnapshotId"]) if ebs.get("SnapshotId") else None
        size = ebs.get("VolumeSize") or (snapshot and snapshot.volume_size)
        if not size:
            raise Refused("MissingParameter", "The request must contain the parameter size or snapshotId")
        known = volume_type in value("ebs.types.known")
        if entry["DeviceName"] == root_device and known and volume_type not in value("ebs.types.bootable"):
            # The text before the bracket is AWS's, and says no more than that.
            raise Refused(
                "InvalidParameterCombination",
                f"The parameter iops is not supported for {volume_type} volumes ({root_device} is the root volume: "
                f"{volume_type} is not compatible with root volumes)",
            )
        require_valid(volume_type, int(size), ebs.get("Iops"), ebs.get("Throughput"), False, backend.region_name)
        if snapshot is not None and int(size) < snapshot.volume_size:
            raise Refused(
                "InvalidBlockDeviceMapping",
                f"Volume of size {size}GB is smaller than snapshot '{snapshot.id}', expect size >= {snapshot.volume_size}GB",
            )


@refuses("ec2", "RunInstances")
def impossible_launch_volumes(call: Call) -> None:
    """The rules of volumes hold for those of a launch; what else is wrong with the launch is said elsewhere."""
    params, backend = call.params, call.backend
    requested, image = params.get("BlockDeviceMappings"), params.get("ImageId")
    if params.get("LaunchTemplate"):
        template = backend._get_template_from_args(params["LaunchTemplate"])
        requested, image = requested or template.data.get("BlockDeviceMappings"), image or template.image_id
    ami = backend.amis.get(image)
    if ami is not None:
        require_valid_mapping(backend, merged_mapping(ami.block_device_mappings, requested), ami.root_device_name)


@replaces(InstanceResponse, "_parse_block_device_mapping")
def requested_mapping(moto: Any, response: InstanceResponse) -> list[dict]:
    """moto drops Iops and Throughput and refuses a root device without a size; the mapping stays as it was sent."""
    return response._get_param("BlockDeviceMappings", [])


@replaces(InstanceBackend, "run_instances")
def run_instances(moto: Any, backend: Any, image_id: str, *args: Any, **kwargs: Any) -> Any:
    """Launch with the merged mapping. A launch that fails half-way leaves nothing behind."""
    requested = kwargs.pop("block_device_mappings", None)
    if kwargs.get("launch_template"):
        template = backend._get_template_from_args(kwargs["launch_template"])
        requested, named = requested or template.data.get("BlockDeviceMappings"), image_id or template.image_id
    else:
        config = kwargs.get("launch_config")
        requested, named = requested or getattr(config, "block_device_mapping_dict", None), image_id
    ami = backend.amis.get(named)
    if ami is not None:
        kwargs["block_device_mappings"] = merged_mapping(ami.block_device_mappings, requested)
    elif requested:
        kwargs["block_device_mappings"] = requested
    backend.launching = {entry["DeviceName"]: entry["Ebs"] for entry in kwargs.get("block_device_mappings", [])}
    before = set(backend.reservations)
    try:
        return moto(backend, image_id, *args, **kwargs)
    except Exception:
        for reservation in set(backend.reservations) - before:
            del backend.reservations[reservation]
        raise
    finally:
        del backend.launching


@replaces(Instance, "add_block_device")
def add_volume(
    moto: Any,
    instance: Instance,
    size: int | None,
    device_path: str,
    snapshot_id: str | None,
    encrypted: bool,
    delete_on_termination: bool,
    kms_key_id: str | None,
    volume_type: str | None,
) -> None:
    """moto forgets IOPS and throughput on the way to the volume."""
    backend = instance.ec2_backend
    asked = backend.launching[device_path]
    volume = backend.create_volume(
        size=int(size) if size else None,
        zone_name=instance.placement.zone,
        snapshot_id=snapshot_id,
        encrypted=encrypted,
        kms_key_id=kms_key_id,
        volume_type=volume_type,
        iops=asked.get("Iops"),
        throughput=asked.get("Throughput"),
    )
    backend.attach_volume(volume.id, instance.id, device_path, delete_on_termination)


@replaces(InstanceResponse, "_attribute_value_handler")
def device_flags_first(moto: Any, response: InstanceResponse) -> bool:
    """With Attribute="blockDeviceMapping" beside BlockDeviceMappings, moto overwrites the mapping with nothing."""
    if response._get_param("BlockDeviceMappings"):
        return False
    return moto(response)
