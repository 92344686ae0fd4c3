"""Tags of EC2's resources: on what is there, with keys that are not AWS's own.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import get_service_model

from course.data import value

from ..gate import Call, Refused, refuses

# Beginning of the id -> AWS's code, and where moto keeps what has such an id.
_KINDS: dict[str, tuple[str, Any]] = {
    "i-": ("InvalidInstanceID.NotFound", lambda backend: [one.id for one in backend.all_instances()]),
    "vol-": ("InvalidVolume.NotFound", lambda backend: backend.volumes),
    "snap-": ("InvalidSnapshot.NotFound", lambda backend: backend.snapshots),
    "ami-": ("InvalidAMIID.NotFound", lambda backend: backend.amis),
    "vpc-": ("InvalidVpcID.NotFound", lambda backend: backend.vpcs),
    "eni-": ("InvalidNetworkInterfaceID.NotFound", lambda backend: backend.enis),
    "subnet-": ("InvalidSubnetID.NotFound", lambda backend: [i for zone in backend.subnets.values() for i in zone]),
}
_MODEL = get_service_model("ec2")
_TYPES = frozenset(_MODEL.shape_for("ResourceType").enum)
_LAUNCHED = frozenset({"instance", "volume", "network-interface", "spot-instances-request", "elastic-gpu"})


def _tagging() -> list[str]:
    shapes = {name: _MODEL.operation_model(name).input_shape for name in _MODEL.operation_names}
    return [name for name, shape in shapes.items() if shape is not None and "TagSpecifications" in shape.members]


@refuses("ec2", "CreateTags", *_tagging())
def reserved_key(call: Call) -> None:
    """Keys that begin with aws: are AWS's."""
    specified = [tag for one in call.params.get("TagSpecifications", []) for tag in one.get("Tags", [])]
    for tag in [*call.params.get("Tags", []), *specified]:
        if str(tag.get("Key", "")).lower().startswith("aws:"):
            message = (
                f"Value ( {tag['Key']} ) for parameter key is invalid. "
                "Tag keys starting with 'aws:' are reserved for internal use"
            )
            raise Refused("InvalidParameterValue", message)


@refuses("ec2", "CreateTags", *_tagging())
def too_long(call: Call) -> None:
    """A key has at most 128 characters, a value 256."""
    specified = [tag for one in call.params.get("TagSpecifications", []) for tag in one.get("Tags", [])]
    for tag in [*call.params.get("Tags", []), *specified]:
        for what, name in (("key", "Key"), ("value", "Value")):
            most = value(f"ec2.tags.longest_{what}")
            if len(str(tag.get(name) or "")) > most:
                raise Refused("InvalidParameterValue", f"Tag {what} exceeds the maximum length of {most} characters")


@refuses("ec2", *_tagging())
def untaggable(call: Call) -> None:
    """Each resource type is one of EC2's; a launch tags what it makes."""
    known = _LAUNCHED if call.operation == "RunInstances" else _TYPES
    for one in call.params.get("TagSpecifications", []):
        kind = one.get("ResourceType")
        if kind and kind not in known:
            message = f"'{kind}' is not a valid taggable resource type for this operation."
            raise Refused("InvalidParameterValue", message)


@refuses("ec2", "CreateTags")
def nothing_to_tag(call: Call) -> None:
    """Each resource must be there; kinds that are not listed here are let pass."""
    for resource in call.params["Resources"]:
        for start, (code, held) in _KINDS.items():
            if resource.startswith(start) and resource not in held(call.backend):
                raise Refused(code, f"The ID '{resource}' does not exist")
