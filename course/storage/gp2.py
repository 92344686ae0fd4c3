"""gp2, General Purpose SSD: IOPS follow the size, and small volumes burst from a bucket of I/O credits.

Source: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from course.data import value
from course.storage.limits import at_least, between, volume_size


def baseline_iops(size_gib: float) -> int:
    """IOPS that a gp2 volume of `size_gib` (1 to 16,384 GiB) delivers for ever: 3 per GiB, from 100 to 16,000."""
    volume_size("gp2", size_gib)
    by_size = math.floor(value("ebs.gp2.iops_per_gib") * size_gib)
    return min(value("ebs.gp2.max_iops"), max(value("ebs.gp2.min_iops"), by_size))


def burst_iops(size_gib: float) -> int:
    """The most IOPS the volume delivers while it has credits: 3,000, or its baseline where that is higher."""
    return max(value("ebs.gp2.burst_iops"), baseline_iops(size_gib))


def burst_seconds(size_gib: float, demand_iops: float = 3000) -> float:
    """Seconds that a full bucket carries `demand_iops` (at most 3,000 count); infinite where the baseline suffices."""
    at_least("demand_iops", demand_iops, 0)
    spent = min(demand_iops, burst_iops(size_gib)) - baseline_iops(size_gib)
    return value("ebs.gp2.bucket_credits") / spent if spent > 0 else math.inf


def refill_seconds(size_gib: float) -> float:
    """Seconds until an empty bucket is full again when the volume does no I/O: credits come at the baseline rate."""
    return value("ebs.gp2.bucket_credits") / baseline_iops(size_gib)


def max_throughput(size_gib: float) -> int:
    """MiB/s the volume can reach: 128 up to 170 GiB, else 250 (below 334 GiB only while there are credits)."""
    volume_size("gp2", size_gib)
    small = size_gib <= value("ebs.gp2.small_throughput_size")
    return value("ebs.gp2.small_throughput" if small else "ebs.gp2.max_throughput")


def throughput(size_gib: float, iops: float, io_size_kib: float) -> float:
    """MiB/s that `iops` operations of `io_size_kib` (at most 256 KiB, the largest single I/O) move on this volume."""
    at_least("iops", iops, 0)
    between("io_size_kib", io_size_kib, 1, value("ebs.io.max_ssd"))
    return min(max_throughput(size_gib), iops * io_size_kib / 1024)


@dataclass(frozen=True)
class Bucket:
    """What a gp2 volume did second by second: `delivered` (IOPS) and `credits` left after each second."""

    delivered: list[float]
    credits: list[float]

    @property
    def empty_at(self) -> int | None:
        """The first second in which the volume could not deliver more than its baseline for want of credits."""
        return next((second for second, left in enumerate(self.credits) if left <= 0), None)


def simulate_bucket(
    size_gib: float, demand_iops: Sequence[float], credits: float | None = None, step_seconds: int = 1
) -> Bucket:
    """Run the credit bucket over `demand_iops`, one value per step of `step_seconds`; `credits` is full by default.

    Every second the bucket gains the baseline and pays what is delivered; it never holds more than 5.4 million.
    """
    full = value("ebs.gp2.bucket_credits")
    left = full if credits is None else between("credits", credits, 0, full)
    at_least("step_seconds", step_seconds, 1)
    earned, most = baseline_iops(size_gib) * step_seconds, burst_iops(size_gib) * step_seconds
    delivered, trace = [], []
    for demand in demand_iops:
        wanted = at_least("demand_iops", demand, 0) * step_seconds
        done = min(wanted, most, left + earned)
        left = min(full, left + earned - done)
        delivered.append(done / step_seconds)
        trace.append(left)
    return Bucket(delivered, trace)
