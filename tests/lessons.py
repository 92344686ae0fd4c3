"""The lessons as the tests see them: where they lie, their cells, their exercises."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent

TOPICS = {
    "04_storage": (
        "ebs-volumes", "delete-on-termination", "snapshots", "amis", "instance-store",
        "volume-types", "multi-attach", "ebs-encryption", "efs", "choosing-storage",
    ),
}  # fmt: skip


def read(path: Path):
    """The notebook at `path`."""
    return nbformat.read(path, as_version=4)


def nbgrader(cell) -> dict:
    """What nbgrader knows of a cell; empty for all other cells."""
    return cell.metadata.get("nbgrader", {})


def is_answer(cell) -> bool:
    """Whether a learner writes into the cell."""
    return bool(nbgrader(cell).get("solution"))


def is_test(cell) -> bool:
    """Whether the cell grades by running."""
    return bool(nbgrader(cell).get("grade")) and not is_answer(cell) and cell.cell_type == "code"


def is_manual(cell) -> bool:
    """Whether a person grades the cell."""
    return bool(nbgrader(cell).get("task")) or bool(nbgrader(cell).get("grade")) and is_answer(cell)


def report(cell) -> dict:
    """What the card of an executed test cell says, as data; empty when no card was shown."""
    found = [output.metadata["checks"] for output in cell.get("outputs", ()) if "checks" in output.get("metadata", {})]
    return found[-1] if found else {}


def score(cell) -> float | None:
    """The last value of an executed test cell; None when it has none."""
    found = [output.data["text/plain"] for output in cell.get("outputs", ()) if output.output_type == "execute_result"]
    return float(found[-1]) if found else None


def regions(source: str) -> tuple[list[str], list[str]]:
    """The lines of a cell that everyone sees, and those that learners must not: solutions, hidden tests, mark schemes."""
    lines, hidden = ([], []), False
    for line in source.splitlines():
        if re.search("(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)", line):
            hidden = "BEGIN" in line
        else:
            lines[hidden].append(line.strip())
    return lines


@dataclass(frozen=True)
class Lesson:
    """One section: a folder with one notebook, in three versions."""

    section: str

    @property
    def number(self) -> int:
        """4 for 04_storage."""
        return int(self.section.split("_")[0])

    @property
    def word(self) -> str:
        """storage for 04_storage: the wing, the notebook and the module with its answers."""
        return self.section.split("_", 1)[1]

    def path(self, version: str) -> Path:
        """The notebook in `source`, `exercises` or `solutions`."""
        return ROOT / version / self.section / f"{self.word}.ipynb"

    @cached_property
    def source(self):
        """The lesson as written."""
        return read(self.path("source"))

    @cached_property
    def exercises(self):
        """The lesson as learners get it."""
        return read(self.path("exercises"))

    @cached_property
    def solutions(self):
        """The lesson worked out."""
        return read(self.path("solutions"))

    @cached_property
    def points(self) -> dict[str, float]:
        """Exercise -> points, for those that grade themselves."""
        return {cell.id: nbgrader(cell)["points"] for cell in self.source.cells if is_test(cell)}


LESSONS = [Lesson(folder.name) for folder in sorted((ROOT / "source").glob("[0-9]*_*")) if any(folder.glob("*.ipynb"))]
