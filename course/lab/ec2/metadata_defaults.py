"""The account's own defaults for instance metadata options in a Region.

A launch that says nothing takes them, then those of its image.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html
"""

from __future__ import annotations

from typing import Any

from ..gate import Call, answers, corrects
from .instance_launches import require_metadata_options
from .launch_requests import requested

_NAMES = ("HttpTokens", "HttpPutResponseHopLimit", "HttpEndpoint", "InstanceMetadataTags")


def _kept(backend: Any) -> dict[str, Any]:
    return backend.__dict__.setdefault("metadata_defaults", {})


@answers("ec2", "ModifyInstanceMetadataDefaults")
def modify(call: Call) -> dict:
    """no-preference, and a hop limit of -1, take a default away again."""
    wanted = {name: call.params[name] for name in _NAMES if call.params.get(name) is not None}
    gone = {name for name, one in wanted.items() if one in ("no-preference", -1)}
    require_metadata_options({name: one for name, one in wanted.items() if name not in gone})
    kept = _kept(call.backend)
    for name, one in wanted.items():
        kept.pop(name, None) if name in gone else kept.update({name: one})
    return {"Return": True}


@answers("ec2", "GetInstanceMetadataDefaults")
def get(call: Call) -> dict:
    """Only what was set."""
    return {"AccountLevel": dict(_kept(call.backend))}


@corrects("ec2", "RunInstances")
def defaults_of_the_account(call: Call, reservation: Any) -> None:
    """They stand between the launch and the image."""
    given, kept = requested(call).get("MetadataOptions") or {}, _kept(call.backend)
    attributes = ("http_tokens", "http_put_response_hop_limit", "http_endpoint", "instance_metadata_tags")
    for name, attribute in zip(_NAMES, attributes, strict=True):
        for instance in reservation.instances if name in kept and name not in given else ():
            setattr(instance.metadata_options, attribute, kept[name])
