"""Dated facts about AWS: limits, prices and defaults, each with unit, source and date.

A fact stands here once. Text, pictures, checks and the offline account read it from here:

>>> from course.data import figure, value
>>> value("ebs.gp2.iops_per_gib")
3
>>> figure("ebs.gp3.max_iops")
80000 IOPS (as of November 2026)

The first word of a name is the file (`ebs.toml`), the second its table, the third the fact. A table may state
`source` and `as_of` for all its facts; a fact may state its own.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

__all__ = ["Figure", "figure", "figures", "table", "value"]

_SHARED = ("source", "as_of", "region", "note")


@dataclass(frozen=True)
class Figure:
    """One fact: its value, unit ("" for a pure number or a name), source page and the date it was read."""

    name: str
    value: int | float | str | list | date
    unit: str
    source: str
    as_of: date
    region: str = ""
    note: str = ""

    def __repr__(self) -> str:
        where = f", {self.region}" if self.region else ""
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.value}{unit} (as of {self.as_of:%B %Y}{where})"


@cache
def _file(stem: str) -> dict:
    path = resources.files(__name__).joinpath(f"{stem}.toml")
    if not path.is_file():
        known = sorted(p.name[:-5] for p in resources.files(__name__).iterdir() if p.name.endswith(".toml"))
        raise KeyError(f"there is no data file {stem!r}; there are: {', '.join(known)}")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def figures(prefix: str) -> dict[str, Figure]:
    """All facts of one table, such as `figures("ebs.gp3")`, by their short names, in the order of the file."""
    stem, _, group = prefix.partition(".")
    tables = _file(stem)
    if group not in tables:
        raise KeyError(f"{stem}.toml has no table {group!r}; it has: {', '.join(tables)}")
    table = tables[group]
    shared = {key: table[key] for key in _SHARED if key in table}
    found = {}
    for key, fact in table.items():
        if key in _SHARED:
            continue
        found[key] = Figure(**{"name": f"{prefix}.{key}", "unit": "", **shared, **fact})
    return found


def figure(name: str) -> Figure:
    """The fact called `name`, such as "ebs.gp2.iops_per_gib"; KeyError names what there is instead."""
    prefix, _, key = name.rpartition(".")
    facts = figures(prefix)
    if key not in facts:
        raise KeyError(f"{prefix} has no fact {key!r}; it has: {', '.join(facts)}")
    return facts[key]


def value(name: str):
    """The bare value of the fact called `name`."""
    return figure(name).value


def table(*names: str):
    """The facts of the tables `names`, such as `table("ebs.gp2", "ebs.gp3")`, with units, notes, dates and sources."""
    # Imported when called: the module that shows facts reads them from here.
    from course.data.fact_table import FactTable

    return FactTable(*names)
