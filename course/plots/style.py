"""The one style of all pictures: ink, series colours, dashes, and axes that read in light and dark themes."""

from __future__ import annotations

from collections.abc import Sequence

# Drawn in INK, text and axes become the reader's text colour in an SVG; on the light card of a PNG it stays.
INK = "#1b1f24"
CARD = "#ffffff"

# Okabe and Ito's colours, told apart by colour-blind readers. Never the only difference: pair each with a dash or a sign.
BLUE = "#0072b2"
ORANGE = "#d55e00"
GREEN = "#009e73"
PINK = "#cc79a7"

SOLID = "-"
DASHED = (0, (6, 3))
DOTTED = (0, (1.5, 2.5))

WIDTH = 720
TEXT = 12
TITLE = 15
PAGE_FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"

RC = {
    "svg.fonttype": "none",
    "font.family": ["DejaVu Sans"],
    "font.size": TEXT,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": TEXT,
    "axes.titlelocation": "left",
    "axes.axisbelow": True,
    "axes.unicode_minus": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": INK,
    "grid.alpha": 0.18,
    "figure.facecolor": "none",
    "lines.linewidth": 2.2,
}


def log_axis(axis, ticks: Sequence[float], low: float, high: float) -> None:
    """Make a matplotlib axis logarithmic from `low` to `high`, with plain numbers at `ticks` only."""
    from matplotlib.ticker import FixedLocator, NullLocator

    axis.axes.set(**{f"{axis.axis_name}scale": "log", f"{axis.axis_name}lim": (low, high)})
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_minor_locator(NullLocator())
    plain_numbers(axis)


def plain_numbers(axis) -> None:
    """Label the ticks of a matplotlib axis as 1,000 rather than 10³."""
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda number, position: f"{number:,.10g}"))
