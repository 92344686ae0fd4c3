"""A class for nbgrader to grade: who hands in what, and what nbgrader makes of it.

Exercises are independent, so one submission holds one wrong answer to every exercise at once.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import time
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import zip_longest
from pathlib import Path
from types import SimpleNamespace

import nbformat
from nbgrader.api import Gradebook

from tests.lessons import ROOT, Lesson, is_test, read, report

BREAKS = ("raises", "has a syntax error", "lost its answer cell")


@cache
def answers(lesson: Lesson) -> dict:
    """Exercise -> Answers, from tests/answers/."""
    module = f"tests.answers.{lesson.word}"
    return import_module(module).ANSWERS if find_spec(module) else {}


@cache
def reference(lesson: Lesson) -> dict[str, str]:
    """Exercise -> the answer that the source gives."""
    cells = {cell.id: cell.source for cell in lesson.source.cells}
    return {exercise: cells[f"{exercise}-answer"] for exercise in lesson.points}


def does_nothing(source: str) -> str:
    """The same names, with functions that return None and data that is None."""
    lines = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines.append(f"def {node.name}(*args, **kwargs):\n    return None")
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            lines += [
                f"{name.id} = None" for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)
            ]
    return "\n\n".join(lines) or "pass"


def waves(kind: str, lesson: Lesson) -> Iterator[tuple[str, dict[str, str]]]:
    """(student, exercise -> code): the k-th student gives the k-th such answer to every exercise that has one."""
    columns = {
        exercise: [answer.code for answer in getattr(found, kind)] for exercise, found in answers(lesson).items()
    }
    for number, row in enumerate(zip_longest(*columns.values())):
        yield (
            f"{kind}-{number}",
            {exercise: code for exercise, code in zip(columns, row, strict=True) if code is not None},
        )


def submissions(lesson: Lesson) -> dict[str, dict[str, str | None]]:
    """Student -> exercise -> code; None where the answer cell is gone, no entry where nothing was written."""
    correct = reference(lesson)
    broken = dict(zip(correct, ("raise RuntimeError('no')", "def half(:", None), strict=False))
    return {
        "untouched": {},
        "reference": correct,
        "nothing": {exercise: does_nothing(code) for exercise, code in correct.items()},
        "broken": correct | broken,
        **dict(waves("wrong", lesson)),
        **{student: correct | given for student, given in waves("right", lesson)},
    }


def hand_in(folder: Path, lesson: Lesson, student: str, given: dict[str, str | None]) -> None:
    """Write a submission: the released notebook with these answers."""
    notebook = read(folder / "exercises" / lesson.section / f"{lesson.word}.ipynb")
    codes = {f"{exercise}-answer": code for exercise, code in given.items()}
    for cell in notebook.cells:
        cell.source = codes.get(cell.id, cell.source) or ""
    notebook.cells = [cell for cell in notebook.cells if codes.get(cell.id, "") is not None]
    target = folder / "submitted" / student / lesson.section
    target.mkdir(parents=True)
    nbformat.write(notebook, target / f"{lesson.word}.ipynb")


@cache
def graded(lesson: Lesson, folder: Path) -> SimpleNamespace:
    """The class after `nbgrader autograde` and `generate_feedback`: scores, outcomes and what was said."""
    shutil.copytree(ROOT / "source", folder / "source")
    shutil.copy(ROOT / "nbgrader_config.py", folder)

    def nbgrader_command(*arguments: str) -> str:
        done = subprocess.run(["nbgrader", *arguments], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-5000:]
        return done.stderr

    nbgrader_command("generate_assignment", lesson.section)
    given = submissions(lesson)
    for student, codes in given.items():
        hand_in(folder, lesson, student, codes)
    started = time.monotonic()
    nbgrader_command("autograde", lesson.section)
    seconds = time.monotonic() - started
    nbgrader_command("generate_feedback", lesson.section)
    scores, manual, outcomes = {}, {}, {}
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        for student in given:
            grades = book.find_submission_notebook(lesson.word, lesson.section, student).grades
            scores[student] = {grade.name: grade.auto_score for grade in grades if grade.name in lesson.points}
            by_hand = [grade for grade in grades if grade.name not in lesson.points]
            manual[student] = {grade.name: (grade.auto_score, grade.needs_manual_grade) for grade in by_hand}
            cells = read(folder / "autograded" / student / lesson.section / f"{lesson.word}.ipynb").cells
            outcomes[student] = {cell.id: outcomes_of(cell) for cell in filter(is_test, cells)}
    return SimpleNamespace(scores=scores, manual=manual, outcomes=outcomes, folder=folder, seconds=seconds)


def outcomes_of(cell) -> dict[str, str]:
    """Rule -> outcome of the card of an executed test cell."""
    return {check["rule"]: check["outcome"] for check in report(cell).get("checks", ())}


def lost(scores: dict[str, float], lesson: Lesson) -> dict[str, float]:
    """Exercise -> points that a student did not earn, where there are any."""
    return {
        exercise: points - scores[exercise] for exercise, points in lesson.points.items() if scores[exercise] != points
    }
