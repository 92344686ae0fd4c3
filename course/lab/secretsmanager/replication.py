"""Replicas of a secret in other Regions: adding, removing, and making one a secret of its own.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_StopReplicationToReplica.html
https://github.com/aws-samples/aws-health-aware/pull/32 (the primary's own Region)
"""

from __future__ import annotations

import copy
from typing import Any

from moto.secretsmanager.models import FakeSecret, ReplicaSecret, secretsmanager_backends

from ..gate import Call, Refused, answers, refuses
from .secrets import find_secret, require_primary


@refuses("secretsmanager", "RemoveRegionsFromReplication")
def unknown_secret(call: Call) -> None:
    """moto answers 404, AWS 400; a replica is changed in its primary Region."""
    require_primary(find_secret(call))


@refuses("secretsmanager", "CreateSecret", "ReplicateSecretToRegions")
def own_region(call: Call) -> None:
    """A replica is in another Region."""
    if any(one["Region"] == call.region for one in call.params.get("AddReplicaRegions", [])):
        raise Refused("InvalidParameterException", "Invalid replica region.")


@answers("secretsmanager", "ReplicateSecretToRegions")
def replicate(call: Call) -> dict:
    """A replica in each Region that has none; a Region where the name is taken reports that it failed."""
    secret = find_secret(call)
    wanted = call.params["AddReplicaRegions"]
    working = {one.region for one in secret.replicas if one.has_replica}
    new = [one for one in wanted if one["Region"] not in working]
    made = secret.create_replicas(new, force_overwrite=call.params.get("ForceOverwriteReplicaSecret", False))
    for replica, asked in zip(made, new):
        replica.config["KmsKeyId"] = asked.get("KmsKeyId") or replica.config["KmsKeyId"]
        if not replica.has_replica:
            replica.config["StatusMessage"] = (
                f"Replication failed: Secret name {secret.name} already exists in region {replica.region}."
            )
    again = {one.region for one in made}
    secret.replicas[:] = [one for one in secret.replicas if one.region not in again] + made
    return _status(secret)


@answers("secretsmanager", "RemoveRegionsFromReplication")
def remove(call: Call) -> dict:
    """The replicas in these Regions are deleted; a Region without one is ignored."""
    secret = find_secret(call)
    for replica in list(secret.replicas):
        if replica.region in call.params["RemoveReplicaRegions"]:
            _take_out(replica)
            secret.replicas.remove(replica)
    return _status(secret)


@answers("secretsmanager", "StopReplicationToReplica")
def promote(call: Call) -> dict:
    """In the replica's Region: it becomes a secret of its own with the values that it has.

    The code for a secret that is no replica is not documented.
    """
    replica: Any = find_secret(call)
    if not isinstance(replica, ReplicaSecret):
        raise Refused("InvalidParameterException", f"Secret {replica.name} is not a replica secret.")
    source = replica.source
    alone = copy.copy(source)
    alone.arn, alone.region, alone.replicas = replica.arn, replica.region, []
    alone.versions, alone.tags = copy.deepcopy(source.versions), copy.deepcopy(source.tags)
    alone.kms_key_id = _own_key(replica)
    alone.rotation_enabled, alone.rotation_requested, alone.rotation_lambda_arn = False, False, ""
    _take_out(replica)
    source.replicas.remove(replica)
    secretsmanager_backends[source.account_id][replica.region].secrets[alone.secret_id] = alone
    return {"ARN": alone.arn}


def _own_key(replica: ReplicaSecret) -> str | None:
    """The key of the replica; None for Secrets Manager's own."""
    key = replica.config["KmsKeyId"]
    return None if key == "alias/aws/secretsmanager" else key


def _take_out(replica: ReplicaSecret) -> None:
    """A replica's Region forgets it; one that failed is not there."""
    if replica.has_replica:
        dict.pop(secretsmanager_backends[replica.source.account_id][replica.region].secrets, replica.arn, None)


def _status(secret: FakeSecret) -> dict:
    return {"ARN": secret.arn, "ReplicationStatus": [one.config for one in secret.replicas]}
