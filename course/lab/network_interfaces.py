"""Elastic network interfaces: where they attach, how many, with which private addresses, and when they go.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/network-interface-attachments.html
"""

from __future__ import annotations

import ipaddress
from typing import Any

from moto.ec2.models.elastic_network_interfaces import NetworkInterface, NetworkInterfaceBackend
from moto.ec2.models.instances import Instance

from course.data import value

from .gate import Call, Refused, corrects, refuses, replaces
from .launch_requests import instance_type, requested, subnet_of, type_facts, zone_of


def require_address(backend: Any, subnet: Any, address: str, besides: NetworkInterface | None = None) -> None:
    """Raise Refused unless the private IPv4 address lies in the subnet, is not AWS's own, and is free."""
    network = ipaddress.ip_network(subnet.cidr_block)
    try:
        wanted = ipaddress.IPv4Address(address)
    except ValueError:
        raise Refused("InvalidParameterValue", f"invalid value for parameter address: {address}") from None
    if wanted not in network:
        raise Refused("InvalidParameterValue", f"Address {address} does not fall within the subnet's address range")
    place = int(wanted) - int(network.network_address)
    first, last = value("ec2.subnets.reserved_first"), value("ec2.subnets.reserved_last")
    if place < first or place >= network.num_addresses - last:
        raise Refused("InvalidParameterValue", f"Address {address} is in subnet's reserved address range")
    if any(other is not besides for other in _holders(backend, subnet, address)):
        raise Refused("InvalidIPAddress.InUse", f"Address {address} is in use.")


def _holders(backend: Any, subnet: Any, address: str) -> list[NetworkInterface]:
    return [
        eni
        for eni in backend.enis.values()
        if eni.subnet.id == subnet.id and address in [one.get("PrivateIpAddress") for one in eni.private_ip_addresses]
    ]


def require_free(interface: NetworkInterface) -> None:
    """Raise Refused for an interface that is attached."""
    if interface.attachment_id:
        raise Refused("InvalidNetworkInterface.InUse", f"Interface: [{interface.id}] in use.")


def _require_room(type_name: str, interfaces: int) -> None:
    most = type_facts(type_name).get("NetworkInfo", {}).get("MaximumNetworkInterfaces")
    if most is not None and interfaces > most:
        raise Refused("AttachmentLimitExceeded", f"Interface count {interfaces} exceeds the limit for {type_name}")


def _require_address_room(type_name: str, addresses: int) -> None:
    most = type_facts(type_name).get("NetworkInfo", {}).get("Ipv4AddressesPerInterface")
    if most is not None and addresses > most:
        raise Refused(
            "PrivateIpAddressLimitExceeded",
            f"Number of private addresses will exceed limit: {addresses} of {most} for {type_name}.",
        )


def _named_addresses(wanted: dict[str, Any]) -> list[str]:
    listed = [one["PrivateIpAddress"] for one in wanted.get("PrivateIpAddresses", []) if one.get("PrivateIpAddress")]
    single = wanted.get("PrivateIpAddress")
    return [*([single] if single and single not in listed else []), *listed]


@refuses("ec2", "CreateNetworkInterface")
def impossible_addresses(call: Call) -> None:
    """The private addresses of an interface are its subnet's, free, and one of them is primary."""
    subnet, params = call.backend.get_subnet(call.params["SubnetId"]), call.params
    if params.get("SecondaryPrivateIpAddressCount") and params.get("PrivateIpAddresses"):
        raise Refused(
            "InvalidParameterCombination",
            "The parameter privateIpAddresses cannot be used with the parameter secondaryPrivateIpAddressCount",
        )
    if sum(bool(one.get("Primary")) for one in params.get("PrivateIpAddresses", [])) > 1:
        raise Refused("InvalidParameterCombination", "Only one primary private IP address can be specified")
    for address in _named_addresses(params):
        require_address(call.backend, subnet, address)


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
    _require_address_room(instance.instance_type, len(interface.private_ip_addresses))


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


@refuses("ec2", "AssignPrivateIpAddresses")
def not_assignable(call: Call) -> None:
    """Secondary addresses are the subnet's, free unless AllowReassignment, and as many as the type takes."""
    params = call.params
    interface = call.backend.get_network_interface(params["NetworkInterfaceId"])
    named, count = params.get("PrivateIpAddresses", []), params.get("SecondaryPrivateIpAddressCount", 0)
    if named and count:
        raise Refused(
            "InvalidParameterCombination",
            "The parameter privateIpAddresses cannot be used with the parameter secondaryPrivateIpAddressCount",
        )
    own = [one["PrivateIpAddress"] for one in interface.private_ip_addresses]
    for address in named:
        if address in own:
            continue
        holders = _holders(call.backend, interface.subnet, address)
        if holders and params.get("AllowReassignment") and holders[0].private_ip_address == address:
            raise Refused(
                "InvalidParameterValue", f"Address {address} is the primary address of interface {holders[0].id}."
            )
        require_address(
            call.backend, interface.subnet, address, holders[0] if holders and params.get("AllowReassignment") else None
        )
    if interface.instance is not None:
        more = len(set(named) - set(own)) + count
        _require_address_room(interface.instance.instance_type, len(own) + more)


