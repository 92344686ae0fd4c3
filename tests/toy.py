"""A lesson of one minute in the format of the real ones, for tests that break a lesson or need a quick one."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}

ANSWER = """\
def baseline_iops(size_gib):
    ### BEGIN SOLUTION
    return min(max(100, 3 * size_gib), 16_000)
    ### END SOLUTION"""

TEST = """\
with exercise("toy-volumes-baseline", points=3) as check:
    check("gp2 gives 3 IOPS for each GiB", baseline_iops, 500, expected=1500)
    ### BEGIN HIDDEN TESTS
    check("gp2 gives at least 100 IOPS", baseline_iops, 1, expected=100)
    check("gp2 gives at most 16,000 IOPS", baseline_iops, 16_384, expected=16_000)
    ### END HIDDEN TESTS
check.score"""

MANUAL = """\
gp3, because its IOPS do not depend on its size.

=== BEGIN MARK SCHEME ===
1 point for a reason.
=== END MARK SCHEME ==="""


def nbgrader(grade_id: str, *, grade: bool, solution: bool, points: int | None = None) -> dict:
    """The metadata of a cell that nbgrader knows."""
    data = {"grade": grade, "grade_id": grade_id, "solution": solution, "locked": grade and not solution}
    data |= {"schema_version": 3, "task": False}
    return {"nbgrader": data | ({"points": points} if grade else {})}


def lesson(answer: str = ANSWER, test: str = TEST, manual: str = MANUAL):
    """The notebook: a demo, an exercise in code, an exercise in words."""
    name = "toy-volumes-baseline"
    in_code = nbgrader(f"{name}-answer", grade=False, solution=True)
    graded = nbgrader(name, grade=True, solution=False, points=3)
    in_words = nbgrader("toy-volumes-why", grade=True, solution=True, points=1)
    return new_notebook(
        metadata={"kernelspec": KERNEL},
        cells=[
            new_markdown_cell("# A toy", id="title"),
            new_code_cell("from course.checks import exercise", id="setup"),
            new_code_cell("{size: 3 * size for size in (100, 200)}", id="toy-volumes-demo"),
            new_code_cell(answer, id=f"{name}-answer", metadata=in_code),
            new_code_cell(test, id=name, metadata=graded),
            new_markdown_cell(manual, id="toy-volumes-why", metadata=in_words),
        ],
    )


def course(folder: Path, **cells: str) -> Path:
    """A course with the toy as its one section, and this course's own nbgrader_config.py."""
    section = folder / "source" / "09_toy"
    section.mkdir(parents=True)
    (section / "toy.ipynb").write_text(nbformat.writes(lesson(**cells)) + "\n", encoding="utf-8")
    config = Path(__file__).resolve().parent.parent / "nbgrader_config.py"
    (folder / "nbgrader_config.py").write_text(config.read_text(encoding="utf-8"), encoding="utf-8")
    return folder
