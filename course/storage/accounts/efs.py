"""EFS file systems of an account, and who may connect to them."""

from __future__ import annotations

from collections.abc import Iterable

from course.storage.accounts.clients import client, ec2


def file_system(file_system_id, region: str = "us-east-1") -> dict:
    """What an EFS file system is, as plain data: encrypted, throughput mode, who may connect to the mount target in
    each Availability Zone, as (group id, prefix list or CIDR, protocol, first port, last port), and its lifecycle
    rules. Empty if there is no such file system."""
    efs = client("efs", region)
    found = {one["FileSystemId"]: one for one in efs.describe_file_systems()["FileSystems"]}
    if not isinstance(file_system_id, str) or file_system_id not in found:
        return {}
    clients = {}
    for target in efs.describe_mount_targets(FileSystemId=file_system_id)["MountTargets"]:
        groups = efs.describe_mount_target_security_groups(MountTargetId=target["MountTargetId"])["SecurityGroups"]
        clients[target["AvailabilityZoneName"]] = allowed_in(groups, region)
    rules = efs.describe_lifecycle_configuration(FileSystemId=file_system_id)["LifecyclePolicies"]
    return {
        "encrypted": found[file_system_id]["Encrypted"],
        "throughput_mode": found[file_system_id]["ThroughputMode"],
        "clients": clients,
        "lifecycle": {name: days for rule in rules for name, days in rule.items()},
    }


def allowed_in(groups: Iterable[str], region: str = "us-east-1") -> set[tuple[str, str, int, int]]:
    """Who may connect through these security groups together, as (source, protocol, first port, last port)."""
    allowed = set()
    for group in ec2(region).describe_security_groups(GroupIds=sorted(groups))["SecurityGroups"]:
        for rule in group["IpPermissions"]:
            ports = (rule["IpProtocol"], rule.get("FromPort", 0), rule.get("ToPort", 65535))
            sources = [pair["GroupId"] for pair in rule["UserIdGroupPairs"]]
            sources += [one["CidrIp"] for one in rule["IpRanges"]]
            sources += [one["CidrIpv6"] for one in rule.get("Ipv6Ranges", [])]
            sources += [one["PrefixListId"] for one in rule.get("PrefixListIds", [])]
            allowed |= {(source, *ports) for source in sources}
    return allowed
