"""Progress: remembered where a learner works, nowhere else, and shown as a map."""

import json

import pytest

from course.checks import exercise, progress
from course.checks.progress_map import ProgressMap


@pytest.fixture
def course(tmp_path, monkeypatch):
    lesson = tmp_path / "exercises" / "04_storage"
    lesson.mkdir(parents=True)
    (tmp_path / "index.ipynb").write_text("{}")
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# 4. Storage\n", "text"]},
        {
            "cell_type": "code",
            "metadata": {"nbgrader": {"grade": True, "solution": False, "grade_id": "one", "points": 3}},
            "source": [],
        },
        {
            "cell_type": "markdown",
            "metadata": {"nbgrader": {"grade": True, "solution": True, "grade_id": "essay", "points": 5}},
            "source": [],
        },
    ]
    (lesson / "storage.ipynb").write_text(json.dumps({"cells": cells}))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.chdir(lesson)
    return tmp_path


def solve(value):
    with exercise("one", points=3) as check:
        check("rule", value, expected=1)


def test_the_best_score_is_kept(course):
    """Does a later failure take nothing away?"""
    solve(1)
    solve(2)
    assert progress.load(course) == {"one": {"score": 3, "points": 3}}
    assert repr(ProgressMap(course)) == "4. Storage: 1 of 1 exercises, 3 of 3 points"
    assert 'aria-label="100 percent"' in ProgressMap(course)._repr_html_()


def test_nothing_is_written_while_grading_or_elsewhere(course, monkeypatch):
    """Is a learner's file untouched by nbgrader and by other folders of the course?"""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    solve(1)
    monkeypatch.delenv("NBGRADER_EXECUTION")
    monkeypatch.chdir(course)
    solve(1)
    assert not (course / progress.FILE).exists()


@pytest.mark.parametrize("content", ["", "[1, 2]", "{", '{"one": 7}', "\x00"])
def test_a_damaged_file_costs_nothing_but_itself(course, content):
    """Do checks and map go on with a file that somebody broke?"""
    (course / progress.FILE).write_text(content)
    assert "0 of 3 points" in repr(ProgressMap(course))
    solve(1)
    assert progress.load(course)["one"]["score"] == 3


def test_without_lessons_the_map_says_so(tmp_path):
    """Is an empty map a sentence?"""
    assert "make build" in repr(ProgressMap(tmp_path)) and "make build" in ProgressMap(tmp_path)._repr_html_()
