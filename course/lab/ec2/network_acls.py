"""Network ACLs: numbered rules, and a last one that denies what is left.

https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.network_acls import NetworkAcl, NetworkAclBackend

from course.data import value

from ..gate import Call, Refused, refuses, replaces

_TCP_AND_UDP = ("6", "17")


@refuses("ec2", "CreateNetworkAclEntry", "ReplaceNetworkAclEntry")
def impossible_entry(call: Call) -> None:
    """Numbers end before that of the last rule; TCP and UDP have ports."""
    number, last = call.params["RuleNumber"], value("ec2.network_acls.last_rule_number")
    if not 1 <= number <= last:
        message = f"Value ({number}) for parameter ruleNumber is invalid. Must be between 1 and {last}."
        raise Refused("InvalidParameterValue", message)
    if str(call.params["Protocol"]) in _TCP_AND_UDP and not call.params.get("PortRange"):
        raise Refused("MissingParameter", "The request must contain the parameter PortRange")


@refuses("ec2", "DeleteNetworkAclEntry", "ReplaceNetworkAclEntry")
def unknown_entry(call: Call) -> None:
    """The rule must be there, in this direction."""
    entries = call.backend.get_network_acl(call.params["NetworkAclId"]).network_acl_entries
    number, egress = call.params["RuleNumber"], bool(call.params["Egress"])
    if not any(one.rule_number == number and _is_true(one.egress) is egress for one in entries):
        raise Refused(
            "InvalidNetworkAclEntry.NotFound", f"The network acl entry identified by {number} does not exist."
        )


def _is_true(given: Any) -> bool:
    return str(given).lower() == "true"


@replaces(NetworkAclBackend, "create_network_acl")
def denies_what_is_left(
    moto: Any, backend: NetworkAclBackend, vpc_id: str, tags: Any = None, default: bool = False
) -> NetworkAcl:
    """A network ACL of one's own begins with nothing else; moto's begins empty."""
    made = moto(backend, vpc_id, tags, default)
    for egress in () if default else (True, False):
        backend.create_network_acl_entry(
            network_acl_id=made.id,
            rule_number=value("ec2.network_acls.last_rule_number") + 1,
            protocol="-1",
            rule_action="deny",
            egress=egress,
            cidr_block="0.0.0.0/0",
            icmp_code=None,
            icmp_type=None,
            port_range_from=None,
            port_range_to=None,
            ipv6_cidr_block=None,
        )
    return made
