"""What each EBS volume type can deliver for ever at a given size, and why a type does not fit a need."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from functools import partial

from course.data import figures, value
from course.storage import gp2, gp3, hdd, provisioned_iops
from course.storage.limits import at_least, volume_size

SSD = ("gp2", "gp3", "io1", "io2")
HDD = hdd.TYPES
TYPES = SSD + HDD


@dataclass(frozen=True)
class Ceiling:
    """The most a volume of one type and size delivers without credits: IOPS and MiB/s."""

    iops: float
    throughput: float


def ceiling(volume_type: str, size_gib: float) -> Ceiling:
    """The sustained ceiling of a volume; for gp3, io1 and io2 with as many IOPS bought as the size allows.

    What the instance can drive is a limit of its own and is not counted here.
    """
    if volume_type == "gp2":
        iops = gp2.baseline_iops(size_gib)
        return Ceiling(iops, gp2.throughput(size_gib, iops, value("ebs.io.max_ssd")))
    if volume_type == "gp3":
        iops = gp3.max_iops(size_gib)
        return Ceiling(iops, gp3.max_throughput(iops))
    if volume_type in provisioned_iops.TYPES:
        iops = provisioned_iops.max_iops(volume_type, size_gib)
        return Ceiling(iops, provisioned_iops.max_throughput(volume_type, iops))
    if volume_type in hdd.TYPES:
        base = hdd.base_throughput(volume_type, size_gib)
        # HDD volumes count 1 MiB as one I/O, so sustained IOPS and MiB/s are the same number.
        return Ceiling(min(base, figures(f"ebs.{volume_type}")["max_iops"].value), base)
    raise ValueError(f"{volume_type!r} is not a current volume type; there are: {', '.join(TYPES)}")


@dataclass(frozen=True)
class Need:
    """What a workload needs of one volume: GiB, sustained IOPS and MiB/s, and what it must be able to do."""

    size_gib: float
    iops: float = 0
    throughput: float = 0
    boot: bool = False
    multi_attach: bool = False

    def __post_init__(self) -> None:
        at_least("size_gib", self.size_gib, 1)
        at_least("iops", self.iops, 0)
        at_least("throughput", self.throughput, 0)


def shortfalls(volume_type: str, need: Need) -> list[str]:
    """Why a volume of this type and the needed size cannot serve `need`, one sentence each; empty if it can."""
    try:
        volume_size(volume_type, need.size_gib)
    except ValueError as wrong_size:
        return [str(wrong_size)]
    most = ceiling(volume_type, need.size_gib)
    reasons = []
    if need.iops > most.iops:
        reasons.append(f"{need.iops:,.0f} IOPS wanted, {most.iops:,.0f} is the most at {need.size_gib:,} GiB")
    if need.throughput > most.throughput:
        reasons.append(
            f"{need.throughput:,.0f} MiB/s wanted, {most.throughput:,.0f} is the most at {need.size_gib:,} GiB"
        )
    if need.boot and volume_type not in value("ebs.types.bootable"):
        reasons.append("cannot be a boot volume")
    if need.multi_attach and volume_type not in value("ebs.multi_attach.types"):
        reasons.append("cannot be attached to several instances")
    return reasons


def provisioned(volume_type: str, need: Need) -> tuple[float | None, float | None]:
    """The fewest IOPS and MiB/s to provision for `need`, None for what the type does not let you choose.

    More IOPS than needed may be bought because the throughput depends on them. ValueError where the type falls short.
    """
    reasons = shortfalls(volume_type, need)
    if reasons:
        raise ValueError(f"{volume_type} cannot serve this need: {'; '.join(reasons)}")
    if volume_type not in value("ebs.types.takes_iops"):
        return None, None
    limits = figures(f"ebs.{volume_type}")
    enough = range(max(limits["min_iops"].value, math.ceil(need.iops)), limits["max_iops"].value + 1)
    reach = gp3.max_throughput if volume_type == "gp3" else partial(provisioned_iops.max_throughput, volume_type)
    iops = enough[bisect_left(enough, need.throughput, key=reach)]
    if volume_type not in value("ebs.types.takes_throughput"):
        return iops, None
    return iops, max(limits["min_throughput"].value, need.throughput)
