"""Demo of EFS: throughput against what is stored, and what lifecycle management saves."""

from __future__ import annotations

from course.data import figure as fact
from course.data import value
from course.plots import Choice, Demo, Slider, style
from course.plots.words import count
from course.storage import efs, prices

_SIZES = (1, 5, 10, 20, 50, 100, 256, 512, 1024, 2048, 4096, 8192, 16384)
_RULES = ("none", "Infrequent Access", "Infrequent Access, then Archive")
_CLASSES = {
    "standard": ("Standard", style.BLUE),
    "infrequent_access": ("IA", style.ORANGE),
    "archive": ("Archive", style.PINK),
}


def efs_throughput_and_lifecycle() -> Demo:
    """Throughput of the EFS modes against the data in Standard, and the cost of a month with lifecycle rules."""
    ia, archive = _days()
    return Demo(
        "efs-throughput-and-lifecycle",
        "EFS: throughput by what is in Standard, cost by storage class",
        [
            Slider("stored_gib", "Stored", _SIZES, start=1024, unit="GiB"),
            Slider("cold_percent", f"Not accessed for {ia} days", tuple(range(0, 101, 10)), start=80, unit="%"),
            Choice("lifecycle", f"Lifecycle ({ia}, {archive} days)", _RULES, start="Infrequent Access"),
            Slider(
                "provisioned",
                "Provisioned throughput",
                (1, 10, 25, 50, 100, 250, 500, 1000, 2000, 3414),
                start=250,
                unit="MiBps",
            ),
        ],
        tell=_tell,
        chart=_build,
        height=420,
    )


def _days() -> tuple[int, int]:
    """Days without access until Infrequent Access and until Archive, as the console proposes them."""
    return value("efs.lifecycle.console_ia"), value("efs.lifecycle.console_archive")


def _kept(stored_gib: int, cold_percent: int, lifecycle: str) -> efs.StorageClasses:
    ia, archive = _days()
    cold = stored_gib * cold_percent / 100
    # Half of the cold data is colder still, so that both transitions have something to move.
    files = {0: stored_gib - cold, ia: cold / 2, archive: cold / 2}
    moved_after = dict(zip(_RULES, ((None, None), (ia, None), (ia, archive)), strict=True))
    return efs.storage_classes(files, *moved_after[lifecycle])


def _costs(stored_gib: int, cold_percent: int, lifecycle: str) -> tuple[float, float]:
    plain = prices.file_system_month(efs.StorageClasses(stored_gib, 0, 0))
    return plain, prices.file_system_month(_kept(stored_gib, cold_percent, lifecycle))


def _tell(stored_gib: int, cold_percent: int, lifecycle: str, provisioned: int) -> list[str]:
    kept = _kept(stored_gib, cold_percent, lifecycle)
    plain, tiered = _costs(stored_gib, cold_percent, lifecycle)
    saved = f", {1 - tiered / plain:.0%} less" if tiered < plain else ""
    billed = efs.billed_provisioned_throughput(provisioned, kept.standard)
    baseline, burst = count(efs.baseline_throughput(kept.standard)), count(efs.burst_throughput(kept.standard))
    stored = f"{count(stored_gib)} GiB, {count(kept.standard)} in Standard."
    return [
        f"{stored} Bursting: baseline {baseline} MiBps, burst {burst} MiBps.",
        f"Provisioned: {provisioned:,} MiBps, {count(billed)} of them billed. Elastic: follows the traffic, paid by the GB.",
        f"Storage of a month: {plain:,.2f} USD all in Standard, {tiered:,.2f} USD with this lifecycle{saved}.",
    ]


def _build(figure):
    move_throughput = _build_throughput(figure.add_axes((0.095, 0.22, 0.41, 0.6)))
    move_cost = _build_cost(figure.add_axes((0.67, 0.22, 0.3, 0.6)))
    ia, archive = _days()
    cold = f"Of the data not accessed for {ia} days, half has not been accessed for {archive} days."
    modes = "Only data in Standard raises the Bursting rates. Archive needs Elastic mode."
    figure.text(0, 0.015, f"{cold}\n{modes}", size=11)

    def move(stored_gib: int, cold_percent: int, lifecycle: str, provisioned: int) -> None:
        kept = _kept(stored_gib, cold_percent, lifecycle)
        move_throughput(kept.standard, provisioned)
        move_cost(kept, *_costs(stored_gib, cold_percent, lifecycle))

    return move


