"""The course's commands: `python -m course build [--check]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from course.build import BuildError, build, differences, made


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when all is well, else one sentence on stderr and 1."""
    parser = argparse.ArgumentParser(prog="python -m course", description="The course's own commands.")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("build", help="make exercises/ and solutions/ from source/")
    command.add_argument(
        "--check", action="store_true", help="change nothing; name the files that differ, and fail if any does"
    )
    options = parser.parse_args(arguments)
    root = _course_root()
    if root is None:
        return _refuse(
            "run this in the folder of the course: there is no source/ with an nbgrader_config.py here or above"
        )
    try:
        if options.check:
            changed = differences(root, made(root))
            print("\n".join(changed) or "exercises/ and solutions/ are what source/ gives.")
            return _refuse("the files above differ from what source/ gives: run make build") if changed else 0
        changed = build(root)
    except BuildError as error:
        return _refuse(f"nothing was built: {error}")
    print("\n".join(changed) or "Nothing to do: exercises/ and solutions/ are what source/ gives.")
    return 0


def _course_root() -> Path | None:
    here = Path.cwd().resolve()
    return next((folder for folder in (here, *here.parents) if _is_course(folder)), None)


def _is_course(folder: Path) -> bool:
    return (folder / "nbgrader_config.py").is_file() and (folder / "source").is_dir()


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
