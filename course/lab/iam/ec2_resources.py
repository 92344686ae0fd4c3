"""The resources of a request to EC2, found by the ids among its parameters.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
"""

from __future__ import annotations

import re

from ..gate import Call
from .action_table import texts

# EC2 ids show their type.
_EC2_IDS = {
    "i": "instance", "vol": "volume", "snap": "snapshot", "ami": "image", "sg": "security-group", "subnet": "subnet",
    "vpc": "vpc", "eni": "network-interface", "eipalloc": "elastic-ip", "rtb": "route-table", "acl": "network-acl",
    "igw": "internet-gateway", "nat": "natgateway", "lt": "launch-template", "cr": "capacity-reservation",
    "sgr": "security-group-rule", "vpce": "vpc-endpoint", "pcx": "vpc-peering-connection", "dopt": "dhcp-options",
    "fl": "vpc-flow-log", "sir": "spot-instances-request", "h": "dedicated-host", "eigw": "egress-only-internet-gateway",
    "vgw": "vpn-gateway", "cgw": "customer-gateway", "vpn": "vpn-connection", "tgw": "transit-gateway",
    "key": "key-pair", "pg": "placement-group",
}  # fmt: skip
_EC2_ID = re.compile(r"([a-z]+)-[0-9a-f]{8,17}")
# A group in a rule is not changed by it, so it is no resource of the request.
_NOT_RESOURCES = {"IpPermissions", "UserData", "ClientToken", "Description", "TagSpecifications", "Tags", "Filters"}


def ec2_arns(name: str, kinds: list[str], call: Call, types: dict[str, str]) -> list[str]:
    """The ARNs of a request to EC2: what its parameters name, and what a launch makes and uses without naming it."""
    named: dict[str, list[str]] = {}
    for parameter, value in call.params.items():
        if parameter in _NOT_RESOURCES:
            continue
        for text in texts(value):
            found = _EC2_ID.fullmatch(text)
            if found and found[1] in _EC2_IDS:
                named.setdefault(_EC2_IDS[found[1]], []).append(text)
    if call.params.get("KeyName") and "KeyPairIds" not in call.params:
        named.setdefault("key-pair", []).append(call.params["KeyName"])
    group = (
        call.params.get("GroupName") if "PlacementGroup" in name else call.params.get("Placement", {}).get("GroupName")
    )
    if group:
        named.setdefault("placement-group", []).append(group)
    if kinds == ["any"]:
        wanted = dict.fromkeys(named, False)
    else:
        wanted = {kind.rstrip("*"): kind.endswith("*") for kind in kinds}
    if name == "RunInstances":
        # The instance first, as AWS does: its denial is the one that is shown. Every image of the lab has an EBS root.
        wanted = {"instance": True, **wanted, "volume": True}
        _launch_defaults(named, call)
    arns = []
    for kind, required in wanted.items():
        for identifier in dict.fromkeys(named.get(kind, ["*"] if required else [])):
            arns.append(_arn(types[kind], call, identifier))
    return arns


def _launch_defaults(named: dict[str, list[str]], call: Call) -> None:
    """Subnet and security group that a launch gets without naming them."""
    backend = call.backend_of("ec2")
    if "subnet" not in named:
        zone = call.params.get("Placement", {}).get("AvailabilityZone")
        subnet = next(
            (
                subnet
                for subnets in backend.subnets.values()
                for subnet in subnets.values()
                if subnet.default_for_az == "true" and zone in (None, subnet.availability_zone)
            ),
            None,
        )
        if subnet is not None:
            named["subnet"] = [subnet.id]
    if "security-group" not in named:
        wanted = call.params.get("SecurityGroups") or ["default"]
        vpc = next(
            (vpc.id for vpc in backend.vpcs.values() if vpc.is_default == "true" or vpc.is_default is True), None
        )
        groups = backend.groups.get(vpc, {}).values()
        found = [group.id for group in groups if group.name in wanted]
        if found:
            named["security-group"] = found


def _arn(template: str, call: Call, identifier: str) -> str:
    filled = (
        template.replace("{Partition}", "aws").replace("{Region}", call.region).replace("{Account}", call.account_id)
    )
    return re.sub(r"\{\w+\}", lambda _: identifier, filled)
