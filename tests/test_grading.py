"""The class: nbgrader's own autograde over right, wrong and broken submissions, and the feedback it writes."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace

import pytest

from tests.classroom import BREAKS, answers, graded, lost
from tests.lessons import LESSONS, is_manual, nbgrader


@pytest.fixture(scope="session")
def course_folder(tmp_path_factory):
    """Lesson -> a folder for its class."""
    return cache(lambda lesson: tmp_path_factory.mktemp(lesson.section))


@pytest.fixture
def the_class(lesson, course_folder) -> SimpleNamespace:
    """The graded class of a lesson; graded once."""
    return graded(lesson, course_folder(lesson))


every_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.section)


@every_lesson
def test_the_reference_earns_full_marks(the_class, lesson):
    """Does the answer that we publish earn every point?"""
    assert lost(the_class.scores["reference"], lesson) == {}


@every_lesson
def test_an_untouched_notebook_earns_nothing(the_class, lesson):
    """Is there no point for a learner who wrote nothing?"""
    assert {exercise: score for exercise, score in the_class.scores["untouched"].items() if score != 0} == {}
    assert all(score == 0 and not needed for score, needed in the_class.manual["untouched"].values())


@every_lesson
def test_answers_that_do_nothing_earn_nothing(the_class, lesson):
    """Is there no point for functions that return None whatever they are given?"""
    assert {name: score for name, score in the_class.scores["nothing"].items() if score != 0} == {}


@every_lesson
@pytest.mark.parametrize("position, how", list(enumerate(BREAKS)), ids=BREAKS)
def test_a_broken_answer_costs_its_own_exercise_only(the_class, lesson, position, how):
    """Does an answer that raises, cannot be read or is gone leave the points of all others?"""
    scores, broken = the_class.scores["broken"], list(lesson.points)[: len(BREAKS)]
    assert scores[broken[position]] == 0, how
    assert lost(scores, lesson).keys() == set(broken)


@every_lesson
def test_words_wait_for_a_person(the_class, lesson):
    """Is an answer in words left for a person to grade once something is written?"""
    manual = {cell.id for cell in lesson.source.cells if is_manual(cell)}
    assert the_class.manual["untouched"].keys() == manual
    assert sum(nbgrader(cell)["points"] for cell in lesson.source.cells if is_manual(cell)) > 0


@every_lesson
def test_every_student_gets_feedback(the_class, lesson):
    """Does `nbgrader generate_feedback` write a page for everyone in the class?"""
    for student in the_class.scores:
        page = the_class.folder / "feedback" / student / lesson.section / f"{lesson.word}.html"
        assert "Checks of" in page.read_text(encoding="utf-8"), student


@every_lesson
def test_every_exercise_has_wrong_answers(lesson):
    """Are at least three misconceptions tried on every exercise, and none on an exercise that is not there?"""
    found = answers(lesson)
    assert sorted(found.keys() - lesson.points.keys()) == [], "there are no such exercises"
    count = {exercise: len(found[exercise].wrong) if exercise in found else 0 for exercise in lesson.points}
    assert {exercise: number for exercise, number in count.items() if number < 3} == {}


NAMES = {"wrong": "misconception", "right": "approach"}


def _each(kind: str):
    cases = [
        pytest.param(lesson, exercise, number, answer, id=f"{exercise}: {getattr(answer, NAMES[kind])}")
        for lesson in LESSONS
        for exercise, found in answers(lesson).items()
        for number, answer in enumerate(getattr(found, kind))
    ]
    return pytest.mark.parametrize("lesson, exercise, number, answer", cases)


@_each("wrong")
def test_a_wrong_answer_is_refused(the_class, lesson, exercise, number, answer):
    """Does the misconception cost points, and does the check that names the rule say so?"""
    outcomes = the_class.outcomes[f"wrong-{number}"][exercise]
    assert answer.refused_by in outcomes, f"no check has this name; there are: {', '.join(outcomes)}"
    assert outcomes[answer.refused_by] != "passed"
    assert the_class.scores[f"wrong-{number}"][exercise] < lesson.points[exercise]


@_each("right")
def test_another_right_answer_earns_full_marks(the_class, lesson, exercise, number, answer):
    """Does a right answer earn every point, although it goes about it in another way?"""
    outcomes = the_class.outcomes[f"right-{number}"][exercise]
    assert the_class.scores[f"right-{number}"][exercise] == lesson.points[exercise], outcomes


@every_lesson
def test_how_long_the_class_took(the_class, lesson, record_property):
    """How long does nbgrader take for a class? A report, not a wall."""
    students = len(the_class.scores)
    took = f"{the_class.seconds:.0f} s for {students} submissions, {the_class.seconds / students:.1f} s each"
    record_property("report", f"{lesson.section}: nbgrader autograde took {took}")
    assert students
