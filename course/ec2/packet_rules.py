"""Which packets the rules of security groups and of network ACLs let through.

Rules have the shape in which `describe_security_groups` and `describe_network_acls` show them.
https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

__all__ = ["Packet", "acl_decision", "group_rule_for"]

# Protocols by their IANA numbers, as network ACLs name them.
_NUMBERS = {"icmp": "1", "tcp": "6", "udp": "17", "icmpv6": "58"}
_WITH_PORTS = {"6", "17"}
EVERY = "-1"


@dataclass(frozen=True)
class Packet:
    """One packet as a rule sees it, with the host at its other end.

    peer: the address at the other end. peer_groups: ids of the security groups there, where private addresses are used;
    empty otherwise, because a rule that names a group stands for the private addresses of its members.
    """

    protocol: str
    port: int
    peer: str
    peer_groups: Collection[str] = ()

    def __post_init__(self) -> None:
        if self.protocol not in _NUMBERS:
            raise ValueError(f"a protocol is one of {', '.join(_NUMBERS)}, not {self.protocol!r}")
        if not 0 <= self.port <= 65535:
            raise ValueError(f"a port is from 0 to 65535, not {self.port}")
        ip_address(self.peer)

    @property
    def number(self) -> str:
        """The protocol's IANA number."""
        return _NUMBERS[self.protocol]


def group_rule_for(
    rules: list[dict], packet: Packet, prefix_lists: Mapping[str, list[str]] | None = None
) -> dict | None:
    """The first of a security group's rules that lets the packet through, None if no rule does: there are no others.

    `rules` is IpPermissions or IpPermissionsEgress; `prefix_lists` are the CIDR blocks of each prefix list by its id.
    """
    for rule in rules:
        if not _protocol_fits(rule["IpProtocol"], packet) or not _ports_fit(rule, packet):
            continue
        blocks = [one["CidrIp"] for one in rule.get("IpRanges", ())]
        blocks += [one["CidrIpv6"] for one in rule.get("Ipv6Ranges", ())]
        for one in rule.get("PrefixListIds", ()):
            blocks += (prefix_lists or {}).get(one["PrefixListId"], [])
        groups = {one.get("GroupId") for one in rule.get("UserIdGroupPairs", ())}
        if _inside(packet.peer, blocks) or groups & set(packet.peer_groups):
            return rule
    return None


def acl_decision(entries: list[dict], packet: Packet, egress: bool) -> tuple[bool, str]:
    """Whether a network ACL lets the packet pass in one direction, and the number of the rule that decided ("*" for none).

    Entries are tried by number, lowest first; the first that fits decides.
    """
    for entry in sorted(entries, key=lambda one: one["RuleNumber"]):
        if entry["Egress"] != egress or not _protocol_fits(str(entry["Protocol"]), packet):
            continue
        ports = entry.get("PortRange")
        if ports and str(entry["Protocol"]) in _WITH_PORTS and not ports["From"] <= packet.port <= ports["To"]:
            continue
        block = entry.get("CidrBlock") or entry.get("Ipv6CidrBlock")
        if block and _inside(packet.peer, [block]):
            number = "*" if entry["RuleNumber"] == 32767 else str(entry["RuleNumber"])
            return entry["RuleAction"] == "allow", number
    return False, "*"


def _protocol_fits(named: str, packet: Packet) -> bool:
    return named == EVERY or _NUMBERS.get(named, named) == packet.number


def _ports_fit(rule: dict, packet: Packet) -> bool:
    if rule["IpProtocol"] == EVERY or packet.number not in _WITH_PORTS:
        return True
    # A rule for one protocol without ports is for all of them.
    return rule.get("FromPort", 0) <= packet.port <= rule.get("ToPort", 65535)


def _inside(address: str, blocks: list[str]) -> bool:
    own = ip_address(address)
    return any(own in ip_network(block, strict=False) for block in blocks if (":" in block) == (own.version == 6))
