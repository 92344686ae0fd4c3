"""Does one host reach another on a port? Allowed, timed out or refused, and what decided, step by step.

    reach(network, "203.0.113.7", "i-0abc", 443)

Who drops a packet stays silent, so the caller waits: a time-out. Only a host that is reached, and on which nothing listens, refuses.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-inbound-connection-issues.html
https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

from course.ec2.network import Host, Network
from course.ec2.packet_rules import Packet, acl_decision, group_rule_for

__all__ = ["ALLOWED", "REFUSED", "TIMED_OUT", "Reachability", "Step", "reach"]

ALLOWED, TIMED_OUT, REFUSED = "allowed", "timed out", "connection refused"
# A port that Linux and Windows both choose for the client's end; network ACLs see it in the answer.
CLIENT_PORT = 50000


@dataclass(frozen=True)
class Step:
    """One thing that a connection passes, or not: `what` decides, in AWS's words, and why."""

    what: str
    passed: bool
    why: str

    def __str__(self) -> str:
        return f"{'passed' if self.passed else 'STOPPED'}  {self.what}: {self.why}"


@dataclass(frozen=True)
class Reachability:
    """What a client sees (`outcome`) and the steps on the way, up to the one that decided."""

    outcome: str
    steps: tuple[Step, ...]

    @property
    def why(self) -> str:
        """The reason of the last step."""
        return self.steps[-1].why

    def __str__(self) -> str:
        return "\n".join([self.outcome, *(f"  {step}" for step in self.steps)])


class _Stopped(Exception):
    def __init__(self, outcome: str):
        self.outcome = outcome


class _Walk:
    """One connection on its way; `steps` grows until something stops it."""

    def __init__(self, network: Network, protocol: str, port: int):
        self.network, self.protocol, self.port = network, protocol, port
        self.steps: list[Step] = []

    def note(self, what: str, passed: bool, why: str, outcome: str = TIMED_OUT) -> None:
        self.steps.append(Step(what, passed, why))
        if not passed:
            raise _Stopped(outcome)

    def groups(self, host: Host, inbound: bool, peer: str, peer_groups: tuple[str, ...]) -> None:
        """The security groups of a host, in one direction; the answer of an allowed connection always passes."""
        direction = "inbound" if inbound else "outbound"
        packet = Packet(self.protocol, self.port, peer, peer_groups)
        key = "IpPermissions" if inbound else "IpPermissionsEgress"
        preposition = "from" if inbound else "to"
        if not host.groups and host.kind != "instance":
            return  # A Network Load Balancer may have none, and then has no such rules.
        for group in host.groups:
            if group_rule_for(self.network.groups[group][key], packet, self.network.prefix_lists):
                what = f"{direction} rules of {group}"
                return self.note(what, True, f"a rule allows {self._traffic()} {preposition} {peer}")
        names = " and ".join(host.groups) or "no security group"
        why = f"no rule of {names} allows {self._traffic()} {preposition} {_peer(peer, peer_groups)}"
        named = any(rule.get("UserIdGroupPairs") for group in host.groups for rule in self.network.groups[group][key])
        if named and not peer_groups:
            why += "; a rule that names a security group stands for the private addresses of its members"
        self.note(f"{direction} rules of {host.name}", False, why)

    def acls(self, subnet: str, peer: str, egress: bool, port: int, answer: bool = False) -> None:
        """The network ACL at the edge of a subnet. It keeps no state, so answers are asked about too."""
        acl = self.network.acl(subnet)
        if acl is None:
            return
        passed, number = acl_decision(acl["Entries"], Packet(self.protocol, port, peer), egress)
        direction = "outbound" if egress else "inbound"
        about = "the answer" if answer else "the request"
        why = f"rule {number} {'allows' if passed else 'denies'} {about} ({self._traffic(port)}) {'to' if egress else 'from'} {peer}"
        self.note(f"{direction} rules of {acl['NetworkAclId']} at {subnet}", passed, why)

    def _traffic(self, port: int | None = None) -> str:
        if self.protocol not in ("tcp", "udp"):
            return self.protocol.upper()
        return f"{self.protocol.upper()} {self.port if port is None else port}"


