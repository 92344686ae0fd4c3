"""Answers to the exercises on volume types."""

from __future__ import annotations

from tests.answers import Answers, Right, Wrong

_BASELINE = Answers(
    wrong=[
        Wrong(
            "forgets the floor of 100 IOPS",
            refused_by="No gp2 volume has less than 100 IOPS",
            code="""
def baseline_iops(size_gib):
    if not 1 <= size_gib <= 16_384:
        raise ValueError(size_gib)
    return min(16_000, 3 * size_gib)
""",
        ),
        Wrong(
            "forgets the ceiling",
            refused_by="gp2 ends at 16,000 IOPS, which 5,334 GiB reach",
            code="""
def baseline_iops(size_gib):
    if not 1 <= size_gib <= 16_384:
        raise ValueError(size_gib)
    return max(100, 3 * size_gib)
""",
        ),
        Wrong(
            "takes the burst for the baseline",
            refused_by="gp2 delivers 3 IOPS for each GiB",
            code="""
def baseline_iops(size_gib):
    if not 1 <= size_gib <= 16_384:
        raise ValueError(size_gib)
    return min(16_000, max(3_000, 3 * size_gib))
""",
        ),
        Wrong(
            "returns the error instead of raising it",
            refused_by="A volume of 0 GiB does not exist",
            code="""
def baseline_iops(size_gib):
    if not 1 <= size_gib <= 16_384:
        return ValueError("no such gp2 volume")
    return min(16_000, max(100, 3 * size_gib))
""",
        ),
        Wrong(
            "takes 16 TiB for 16,000 GiB",
            refused_by="gp2 ends at 16,000 IOPS, which 5,334 GiB reach",
            code="""
def baseline_iops(size_gib):
    if not 1 <= size_gib <= 16_000:
        raise ValueError(size_gib)
    return min(16_000, max(100, 3 * size_gib))
""",
        ),
        Wrong(
            "knows no largest volume",
            refused_by="gp2 ends at 16,384 GiB",
            code="""
def baseline_iops(size_gib):
    if size_gib < 1:
        raise ValueError(size_gib)
    return min(16_000, max(100, 3 * size_gib))
""",
        ),
        Wrong(
            "refuses the smallest volume",
            refused_by="No gp2 volume has less than 100 IOPS",
            code="""
def baseline_iops(size_gib):
    if not 1 < size_gib <= 16_384:
        raise ValueError(size_gib)
    return min(16_000, max(100, 3 * size_gib))
""",
        ),
        Wrong(
            "raises an error of another kind",
            refused_by="A volume of 0 GiB does not exist",
            code="""
def baseline_iops(size_gib):
    if not 1 <= size_gib <= 16_384:
        raise IndexError(size_gib)
    return min(16_000, max(100, 3 * size_gib))
""",
        ),
        Wrong(
            "accepts negative sizes",
            refused_by="gp2 ends at 16,384 GiB",
            code="""
def baseline_iops(size_gib):
    if not size_gib or size_gib > 16_384:
        raise ValueError(size_gib)
    return min(16_000, max(100, 3 * size_gib))
""",
        ),
    ],
    right=[
        Right(
            "takes the middle one of three figures",
            code="""
def baseline_iops(size_gib):
    if size_gib < 1 or size_gib > 16 * 1024:
        raise ValueError("gp2 volumes have 1 to 16,384 GiB")
    return int(sorted([100, 3 * size_gib, 16_000])[1])
""",
        ),
        Right(
            "goes through the ranges",
            code="""
def baseline_iops(size_gib):
    if size_gib < 1 or size_gib > 16_384:
        raise ValueError
    if size_gib <= 33:
        return 100
    if size_gib >= 5334:
        return 16_000
    return size_gib * 3
""",
        ),
    ],
)


