"""Elastic IP addresses: how many, with what they are associated, and when they can be released.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateAddress.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instances import Instance
from moto.ec2.utils import generate_dns_from_ip, random_eip_association_id, random_public_ip

from course.data import value

from ..gate import Call, Refused, answers, corrects, refuses, replaces
from .as_answered import as_answered


def address_of(call: Call) -> ElasticAddress:
    """The address a call names by allocation id or public IP; Refused where the Region has none such."""
    allocation, public_ip = call.params.get("AllocationId"), call.params.get("PublicIp")
    if not allocation and not public_ip:
        raise Refused("MissingParameter", "Either public IP or allocation id must be specified")
    for address in call.backend.addresses:
        if allocation and address.allocation_id == allocation or public_ip and address.public_ip == public_ip:
            return address
    if allocation:
        raise Refused("InvalidAllocationID.NotFound", f"The allocation ID '{allocation}' does not exist")
    raise Refused("InvalidAddress.NotFound", f"Address '{public_ip}' not found.")


@refuses("ec2", "AllocateAddress")
def too_many(call: Call) -> None:
    """A Region has a quota of Elastic IP addresses."""
    if len(call.backend.addresses) >= value("ec2.elastic_ip_addresses.per_region"):
        raise Refused("AddressLimitExceeded", "The maximum number of addresses has been reached.")


@refuses("ec2", "ReleaseAddress")
def still_associated(call: Call) -> None:
    """An address is disassociated first; a NAT gateway holds its address for good."""
    address = address_of(call)
    gateways = call.backend.nat_gateways.values()
    held = any(
        one.get("allocationId") == address.allocation_id
        for gw in gateways
        if gw.state != "deleted"
        for one in gw.address_set
    )
    if address.association_id or address.eni or held:
        raise Refused("InvalidIPAddress.InUse", f"Address {address.public_ip} is in use.")


@corrects("ec2", "DeleteNatGateway")
def free_again(call: Call, result: Any) -> None:
    """A deleted NAT gateway lets go of its address, which stays allocated, and of its network interface."""
    gateway = call.backend.nat_gateways[call.params["NatGatewayId"]]
    for address in call.backend.addresses:
        if address.eni is gateway._eni:
            call.backend.disassociate_address(address=address.public_ip)
    call.backend.enis.pop(gateway._eni.id, None)


@refuses("ec2", "DisassociateAddress")
def not_associated(call: Call) -> None:
    """There must be such an association."""
    association, public_ip = call.params.get("AssociationId"), call.params.get("PublicIp")
    if association and not any(one.association_id == association for one in call.backend.addresses):
        raise Refused("InvalidAssociationID.NotFound", f"The association ID '{association}' does not exist")
    if public_ip and not association:
        address_of(call)


def _target(call: Call) -> tuple[NetworkInterface, str]:
    """The interface and private address of an association; an instance stands for its only interface."""
    params, backend = call.params, call.backend
    if params.get("NetworkInterfaceId") and params.get("InstanceId"):
        raise Refused(
            "InvalidParameterCombination", "You may specify either an instance ID or a network interface ID, not both"
        )
    if params.get("NetworkInterfaceId"):
        interface = backend.get_network_interface(params["NetworkInterfaceId"])
    elif params.get("InstanceId"):
        instance = backend.get_instance(params["InstanceId"])
        if instance.state not in ("running", "stopped", "stopping"):
            raise Refused(
                "InvalidInstanceID",
                f"The {instance.state} instance '{instance.id}' is not in a valid state for this operation.",
            )
        if len(instance.nics) > 1:
            raise Refused(
                "InvalidInstanceID",
                f"There are multiple interfaces attached to instance '{instance.id}'. "
                "Please specify an interface ID for the operation instead.",
            )
        interface = instance.nics[0]
    else:
        raise Refused("MissingParameter", "Either an instance ID or a network interface ID must be specified")
    private_ip = params.get("PrivateIpAddress") or interface.private_ip_address
    if private_ip not in [one["PrivateIpAddress"] for one in interface.private_ip_addresses]:
        raise Refused(
            "InvalidParameterValue",
            f"Invalid value '{private_ip}' for privateIpAddress. It is not assigned to interface {interface.id}.",
        )
    return interface, private_ip


@refuses("ec2", "AssociateAddress")
def not_associable(call: Call) -> None:
    """The address and its target are there, the VPC reaches the internet, and a false AllowReassociation is obeyed."""
    address = address_of(call)
    interface, private_ip = _target(call)
    vpc = call.backend.vpcs[interface.vpc_id]
    gateways = call.backend.internet_gateways.values()
    # moto gives the default VPC no internet gateway; on AWS it has one.
    if not vpc.is_default and not any(gateway.vpc and gateway.vpc.id == vpc.id for gateway in gateways):
        raise Refused("Gateway.NotAttached", f"Network {vpc.id} is not attached to any internet gateway")
    if call.params.get("AllowReassociation") is not False:
        return
    other = _associated(call.backend, interface, private_ip)
    for one in (address, other):
        if one is not None and one.eni is not None and (one is not address or one.eni is not interface):
            raise Refused(
                "Resource.AlreadyAssociated",
                f"resource {one.allocation_id} is already associated with associate-id {one.association_id}",
            )


def _associated(backend: Any, interface: NetworkInterface, private_ip: str) -> ElasticAddress | None:
    return next(
        (one for one in backend.addresses if one.eni is interface and one.private_ip_address == private_ip), None
    )


@answers("ec2", "AssociateAddress")
def associate(call: Call) -> dict:
    """The address leaves where it was; what the target had before stays allocated. Said twice, it stays as it is."""
    address, (interface, private_ip) = address_of(call), _target(call)
    there = _associated(call.backend, interface, private_ip)
    if there is not address:
        for one in (address, there):
            if one is not None:
                call.backend.disassociate_address(address=one.public_ip)
        address.eni, address.instance = interface, interface.instance
        address.__dict__["private_ip"] = private_ip
        address.association_id = random_eip_association_id()
        if private_ip == interface.private_ip_address:
            interface.public_ip = address.public_ip
    return {"AssociationId": address.association_id}


@corrects("ec2", "AttachNetworkInterface")
def goes_with_its_interface(call: Call, result: Any) -> None:
    """The address of a network interface is the instance's from now on."""
    for address in call.backend.addresses:
        if address.eni is not None:
            address.instance = address.eni.instance


