"""Prepared accounts for the storage exercises, and plain views of what an account holds.

Each preparing function starts from an empty account and returns the ids that an exercise needs.
They use boto3 as anybody would, so they work against any endpoint.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from functools import cache

from course.storage.persistence import default_delete_on_termination


@cache
def _client(service: str, region: str):
    # Kept: making a client takes longer than most calls, and one lives through every reset of the account.
    import boto3

    return boto3.client(service, region_name=region)


def _ec2(region: str):
    return _client("ec2", region)


def _image(ec2, name: str) -> dict:
    found = ec2.describe_images(Owners=["amazon"], Filters=[{"Name": "name", "Values": [name]}])["Images"]
    if not found:
        raise LookupError(f"the account has no AMI named {name!r}")
    return found[0]


_numbers = itertools.count(1)


def empty() -> None:
    """An account with nothing in it but the default VPCs. Each has ids of its own, so that none can be learnt by heart."""
    from course import lab

    lab.reset(seed=next(_numbers))


def servers(
    count: int = 1,
    zone: str = "us-east-1a",
    image: str = "al2023-ami-*-x86_64",
    scratch: str | None = None,
    instance_type: str = "m5.large",
) -> list[str]:
    """A fresh account with `count` running instances in `zone`; their ids.

    `scratch` is the device name of a second volume of 20 GiB, given at launch as the API does it.
    """
    empty()
    return launch(count, zone, image, scratch, instance_type)


def launch(
    count: int,
    zone: str,
    image: str = "al2023-ami-*-x86_64",
    scratch: str | None = None,
    instance_type: str = "m5.large",
) -> list[str]:
    """Launch `count` instances in `zone` of the account as it is; their ids."""
    ec2 = _ec2(zone[:-1])
    devices = [{"DeviceName": scratch, "Ebs": {"VolumeSize": 20, "VolumeType": "gp3"}}] if scratch else []
    launched = ec2.run_instances(
        ImageId=_image(ec2, image)["ImageId"],
        InstanceType=instance_type,
        MinCount=count,
        MaxCount=count,
        Placement={"AvailabilityZone": zone},
        BlockDeviceMappings=devices,
    )
    return [instance["InstanceId"] for instance in launched["Instances"]]


def attached_volume(instance_id: str, zone: str, device: str = "/dev/sdf", **volume) -> str:
    """Create a volume as boto3's create_volume takes it, attach it to the instance, and return its id."""
    ec2 = _ec2(zone[:-1])
    volume_id = ec2.create_volume(AvailabilityZone=zone, **volume)["VolumeId"]
    ec2.attach_volume(VolumeId=volume_id, InstanceId=instance_id, Device=device)
    return volume_id


def mixed_volumes(region: str = "us-east-1", in_order: int = 0) -> dict:
    """A fresh account with volumes in several states; ids by what is wrong with them.

    "unattached" are paid for and used by nobody, "wasted_gib" is their size, "unencrypted" are attached and not
    encrypted, "gp2" are attached and of the older type. Root volumes are encrypted gp3 here. `in_order` (at most 11)
    is the number of further volumes, made first, with which nothing is wrong.
    """
    empty()
    first, second = f"{region}a", f"{region}b"
    ec2 = _ec2(region)
    ec2.enable_ebs_encryption_by_default()
    (spare,), (server,) = launch(1, second), launch(1, first)
    for volume_id in volumes(region):
        ec2.modify_volume(VolumeId=volume_id, VolumeType="gp3")
    ec2.disable_ebs_encryption_by_default()
    for letter in "fghijklmnop"[:in_order]:
        attached_volume(spare, second, f"/dev/sd{letter}", Size=10, VolumeType="gp3", Encrypted=True)
    kinds = (
        ("gp3", 200 + in_order, True, first),
        ("gp2", 50, False, first),
        ("io2", 20, True, second),
    )
    unattached = {
        create_volume(zone, Size=size, VolumeType=kind, Encrypted=encrypted, **({"Iops": 500} if kind == "io2" else {}))
        for kind, size, encrypted, zone in kinds
    }
    plain = attached_volume(server, first, "/dev/sdf", Size=100, VolumeType="gp3", Encrypted=False)
    older = attached_volume(server, first, "/dev/sdg", Size=500, VolumeType="gp2", Encrypted=True)
    both = attached_volume(server, first, "/dev/sdh", Size=80, VolumeType="gp2", Encrypted=False)
    attached_volume(server, first, "/dev/sdi", Size=30, VolumeType="io2", Iops=500, Encrypted=True)
    return {
        "unattached": unattached,
        "wasted_gib": sum(size for _, size, _, _ in kinds),
        "unencrypted": {plain, both},
        "gp2": {older, both},
    }


