"""Fresh accounts, each prepared for an exercise. Ids differ from one to the next, so that none can be learnt by heart."""

from __future__ import annotations

import itertools

from course.storage.accounts.clients import ec2
from course.storage.accounts.ebs import attached_volume, create_volume, volumes

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
    compute = ec2(zone[:-1])
    devices = [{"DeviceName": scratch, "Ebs": {"VolumeSize": 20, "VolumeType": "gp3"}}] if scratch else []
    launched = compute.run_instances(
        ImageId=_image(compute, image)["ImageId"],
        InstanceType=instance_type,
        MinCount=count,
        MaxCount=count,
        Placement={"AvailabilityZone": zone},
        BlockDeviceMappings=devices,
    )
    return [instance["InstanceId"] for instance in launched["Instances"]]


def mixed_volumes(region: str = "us-east-1", in_order: int = 0) -> dict:
    """A fresh account with volumes in several states; ids by what is wrong with them.

    "unattached" are paid for and used by nobody, "wasted_gib" is their size, "unencrypted" are attached and not
    encrypted, "gp2" are attached and of the older type. Root volumes are encrypted gp3 here. `in_order` (at most 11)
    is the number of further volumes, made first, with which nothing is wrong.
    """
    empty()
    first, second = f"{region}a", f"{region}b"
    compute = ec2(region)
    compute.enable_ebs_encryption_by_default()
    (spare,), (server,) = launch(1, second), launch(1, first)
    for volume_id in volumes(region):
        compute.modify_volume(VolumeId=volume_id, VolumeType="gp3")
    compute.disable_ebs_encryption_by_default()
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


def web_network(region: str = "us-east-1") -> dict:
    """A fresh account with what a file system needs around it: the ids of the default VPC, one subnet in each
    Availability Zone, and the security group of the web servers."""
    empty()
    compute = ec2(region)
    subnets = compute.describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"]
    vpc = subnets[0]["VpcId"]
    web = compute.create_security_group(GroupName="web", Description="web servers", VpcId=vpc)["GroupId"]
    return {"vpc": vpc, "subnets": {s["AvailabilityZone"]: s["SubnetId"] for s in subnets}, "web": web}


def _image(compute, name: str) -> dict:
    found = compute.describe_images(Owners=["amazon"], Filters=[{"Name": "name", "Values": [name]}])["Images"]
    if not found:
        raise LookupError(f"the account has no AMI named {name!r}")
    return found[0]
