"""Instances of an account, and what their termination leaves behind."""

from __future__ import annotations

from course.storage.accounts.clients import ec2
from course.storage.accounts.ebs import volumes
from course.storage.persistence import default_delete_on_termination


def instances(region: str = "us-east-1") -> dict[str, tuple[str, str]]:
    """All instances of a Region by id: their type and state."""
    found = (
        one for reservation in ec2(region).describe_instances()["Reservations"] for one in reservation["Instances"]
    )
    return {one["InstanceId"]: (one["InstanceType"], one["State"]["Name"]) for one in found}


def state(instance_id: str, region: str = "us-east-1") -> str:
    """The state of an instance: "running", "stopped", "terminated", …"""
    return _instance(instance_id, region)["State"]["Name"]


def root_device(instance_id: str, region: str = "us-east-1") -> tuple[str, str]:
    """The device name of an instance's root volume, and the volume's id."""
    instance = _instance(instance_id, region)
    name = instance["RootDeviceName"]
    mapped = {mapping["DeviceName"]: mapping["Ebs"]["VolumeId"] for mapping in instance["BlockDeviceMappings"]}
    return name, mapped[name]


def root_volume(instance_id: str, region: str = "us-east-1") -> str:
    """The id of an instance's root volume."""
    return root_device(instance_id, region)[1]


def left_after_terminating(instance_id: str, region: str = "us-east-1") -> set[str]:
    """Terminate the instance if it runs and may be terminated; the ids of all volumes that are left.

    Empty if the instance is not running any more, or cannot be terminated: then nothing was prepared for it.
    """
    compute = ec2(region)
    if state(instance_id, region) != "running":
        return set()
    protected = compute.describe_instance_attribute(InstanceId=instance_id, Attribute="disableApiTermination")
    if protected["DisableApiTermination"]["Value"]:
        return set()
    compute.terminate_instances(InstanceIds=[instance_id])
    return set(volumes(region))


def flags(*questions: tuple[str, str, str]) -> tuple[bool, ...]:
    """What DeleteOnTermination is when nobody sets it, for (root or data, at launch or later, console or api)."""
    return tuple(default_delete_on_termination(kind == "root", when, how) for kind, when, how in questions)


def _instance(instance_id, region: str) -> dict:
    if not isinstance(instance_id, str):
        raise TypeError(f"an instance id was expected, not {instance_id!r}")
    (reservation,) = ec2(region).describe_instances(InstanceIds=[instance_id])["Reservations"]
    return reservation["Instances"][0]
