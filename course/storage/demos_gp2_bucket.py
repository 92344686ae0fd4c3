"""Demo of gp2: the bucket of I/O credits over time."""

from __future__ import annotations

from course.data import value
from course.plots import Demo, Slider, style
from course.plots.words import count, duration
from course.storage import gp2

_SIZES = (1, 10, 33, 50, 100, 170, 250, 334, 500, 750, 900, 1000, 1500)
_SHOWN_MINUTES = 240
_STEP_SECONDS = 10


def gp2_burst_bucket() -> Demo:
    """What a gp2 volume delivers, and the credits it has left, while a demand lasts and after it."""
    return Demo(
        "gp2-burst-bucket",
        "gp2: delivered IOPS and the credit bucket over time",
        [
            Slider("size_gib", "Volume size", _SIZES, start=100, unit="GiB"),
            Slider(
                "demand_iops", "Demand", (100, 300, 500, 1000, 1500, 2000, 2500, 3000, 4000), start=3000, unit="IOPS"
            ),
            Slider("minutes", "Demand lasts", (10, 20, 30, 45, 60, 90, 120, 180), start=60, unit="min"),
        ],
        tell=_tell,
        chart=_build,
        height=440,
    )


def _run(size_gib: int, demand_iops: int, minutes: int) -> gp2.Bucket:
    busy = minutes * 60 // _STEP_SECONDS
    idle = _SHOWN_MINUTES * 60 // _STEP_SECONDS - busy
    return gp2.simulate_bucket(size_gib, [demand_iops] * busy + [0] * idle, step_seconds=_STEP_SECONDS)


def _runs_dry_after(size_gib: int, demand_iops: int, minutes: int) -> float | None:
    seconds = gp2.burst_seconds(size_gib, demand_iops)
    return seconds if seconds < minutes * 60 else None


def _tell(size_gib: int, demand_iops: int, minutes: int) -> list[str]:
    bucket = _run(size_gib, demand_iops, minutes)
    busy = minutes * 60 // _STEP_SECONDS
    first, last = bucket.delivered[0], bucket.delivered[busy - 1]
    dry = _runs_dry_after(size_gib, demand_iops, minutes)
    asked = f"{size_gib:,} GiB, {demand_iops:,} IOPS wanted for {duration(minutes * 60)}."
    if dry is None:
        left = bucket.credits[busy - 1]
        full = value("ebs.gp2.bucket_credits")
        return [
            asked,
            f"{count(first)} IOPS delivered to the end.",
            f"The bucket holds {count(left / 1e6)} of {count(full / 1e6)} million credits then.",
        ]
    return [
        asked,
        f"{count(first)} IOPS delivered until the bucket is empty after {duration(dry)}, then {count(last)}.",
        f"Without I/O it is full again {duration(gp2.refill_seconds(size_gib))} later.",
    ]


def _build(figure):
    full = value("ebs.gp2.bucket_credits") / 1e6
    top = figure.add_axes((0.09, 0.55, 0.88, 0.32))
    bottom = figure.add_axes((0.09, 0.12, 0.88, 0.29))
    top.set(xlim=(0, _SHOWN_MINUTES), ylim=(0, 4600), ylabel="IOPS")
    top.set_yticks((0, 1000, 2000, 3000, 4000))
    bottom.set(xlim=(0, _SHOWN_MINUTES), ylim=(0, 6), xlabel="minutes", ylabel="million credits")
    bottom.set_yticks((0, 2, 4, full))
    for axes in (top, bottom):
        axes.set_xticks(range(0, _SHOWN_MINUTES + 1, 30))
        axes.grid(True)
        style.plain_numbers(axes.yaxis)
    top.set_title("wanted (dashed) and delivered (solid)")

    minutes_axis = [step * _STEP_SECONDS / 60 for step in range(_SHOWN_MINUTES * 60 // _STEP_SECONDS + 1)]
    moving = {"animated": True, "zorder": 5}
    (wanted,) = top.plot([], [], color=style.ORANGE, linestyle=style.DASHED, **moving)
    (delivered,) = top.plot([], [], color=style.BLUE, linewidth=3, **moving)
    wanted_label, delivered_label = (top.text(0, 0, "", va="center", **moving) for _ in range(2))
    (credits,) = bottom.plot([], [], color=style.GREEN, linewidth=3, **moving)
    (empty,) = bottom.plot([], [], "v", color=style.INK, markersize=10, **moving)
    heading = bottom.text(0, 1.06, "", transform=bottom.transAxes, **moving)

    def move(size_gib: int, demand_iops: int, minutes: int) -> None:
        bucket = _run(size_gib, demand_iops, minutes)
        at_end = bucket.delivered[minutes * 60 // _STEP_SECONDS - 1]
        wanted.set_data([0, minutes, minutes], [demand_iops, demand_iops, 0])
        delivered.set_data(minutes_axis, [bucket.delivered[0], *bucket.delivered])
        credits.set_data(minutes_axis, [full, *(left / 1e6 for left in bucket.credits)])
        same = at_end == demand_iops
        wanted_label.set_text(f"wanted {demand_iops:,}")
        wanted_label.set_position((minutes + 3, max(demand_iops, at_end + 620)))
        wanted_label.set_visible(not same)
        delivered_label.set_text(f"all delivered: {demand_iops:,}" if same else f"delivered {count(at_end)}")
        delivered_label.set_position((minutes + 3, max(at_end, 260)))
        dry = _runs_dry_after(size_gib, demand_iops, minutes)
        empty.set_visible(dry is not None)
        if dry is None:
            heading.set_text("credits left in the bucket: it does not run dry")
        else:
            empty.set_data([dry / 60], [0.35])
            heading.set_text(f"credits left in the bucket: empty after {duration(dry)}")

    return move
