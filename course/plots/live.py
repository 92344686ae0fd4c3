"""The live view of a demo: ipywidgets controls above the picture and its words."""

from __future__ import annotations

from html import escape

from course.plots.controls import Slider
from course.plots.demo import Demo

# Room for three lines of words, so that the page below never moves.
_WORDS = "margin-top:4px;line-height:1.5;min-height:4.5em"


def picture_html(demo: Demo, **changes) -> str:
    """The picture at these parameters, with its lines of words below."""
    words = "<br>".join(map(escape, demo.lines(**changes)))
    return f'{demo.svg(**changes)}<div style="{_WORDS}">{words}</div>'


def panel(demo: Demo):
    """A new ipywidgets box; each call makes its own, so that a demo can be shown twice."""
    import ipywidgets

    width = f"{demo.picture.width}px"
    label_width = f"{0.6 * max(len(control.label) for control in demo.controls) + 1:.1f}em"
    sliders = [control for control in demo.controls if isinstance(control, Slider)]
    # ipywidgets' own readout is as wide as its text, and the track under the reader's pointer would shrink and grow.
    longest = max((len(slider.show(value)) for slider in sliders for value in slider.values), default=0)
    beside = ipywidgets.Layout(width=f"{0.62 * longest + 0.5:.1f}em", flex="0 0 auto", margin="2px 0 2px 14px")
    widgets, rows, readouts = {}, [], {}
    for control in demo.controls:
        widget = widgets[control.name] = control.widget()
        widget.style.description_width = label_width
        if control not in sliders:
            widget.layout.width = "max-content"
            rows.append(widget)
            continue
        widget.layout.flex = "1 1 auto"
        readout = readouts[control.name] = ipywidgets.Label(control.show(control.start), layout=beside)
        rows.append(ipywidgets.HBox([widget, readout], layout=ipywidgets.Layout(max_width=width)))
    picture = ipywidgets.HTML(
        picture_html(demo), layout=ipywidgets.Layout(width="100%", max_width=width, margin="8px 0 0 0")
    )

    def redraw(change) -> None:
        values = {name: widget.value for name, widget in widgets.items()}
        picture.value = picture_html(demo, **values)
        for slider in sliders:
            readouts[slider.name].value = slider.show(values[slider.name])

    for widget in widgets.values():
        widget.observe(redraw, names="value")
    return ipywidgets.VBox([*rows, picture])
