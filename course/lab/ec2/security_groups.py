"""Security groups as AWS makes, names, hands out and deletes them.

https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
"""

from __future__ import annotations

import re
import sys
from typing import Any

from moto.ec2.models.elastic_network_interfaces import NetworkInterface, NetworkInterfaceBackend
from moto.ec2.models.instances import Instance, InstanceBackend
from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupBackend

from course.data import value

from ..gate import Call, Refused, refuses, replaces
from .launch_requests import requested, subnet_of

_CHARACTERS = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*")


@replaces(SecurityGroupBackend, "create_security_group")
def members_reach_each_other(moto: Any, backend: SecurityGroupBackend, *args: Any, **kwargs: Any) -> SecurityGroup:
    """A VPC's default group lets its own members in on every port; moto's has no inbound rule at all."""
    group = moto(backend, *args, **kwargs)
    if group.is_default:
        backend.authorize_security_group_ingress(
            group.id,
            ip_protocol="-1",
            from_port=None,
            to_port=None,
            ip_ranges=[],
            source_groups=[{"GroupId": group.id}],
            vpc_id=group.vpc_id,
        )
    return group


@refuses("ec2", "CreateSecurityGroup")
def impossible_name(call: Call) -> None:
    """Names and descriptions have a length and a set of characters; default and sg-... are AWS's own."""
    name, description = call.params["GroupName"], call.params["Description"]
    for parameter, text, limit in (
        ("GroupName", name, "max_name"),
        ("GroupDescription", description, "max_description"),
    ):
        most = value(f"ec2.security_groups.{limit}")
        start = f"Value ({text}) for parameter {parameter} is invalid."
        if len(text) > most:
            raise Refused("InvalidParameterValue", f"{start} It has {len(text)} characters; the limit is {most}.")
        if not text.isascii():
            raise Refused("InvalidParameterValue", f"{start} Character sets beyond ASCII are not supported.")
        if not _CHARACTERS.fullmatch(text):
            raise Refused(
                "InvalidParameterValue", f"{start} Valid characters are a-zA-Z0-9, spaces and ._-:/()#,@[]+=&;{{}}!$*"
            )
    if name.lower() == "default":
        raise Refused("InvalidParameterValue", f"Cannot use reserved security group name: {name}")
    if name.startswith("sg-"):
        raise Refused(
            "InvalidParameterValue",
            f"Value ({name}) for parameter GroupName is invalid. Group names may not be in the format sg-*.",
        )


@refuses("ec2", "CreateSecurityGroup")
def name_taken(call: Call) -> None:
    """A name is used once per VPC, and the VPC must exist."""
    vpc_id = call.params.get("VpcId") or call.backend.get_default_vpc().id
    if vpc_id not in call.backend.vpcs:
        raise Refused("InvalidVpcID.NotFound", f"The vpc ID '{vpc_id}' does not exist")
    name = call.params["GroupName"]
    if any(group.name == name for group in call.backend.groups[vpc_id].values()):
        raise Refused("InvalidGroup.Duplicate", f"The security group '{name}' already exists for VPC '{vpc_id}'")


@refuses("ec2", "DeleteSecurityGroup")
def still_needed(call: Call) -> None:
    """The default group stays; so does a group that an interface, a load balancer or another group's rule uses."""
    group = group_of(call)
    if group.is_default:
        raise Refused(
            "CannotDelete", f'the specified group: "{group.id}" name: "{group.name}" cannot be deleted by a user'
        )
    interfaces = (eni for eni in call.backend.enis.values() if group in eni.group_set)
    if any(True for _ in interfaces) or _referenced(call.backend, group) or _before_a_load_balancer(call, group):
        raise Refused("DependencyViolation", f"resource {group.id} has a dependent object")


def _referenced(backend: Any, group: SecurityGroup) -> bool:
    return any(
        rule.source_group.get("GroupId") == group.id
        for groups in backend.groups.values()
        for other in groups.values()
        if other.id != group.id
        for rule in (*other.ingress_rules, *other.egress_rules)
    )


def _before_a_load_balancer(call: Call, group: SecurityGroup) -> bool:
    # moto's load balancers have no network interfaces. Asking for a backend would import the whole service.
    if "moto.elbv2.models" not in sys.modules:
        return False
    return any(group.id in (lb.security_groups or []) for lb in call.backend_of("elbv2").load_balancers.values())


def group_of(call: Call) -> SecurityGroup:
    """The group a call names by id, or by name in the default VPC; Refused where there is none."""
    group_id, name = call.params.get("GroupId"), call.params.get("GroupName")
    if not group_id and not name:
        raise Refused("MissingParameter", "The request must contain the parameter groupName or groupId")
    if group_id:
        return existing_group(call.backend, group_id)
    vpc_id = call.backend.get_default_vpc().id
    for group in call.backend.groups[vpc_id].values():
        if group.name == name:
            return group
    raise Refused("InvalidGroup.NotFound", f"The security group '{name}' does not exist in default VPC '{vpc_id}'")


