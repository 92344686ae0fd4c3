"""The rules of a security group: protocol, ports, peer. What AWS refuses, and how it writes a CIDR block.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Any

from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupBackend, SecurityGroupRule

from course.data import value

from ..gate import Call, Refused, corrects, refuses, replaces
from .security_groups import existing_group, group_of

_NUMBERS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": "-1"}
_NAMED = ("tcp", "udp", "icmp", "icmpv6")
_DESCRIPTION = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}")
# (protocol, from port, to port, kind of peer, peer): what makes two rules the same.
Key = tuple[str, Any, Any, str, str]


def protocol_of(text: str | None) -> str:
    """AWS's name of a protocol: tcp, udp, icmp, icmpv6, -1 for all, or another number; Refused if it has none."""
    if text is None:
        raise Refused(
            "InvalidParameterValue",
            "Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly.",
        )
    name = _NUMBERS.get(text.lower(), text.lower())
    if name not in (*_NAMED, "-1") and not (name.isdigit() and int(name) <= 255):
        raise Refused("InvalidParameterValue", f"Invalid value '{text}' for IP protocol. Unknown protocol.")
    return name


def canonical(cidr: str) -> str:
    """A CIDR block as AWS keeps it, with the host bits cleared; Refused for what is none."""
    try:
        if "/" not in cidr:
            raise ValueError(cidr)
        return str(ipaddress.ip_network(cidr, strict=False))
    except ValueError:
        raise Refused("InvalidParameterValue", f"CIDR block {cidr} is malformed") from None


def require_ports(protocol: str, first: int | None, last: int | None) -> None:
    """Raise Refused for ports, or ICMP type and code, that there are not."""
    if protocol in ("tcp", "udp"):
        if first is None or last is None:
            raise Refused(
                "InvalidParameterValue",
                "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
            )
        for which, port in (("from", first), ("to", last)):
            if not 0 <= port <= value("ec2.security_groups.max_port"):
                raise Refused("InvalidParameterValue", f"TCP/UDP ({which}) port ({port}) out of range")
        if first > last:
            raise Refused("InvalidParameterValue", f"Invalid TCP/UDP port range ({first}:{last})")
    elif protocol == "icmp" or protocol == "icmpv6" and (first, last) != (None, None):
        if first is None or last is None:
            raise Refused(
                "InvalidParameterValue", "Invalid value 'Must specify both from and to ports with ICMP.' for portRange."
            )
        for which, number in (("type", first), ("code", last)):
            if not -1 <= number <= value("ec2.security_groups.max_icmp"):
                raise Refused("InvalidParameterValue", f"ICMP {which} ({number}) out of range")
        if first == -1 and last != -1:
            raise Refused("InvalidParameterValue", f"ICMP code ({last}) needs an ICMP type; -1 stands for all types")


def require_description(text: str | None) -> None:
    """Raise Refused for a description of a rule that is too long or has other characters."""
    if text is not None and not _DESCRIPTION.fullmatch(text):
        raise Refused(
            "InvalidParameterValue",
            "Invalid rule description. Valid descriptions are strings less than 256 characters from the following "
            "set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*",
        )


def permissions(params: dict[str, Any]) -> list[dict[str, Any]]:
    """The permissions of a call, whether given as a list or as single parameters."""
    if "IpPermissions" in params:
        return params["IpPermissions"]
    single = {name: params[name] for name in ("IpProtocol", "FromPort", "ToPort") if name in params}
    if params.get("CidrIp"):
        single["IpRanges"] = [{"CidrIp": params["CidrIp"]}]
    return [single] if single else []


def wanted_rules(call: Call, group: SecurityGroup) -> Iterator[Key]:
    """Each rule of the call as a key; Refused for a peer, port or description that cannot be."""
    for permission in permissions(call.params):
        protocol = protocol_of(permission.get("IpProtocol"))
        first, last = permission.get("FromPort"), permission.get("ToPort")
        require_ports(protocol, first, last)
        start = _ports(protocol, first, last)
        for field, kind in (("IpRanges", "CidrIp"), ("Ipv6Ranges", "CidrIpv6")):
            for peer in permission.get(field, []):
                require_description(peer.get("Description"))
                if (":" in peer.get(kind, "")) != (kind == "CidrIpv6"):
                    raise Refused("InvalidParameterValue", f"CIDR block {peer.get(kind)} is malformed")
                yield (*start, kind, canonical(peer[kind]))
        for peer in permission.get("UserIdGroupPairs", []):
            require_description(peer.get("Description"))
            yield (*start, "GroupId", _peer_group(call, group, peer).id)
        for peer in permission.get("PrefixListIds", []):
            require_description(peer.get("Description"))
            yield (*start, "PrefixListId", peer.get("PrefixListId", ""))


