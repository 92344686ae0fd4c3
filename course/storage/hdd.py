"""st1 (Throughput Optimized) and sc1 (Cold) HDD: throughput follows the size and bursts from a bucket.

Source: https://docs.aws.amazon.com/ebs/latest/userguide/hdd-vols.html
"""

from __future__ import annotations

from course.data import figures
from course.storage.limits import volume_size

TYPES = ("st1", "sc1")
_GIB_PER_TIB = 1024
_MIB_PER_GIB = 1024


def _throughput(volume_type: str, size_gib: float, rate: str) -> float:
    if volume_type not in TYPES:
        raise ValueError(f"an HDD volume is st1 or sc1, not {volume_type!r}")
    limits = figures(f"ebs.{volume_type}")
    volume_size(volume_type, size_gib)
    return min(limits["max_throughput"].value, limits[rate].value * size_gib / _GIB_PER_TIB)


def base_throughput(volume_type: str, size_gib: float) -> float:
    """MiB/s the volume (125 to 16,384 GiB) always delivers: 40 (st1) or 12 (sc1) per TiB, up to 500 or 250."""
    return _throughput(volume_type, size_gib, "base_throughput_per_tib")


def burst_throughput(volume_type: str, size_gib: float) -> float:
    """MiB/s the volume delivers while it has credits: 250 (st1) or 80 (sc1) per TiB, up to 500 or 250."""
    return _throughput(volume_type, size_gib, "burst_throughput_per_tib")


def scan_seconds(volume_type: str, size_gib: float) -> float:
    """Seconds to read the whole volume once at its burst rate: the bucket holds credits for exactly one full scan."""
    return size_gib * _MIB_PER_GIB / burst_throughput(volume_type, size_gib)


def max_burst_seconds(volume_type: str, size_gib: float) -> float:
    """Seconds from a full bucket to an empty one at burst, counting what is earned meanwhile; infinite at the cap.

    AWS documents the bucket and both rates, not this figure: it is derived from them.
    """
    spent = burst_throughput(volume_type, size_gib) - base_throughput(volume_type, size_gib)
    return size_gib * _MIB_PER_GIB / spent if spent > 0 else float("inf")
