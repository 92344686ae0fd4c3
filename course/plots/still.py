"""A demo without a kernel: a still picture, and frames that a small script shows where scripts run.

GitHub and untrusted notebooks strip <script>, <svg> and inputs: there the PNG and the words remain. The script removes
the still picture and builds its own control, so that nothing dead is ever visible.
"""

from __future__ import annotations

import base64
import json
from html import escape
from importlib import resources

from course.plots.demo import Demo
from course.plots.svg import document


def still_html(demo: Demo, script: str = "") -> str:
    """The picture as the controls start, as a PNG with alt text, and its words; the script leaves the fixed controls."""
    data = base64.b64encode(demo.png()).decode("ascii")
    words = "<br>".join(map(escape, demo.lines()))
    others = " · ".join(f"{control.label}: {control.show(control.start)}" for control in demo.controls[1:])
    fixed = f"<div>{escape(others)}</div>" if others else ""
    return (
        f'<div data-demo="{demo.name}" style="max-width:{demo.picture.width}px;line-height:1.5">'
        f'<img alt="{escape(demo.label())}" src="data:image/png;base64,{data}" width="{demo.picture.width}" '
        f'style="max-width:100%;height:auto;border-radius:6px"><p>{words}</p>{fixed}{script}</div>'
    )


def frames(demo: Demo) -> dict:
    """All positions of the first control, the others where they start: what the script needs to show them."""
    first = demo.controls[0]
    picture = demo.picture
    return {
        "label": first.label,
        "title": demo.title,
        "start": list(first.values).index(first.start),
        "values": [first.show(value) for value in first.values],
        "lines": [demo.lines(**{first.name: value}) for value in first.values],
        "svg": document(picture.fixed + '<g data-moving=""></g>', picture.width, picture.height, demo.label()),
        "moving": [picture.moving(**demo.parameters(**{first.name: value})) for value in first.values],
    }


def moving_html(demo: Demo) -> str:
    """The still picture, and the script that replaces it by a slider and its frames."""
    player = resources.files("course.plots").joinpath("frames.js").read_text(encoding="utf-8").strip()
    # "</" would end the script element too early.
    data = json.dumps(frames(demo), ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return still_html(demo, f"<script>({player})({data})</script>")
