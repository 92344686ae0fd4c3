"""How other processes learn of the endpoint: children by their environment, terminals by a file to read in."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

from . import environment


def account_file() -> Path:
    """What a terminal reads in (`. file`) to use this account; it is there while the endpoint is open."""
    return environment.folder() / "account.sh"


def tell_children(address: str) -> None:
    """Let children of this process find the account by their environment, and write the file for terminals."""
    # putenv reaches the children, and not os.environ.
    path = os.environ.get("PATH", os.defpath)
    told = {
        "AWS_ENDPOINT_URL": address,
        # Names such as sync-states.127.0.0.1 do not exist.
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
    }
    for name, value in told.items():
        os.putenv(name, value)
    told |= {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    lines = [
        "# The offline AWS account of one notebook, while that notebook runs. In a terminal: . this-file",
        "for name in $(env | sed -n 's/^\\(AWS_[A-Z0-9_]*\\)=.*/\\1/p'); do unset \"$name\"; done; unset name",
        *(f"export {name}={shlex.quote(value)}" for name, value in sorted(told.items())),
    ]
    folder = _folder_of_aws()
    if folder:
        os.putenv("PATH", f"{folder}{os.pathsep}{path}")
        lines.append(f'export PATH={shlex.quote(folder)}:"$PATH"')
    account_file().write_text("\n".join(lines) + "\n", encoding="utf-8")


def _folder_of_aws() -> str | None:
    """A folder with this environment's `aws` and nothing else; a terminal may have another one, or none."""
    command = Path(sys.executable).with_name("aws")
    if not command.exists():
        return None
    script = environment.folder() / "bin" / "aws"
    script.parent.mkdir(exist_ok=True)
    # Version 1 sends SQS, RDS and some others to AWS itself when the endpoint stands in the environment alone.
    script.write_text(
        f'#!/bin/sh\nexec {shlex.quote(str(command))} ${{AWS_ENDPOINT_URL:+--endpoint-url "$AWS_ENDPOINT_URL"}} "$@"\n',
        encoding="utf-8",
    )
    script.chmod(0o700)
    return str(script.parent)