def existing_group(backend: Any, group_id: str) -> SecurityGroup:
    """The group with this id in the Region; Refused where there is none."""
    if not re.fullmatch(r"sg-[0-9a-f]+", group_id):
        raise Refused("InvalidGroupId.Malformed", f'Invalid id: "{group_id}" (expecting "sg-...")')
    group = backend.get_security_group_from_id(group_id)
    if group is None:
        raise Refused("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")
    return group


def require_groups(backend: Any, group_ids: list[str], subnet: Any) -> None:
    """Raise Refused unless these groups can stand together before an interface in the subnet."""
    most = value("ec2.security_groups.per_network_interface")
    if len(set(group_ids)) > most:
        raise Refused(
            "SecurityGroupsPerInterfaceLimitExceeded",
            f"The maximum number of security groups per interface has been reached: {len(set(group_ids))} of {most}.",
        )
    for group_id in group_ids:
        group = existing_group(backend, group_id)
        if subnet is not None and group.vpc_id != subnet.vpc_id:
            raise Refused(
                "InvalidParameter",
                f"Security group {group_id} and subnet {subnet.id} belong to different networks.",
            )


@refuses("ec2", "CreateNetworkInterface")
def groups_of_an_interface(call: Call) -> None:
    """The groups of a new interface exist in its VPC, and are not too many."""
    require_groups(call.backend, call.params.get("Groups", []), call.backend.get_subnet(call.params["SubnetId"]))


@refuses("ec2", "ModifyNetworkInterfaceAttribute")
def new_groups_of_an_interface(call: Call) -> None:
    """As for a new interface."""
    interface = call.backend.get_network_interface(call.params["NetworkInterfaceId"])
    require_groups(call.backend, call.params.get("Groups", []), interface.subnet)


@refuses("ec2", "ModifyInstanceAttribute")
def new_groups_of_an_instance(call: Call) -> None:
    """As for its primary interface; with several interfaces, the groups are those of each interface."""
    groups = call.params.get("Groups", [])
    if groups:
        instance = call.backend.get_instance(call.params["InstanceId"])
        if len(instance.nics) > 1:
            raise Refused(
                "InvalidInstanceID",
                f"There are multiple interfaces attached to instance '{instance.id}'. "
                "Please specify an interface ID for the operation instead.",
            )
        require_groups(call.backend, groups, instance.nics[0].subnet)


@refuses("ec2", "RunInstances")
def groups_of_a_launch(call: Call) -> None:
    """The groups of a launch stand in its VPC; they are named for the launch or for each interface."""
    params = requested(call)
    interfaces, subnet = params.get("NetworkInterfaces", []), subnet_of(call, params)
    if interfaces and (params.get("SecurityGroupIds") or params.get("SecurityGroups")):
        raise Refused(
            "InvalidParameterCombination",
            "Network interfaces and an instance-level security groups may not be specified on the same request",
        )
    names = params.get("SecurityGroups", [])
    if names and subnet is not None:
        raise Refused("InvalidParameterCombination", "The parameter groupName cannot be used with the parameter subnet")
    vpc_id = call.backend.get_default_vpc().id if names else ""
    for name in names:
        if not any(name in (group.name, group.id) for group in call.backend.groups[vpc_id].values()):
            raise Refused(
                "InvalidGroup.NotFound", f"The security group '{name}' does not exist in default VPC '{vpc_id}'"
            )
    if subnet is None:
        subnet = next(iter(call.backend.get_default_subnets().values()), None)
    require_groups(call.backend, params.get("SecurityGroupIds", []), subnet)
    for wanted in interfaces:
        if not wanted.get("NetworkInterfaceId"):
            own = call.backend.get_subnet(wanted["SubnetId"]) if wanted.get("SubnetId") else subnet
            require_groups(call.backend, wanted.get("Groups", []), own)


@replaces(NetworkInterface, "group_set")
def own_groups(moto: Any, interface: NetworkInterface) -> list[SecurityGroup]:
    """moto adds the groups the instance was launched with, so a replaced group would never leave."""
    return interface._group_set


@replaces(InstanceBackend, "modify_instance_security_groups")
def through_the_primary_interface(moto: Any, backend: Any, instance_id: str, group_ids: list[str]) -> Instance:
    """The groups of an instance are those of its primary interface."""
    instance = moto(backend, instance_id, group_ids)
    instance.nics[0]._group_set = list(instance.security_groups)
    return instance


@replaces(NetworkInterfaceBackend, "modify_network_interface_attribute")
def shown_on_the_instance(moto: Any, backend: Any, eni_id: str, *args: Any, **kwargs: Any) -> None:
    """And the other way round."""
    moto(backend, eni_id, *args, **kwargs)
    interface = backend.get_network_interface(eni_id)
    if interface.instance is not None and interface.device_index == 0:
        interface.instance.security_groups = list(interface._group_set)