def reach(network: Network, source: str, target: str, port: int, protocol: str = "tcp") -> Reachability:
    """What a client at `source` sees when it connects to `target` on a port.

    source, target: an instance id, an interface id, a load balancer's name or an IP address. A target that is named is
    dialled at its private address from inside its VPC (or a peered one), and at its public address from elsewhere; an
    address is dialled as it stands. ValueError for names that the network does not have, and for impossible ports.
    """
    walk = _Walk(network, protocol, port)
    Packet(protocol, port, "0.0.0.0")
    client, server = _end(network, source), _end(network, target)
    if client is None and server is None:
        raise ValueError(f"neither {source!r} nor {target!r} is a host of this network")
    try:
        if client is not None:
            walk.note(f"the source {client.name}", client.running, _state(client))
        if server is None:
            _out(walk, client, target)
        elif client is None:
            _from_the_internet(walk, source, server, target)
        else:
            _between(walk, client, server, target)
        if server is not None:
            _answered(walk, server)
    except _Stopped as stop:
        return Reachability(stop.outcome, tuple(walk.steps))
    return Reachability(ALLOWED, tuple(walk.steps))


def _end(network: Network, name: str) -> Host | None:
    """The host of this name; None for an address outside the network. ValueError for any other word."""
    try:
        return network.host(name)
    except ValueError:
        try:
            ip_address(name)
        except ValueError:
            pass
        else:
            return None
        raise


def _state(host: Host) -> str:
    return f"{host.name} is {'running' if host.running else 'not running'}"


def _peer(address: str, groups: tuple[str, ...]) -> str:
    return f"{address} (a member of {', '.join(groups)})" if groups else address


def _between(walk: _Walk, client: Host, server: Host, dialled: str) -> None:
    peering = _peering(walk.network, client, server)
    inside = client.vpc == server.vpc or peering is not None
    if inside and dialled != server.public:
        return _privately(walk, client, server)
    # By its public address a host is met from outside, even by its neighbour: the internet gateway translates both.
    walk.note("the address", bool(server.public), _public(server))
    _out(walk, client, server.public)
    _in(walk, server, client.public or _nat_address(walk, client))


def _privately(walk: _Walk, client: Host, server: Host) -> None:
    walk.groups(client, False, server.address, server.groups)
    if client.subnet != server.subnet:
        walk.acls(client.subnet, server.address, True, walk.port)
        _routed(walk, client, server)
        walk.acls(server.subnet, client.address, False, walk.port)
    walk.groups(server, True, client.address, client.groups)
    if client.subnet != server.subnet:
        walk.acls(server.subnet, client.address, True, CLIENT_PORT, answer=True)
        _routed(walk, server, client)
        walk.acls(client.subnet, server.address, False, CLIENT_PORT, answer=True)


def _routed(walk: _Walk, start: Host, end: Host) -> None:
    route = walk.network.route(start.subnet, end.address)
    table = walk.network.route_table(start.subnet)["RouteTableId"]
    if start.vpc == end.vpc:
        good = route is not None and not _leaves(route)
    else:
        peering = walk.network.peerings.get((route or {}).get("VpcPeeringConnectionId", ""))
        good = peering is not None and peering["Status"]["Code"] == "active"
    walk.note(f"route table {table} of {start.subnet}", good, f"{'a' if good else 'no'} route leads to {end.address}")


def _leaves(route: dict) -> bool:
    """Whether a route leads out of the VPC."""
    return any(route.get(one) for one in ("NatGatewayId", "VpcPeeringConnectionId", "TransitGatewayId")) or route.get(
        "GatewayId", ""
    ).startswith("igw-")


