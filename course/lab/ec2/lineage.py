"""Whose data a volume or a snapshot holds. AWS does not tell (a copied snapshot shows `vol-ffffffff`); the lab knows.

Exercises ask for it: "no data may be lost" means that the new volume descends from the old one.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.elastic_block_store import EBSBackend, Volume

from ..gate import replaces


@replaces(Volume, "__init__")
def volume_descends(moto: Any, volume: Volume, *args: Any, **kwargs: Any) -> None:
    """A volume made from a snapshot holds what the snapshot's volume held, also after the snapshot is deleted.

    Snapshots, copies of snapshots and images all carry a copy of their volume's model, and with it this list.
    """
    moto(volume, *args, **kwargs)
    # Not every snapshot id is one: the volumes behind Amazon's images are made before there are any.
    snapshot = volume.ec2_backend.snapshots.get(volume.snapshot_id)
    volume.lineage = [*(snapshot.volume.lineage if snapshot else []), volume.id]


def data_sources(resource_id: Any, region: str) -> list[str]:
    """The ids of the volumes whose data this volume or snapshot holds, oldest first, itself left out.

    Empty for an id that is not there, or that is no id at all.
    """
    from moto.backends import get_backend
    from moto.core import DEFAULT_ACCOUNT_ID

    backend: EBSBackend = get_backend("ec2")[DEFAULT_ACCOUNT_ID][region]
    if not isinstance(resource_id, str):
        return []
    if resource_id in backend.volumes:
        return backend.volumes[resource_id].lineage[:-1]
    return list(backend.snapshots[resource_id].volume.lineage) if resource_id in backend.snapshots else []
