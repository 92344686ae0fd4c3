"""gp3, General Purpose SSD: 3,000 IOPS and 125 MiB/s at any size, more of each bought separately.

Source: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
"""

from __future__ import annotations

from course.data import value
from course.storage.limits import between, volume_size


def max_iops(size_gib: float) -> int:
    """The most IOPS that can be provisioned on `size_gib` (1 to 65,536 GiB): 500 per GiB, from 3,000 to 80,000."""
    volume_size("gp3", size_gib)
    by_size = int(value("ebs.gp3.max_iops_per_gib") * size_gib)
    return min(value("ebs.gp3.max_iops"), max(value("ebs.gp3.min_iops"), by_size))


def max_throughput(iops: float) -> float:
    """The most MiB/s that can be provisioned with `iops` (3,000 to 80,000): 0.25 for each of them, at most 2,000."""
    between("the IOPS of a gp3 volume", iops, value("ebs.gp3.min_iops"), value("ebs.gp3.max_iops"))
    return min(value("ebs.gp3.max_throughput"), value("ebs.gp3.max_throughput_per_iops") * iops)
