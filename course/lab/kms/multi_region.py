"""Multi-Region keys: a primary key and its replicas, with the same id and material, and a policy of their own each.

https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
"""

from __future__ import annotations

import boto3

from ..gate import Call, Refused, answers, refuses
from .keys import own_key
from .lifetimes import is_primary, without_material
from .states import require_usable


@refuses("kms", "ReplicateKey")
def impossible_replica(call: Call) -> None:
    """A primary multi-Region key that is enabled, into another Region, once."""
    key, region = own_key(call), call.params["ReplicaRegion"]
    if not key.multi_region:
        raise Refused("UnsupportedOperationException", f"{key.arn} is not a multi-Region key.")
    if not is_primary(key):
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
    if made.origin == "EXTERNAL":
        # The material is imported into each of them.
        made.import_parameters, made.imported = {}, key.imported
        without_material(made)
    if params.get("Tags"):
        call.backend_of("kms", params["ReplicaRegion"]).tagger.tag_resource(made.id, params["Tags"])
    return {
        "ReplicaKeyMetadata": made.to_dict()["KeyMetadata"],
        "ReplicaPolicy": made.policy,
        "ReplicaTags": params.get("Tags", []),
    }


@refuses("kms", "UpdatePrimaryRegion")
def impossible_primary(call: Call) -> None:
    """The request goes to the primary key, and names the Region of a replica; both are enabled."""
    key, region = own_key(call), call.params["PrimaryRegion"]
    if not key.multi_region or not is_primary(key):
        raise Refused("UnsupportedOperationException", f"{key.arn} is not a multi-Region primary key.")
    require_usable(key)
    replica = call.backend_of("kms", region).keys.get(key.id) if region != call.region else None
    if replica is None:
        raise Refused("NotFoundException", f"{key.arn} has no replica key in {region}.")
    require_usable(replica)


@answers("kms", "UpdatePrimaryRegion")
def update_primary_region(call: Call) -> dict:
    """The replica there is the primary key from now on, and this key one of its replicas."""
    key = own_key(call)
    replica = call.backend_of("kms", call.params["PrimaryRegion"]).keys[key.id]
    shared = key.multi_region_configuration
    shared["PrimaryKey"] = {"Arn": replica.arn, "Region": replica.region}
    shared["ReplicaKeys"] = [one for one in shared["ReplicaKeys"] if one["Arn"] != replica.arn]
    shared["ReplicaKeys"].append({"Arn": key.arn, "Region": key.region})
    return {}