def _ports(protocol: str, first: int | None, last: int | None) -> tuple[str, Any, Any]:
    if protocol in ("tcp", "udp", "icmp"):
        return protocol, int(first), int(last)
    if protocol == "icmpv6":
        return protocol, int(-1 if first is None else first), int(-1 if last is None else last)
    return protocol, None, None


def _peer_group(call: Call, group: SecurityGroup, pair: dict[str, Any]) -> SecurityGroup:
    if pair.get("UserId") not in (None, call.account_id):
        raise Refused("InvalidGroup.NotFound", f"The security group '{pair.get('GroupId')}' does not exist")
    if pair.get("GroupId"):
        peer = existing_group(call.backend, pair["GroupId"])
    else:
        peer = call.backend.get_security_group_from_name(pair.get("GroupName"), group.vpc_id)
        if peer is None:
            raise Refused("InvalidGroup.NotFound", f"The security group '{pair.get('GroupName')}' does not exist")
    peered = (
        {connection.vpc.id, connection.peer_vpc.id}
        for connection in call.backend.vpc_pcxs.values()
        if connection._status.code == "active"
    )
    if peer.vpc_id != group.vpc_id and {peer.vpc_id, group.vpc_id} not in list(peered):
        raise Refused("InvalidGroup.NotFound", "You have specified two resources that belong to different networks.")
    return peer


def key_of(rule: SecurityGroupRule) -> Key:
    """The key of a rule that moto keeps."""
    for kind in ("CidrIp", "CidrIpv6"):
        if rule.ip_range.get(kind):
            return rule.ip_protocol, rule.from_port, rule.to_port, kind, rule.ip_range[kind]
    if rule.source_group:
        return rule.ip_protocol, rule.from_port, rule.to_port, "GroupId", rule.source_group.get("GroupId", "")
    return rule.ip_protocol, rule.from_port, rule.to_port, "PrefixListId", rule.prefix_list_id or ""


def _side(call: Call, group: SecurityGroup) -> list[SecurityGroupRule]:
    return group.egress_rules if call.operation.endswith("Egress") else group.ingress_rules


