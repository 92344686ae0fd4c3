"""A matplotlib chart whose fixed part is drawn once, so that a moved control redraws only what moves.

A full matplotlib SVG takes 50 ms or more, the moving artists about 2 ms.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cached_property

from course.plots import style, svg


class Chart:
    """A kept Figure. `build(figure)` draws everything once and returns `move(**values)`, which updates the moving artists.

    Moving is what `build` creates with `animated=True`, matplotlib's own word for it. The figure is measured in
    pixels of 1/72 inch: `width` by `height`, the title above.
    """

    def __init__(self, name: str, title: str, build: Callable, width: int, height: int) -> None:
        import matplotlib
        from matplotlib.figure import Figure

        self.width, self.height = width, height
        # The salt makes ids repeatable, and different for each demo of a page.
        self._rc = {**style.RC, "svg.hashsalt": name}
        with matplotlib.rc_context(self._rc):
            self._figure = Figure(figsize=(width / 72, height / 72), dpi=72)
            self._figure.text(0, 1 - 4 / height, title, size=style.TITLE, weight="bold", va="top")
            self._move = build(self._figure)
        artists = self._figure.findobj()
        for artist in artists:
            artist.set_clip_on(False)  # clip paths would need ids, and nothing is drawn outside its axes
        self._moving = sorted(
            (artist for artist in artists if artist.get_animated()), key=lambda artist: artist.get_zorder()
        )

    @cached_property
    def fixed(self) -> str:
        """The SVG of everything that no control changes."""
        return self._render([self._figure])

    def moving(self, **values) -> str:
        """The SVG of what the controls move, at these values."""
        self._move(**values)
        return self._render([artist for artist in self._moving if artist.get_visible()])

    def png(self, **values) -> bytes:
        """The whole chart on a light card."""
        from course.plots.card import png

        self._move(**values)
        for artist in self._moving:
            artist.set_animated(False)
        try:
            return png(self._figure, self._rc)
        finally:
            for artist in self._moving:
                artist.set_animated(True)

    def _render(self, artists: list) -> str:
        import matplotlib
        from matplotlib.backends.backend_svg import RendererSVG

        written = io.StringIO()
        with matplotlib.rc_context(self._rc):
            renderer = RendererSVG(self.width, self.height, written, image_dpi=72)
            for artist in artists:
                artist.draw(renderer)
            renderer.finalize()
        return svg.inner(written.getvalue())
