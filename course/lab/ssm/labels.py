"""Labels of parameter versions: one version at a time, ten per version, and names of their own.

https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-labels.html
"""

from __future__ import annotations

import re

from course.data import value

from ..gate import Call, Refused, answers, refuses
from .names import versions_of

_NAME = re.compile(r"(?!\d|aws|ssm)[a-zA-Z0-9_.-]+", re.IGNORECASE)


def _valid(call: Call) -> list[str]:
    return [one for one in dict.fromkeys(call.params["Labels"]) if _NAME.fullmatch(one)]


@refuses("ssm", "LabelParameterVersion", "UnlabelParameterVersion")
def unknown_version(call: Call) -> None:
    """ParameterVersionNotFound."""
    name, version = call.params["Name"], call.params.get("ParameterVersion")
    if version is not None and all(one.version != version for one in versions_of(call, name)):
        raise Refused(
            "ParameterVersionNotFound",
            f"Systems Manager could not find version {version} of {name}. Verify the version and try again.",
        )


@refuses("ssm", "LabelParameterVersion")
def too_many_labels(call: Call) -> None:
    """A version has at most 10 labels."""
    wanted, held = call.params.get("ParameterVersion"), versions_of(call, call.params["Name"])
    version = next((one for one in held if one.version == wanted), held[-1])
    most = value("ssm.versions.labels")
    if len({*version.labels, *_valid(call)}) > most:
        raise Refused(
            "ParameterVersionLabelLimitExceeded",
            f"A parameter version can have maximum {most} labels. Move one or more labels to another version and try "
            "again.",
        )


@answers("ssm", "LabelParameterVersion")
def label_version(call: Call) -> dict:
    """Labels that are none are listed, and the others attached; a label leaves the version that had it."""
    held, wanted = versions_of(call, call.params["Name"]), call.params.get("ParameterVersion")
    version = next((one for one in held if one.version == wanted), held[-1])
    valid = _valid(call)
    for one in held:
        if one is not version:
            one.labels = [label for label in one.labels if label not in valid]
    version.labels = [*version.labels, *(one for one in valid if one not in version.labels)]
    invalid = [one for one in call.params["Labels"] if one not in valid]
    return {"InvalidLabels": invalid, "ParameterVersion": version.version}
