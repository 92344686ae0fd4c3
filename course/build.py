"""Make `exercises/` and `solutions/` from `source/` with nbgrader's own converters: `python -m course build`.

Everything is made in a temporary course folder first, so that a lesson that fails changes nothing here, and nobody's
gradebook is touched. The same source gives the same bytes, whenever and wherever it is built.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import sysconfig
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

from course.refusals import BuildError, refuse_failures, refuse_leaks

__all__ = ["BuildError", "build", "differences", "made"]

GENERATED = ("exercises", "solutions")
_PUBLISHED = {".ipynb", ".png", ".jpg", ".svg"}
_CHECKPOINTS = ".ipynb_checkpoints"
_SECONDS_FOR_A_CELL = 120


def made(root: Path) -> dict[str, bytes]:
    """What `exercises/` and `solutions/` should hold: path from `root` -> bytes. BuildError says what is wrong in `source/`."""
    sections = _sections(root)
    files = {}
    with tempfile.TemporaryDirectory() as temporary:
        course = Path(temporary).resolve() / "course"
        shutil.copytree(root / "source", course / "source", ignore=shutil.ignore_patterns(_CHECKPOINTS))
        with _same_everywhere(course.parent):
            for section in sections:
                _convert(root, course, section)
        for path in _files(course):
            files[path.relative_to(course).as_posix()] = path.read_bytes()
    return files


def differences(root: Path, files: dict[str, bytes]) -> list[str]:
    """The paths below `exercises/` and `solutions/` that are missing, outdated or left over."""
    there = {path.relative_to(root).as_posix(): path.read_bytes() for path in _files(root)}
    return sorted(path for path in there.keys() | files.keys() if there.get(path) != files.get(path))


def build(root: Path) -> list[str]:
    """Bring `exercises/` and `solutions/` up to date; the paths that changed. Files that are right are left alone."""
    files = made(root)
    changed = differences(root, files)
    for path in changed:
        target = root / path
        if path not in files:
            target.unlink()
            with suppress(OSError):  # it holds other files still
                target.parent.rmdir()
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        new = target.with_name(f".{target.name}.new")
        new.write_bytes(files[path])
        os.replace(new, target)
    return changed


def _files(root: Path) -> list[Path]:
    found = (path for folder in GENERATED for path in sorted((root / folder).rglob("*")))
    return [path for path in found if path.is_file() and _CHECKPOINTS not in path.parts]


def _sections(root: Path) -> list[str]:
    sections = sorted(path.name for path in root.glob("source/*") if path.is_dir() and path.name != _CHECKPOINTS)
    if not sections:
        raise BuildError(f"there is no lesson in {root / 'source'}")
    for path in root.glob("source/**/*"):
        # nbgrader publishes every file in there.
        if path.is_file() and path.suffix not in _PUBLISHED and _CHECKPOINTS not in path.parts:
            raise BuildError(f"{path.relative_to(root)} is neither a notebook nor a picture: learners would get it too")
    return sections


@contextmanager
def _same_everywhere(folder: Path):
    """An environment in which a notebook gives the same output for everyone: no personal settings, no AWS account."""
    before = dict(os.environ)
    for name in list(os.environ):
        if name.startswith("AWS_") or name in ("MPLBACKEND", "PYTHONWARNINGS", "FORCE_COLOR"):
            del os.environ[name]
    os.environ.update(
        COURSE_STATIC="1", PYTHONHASHSEED="0", MATPLOTLIBRC=os.devnull, IPYTHONDIR=str(folder / "ipython"), TZ="UTC"
    )
    # nbgrader makes a gradebook with the `alembic` command, which need not be on the PATH of a virtual environment in use.
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _convert(root: Path, course: Path, section: str) -> None:
    # A grammar that only checks internationalised addresses: it takes a second to build, and nbformat does without.
    sys.modules.setdefault("rfc3987_syntax", None)
    import nbformat
    from nbgrader.converters import GenerateAssignment, GenerateSolution
    from traitlets.config import Config, PyFileConfigLoader

    config = Config()
    if (root / "nbgrader_config.py").is_file():
        config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.db_url = f"sqlite:///{course / 'gradebook.db'}"
    config.CourseDirectory.release_directory, config.CourseDirectory.solution_directory = GENERATED
    config.Execute.update(timeout=_SECONDS_FOR_A_CELL, record_timing=False, store_widget_state=False)
    # Only a warning that kernels talk over TCP, on this machine, comes at a lower level.
    config.Execute.extra_arguments = ["--log-level=ERROR"]
    _run(GenerateAssignment, config, section)
    _run(GenerateSolution, config, section)
    for path in sorted((course / "source" / section).glob("*.ipynb")):
        name = f"source/{section}/{path.name}"
        lesson = nbformat.read(path, as_version=4)
        refuse_leaks(name, lesson, nbformat.read(course / "exercises" / section / path.name, as_version=4))
        solution = course / "solutions" / section / path.name
        worked = nbformat.read(solution, as_version=4)
        refuse_failures(name, worked, str(course))
        solution.write_text(nbformat.writes(_tidy(worked)) + "\n", encoding="utf-8")


def _run(converter, config, section: str) -> None:
    from nbgrader.coursedir import CourseDirectory

    said = []
    listener = logging.Handler(logging.ERROR)
    listener.emit = lambda record: said.append(record.getMessage().strip())
    converter = converter(coursedir=CourseDirectory(config=config, assignment_id=section), config=config)
    converter.log.addHandler(listener)
    try:
        converter.start()
    except (Exception, SystemExit) as error:
        # nbgrader logs the traceback and raises a pointer to its log: the last line of the traceback is the reason.
        reasons = [text.splitlines()[-1] for text in said if text.startswith("Traceback")] or [str(error)]
        raise BuildError(f"source/{section}: {type(converter).__name__} refuses it: {reasons[0]}") from error
    finally:
        converter.log.removeHandler(listener)


def _tidy(worked):
    """The notebook without what depends on the Python that ran it, and on when its output came."""
    from nbconvert.preprocessors.coalescestreams import CoalesceStreamsPreprocessor

    worked, _ = CoalesceStreamsPreprocessor().preprocess(worked, {})
    worked.metadata.pop("widgets", None)
    worked.metadata.get("language_info", {}).pop("version", None)
    worked.metadata.kernelspec = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    for cell in worked.cells:
        cell.metadata.pop("execution", None)
    return worked
