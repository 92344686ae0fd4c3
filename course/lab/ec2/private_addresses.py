"""Private IPv4 addresses of network interfaces: of the subnet, free, as many as the instance type takes.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-secondary-ip-addresses.html
"""

from __future__ import annotations

import ipaddress
from typing import Any

from moto.ec2.models.elastic_network_interfaces import NetworkInterface, NetworkInterfaceBackend

from course.data import value

from ..gate import Call, Refused, corrects, refuses, replaces
from .launch_requests import type_facts


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


def require_address_room(type_name: str, addresses: int) -> None:
    most = type_facts(type_name).get("NetworkInfo", {}).get("Ipv4AddressesPerInterface")
    if most is not None and addresses > most:
        raise Refused(
            "PrivateIpAddressLimitExceeded",
            f"Number of private addresses will exceed limit: {addresses} of {most} for {type_name}.",
        )


def named_addresses(wanted: dict[str, Any]) -> list[str]:
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
    for address in named_addresses(params):
        require_address(call.backend, subnet, address)


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
        require_address_room(interface.instance.instance_type, len(own) + more)


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


def add_secondaries(backend: Any, interface: NetworkInterface, spec: dict[str, Any]) -> None:
    # moto takes of a launch's interfaces only the primary address.
    there = [one["PrivateIpAddress"] for one in interface.private_ip_addresses]
    interface.private_ip_addresses += [
        {"Primary": False, "PrivateIpAddress": address} for address in named_addresses(spec) if address not in there
    ]
    for _ in range(int(spec.get("SecondaryPrivateIpAddressCount") or 0)):
        _add_secondary(backend, interface)
