"""Demo of st1 and sc1: base and burst throughput against size."""

from __future__ import annotations

from course.data import value
from course.plots import Demo, Slider, style
from course.plots.words import count, duration
from course.storage import hdd

_SIZES = (125, 256, 512, 1024, 1536, 2048, 3072, 3200, 4096, 5120, 6144, 8192, 10240, 12800, 14336, 16384)


def hdd_burst() -> Demo:
    """Base and burst throughput of st1 and sc1 against size, and how long one full scan takes."""
    return Demo(
        "hdd-burst",
        "st1 and sc1: throughput against volume size",
        [Slider("size_gib", "Volume size", _SIZES, start=2048, unit="GiB")],
        tell=lambda size_gib: [
            f"{name} at {size_gib:,} GiB: {_rates(name, size_gib)}, {_scan(name, size_gib)}." for name in hdd.TYPES
        ],
        chart=_build,
    )


def _rates(volume_type: str, size_gib: int) -> str:
    base, burst = hdd.base_throughput(volume_type, size_gib), hdd.burst_throughput(volume_type, size_gib)
    return f"base {count(base)}, burst {count(burst)} MiB/s"


def _scan(volume_type: str, size_gib: int) -> str:
    return f"full scan in {duration(hdd.scan_seconds(volume_type, size_gib))}"


def _build(figure):
    sizes = range(value("ebs.st1.min_size"), value("ebs.st1.max_size") + 1)
    panels = [
        (name, figure.add_axes((left, 0.14, 0.41, 0.62))) for name, left in zip(hdd.TYPES, (0.075, 0.575), strict=True)
    ]
    drawn = {}
    for name, axes in panels:
        axes.set(xlim=(0, 16), ylim=(0, 580), xlabel="volume size (TiB)", ylabel="MiB/s")
        axes.set_xticks(range(0, 17, 2))
        axes.grid(True)
        for rate, colour, dash in (
            (hdd.burst_throughput, style.ORANGE, style.DASHED),
            (hdd.base_throughput, style.BLUE, style.SOLID),
        ):
            axes.plot(
                [size / 1024 for size in sizes],
                [rate(name, size) for size in sizes],
                color=colour,
                linestyle=dash,
                linewidth=2.6,
            )
        axes.text(10.6, hdd.burst_throughput(name, 9216) + 24, "burst")
        axes.text(10.6, hdd.base_throughput(name, 9216) - 10, "base", va="top")
        moving = {"animated": True, "zorder": 5}
        drawn[name] = (
            axes.plot([], [], color=style.INK, linewidth=1.2, linestyle=style.DOTTED, **moving)[0],
            axes.plot([], [], "D", color=style.ORANGE, markersize=9, **moving)[0],
            axes.plot([], [], "o", color=style.BLUE, markersize=11, **moving)[0],
            axes.text(-0.13, 1.15, "", transform=axes.transAxes, weight="bold", **moving),
            axes.text(-0.13, 1.06, "", transform=axes.transAxes, **moving),
        )

    def move(size_gib: int) -> None:
        tib = size_gib / 1024
        for name, (gain, on_burst, on_base, heading, scan) in drawn.items():
            base, burst = hdd.base_throughput(name, size_gib), hdd.burst_throughput(name, size_gib)
            gain.set_data([tib, tib], [base, burst])
            on_burst.set_data([tib], [burst])
            on_base.set_data([tib], [base])
            heading.set_text(f"{name}: {_rates(name, size_gib)}")
            scan.set_text(_scan(name, size_gib))

    return move
