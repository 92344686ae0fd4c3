"""Images made by the learner: their snapshots and block device mappings.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/creating-an-ami-ebs.html
"""

from __future__ import annotations

import copy
import re
from typing import Any

from course.data import value

from ..gate import Call, Refused, corrects, refuses
from .ebs_encryption import encryption
from .ebs_launch import merged_mapping, require_valid_mapping
from .images import mapped

_NAME = re.compile(r"[a-zA-Z0-9 ()\[\]./\-'@_]{3,128}")


@refuses("ec2", "CreateImage", "RegisterImage", "CopyImage")
def impossible_image_name(call: Call) -> None:
    """3 to 128 of some characters, once in an account and Region."""
    name = call.params["Name"]
    if not _NAME.fullmatch(name):
        message = (
            "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, and only the "
            "following characters: ( ) [ ] space . / - ' @ _"
        )
        raise Refused("InvalidAMIName.Malformed", message)
    for ami in call.backend.amis.values():
        if ami.name == name and ami.owner_id == call.account_id:
            raise Refused("InvalidAMIName.Duplicate", f"AMI name {name} is already in use by AMI {ami.id}")


@refuses("ec2", "CreateImage")
def impossible_image_volumes(call: Call) -> None:
    """The mapping of a new image obeys the rules of volumes; no volume may be smaller than the instance's."""
    instance = call.backend.get_instance(call.params["InstanceId"])
    now = {device: call.backend.get_volume(block.volume_id) for device, block in instance.block_device_mapping.items()}
    image = [
        {
            "DeviceName": device,
            "Ebs": {"VolumeSize": volume.size, "VolumeType": volume.volume_type, **_performance(volume)},
        }
        for device, volume in now.items()
    ]
    mapping = merged_mapping(image, call.params.get("BlockDeviceMappings"))
    require_valid_mapping(call.backend, mapping, instance.root_device_name)
    for entry in mapping:
        volume, size = now.get(entry["DeviceName"]), entry["Ebs"]["VolumeSize"]
        if volume is not None and size < volume.size:
            raise Refused(
                "InvalidBlockDeviceMapping",
                f"Volume of size {size}GB is smaller than the volume '{volume.id}', expect size >= {volume.size}GB",
            )


@corrects("ec2", "CreateImage")
def snapshots_of_instance(call: Call, result: dict) -> None:
    """moto makes one 15 GiB snapshot; AWS makes one of every volume, in the volume's size and encryption."""
    backend = call.backend
    ami, instance = backend.amis[result["ImageId"]], backend.get_instance(call.params["InstanceId"])
    ami.root_device_name, ami.root_device_type = instance.root_device_name, "ebs"
    mapping = []
    for device, block in instance.block_device_mapping.items():
        volume = backend.get_volume(block.volume_id)
        if device == ami.root_device_name:
            snapshot = ami.ebs_snapshot
            snapshot.volume, snapshot.encrypted, snapshot.kms_key_id = (
                copy.copy(volume),
                volume.encrypted,
                volume.kms_key_id,
            )
        else:
            snapshot = backend.create_snapshot(volume.id, ami.ebs_snapshot.description, from_ami=ami.id)
        performance = _performance(volume)
        mapping.append(
            mapped(
                device,
                snapshot,
                volume.volume_type,
                block.delete_on_termination,
                performance.get("Iops"),
                performance.get("Throughput"),
            )
        )
    ami.mapping = merged_mapping(mapping, call.params.get("BlockDeviceMappings"))


@refuses("ec2", "RegisterImage")
def impossible_registered_volumes(call: Call) -> None:
    """An image is registered from a snapshot of its root volume; the rules of volumes hold."""
    root, requested = call.params.get("RootDeviceName"), call.params.get("BlockDeviceMappings") or []
    mapping = merged_mapping([], requested)
    by_device = {entry["DeviceName"]: entry["Ebs"] for entry in mapping}
    if requested and not by_device.get(root, {}).get("SnapshotId"):
        raise Refused("InvalidBlockDeviceMapping", f"The root device '{root}' must be mapped to a snapshot.")
    require_valid_mapping(call.backend, mapping, root)


@corrects("ec2", "RegisterImage")
def image_of_snapshot(call: Call, result: dict) -> None:
    """moto ignores the mapping, the root device and the architecture, and makes a snapshot nobody asked for."""
    backend, params = call.backend, call.params
    ami = backend.amis[result["ImageId"]]
    ami.architecture = params.get("Architecture") or "i386"
    if not params.get("BlockDeviceMappings"):
        return
    ami.root_device_name, ami.root_device_type, ami.virtualization_type = (
        params["RootDeviceName"],
        "ebs",
        params.get("VirtualizationType", "paravirtual"),
    )
    ami.mapping = merged_mapping([], params["BlockDeviceMappings"])
    for entry in ami.mapping:
        if entry["Ebs"].get("SnapshotId"):
            snapshot = backend.get_snapshot(entry["Ebs"]["SnapshotId"])
            entry["Ebs"].setdefault("VolumeSize", snapshot.volume_size)
            entry["Ebs"]["Encrypted"] = snapshot.encrypted
    backend.snapshots.pop(ami.ebs_snapshot.id)
    root = next(entry for entry in ami.mapping if entry["DeviceName"] == ami.root_device_name)
    ami.ebs_snapshot = backend.get_snapshot(root["Ebs"]["SnapshotId"])


@corrects("ec2", "CopyImage")
def snapshots_of_copy(call: Call, result: dict) -> None:
    """A copied image has copies of the source's snapshots, encrypted when asked for."""
    params, backend = call.params, call.backend
    source = call.backend_of("ec2", params["SourceRegion"]).amis[params["SourceImageId"]]
    ami = backend.amis[result["ImageId"]]
    ami.root_device_name, ami.root_device_type, ami.mapping = source.root_device_name, "ebs", []
    for entry in source.block_device_mappings:
        ebs = dict(entry["Ebs"])
        if ebs.get("SnapshotId"):
            origin = call.backend_of("ec2", params["SourceRegion"]).get_snapshot(ebs["SnapshotId"])
            if entry["DeviceName"] == ami.root_device_name:
                snapshot = ami.ebs_snapshot
            else:
                snapshot = copy.copy(ami.ebs_snapshot)
                snapshot.id = _new_snapshot_id()
                backend.snapshots[snapshot.id] = snapshot
            snapshot.volume = copy.copy(origin.volume)
            snapshot.encrypted, snapshot.kms_key_id = encryption(
                backend, params.get("Encrypted"), params.get("KmsKeyId"), origin
            )
            ebs.update(SnapshotId=snapshot.id, Encrypted=snapshot.encrypted)
        ami.mapping.append({"DeviceName": entry["DeviceName"], "Ebs": ebs})


def _new_snapshot_id() -> str:
    from moto.ec2.utils import random_snapshot_id

    return random_snapshot_id()


def _performance(volume: Any) -> dict[str, int]:
    """IOPS and throughput as a mapping states them: only for the types that take them."""
    performance = {}
    if volume.volume_type in value("ebs.types.takes_iops"):
        performance["Iops"] = volume.iops
    if volume.volume_type in value("ebs.types.takes_throughput"):
        performance["Throughput"] = volume.throughput
    return performance
