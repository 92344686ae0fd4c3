"""SVG as strings: the accessible root element, and matplotlib's SVG made small and theme-neutral."""

from __future__ import annotations

import re
from html import escape

from course.plots.style import INK, PAGE_FONT

_TAG = re.compile(r"<[^>]+>")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_DROPPED = re.compile(
    r"<!--.*?-->"  # matplotlib repeats each text as a comment
    r'|(?<=<g) id="[^"]*"'  # group ids would clash between two pictures on a page
    r'| transform="rotate\(-?0 [^"]*"'
    r"|font-family: [^;\"]*;? ?",
    re.DOTALL,
)
_OPENING = re.compile(r"\A.*?</metadata>\s*<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL)


def document(body: str, width: int, height: int, label: str) -> str:
    """A whole <svg> around `body`: one image for a screen reader, in the reader's text colour, as wide as there is room."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(label)}" fill="currentColor" font-family="{PAGE_FONT}" stroke-linejoin="round" '
        f'style="display:block;width:100%;max-width:{width}px;height:auto">{body}</svg>'
    )


def inner(matplotlib_svg: str) -> str:
    """What stands inside matplotlib's <svg>, without metadata, ids, font names and needless digits, INK as currentColor."""
    body = _OPENING.sub("", matplotlib_svg).rpartition("</svg>")[0]
    body = _TAG.sub(lambda tag: _LONG_NUMBER.sub(_short, tag[0]), _DROPPED.sub("", body))
    body = body.replace(INK, "currentColor").replace("xlink:href", "href")
    return re.sub(r">\s+<", "><", re.sub(r"\s+", " ", body)).strip()


def number(value: float) -> str:
    """A coordinate with two digits at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _short(match: re.Match) -> str:
    return number(float(match[0]))
