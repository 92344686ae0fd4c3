"""Multi-Region keys: a primary key and its replicas, with the same id and material, and a policy of their own each.

https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
"""

from __future__ import annotations

import boto3

from ..gate import Call, Refused, answers, refuses
from .keys import own_key
from .states import require_usable


@refuses("kms", "ReplicateKey")
def impossible_replica(call: Call) -> None:
    """A primary multi-Region key that is enabled, into another Region, once."""
    key, region = own_key(call), call.params["ReplicaRegion"]
    if not key.multi_region:
        raise Refused("UnsupportedOperationException", f"{key.arn} is not a multi-Region key.")
    if key.multi_region_configuration["PrimaryKey"]["Arn"] != key.arn:
        raise Refused("UnsupportedOperationException", f"{key.arn} is not a multi-Region primary key.")
    require_usable(key)
    if region == call.region:
        raise Refused("ValidationException", f"The replica Region {region} is the Region of the primary key.")
    if region not in boto3.Session().get_available_regions("kms"):
        raise Refused("ValidationException", f"{region} is not a Region of AWS KMS.")
    if any(one["Region"] == region for one in key.multi_region_configuration["ReplicaKeys"]):
        raise Refused("AlreadyExistsException", f"A replica of {key.arn} already exists in {region}.")


@answers("kms", "ReplicateKey")
def replicate_key(call: Call) -> dict:
    """moto's replica shares aliases, grants and policy with its primary key."""
    params, key = call.params, own_key(call)
    made = call.backend.replicate_key(key.id, params["ReplicaRegion"])
    made.aliases, made.grants, made.rotations = {}, {}, []
    made.policy = params.get("Policy") or made.generate_default_policy()
    made.description = params.get("Description", "")
    made.key_state, made.enabled = "Enabled", True
    if params.get("Tags"):
        call.backend_of("kms", params["ReplicaRegion"]).tagger.tag_resource(made.id, params["Tags"])
    metadata = made.to_dict()["KeyMetadata"]
    metadata["MultiRegionConfiguration"] = {**metadata["MultiRegionConfiguration"], "MultiRegionKeyType": "REPLICA"}
    return {"ReplicaKeyMetadata": metadata, "ReplicaPolicy": made.policy, "ReplicaTags": params.get("Tags", [])}
