"""What a launch asks for: the request laid over its launch template, its Availability Zone, its number of instances.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.models.instances import Instance, InstanceBackend
from moto.ec2.responses.instances import InstanceResponse

from ..gate import Call, Refused, refuses, replaces

_GRANTS: dict[str, Any] = {}


def requested(call: Call) -> dict[str, Any]:
    """The parameters of a RunInstances call; what the request does not say comes from its launch template."""
    params = call.params
    if not params.get("LaunchTemplate"):
        return params
    template = call.backend._get_template_from_args(params["LaunchTemplate"])
    return {**template.data, **params}


def instance_type(params: dict[str, Any]) -> str:
    """The type that is launched; m1.small is the API's own default."""
    return params.get("InstanceType") or "m1.small"


def type_facts(name: str) -> dict[str, Any]:
    """What DescribeInstanceTypes says of a type; empty for an unknown one, which moto refuses."""
    return INSTANCE_TYPES.get(name, {})


def subnet_of(call: Call, params: dict[str, Any]) -> Any:
    """The subnet of the primary network interface; None where the default subnet of the zone is taken."""
    for wanted in params.get("NetworkInterfaces", []):
        if wanted.get("DeviceIndex", 0) == 0:
            if wanted.get("NetworkInterfaceId"):
                return call.backend.get_network_interface(wanted["NetworkInterfaceId"]).subnet
            if wanted.get("SubnetId"):
                return call.backend.get_subnet(wanted["SubnetId"])
    return call.backend.get_subnet(params["SubnetId"]) if params.get("SubnetId") else None


def zone_of(call: Call, params: dict[str, Any]) -> str:
    """The Availability Zone of a launch: its subnet's, or the one asked for, or the Region's first."""
    subnet = subnet_of(call, params)
    if subnet is not None:
        return subnet.availability_zone
    return params.get("Placement", {}).get("AvailabilityZone") or f"{call.region}a"


@refuses("ec2", "RunInstances")
def impossible_count(call: Call) -> None:
    """At least one instance, and no fewer at most than at least. The rules that follow may grant fewer than MaxCount."""
    least, most = call.params["MinCount"], call.params["MaxCount"]
    for name, number in (("minCount", least), ("maxCount", most)):
        if number < 1:
            raise Refused(
                "InvalidParameterValue",
                f"Value ({number}) for parameter {name} is invalid. The minimum value is 1.",
            )
    if least > most:
        raise Refused(
            "InvalidParameterValue",
            f"Value ({least}) for parameter minCount is invalid. Expected a value less than or equal to maxCount ({most}).",
        )
    _GRANTS["count"] = most


def grant(most: int) -> None:
    """Say that the launch has room for no more than `most` instances; the smallest grant counts."""
    _GRANTS["count"] = min(_GRANTS["count"], most)


@replaces(InstanceResponse, "run_instances")
def as_many_as_possible(moto: Any, response: InstanceResponse) -> Any:
    """AWS launches MaxCount instances, or as many as there is room for down to MinCount; moto MinCount."""
    read, count = response._get_param, _GRANTS.pop("count", None)
    if count is not None:
        response._get_param = lambda name, *args, **kwargs: count if name == "MinCount" else read(name, *args, **kwargs)
    return moto(response)


@replaces(InstanceBackend, "run_instances")
def in_the_interfaces_zone(moto: Any, backend: InstanceBackend, *args: Any, **kwargs: Any) -> Any:
    """An existing network interface decides the zone, and what its groups are, the instance shows."""
    for wanted in kwargs.get("nics") or []:
        if int(wanted.get("DeviceIndex") or 0) == 0 and wanted.get("NetworkInterfaceId"):
            kwargs["placement"] = backend.get_network_interface(wanted["NetworkInterfaceId"]).subnet.availability_zone
    _name_the_subnet(backend, kwargs)
    reservation = moto(backend, *args, **kwargs)
    for instance in reservation.instances:
        instance.security_groups = list(instance.nics[0]._group_set)
    return reservation


def _name_the_subnet(backend: Any, launch: dict[str, Any]) -> None:
    """Without a subnet it is the zone's default one, and the subnet says whether there is a public address.

    moto takes such an instance for one of EC2-Classic, with a private address that belongs to no subnet.
    """
    interfaces = launch.get("nics") or []
    if not launch.get("subnet_id") and not any("SubnetId" in one or "NetworkInterfaceId" in one for one in interfaces):
        zone = launch.get("placement") or f"{backend.region_name}a"
        default = backend.get_default_subnets().get(zone)
        if default is not None:
            launch["subnet_id"] = default.id
    launch.setdefault("associate_public_ip", None)


def living(backend: Any) -> list[Instance]:
    """The instances that hold their place: pending, running, stopping or stopped."""
    return [one for one in backend.all_instances() if one.state not in ("shutting-down", "terminated")]
