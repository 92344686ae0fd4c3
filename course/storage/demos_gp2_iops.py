"""Demo of gp2: baseline and burst IOPS against size."""

from __future__ import annotations

import math

from course.data import value
from course.plots import Demo, Slider, style
from course.plots.words import duration
from course.storage import gp2

# Even steps in size would never show the corners, which lie at 34, 1,000 and 5,334 GiB.
_SMALL = (1, 2, 5, 10, 20, 33, 34, 50, 100, 170, 250, 334, 500, 750, 900, 999)
_LARGE = (1000, 1500, 2000, 3000, 4000, 5333, 5334, 8000, 12000, 16384)


def gp2_iops_against_size() -> Demo:
    """Baseline and burst IOPS of a gp2 volume against its size."""
    return Demo(
        "gp2-iops-against-size",
        "gp2: IOPS against volume size",
        [Slider("size_gib", "Volume size", _SMALL + _LARGE, start=100, unit="GiB")],
        tell=_tell,
        chart=_build,
    )


def _tell(size_gib: int) -> list[str]:
    baseline = gp2.baseline_iops(size_gib)
    seconds = gp2.burst_seconds(size_gib)
    if math.isinf(seconds):
        return [
            f"At {size_gib:,} GiB: baseline {baseline:,} IOPS for ever.",
            "It needs no credits: the baseline is not below the burst rate.",
        ]
    refill = duration(gp2.refill_seconds(size_gib))
    return [
        f"At {size_gib:,} GiB: baseline {baseline:,} IOPS, burst {gp2.burst_iops(size_gib):,} IOPS while credits last.",
        f"A full bucket carries the burst for {duration(seconds)}; an empty one is full after {refill} without I/O.",
    ]


def _build(figure):
    smallest, largest = value("ebs.gp2.min_size"), value("ebs.gp2.max_size")
    floor, burst, cap = (value(f"ebs.gp2.{name}_iops") for name in ("min", "burst", "max"))
    sizes = range(smallest, largest + 1)
    no_burst = next(size for size in sizes if math.isinf(gp2.burst_seconds(size)))
    capped = next(size for size in sizes if gp2.baseline_iops(size) == cap)
    rises = next(size for size in sizes if gp2.baseline_iops(size) > floor)

    axes = figure.add_axes((0.108, 0.14, 0.85, 0.77))
    axes.set(xlabel="volume size (GiB, logarithmic)", ylabel="IOPS (logarithmic)")
    style.log_axis(axes.xaxis, (smallest, 10, rises, 100, 334, no_burst, capped, largest), smallest, largest)
    style.log_axis(axes.yaxis, (floor, 300, 1000, burst, 10000, cap), 50, 32000)
    axes.grid(True)
    corners = (smallest, rises - 1, rises, no_burst, capped, largest)
    axes.plot(corners, [gp2.baseline_iops(size) for size in corners], color=style.BLUE, linewidth=3)
    axes.plot((smallest, no_burst), (burst, burst), color=style.ORANGE, linestyle=style.DASHED)
    axes.text(1.1, burst * 1.22, f"burst: {burst:,} IOPS while credits last")
    axes.text(1.1, floor * 0.86, f"baseline: at least {floor} IOPS", va="top")
    axes.text(190, 250, f"baseline: {value('ebs.gp2.iops_per_gib')} IOPS per GiB")
    axes.text(largest, cap * 0.36, f"at most {cap:,} IOPS\nfrom {capped:,} GiB", ha="right", va="top")

    moving = {"animated": True, "zorder": 5}
    (gain,) = axes.plot([], [], color=style.ORANGE, linewidth=1.4, linestyle=style.DOTTED, **moving)
    (on_burst,) = axes.plot([], [], "D", color=style.ORANGE, markersize=9, **moving)
    (on_baseline,) = axes.plot([], [], "o", color=style.BLUE, markersize=11, **moving)
    (on_axis,) = axes.plot([], [], "^", color=style.INK, markersize=8, **moving)
    label = axes.annotate("", (1, 1), (0, 0), textcoords="offset points", weight="bold", **moving)

    def move(size_gib: int) -> None:
        baseline = gp2.baseline_iops(size_gib)
        bursts = baseline < burst
        on_axis.set_data([size_gib], [axes.get_ylim()[0]])
        on_baseline.set_data([size_gib], [baseline])
        on_burst.set_data([size_gib], [burst])
        gain.set_data([size_gib, size_gib], [baseline, burst])
        on_burst.set_visible(bursts)
        gain.set_visible(bursts)
        label.set_text(f"{baseline:,} IOPS")
        label.xy = (size_gib, baseline)
        # The side where neither the curve, the burst line nor a fixed label is.
        below = 250 < size_gib < no_burst
        label.set_ha("left" if below or size_gib < 8 else "right")
        label.set_va("top" if below else "bottom")
        label.set_position((10, -4) if below else (9, 7) if size_gib < 8 else (-9, 7))

    return move
