"""A network as plain data: hosts, and the security groups, subnets, route tables and network ACLs around them.

    network = read(boto3.client("ec2"), listening={"i-0abc": {22, 80}})

What listens on a host is the one thing AWS's API does not tell, so it is said here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any

__all__ = ["Host", "Network", "read"]

# What an image listens on when nothing else was installed.
_SSH, _RDP, _NFS = 22, 3389, 2049


@dataclass(frozen=True)
class Host:
    """One network interface, and the machine behind it.

    name: an instance id, a load balancer's name or the interface's id. `listens` are its open ports; None means any.
    """

    name: str
    interface: str
    address: str
    public: str
    groups: tuple[str, ...]
    subnet: str
    vpc: str
    running: bool = True
    listens: frozenset[int] | None = frozenset()
    kind: str = "instance"


@dataclass(frozen=True)
class Network:
    """What `describe_…` returns, by id: `groups`, `subnets`, and lists of `route_tables` and `acls`."""

    hosts: tuple[Host, ...]
    groups: Mapping[str, dict]
    subnets: Mapping[str, dict]
    route_tables: tuple[dict, ...] = ()
    acls: tuple[dict, ...] = ()
    gateways: frozenset[str] = frozenset()
    nat_gateways: Mapping[str, dict] = field(default_factory=dict)
    peerings: Mapping[str, dict] = field(default_factory=dict)
    prefix_lists: Mapping[str, list[str]] = field(default_factory=dict)

    def host(self, name: str) -> Host:
        """The host with this instance id, interface id, name or address. ValueError if there is none."""
        for one in self.hosts:
            if name in (one.name, one.interface, one.address, one.public) and name:
                return one
        raise ValueError(f"{name!r} is no instance, network interface, load balancer or address of this network")

    def route_table(self, subnet: str) -> dict:
        """The route table of a subnet: its own, else the main one of its VPC."""
        vpc = self.subnets[subnet]["VpcId"]
        main: dict = {"Routes": [], "RouteTableId": "none"}
        for table in self.route_tables:
            for one in table.get("Associations", ()):
                if one.get("SubnetId") == subnet:
                    return table
            if table["VpcId"] == vpc and any(one.get("Main") for one in table.get("Associations", ())):
                main = table
        return main

    def route(self, subnet: str, address: str) -> dict | None:
        """The route that a packet from the subnet to the address takes: the most specific one; None if there is none."""
        to, best, longest = ip_address(address), None, -1
        for one in self.route_table(subnet).get("Routes", ()):
            blocks = [one.get("DestinationCidrBlock"), one.get("DestinationIpv6CidrBlock")]
            blocks += self.prefix_lists.get(one.get("DestinationPrefixListId", ""), [])
            for block in blocks:
                if not block:
                    continue
                reached = ip_network(block)
                if reached.version == to.version and to in reached and reached.prefixlen > longest:
                    best, longest = one, reached.prefixlen
        return best

    def acl(self, subnet: str) -> dict | None:
        """The network ACL of a subnet; None where the data has none, which lets everything pass."""
        for one in self.acls:
            if any(each.get("SubnetId") == subnet for each in one.get("Associations", ())):
                return one
        return None


def read(ec2: Any, listening: Mapping[str, Collection[int] | None] | None = None, elbv2: Any = None) -> Network:
    """The network of a Region through boto3 clients; with `elbv2`, the nodes of its load balancers are hosts too.

    listening: open ports by instance id, None for any port. An instance that is not in it listens to SSH (Windows: RDP)
    only. Load balancers listen on the ports of their listeners, mount targets of EFS on NFS's.
    """
    instances = {
        one["InstanceId"]: one
        for page in ec2.get_paginator("describe_instances").paginate()
        for reservation in page["Reservations"]
        for one in reservation["Instances"]
    }
    subnets = {one["SubnetId"]: one for one in ec2.describe_subnets()["Subnets"]}
    hosts = [
        _host(one, instances, listening or {})
        for one in ec2.describe_network_interfaces()["NetworkInterfaces"]
        if one.get("SubnetId")
    ]
    if elbv2 is not None:
        hosts += _load_balancers(elbv2, subnets)
    return Network(
        tuple(hosts),
        {one["GroupId"]: one for one in ec2.describe_security_groups()["SecurityGroups"]},
        subnets,
        tuple(ec2.describe_route_tables()["RouteTables"]),
        tuple(ec2.describe_network_acls()["NetworkAcls"]),
        frozenset(one["InternetGatewayId"] for one in ec2.describe_internet_gateways()["InternetGateways"]),
        {one["NatGatewayId"]: one for one in ec2.describe_nat_gateways()["NatGateways"]},
        {one["VpcPeeringConnectionId"]: one for one in ec2.describe_vpc_peering_connections()["VpcPeeringConnections"]},
    )


def _host(interface: dict, instances: Mapping[str, dict], listening: Mapping[str, Collection[int] | None]) -> Host:
    attached = interface.get("Attachment", {}).get("InstanceId", "")
    instance = instances.get(attached)
    common = {
        "interface": interface["NetworkInterfaceId"],
        "address": interface.get("PrivateIpAddress", ""),
        "public": interface.get("Association", {}).get("PublicIp", ""),
        "groups": tuple(one["GroupId"] for one in interface.get("Groups", ())),
        "subnet": interface["SubnetId"],
        "vpc": interface["VpcId"],
    }
    if instance is None:
        file_system = interface.get("Description", "").startswith("EFS mount target")
        ports = frozenset([_NFS]) if file_system else frozenset()
        kind = "EFS mount target" if file_system else "network interface"
        running = file_system or interface.get("Status") != "available"
        return Host(interface["NetworkInterfaceId"], listens=ports, kind=kind, running=running, **common)
    if instance["NetworkInterfaces"] and not common["public"] and len(instance["NetworkInterfaces"]) == 1:
        common["public"] = instance.get("PublicIpAddress", "")
    by_default = {_RDP if instance.get("Platform", "").lower() == "windows" else _SSH}
    ports = listening.get(attached, by_default)
    running = instance["State"]["Name"] == "running"
    return Host(attached, running=running, listens=None if ports is None else frozenset(ports), **common)


def _load_balancers(elbv2: Any, subnets: Mapping[str, dict]) -> list[Host]:
    hosts = []
    for balancer in elbv2.describe_load_balancers()["LoadBalancers"]:
        listeners = elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
        ports = frozenset(one["Port"] for one in listeners if "Port" in one)
        for zone in balancer["AvailabilityZones"]:
            # The API shows no addresses of a node but fixed ones. The subnet's last stands for the private one, and an
            # address of a block kept for documentation for the public one.
            address = str(ip_network(subnets[zone["SubnetId"]]["CidrBlock"])[-2])
            fixed = [one["IpAddress"] for one in zone.get("LoadBalancerAddresses", ()) if "IpAddress" in one]
            public = fixed[0] if fixed else f"198.51.100.{len(hosts) % 254 + 1}"
            hosts.append(
                Host(
                    name=balancer["LoadBalancerName"],
                    interface=f"{balancer['LoadBalancerName']}/{zone['ZoneName']}",
                    address=address,
                    public=public if balancer.get("Scheme") == "internet-facing" else "",
                    groups=tuple(balancer.get("SecurityGroups", ())),
                    subnet=zone["SubnetId"],
                    vpc=balancer["VpcId"],
                    running=balancer["State"]["Code"] == "active",
                    listens=ports,
                    kind=f"{balancer['Type']} load balancer",
                )
            )
    return hosts
