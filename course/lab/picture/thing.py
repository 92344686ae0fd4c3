"""A thing in the account, and how a tree of things is shown: as text in a terminal, as boxes in a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

_BOX = "border:1px solid #8c959f;border-radius:6px;padding:4px 10px;margin:4px"


@dataclass(frozen=True)
class Thing:
    """`kind` in AWS's words, `name` or id, `facts` worth a glance, and what is in it. `side_by_side`: zones, drawn in a row."""

    kind: str
    name: str = ""
    facts: tuple[str, ...] = ()
    inside: tuple[Thing, ...] = ()
    side_by_side: bool = False

    @property
    def line(self) -> str:
        """The thing in one line, without what is in it."""
        title = f"{self.kind} {self.name}".strip()
        return f"{title}: {', '.join(self.facts)}" if self.facts else title


@dataclass(frozen=True)
class Picture:
    """A whole account. `str()` gives the text, a notebook shows boxes; `things` is the tree."""

    title: str
    things: tuple[Thing, ...]

    def __repr__(self) -> str:
        lines = [self.title]
        for thing in self.things:
            lines += _lines(thing, 1)
        if not self.things:
            lines.append("  nothing but the default VPCs")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        inside = _rows(self.things) or "<p>nothing but the default VPCs</p>"
        title = escape(self.title)
        return (
            f'<div role="group" aria-label="{title}" style="max-width:75em"><strong>{title}</strong>'
            f'<div style="margin-top:4px">{inside}</div></div>'
        )


def _lines(thing: Thing, depth: int) -> Iterator[str]:
    yield "  " * depth + thing.line
    for one in thing.inside:
        yield from _lines(one, depth + 1)


def _html(thing: Thing) -> str:
    name = f" <code>{escape(thing.name)}</code>" if thing.name else ""
    facts = f": {escape(', '.join(thing.facts))}" if thing.facts else ""
    title = f"{escape(thing.kind)}{name}{facts}"
    if not thing.inside:
        return f'<div style="{_BOX}">{title}</div>'
    # Zones and small things stand side by side, everything with something in it below the other.
    return f'<details open style="{_BOX}"><summary>{title}</summary>{_rows(thing.inside)}</details>'


def _rows(things: tuple[Thing, ...]) -> str:
    drawn = []
    for aside, group in groupby(things, key=lambda one: one.side_by_side or not one.inside):
        boxes = [_html(one) for one in group]
        width = "flex:1 1 14em" if any(one.side_by_side for one in things) else "flex:0 1 auto"
        row = "".join(f'<div style="{width}">{box}</div>' for box in boxes)
        flow = f'<div style="display:flex;flex-wrap:wrap;align-items:flex-start">{row}</div>'
        drawn.append(flow if aside else "".join(boxes))
    return "".join(drawn)
