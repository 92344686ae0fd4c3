"""EFS throughput in Bursting and Provisioned mode, and what lifecycle management moves where.

Throughput is metered: a read counts one third of a write. EFS states MiBps; it is the same unit as MiB/s.
Source: https://docs.aws.amazon.com/efs/latest/ug/performance.html
"""

from __future__ import annotations

from dataclasses import dataclass

from course.data import value
from course.storage.limits import at_least, between

_GIB_PER_TIB = 1024
_MIB_PER_TIB = 1024 * 1024


def earned_throughput(standard_gib: float) -> float:
    """MiBps of credits that the data in the Standard class earns: 50 KiBps for each GiB."""
    return at_least("standard_gib", standard_gib, 0) * value("efs.bursting.baseline_per_gib") / 1024


def baseline_throughput(standard_gib: float) -> float:
    """MiBps a Bursting file system may always use: what it earns, but at least 1."""
    return max(value("efs.bursting.min_allowed"), earned_throughput(standard_gib))


def burst_throughput(standard_gib: float) -> float:
    """MiBps a Bursting file system may use while it has credits: 100 for each TiB, at least 100.

    Regional ceilings (1 to 5 GiBps) come on top and are not modelled here.
    """
    by_size = at_least("standard_gib", standard_gib, 0) * value("efs.bursting.burst_per_tib") / _GIB_PER_TIB
    return max(value("efs.bursting.min_burst"), by_size)


def metered_throughput(read: float, write: float) -> float:
    """MiBps that count for `read` and `write` MiBps of traffic: a third of the reads and all writes."""
    return at_least("read", read, 0) / value("efs.bursting.read_divisor") + at_least("write", write, 0)


def credit_limit(standard_gib: float) -> float:
    """MiB of credits a Bursting file system can save, and starts with: 2.1 TiB for each TiB stored, at least 2.1 TiB."""
    tib = max(1, at_least("standard_gib", standard_gib, 0) / _GIB_PER_TIB)
    return value("efs.bursting.credit_tib") * _MIB_PER_TIB * tib


def burst_minutes_per_day(standard_gib: float) -> float:
    """Minutes a day at the burst rate that a day's credits pay for, when the rest of the day is idle."""
    return 24 * 60 * earned_throughput(standard_gib) / burst_throughput(standard_gib)


def billed_provisioned_throughput(provisioned: float, standard_gib: float) -> float:
    """MiBps that Provisioned mode bills: what is above the 50 KiBps per GiB included with Standard storage."""
    lowest, highest = value("efs.provisioned.min_throughput"), value("efs.provisioned.max_throughput")
    between("the provisioned throughput in MiBps", provisioned, lowest, highest)
    return max(0.0, provisioned - earned_throughput(standard_gib))


@dataclass(frozen=True)
class StorageClasses:
    """GiB of a file system in each storage class."""

    standard: float
    infrequent_access: float
    archive: float


def storage_classes(
    files: dict[int, float], transition_to_ia: int | None, transition_to_archive: int | None = None
) -> StorageClasses:
    """Where lifecycle management keeps data: `files` maps days since the last access to GiB.

    The two transitions are days (1, 7, 14, 30, 60, 90, 180, 270 or 365) or None for never.
    A file moves once it has not been accessed for that many days.
    """
    allowed = value("efs.lifecycle.days")
    for name, days in (("transition_to_ia", transition_to_ia), ("transition_to_archive", transition_to_archive)):
        if days is not None and days not in allowed:
            raise ValueError(f"{name} must be None or one of {', '.join(map(str, allowed))} days, not {days!r}")
    if transition_to_ia and transition_to_archive and transition_to_archive <= transition_to_ia:
        raise ValueError(
            f"a file goes to Archive later than to Infrequent Access: {transition_to_archive} days is not after {transition_to_ia}"
        )
    standard = infrequent = archive = 0.0
    for age, gib in files.items():
        at_least("days since the last access", age, 0)
        at_least("GiB", gib, 0)
        if transition_to_archive is not None and age >= transition_to_archive:
            archive += gib
        elif transition_to_ia is not None and age >= transition_to_ia:
            infrequent += gib
        else:
            standard += gib
    return StorageClasses(standard, infrequent, archive)
