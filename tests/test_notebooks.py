"""The lessons: well formed as written, honest as released, and running as they should in all three versions."""

from __future__ import annotations

import ast
import os
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import pytest
from nbclient import NotebookClient

from tests.lessons import (
    LESSONS,
    ROOT,
    TOPICS,
    Lesson,
    is_answer,
    is_manual,
    is_test,
    nbgrader,
    read,
    regions,
    report,
    score,
)

WORDS = r"[a-z0-9]+(-[a-z0-9]+)*"
HEADING = re.compile(r"^(#{1,3}) (.+)$", re.MULTILINE)
DEMO = re.compile(r"demos\.\w+\(.*\)")

pytestmark = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.section)


def headings(notebook) -> list[tuple[str, str, str]]:
    """(cell id, level, text) of every heading, in order."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"^```.*?^```", "", cell.source, flags=re.MULTILINE | re.DOTALL)
            found += [(cell.id, level, text) for level, text in HEADING.findall(prose)]
    return found


def topic_of(exercise: str, topics) -> str:
    """The topic an exercise belongs to: the longest topic id that its name starts with."""
    return max((topic for topic in topics if f"{exercise}-".startswith(f"{topic}-")), key=len, default="")


def executed(path: Path, folder: Path, **settings):
    """The notebook run from top to bottom in a folder where it can harm nothing."""
    copied = Path(shutil.copy(path, folder))
    notebook = read(copied)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}, **settings).execute()
    return notebook


def stderr(notebook) -> dict[str, str]:
    """Cell id -> what it wrote to stderr."""
    return {
        cell.id: output.text
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if output.get("name") == "stderr"
    }


def test_the_source_holds_no_results(lesson: Lesson):
    """Is the lesson in git without outputs and counts, so that a diff shows what was written?"""
    for cell in lesson.source.cells:
        if cell.cell_type == "code":
            assert not cell.outputs and cell.execution_count is None, cell.id
        assert set(cell.metadata) <= {"nbgrader", "tags"}, f"{cell.id}: {set(cell.metadata)}"
    assert set(lesson.source.metadata) <= {"kernelspec", "language_info"}


def test_only_notebooks_and_pictures_lie_beside_the_lesson(lesson: Lesson):
    """Does nothing lie in the folder that nbgrader would hand to learners by mistake?"""
    found = {path.name for path in lesson.path("source").parent.rglob("*") if ".ipynb_checkpoints" not in path.parts}
    assert {name for name in found if not name.endswith((".png", ".svg", ".jpg"))} == {f"{lesson.word}.ipynb"}


def test_ids_are_unique_words(lesson: Lesson):
    """Can a person read every cell id, and does nbgrader use the same one?"""
    ids = [cell.id for cell in lesson.source.cells]
    assert len(ids) == len(set(ids)), sorted(name for name in ids if ids.count(name) > 1)
    unreadable = [
        name for name in ids if not re.fullmatch(WORDS, name) or not re.search("[a-z]{2}", name) or len(name) > 60
    ]
    assert not unreadable
    assert not [name for name in ids if re.search(r"(^|-)[0-9a-f]{8,}(-|$)", name)], "these ids look made by a machine"
    for cell in lesson.source.cells:
        if nbgrader(cell):
            assert nbgrader(cell)["grade_id"] == cell.id


def test_ids_are_the_same_in_all_versions(lesson: Lesson):
    """Can a cell be followed from the source to what learners and readers see?"""
    ids = [cell.id for cell in lesson.source.cells]
    assert [cell.id for cell in lesson.exercises.cells] == ids
    assert [cell.id for cell in lesson.solutions.cells] == ids


def test_an_answer_stands_before_its_checks(lesson: Lesson):
    """Is every exercise an answer cell, then a locked test cell of the same name?"""
    answers = []
    for cell in lesson.source.cells:
        data = nbgrader(cell)
        if is_answer(cell) and not is_manual(cell):
            assert (data["grade"], data["locked"], data.get("task", False)) == (False, False, False), cell.id
            assert cell.id.endswith("-answer") and "### BEGIN SOLUTION" in cell.source, cell.id
            answers.append(cell.id.removesuffix("-answer"))
        elif is_test(cell):
            assert data["locked"] and data["points"] > 0, cell.id
            assert answers and answers[-1] == cell.id, f"{cell.id} does not follow its answer cell"
            assert cell.source.rstrip().endswith("check.score"), cell.id
    assert answers == list(lesson.points)


def test_test_cells_hand_a_learners_names_over_and_do_nothing_else_with_them(lesson: Lesson):
    """Could answers run in another process than the checks? A name of the answer is only ever an argument of a check."""
    cells = {cell.id: cell.source for cell in lesson.source.cells}
    for exercise in lesson.points:
        answer, test = ast.parse(cells[f"{exercise}-answer"]), ast.parse(cells[exercise])
        names = {node.name for node in answer.body if isinstance(node, ast.FunctionDef)}
        names |= {
            node.id for node in ast.walk(answer) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        calls = [
            node for node in ast.walk(test) if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("check")
        ]
        handed = {argument for call in calls for argument in call.args}
        used = [node for node in ast.walk(test) if isinstance(node, ast.Name) and node.id in names]
        assert used, f"{exercise} does not look at its answer"
        assert not [node.id for node in used if node not in handed], exercise


def test_test_cells_leave_no_names_for_an_answer_to_take(lesson: Lesson):
    """An answer that ignores its parameter and takes a global must not find what the check just made."""
    for cell in filter(is_test, lesson.source.cells):
        bound = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Name | ast.withitem)]
        names = {node.id for node in bound if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)} - {
            "check"
        }
        inner = {
            name.id
            for node in ast.walk(ast.parse(cell.source))
            if isinstance(node, ast.comprehension)
            for name in ast.walk(node.target)
            if isinstance(name, ast.Name)
        }
        assert not [name for name in names - inner if not name.startswith("_")], cell.id


def test_the_first_code_cell_sets_up(lesson: Lesson):
    """Can a learner start at the top and nowhere else?"""
    first = next(cell for cell in lesson.source.cells if cell.cell_type == "code")
    assert first.id == "setup" and "lab.start()" in first.source


def test_weights_are_points(lesson: Lesson):
    """Do the weights of the checks of each exercise add up to its points?"""
    for cell in lesson.solutions.cells:
        if is_test(cell):
            data, points = report(cell), nbgrader(cell)["points"]
            assert (data["exercise"], data["points"], data["score"]) == (cell.id, points, points)
            assert sum(check["weight"] for check in data["checks"]) == pytest.approx(points), cell.id


def test_every_topic_has_a_heading_and_an_exercise(lesson: Lesson):
    """Is every topic of the section there, in order, with an exercise under its heading?"""
    topics = TOPICS[lesson.section]
    written = "\n".join(f"{level} {text}" for _, level, text in headings(lesson.source))
    numbers = re.findall(rf"^## {lesson.number}\.(\d+) ", written, re.MULTILINE)
    assert numbers == [str(number) for number in range(1, len(topics) + 1)]
    under, found = 0, {topic: [] for topic in topics}
    for cell in lesson.source.cells:
        if cell.cell_type == "markdown" and re.search(rf"^## {lesson.number}\.\d+ ", cell.source, re.M):
            under += 1
        if is_test(cell) or is_manual(cell):
            topic = topic_of(cell.id, topics)
            assert topic, f"{cell.id} starts with no topic of {lesson.section}"
            assert topics[under - 1] == topic, f"{cell.id} stands under {lesson.number}.{under}, of {topics[under - 1]}"
            found[topic].append(cell.id)
    assert not [topic for topic, exercises in found.items() if not exercises]


def test_headings_are_numbered_and_name_the_points(lesson: Lesson):
    """Do numbers run without gaps, and does each exercise say what it is worth?"""
    topic, demos, exercises, expected = "", [], [], {}
    for cell in lesson.source.cells:
        for _, level, text in headings(type(lesson.source)(cells=[cell])):
            if level == "##":
                topic, demos, exercises, current = text.split()[0], [], [], None
            if level == "###" and text.startswith("Demo"):
                assert re.fullmatch(rf"Demo {re.escape(topic)}[a-z]?(\.\d+)?: \S.*", text), text
                assert text.split(":")[0] not in demos, text
                demos.append(text.split(":")[0])
            if level == "###" and text.startswith("Exercise"):
                match = re.fullmatch(
                    rf"Exercise {re.escape(topic)}\.(\d+): \S.* \((\d+) points?(, graded by a person)?\)", text
                )
                assert match, f"{text!r} is not like 'Exercise {topic}.1: Title (3 points)'"
                exercises.append(int(match[1]))
                assert exercises == list(range(1, len(exercises) + 1)), text
                assert ("(1 point)" in text) == (match[2] == "1"), text
                current = text
                expected[current] = int(match[2])
        if is_test(cell) or is_manual(cell):
            assert current, f"{cell.id} has no heading like 'Exercise {topic}.1: Title (3 points)'"
            expected[current] -= nbgrader(cell)["points"]
    assert not {text: rest for text, rest in expected.items() if rest}, (
        "the heading and its cells name different points"
    )


def test_questions_follow_every_demo(lesson: Lesson):
    """Does each demo come with questions, and with answers for those who are stuck?"""
    cells = lesson.source.cells
    demos = [
        position
        for position, cell in enumerate(cells)
        if cell.cell_type == "code" and DEMO.fullmatch(cell.source.strip())
    ]
    assert demos
    for position in demos:
        following = cells[position + 1]
        assert following.cell_type == "markdown" and "<details>" in following.source, cells[position].id
        assert "?" in following.source, cells[position].id


def test_learners_do_not_get_the_answers(lesson: Lesson):
    """Is no line of a solution, a hidden test or a mark scheme in the exercises?"""
    both = [regions(cell.source) for cell in lesson.source.cells if not is_manual(cell)]
    # A line that stands in the open too, such as an import, gives nothing away.
    shown = "\n".join(line for lines, _ in both for line in lines)
    secret = {line for _, lines in both for line in lines if len(line) > 12 and line not in shown}
    # nbgrader replaces the whole of an answer in words.
    secret |= {
        line for cell in lesson.source.cells if is_manual(cell) for line in cell.source.splitlines() if len(line) > 12
    }
    released = "\n".join(cell.source for cell in lesson.exercises.cells)
    assert secret
    assert not [line for line in secret if line in released]
    assert not re.search("(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)", released)


def test_the_lesson_runs_from_top_to_bottom(lesson: Lesson, tmp_path):
    """Does the lesson run strictly, with live demos, and without a word on stderr?"""
    assert not stderr(executed(lesson.path("source"), tmp_path))


def test_untouched_exercises_run_to_the_end(lesson: Lesson, tmp_path):
    """Before a learner has written anything: do only answer and test cells fail, and does every exercise score 0?"""
    notebook = executed(lesson.path("exercises"), tmp_path, allow_errors=True)
    failing = [cell for cell in notebook.cells for output in cell.get("outputs", ()) if output.output_type == "error"]
    assert not [cell.id for cell in failing if not is_answer(cell) and not is_test(cell)]
    untagged = [cell.id for cell in failing if "raises-exception" not in cell.metadata.get("tags", ())]
    assert not untagged, "JupyterLab's Run All Cells ends at these cells: tag them raises-exception"
    for cell in filter(is_test, notebook.cells):
        assert score(cell) in (0, None), f"{cell.id} scores {score(cell)} untouched"
        assert cell in failing or score(cell) == 0, f"{cell.id} gives no score: nbgrader would take it for full marks"
        passed = [check["rule"] for check in report(cell).get("checks", ()) if check["outcome"] == "passed"]
        assert not passed, f"{cell.id} passes untouched: {passed}"
    assert not stderr(notebook)


def test_solutions_still_give_their_outputs(lesson: Lesson, tmp_path):
    """Does every cell of the worked lesson give exactly the output that is stored with it?"""
    copied = shutil.copy(lesson.path("solutions"), tmp_path)
    options = ["--nbval", "--nbval-current-env", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    command = [sys.executable, "-m", "pytest", *options, str(copied)]
    settings = {"COURSE_STATIC": "1", "PYTHONHASHSEED": "0", "MATPLOTLIBRC": os.devnull, "TZ": "UTC"}
    settings["PYTEST_ADDOPTS"] = "--rootdir=."
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | settings, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-5000:]


def test_solutions_are_clean(lesson: Lesson):
    """Is the worked lesson without errors, stderr, widget state and times?"""
    notebook = lesson.solutions
    assert not stderr(notebook) and "widgets" not in notebook.metadata
    for cell in notebook.cells:
        assert "execution" not in cell.metadata
        assert not [output for output in cell.get("outputs", ()) if output.output_type == "error"], cell.id
    assert str(ROOT) not in lesson.path("solutions").read_text(encoding="utf-8")


def test_how_long_the_cells_are(lesson: Lesson, record_property):
    """How far is the lesson from the rhythm of style.md? A report, not a wall."""
    words = [len(cell.source.split()) for cell in lesson.source.cells if cell.cell_type == "markdown"]
    lines = {cell.id: len(cell.source.splitlines()) for cell in lesson.source.cells if cell.cell_type == "code"}
    long = {name: count for name, count in lines.items() if count > 10 and name not in lesson.points}
    report_lines = (
        f"{lesson.section}: {len(words)} markdown cells of {statistics.median(words):g} words (median; aim: 20 to 60), "
        f"{len(lines)} code cells of {statistics.median(lines.values()):g} lines (median); longer than 10 lines besides tests: "
        + (", ".join(f"{name} ({count})" for name, count in long.items()) or "none")
    )
    record_property("report", report_lines)
    assert words and lines