def create_volume(zone: str, **volume) -> str:
    """Create a volume as boto3's create_volume takes it; its id."""
    return _ec2(zone[:-1]).create_volume(AvailabilityZone=zone, **volume)["VolumeId"]


def snapshot(volume_id: str, region: str = "us-east-1") -> str:
    """Take a snapshot of the volume; its id."""
    return _ec2(region).create_snapshot(VolumeId=volume_id)["SnapshotId"]


def snapshots(region: str = "us-east-1") -> set[str]:
    """The ids of the account's own snapshots in a Region."""
    return {found["SnapshotId"] for found in _ec2(region).describe_snapshots(OwnerIds=["self"])["Snapshots"]}


def volumes(region: str = "us-east-1") -> dict[str, dict]:
    """All volumes of a Region by id, each as plain data: what describe_volumes says, without times."""
    pages = _ec2(region).get_paginator("describe_volumes").paginate()
    return {volume["VolumeId"]: _without_times(volume) for page in pages for volume in page["Volumes"]}


def volume(volume_id, region: str = "us-east-1") -> dict:
    """One volume as plain data; empty if `volume_id` is not the id of one, whatever it is instead."""
    return volumes(region).get(volume_id, {}) if isinstance(volume_id, str) else {}


def shape(volume_id, region: str = "us-east-1") -> tuple:
    """Type, GiB, IOPS and MiB/s of a volume; None for what it does not have."""
    found = volume(volume_id, region)
    return tuple(found.get(key) for key in ("VolumeType", "Size", "Iops", "Throughput"))


def is_encrypted_when_new(region: str) -> bool:
    """Create a small volume in the Region without a word about encryption, and say whether it is encrypted."""
    created = create_volume(f"{region}a", Size=1, VolumeType="gp3")
    return volumes(region)[created]["Encrypted"]


def attachments(volume_id: str, region: str = "us-east-1") -> dict[str, str]:
    """The device name of a volume by the instance it is attached to; empty if it is not attached or not there."""
    found = volume(volume_id, region).get("Attachments", [])
    return {attachment["InstanceId"]: attachment["Device"] for attachment in found}


def root_device(instance_id: str, region: str = "us-east-1") -> tuple[str, str]:
    """The device name of an instance's root volume, and the volume's id."""
    instance = _instance(instance_id, region)
    name = instance["RootDeviceName"]
    mapped = {mapping["DeviceName"]: mapping["Ebs"]["VolumeId"] for mapping in instance["BlockDeviceMappings"]}
    return name, mapped[name]


def root_volume(instance_id: str, region: str = "us-east-1") -> str:
    """The id of an instance's root volume."""
    return root_device(instance_id, region)[1]


def instances(region: str = "us-east-1") -> dict[str, tuple[str, str]]:
    """All instances of a Region by id: their type and state."""
    found = (
        one for reservation in _ec2(region).describe_instances()["Reservations"] for one in reservation["Instances"]
    )
    return {one["InstanceId"]: (one["InstanceType"], one["State"]["Name"]) for one in found}


def bin_after_deleting(snapshot_id: str, region: str = "us-east-1") -> set[str]:
    """Delete a snapshot; the ids of the snapshots that are in Recycle Bin afterwards."""
    ec2 = _ec2(region)
    ec2.delete_snapshot(SnapshotId=snapshot_id)
    return {one["SnapshotId"] for one in ec2.list_snapshots_in_recycle_bin()["Snapshots"]}


