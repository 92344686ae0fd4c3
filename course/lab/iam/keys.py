"""Condition keys that depend on the action and the resource: tags, and what services add (ec2:InstanceType, s3:prefix).

Not covered: keys that no lesson needs; in a condition they are absent, as AWS has them for other actions.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from typing import Any

from ..gate import Call


def action_keys(action: str, call: Call) -> dict[str, Any]:
    """Keys from the parameters of the request, the same for all its resources."""
    params, service = call.params, action.partition(":")[0]
    keys: dict[str, Any] = {}
    tags = request_tags(params)
    for name, value in tags.items():
        keys[f"aws:RequestTag/{name}"] = value
    names = list(tags) or params.get("TagKeys") or []
    if names:
        keys["aws:TagKeys"] = list(names)
    if service == "sts":
        for key, parameter in _STS.items():
            keys[key] = params.get(parameter)
        keys["sts:TransitiveTagKeys"] = params.get("TransitiveTagKeys")
    elif service == "iam":
        keys["iam:PolicyARN"] = params.get("PolicyArn")
        keys["iam:PermissionsBoundary"] = params.get("PermissionsBoundary")
        keys["iam:AWSServiceName"] = params.get("AWSServiceName")
    elif service == "ec2":
        keys["ec2:Region"] = call.region
    elif service == "lambda":
        keys["lambda:FunctionArn"] = params.get("FunctionName") if "EventSourceMapping" in action else None
        keys["lambda:Principal"] = params.get("Principal")
    elif service == "secretsmanager":
        keys["secretsmanager:VersionStage"] = params.get("VersionStage")
    elif service == "ssm":
        keys["ssm:Recursive"] = params.get("Recursive")
        keys["ssm:Overwrite"] = params.get("Overwrite")
    elif service == "sns":
        keys["sns:Protocol"], keys["sns:Endpoint"] = params.get("Protocol"), params.get("Endpoint")
    elif service == "dynamodb":
        keys.update(_dynamodb(params, call))
    elif service == "kms":
        from ..kms.condition_keys import request_keys as of_kms

        keys.update(of_kms(call))
    return {key: value for key, value in keys.items() if value is not None}


_STS = {
    "sts:ExternalId": "ExternalId",
    "sts:RoleSessionName": "RoleSessionName",
    "sts:SourceIdentity": "SourceIdentity",
}


def request_tags(params: dict[str, Any]) -> dict[str, str]:
    """The tags that a request sets, whatever the service calls them."""
    tags: dict[str, str] = {}
    given = params.get("Tags") or params.get("tags") or []
    if isinstance(given, dict):
        tags.update(given)
        given = []
    for specification in params.get("TagSpecifications") or ():
        given = [*given, *specification.get("Tags", ())]
    for tag in given:
        name = tag.get("Key", tag.get("TagKey", tag.get("key")))
        if name is not None:
            tags[name] = tag.get("Value", tag.get("TagValue", tag.get("value", "")))
    return tags


def _dynamodb(params: dict[str, Any], call: Call) -> dict[str, Any]:
    from moto.dynamodb.models import dynamodb_backends

    table = dynamodb_backends[call.account_id][call.region].tables.get(params.get("TableName"))
    item = params.get("Key") or params.get("Item") or {}
    if table is None or table.hash_key_attr not in item:
        return {}
    return {"dynamodb:LeadingKeys": list(item[table.hash_key_attr].values())}


def resource_keys(action: str, arn: str, call: Call) -> dict[str, Any]:
    """Keys of one resource: its tags, and for EC2 its type, zone and size, of what exists or is being made."""
    service = action.partition(":")[0]
    keys: dict[str, Any] = {}
    if arn == "*":
        return keys
    find = _TAGS.get(service)
    if find:
        for name, value in find(arn, call).items():
            keys[f"aws:ResourceTag/{name}"] = value
            if service in ("ec2", "iam", "secretsmanager", "ssm"):
                keys[f"{service}:ResourceTag/{name}"] = value
    if service == "ec2":
        keys.update(_ec2(arn, call))
    elif service == "kms":
        from ..kms.condition_keys import key_by_arn, keys_of_key

        key = key_by_arn(call, arn)
        keys.update(keys_of_key(key) if key is not None else {})
    elif service == "iam" and "PermissionsBoundary" not in call.params:
        # The boundary that the user or role already has: who delegates demands that it stays.
        keys["iam:PermissionsBoundary"] = _boundary(arn)
    return {key: value for key, value in keys.items() if value is not None}


def _ec2(arn: str, call: Call) -> dict[str, Any]:
    kind, _, identifier = arn.rpartition(":")[2].partition("/")
    backend, params = call.backend_of("ec2"), call.params
    zone = params.get("Placement", {}).get("AvailabilityZone") or params.get("AvailabilityZone")
    if kind == "instance":
        if identifier == "*":
            metadata = params.get("MetadataOptions", {})
            return {
                "ec2:InstanceType": params.get("InstanceType"),
                "ec2:AvailabilityZone": zone,
                "ec2:EbsOptimized": params.get("EbsOptimized"),
                "ec2:MetadataHttpTokens": metadata.get("HttpTokens"),
                "ec2:Tenancy": params.get("Placement", {}).get("Tenancy", "default"),
                "ec2:InstanceProfile": params.get("IamInstanceProfile", {}).get("Arn"),
            }
        for instance in backend.all_instances():
            if instance.id == identifier:
                return {"ec2:InstanceType": instance.instance_type, "ec2:AvailabilityZone": instance.placement.zone}
    elif kind == "volume":
        volume = backend.volumes.get(identifier)
        if volume is not None:
            return {
                "ec2:AvailabilityZone": volume.zone.name,
                "ec2:Encrypted": volume.encrypted,
                "ec2:VolumeSize": volume.size,
                "ec2:VolumeType": volume.volume_type,
            }
        if "Size" in params or "AvailabilityZone" in params:
            return {
                "ec2:AvailabilityZone": params.get("AvailabilityZone"),
                "ec2:Encrypted": bool(params.get("Encrypted", False)),
                "ec2:VolumeSize": params.get("Size"),
                "ec2:VolumeType": params.get("VolumeType", "gp2"),
            }
    elif kind == "image" and identifier in backend.amis:
        image = backend.amis[identifier]
        return {"ec2:Owner": image.owner_id, "ec2:ImageType": "machine", "ec2:Public": image.is_public}
    return {}


def _ec2_tags(arn: str, call: Call) -> dict[str, str]:
    return dict(call.backend_of("ec2").tags.get(arn.rpartition("/")[2], {}))


def _iam_tags(arn: str, call: Call) -> dict[str, str]:
    from moto.iam.models import iam_backends

    from .caller import entity_by_arn

    account = arn.split(":")[4] if arn.count(":") >= 5 else ""
    if account not in iam_backends or "/" not in arn:
        return {}
    backend = iam_backends[account]["aws"]
    if ":role/" in arn:
        role = entity_by_arn(backend, arn)
        return _pairs(role.tags if role else ())
    return _pairs(backend.tagger.list_tags_for_resource(arn)["Tags"])


def _boundary(arn: str) -> str | None:
    from moto.iam.models import iam_backends

    from .caller import entity_by_arn

    account = arn.split(":")[4] if arn.count(":") >= 5 else ""
    if account not in iam_backends or not (":user/" in arn or ":role/" in arn):
        return None
    return getattr(entity_by_arn(iam_backends[account]["aws"], arn), "permissions_boundary_arn", None)


def _secret_tags(arn: str, call: Call) -> dict[str, str]:
    backend = call.backend_of("secretsmanager")
    return _pairs(backend.secrets[arn].tags) if arn in backend.secrets else {}


def _key_tags(arn: str, call: Call) -> dict[str, str]:
    return dict(call.backend_of("kms").tagger.get_tag_dict_for_resource(arn.rpartition("/")[2]))


def _parameter_tags(arn: str, call: Call) -> dict[str, str]:
    held = call.backend_of("ssm")._resource_tags["Parameter"]
    name = arn.partition(":parameter/")[2]
    return dict(held.get(name) or held.get(f"/{name}") or {})


def _queue_tags(arn: str, call: Call) -> dict[str, str]:
    queue = call.backend_of("sqs").queues.get(arn.rpartition(":")[2])
    return dict(queue.tags) if queue else {}


def _pairs(tags: Any) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags or ()}


_TAGS = {
    "ec2": _ec2_tags,
    "iam": _iam_tags,
    "sts": _iam_tags,
    "secretsmanager": _secret_tags,
    "sqs": _queue_tags,
    "kms": _key_tags,
    "ssm": _parameter_tags,
}
