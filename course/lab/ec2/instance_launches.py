"""Launching instances: image, type, zone, tenancy, user data, instance profile, metadata options. What AWS refuses.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from moto.backends import get_backend
from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS
from moto.ec2.models.instances import InstanceBackend

from course.data import value

from ..gate import Call, Refused, corrects, refuses, replaces
from .launch_requests import instance_type, requested, subnet_of, type_facts, zone_of

_BY_PARAMETER = "resolve:ssm:"
_METADATA = {
    "HttpTokens": ("optional", "required"),
    "HttpEndpoint": ("enabled", "disabled"),
    "HttpProtocolIpv6": ("enabled", "disabled"),
    "InstanceMetadataTags": ("enabled", "disabled"),
}


def require_user_data(given: Any) -> None:
    """Raise Refused for user data of more than 16 KB before it was encoded, or that is no base64.

    `given` is base64 text, or the raw bytes where the API's model says blob and the gate has decoded it.
    """
    try:
        raw = given if isinstance(given, bytes) else base64.b64decode(str(given or ""))
    except (binascii.Error, ValueError):
        raise Refused("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.") from None
    most = value("ec2.user_data.max_size")
    if len(raw) > most:
        raise Refused("InvalidParameterValue", f"User data is limited to {most} bytes")


def require_architecture(backend: Any, image_id: str, type_name: str, code: str = "InvalidParameterValue") -> None:
    """Raise Refused for a type that cannot boot the image."""
    ami = backend.amis.get(image_id)
    supported = type_facts(type_name).get("ProcessorInfo", {}).get("SupportedArchitectures", [])
    if ami is not None and supported and ami.architecture not in supported:
        raise Refused(
            code,
            f"The architecture '{','.join(supported)}' of the specified instance type does not match the architecture "
            f"'{ami.architecture}' of the specified AMI. Specify an instance type and an AMI that have matching "
            "architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover the "
            "architecture of the instance type or AMI.",
        )


def offered_zones(region: str, type_name: str) -> list[str] | None:
    """The Availability Zones of a Region that offer the type; None where no table says so."""
    offerings = INSTANCE_TYPE_OFFERINGS["availability-zone"].get(region)
    if not offerings:
        return None
    return sorted(one["Location"] for one in offerings if one["InstanceType"] == type_name)


def image_by_parameter(call: Call, name: str) -> str:
    """The image that a parameter names: resolve:ssm:/aws/service/ami-amazon-linux-latest/..."""
    name = name.removeprefix(_BY_PARAMETER)
    found = call.backend_of("ssm").get_parameters([name])
    if name not in found:
        raise Refused("InvalidAMIID.NotFound", f"The parameter '{name}' does not exist or names no image.")
    return found[name].value


@refuses("ec2", "RunInstances")
def impossible_image(call: Call) -> None:
    """An image of this Region, and a type that exists, is offered in the zone and boots the image."""
    params = requested(call)
    image, type_name = params.get("ImageId"), instance_type(params)
    if image and image.startswith(_BY_PARAMETER):
        image = image_by_parameter(call, image)
        call.params["ImageId"] = image
    if not image:
        raise Refused("MissingParameter", "The request must contain the parameter ImageId")
    if not image.startswith("ami-"):
        raise Refused("InvalidAMIID.Malformed", f'Invalid id: "{image}" (expecting "ami-...")')
    if image not in call.backend.amis:
        raise Refused("InvalidAMIID.NotFound", f"The image id '[{image}]' does not exist")
    zones = offered_zones(call.region, type_name)
    if not type_facts(type_name) and not zones:
        raise Refused("InvalidParameterValue", f"Invalid value '{type_name}' for InstanceType.")
    require_architecture(call.backend, image, type_name)
    zone = zone_of(call, params)
    if zone not in [one.name for one in call.backend.describe_availability_zones()]:
        raise Refused("InvalidParameterValue", f"Invalid availability zone: [{zone}]")
    if zones is not None and zone not in zones:
        raise Refused(
            "Unsupported",
            f"Your requested instance type ({type_name}) is not supported in your requested Availability Zone ({zone}). "
            f"Please retry your request by not specifying an Availability Zone or choosing {', '.join(zones) or 'none'}.",
        )


@refuses("ec2", "RunInstances")
def zone_of_the_subnet(call: Call) -> None:
    """A zone beside a subnet must be the subnet's."""
    params = requested(call)
    subnet, zone = subnet_of(call, params), params.get("Placement", {}).get("AvailabilityZone")
    if subnet is not None and zone and subnet.availability_zone != zone:
        raise Refused(
            "InvalidParameterValue",
            f"The subnet '{subnet.id}' is in {subnet.availability_zone}, not in the Availability Zone {zone}.",
        )


@refuses("ec2", "RunInstances")
def impossible_settings(call: Call) -> None:
    """User data, tenancy, shutdown behaviour and metadata options have limits."""
    params = requested(call)
    require_user_data(params.get("UserData"))
    tenancy = params.get("Placement", {}).get("Tenancy")
    if tenancy is not None and tenancy not in value("ec2.tenancy.known"):
        raise Refused(
            "InvalidParameterValue",
            f"Value ({tenancy}) for parameter tenancy is invalid. Valid values are: {', '.join(value('ec2.tenancy.known'))}.",
        )
    behaviour = params.get("InstanceInitiatedShutdownBehavior")
    if behaviour not in (None, "stop", "terminate"):
        raise Refused(
            "InvalidParameterValue",
            f"Value ({behaviour}) for parameter instanceInitiatedShutdownBehavior is invalid. Valid values are: stop, terminate.",
        )
    require_metadata_options(params.get("MetadataOptions", {}))


