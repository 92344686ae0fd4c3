"""Hibernation: what an instance must be launched with, and that no other can hibernate.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hibernating-prerequisites.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.instances import StateReason

from course.data import value

from ..gate import Call, Refused, corrects, refuses
from .ebs_launch import merged_mapping
from .instance_states import instances_of
from .launch_requests import instance_type, requested, type_facts

_CODE = "UnsupportedHibernationConfiguration"


@refuses("ec2", "RunInstances")
def prerequisites(call: Call) -> None:
    """The type, its memory, and the root volume: of a bootable type, encrypted, as large as the memory."""
    params = requested(call)
    ami = call.backend.amis.get(params.get("ImageId"))
    if not params.get("HibernationOptions", {}).get("Configured") or ami is None:
        return
    type_name = instance_type(params)
    facts = type_facts(type_name)
    if not facts.get("HibernationSupported") or facts.get("BareMetal"):
        raise Refused(_CODE, f"Hibernation is not supported for the instance type {type_name}.")
    memory = facts["MemoryInfo"]["SizeInMiB"] / 1024
    _require_memory(type_name, memory, ami.platform)
    root = next(
        one["Ebs"]
        for one in merged_mapping(ami.block_device_mappings, params.get("BlockDeviceMappings"))
        if one["DeviceName"] == ami.root_device_name
    )
    snapshot = call.backend.get_snapshot(root["SnapshotId"]) if root.get("SnapshotId") else None
    if not (root.get("Encrypted") or call.backend.ebs_encryption_by_default or snapshot and snapshot.encrypted):
        raise Refused(_CODE, "For hibernation, the root device volume must be encrypted.")
    if root["VolumeType"] not in value("ec2.hibernation.root_types"):
        raise Refused(_CODE, f"For hibernation, the root device volume must not be of the type {root['VolumeType']}.")
    size = int(root.get("VolumeSize") or snapshot.volume_size)
    if size < memory:
        raise Refused(
            _CODE,
            f"For hibernation, the root device volume must hold the memory: {size} GiB is less than the {memory:g} GiB "
            f"of {type_name}.",
        )


def _require_memory(type_name: str, memory: float, platform: str | None) -> None:
    linux, windows = value("ec2.hibernation.max_memory_linux"), value("ec2.hibernation.max_memory_windows")
    if platform == "windows" and memory > windows:
        raise Refused(
            _CODE, f"Hibernation of Windows needs at most {windows} GiB of memory; {type_name} has {memory:g} GiB."
        )
    if platform != "windows" and memory >= linux:
        raise Refused(_CODE, f"Hibernation needs less than {linux} GiB of memory; {type_name} has {memory:g} GiB.")


@refuses("ec2", "StopInstances")
def not_configured(call: Call) -> None:
    """Only an instance that was launched for hibernation hibernates."""
    if call.params.get("Hibernate"):
        for instance in instances_of(call):
            if not (instance.hibernation_options or {}).get("Configured"):
                raise Refused(
                    _CODE,
                    "The instance can't be hibernated because it was not configured at launch for hibernation: "
                    f"{instance.id}",
                )


@corrects("ec2", "StopInstances")
def hibernated(call: Call, result: Any) -> None:
    """A hibernated instance is stopped, for another reason."""
    if call.params.get("Hibernate"):
        for instance in instances_of(call):
            instance.state_reason = StateReason(
                "Client.UserInitiatedHibernate: User initiated hibernate", "Client.UserInitiatedHibernate"
            )