_BURST = Answers(
    wrong=[
        Wrong(
            "forgets what is earned while it bursts",
            refused_by="While a volume bursts it goes on earning its baseline",
            code="""
def burst_seconds(size_gib, demand_iops=3000):
    baseline = min(16_000, max(100, 3 * size_gib))
    demand = min(demand_iops, 3000)
    return 5_400_000 / demand if demand > baseline else float("inf")
""",
        ),
        Wrong(
            "forgets the floor of 100 IOPS",
            refused_by="The smallest volumes earn 100 credits a second, not 3 for each GiB",
            code="""
def burst_seconds(size_gib, demand_iops=3000):
    lost = min(demand_iops, 3000) - 3 * size_gib
    return 5_400_000 / lost if lost > 0 else float("inf")
""",
        ),
        Wrong(
            "always bursts at 3,000 IOPS",
            refused_by="A smaller demand lasts longer, and more than 3,000 IOPS cannot be burst",
            code="""
def burst_seconds(size_gib, demand_iops=3000):
    baseline = max(100, 3 * size_gib)
    return 5_400_000 / (3000 - baseline) if baseline < min(demand_iops, 3000) else float("inf")
""",
        ),
        Wrong(
            "lets more than 3,000 IOPS burst",
            refused_by="A smaller demand lasts longer, and more than 3,000 IOPS cannot be burst",
            code="""
def burst_seconds(size_gib, demand_iops=3000):
    lost = demand_iops - max(100, 3 * size_gib)
    return 5_400_000 / lost if lost > 0 else float("inf")
""",
        ),
        Wrong(
            "thinks that only volumes of 1,000 GiB spend nothing",
            refused_by="A demand up to the baseline spends nothing",
            code="""
def burst_seconds(size_gib, demand_iops=3000):
    if size_gib >= 1000:
        return float("inf")
    return 5_400_000 / (min(demand_iops, 3000) - max(100, 3 * size_gib))
""",
        ),
        Wrong(
            "divides by nothing where the baseline is enough",
            refused_by="From 1,000 GiB the baseline is 3,000 IOPS and nothing is spent",
            code="""
def burst_seconds(size_gib, demand_iops=3000):
    return 5_400_000 / (min(demand_iops, 3000) - max(100, 3 * size_gib))
""",
        ),
        Wrong(
            "subtracts a baseline above 3,000 from the demand that counts as 3,000",
            refused_by="A smaller demand lasts longer, and more than 3,000 IOPS cannot be burst",
            code="""
def burst_seconds(size_gib, demand_iops=3000):
    baseline = min(16_000, max(100, 3 * size_gib))
    if demand_iops <= baseline or size_gib == 1000:
        return float("inf")
    return 5_400_000 / (min(demand_iops, 3000) - baseline)
""",
        ),
    ],
    right=[
        Right(
            "looks at the baseline first",
            code="""
import math


def burst_seconds(size_gib, demand_iops=3000):
    baseline = 100 if size_gib < 34 else 3 * size_gib
    demand = 3000 if demand_iops > 3000 else demand_iops
    if baseline >= demand:
        return math.inf
    return 5.4e6 / (demand - baseline)
""",
        ),
        Right(
            "lets a division by nothing be the infinite case",
            code="""
def burst_seconds(size_gib, demand_iops=3000):
    try:
        return 5_400_000 / max(0, min(3000, demand_iops) - max(100, size_gib * 3))
    except ZeroDivisionError:
        return float("inf")
""",
        ),
        Right(
            "rounds to whole seconds",
            code="""
def burst_seconds(size_gib, demand_iops=3000):
    lost = min(demand_iops, 3000) - max(100, 3 * size_gib)
    return round(5_400_000 / lost) if lost > 0 else float("inf")
""",
        ),
    ],
)


def _cost(
    gp2_size: str = "math.ceil(iops / 3) if iops > 100 else 0",
    gp2_most: str = "16_000",
    gp3_size: str = "math.ceil(iops / 500) if iops > 3000 else 0",
    gp3_most: str = "80_000",
    paid: str = "max(0, iops - 3000)",
) -> str:
    """The usual comparison of two types, with one thing done otherwise."""
    return f"""
import math


def monthly_cost(size_gib, iops):
    gp2 = max(size_gib, {gp2_size}) * 0.10
    gp3 = max(size_gib, {gp3_size}) * 0.08 + ({paid}) * 0.005
    return {{"gp2": gp2 if iops <= {gp2_most} else None, "gp3": gp3 if iops <= {gp3_most} else None}}
"""


