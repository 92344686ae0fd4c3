"""What time does to keys: the end of a waiting period, the expiry of imported material, the last replica's end.

https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-delete.html
"""

from __future__ import annotations

from datetime import timedelta

from moto.kms.models import Key, KmsBackend, kms_backends

from ..iam.context import now


def remove_deleted(backend: KmsBackend) -> None:
    """Keys whose waiting period is over are gone, with their aliases and grants; so is material that has expired."""
    moment = now()
    # Replicas first: the waiting period of a primary key begins with the end of its last replica.
    elsewhere = {
        one["Region"]
        for key in backend.keys.values()
        if key.multi_region
        for one in key.multi_region_configuration["ReplicaKeys"]
    }
    for region in (*sorted(elsewhere - {backend.region_name}), backend.region_name):
        regional = kms_backends[backend.account_id][region]
        for key in list(regional.keys.values()):
            if key.deletion_date and key.deletion_date <= moment.replace(tzinfo=None):
                regional.delete_key(key.id)
                if key.multi_region:
                    _forget_replica(key)
            elif getattr(key, "valid_to", None) and key.valid_to <= moment:
                without_material(key)


def _forget_replica(key: Key) -> None:
    """A primary key that was scheduled for deletion waits no longer for its replicas when the last one is gone."""
    left = key.multi_region_configuration["ReplicaKeys"]
    left[:] = [one for one in left if one["Arn"] != key.arn]
    home = key.multi_region_configuration["PrimaryKey"]["Region"]
    primary = kms_backends[key.account_id][home].keys.get(key.id)
    if not left and primary is not None and primary.key_state == "PendingReplicaDeletion":
        primary.key_state = "PendingDeletion"
        primary.deletion_date = key.deletion_date + timedelta(days=primary.pending_window)


def has_material(key: Key) -> bool:
    """False for a key of the origin EXTERNAL before its import, after its expiry or after its deletion."""
    return key.origin != "EXTERNAL" or getattr(key, "has_material", False)


def without_material(key: Key) -> None:
    """Take the imported material out of a key."""
    key.has_material, key.valid_to = False, None
    if not key.key_state.endswith("Deletion"):
        key.key_state, key.enabled = "PendingImport", False


def is_primary(key: Key) -> bool:
    """Of the multi-Region keys with this id, is it the one that is replicated?"""
    return key.multi_region_configuration["PrimaryKey"]["Arn"] == key.arn