def _peering(network: Network, one: Host, other: Host) -> dict | None:
    for peering in network.peerings.values():
        ends = {peering["RequesterVpcInfo"]["VpcId"], peering["AccepterVpcInfo"]["VpcId"]}
        if ends == {one.vpc, other.vpc} and one.vpc != other.vpc and peering["Status"]["Code"] == "active":
            return peering
    return None


def _out(walk: _Walk, client: Host, address: str) -> None:
    """From a host to an address outside, and the answer back to it."""
    walk.groups(client, False, address, ())
    walk.acls(client.subnet, address, True, walk.port)
    route = walk.network.route(client.subnet, address)
    table = walk.network.route_table(client.subnet)["RouteTableId"]
    what = f"route table {table} of {client.subnet}"
    if route is None:
        walk.note(what, False, f"no route leads to {address}")
    elif route.get("NatGatewayId"):
        _through_nat(walk, what, route["NatGatewayId"], address)
    else:
        gateway = route.get("GatewayId", "")
        good = gateway in walk.network.gateways and route.get("State") != "blackhole"
        walk.note(what, good, f"{address} is routed to {gateway or 'nowhere'}")
        walk.note("the source's public address", bool(client.public), _public(client))
    walk.acls(client.subnet, address, False, CLIENT_PORT, answer=True)


def _through_nat(walk: _Walk, what: str, nat: str, address: str) -> None:
    found = walk.network.nat_gateways.get(nat)
    good = found is not None and found["State"] == "available"
    walk.note(what, good, f"{address} is routed to {nat}{'' if good else ', which is not there'}")
    onward = walk.network.route(found["SubnetId"], address)
    gateway = (onward or {}).get("GatewayId", "")
    table = walk.network.route_table(found["SubnetId"])["RouteTableId"]
    good = gateway in walk.network.gateways
    walk.note(f"route table {table} of {nat}", good, f"{address} is routed to {gateway or 'nowhere'}")


def _nat_address(walk: _Walk, client: Host) -> str:
    route = walk.network.route(client.subnet, "192.0.2.1") or {}
    addresses = walk.network.nat_gateways.get(route.get("NatGatewayId", ""), {}).get("NatGatewayAddresses", [])
    return next((one["PublicIp"] for one in addresses if one.get("PublicIp")), client.address)


def _from_the_internet(walk: _Walk, source: str, server: Host, dialled: str) -> None:
    # Nobody outside has a way to a private address.
    private = dialled == server.address and dialled != server.public
    why = f"{dialled} is a private address" if private else _public(server)
    walk.note("the address", bool(server.public) and not private, why)
    _in(walk, server, source)


def _in(walk: _Walk, server: Host, source: str) -> None:
    """From an address outside to a host's public address, and the answer back."""
    route = walk.network.route(server.subnet, source) or {}
    gateway, table = route.get("GatewayId", ""), walk.network.route_table(server.subnet)["RouteTableId"]
    good = gateway in walk.network.gateways
    why = f"{'a' if good else 'no'} route leads back to {source} through an internet gateway"
    walk.note(f"route table {table} of {server.subnet}", good, why)
    walk.acls(server.subnet, source, False, walk.port)
    walk.groups(server, True, source, ())
    walk.acls(server.subnet, source, True, CLIENT_PORT, answer=True)


def _public(host: Host) -> str:
    return f"{host.name} has the public address {host.public}" if host.public else f"{host.name} has no public address"


def _answered(walk: _Walk, server: Host) -> None:
    walk.note(f"the target {server.name}", server.running, _state(server))
    if walk.protocol not in ("tcp", "udp"):
        return
    listens = server.listens is None or walk.port in server.listens
    why = f"{'something' if listens else 'nothing'} listens on {walk.protocol.upper()} {walk.port}"
    walk.note(f"port {walk.port} of {server.name}", listens, why, outcome=REFUSED)