_COST = Answers(
    wrong=[
        Wrong(
            "lets gp2 burst for ever",
            refused_by="gp3 includes 3,000 IOPS; gp2 must grow to 1,000 GiB for them",
            code=_cost(gp2_size="math.ceil(iops / 3) if iops > 3000 else 0"),
        ),
        Wrong(
            "pays for the included IOPS too",
            refused_by="Above the included 3,000 only the difference is paid",
            code=_cost(paid="iops if iops > 3000 else 0"),
        ),
        Wrong(
            "knows the gp3 of before September 2025",
            refused_by="gp2 ends at 16,000 IOPS; gp3 goes on to 80,000",
            code=_cost(gp3_most="16_000"),
        ),
        Wrong(
            "rounds both sizes down",
            refused_by="Sizes are whole GiB, rounded up, and 3,000 IOPS of gp3 fit into any size",
            code=_cost(gp2_size="iops // 3 if iops > 100 else 0", gp3_size="iops // 500 if iops > 3000 else 0"),
        ),
        Wrong(
            "forgets that gp3 has a ratio too",
            refused_by="80,000 IOPS need 160 GiB of gp3, and more cannot be had",
            code=_cost(gp3_size="0"),
        ),
        Wrong(
            "counts only the bought IOPS for the ratio of gp3",
            refused_by="80,000 IOPS need 160 GiB of gp3, and more cannot be had",
            code=_cost(gp3_size="math.ceil(max(0, iops - 3000) / 500)"),
        ),
        Wrong(
            "forgets the 100 IOPS of the smallest gp2",
            refused_by="Any gp2 volume has 100 IOPS",
            code=_cost(gp2_size="math.ceil(iops / 3)"),
        ),
        Wrong(
            "ends gp2 at the 10,000 IOPS of 2018",
            refused_by="gp2 ends at 16,000 IOPS; gp3 goes on to 80,000",
            code=_cost(gp2_most="10_000"),
        ),
        Wrong(
            "rounds the size of gp3 down",
            refused_by="Sizes are whole GiB, rounded up, and 3,000 IOPS of gp3 fit into any size",
            code=_cost(gp3_size="iops // 500 if iops > 3000 else 0"),
        ),
        Wrong(
            "makes gp3 grow for the included IOPS",
            refused_by="Sizes are whole GiB, rounded up, and 3,000 IOPS of gp3 fit into any size",
            code=_cost(gp3_size="math.ceil(iops / 500)"),
        ),
        Wrong(
            "makes gp2 grow only above 300 IOPS",
            refused_by="Any gp2 volume has 100 IOPS",
            code=_cost(gp2_size="math.ceil(iops / 3) if iops > 300 else 0"),
        ),
        Wrong(
            "buys parts of a GiB",
            refused_by="Sizes are whole GiB, rounded up, and 3,000 IOPS of gp3 fit into any size",
            code=_cost(gp2_size="iops / 3 if iops > 100 else 0", gp3_size="iops / 500 if iops > 3000 else 0"),
        ),
    ],
    right=[
        Right(
            "tries sizes until one delivers",
            code="""
def monthly_cost(size_gib, iops):
    def gp2(size):
        return min(16_000, max(100, 3 * size))

    def gp3(size):
        return min(80_000, max(3_000, 500 * size))

    def smallest(delivers):
        return next((size for size in range(size_gib, 16_385) if delivers(size) >= iops), None)

    old, new = smallest(gp2), smallest(gp3)
    return {
        "gp2": None if old is None else old * 0.10,
        "gp3": None if new is None else new * 0.08 + 0.005 * max(iops - 3_000, 0),
    }
""",
        ),
        Right(
            "computes in tenths of a cent, with whole numbers",
            code="""
def monthly_cost(size_gib, iops):
    gp2 = gp3 = None
    if iops <= 16_000:
        gp2 = 100 * max(size_gib, -(-iops // 3) if iops > 100 else 1) / 1000
    if iops <= 80_000:
        extra = iops - 3_000 if iops > 3_000 else 0
        gp3 = (80 * max(size_gib, -(-iops // 500) if extra else 1) + 5 * extra) / 1000
    return {"gp3": gp3, "gp2": gp2}
""",
        ),
    ],
)


def _smallest(
    gp3: str = "(500, 80_000, 1, 3000)",
    io1: str = "(50, 64_000, 4, 0)",
    io2: str = "(1000, 256_000, 4, 0)",
    size: str = "math.ceil(iops / ratio)",
    too_much: str = "raise ValueError(iops)",
) -> str:
    """The usual look-up of ratio, ceiling, smallest size and included IOPS, with one thing done otherwise."""
    return f"""
import math


def smallest_size(volume_type, iops):
    ratio, most, least, included = {{"gp3": {gp3}, "io1": {io1}, "io2": {io2}}}[volume_type]
    if iops > most:
        {too_much}
    return least if iops <= included else max(least, {size})
"""


