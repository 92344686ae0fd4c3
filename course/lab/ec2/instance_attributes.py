"""Changing an instance after its launch: what it must be stopped for, and what it takes.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-resize.html
"""

from __future__ import annotations

import base64
from typing import Any

from moto.core.types import Base64EncodedString
from moto.ec2.responses.instances import InstanceResponse

from ..gate import Call, Refused, corrects, refuses, replaces
from .instance_launches import offered_zones, require_architecture, require_user_data
from .launch_requests import type_facts

_NAMES = {
    name[0].lower() + name[1:]: name
    for name in (
        "InstanceType",
        "Kernel",
        "Ramdisk",
        "UserData",
        "DisableApiTermination",
        "DisableApiStop",
        "InstanceInitiatedShutdownBehavior",
        "SourceDestCheck",
        "EbsOptimized",
        "EnaSupport",
        "SriovNetSupport",
    )
}
_STOPPED = ("InstanceType", "Kernel", "Ramdisk", "UserData", "EbsOptimized", "EnaSupport", "SriovNetSupport")


def changes_of(params: dict[str, Any]) -> dict[str, Any]:
    """The new values by attribute, in whichever of the API's two ways they were given."""
    found = {name: params[name].get("Value") for name in _NAMES.values() if params.get(name) is not None}
    if params.get("Attribute") in _NAMES and params.get("Value") is not None:
        found[_NAMES[params["Attribute"]]] = params["Value"]
    return found


@refuses("ec2", "ModifyInstanceAttribute")
def impossible_change(call: Call) -> None:
    """One attribute a call; type, user data and a few others only of a stopped instance."""
    instance, changes = call.backend.get_instance(call.params["InstanceId"]), changes_of(call.params)
    groups = ["Groups"] if call.params.get("Groups") else []
    if len(changes) + len(groups) > 1:
        raise Refused(
            "InvalidParameterCombination",
            f"Fields for multiple attribute types specified: {', '.join([*changes, *groups])}",
        )
    if instance.state in ("shutting-down", "terminated"):
        raise Refused(
            "IncorrectInstanceState", f"The instance '{instance.id}' is not in a state in which it can be changed."
        )
    for name in changes:
        if name in _STOPPED and instance.state != "stopped":
            raise Refused("IncorrectInstanceState", f"The instance '{instance.id}' is not in the 'stopped' state.")


@refuses("ec2", "ModifyInstanceAttribute")
def impossible_value(call: Call) -> None:
    """A type that boots the image where the instance is, user data of at most 16 KB, a known shutdown behaviour."""
    instance, changes = call.backend.get_instance(call.params["InstanceId"]), changes_of(call.params)
    if "UserData" in changes:
        require_user_data(changes["UserData"])
    if "InstanceType" in changes:
        _require_type(call, instance, changes["InstanceType"])
    if changes.get("InstanceInitiatedShutdownBehavior") not in (None, "stop", "terminate"):
        raise Refused(
            "InvalidInstanceAttributeValue",
            f"Value ({changes['InstanceInitiatedShutdownBehavior']}) for parameter instanceInitiatedShutdownBehavior is "
            "invalid. Valid values are: stop, terminate.",
        )
    if "DisableApiTermination" in changes and instance.lifecycle == "spot":
        raise Refused("UnsupportedOperation", f"The Spot Instance '{instance.id}' has no termination protection.")


def _require_type(call: Call, instance: Any, type_name: str) -> None:
    zones = offered_zones(call.region, type_name)
    if not type_facts(type_name) and not zones:
        raise Refused("InvalidInstanceAttributeValue", f"Invalid value '{type_name}' for InstanceType.")
    require_architecture(call.backend, instance.image_id, type_name, "InvalidInstanceAttributeValue")
    if zones is not None and instance.availability_zone not in zones:
        raise Refused(
            "Unsupported",
            f"Your requested instance type ({type_name}) is not supported in your requested Availability Zone "
            f"({instance.availability_zone}). Please retry your request by choosing {', '.join(zones) or 'another type'}.",
        )
    if (instance.hibernation_options or {}).get("Configured") and type_name != instance.instance_type:
        raise Refused(
            "UnsupportedOperation", f"The type of '{instance.id}' cannot change: it is configured for hibernation."
        )
    most = type_facts(type_name).get("NetworkInfo", {}).get("MaximumNetworkInterfaces")
    if most is not None and len(instance.nics) > most:
        raise Refused(
            "AttachmentLimitExceeded", f"Interface count {len(instance.nics)} exceeds the limit for {type_name}"
        )


@corrects("ec2", "ModifyInstanceAttribute")
def true_and_false(call: Call, result: Any) -> None:
    """Given as Attribute and Value, moto keeps the text "true", which protects nothing."""
    instance = call.backend.get_instance(call.params["InstanceId"])
    for name in ("disable_api_termination", "disable_api_stop", "source_dest_check", "ebs_optimized"):
        if isinstance(getattr(instance, name), str):
            setattr(instance, name, getattr(instance, name).lower() == "true")


@replaces(InstanceResponse, "_dot_value_instance_attribute_handler")
def user_data_as_it_came(moto: Any, response: InstanceResponse) -> bool:
    """boto3 encodes new user data once; moto expects it twice."""
    raw = response._get_param("UserData.Value")
    if not isinstance(raw, bytes):
        return moto(response)
    instance = response.ec2_backend.get_instance(response._get_param("InstanceId"))
    instance.user_data = Base64EncodedString.from_encoded_bytes(base64.b64encode(raw)) if raw else None
    return True


@replaces(InstanceResponse, "_security_grp_instance_attribute_handler")
def only_where_groups_are_given(moto: Any, response: InstanceResponse) -> bool:
    """moto takes an attribute it does not know for an empty list of groups."""
    if response._get_param("Groups"):
        return moto(response)
    instance = response.ec2_backend.get_instance(response._get_param("InstanceId"))
    behaviour = response._get_param("InstanceInitiatedShutdownBehavior.Value")
    if behaviour:
        instance.instance_initiated_shutdown_behavior = behaviour
    return bool(behaviour)
