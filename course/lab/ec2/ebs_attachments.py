"""Attaching, detaching and deleting EBS volumes: what AWS refuses.

https://docs.aws.amazon.com/ebs/latest/userguide/ebs-attaching-volume.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html
"""

from __future__ import annotations

import re

from course.data import value

from ..gate import Call, Refused, refuses

_DEVICE = re.compile(r"/dev/(sda1|xvda1)|(/dev/)?(sd[a-z]|xvd[a-z]{1,2})")


def attachment_point(device: str) -> str:
    """One name for /dev/sdf, sdf and xvdf, which are one place."""
    return re.sub(r"^(/dev/)?(sd|xvd)", "", device)


@refuses("ec2", "AttachVolume")
def not_attachable(call: Call) -> None:
    """The instance must run or be stopped, and live in the volume's Availability Zone."""
    volume, instance = _volume_and_instance(call)
    if instance.state not in ("pending", "running", "stopping", "stopped"):
        raise Refused("IncorrectState", f"Instance '{instance.id}' is not 'running'.")
    if volume.availability_zone != instance.availability_zone:
        raise Refused(
            "InvalidVolume.ZoneMismatch",
            f"The volume '{volume.id}' is not in the same availability zone as instance '{instance.id}'",
        )


@refuses("ec2", "AttachVolume")
def volume_in_use(call: Call) -> None:
    """A volume has one attachment, one with Multi-Attach several, each to another Nitro instance."""
    volume, instance = _volume_and_instance(call)
    attached = volume.attachments
    if attached and not volume.multi_attach_enabled:
        raise Refused("VolumeInUse", f"{volume.id} is already attached to an instance")
    if any(one.instance.id == instance.id for one in attached):
        raise Refused("VolumeInUse", f"{volume.id} is already attached to instance {instance.id}")
    most = value("ebs.multi_attach.max_instances")
    if len(attached) >= most:
        raise Refused(
            "AttachmentLimitExceeded", f"Volume '{volume.id}' is already attached to {most} instances, the maximum."
        )
    if volume.multi_attach_enabled and not is_nitro(instance.instance_type):
        raise Refused(
            "InvalidParameterCombination",
            f"Multi-Attach enabled volumes attach only to Nitro instances; '{instance.id}' is {instance.instance_type}.",
        )


@refuses("ec2", "AttachVolume")
def device_name(call: Call) -> None:
    """A device name must be one of EC2's and free on the instance."""
    _, instance = _volume_and_instance(call)
    device = call.params.get("Device")
    if not device:
        raise Refused("MissingParameter", "The request must contain the parameter device")
    if not _DEVICE.fullmatch(device):
        raise Refused(
            "InvalidParameterValue",
            f"Value ({device}) for parameter device is invalid. {device} is not a valid EBS device name.",
        )
    if attachment_point(device) in map(attachment_point, instance.block_device_mapping):
        raise Refused(
            "InvalidParameterValue",
            f"Invalid value '{device}' for unixDevice. Attachment point {device} is already in use",
        )


@refuses("ec2", "DetachVolume")
def not_detachable(call: Call) -> None:
    """A detached volume, another instance's volume, and the root volume of a running instance stay where they are."""
    volume, wanted = call.backend.get_volume(call.params["VolumeId"]), call.params.get("InstanceId")
    if wanted:
        call.backend.get_instance(wanted)
    if not volume.attachments:
        raise Refused("IncorrectState", f"Volume '{volume.id}' is in the 'available' state.")
    if not wanted and len(volume.attachments) > 1:
        raise Refused("MissingParameter", "The request must contain the parameter instanceId")
    attachment = next((one for one in volume.attachments if wanted in (None, one.instance.id)), None)
    if attachment is None:
        raise Refused("InvalidAttachment.NotFound", f"The volume '{volume.id}' is not attached to instance '{wanted}'.")
    instance = attachment.instance
    if attachment.device == instance.root_device_name and instance.state != "stopped":
        raise Refused(
            "OperationNotPermitted", f"Unable to detach root volume '{volume.id}' from instance '{instance.id}'"
        )


@refuses("ec2", "ModifyInstanceAttribute")
def no_such_device(call: Call) -> None:
    """DeleteOnTermination can be set only for a device that is mapped."""
    mappings = call.params.get("BlockDeviceMappings", [])
    for mapping in mappings:
        instance = call.backend.get_instance(call.params["InstanceId"])
        if mapping["DeviceName"] not in instance.block_device_mapping:
            raise Refused("InvalidInstanceAttributeValue", f"No device is currently mapped at {mapping['DeviceName']}")


def is_nitro(instance_type: str) -> bool:
    """Whether the instance type is built on the Nitro System, by the table of types moto brings."""
    from moto.ec2.models.instance_types import INSTANCE_TYPES

    return INSTANCE_TYPES.get(instance_type, {}).get("Hypervisor") == "nitro" or ".metal" in instance_type


def _volume_and_instance(call: Call) -> tuple:
    return call.backend.get_volume(call.params["VolumeId"]), call.backend.get_instance(call.params["InstanceId"])
