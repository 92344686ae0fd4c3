"""EFS mount targets: one per Availability Zone, in one VPC, with at most five security groups of that VPC.

https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

from moto.ec2.exceptions import InvalidSubnetIdError
from moto.efs.models import MountTarget

from course.data import value

from ..gate import Call, Refused, refuses, replaces


@refuses("efs", "CreateMountTarget")
def impossible_mount_target(call: Call) -> None:
    """File system and subnet must exist; a One Zone file system has its mount target in its own zone only."""
    params = call.params
    fs = call.backend.file_systems_by_id.get(params["FileSystemId"])
    if fs is None:
        raise Refused("FileSystemNotFound", f"File system '{params['FileSystemId']}' does not exist.", 404)
    try:
        subnet = call.backend_of("ec2").get_subnet(params["SubnetId"])
    except InvalidSubnetIdError:
        raise Refused("SubnetNotFound", f"The subnet ID '{params['SubnetId']}' does not exist") from None
    if fs.availability_zone_name and fs.availability_zone_name != subnet.availability_zone:
        raise Refused(
            "AvailabilityZonesMismatch",
            f"File system '{fs.file_system_id}' is One Zone in {fs.availability_zone_name}; subnet '{subnet.id}' is in {subnet.availability_zone}.",
        )
    for other in fs.iter_mount_targets():
        if other.vpc_id != subnet.vpc_id:
            raise Refused(
                "MountTargetConflict",
                "requested subnet for new mount target is not in the same VPC as existing mount targets",
                409,
            )
        if other.availability_zone_name == subnet.availability_zone:
            raise Refused("MountTargetConflict", "mount target already exists in this AZ", 409)
    require_address(subnet, params.get("IpAddress"))
    require_security_groups(call, params.get("SecurityGroups"), subnet.vpc_id)


def require_address(subnet: Any, address: str | None) -> None:
    """Raise Refused for an address outside the subnet or taken. moto would find out after it made half a mount target."""
    if address is None:
        return
    if ip_address(address) not in ip_network(subnet.cidr_block):
        raise Refused("BadRequest", "Address does not fall within the subnet's address range")
    if address in subnet._subnet_ips or ip_address(address) in list(ip_network(subnet.cidr_block))[:4]:
        raise Refused("IpAddressInUse", f"The address {address} is already in use.", 409)


def require_security_groups(call: Call, groups: list[str] | None, vpc_id: str) -> None:
    """Raise Refused for too many groups, or one that does not exist in the VPC."""
    most = value("efs.access.max_security_groups")
    if len(groups or []) > most:
        raise Refused(
            "SecurityGroupLimitExceeded",
            f"A mount target has at most {most} security groups; {len(groups)} were given.",
        )
    for group_id in groups or []:
        group = call.backend_of("ec2").get_security_group_from_id(group_id)
        if group is None or group.vpc_id != vpc_id:
            raise Refused(
                "SecurityGroupNotFound", f"The SecurityGroup ID '{group_id}' does not exist in VPC '{vpc_id}'"
            )


@refuses("efs", "ModifyMountTargetSecurityGroups")
def impossible_security_groups(call: Call) -> None:
    """The same limits as at creation."""
    target = call.backend.mount_targets_by_id.get(call.params["MountTargetId"])
    if target is None:
        raise Refused("MountTargetNotFound", f"Mount target '{call.params['MountTargetId']}' does not exist.", 404)
    require_security_groups(call, call.params.get("SecurityGroups"), target.vpc_id)


@replaces(MountTarget, "__init__")
def default_group(
    moto: Any,
    target: MountTarget,
    account_id: str,
    file_system: Any,
    subnet: Any,
    address: Any,
    groups: list[str] | None,
) -> None:
    """A mount target without security groups gets the default group of its VPC; moto leaves it with none."""
    default = subnet.ec2_backend.get_security_group_from_name("default", vpc_id=subnet.vpc_id)
    moto(target, account_id, file_system, subnet, address, groups or [default.id])
