"""Elastic network interfaces: where they attach, how many, and when they go.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/network-interface-attachments.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instances import Instance

from ..gate import Call, Refused, corrects, refuses, replaces
from .as_answered import as_answered
from .launch_requests import instance_type, requested, subnet_of, type_facts, zone_of
from .private_addresses import add_secondaries, named_addresses, require_address, require_address_room


def require_free(interface: NetworkInterface) -> None:
    """Raise Refused for an interface that is attached."""
    if interface.attachment_id:
        raise Refused("InvalidNetworkInterface.InUse", f"Interface: [{interface.id}] in use.")


def _require_room(type_name: str, interfaces: int) -> None:
    most = type_facts(type_name).get("NetworkInfo", {}).get("MaximumNetworkInterfaces")
    if most is not None and interfaces > most:
        raise Refused("AttachmentLimitExceeded", f"Interface count {interfaces} exceeds the limit for {type_name}")


@refuses("ec2", "AttachNetworkInterface")
def not_attachable(call: Call) -> None:
    """One instance at a time, in the interface's Availability Zone, at a free index, up to the type's maximum."""
    interface = call.backend.get_network_interface(call.params["NetworkInterfaceId"])
    instance, index = call.backend.get_instance(call.params["InstanceId"]), call.params["DeviceIndex"]
    require_free(interface)
    if instance.state not in ("running", "stopped"):
        raise Refused("IncorrectState", f"Instance '{instance.id}' is not 'running' or 'stopped'.")
    if interface.availability_zone != instance.availability_zone:
        raise Refused(
            "InvalidParameterCombination",
            "You may not attach a network interface to an instance if they are not in the same availability zone",
        )
    if index in instance.nics:
        raise Refused(
            "InvalidParameterValue",
            f"Instance '{instance.id}' already has an interface attached at device index '{index}'.",
        )
    _require_room(instance.instance_type, len(instance.nics) + 1)
    require_address_room(instance.instance_type, len(interface.private_ip_addresses))


@corrects("ec2", "CreateNetworkInterface")
def pending_first(call: Call, result: Any) -> dict:
    """network_interface_available waits for it."""
    return {"NetworkInterface": as_answered(result["NetworkInterface"], status="pending")}


@refuses("ec2", "DetachNetworkInterface")
def primary_stays(call: Call) -> None:
    """The primary network interface cannot be detached."""
    for interface in call.backend.enis.values():
        if interface.attachment_id == call.params["AttachmentId"]:
            if interface.device_index == 0:
                raise Refused("OperationNotPermitted", "The network interface at device index 0 cannot be detached.")
            return
    raise Refused("InvalidAttachmentID.NotFound", f"The attachment ID '{call.params['AttachmentId']}' does not exist")


@refuses("ec2", "DeleteNetworkInterface")
def in_use(call: Call) -> None:
    """An attached interface is detached first."""
    interface = call.backend.get_network_interface(call.params["NetworkInterfaceId"])
    if interface.attachment_id:
        raise Refused("InvalidParameterValue", f"Network interface '{interface.id}' is currently in use.")


@refuses("ec2", "RunInstances")
def interfaces_of_a_launch(call: Call) -> None:
    """Interfaces of a launch: free, in one zone, as many as the type takes, with possible addresses."""
    params = requested(call)
    wanted, type_name = params.get("NetworkInterfaces", []), instance_type(params)
    subnet, zone = subnet_of(call, params), zone_of(call, params)
    _require_room(type_name, len(wanted))
    indexes = [one.get("DeviceIndex") for one in wanted]
    if wanted and (None in indexes or len(set(indexes)) < len(indexes)):
        raise Refused("InvalidParameterValue", "Each network interface requires a device index of its own.")
    if wanted and 0 not in indexes:
        raise Refused("InvalidParameterValue", "One network interface must have the device index 0.")
    if params.get("PrivateIpAddress") and subnet is not None:
        require_address(call.backend, subnet, params["PrivateIpAddress"])
    for one in wanted:
        if one.get("AssociatePublicIpAddress") is not None and len(wanted) > 1:
            raise Refused(
                "InvalidParameterCombination",
                "The associatePublicIPAddress parameter cannot be specified when launching with multiple network interfaces.",
            )
        if one.get("NetworkInterfaceId"):
            existing = call.backend.get_network_interface(one["NetworkInterfaceId"])
            require_free(existing)
            own = existing.subnet
        else:
            own = call.backend.get_subnet(one["SubnetId"]) if one.get("SubnetId") else subnet
            for address in named_addresses(one) if own is not None else []:
                require_address(call.backend, own, address)
        if own is not None and own.availability_zone != zone:
            raise Refused(
                "InvalidParameterCombination",
                "You may not attach a network interface to an instance if they are not in the same availability zone",
            )
        counted = int(one.get("SecondaryPrivateIpAddressCount") or 0)
        require_address_room(type_name, max(1, len(named_addresses(one))) + counted)


@replaces(Instance, "prep_nics")
def primary_goes_with_its_instance(
    moto: Any, instance: Instance, nic_spec: list[dict], *args: Any, **kwargs: Any
) -> None:
    """The primary interface that a launch makes is deleted at termination unless the request says otherwise."""
    moto(instance, nic_spec, *args, **kwargs)
    specs = {int(one.get("DeviceIndex") or 0): one for one in nic_spec}
    primary = specs.get(0, {})
    if not primary.get("NetworkInterfaceId") and primary.get("DeleteOnTermination") is not False:
        instance.nics[0].delete_on_termination = True
    for index, spec in specs.items():
        if not spec.get("NetworkInterfaceId"):
            add_secondaries(instance.ec2_backend, instance.nics[index], spec)


@replaces(Instance, "terminate")
def others_stay(moto: Any, instance: Instance) -> Any:
    """An interface that is kept becomes available again; moto leaves it attached to what is gone."""
    answer = moto(instance)
    for interface in instance.nics.values():
        if interface.id in instance.ec2_backend.enis and interface.instance is instance:
            interface.instance = interface.attachment_id = interface.attach_time = interface.device_index = None
            interface.status = "available"
    return answer


@replaces(Instance, "network_interfaces")
def none_after_the_end(moto: Any, instance: Instance) -> list[NetworkInterface]:
    """A terminated instance shows no interface."""
    return [] if instance.state == "terminated" else moto(instance)
