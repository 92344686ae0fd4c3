"""What stops a build: a lesson that would show answers to learners, or that does not earn its own points.

Both take notebooks after nbgrader has converted them, because nbgrader itself goes on in most of these cases.
"""

from __future__ import annotations

import re

_LEFTOVER = re.compile(r"(BEGIN|END) (SOLUTION|HIDDEN TESTS)|mark\s*scheme", re.IGNORECASE)


class BuildError(Exception):
    """Why nothing was built, in one sentence."""


def refuse_leaks(name: str, lesson, released) -> None:
    """BuildError if the `released` notebook of a `lesson` shows an answer or a marker."""
    from nbgrader.utils import is_grade, is_solution

    sources = {cell.id: cell.source for cell in lesson.cells}
    for cell in released.cells:
        leftover = _LEFTOVER.search(cell.source)
        if leftover:
            raise BuildError(f"{name}, cell {cell.id}: learners would see {leftover[0]!r}; is a marker misspelt?")
        in_words = cell.cell_type == "markdown" and is_grade(cell) and is_solution(cell)
        if (
            in_words
            and cell.source.strip() != "YOUR ANSWER HERE"
            or is_solution(cell)
            and cell.source == sources.get(cell.id)
        ):
            raise BuildError(f"{name}, cell {cell.id}: learners would see the answer")


def refuse_failures(name: str, worked, course: str) -> None:
    """BuildError if a cell of the executed lesson fails, writes to stderr, shows the folder `course` or misses a point."""
    from nbgrader.utils import determine_grade, is_grade, is_solution

    for cell in worked.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                raise BuildError(f"{name}, cell {cell.id} fails: {output.ename}: {output.evalue}".rstrip(": "))
            if output.get("name") == "stderr":
                raise BuildError(
                    f"{name}, cell {cell.id} writes to stderr, which nbgrader grades 0: {output.text.strip()}"
                )
        if course in str(cell.get("outputs", "")):
            raise BuildError(f"{name}, cell {cell.id} shows a path of this machine")
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
            if not any(output.output_type == "execute_result" for output in cell.outputs):
                raise BuildError(f"{name}, cell {cell.id} gives no score: its last line should be check.score")
            score, points = determine_grade(cell)
            remarks = [remark for card in _cards(cell) for remark in card["remarks"]]
            if remarks:
                raise BuildError(f"{name}, cell {cell.id}: the card of the solution has a remark: {remarks[0]}")
            if score != points:
                raise BuildError(
                    f"{name}, cell {cell.id}: the solution earns {score:g} of {points:g} points{_missed(cell)}"
                )


def _cards(cell) -> list[dict]:
    """What the cards of an executed test cell say, as data."""
    return [output.metadata["checks"] for output in cell.outputs if "checks" in output.get("metadata", {})]


def _missed(cell) -> str:
    """Which checks did not pass."""
    rules = [check["rule"] for card in _cards(cell) for check in card["checks"] if check["outcome"] != "passed"]
    return f" (not passed: {'; '.join(rules)})" if rules else ""
