"""A lesson in JupyterLab, as a learner has it: opened in a browser, run, moved, and its cards read."""

from __future__ import annotations

import os
import shutil

import nbformat
import pytest
from playwright.sync_api import expect

from tests.jupyter import Notebook, browser, browser_path, lab
from tests.lessons import ROOT, Lesson, read

if browser_path() is None and not os.environ.get("CI"):
    pytest.skip(
        "no browser on this machine (Chromium or Chrome): the lesson was not tried in one", allow_module_level=True
    )

STORAGE = Lesson("04_storage")
UNANSWERED = "ebs-volumes-create"
WRONG = "volume-types-gp2-baseline"
RIGHT = "volume-types-gp2-burst"


def with_answers():
    """The exercises with the reference answers, but a wrong one in one cell and none in another."""
    notebook = read(STORAGE.path("exercises"))
    known = {cell.id: cell.source for cell in STORAGE.source.cells if cell.id.endswith("-answer")}
    known[f"{WRONG}-answer"] = "def baseline_iops(size_gib):\n    return 3 * size_gib"
    del known[f"{UNANSWERED}-answer"]
    for cell in notebook.cells:
        cell.source = known.get(cell.id, cell.source)
    return notebook


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """JupyterLab on a copy of what a learner has."""
    folder = tmp_path_factory.mktemp("browser") / "course"
    shutil.copytree(ROOT / "exercises", folder / "exercises", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    nbformat.write(with_answers(), folder / "exercises" / STORAGE.section / "answered.ipynb")
    # The map of the course is beside the sections: progress is written there.
    index = ROOT / "index.ipynb"
    nbformat.write(read(index) if index.is_file() else nbformat.v4.new_notebook(), folder / "index.ipynb")
    with lab(folder) as address:
        yield address


@pytest.fixture(scope="module")
def page():
    """A browser page that remembers what went wrong in it."""
    with browser() as page:
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on(
            "response", lambda got: page.complaints.append(f"{got.status} {got.url}") if got.status >= 400 else None
        )
        yield page


@pytest.fixture(scope="module")
def answered(page, address):
    """The lesson with answers, run from top to bottom."""
    notebook = Notebook(page, address, f"exercises/{STORAGE.section}/answered.ipynb")
    notebook.run_all()
    return notebook


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """A folder for screenshots."""
    return tmp_path_factory.mktemp("screenshots")


def card(notebook: Notebook, exercise: str):
    """The card that the checks of an exercise show."""
    return notebook.cell(exercise).get_by_role("group", name=f"Checks of {exercise}")


def test_a_demo_moves_by_keyboard(answered, pictures, record_property):
    """Does the picture of a demo follow its slider, moved by the keys of a keyboard?"""
    cell = answered.cell("volume-types-gp2-demo")
    picture, slider = cell.locator("svg[role=img]").first, cell.get_by_role("slider").first
    before = picture.get_attribute("aria-label")
    cell.screenshot(path=pictures / "demo-before.png")
    slider.focus()
    slider.press("ArrowRight")
    expect(cell.locator("svg[role=img]").first).not_to_have_attribute("aria-label", before)
    after = cell.locator("svg[role=img]").first.get_attribute("aria-label")
    cell.screenshot(path=pictures / "demo-after.png")
    record_property("report", f"screenshots of the browser: {pictures}")
    assert before and after and before != after


def test_a_right_answer_shows_all_checks_passed(answered, pictures):
    """Does the card of a right answer say in words that each check passed?"""
    text = card(answered, RIGHT).inner_text()
    answered.page.screenshot(path=pictures / "card-passed.png")
    assert "✓ passed" in text and "not yet" not in text and "not attempted" not in text


def test_a_wrong_answer_shows_what_was_seen(answered, pictures):
    """Does the card of a wrong answer name the rule and what was seen, and keep what passed?"""
    text = card(answered, WRONG).inner_text()
    answered.page.screenshot(path=pictures / "card-not-yet.png")
    assert "✗ not yet" in text and "✓ passed" in text and "baseline_iops(" in text


def test_an_untouched_exercise_says_not_attempted(page, address, pictures):
    """Does a learner who runs everything at once see a card rather than a traceback?"""
    notebook = Notebook(page, address, f"exercises/{STORAGE.section}/{STORAGE.word}.ipynb")
    ran = notebook.run_all()
    assert ran == sum(cell.cell_type == "code" for cell in STORAGE.exercises.cells), "Run All Cells ended early"
    text = card(notebook, UNANSWERED).inner_text()
    page.screenshot(path=pictures / "card-not-attempted.png")
    assert "– not attempted" in text and "passed:" not in text


def test_learners_see_no_panels_for_instructors(page, address):
    """With `make lab`: is Validate there, and are the panels gone that only work for instructors?"""
    plugins = page.evaluate(
        "() => window.jupyterapp.listPlugins()"
        ".filter(name => name.includes('nbgrader') && window.jupyterapp.isPluginActivated(name))"
    )
    assert plugins == ["@jupyter/nbgrader:validate-assignment"]
    assert page.get_by_role("button", name="Validate").first.is_visible()


def test_nothing_went_wrong_in_the_page(page, answered):
    """Is the console of the browser without errors, and was every file found?"""
    assert not page.complaints
