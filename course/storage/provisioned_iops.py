"""io1 and io2, Provisioned IOPS SSD: IOPS are bought, within a ratio to the size.

Every io2 volume is io2 Block Express since 30 April 2025; io1 is not.
Source: https://docs.aws.amazon.com/ebs/latest/userguide/provisioned-iops.html
"""

from __future__ import annotations

from course.data import figures, value
from course.storage.limits import between, volume_size

TYPES = ("io1", "io2")


def _checked(volume_type: str) -> str:
    if volume_type not in TYPES:
        raise ValueError(f"a Provisioned IOPS volume is io1 or io2, not {volume_type!r}")
    return volume_type


def max_iops(volume_type: str, size_gib: float, nitro: bool = True) -> int:
    """The most IOPS of an io1 or io2 volume: 50 or 1,000 per GiB, at most 64,000 or 256,000 (32,000 without Nitro)."""
    limits = figures(f"ebs.{_checked(volume_type)}")
    volume_size(volume_type, size_gib)
    ceiling = limits["max_iops" if nitro else "max_iops_without_nitro"].value
    return min(ceiling, int(limits["max_iops_per_gib"].value * size_gib))


def max_throughput(volume_type: str, iops: float) -> float:
    """The most MiB/s that `iops` provisioned IOPS can move on an io1 or io2 volume."""
    limits = figures(f"ebs.{_checked(volume_type)}")
    between(f"the IOPS of an {volume_type} volume", iops, limits["min_iops"].value, limits["max_iops"].value)
    if volume_type == "io2":
        return min(value("ebs.io2.max_throughput"), value("ebs.io2.max_throughput_per_iops") * iops)
    # io1 counts I/O of 256 KiB up to a plateau of 500 MiB/s; above 32,000 IOPS it grows again, by 16 KiB for each I/O.
    below = min(value("ebs.io1.plateau_throughput"), iops * value("ebs.io1.io_size_below_plateau") / 1024)
    above = iops * value("ebs.io1.io_size_above_plateau") / 1024
    return min(value("ebs.io1.max_throughput"), max(below, above))