def retention_days(region: str = "us-east-1") -> list[tuple[str, int]]:
    """The retention rules of a Region as (resource type, days)."""
    rbin = _client("rbin", region)
    rules = [
        rbin.get_rule(Identifier=rule["Identifier"])
        for kind in ("EBS_SNAPSHOT", "EC2_IMAGE", "EBS_VOLUME")
        for rule in rbin.list_rules(ResourceType=kind)["Rules"]
    ]
    return [(rule["ResourceType"], rule["RetentionPeriod"]["RetentionPeriodValue"]) for rule in rules]


def state(instance_id: str, region: str = "us-east-1") -> str:
    """The state of an instance: "running", "stopped", "terminated", …"""
    return _instance(instance_id, region)["State"]["Name"]


def _instance(instance_id, region: str) -> dict:
    if not isinstance(instance_id, str):
        raise TypeError(f"an instance id was expected, not {instance_id!r}")
    (reservation,) = _ec2(region).describe_instances(InstanceIds=[instance_id])["Reservations"]
    return reservation["Instances"][0]


def flags(*questions: tuple[str, str, str]) -> tuple[bool, ...]:
    """What DeleteOnTermination is when nobody sets it, for (root or data, at launch or later, console or api)."""
    return tuple(default_delete_on_termination(kind == "root", when, how) for kind, when, how in questions)


def terminate(instance_ids: Iterable[str], region: str = "us-east-1") -> None:
    """Terminate the instances, as an exercise does to see what is left."""
    _ec2(region).terminate_instances(InstanceIds=list(instance_ids))


def web_network(region: str = "us-east-1") -> dict:
    """A fresh account with what a file system needs around it: the ids of the default VPC, one subnet in each
    Availability Zone, and the security group of the web servers."""
    empty()
    ec2 = _ec2(region)
    subnets = ec2.describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"]
    vpc = subnets[0]["VpcId"]
    web = ec2.create_security_group(GroupName="web", Description="web servers", VpcId=vpc)["GroupId"]
    return {"vpc": vpc, "subnets": {s["AvailabilityZone"]: s["SubnetId"] for s in subnets}, "web": web}


def file_system(file_system_id, region: str = "us-east-1") -> dict:
    """What an EFS file system is, as plain data: encrypted, throughput mode, who may connect to the mount target in
    each Availability Zone, as (group id, prefix list or CIDR, protocol, first port, last port), and its lifecycle
    rules. Empty if there is no such file system."""
    efs = _client("efs", region)
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


def file_systems(region: str = "us-east-1") -> int:
    """The number of EFS file systems in a Region."""
    return len(_client("efs", region).describe_file_systems()["FileSystems"])


def allowed_in(groups: Iterable[str], region: str = "us-east-1") -> set[tuple[str, str, int, int]]:
    """Who may connect through these security groups together, as (source, protocol, first port, last port)."""
    allowed = set()
    for group in _ec2(region).describe_security_groups(GroupIds=sorted(groups))["SecurityGroups"]:
        for rule in group["IpPermissions"]:
            ports = (rule["IpProtocol"], rule.get("FromPort", 0), rule.get("ToPort", 65535))
            sources = [pair["GroupId"] for pair in rule["UserIdGroupPairs"]]
            sources += [one["CidrIp"] for one in rule["IpRanges"]]
            sources += [one["CidrIpv6"] for one in rule.get("Ipv6Ranges", [])]
            sources += [one["PrefixListId"] for one in rule.get("PrefixListIds", [])]
            allowed |= {(source, *ports) for source in sources}
    return allowed


def _without_times(description: dict) -> dict:
    return {
        key: [_without_times(item) for item in value] if isinstance(value, list) and key != "Tags" else value
        for key, value in description.items()
        if key not in ("CreateTime", "AttachTime", "StartTime")
    }
