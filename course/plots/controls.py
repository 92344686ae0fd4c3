"""What a reader can move: a slider on a list of values, a choice of words, a toggle.

A control is plain data; only `widget()` needs ipywidgets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


def _plain(value) -> str:
    return f"{value:,}" if isinstance(value, (int, float)) else str(value)


@dataclass(frozen=True)
class _OneOf:
    """A control whose value is one of a list; `start` is where it stands at first."""

    name: str
    label: str
    values: Sequence
    start: object
    unit: str = ""
    show_value: Callable[[object], str] = field(default=_plain, repr=False)

    def __post_init__(self) -> None:
        if len(self.values) < 2 or len(set(self.values)) != len(self.values):
            raise ValueError(f"{self.name} needs at least two different values, not {self.values!r}")
        self.check(self.start)

    def check(self, value):
        """`value` if this control can stand there; ValueError names the value and what is allowed."""
        # True == 1 in Python, yet a size of True is a mistake.
        if isinstance(value, bool) or not isinstance(value, (int, float, str)) or value not in self.values:
            raise ValueError(f"{self.name} must be one of {', '.join(map(_plain, self.values))}, not {value!r}")
        return value

    def show(self, value) -> str:
        """The value as a reader sees it, with its unit."""
        return f"{self.show_value(value)} {self.unit}".strip()

    def _options(self) -> list[tuple[str, object]]:
        return [(self.show(value), value) for value in self.values]


class Slider(_OneOf):
    """A slider that stops at each of `values`: sizes grow by factors, so even steps would not do."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if list(self.values) != sorted(self.values):
            raise ValueError(f"the values of {self.name} must rise, not {self.values!r}")

    def widget(self):
        """A live ipywidgets slider without its value, which the panel writes beside it; arrow keys, Home and End move it."""
        import ipywidgets

        return ipywidgets.SelectionSlider(
            options=self._options(), value=self.start, description=self.label, continuous_update=True, readout=False
        )


class Choice(_OneOf):
    """A dropdown of words."""

    def widget(self):
        """A live ipywidgets dropdown."""
        import ipywidgets

        return ipywidgets.Dropdown(options=self._options(), value=self.start, description=self.label)


@dataclass(frozen=True)
class Toggle:
    """A checkbox."""

    name: str
    label: str
    start: bool = False
    values = (False, True)

    def check(self, value) -> bool:
        """`value` if it is True or False; ValueError otherwise."""
        if not isinstance(value, bool):
            raise ValueError(f"{self.name} must be True or False, not {value!r}")
        return value

    def show(self, value) -> str:
        """yes or no."""
        return "yes" if value else "no"

    def widget(self):
        """A live ipywidgets checkbox."""
        import ipywidgets

        return ipywidgets.Checkbox(value=self.start, description=self.label, indent=True)
