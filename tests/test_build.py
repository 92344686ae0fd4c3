"""`python -m course build`: what is committed is what source/ gives, and what is broken is refused."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from course.build import BuildError, build, differences, made
from tests import toy
from tests.lessons import LESSONS, ROOT

OLD = b"as it was"


@pytest.fixture(scope="module")
def fresh() -> dict[str, bytes]:
    """What the course's source gives now."""
    return made(ROOT)


@pytest.fixture
def course(tmp_path):
    """A toy course whose exercises were built some time ago."""

    def make(**cells: str) -> Path:
        folder = toy.course(tmp_path, **cells)
        for generated in ("exercises", "solutions"):
            (folder / generated / "09_toy").mkdir(parents=True)
            (folder / generated / "09_toy" / "toy.ipynb").write_bytes(OLD)
        return folder

    return make


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """`python -m course build` in a folder, as a person runs it."""
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.run(
        [sys.executable, "-m", "course", "build", *arguments],
        cwd=folder, env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True,
    )  # fmt: skip


def test_what_is_committed_is_what_source_gives(fresh):
    """Was `make build` run after the last change of a lesson, of the package or of a requirement?"""
    assert not differences(ROOT, fresh)


def test_building_twice_gives_the_same_bytes(fresh, monkeypatch):
    """Is nothing random, timed, personal or tied to a folder in what is built?"""
    monkeypatch.setenv("PYTHONHASHSEED", "1234")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    again = made(ROOT)
    assert again.keys() == fresh.keys()
    assert not [path for path in fresh if fresh[path] != again[path]]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.section)
def test_an_instructor_gets_the_same_from_nbgrader(fresh, lesson, tmp_path):
    """Does the plain `nbgrader generate_assignment` command give exactly our exercises?"""
    shutil.copytree(ROOT / "source", tmp_path / "source")
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    subprocess.run(["nbgrader", "generate_assignment", lesson.section], cwd=tmp_path, check=True, capture_output=True)
    path = f"exercises/{lesson.section}/{lesson.word}.ipynb"
    assert (tmp_path / path).read_bytes() == fresh[path]


def test_only_what_differs_is_written(course):
    """Are outdated files replaced, leftovers removed, and checkpoints left alone?"""
    folder = course()
    (folder / "exercises" / "08_gone").mkdir()
    (folder / "exercises" / "08_gone" / "gone.ipynb").write_bytes(OLD)
    checkpoint = folder / "exercises" / "09_toy" / ".ipynb_checkpoints" / "toy-checkpoint.ipynb"
    checkpoint.parent.mkdir()
    checkpoint.write_bytes(OLD)
    changed = build(folder)
    assert changed == ["exercises/08_gone/gone.ipynb", "exercises/09_toy/toy.ipynb", "solutions/09_toy/toy.ipynb"]
    assert checkpoint.read_bytes() == OLD and not (folder / "exercises" / "08_gone").exists()
    assert "gradebook.db" not in {path.name for path in folder.rglob("*")}
    done = command(folder, "--check")
    assert (done.returncode, done.stderr) == (0, "")
    (folder / "solutions" / "09_toy" / "toy.ipynb").write_bytes(OLD)
    done = command(folder, "--check")
    assert done.returncode == 1 and done.stdout == "solutions/09_toy/toy.ipynb\n"


BROKEN = {
    "a solution that raises at once": (
        {"answer": toy.ANSWER + "\nbaseline_iops()"},
        r"source/09_toy/toy\.ipynb, cell toy-volumes-baseline-answer fails: TypeError: .*",
    ),
    "a solution that earns less": (
        {"answer": toy.ANSWER.replace("100, ", "0, ")},
        r".*cell toy-volumes-baseline: the solution earns 2 of 3 points \(not passed: gp2 gives at least 100 IOPS\)",
    ),
    "a test cell that breaks off": (
        {"test": toy.TEST.replace('check("gp2 gives at most', 'half / 2; check("gp2 gives at most')},
        r".*cell toy-volumes-baseline: the card of the solution has a remark: half is not there yet: .*",
    ),
    "a test cell without a score": (
        {"test": toy.TEST.replace("check.score", "")},
        r".*cell toy-volumes-baseline gives no score: .*",
    ),
    "a word on stderr": (
        {"answer": toy.ANSWER + "\nimport sys; print('hm', file=sys.stderr)"},
        r".*cell toy-volumes-baseline-answer writes to stderr, which nbgrader grades 0: hm",
    ),
    "a path of this machine": (
        {"answer": toy.ANSWER + "\nimport os; print(os.getcwd())"},
        r".*cell toy-volumes-baseline-answer shows a path of this machine",
    ),
    "a solution without an end": (
        {"answer": toy.ANSWER.replace("### END SOLUTION", "")},
        r"source/09_toy: GenerateAssignment refuses it: RuntimeError: no end solution statement found",
    ),
    "an answer in words outside its solution region": (
        {"manual": "gp3.\n### BEGIN SOLUTION\nIts IOPS do not depend on its size.\n### END SOLUTION"},
        r".*cell toy-volumes-why: learners would see the answer",
    ),
    "a mark scheme whose markers are misspelt": (
        {"manual": "### BEGIN SOLUTION\ngp3.\n### END SOLUTION\nBEGIN MARKSCHEME\na reason\nEND MARKSCHEME"},
        r".*cell toy-volumes-why: learners would see 'MARKSCHEME'; is a marker misspelt\?",
    ),
}


@pytest.mark.parametrize("cells, sentence", BROKEN.values(), ids=BROKEN)
def test_a_broken_lesson_is_refused(course, cells, sentence):
    """Does a lesson that would teach or grade wrongly stop the build, with one sentence, and change nothing?"""
    folder = course(**cells)
    with pytest.raises(BuildError) as refused:
        build(folder)
    assert re.fullmatch(sentence, str(refused.value)), refused.value
    for generated in ("exercises", "solutions"):
        assert [path.read_bytes() for path in (folder / generated).rglob("*.*")] == [OLD]


def test_a_stray_file_is_refused_in_one_line(course):
    """Does the command say in one line what would be handed to learners by mistake?"""
    folder = course()
    (folder / "source" / "09_toy" / "answers.txt").write_text("1")
    done = command(folder)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr == (
        "nothing was built: source/09_toy/answers.txt is neither a notebook nor a picture: learners would get it too\n"
    )


def test_the_command_says_where_to_run_it(tmp_path):
    """Does a wrong folder give a sentence rather than a traceback?"""
    done = command(tmp_path)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("run this in the folder of the course")


def pins(path: Path) -> dict[str, str]:
    """Package -> pinned version of a requirements file."""
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    requirements = [Requirement(line) for line in lines if line]
    assert all(re.fullmatch(r"==[^*,]+", str(requirement.specifier)) for requirement in requirements)
    return {requirement.name.lower(): str(requirement.specifier)[2:] for requirement in requirements}


def test_pins_lie_within_the_ranges():
    """Do the exact pins agree with the ranges of pyproject.toml?"""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run, test = pins(ROOT / "requirements.txt"), pins(ROOT / "tests" / "requirements.txt")
    for ranges, pinned in ((project["dependencies"], run), (project["optional-dependencies"]["test"], test)):
        for requirement in map(Requirement, ranges):
            assert requirement.specifier.contains(pinned[requirement.name.lower()]), requirement
    assert not run.keys() & test.keys()


def test_binder_gets_a_python_that_the_course_supports():
    """Does runtime.txt name a Python within requires-python? Binder refuses to build otherwise."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = (ROOT / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-")
    assert Requirement(f"python{project['requires-python']}").specifier.contains(f"{version}.0")
