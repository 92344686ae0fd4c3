"""How long things take, as a table: `make bench`. Never a test: machines differ, and so do their days."""

from __future__ import annotations

import os
import platform
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
sys.modules.setdefault("rfc3987_syntax", None)
os.environ["PATH"] = sysconfig.get_path("scripts") + os.pathsep + os.environ["PATH"]

from tests.bench.account import account  # noqa: E402
from tests.bench.lessons import STORAGE, grading, slider  # noqa: E402
from tests.bench.timing import here, in_a_fresh_python, show  # noqa: E402


def package() -> None:
    """Imports, the setup cell of a lesson, and one check."""
    from course.checks import exercise

    setup = next(cell.source for cell in STORAGE.source.cells if cell.id == "setup")
    show("import course.storage, concepts only", in_a_fresh_python("import course.storage.gp2"), "5 new processes")
    show("the setup cell: imports and lab.start()", in_a_fresh_python(setup), "5 new processes")
    call = "import boto3; boto3.client('ec2').describe_volumes()"
    show("the first AWS call, with its client", in_a_fresh_python(call, before=setup), "5 new processes")

    def check_once():
        check = exercise("bench", points=1)
        check("three for each", lambda size: 3 * size, 100, expected=300)

    show("one check", here(check_once, 200), "200 checks")


def main() -> None:
    """Print the table."""
    print(f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}; medians\n")
    with tempfile.TemporaryDirectory() as temporary:
        package()
        account()
        grading(Path(temporary) / "course")
        slider(Path(temporary))


if __name__ == "__main__":
    main()
