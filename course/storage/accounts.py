"""Prepared accounts for the storage exercises, and plain views of what an account holds.

Each preparing function starts from an empty account and returns the ids that an exercise needs.
They use boto3 as anybody would, so they work against any endpoint.
"""

from __future__ import annotations

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


def empty() -> None:
    """An account with nothing in it but the default VPCs."""
    from course import lab

    lab.reset()


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


def mixed_volumes(region: str = "us-east-1", extra: int = 0) -> dict[str, set[str]]:
    """A fresh account with volumes in several states, and `extra` more that are in order; ids by what is wrong with them.

    "unattached" are paid for and used by nobody, "unencrypted" are attached and not encrypted, "gp2" are attached
    and of the older type. Root volumes are encrypted gp3 here.
    """
    empty()
    zone = f"{region}a"
    ec2 = _ec2(region)
    ec2.enable_ebs_encryption_by_default()
    (server,) = launch(1, zone)
    for volume in volumes(region).values():
        ec2.modify_volume(VolumeId=volume["VolumeId"], VolumeType="gp3")
    ec2.disable_ebs_encryption_by_default()
    wrong = {
        "unattached": {
            ec2.create_volume(AvailabilityZone=zone, Size=200, VolumeType="gp3", Encrypted=True)["VolumeId"],
            ec2.create_volume(AvailabilityZone=zone, Size=50, VolumeType="gp2", Encrypted=False)["VolumeId"],
        },
        "unencrypted": {attached_volume(server, zone, "/dev/sdf", Size=100, VolumeType="gp3", Encrypted=False)},
        "gp2": {attached_volume(server, zone, "/dev/sdg", Size=500, VolumeType="gp2", Encrypted=True)},
    }
    both = attached_volume(server, zone, "/dev/sdh", Size=80, VolumeType="gp2", Encrypted=False)
    wrong["unencrypted"].add(both)
    wrong["gp2"].add(both)
    attached_volume(server, zone, "/dev/sdi", Size=30, VolumeType="io2", Iops=500, Encrypted=True)
    for number in range(extra):
        attached_volume(server, zone, f"/dev/sd{'jklmnop'[number]}", Size=10 + number, VolumeType="gp3", Encrypted=True)
    return wrong


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


def file_system(file_system_id: str, region: str = "us-east-1") -> dict:
    """What an EFS file system is, as plain data: encrypted, throughput mode, zones of its mount targets,
    who may reach them (group ids and address ranges), and its lifecycle policies; empty if there is none."""
    if not isinstance(file_system_id, str):
        return {}

    efs, ec2 = _client("efs", region), _ec2(region)
    (found,) = efs.describe_file_systems(FileSystemId=file_system_id)["FileSystems"]
    targets = efs.describe_mount_targets(FileSystemId=file_system_id)["MountTargets"]
    groups = {
        group
        for target in targets
        for group in efs.describe_mount_target_security_groups(MountTargetId=target["MountTargetId"])["SecurityGroups"]
    }
    policies = efs.describe_lifecycle_configuration(FileSystemId=file_system_id)["LifecyclePolicies"]
    return {
        "encrypted": found["Encrypted"],
        "throughput_mode": found["ThroughputMode"],
        "zones": {target["AvailabilityZoneName"] for target in targets},
        "clients": _clients(ec2, groups),
        "lifecycle": {key: days for policy in policies for key, days in policy.items()},
    }


def _clients(ec2, groups: set[str]) -> set[tuple[str, str, int, int]]:
    """Who may connect through the groups, as (group id or CIDR, protocol, first port, last port)."""
    if not groups:
        return set()
    allowed = set()
    for group in ec2.describe_security_groups(GroupIds=sorted(groups))["SecurityGroups"]:
        for rule in group["IpPermissions"]:
            ports = (rule["IpProtocol"], rule.get("FromPort", 0), rule.get("ToPort", 65535))
            sources = [pair["GroupId"] for pair in rule["UserIdGroupPairs"]]
            sources += [range_["CidrIp"] for range_ in rule["IpRanges"]]
            sources += [range_["CidrIpv6"] for range_ in rule.get("Ipv6Ranges", [])]
            allowed |= {(source, *ports) for source in sources}
    return allowed


def _without_times(description: dict) -> dict:
    return {
        key: [_without_times(item) for item in value] if isinstance(value, list) and key != "Tags" else value
        for key, value in description.items()
        if key not in ("CreateTime", "AttachTime", "StartTime")
    }
