"""A matplotlib figure as a small PNG on a light card, for pages that strip SVG: it reads in dark themes too."""

from __future__ import annotations

import io

from course.plots.style import CARD

_DOTS_PER_INCH = 120
_COLOURS = 128
_MARGIN = 20


def png(figure, rc: dict) -> bytes:
    """The PNG of `figure`; the same bytes each time."""
    import matplotlib
    from PIL import Image, ImageOps

    drawn, small = io.BytesIO(), io.BytesIO()
    with matplotlib.rc_context(rc):
        figure.savefig(drawn, format="png", dpi=_DOTS_PER_INCH, facecolor=CARD, metadata={"Software": None})
    # A palette makes the file four times smaller: notebooks carry it as text.
    card = ImageOps.expand(Image.open(drawn).convert("RGB"), _MARGIN, CARD)
    picture = card.quantize(_COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    picture.save(small, format="png", optimize=True)
    return small.getvalue()