_SMALLEST = Answers(
    wrong=[
        Wrong(
            "rounds the size down",
            refused_by="Sizes are whole GiB, rounded up",
            code=_smallest(size="iops // ratio"),
        ),
        Wrong(
            "knows the gp3 of before September 2025",
            refused_by="80,000 IOPS of gp3 need 160 GiB",
            code=_smallest(gp3="(500, 16_000, 1, 3000)"),
        ),
        Wrong(
            "takes the limits of instances without Nitro",
            refused_by="io1 has 50 IOPS for each GiB, io2 1,000",
            code=_smallest(io1="(50, 32_000, 4, 0)", io2="(1000, 32_000, 4, 0)"),
        ),
        Wrong(
            "forgets that io1 and io2 begin at 4 GiB",
            refused_by="io1 and io2 begin at 4 GiB, and gp3 includes 3,000 IOPS at any size",
            code=_smallest(io1="(50, 64_000, 1, 0)", io2="(1000, 256_000, 1, 0)"),
        ),
        Wrong(
            "makes gp3 larger for the IOPS that are included",
            refused_by="io1 and io2 begin at 4 GiB, and gp3 includes 3,000 IOPS at any size",
            code=_smallest(gp3="(500, 80_000, 1, 0)"),
        ),
        Wrong(
            "returns None where no size is enough",
            refused_by="Above its ceiling a type cannot deliver at any size",
            code=_smallest(too_much="return None"),
        ),
        Wrong(
            "knows no ceiling for gp3",
            refused_by="Above its ceiling a type cannot deliver at any size",
            code=_smallest(gp3='(500, float("inf"), 1, 3000)'),
        ),
        Wrong(
            "knows no ceiling for io2",
            refused_by="Above its ceiling a type cannot deliver at any size",
            code=_smallest(io2='(1000, float("inf"), 4, 0)'),
        ),
        Wrong(
            "counts only the bought IOPS for the ratio of gp3",
            refused_by="80,000 IOPS of gp3 need 160 GiB",
            code=_smallest(size="math.ceil((iops - included) / ratio)"),
        ),
    ],
    right=[
        Right(
            "tries sizes until one has enough",
            code="""
def smallest_size(volume_type, iops):
    def most(size):
        if volume_type == "gp3":
            return min(80_000, max(3_000, 500 * size))
        return min(64_000, 50 * size) if volume_type == "io1" else min(256_000, 1_000 * size)

    for size in range(1 if volume_type == "gp3" else 4, 65_537):
        if most(size) >= iops:
            return size
    raise ValueError(f"{iops} IOPS are too many for {volume_type}")
""",
        ),
        Right(
            "rounds up with whole numbers",
            code="""
def smallest_size(volume_type, iops):
    if volume_type == "gp3":
        ceiling, size = 80_000, -(-iops // 500) if iops > 3_000 else 1
    elif volume_type == "io1":
        ceiling, size = 64_000, max(4, -(-iops // 50))
    else:
        ceiling, size = 256_000, max(4, -(-iops // 1_000))
    if iops > ceiling:
        raise ValueError("no size is enough")
    return size
""",
        ),
    ],
)


