"""A demo: a pure function from parameters to a picture and its words, and the ways to show it.

Live controls where a kernel runs; a still picture with kernel-free frames where COURSE_STATIC=1; words in a terminal.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from functools import cached_property

from course.plots import style, svg


class Demo:
    """One interactive picture.

    `controls` move the parameters. `tell(**parameters)` returns one to three lines with the numbers of the picture:
    they stand under it, in its aria-label and in the text twin. The picture is a matplotlib chart
    (`chart=build`, see `course.plots.chart.Chart`) or made of shapes (`diagram=paint`, see `course.plots.diagram.Diagram`).
    """

    def __init__(
        self,
        name: str,
        title: str,
        controls: Sequence,
        tell: Callable[..., Sequence[str]],
        *,
        chart: Callable | None = None,
        diagram: Callable | None = None,
        width: int = style.WIDTH,
        height: int = 400,
    ) -> None:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
            raise ValueError(f"a demo's name is small letters, digits and single hyphens, not {name!r}")
        if not controls or len({control.name for control in controls}) != len(controls):
            raise ValueError(f"demo {name} needs at least one control, each with a name of its own")
        if (chart is None) == (diagram is None):
            raise ValueError(f"demo {name} needs either chart= or diagram=")
        self.name, self.title, self.controls = name, title, tuple(controls)
        self._tell, self._chart, self._diagram, self._size = tell, chart, diagram, (width, height)

    @cached_property
    def picture(self):
        """The Chart or Diagram, made when it is first needed and kept."""
        if self._chart is not None:
            from course.plots.chart import Chart

            return Chart(self.name, self.title, self._chart, *self._size)
        from course.plots.diagram import Diagram

        return Diagram(self.name, self.title, self._diagram, *self._size)

    def parameters(self, **changes) -> dict:
        """All parameters: where the controls start, with `changes`; ValueError names what a control does not allow."""
        known = {control.name: control for control in self.controls}
        for name in changes:
            if name not in known:
                raise ValueError(f"demo {self.name} has no control {name!r}; it has: {', '.join(known)}")
        return {name: control.check(changes.get(name, control.start)) for name, control in known.items()}

    def lines(self, **changes) -> list[str]:
        """What the picture says at these parameters, in one to three lines."""
        return list(self._tell(**self.parameters(**changes)))

    def text(self, **changes) -> str:
        """The text twin: the title and the numbers."""
        return "\n".join([self.title, *self.lines(**changes)])

    def label(self, **changes) -> str:
        """The text twin as one line: alt text and aria-label."""
        return f"{self.title}. {' '.join(self.lines(**changes))}"

    def svg(self, **changes) -> str:
        """The picture as an accessible SVG."""
        picture = self.picture
        moving = picture.moving(**self.parameters(**changes))
        return svg.document(picture.fixed + moving, picture.width, picture.height, self.label(**changes))

    def png(self, **changes) -> bytes:
        """The picture as a PNG on a light card."""
        return self.picture.png(**self.parameters(**changes))

    def __repr__(self) -> str:
        return self.text()

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        bundle = {"text/plain": self.text()}
        if "NBGRADER_EXECUTION" in os.environ:
            # Nobody moves a control while nbgrader runs the notebook, and its feedback page shows no widgets.
            return bundle
        if os.environ.get("COURSE_STATIC") == "1":
            from course.plots.still import moving_html

            bundle["text/html"] = moving_html(self)
        elif _kernel_is_running():
            from course.plots.live import panel
            from course.plots.still import still_html

            # A saved notebook keeps the still picture for pages that know no widgets, such as GitHub.
            bundle["text/html"] = still_html(self)
            bundle.update(
                {kind: data for kind, data in panel(self)._repr_mimebundle_().items() if kind != "text/plain"}
            )
        return bundle


def _kernel_is_running() -> bool:
    # Without IPython already loaded there is no kernel, and importing it only to ask would cost half a second.
    ipython = sys.modules.get("IPython")
    return getattr(ipython and ipython.get_ipython(), "kernel", None) is not None
