"""Argument checks that every storage model shares: a wrong value raises one sentence that names it and the rule."""

from __future__ import annotations

import math
from numbers import Real

from course.data import figures


def number(name: str, given) -> float | int:
    """`given` if it is a finite real number; TypeError or ValueError otherwise."""
    if isinstance(given, bool) or not isinstance(given, Real):
        raise TypeError(f"{name} must be a number, not {given!r}")
    if not math.isfinite(given):
        raise ValueError(f"{name} must be finite, not {given!r}")
    return given


def at_least(name: str, given, minimum) -> float | int:
    """`given` if it is a number of at least `minimum`."""
    if number(name, given) < minimum:
        raise ValueError(f"{name} must be at least {minimum:,}, not {given:,}")
    return given


def between(name: str, given, minimum, maximum) -> float | int:
    """`given` if it is a number from `minimum` to `maximum`."""
    if not minimum <= number(name, given) <= maximum:
        raise ValueError(f"{name} must be from {minimum:,} to {maximum:,}, not {given:,}")
    return given


def volume_size(volume_type: str, size_gib) -> float | int:
    """`size_gib` if a volume of this type can have that size (GiB), by `course/data/ebs.toml`."""
    facts = figures(f"ebs.{volume_type}")
    return between(
        f"the size in GiB of a volume of type {volume_type}", size_gib, facts["min_size"].value, facts["max_size"].value
    )
