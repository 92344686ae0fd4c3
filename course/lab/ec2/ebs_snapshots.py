"""EBS snapshots: copies and their encryption, whose snapshots are shown, and what keeps one from being deleted.

https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html
"""

from __future__ import annotations

import copy
from typing import Any

from moto.ec2.models.elastic_block_store import EBSBackend, Snapshot
from moto.ec2.utils import random_snapshot_id

from ..gate import Call, Refused, answers, corrects, refuses, replaces
from .ebs_encryption import encryption

# AWS: a copy shows no real volume, always this one.
_VOLUME_OF_A_COPY = "vol-ffffffff"


@replaces(Snapshot, "__init__")
def frozen(moto: Any, snapshot: Snapshot, *args: Any, **kwargs: Any) -> None:
    """A snapshot keeps the size and key its volume had; moto's would grow with the volume."""
    moto(snapshot, *args, **kwargs)
    snapshot.volume = copy.copy(snapshot.volume)
    if snapshot.encrypted and not snapshot.kms_key_id:
        snapshot.kms_key_id = snapshot.volume.kms_key_id


@replaces(EBSBackend, "get_snapshot")
def get_snapshot(moto: Any, backend: EBSBackend, snapshot_id: str) -> Snapshot:
    """moto leaves the message empty."""
    if snapshot_id not in backend.snapshots:
        raise Refused("InvalidSnapshot.NotFound", f"The snapshot '{snapshot_id}' does not exist.")
    return moto(backend, snapshot_id)


def source_of(call: Call) -> Snapshot:
    """The snapshot a CopySnapshot names, in the Region it names."""
    region = call.params["SourceRegion"]
    try:
        backend = call.backend_of("ec2", region)
    except KeyError:
        raise Refused("InvalidParameterValue", f"Value ({region}) for parameter sourceRegion is invalid.") from None
    return backend.get_snapshot(call.params["SourceSnapshotId"])


@refuses("ec2", "CopySnapshot")
def impossible_copy(call: Call) -> None:
    """The source must exist; a copy cannot be decrypted; a key without encryption means nothing."""
    source, encrypted = source_of(call), call.params.get("Encrypted")
    will_be = encrypted or source.encrypted or call.backend.ebs_encryption_by_default
    if encrypted is False and will_be:
        raise Refused(
            "InvalidParameterValue",
            f"Value (false) for parameter encrypted is invalid. '{source.id}' cannot be copied unencrypted.",
        )
    if call.params.get("KmsKeyId") and not will_be:
        raise Refused(
            "InvalidParameterDependency", "The parameter [KmsKeyId] requires the parameter Encrypted to be set."
        )


@answers("ec2", "CopySnapshot")
def copy_snapshot(call: Call) -> dict:
    """moto ignores Encrypted. The copy belongs to the Region that was called and keeps size and data, not tags."""
    params, backend, source = call.params, call.backend, source_of(call)
    encrypted, key = encryption(backend, params.get("Encrypted"), params.get("KmsKeyId"), source)
    volume = copy.copy(source.volume)
    volume.id = _VOLUME_OF_A_COPY
    snapshot = Snapshot(
        backend,
        random_snapshot_id(),
        volume=volume,
        description=params.get("Description") or f"[Copied {source.id} from {params['SourceRegion']}]",
        encrypted=encrypted,
        kms_key_id=key if encrypted else None,
    )
    backend.snapshots[snapshot.id] = snapshot
    tags = tags_for("snapshot", params)
    snapshot.add_tags({tag["Key"]: tag["Value"] for tag in tags})
    return {"SnapshotId": snapshot.id, "Tags": tags}


def tags_for(resource_type: str, params: dict) -> list[dict]:
    """The tags of a request's TagSpecifications for one type of resource."""
    return [
        {"Key": tag["Key"], "Value": tag.get("Value", "")}
        for one in params.get("TagSpecifications", [])
        if one.get("ResourceType") == resource_type
        for tag in one.get("Tags", [])
    ]


@refuses("ec2", "DeleteSnapshot")
def used_by_image(call: Call) -> None:
    """InvalidSnapshot.InUse while an image's block device mapping names the snapshot."""
    snapshot = call.backend.get_snapshot(call.params["SnapshotId"])
    for ami in call.backend.amis.values():
        if any(entry["Ebs"].get("SnapshotId") == snapshot.id for entry in ami.block_device_mappings):
            raise Refused("InvalidSnapshot.InUse", f"The snapshot {snapshot.id} is currently in use by {ami.id}")


@corrects("ec2", "DescribeSnapshots")
def own_snapshots(call: Call, result: dict) -> None:
    """moto ignores OwnerIds. Snapshots behind Amazon's images are shown only when asked for by owner or id."""
    owners, ids = call.params.get("OwnerIds", []), call.params.get("SnapshotIds", [])
    if ids and not owners:
        return
    wanted = {{"self": call.account_id}.get(owner, owner) for owner in owners or ["self"]}
    amazon = "amazon" in wanted
    result["Snapshots"] = [
        one for one in result["Snapshots"] if one.owner_id in wanted or (amazon and one.owner_id != call.account_id)
    ]


@refuses("ec2", "ModifySnapshotAttribute")
def not_with_the_default_key(call: Call) -> None:
    """Nobody else can use the key that AWS manages for EBS, nor can everybody use any key.

    https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html
    """
    params = call.params
    added = params.get("CreateVolumePermission", {}).get("Add", [])
    if params.get("OperationType") == "add":
        added = [*added, *({"UserId": one} for one in params.get("UserIds", []))]
        added += [{"Group": one} for one in params.get("GroupNames", [])]
    snapshot = call.backend.get_snapshot(params["SnapshotId"])
    if not added or not snapshot.encrypted:
        return
    if any(one.get("Group") for one in added):
        raise Refused("OperationNotPermitted", "Encrypted snapshots cannot be shared publicly")
    managed = {key.id for key in call.backend_of("kms").keys.values() if "alias/aws/ebs" in key.aliases}
    if snapshot.kms_key_id is None or str(snapshot.kms_key_id).rpartition("/")[2] in managed:
        raise Refused("OperationNotPermitted", "Encrypted snapshots with EBS default key cannot be shared")
