"""Diagrams (blocks, racks, routers, states) as shapes: an SVG string without matplotlib, and a PNG with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

from course.plots import style
from course.plots.style import INK
from course.plots.svg import number


def _stroke(colour: str, width: float, dashed: bool) -> str:
    if colour == "none":
        return ""
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return f' stroke="{_colour(colour)}"{dash}' + (f' stroke-width="{number(width)}"' if width != 1 else "")


def _colour(colour: str) -> str:
    return "currentColor" if colour == INK else colour


@dataclass(frozen=True)
class Box:
    """A rectangle; `strength` is how opaque its fill is."""

    x: float
    y: float
    width: float
    height: float
    fill: str = "none"
    stroke: str = "none"
    dashed: bool = False
    strength: float = 1
    line_width: float = 1

    def svg(self) -> str:
        """This shape as an SVG element."""
        x, y, width, height = map(number, (self.x, self.y, self.width, self.height))
        faint = f' fill-opacity="{number(self.strength)}"' if self.strength != 1 else ""
        stroke = _stroke(self.stroke, self.line_width, self.dashed)
        return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{_colour(self.fill)}"{faint}{stroke}/>'

    def add_to(self, axes) -> None:
        """Draw this shape on matplotlib axes that are measured in pixels."""
        from matplotlib.colors import to_rgba
        from matplotlib.patches import Rectangle

        fill = "none" if self.fill == "none" else to_rgba(self.fill, self.strength)
        line = (0, (4, 3)) if self.dashed else "-"
        axes.add_patch(
            Rectangle((self.x, self.y), self.width, self.height, fc=fill, ec=self.stroke, ls=line, lw=self.line_width)
        )


@dataclass(frozen=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str = INK
    width: float = 1
    dashed: bool = False

    def svg(self) -> str:
        """This shape as an SVG element."""
        x1, y1, x2, y2 = map(number, (self.x1, self.y1, self.x2, self.y2))
        return f'<path d="M{x1} {y1}L{x2} {y2}"{_stroke(self.stroke, self.width, self.dashed)}/>'

    def add_to(self, axes) -> None:
        """Draw this shape on matplotlib axes that are measured in pixels."""
        line = (0, (4, 3)) if self.dashed else "-"
        axes.plot([self.x1, self.x2], [self.y1, self.y2], color=self.stroke, lw=self.width, ls=line)


@dataclass(frozen=True)
class Label:
    """A line of text whose baseline starts (or has its middle, or ends) at x, y."""

    x: float
    y: float
    text: str
    size: float = style.TEXT
    anchor: str = "start"
    bold: bool = False

    def svg(self) -> str:
        """This shape as an SVG element."""
        anchor = f' text-anchor="{self.anchor}"' if self.anchor != "start" else ""
        weight = ' font-weight="bold"' if self.bold else ""
        x, y, size = map(number, (self.x, self.y, self.size))
        return f'<text x="{x}" y="{y}" font-size="{size}"{anchor}{weight}>{escape(self.text)}</text>'

    def add_to(self, axes) -> None:
        """Draw this shape on matplotlib axes that are measured in pixels."""
        side = {"start": "left", "middle": "center", "end": "right"}[self.anchor]
        weight = "bold" if self.bold else "normal"
        axes.text(self.x, self.y, self.text, size=self.size, ha=side, va="baseline", weight=weight)


class Diagram:
    """A picture made of shapes: `paint(**values)` returns them in drawing order, measured in pixels from the top left."""

    def __init__(self, name: str, title: str, paint: Callable[..., Iterable], width: int, height: int) -> None:
        self.width, self.height = width, height
        self._title = Label(0, 4 + style.TITLE, title, size=style.TITLE, bold=True)
        self._paint = paint

    @property
    def fixed(self) -> str:
        """The SVG of what no control changes: the title."""
        return self._title.svg()

    def moving(self, **values) -> str:
        """The SVG of the shapes at these values."""
        return "".join(shape.svg() for shape in self._paint(**values))

    def png(self, **values) -> bytes:
        """The whole diagram on a light card."""
        import matplotlib
        from matplotlib.figure import Figure

        from course.plots.card import png

        with matplotlib.rc_context(style.RC):
            figure = Figure(figsize=(self.width / 72, self.height / 72), dpi=72)
            axes = figure.add_axes((0, 0, 1, 1))
            axes.set(xlim=(0, self.width), ylim=(self.height, 0))
            axes.axis("off")
            for shape in (self._title, *self._paint(**values)):
                shape.add_to(axes)
        return png(figure, style.RC)