def _build_throughput(axes):
    axes.set(xlabel="GiB in Standard (logarithmic)", ylabel="MiBps, metered (logarithmic)")
    axes.set_title("throughput; Elastic has no curve,\nit follows the traffic", pad=4)
    smallest, largest = _SIZES[0], _SIZES[-1]
    style.log_axis(axes.xaxis, (smallest, 10, 100, 1024, largest), smallest, largest)
    style.log_axis(axes.yaxis, (1, 10, 100, 1000), 0.5, 6000)
    axes.grid(True)
    # Close enough together that the corners of the curves look sharp.
    sizes = [smallest * (largest / smallest) ** (step / 200) for step in range(201)]
    axes.plot(sizes, list(map(efs.burst_throughput, sizes)), color=style.ORANGE, linestyle=style.DASHED)
    axes.plot(sizes, list(map(efs.baseline_throughput, sizes)), color=style.BLUE, linewidth=3)
    axes.text(1.2, efs.burst_throughput(smallest) * 0.82, "Bursting: burst", va="top")
    axes.text(1.2, efs.baseline_throughput(smallest) * 0.9, "Bursting: baseline", va="top")

    moving = {"animated": True, "zorder": 5}
    (gain,) = axes.plot([], [], color=style.INK, linewidth=1.2, linestyle=style.DOTTED, **moving)
    (on_burst,) = axes.plot([], [], "D", color=style.ORANGE, markersize=9, **moving)
    (on_baseline,) = axes.plot([], [], "o", color=style.BLUE, markersize=11, **moving)
    (bought,) = axes.plot([], [], color=style.GREEN, linestyle=style.DOTTED, **moving)
    # Outside the axes: inside, it would cross a curve at some height.
    bought_label = axes.text(largest * 1.2, 1, "", va="center", **moving)

    def move(standard_gib: float, provisioned: int) -> None:
        at = max(smallest, standard_gib)
        baseline, burst = efs.baseline_throughput(standard_gib), efs.burst_throughput(standard_gib)
        gain.set_data([at, at], [baseline, burst])
        on_burst.set_data([at], [burst])
        on_baseline.set_data([at], [baseline])
        bought.set_data([smallest, largest], [provisioned, provisioned])
        bought_label.set_text(f"Provisioned\n{provisioned:,} MiBps")
        bought_label.set_y(provisioned)

    return move


def _build_cost(axes):
    price = fact("prices.efs.standard_storage")
    axes.set(xlim=(0, 100), ylim=(-0.6, 1.9), xlabel="% of the cost in Standard alone")
    axes.set_title(f"storage of a month, {price.region},\nElastic mode, {price.as_of.day} {price.as_of:%B %Y}", pad=4)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.barh(1.2, 100, height=0.34, color=style.BLUE)

    moving = {"animated": True, "zorder": 5}
    plain_label, tiered_label = (axes.text(0, y, "", va="bottom", **moving) for y in (1.42, 0.42))
    parts = []
    for y, (field, (name, colour)) in zip((-0.1, -0.28, -0.46), _CLASSES.items(), strict=True):
        axes.plot([2], [y], "s", color=colour, markersize=9)
        bar = axes.barh(0.2, 0, height=0.34, color=colour, **moving)[0]
        parts.append((field, name, bar, axes.text(7, y, "", va="center", **moving)))

    def move(kept: efs.StorageClasses, plain: float, tiered: float) -> None:
        plain_label.set_text(f"all in Standard: {plain:,.2f} USD")
        tiered_label.set_text(f"with lifecycle: {tiered:,.2f} USD")
        start = 0.0
        for field, name, bar, label in parts:
            gib = getattr(kept, field)
            alone = efs.StorageClasses(**dict.fromkeys(_CLASSES, 0) | {field: gib})
            share = 100 * prices.file_system_month(alone) / plain
            bar.set(x=start, width=share)
            start += share
            label.set_text(f"{name} {count(gib)} GiB")

    return move
