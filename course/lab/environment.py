"""The environment of the offline account: fake credentials, a folder for profiles, no endpoint, moto's switches."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# The access key of the account's administrator (iam/caller.py); AWS's documentation uses this pair as its example.
OWN_ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
OWN_SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

_OWN = ("AWS_", "MOTO_")
_SAVED: dict[str, str] | None = None
_FOLDER: tuple[int, Path] | None = None

_SWITCHES = {
    # moto accepts any instance type, key name and image id unless told otherwise.
    "MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION": "true",
    "MOTO_ENABLE_KEYPAIR_VALIDATION": "true",
    "MOTO_ENABLE_AMI_VALIDATION": "true",
    # The lab brings its own images (ec2/images.py); moto's list of 2017 costs 0.3 s per Region.
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
}


def enter(region: str) -> None:
    """Hide every AWS_* and MOTO_* variable and set the offline account's own. Remembers what was there, once."""
    global _SAVED
    mine = {key: os.environ.pop(key) for key in list(os.environ) if key.startswith(_OWN)}
    if _SAVED is None:
        _SAVED = mine
    os.environ.update(_SWITCHES)
    _remove_folder()
    own = folder()
    os.environ.update(
        AWS_ACCESS_KEY_ID=OWN_ACCESS_KEY,
        AWS_SECRET_ACCESS_KEY=OWN_SECRET_KEY,
        AWS_DEFAULT_REGION=region,
        AWS_REGION=region,
        # So that ~/.aws is neither read nor written: a real profile there could name a role, an endpoint or a process.
        AWS_CONFIG_FILE=str(own / "config"),
        AWS_SHARED_CREDENTIALS_FILE=str(own / "credentials"),
        AWS_CLI_HISTORY_FILE=str(own / "history.db"),
        AWS_EC2_METADATA_DISABLED="true",
        # Version 2 of the aws command would stop a cell to page through its output.
        AWS_PAGER="",
    )


def leave() -> None:
    """Put the environment back as it was before `enter`."""
    global _SAVED
    if _SAVED is None:
        return
    for key in [key for key in os.environ if key.startswith(_OWN)]:
        del os.environ[key]
    os.environ.update(_SAVED)
    _SAVED = None
    _remove_folder()


def folder() -> Path:
    """What ~/.aws is on a learner's computer: profiles and keys that `aws configure` writes. It goes with the account.

    A process forked from one with an account gets a folder of its own.
    """
    global _FOLDER
    if _FOLDER is None or _FOLDER[0] != os.getpid():
        _FOLDER = os.getpid(), Path(tempfile.mkdtemp(prefix="aws-course-"))
        atexit.register(_remove_folder)
    return _FOLDER[1]


def forget_role_sessions() -> None:
    """Throw away the temporary credentials that the `aws` command keeps for profiles with a role."""
    if _FOLDER is not None and _FOLDER[0] == os.getpid():
        shutil.rmtree(_FOLDER[1] / "cli", ignore_errors=True)


def _remove_folder() -> None:
    global _FOLDER
    if _FOLDER is not None and _FOLDER[0] == os.getpid():
        shutil.rmtree(_FOLDER[1], ignore_errors=True)
        atexit.unregister(_remove_folder)
    _FOLDER = None


def name_region(region: str) -> None:
    """Outside the offline account: the Region to work in, where the learner's own variables name none."""
    global _SAVED
    if "AWS_REGION" in os.environ or "AWS_DEFAULT_REGION" in os.environ:
        return
    _SAVED = {key: value for key, value in os.environ.items() if key.startswith(_OWN)}
    os.environ["AWS_DEFAULT_REGION"] = region


def switch_moto() -> None:
    """Set the switches in a moto that was imported earlier too; it reads its environment only at import."""
    from moto import settings

    settings.EC2_ENABLE_INSTANCE_TYPE_VALIDATION = True
    settings.ENABLE_KEYPAIR_VALIDATION = True
    settings.ENABLE_AMI_VALIDATION = True