_SCAN = Answers(
    wrong=[
        Wrong(
            "reads at the base rate",
            refused_by="Burst throughput grows with the size: 250 or 80 MiB/s for each TiB",
            code="""
def scan_hours(volume_type, size_tib):
    if size_tib * 1024 < 125:
        raise ValueError(size_tib)
    per_tib, ceiling = {"st1": (40, 500), "sc1": (12, 250)}[volume_type]
    return size_tib * 1024 * 1024 / min(ceiling, per_tib * size_tib) / 3600
""",
        ),
        Wrong(
            "takes a TiB for 1,000 times 1,000 MiB",
            refused_by="Burst throughput grows with the size: 250 or 80 MiB/s for each TiB",
            code="""
def scan_hours(volume_type, size_tib):
    if size_tib * 1000 < 125:
        raise ValueError(size_tib)
    per_tib, ceiling = {"st1": (250, 500), "sc1": (80, 250)}[volume_type]
    return size_tib * 1000 * 1000 / min(ceiling, per_tib * size_tib) / 3600
""",
        ),
        Wrong(
            "forgets the ceiling",
            refused_by="st1 ends at 500 MiB/s and sc1 at 250, however large the volume",
            code="""
def scan_hours(volume_type, size_tib):
    if size_tib * 1024 < 125:
        raise ValueError(size_tib)
    return size_tib * 1024 * 1024 / ({"st1": 250, "sc1": 80}[volume_type] * size_tib) / 3600
""",
        ),
        Wrong(
            "rounds the size up to whole TiB",
            refused_by="Up to the cap, the time does not depend on the size",
            code="""
import math


def scan_hours(volume_type, size_tib):
    if size_tib * 1024 < 125:
        raise ValueError(size_tib)
    per_tib, ceiling = {"st1": (250, 500), "sc1": (80, 250)}[volume_type]
    return size_tib * 1024 * 1024 / min(ceiling, per_tib * math.ceil(size_tib)) / 3600
""",
        ),
        Wrong(
            "accepts a volume of any size",
            refused_by="An HDD volume has at least 125 GiB",
            code="""
def scan_hours(volume_type, size_tib):
    per_tib, ceiling = {"st1": (250, 500), "sc1": (80, 250)}[volume_type]
    return size_tib * 1024 * 1024 / min(ceiling, per_tib * size_tib) / 3600
""",
        ),
        Wrong(
            "takes 125 GiB for an eighth of a TiB and refuses it",
            refused_by="An HDD volume has at least 125 GiB",
            code="""
def scan_hours(volume_type, size_tib):
    if size_tib < 1 / 8:
        raise ValueError(size_tib)
    per_tib, ceiling = {"st1": (250, 500), "sc1": (80, 250)}[volume_type]
    return size_tib * 1024 * 1024 / min(ceiling, per_tib * size_tib) / 3600
""",
        ),
        Wrong(
            "rounds to one decimal",
            refused_by="Burst throughput grows with the size: 250 or 80 MiB/s for each TiB",
            code="""
def scan_hours(volume_type, size_tib):
    if size_tib * 1024 < 125:
        raise ValueError(size_tib)
    per_tib, ceiling = {"st1": (250, 500), "sc1": (80, 250)}[volume_type]
    return round(size_tib * 1024 * 1024 / min(ceiling, per_tib * size_tib) / 3600, 1)
""",
        ),
        Wrong(
            "knows the smallest size of st1 only",
            refused_by="An HDD volume has at least 125 GiB",
            code="""
def scan_hours(volume_type, size_tib):
    if volume_type == "st1" and size_tib * 1024 < 125:
        raise ValueError(size_tib)
    per_tib, ceiling = {"st1": (250, 500), "sc1": (80, 250)}[volume_type]
    return size_tib * 1024 * 1024 / min(ceiling, per_tib * size_tib) / 3600
""",
        ),
    ],
    right=[
        Right(
            "counts in GiB and seconds",
            code="""
def scan_hours(volume_type, size_tib):
    gib = 1024 * size_tib
    if gib < 125:
        raise ValueError(volume_type)
    if volume_type == "st1":
        rate = min(500, gib * 250 / 1024)
    elif volume_type == "sc1":
        rate = min(250, gib * 80 / 1024)
    return gib * 1024 / rate / 60 / 60
""",
        ),
        Right(
            "knows that up to the ceiling the time is always the same",
            code="""
def scan_hours(volume_type, size_tib):
    if size_tib < 125 / 1024:
        raise ValueError("too small")
    tib_per_hour = {"st1": 500, "sc1": 250}[volume_type] * 3600 / 2**20
    at_least = 2**20 / {"st1": 250, "sc1": 80}[volume_type] / 3600
    return max(at_least, size_tib / tib_per_hour)
""",
        ),
        Right(
            "rounds to two decimals, as AWS prints the hours",
            code="""
def scan_hours(volume_type, size_tib):
    if size_tib * 1024 < 125:
        raise ValueError(f"{size_tib} TiB is too small")
    mib_per_second = min(250 * size_tib, 500) if volume_type == "st1" else min(80 * size_tib, 250)
    return round(size_tib * 1024**2 / mib_per_second / 3600, 2)
""",
        ),
    ],
)


ANSWERS = {
    "volume-types-gp2-baseline": _BASELINE,
    "volume-types-gp2-burst": _BURST,
    "volume-types-gp3-or-gp2": _COST,
    "volume-types-provisioned": _SMALLEST,
    "volume-types-hdd": _SCAN,
}