@corrects("ec2", "AssignPrivateIpAddresses")
def leaves_the_other(call: Call, result: dict) -> dict:
    """A reassigned address leaves the interface that had it; the answer lists only what was assigned now."""
    interface = call.backend.get_network_interface(call.params["NetworkInterfaceId"])
    named = call.params.get("PrivateIpAddresses", [])
    for address in named:
        for other in _holders(call.backend, interface.subnet, address):
            if other is not interface:
                other.private_ip_addresses = [
                    one for one in other.private_ip_addresses if one["PrivateIpAddress"] != address
                ]
    count = call.params.get("SecondaryPrivateIpAddressCount", 0)
    new = named or [one["PrivateIpAddress"] for one in interface.private_ip_addresses][-count or None :]
    return {
        "NetworkInterfaceId": interface.id,
        "AssignedPrivateIpAddresses": [{"PrivateIpAddress": address} for address in new],
    }


@refuses("ec2", "UnassignPrivateIpAddresses")
def not_unassignable(call: Call) -> None:
    """The primary address stays; another interface's address is not this one's to give up."""
    interface = call.backend.get_network_interface(call.params["NetworkInterfaceId"])
    own = [one["PrivateIpAddress"] for one in interface.private_ip_addresses]
    for address in call.params.get("PrivateIpAddresses", []):
        if address == interface.private_ip_address:
            raise Refused(
                "InvalidParameterValue", f"Address {address} is the primary address of interface {interface.id}."
            )
        if address not in own:
            raise Refused(
                "InvalidParameterValue",
                f"Some of the specified addresses are not assigned to interface {interface.id}: {address}",
            )


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
            for address in _named_addresses(one) if own is not None else []:
                require_address(call.backend, own, address)
        if own is not None and own.availability_zone != zone:
            raise Refused(
                "InvalidParameterCombination",
                "You may not attach a network interface to an instance if they are not in the same availability zone",
            )
        counted = int(one.get("SecondaryPrivateIpAddressCount") or 0)
        _require_address_room(type_name, max(1, len(_named_addresses(one))) + counted)


@replaces(NetworkInterfaceBackend, "create_network_interface")
def free_address(moto: Any, backend: Any, subnet: Any, private_ip_address: Any, *args: Any, **kwargs: Any) -> Any:
    """moto draws any address of the subnet, AWS's own and taken ones too."""
    subnet = backend.get_subnet(subnet) if isinstance(subnet, str) else subnet
    listed = args[0] if args else kwargs.get("private_ip_addresses")
    primary = next(
        (one["PrivateIpAddress"] for one in listed or [] if isinstance(one, dict) and one.get("Primary")), None
    )
    if not private_ip_address and not primary and not listed:
        private_ip_address = subnet.get_available_subnet_ip(backend)
        while _holders(backend, subnet, private_ip_address):
            private_ip_address = subnet.get_available_subnet_ip(backend)
    count = kwargs.pop("secondary_ips_count", None)
    interface = moto(backend, subnet, private_ip_address, *args, **kwargs)
    for _ in range(int(count or 0)):
        _add_secondary(backend, interface)
    return interface


def _add_secondary(backend: Any, interface: NetworkInterface) -> None:
    address = interface.subnet.get_available_subnet_ip(backend)
    while _holders(backend, interface.subnet, address):
        address = interface.subnet.get_available_subnet_ip(backend)
    interface.private_ip_addresses.append({"Primary": False, "PrivateIpAddress": address})


@replaces(NetworkInterfaceBackend, "assign_private_ip_addresses")
def free_secondaries(
    moto: Any, backend: Any, eni_id: str, private_ip_addresses: Any = None, secondary_ips_count: int | None = None
) -> NetworkInterface:
    """The same for addresses that are only counted."""
    interface = moto(backend, eni_id, private_ip_addresses, 0)
    for _ in range(secondary_ips_count or 0):
        _add_secondary(backend, interface)
    return interface


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
            _add_secondaries(instance.ec2_backend, instance.nics[index], spec)


def _add_secondaries(backend: Any, interface: NetworkInterface, spec: dict[str, Any]) -> None:
    # moto takes of a launch's interfaces only the primary address.
    there = [one["PrivateIpAddress"] for one in interface.private_ip_addresses]
    interface.private_ip_addresses += [
        {"Primary": False, "PrivateIpAddress": address} for address in _named_addresses(spec) if address not in there
    ]
    for _ in range(int(spec.get("SecondaryPrivateIpAddressCount") or 0)):
        _add_secondary(backend, interface)


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