@refuses("ec2", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress")
def impossible_rule(call: Call) -> None:
    """All rules of a call are possible and new, or none is added."""
    group = group_of(call)
    wanted = list(wanted_rules(call, group))
    if not permissions(call.params):
        raise Refused("MissingParameter", "The request must contain the parameter ipPermissions")
    peers = ("IpRanges", "Ipv6Ranges", "UserIdGroupPairs", "PrefixListIds")
    if not all(any(permission.get(kind) for kind in peers) for permission in permissions(call.params)):
        raise Refused("MissingParameter", "Either 'cidrIp' or 'securityGroupId' should be provided.")
    if len(set(wanted)) < len(wanted):
        raise Refused("InvalidParameterValue", "The same permission must not appear multiple times")
    existing = {key_of(rule) for rule in _side(call, group)}
    for key in wanted:
        if key in existing:
            raise Refused("InvalidPermission.Duplicate", f'the specified rule "{_told(key)}" already exists')
    most = value("ec2.security_groups.rules")
    # A group or prefix list counts against both, as it stands for addresses of both versions.
    for other in ("CidrIpv6", "CidrIp"):
        if sum(key[3] != other for key in (*existing, *wanted)) > most and any(key[3] != other for key in wanted):
            raise Refused(
                "RulesPerSecurityGroupLimitExceeded",
                f"The maximum number of rules per security group has been reached: {most}.",
            )


def _told(key: Key) -> str:
    protocol, first, last, _, peer = key
    if first is None:
        return f"peer: {peer}, {'ALL' if protocol == '-1' else protocol}, ALLOW"
    return f"peer: {peer}, {protocol.upper()}, from port: {first}, to port: {last}, ALLOW"


@refuses("ec2", "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress")
def nothing_to_revoke(call: Call) -> None:
    """A rule that is not there cannot be revoked; then none of the call is."""
    group = group_of(call)
    there = {rule.id: key_of(rule) for rule in _side(call, group)}
    for rule_id in call.params.get("SecurityGroupRuleIds", []):
        if rule_id not in there:
            raise Refused(
                "InvalidSecurityGroupRuleId.NotFound", f"The security group rule ID '{rule_id}' does not exist"
            )
    if any(key not in there.values() for key in wanted_rules(call, group)):
        raise Refused("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")


@refuses("ec2", "UpdateSecurityGroupRuleDescriptionsIngress", "UpdateSecurityGroupRuleDescriptionsEgress")
def nothing_to_describe(call: Call) -> None:
    """A description belongs to a rule that is there."""
    group = group_of(call)
    there = {key_of(rule) for rule in _side(call, group)}
    if any(key not in there for key in wanted_rules(call, group)):
        raise Refused("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
    for described in call.params.get("SecurityGroupRuleDescriptions", []):
        require_description(described.get("Description"))


@refuses("ec2", "ModifySecurityGroupRules")
def impossible_change(call: Call) -> None:
    """A changed rule obeys what a new one does."""
    group = existing_group(call.backend, call.params["GroupId"])
    for update in call.params["SecurityGroupRules"]:
        rule = update["SecurityGroupRule"]
        if group.get_rule(update["SecurityGroupRuleId"]) is None:
            raise Refused(
                "InvalidSecurityGroupRuleId.NotFound",
                f"The security group rule ID '{update['SecurityGroupRuleId']}' does not exist",
            )
        require_ports(protocol_of(rule.get("IpProtocol")), rule.get("FromPort"), rule.get("ToPort"))
        require_description(rule.get("Description"))
        for cidr in (rule.get("CidrIpv4"), rule.get("CidrIpv6")):
            if cidr:
                canonical(cidr)


@corrects("ec2", "ModifySecurityGroupRules")
def changed_as_asked(call: Call, result: dict) -> None:
    """moto takes an IPv4 block as it is written, and forgets an IPv6 block or a group."""
    group = call.backend.get_security_group_from_id(call.params["GroupId"])
    for update in call.params["SecurityGroupRules"]:
        rule, asked = group.get_rule(update["SecurityGroupRuleId"]), update["SecurityGroupRule"]
        rule.ip_protocol = protocol_of(asked["IpProtocol"])
        _, rule.from_port, rule.to_port = _ports(rule.ip_protocol, asked.get("FromPort"), asked.get("ToPort"))
        for name, kind in (("CidrIpv4", "CidrIp"), ("CidrIpv6", "CidrIpv6")):
            if asked.get(name):
                rule.ip_range = {**rule.ip_range, kind: canonical(asked[name])}
        if asked.get("ReferencedGroupId"):
            rule.source_group = {**rule.source_group, "GroupId": asked["ReferencedGroupId"]}


@corrects("ec2", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress")
def all_rules_of_the_call(call: Call, result: dict) -> None:
    """moto's answer shows only the rules of the last permission."""
    group = group_of(call)
    wanted = set(wanted_rules(call, group))
    result["SecurityGroupRules"] = [rule for rule in _side(call, group) if key_of(rule) in wanted]


@replaces(SecurityGroupRule, "__init__")
def as_aws_writes_it(
    moto: Any,
    rule: SecurityGroupRule,
    ec2_backend: Any,
    ip_protocol: str,
    group_id: str,
    from_port: Any,
    to_port: Any,
    ip_range: dict | None,
    *args: Any,
    **kwargs: Any,
) -> None:
    """Host bits are cleared and protocols named; moto needs ports even for protocols without."""
    if ip_range:
        ip_range = {
            name: canonical(text) if name in ("CidrIp", "CidrIpv6") else text for name, text in dict(ip_range).items()
        }
    protocol = protocol_of(str(ip_protocol)) if ip_protocol else ip_protocol
    if protocol not in ("tcp", "udp", "icmp", "-1", None):
        from_port, to_port = -1 if from_port is None else from_port, -1 if to_port is None else to_port
    moto(rule, ec2_backend, protocol, group_id, from_port, to_port, ip_range, *args, **kwargs)
    if protocol and protocol not in _NAMED:
        rule.from_port = rule.to_port = None


@replaces(SecurityGroupRule, "__eq__")
def same_rule(moto: Any, rule: SecurityGroupRule, other: SecurityGroupRule) -> bool:
    """A description makes no other rule."""
    return key_of(rule) == key_of(other)


@replaces(SecurityGroupBackend, "_verify_group_will_respect_rule_count_limit")
def counted_before(moto: Any, *args: Any, **kwargs: Any) -> None:
    """moto counts IPv4 and IPv6 together; `impossible_rule` has counted them apart."""
