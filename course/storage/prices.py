"""Monthly list prices of storage in us-east-1, computed from `course/data/prices.toml`: the arithmetic, not a quote."""

from __future__ import annotations

from course.data import value
from course.storage import efs, gp3, hdd, provisioned_iops
from course.storage.limits import at_least, between, volume_size

_TIERS_IO2 = ((0, "io2_iops"), (32_000, "io2_iops_above_32000"), (64_000, "io2_iops_above_64000"))


def volume_month(
    volume_type: str, size_gib: float, iops: float | None = None, throughput: float | None = None
) -> float:
    """US dollars for one month of a provisioned volume, used or not.

    `iops` is what is provisioned (gp3: 3,000 are included; io1 and io2 need it), `throughput` in MiB/s is for gp3
    alone (125 are included). ValueError for what the type does not take or cannot have at that size.
    """
    volume_size(volume_type, size_gib)
    _takes("iops", iops, volume_type, "ebs.types.takes_iops")
    _takes("throughput", throughput, volume_type, "ebs.types.takes_throughput")
    if volume_type == "gp2":
        return size_gib * value("prices.ebs.gp2_storage")
    if volume_type == "gp3":
        return _gp3(size_gib, iops, throughput)
    storage = size_gib * value(f"prices.ebs_price_list.{volume_type}_storage")
    if volume_type in hdd.TYPES:
        return storage
    if iops is None:
        raise ValueError(f"an {volume_type} volume is created with a number of IOPS, and none was given")
    most = provisioned_iops.max_iops(volume_type, size_gib)
    between(
        f"the IOPS of an {volume_type} volume of {size_gib:,} GiB", iops, value(f"ebs.{volume_type}.min_iops"), most
    )
    if volume_type == "io1":
        return storage + iops * value("prices.ebs_price_list.io1_iops")
    return storage + _io2_iops(iops)


def _takes(name: str, given: float | None, volume_type: str, fact: str) -> None:
    if given is not None and volume_type not in value(fact):
        raise ValueError(f"{name} cannot be provisioned on {volume_type} volumes, only on {', '.join(value(fact))}")


def _gp3(size_gib: float, iops: float | None, throughput: float | None) -> float:
    included_iops, included_throughput = value("ebs.gp3.min_iops"), value("ebs.gp3.min_throughput")
    iops = included_iops if iops is None else iops
    throughput = included_throughput if throughput is None else throughput
    between(f"the IOPS of a gp3 volume of {size_gib:,} GiB", iops, included_iops, gp3.max_iops(size_gib))
    between(f"the MiB/s of a gp3 volume of {iops:,} IOPS", throughput, included_throughput, gp3.max_throughput(iops))
    return (
        size_gib * value("prices.ebs.gp3_storage")
        + (iops - included_iops) * value("prices.ebs.gp3_iops")
        + (throughput - included_throughput) * value("prices.ebs.gp3_throughput")
    )


def _io2_iops(iops: float) -> float:
    ends = [start for start, _ in _TIERS_IO2[1:]] + [float("inf")]
    return sum(
        max(0, min(iops, end) - start) * value(f"prices.ebs_price_list.{price}")
        for (start, price), end in zip(_TIERS_IO2, ends, strict=True)
    )


def fast_snapshot_restore_month(zones: int, hours: float = 730) -> float:
    """US dollars to keep fast snapshot restore on for one snapshot in `zones` Availability Zones (730 hours a month)."""
    return at_least("zones", zones, 0) * at_least("hours", hours, 0) * value("prices.fast_snapshot_restore.hour")


def file_system_month(kept: efs.StorageClasses, read_gib: float = 0, written_gib: float = 0) -> float:
    """US dollars a month for a Regional EFS file system in Elastic mode: storage by class, and traffic.

    Fees for reading from, and moving to, Infrequent Access and Archive come on top.
    """
    return (
        kept.standard * value("prices.efs.standard_storage")
        + kept.infrequent_access * value("prices.efs.infrequent_access_storage")
        + kept.archive * value("prices.efs.archive_storage")
        + at_least("read_gib", read_gib, 0) * value("prices.efs.elastic_read_gb")
        + at_least("written_gib", written_gib, 0) * value("prices.efs.elastic_write_gb")
    )
