"""Dedicated Hosts: where they are allocated, which instances they take, when they can be released.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-hosts-overview.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.hosts import Host

from ..gate import Call, Refused, answers, corrects, refuses
from .instance_launches import offered_zones
from .launch_requests import instance_type, living, requested, type_facts, zone_of


def _zone_name(call: Call) -> str:
    name, zone_id = call.params.get("AvailabilityZone"), call.params.get("AvailabilityZoneId")
    if not name and not zone_id:
        raise Refused("MissingParameter", "The request must contain the parameter availabilityZone")
    for zone in call.backend.describe_availability_zones():
        if name == zone.name or zone_id == zone.zone_id:
            return zone.name
    raise Refused("InvalidParameterValue", f"Invalid availability zone: [{name or zone_id}]")


@refuses("ec2", "AllocateHosts")
def impossible_host(call: Call) -> None:
    """A host stands in a zone, for one instance type or one family that Dedicated Hosts support."""
    params, zone = call.params, _zone_name(call)
    type_name, family = params.get("InstanceType"), params.get("InstanceFamily")
    if bool(type_name) == bool(family):
        raise Refused(
            "InvalidParameterCombination" if type_name else "MissingParameter",
            "The request must contain either instanceType or instanceFamily, and not both",
        )
    if params.get("Quantity", 1) < 1:
        raise Refused("InvalidParameterValue", f"Value ({params['Quantity']}) for parameter quantity is invalid.")
    for parameter in ("AutoPlacement", "HostRecovery", "HostMaintenance"):
        if params.get(parameter) not in (None, "on", "off"):
            raise Refused(
                "InvalidParameterValue", f"Value ({params[parameter]}) for parameter {parameter} is invalid: on or off."
            )
    if type_name and not type_facts(type_name):
        raise Refused("InvalidParameterValue", f"Invalid value '{type_name}' for InstanceType.")
    if type_name and not type_facts(type_name).get("DedicatedHostsSupported"):
        raise Refused("UnsupportedHostConfiguration", f"Dedicated Hosts do not support the instance type {type_name}.")
    if type_name and zone not in (offered_zones(call.region, type_name) or [zone]):
        raise Refused("Unsupported", f"The instance type {type_name} is not supported in {zone}.")


def _existing(call: Call, host_id: str) -> Host:
    host = call.backend.hosts.get(host_id)
    if host is None:
        raise Refused("InvalidHostID.NotFound", f"The host ID '{host_id}' does not exist")
    return host


def occupied(backend: Any, host: Host) -> list[Any]:
    """The instances that live on the host."""
    return [one for one in living(backend) if one.placement.host_id == host.id]


def _takes(host: Host, type_name: str, zone: str) -> bool:
    return (
        host.state == "available"
        and host.zone == zone
        and (host.instance_type == type_name or host.instance_family == type_name.partition(".")[0])
    )


def _host_for(call: Call, params: dict[str, Any]) -> Host | None:
    placement, zone, type_name = params.get("Placement", {}), zone_of(call, params), instance_type(params)
    if placement.get("HostId"):
        return _existing(call, placement["HostId"])
    for host in call.backend.hosts.values():
        if placement.get("Tenancy") == "host" and host.auto_placement == "on" and _takes(host, type_name, zone):
            return host
    return None


@refuses("ec2", "RunInstances")
def no_host(call: Call) -> None:
    """Host tenancy needs an own host in the zone for the type; a host that is named needs host tenancy."""
    params = requested(call)
    placement, zone, type_name = params.get("Placement", {}), zone_of(call, params), instance_type(params)
    wanted, tenancy = placement.get("HostId"), placement.get("Tenancy")
    if wanted and tenancy not in (None, "host"):
        raise Refused("InvalidParameterCombination", f"A hostId requires the tenancy host, not {tenancy}.")
    if not wanted and tenancy != "host":
        return
    host = _host_for(call, params)
    if host is None or not _takes(host, type_name, zone):
        raise Refused(
            "InvalidHostConfiguration" if host is not None else "InsufficientHostCapacity",
            f"{wanted or 'No Dedicated Host with auto-placement'} takes {type_name} in {zone}."
            if host is None
            else f"The host '{host.id}' is {host.state}, for {host.instance_type or host.instance_family} in {host.zone}; "
            f"it does not take {type_name} in {zone}.",
        )


@corrects("ec2", "RunInstances")
def on_its_host(call: Call, reservation: Any) -> None:
    """Instances with host tenancy show their host."""
    params = requested(call)
    if params.get("Placement", {}).get("HostId") or params.get("Placement", {}).get("Tenancy") == "host":
        host = _host_for(call, params)
        for instance in reservation.instances:
            instance.placement.tenancy, instance.placement.host_id = "host", host.id


@refuses("ec2", "ModifyHosts", "DescribeHosts")
def unknown_host(call: Call) -> None:
    """The hosts must be there."""
    for host_id in call.params.get("HostIds", []):
        _existing(call, host_id)


@corrects("ec2", "DescribeHosts")
def what_runs_there(call: Call, result: Any) -> None:
    """A host shows its instances."""
    for host in result["Hosts"]:
        host.instances = [
            {"InstanceId": one.id, "InstanceType": one.instance_type, "OwnerId": call.account_id}
            for one in occupied(call.backend, host)
        ]


@answers("ec2", "ReleaseHosts")
def release(call: Call) -> dict:
    """A host with instances on it stays, and so does one that is not there: each is reported."""
    done, failed = [], []
    for host_id in call.params["HostIds"]:
        host = call.backend.hosts.get(host_id)
        if host is None:
            code, message = "Client.InvalidHost.NotFound", f"The host ID '{host_id}' does not exist"
        elif occupied(call.backend, host):
            code, message = (
                "Client.InvalidHost.Occupied",
                f"Dedicated host '{host_id}' cannot be released as it is occupied",
            )
        else:
            host.release()
            done.append(host_id)
            continue
        failed.append({"ResourceId": host_id, "Error": {"Code": code, "Message": message}})
    return {"Successful": done, "Unsuccessful": failed}
