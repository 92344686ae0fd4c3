"""The environment of the offline account: fake credentials, no profile, no endpoint, moto's switches."""

from __future__ import annotations

import os

# The access key of the account's administrator (iam_caller.py); AWS's documentation uses this pair as its example.
OWN_ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
OWN_SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

_OWN = ("AWS_", "MOTO_")
_SAVED: dict[str, str] | None = None

_SWITCHES = {
    # moto accepts any instance type, key name and image id unless told otherwise.
    "MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION": "true",
    "MOTO_ENABLE_KEYPAIR_VALIDATION": "true",
    "MOTO_ENABLE_AMI_VALIDATION": "true",
    # The lab brings its own images (images.py); moto's list of 2017 costs 0.3 s per Region.
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
}


def enter(region: str) -> None:
    """Hide every AWS_* and MOTO_* variable and set the offline account's own. Remembers what was there, once."""
    global _SAVED
    mine = {key: os.environ.pop(key) for key in list(os.environ) if key.startswith(_OWN)}
    if _SAVED is None:
        _SAVED = mine
    os.environ.update(_SWITCHES)
    os.environ.update(
        AWS_ACCESS_KEY_ID=OWN_ACCESS_KEY,
        AWS_SECRET_ACCESS_KEY=OWN_SECRET_KEY,
        AWS_DEFAULT_REGION=region,
        AWS_REGION=region,
        # An empty file, so that ~/.aws is not read: a real profile there could name a role, an endpoint or a process.
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
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


def switch_moto() -> None:
    """Set the switches in a moto that was imported earlier too; it reads its environment only at import."""
    from moto import settings

    settings.EC2_ENABLE_INSTANCE_TYPE_VALIDATION = True
    settings.ENABLE_KEYPAIR_VALIDATION = True
    settings.ENABLE_AMI_VALIDATION = True
