"""Answers to the exercises on instance store."""

from __future__ import annotations

from tests.answers import Answers, Right, Wrong

_SURVIVES = Answers(
    wrong=[
        Wrong(
            "loses instance store at a reboot",
            refused_by="Instance store is lost when the instance leaves its host, and a reboot does not move it",
            code="""
def survives(storage, event, delete_on_termination=False):
    if storage == "instance store":
        return False
    return not (storage == "ebs" and event == "terminate" and delete_on_termination)
""",
        ),
        Wrong(
            "keeps instance store at a stop",
            refused_by="Instance store is lost when the instance leaves its host, and a reboot does not move it",
            code="""
def survives(storage, event, delete_on_termination=False):
    if storage == "instance store":
        return event in ("reboot", "stop")
    return not (storage == "ebs" and event == "terminate" and delete_on_termination)
""",
        ),
        Wrong(
            "thinks that hibernating saves the instance store",
            refused_by="Hibernating saves the memory, not the instance store, and the flag is for EBS and termination only",
            code="""
def survives(storage, event, delete_on_termination=False):
    if storage == "instance store":
        return event in ("reboot", "hibernate")
    return not (storage == "ebs" and event == "terminate" and delete_on_termination)
""",
        ),
        Wrong(
            "applies the flag to a file system",
            refused_by="Hibernating saves the memory, not the instance store, and the flag is for EBS and termination only",
            code="""
def survives(storage, event, delete_on_termination=False):
    if storage == "instance store":
        return event == "reboot"
    return not (event == "terminate" and delete_on_termination)
""",
        ),
        Wrong(
            "believes that EBS always persists",
            refused_by="An EBS volume outlives its instance unless its flag says otherwise",
            code="""
def survives(storage, event, delete_on_termination=False):
    return storage != "instance store" or event == "reboot"
""",
        ),
        Wrong(
            "loses a flagged EBS volume at a stop too",
            refused_by="Hibernating saves the memory, not the instance store, and the flag is for EBS and termination only",
            code="""
def survives(storage, event, delete_on_termination=False):
    if storage == "instance store":
        return event == "reboot"
    return not (storage == "ebs" and event in ("stop", "terminate") and delete_on_termination)
""",
        ),
        Wrong(
            "loses a file system when the instance stops",
            refused_by="Hibernating saves the memory, not the instance store, and the flag is for EBS and termination only",
            code="""
def survives(storage, event, delete_on_termination=False):
    if storage == "ebs":
        return not (event == "terminate" and delete_on_termination)
    return event == "reboot" or (storage == "efs" and event != "stop")
""",
        ),
        Wrong(
            "loses an EBS volume when the host fails",
            refused_by="Hibernating saves the memory, not the instance store, and the flag is for EBS and termination only",
            code="""
def survives(storage, event, delete_on_termination=False):
    if storage == "instance store":
        return event == "reboot"
    if storage == "ebs" and event == "host failure":
        return False
    return not (storage == "ebs" and event == "terminate" and delete_on_termination)
""",
        ),
    ],
    right=[
        Right(
            "looks the events up that end each storage",
            code="""
def survives(storage, event, delete_on_termination=False):
    ends = {
        "instance store": {"stop", "hibernate", "terminate", "host failure"},
        "ebs": {"terminate"} if delete_on_termination else set(),
        "efs": set(),
    }
    return event not in ends[storage]
""",
        ),
        Right(
            "asks for the event first",
            code="""
def survives(storage, event, delete_on_termination=False):
    if event == "reboot":
        return True
    if event == "terminate" and storage == "ebs":
        return not delete_on_termination
    return storage in ["ebs", "efs"]
""",
        ),
    ],
)


ANSWERS = {
    "instance-store-survival": _SURVIVES,
}
