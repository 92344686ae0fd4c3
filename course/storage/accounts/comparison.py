"""Everything that storage exercises can change in a Region, to see what an answer left behind."""

from __future__ import annotations

from collections.abc import Iterable

from course.storage.accounts.clients import client, ec2
from course.storage.accounts.ebs import attachments, shape, snapshots, volumes
from course.storage.accounts.ec2_instances import instances


def inventory(region: str = "us-east-1") -> dict:
    """What a Region holds, to compare later with `changes`: each kind of resource by id, as plain data.

    The DeleteOnTermination flags of attachments are left out: the lesson's exercises may set them.
    """
    compute, files = ec2(region), client("efs", region)
    groups = compute.describe_security_groups()["SecurityGroups"]
    images = compute.describe_images(Owners=["self"])["Images"]
    return {
        "region": region,
        "volumes": {
            one: (shape(one, region), found["AvailabilityZone"], found["Encrypted"], attachments(one, region))
            for one, found in volumes(region).items()
        },
        "snapshots": dict.fromkeys(snapshots(region), ""),
        "images": {image["ImageId"]: image["Public"] for image in images},
        "instances": instances(region),
        "groups": {group["GroupId"]: (group["IpPermissions"], group["IpPermissionsEgress"]) for group in groups},
        "file systems": {one["FileSystemId"]: one["Encrypted"] for one in files.describe_file_systems()["FileSystems"]},
        "encryption by default": {region: compute.get_ebs_encryption_by_default()["EbsEncryptionByDefault"]},
    }


def changes(before: dict, apart_from: Iterable[str] = ()) -> dict[str, set[str]]:
    """The ids of what was added, removed or altered in a Region since `before`, by kind; kinds without any are left out."""
    now = inventory(before["region"])
    altered = {
        kind: {one for one in before[kind].keys() | now[kind].keys() if before[kind].get(one) != now[kind].get(one)}
        for kind in before
        if kind != "region" and kind not in apart_from
    }
    return {kind: ids for kind, ids in altered.items() if ids}
