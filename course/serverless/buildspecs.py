"""The buildspec of CodeBuild: what it must hold, in the words of the failed build.

https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
"""

from __future__ import annotations

from typing import Any

__all__ = ["PHASES", "phases", "problem"]

# In the order in which they run.
PHASES = ("install", "pre_build", "build", "post_build")
_VERSIONS = ("0.1", "0.2")


def problem(text: str) -> str:
    """Why a build would end in DOWNLOAD_SOURCE with YAML_FILE_ERROR, "" for a buildspec that can run."""
    try:
        spec = _read(text)
    except ValueError as wrong:
        return str(wrong)
    return _problem_of(spec)


def phases(text: str) -> dict[str, list[str]]:
    """The commands of each phase in the order in which they run. ValueError for a text that is no buildspec."""
    found = problem(text)
    if found:
        raise ValueError(found)
    spec = _read(text)["phases"]
    return {name: _commands(spec[name].get("commands")) for name in PHASES if name in spec}


def _read(text: str) -> Any:
    # Only a build reads YAML; a terminal that looks at pipelines does not need it.
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise ValueError(f"wrong YAML{where}: {getattr(wrong, 'problem', wrong)}") from None


def _problem_of(spec: Any) -> str:
    if not isinstance(spec, dict):
        return "Expected a mapping with version and phases"
    if "version" not in spec:
        return "Missing version in buildspec"
    if str(spec["version"]) not in _VERSIONS:
        return f"Invalid buildspec version: {spec['version']}. Supported versions are {', '.join(_VERSIONS)}"
    given = spec.get("phases")
    if not isinstance(given, dict) or not given:
        return "Missing phases in buildspec"
    for name, phase in given.items():
        if name not in PHASES:
            return f"Unknown phase: {name}. Phases are {', '.join(PHASES)}"
        if not isinstance(phase, dict):
            return f"Expected phase {name} to be a mapping"
        found = _problem_of_commands(phase.get("commands"))
        if found:
            return found
    return ""


def _problem_of_commands(commands: Any) -> str:
    if commands is None or isinstance(commands, str):
        return ""
    if not isinstance(commands, list):
        return "Expected Commands to be a list of strings"
    for place, command in enumerate(commands):
        if isinstance(command, dict):
            return f"Expected Commands[{place}] to be of string type: found subkeys instead"
        if not isinstance(command, str):
            return f"Expected Commands[{place}] to be of string type"
    return ""


def _commands(commands: Any) -> list[str]:
    return [commands] if isinstance(commands, str) else list(commands or [])
