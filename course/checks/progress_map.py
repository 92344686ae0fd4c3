"""The map of what a learner has done: every section's exercises and points, for the start page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from pathlib import Path

from course.checks import progress


@dataclass(frozen=True)
class Section:
    """One lesson: its title, where it is, and its exercises as (name, points)."""

    title: str
    path: str
    exercises: tuple[tuple[str, float], ...]


def sections(folder: Path) -> list[Section]:
    """The lessons in `folder`/exercises, in order, read from the notebooks themselves."""
    return [_section(path, folder) for path in sorted((folder / "exercises").glob("*/*.ipynb"))]


def _section(path: Path, folder: Path) -> Section:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    marks = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    graded = tuple(
        (mark["grade_id"], mark["points"]) for mark in marks if mark.get("grade") and not mark.get("solution")
    )
    heading = "".join(cells[0]["source"]).splitlines()[0].lstrip("# ")
    return Section(heading, path.relative_to(folder).as_posix(), graded)


class ProgressMap:
    """What is done in each section; shows itself as text and as HTML. Points that a person grades are not counted."""

    def __init__(self, folder: Path | None = None):
        self.folder = folder or progress.course_folder() or Path.cwd()
        self.known = progress.load(self.folder)
        self.sections = sections(self.folder)

    def _row(self, section: Section) -> tuple[int, float, float]:
        scores = [min(points, self.known.get(name, {}).get("score", 0)) for name, points in section.exercises]
        finished = sum(score >= points for score, (_, points) in zip(scores, section.exercises, strict=True))
        return finished, sum(scores), sum(points for _, points in section.exercises)

    def __repr__(self) -> str:
        lines = []
        for section in self.sections:
            finished, score, points = self._row(section)
            lines.append(
                f"{section.title}: {finished} of {len(section.exercises)} exercises, {score:g} of {points:g} points"
            )
        return "\n".join(lines) or "There are no lessons here yet: run `make build`."

    def _repr_html_(self) -> str:
        if not self.sections:
            return f"<p>{escape(repr(self))}</p>"
        rows = []
        for section in self.sections:
            finished, score, points = self._row(section)
            share = 100 * score / points if points else 0
            bar = (
                f'<div role="img" aria-label="{share:.0f} percent" style="border:1px solid #8c959f;border-radius:4px;width:12em">'
                f'<div style="background:#1a7f37;height:0.8em;width:{share:.0f}%"></div></div>'
            )
            rows.append(
                f'<tr><th scope="row" style="text-align:left"><a href="{escape(section.path)}">{escape(section.title)}</a></th>'
                f"<td>{finished} of {len(section.exercises)} exercises</td><td>{score:g} of {points:g} points</td><td>{bar}</td></tr>"
            )
        return f"<table><tbody>{''.join(rows)}</tbody></table>"
