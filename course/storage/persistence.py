"""What is left after an instance stops or ends: EBS volumes, their DeleteOnTermination flag, and instance store.

Sources: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/preserving-volumes-on-termination.html and
.../instance-store-lifetime.html
"""

from __future__ import annotations

EVENTS = ("reboot", "stop", "hibernate", "terminate", "host failure")
STORAGE = ("instance store", "ebs", "efs")


def survives(storage: str, event: str, delete_on_termination: bool = False) -> bool:
    """Whether the data is still there after `event` happened to the instance.

    `delete_on_termination` is the flag of an attached EBS volume; it plays no part for the other two.
    """
    if storage not in STORAGE:
        raise ValueError(f"storage is one of {', '.join(STORAGE)}, not {storage!r}")
    if event not in EVENTS:
        raise ValueError(f"event is one of {', '.join(EVENTS)}, not {event!r}")
    if storage == "instance store":
        return event == "reboot"
    return not (storage == "ebs" and event == "terminate" and delete_on_termination)


def default_delete_on_termination(root: bool, attached: str, launched_with: str = "api") -> bool:
    """The flag a volume has when nobody sets it.

    `attached` is "at launch" or "later"; `launched_with` is "console" or "api" (the CLI is the API).
    Only data volumes named at launch differ: the console keeps them, the API deletes them.
    """
    if attached not in ("at launch", "later"):
        raise ValueError(f"attached is 'at launch' or 'later', not {attached!r}")
    if launched_with not in ("console", "api"):
        raise ValueError(f"launched_with is 'console' or 'api', not {launched_with!r}")
    if attached == "later":
        return False
    return root or launched_with == "api"
