"""Demo of gp2, gp3, io1 and io2: who delivers what is needed, and the cost of a month."""

from __future__ import annotations

from course.data import figure as fact
from course.plots import Demo, Slider, style
from course.plots.diagram import Box, Label, Line
from course.plots.words import count
from course.storage import prices
from course.storage.volume_types import SSD, Need, provisioned, shortfalls

_SIZES = (1, 4, 10, 20, 50, 100, 200, 334, 500, 1000, 2000, 5334, 10000, 16384, 32768, 65536)
_IOPS = (100, 1000, 3000, 5000, 10000, 16000, 20000, 32000, 64000, 80000, 100000, 256000)
_THROUGHPUTS = (10, 64, 125, 250, 500, 750, 1000, 2000, 4000)
_ROW, _LEFT, _BAR, _WIDEST = 66, 58, 18, 540


def ssd_limits_and_cost() -> Demo:
    """Which SSD volume types deliver a need at its size, why the others do not, and the cost of a month."""
    return Demo(
        "ssd-limits-and-cost",
        "Which SSD volume type delivers what is needed, and the cost of a month",
        [
            Slider("size_gib", "Size", _SIZES, start=500, unit="GiB"),
            Slider("iops", "Sustained IOPS", _IOPS, start=5000, unit="IOPS"),
            Slider("throughput", "Sustained throughput", _THROUGHPUTS, start=250, unit="MiB/s"),
        ],
        tell=_tell,
        diagram=_paint,
        height=352,
    )


def _offers(size_gib: int, iops: int, throughput: int) -> dict[str, tuple[list[str], str, float]]:
    """For each SSD type: why not, or what is provisioned and US dollars a month."""
    need = Need(size_gib, iops, throughput)
    offers = {}
    for volume_type in SSD:
        why_not = shortfalls(volume_type, need)
        if why_not:
            offers[volume_type] = (why_not, "", 0.0)
            continue
        bought = provisioned(volume_type, need)
        words = " and ".join(
            f"{count(amount)} {unit}"
            for amount, unit in zip(bought, ("IOPS", "MiB/s"), strict=True)
            if amount is not None
        )
        offers[volume_type] = ([], words, prices.volume_month(volume_type, size_gib, *bought))
    return offers


def _tell(size_gib: int, iops: int, throughput: int) -> list[str]:
    offers = _offers(size_gib, iops, throughput)
    able = ", ".join(f"{name} for {cost:,.2f} USD" for name, (why_not, _, cost) in offers.items() if not why_not)
    unable = ", ".join(name for name, (why_not, _, _) in offers.items() if why_not)
    return [
        f"{size_gib:,} GiB with {iops:,} IOPS and {throughput:,} MiB/s, sustained.",
        f"Delivered a month by {able or 'none of them'}." + (f" Not by {unable}." if unable else ""),
    ]


def _paint(size_gib: int, iops: int, throughput: int) -> list:
    offers = _offers(size_gib, iops, throughput)
    dearest = max(cost for _, _, cost in offers.values()) or 1
    shapes = []
    for row, (volume_type, (why_not, words, cost)) in enumerate(offers.items()):
        y = 36 + row * _ROW
        shapes += [Line(0, y, style.WIDTH, y, width=0.4), Label(0, y + 24, volume_type, size=15, bold=True)]
        if why_not:
            shapes.append(Label(_LEFT, y + 20, "✗ does not deliver it:", bold=True))
            shapes += [Label(_LEFT, y + 38 + 17 * line, reason) for line, reason in enumerate(why_not)]
            continue
        shapes.append(
            Label(
                _LEFT,
                y + 20,
                "✓ delivers it" + (f", with {words} provisioned" if words else " with the size alone"),
                bold=True,
            )
        )
        length = max(2, _WIDEST * cost / dearest)
        shapes += [
            Box(_LEFT, y + 30, length, _BAR, fill=style.BLUE),
            Label(_LEFT + length + 8, y + 44, f"{cost:,.2f} USD"),
        ]
    y = 36 + len(offers) * _ROW
    read = [fact("prices.ebs.gp2_storage"), fact("prices.ebs_price_list.io1_storage")]
    days = [f"{price.as_of.day} {price.as_of:%B %Y}" for price in read]
    shapes.append(
        Label(
            0, y + 16, f"List prices in {read[0].region} as of {days[0]} (gp2, gp3) and {days[1]} (io1, io2).", size=11
        )
    )
    shapes.append(Label(0, y + 33, "Sustained: what burst credits would add for a while is not counted.", size=11))
    return shapes
