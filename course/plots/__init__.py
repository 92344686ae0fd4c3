"""The pictures of the course: one drawing style, and one shell that shows a picture live, still or as text.

Importing this package loads neither matplotlib, IPython nor ipywidgets; they come when a demo is shown.
"""

from course.plots.controls import Choice, Slider, Toggle
from course.plots.demo import Demo

__all__ = ["Choice", "Demo", "Slider", "Toggle"]
