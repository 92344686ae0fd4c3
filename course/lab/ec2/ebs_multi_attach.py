"""One volume on several instances: moto's model has room for one attachment, AWS's for 16.

https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volumes-multi.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.elastic_block_store import EBSBackend, Volume, VolumeAttachment
from moto.ec2.models.instances import Instance

from ..gate import replaces

# AWS tells with each attachment what a termination does; moto keeps that only at the instance.
VolumeAttachment.delete_on_termination = property(
    lambda self: getattr(self.instance.block_device_mapping.get(self.device), "delete_on_termination", False)
)


@replaces(Volume, "attachments")
def all_attachments(moto: Any, volume: Volume) -> list[VolumeAttachment]:
    """Every attachment, in the order they were made."""
    return list(volume.__dict__.get("attached", ()))


@replaces(EBSBackend, "attach_volume")
def attach(moto: Any, backend: EBSBackend, volume_id: str, *args: Any, **kwargs: Any) -> VolumeAttachment:
    """Remember the attachment beside those there are; `volume.attachment`, which moto reads, is the newest."""
    attachment = moto(backend, volume_id, *args, **kwargs)
    volume = backend.get_volume(volume_id)
    volume.attached = [*volume.attachments, attachment]
    return attachment


@replaces(EBSBackend, "detach_volume")
def detach(
    moto: Any, backend: EBSBackend, volume_id: str, instance_id: str | None, device_path: str | None
) -> VolumeAttachment:
    """End the attachment to that instance (any, when it is the only one) and keep the others."""
    volume = backend.get_volume(volume_id)
    mine = next((one for one in volume.attachments if instance_id in (None, one.instance.id)), None)
    if mine is not None:
        volume.attachment, instance_id = mine, mine.instance.id
    ended = moto(backend, volume_id, instance_id, device_path)
    volume.attached = [one for one in volume.attachments if one is not ended]
    volume.attachment = volume.attached[-1] if volume.attached else None
    return ended


@replaces(Instance, "teardown_defaults")
def end_of_instance(moto: Any, instance: Instance) -> None:
    """Termination deletes a flagged volume, but not one that another instance still uses."""
    backend = instance.ec2_backend
    for device, block in list(instance.block_device_mapping.items()):
        volume = backend.get_volume(block.volume_id)
        backend.detach_volume(volume.id, instance.id, device)
        if block.delete_on_termination and not volume.attachments:
            backend.delete_volume(volume.id)
