"""%aws, %%aws and !aws in a notebook."""

import sys
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from course import lab
from course.lab import endpoint, magics

ROOT = Path(__file__).parents[2]
VOLUME = "ec2 create-volume --size 10 --availability-zone us-east-1a --query VolumeId --output text"


@pytest.fixture
def shell():
    """IPython without a terminal, with the account started in its first cell."""
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_cell("from course import lab; lab.start()", store_history=True).raise_error()
    yield shell
    lab.stop()
    InteractiveShell.clear_instance()


def run(shell, cell):
    result = shell.run_cell(cell, store_history=True)
    result.raise_error()
    return result.result


def test_a_cell_of_commands(shell, capsys):
    """Do several commands, comments and continued lines run in order, with what they print and nothing else?"""
    run(
        shell,
        f"%%aws\n# two volumes\n{VOLUME}\naws {VOLUME}\nec2 describe-volumes \\\n  --query 'length(Volumes)'  # 2\n",
    )
    written = capsys.readouterr()
    assert written.err == "" and written.out.split()[2:] == ["2"]
    assert shell.user_ns["_exit_code"] == 0


def test_a_line(shell, capsys):
    """Does %aws print, give its result, and leave JMESPath's braces alone?"""
    made = run(shell, f"made = %aws {VOLUME}\nmade.output")
    id = made.strip()
    capsys.readouterr()
    run(shell, "volume_id = made.output.strip()")
    line = "%aws ec2 describe-volumes --volume-ids $volume_id --query 'Volumes[].{Id:VolumeId}' --output text"
    assert run(shell, line).exit_code == 0
    # What it printed, and IPython's prompt in a terminal: the result does not show itself once more.
    assert capsys.readouterr() == (f"{id}\nOut[4]: ", "")


def test_errors_are_the_commands_own(shell, capsys):
    """Does a refusal show AWS's words only, set the exit code, and let the next command and the notebook go on?"""
    run(shell, "%%aws\niam get-user --user-name nobody\nsts get-caller-identity --query Account")
    written = capsys.readouterr()
    assert written.err.strip().startswith("An error occurred (NoSuchEntity)") and len(written.err.split("\n")) == 3
    assert written.out == '"123456789012"\n' and shell.user_ns["_exit_code"] == 0
    run(shell, "%aws iam get-user --user-name nobody")
    assert shell.user_ns["_exit_code"] == 255


def test_unreadable_cells(shell, capsys):
    """Does a pipe or an unknown variable give one sentence, before any command has run?"""
    run(shell, f"%%aws\n{VOLUME}\nec2 describe-volumes --volume-ids $nothing_like_it")
    assert capsys.readouterr() == ("", "aws: there is no variable nothing_like_it\n")
    assert shell.user_ns["_exit_code"] == 2
    assert lab.aws("ec2 describe-volumes --query Volumes").output == "[]\n"


def test_aws_in_another_process(shell, capfd, monkeypatch):
    """Does !aws reach the same account, without a call of lab.serve()?"""
    monkeypatch.chdir(ROOT)
    made = lab.aws(VOLUME).output.strip()
    assert endpoint.address() is None
    assert list(run(shell, "!!aws ec2 describe-volumes --query Volumes[].VolumeId --output text")) == [made]
    assert endpoint.address()


@pytest.mark.parametrize(
    "cell, needs",
    [
        ("!aws s3 ls", True),
        ("ids = !aws s3 ls", True),
        ("%%bash\naws s3 ls", True),
        ("import subprocess", True),
        ("%aws s3 ls", False),
        ("a != b", False),
        ("print('hello')", False),
    ],
)
def test_the_endpoint_opens_at_need(shell, cell, needs):
    """Does the port stay closed until a cell starts another process?"""
    shell.events.trigger("pre_run_cell", type("Info", (), {"raw_cell": cell}))
    assert bool(endpoint.address()) == needs


def test_stop_takes_the_hook_back(shell):
    """After stop(), does no cell open the port, and does %aws say what to do?"""
    lab.stop()
    assert not magics._registered
    shell.events.trigger("pre_run_cell", type("Info", (), {"raw_cell": "!aws"}))
    assert endpoint.address() is None
    with pytest.raises(RuntimeError, match="lab.start()"):
        run(shell, "%aws s3 ls")


def test_outside_a_notebook_nothing_is_registered():
    """Does a plain Python process start without magics?"""
    InteractiveShell.clear_instance()
    lab.start()
    assert not magics._registered and "IPython" in sys.modules
