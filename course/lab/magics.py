"""`%aws`, `%%aws` and `!aws` in a notebook. `lab.start()` registers them where a notebook is running.

A cell of commands, one a line, as typed at a prompt; what one of them prints is shown as it printed it:

    %%aws
    ec2 create-volume --size 10 --availability-zone us-east-1a   # a comment
    ec2 describe-volumes --volume-ids $volume_id \\
        --output table

`$name` is a Python variable of the notebook (or else an environment variable). After a cell, `_exit_code` is the last
command's exit code, as it is after `!`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Any

from course import lab

from .command_line import USAGE, CommandResult
from .shell_words import Unreadable, commands

# What starts another process, which can reach the account only over the endpoint.
_OTHER_PROCESS = re.compile(
    r"^\s*!|=\s*!|^\s*%%?(!|bash|sh\b|script|sx|system)|\b(subprocess|Popen|pexpect|os\.(system|popen|spawn|exec|posix_spawn))",
    re.MULTILINE,
)


class _Shown(CommandResult):
    """A result that was printed already: as the value of a cell it shows nothing more."""

    def _ipython_display_(self) -> None:
        pass


class _Notebook:
    def __init__(self, shell: Any):
        self.shell = shell

    def magic(self, line: str, cell: str | None = None) -> CommandResult | None:
        """Run one `aws` command (%aws), or several, one a line (%%aws), against this notebook's account.

        %aws gives the command's result: exit_code, output, error.
        """
        result = self._run(line if cell is None else f"{line}\n{cell}")
        return _Shown(result.exit_code, result.output, result.error) if cell is None else None

    magic._ipython_magic_no_var_expand = True  # {Id:VolumeId} in a --query is JMESPath's and not Python's

    def _run(self, text: str) -> CommandResult:
        result = CommandResult(0, "", "")
        try:
            found = commands(text, self._variable)
        except Unreadable as unreadable:
            result = CommandResult(USAGE, "", f"aws: {unreadable}\n")
            result.show()
            found = []
        for words in found:
            result = lab.aws(words)
            result.show()
        self.shell.user_ns["_exit_code"] = result.exit_code
        return result

    def _variable(self, name: str) -> str | Sequence[str]:
        value = self.shell.user_ns.get(name, os.environ.get(name))
        if value is None:
            raise Unreadable(f"there is no variable {name}")
        if isinstance(value, (list, tuple, set, dict)):
            return [str(one) for one in value]
        return str(value)

    def before_cell(self, info: Any) -> None:
        """Open the endpoint when a cell is about to start another process."""
        self.needs_endpoint(info.raw_cell or "")

    def needs_endpoint(self, cell: str) -> None:
        from . import endpoint

        if _OTHER_PROCESS.search(cell):
            endpoint.open_if_offline()


_registered: list[_Notebook] = []


def register() -> None:
    """Register the magics in the notebook this process is the kernel of; elsewhere do nothing."""
    import sys

    if "IPython" not in sys.modules or _registered:
        return
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return
    notebook = _Notebook(shell)
    shell.register_magic_function(notebook.magic, "line_cell", "aws")
    shell.events.register("pre_run_cell", notebook.before_cell)
    _registered.append(notebook)
    # The cell that starts the account may go on with `!aws`.
    notebook.needs_endpoint((shell.history_manager.input_hist_raw or [""])[-1])


def unregister() -> None:
    """Take back what `register` did, except the magics, which say that there is no account."""
    while _registered:
        notebook = _registered.pop()
        notebook.shell.events.unregister("pre_run_cell", notebook.before_cell)
