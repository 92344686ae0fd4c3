"""The Amazon Machine Images of the offline account, and the block device mapping each image really has.

moto brings 1,300 images of 2017 and gives every one a 15 GiB magnetic root volume. Here each Region has a few current
ones with ids of its own, so that an id from one Region is unknown in another, as on AWS.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIs.html
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from moto.ec2.models.amis import Ami, AmiBackend
from moto.utilities.utils import load_resource

from course.data import value

from ..gate import replaces


@cache
def _catalogue() -> list[dict]:
    return tomllib.loads(resources.files(__package__).joinpath("images.toml").read_text(encoding="utf-8"))["image"]


@cache
def _amazon_linux(region: str) -> dict[str, str]:
    """AWS's own ids of Amazon Linux 2023 by name, which moto's Parameter Store names too; none for a newer Region."""
    try:
        latest = load_resource(f"ec2/resources/latest_amis/{region}.json")
    except FileNotFoundError:
        return {}
    return {image["name"]: image["ami_id"] for image in latest if image["name"].startswith("al2023-ami-")}


def image_id(region: str, name: str) -> str:
    """The id of a catalogue image in a Region: AWS's where moto knows it, else 17 hex digits from Region and name."""
    derived = hashlib.sha256(f"{region} {name}".encode()).hexdigest()[:16]
    return _amazon_linux(region).get(name, f"ami-0{derived}")


def _offered(region: str) -> list[dict]:
    offered = {image["name"]: image for image in _catalogue()}
    for name in _amazon_linux(region):
        model = _catalogue()[1 if name.endswith("arm64") else 0]
        offered.setdefault(
            name, {**model, "name": name, "description": name.replace("al2023-ami-", "Amazon Linux 2023 AMI ")}
        )
    return list(offered.values())


@replaces(AmiBackend, "_load_amis")
def load_images(moto: Any, backend: AmiBackend) -> None:
    """Fill a new Region with the offered images."""
    for image in _offered(backend.region_name):
        ami = Ami(
            backend,
            image_id(backend.region_name, image["name"]),
            name=image["name"],
            description=image["description"],
            owner_id=image["owner_id"],
            owner_alias="amazon",
            public=True,
            virtualization_type="hvm",
            architecture=image["architecture"],
            platform=image.get("platform"),
            image_location=f"amazon/{image['name']}",
            hypervisor="xen",
            root_device_type="ebs",
            root_device_name=image["root_device_name"],
        )
        ami.ebs_snapshot.volume.size = image["root_size"]
        ami.mapping = [mapped(image["root_device_name"], ami.ebs_snapshot, image["root_type"])]
        backend.amis[ami.id] = ami


def mapped(
    device: str,
    snapshot: Any,
    volume_type: str,
    delete: bool = True,
    iops: int | None = None,
    throughput: int | None = None,
) -> dict:
    """One entry of a block device mapping, in AWS's shape; IOPS and throughput only where the type takes them."""
    ebs = {
        "SnapshotId": snapshot.id,
        "VolumeSize": snapshot.volume_size,
        "VolumeType": volume_type,
        "DeleteOnTermination": delete,
        "Encrypted": snapshot.encrypted,
    }
    if volume_type in value("ebs.types.takes_iops") and iops:
        ebs["Iops"] = iops
    if volume_type in value("ebs.types.takes_throughput") and throughput:
        ebs["Throughput"] = throughput
    return {"DeviceName": device, "Ebs": ebs}


@replaces(Ami, "block_device_mappings")
def real_mapping(moto: Any, ami: Ami) -> list[dict]:
    """The mapping the lab keeps; for an image made in a way the lab does not know, its one snapshot."""
    known = ami.__dict__.get("mapping")
    if known is not None:
        return known
    return [mapped(ami.root_device_name, ami.ebs_snapshot, value("ebs.types.api_default"))]