@replaces(ElasticAddress, "__init__")
def public(moto: Any, address: ElasticAddress, *args: Any, **kwargs: Any) -> None:
    """moto's addresses begin with 127, which are those of the machine itself."""
    if not kwargs.get("address"):
        kwargs["address"] = random_public_ip()
    moto(address, *args, **kwargs)
    address.public_ipv4_pool, address.network_border_group = "amazon", address.ec2_backend.region_name


@corrects("ec2", "AllocateAddress")
def whose_pool(call: Call, result: dict) -> dict:
    """The address is Amazon's, and belongs to the Region."""
    return {**result, "PublicIpv4Pool": "amazon", "NetworkBorderGroup": call.region}


@replaces(NetworkInterface, "association")
def whose_address(moto: Any, interface: NetworkInterface) -> dict[str, Any]:
    """A public address that is no Elastic IP address is Amazon's."""
    found = moto(interface)
    return {**found, "ipOwnerId": "amazon"} if found and not found.get("allocationId") else found


@corrects("ec2", "DescribeNetworkInterfaces")
def each_private_address(call: Call, result: dict) -> None:
    """A private address shows the public one it is associated with, the secondary ones too."""
    result["NetworkInterfaces"] = [
        as_answered(one, private_ip_addresses=[_with_public(call, one, each) for each in one.private_ip_addresses])
        for one in result["NetworkInterfaces"]
    ]


def _with_public(call: Call, interface: NetworkInterface, private: dict[str, Any]) -> dict[str, Any]:
    ip = private.get("PrivateIpAddress")
    there = _associated(call.backend, interface, ip)
    if there is not None:
        return {
            **private,
            "Association": {
                "AllocationId": there.allocation_id,
                "AssociationId": there.association_id,
                "IpOwnerId": call.account_id,
                "PublicIp": there.public_ip,
                "PublicDnsName": generate_dns_from_ip(there.public_ip),
            },
        }
    if ip == interface.private_ip_address and interface.public_ip and not elastic(interface):
        return {**private, "Association": interface.association}
    return private


@replaces(ElasticAddress, "private_ip_address")
def its_own_private_address(moto: Any, address: ElasticAddress) -> str | None:
    """Each private address of an interface may have an Elastic IP address."""
    if address.eni is None:
        return None
    asked = address.__dict__.get("private_ip")
    there = [one["PrivateIpAddress"] for one in address.eni.private_ip_addresses]
    return asked if asked in there else address.eni.private_ip_address


def elastic(interface: NetworkInterface) -> bool:
    """Whether the public address of an interface is an Elastic IP address."""
    return any(one.public_ip == interface.public_ip for one in interface.ec2_backend.addresses)


@replaces(NetworkInterface, "stop")
def give_back(moto: Any, interface: NetworkInterface) -> None:
    """A stop gives the public IPv4 address back, but never an Elastic IP address."""
    if not elastic(interface):
        moto(interface)


@replaces(NetworkInterface, "check_auto_public_ip")
def take_another(moto: Any, interface: NetworkInterface) -> None:
    """A start brings a new public IPv4 address, unless there is an Elastic IP address or a second interface."""
    instance = interface.instance
    if interface.public_ip and elastic(interface) or instance is not None and len(instance.nics) > 1:
        return
    old = interface.public_ip
    moto(interface)
    while interface.public_ip is not None and interface.public_ip == old:
        interface.public_ip = random_public_ip()


@replaces(Instance, "terminate")
def stays_allocated(moto: Any, instance: Instance) -> Any:
    """A terminated instance lets go of its Elastic IP addresses; they stay allocated, and charged."""
    backend, going = instance.ec2_backend, [eni for eni in instance.nics.values() if eni.delete_on_termination]
    for address in backend.addresses:
        if address.eni in going:
            backend.disassociate_address(address=address.public_ip)
        elif address.instance is instance:
            address.instance = None
    return moto(instance)