def require_metadata_options(options: dict[str, Any]) -> None:
    """Raise Refused for values the instance metadata service does not have."""
    for name, known in _METADATA.items():
        if options.get(name) not in (None, *known):
            raise Refused(
                "InvalidParameterValue",
                f"Value ({options[name]}) for parameter {name} is invalid. Valid values are: {', '.join(known)}.",
            )
    hops, most = options.get("HttpPutResponseHopLimit"), value("ec2.metadata.max_hop_limit")
    if hops is not None and not 1 <= int(hops) <= most:
        raise Refused(
            "InvalidParameterValue",
            f"Value ({hops}) for parameter HttpPutResponseHopLimit is invalid. Valid values are 1 to {most}.",
        )


@refuses("ec2", "ModifyInstanceMetadataOptions")
def impossible_metadata_options(call: Call) -> None:
    """The same for an instance that is there, running or stopped."""
    instance = call.backend.get_instance(call.params["InstanceId"])
    require_metadata_options(call.params)
    if instance.state not in ("running", "stopped", "pending"):
        raise Refused(
            "IncorrectInstanceState", f"The instance '{instance.id}' is not in the 'running' or 'stopped' state."
        )


@replaces(InstanceBackend, "modify_instance_metadata_options")
def others_stay(moto: Any, backend: InstanceBackend, instance_id: str, **wanted: Any) -> Any:
    """What a call does not name stays as it was; moto sets it back to nothing."""
    now = backend.get_instance(instance_id).metadata_options
    names = {
        "http_tokens": now.http_tokens,
        "hop_limit": now.http_put_response_hop_limit,
        "http_endpoint": now.http_endpoint,
        "http_protocol": now.http_protocol_ipv6,
        "metadata_tags": now.instance_metadata_tags,
    }
    kept = {name: old for name, old in names.items() if wanted.get(name) is None}
    return moto(backend, instance_id, **{**wanted, **kept})


@refuses("ec2", "RunInstances")
def unknown_instance_profile(call: Call) -> None:
    """An instance profile, which is not the role of the same name, must exist."""
    named = requested(call).get("IamInstanceProfile") or {}
    if not named:
        return
    profiles = call.backend_of("iam", "aws").instance_profiles.values()
    for field, attribute in (("Name", "name"), ("Arn", "arn")):
        wanted = named.get(field)
        if wanted and not any(getattr(one, attribute) == wanted for one in profiles):
            raise Refused(
                "InvalidParameterValue",
                f"Value ({wanted}) for parameter iamInstanceProfile.{field.lower()} is invalid. "
                f"Invalid IAM Instance Profile {'ARN' if field == 'Arn' else 'name'}",
            )


@replaces(InstanceBackend, "run_instances")
def named_by_parameter(moto: Any, backend: InstanceBackend, image_id: str, *args: Any, **kwargs: Any) -> Any:
    """moto sees the name of the parameter, which the rules have looked up."""
    if image_id and image_id.startswith(_BY_PARAMETER):
        name = image_id.removeprefix(_BY_PARAMETER)
        found = get_backend("ssm")[backend.account_id][backend.region_name].get_parameters([name])
        image_id = found[name].value
    return moto(backend, image_id, *args, **kwargs)


@corrects("ec2", "ReplaceIamInstanceProfileAssociation")
def profile_of_the_instance(call: Call, result: Any) -> None:
    """moto changes the association, and the instance goes on showing the old profile."""
    for association in call.backend.iam_instance_profile_associations.values():
        profile = association.iam_instance_profile
        association.instance.iam_instance_profile = {"Arn": profile.arn, "Id": profile.id}


@corrects("ec2", "RunInstances")
def tokens_of_the_image(call: Call, reservation: Any) -> None:
    """Amazon Linux 2023 asks for IMDSv2 unless the launch says otherwise.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
    """
    given = requested(call).get("MetadataOptions", {})
    for instance in reservation.instances:
        ami = call.backend.amis.get(instance.image_id)
        if ami is not None and ami.name.startswith("al2023-ami-"):
            options = instance.metadata_options
            if "HttpTokens" not in given:
                options.http_tokens = "required"
            if "HttpPutResponseHopLimit" not in given:
                options.http_put_response_hop_limit = value("ec2.metadata.hop_limit_of_imds_v2_images")


@corrects("ec2", "RunInstances")
def all_of_the_launch(call: Call, reservation: Any) -> None:
    """moto gives the instance profile only to the first instance of a launch, and forgets the tenancy."""
    params = requested(call)
    named, placement = params.get("IamInstanceProfile") or {}, params.get("Placement", {})
    for instance in reservation.instances:
        if named and instance.id not in call.backend.iam_instance_profile_associations:
            call.backend.associate_iam_instance_profile(
                instance_id=instance.id,
                iam_instance_profile_name=named.get("Name"),
                iam_instance_profile_arn=named.get("Arn"),
            )
        instance.placement.tenancy = placement.get("Tenancy") or ("host" if placement.get("HostId") else "default")
        for name, attribute in (
            ("DisableApiTermination", "disable_api_termination"),
            ("DisableApiStop", "disable_api_stop"),
        ):
            setattr(instance, attribute, params.get(name) is True)
