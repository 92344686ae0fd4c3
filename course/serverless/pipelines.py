"""The structure of a CodePipeline pipeline: stages, actions, and the artifacts that pass between them.

    for problem in problems(pipeline):   # the "pipeline" of create_pipeline
        print(problem.code, problem.message)

https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from course.data import figures, value

__all__ = ["Problem", "artifact_flow", "problems"]

_LONGEST = value("codepipeline.quotas.name")
_NAME = re.compile(rf"[A-Za-z0-9.@\-_]{{1,{_LONGEST}}}")
_ARTIFACT = re.compile(rf"[a-zA-Z0-9_\-]{{1,{_LONGEST}}}")
_CATEGORIES = ("Source", "Build", "Deploy", "Test", "Invoke", "Approval", "Compute")
_OWNERS = ("AWS", "ThirdParty", "Custom")


class Problem(NamedTuple):
    """What AWS refuses of a pipeline: its error code and message."""

    code: str
    message: str


def problems(pipeline: Mapping[str, Any], region: str = "us-east-1") -> list[Problem]:
    """What AWS would refuse, the structure of the pipeline first, then each action; empty for a legal pipeline."""
    return [*_of_stages(pipeline), *_of_actions(pipeline, region), *_of_artifacts(pipeline)]


def artifact_flow(pipeline: Mapping[str, Any]) -> dict[str, tuple[str, list[str]]]:
    """Each artifact with the action that makes it and those that use it, named "stage/action"."""
    flow: dict[str, tuple[str, list[str]]] = {}
    for stage, action in _actions(pipeline):
        for artifact in action.get("outputArtifacts", []):
            flow.setdefault(artifact["name"], (f"{stage['name']}/{action['name']}", []))
    for stage, action in _actions(pipeline):
        for artifact in action.get("inputArtifacts", []):
            if artifact["name"] in flow:
                flow[artifact["name"]][1].append(f"{stage['name']}/{action['name']}")
    return flow


def _actions(pipeline: Mapping[str, Any]) -> Iterator[tuple[Mapping, Mapping]]:
    """Every action with its stage, in the order in which they run."""
    for stage in pipeline["stages"]:
        for action in sorted(stage["actions"], key=lambda one: one.get("runOrder", 1)):
            yield stage, action


def _structure(message: str) -> Problem:
    return Problem("InvalidStructureException", message)


def _of_stages(pipeline: Mapping[str, Any]) -> Iterator[Problem]:
    stages = pipeline["stages"]
    least, most = value("codepipeline.quotas.stages")
    if len(stages) < least:
        yield _structure(
            f"Pipeline has only {len(stages)} stage(s). There should be a minimum of {least} stages in a pipeline"
        )
    if len(stages) > most:
        yield _structure(f"Pipeline has too many stages. There can only be up to {most} stages in a pipeline")
    for place, stage in enumerate(stages):
        yield from _of_stage(place, stage, [one["name"] for one in stages[:place]])
    if all(_category(action) == "Source" for _, action in _actions(pipeline)):
        yield _structure("Pipeline should contain at least 1 action whose category is not Source")
    if pipeline.get("pipelineType", "V1") == "V1":
        for field, what in (("triggers", "Triggers on tag"), ("variables", "Pipeline variable")):
            if pipeline.get(field):
                yield _structure(f"{what} can only be used with V2 pipelines")
    names = [one["name"] for one in pipeline.get("variables", [])]
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice:
        yield _structure(
            f"Variable names must be unique. The following names are used more than once: {', '.join(twice)}"
        )
    if len(names) > value("codepipeline.quotas.variables"):
        yield _structure(f"A pipeline can have at most {value('codepipeline.quotas.variables')} variables")
    if bool(pipeline.get("artifactStore")) == bool(pipeline.get("artifactStores")):
        yield _structure(
            "You must include either artifactStore or artifactStores in your pipeline, but you cannot use both"
        )


def _of_stage(place: int, stage: Mapping[str, Any], before: list[str]) -> Iterator[Problem]:
    name, actions = stage["name"], stage["actions"]
    if not _NAME.fullmatch(name):
        yield Problem(
            "ValidationException", f"Stage name '{name}' must satisfy regular expression pattern: {_NAME.pattern}"
        )
    if name in before:
        yield Problem("InvalidStageDeclarationException", f"Stage name '{name}' is used more than once")
    if not actions:
        yield Problem("InvalidStageDeclarationException", f"Stage '{name}' must contain at least one action")
    categories = [_category(one) for one in actions]
    if place == 0 and any(one != "Source" for one in categories):
        yield _structure("Pipeline should start with a stage that only contains source actions")
    if place > 0 and "Source" in categories:
        yield _structure("Source actions can only be included in the first stage of the pipeline")
    names = [one["name"] for one in actions]
    for twice in sorted({one for one in names if names.count(one) > 1}):
        yield Problem(
            "InvalidStageDeclarationException", f"Action name '{twice}' is used more than once in stage '{name}'"
        )


def _category(action: Mapping[str, Any]) -> str:
    return action["actionTypeId"]["category"]


def _of_actions(pipeline: Mapping[str, Any], region: str) -> Iterator[Problem]:
    for _, action in _actions(pipeline):
        kind, name = action["actionTypeId"], action["name"]
        category, owner, provider = kind["category"], kind["owner"], kind["provider"]
        if category not in _CATEGORIES or owner not in _OWNERS:
            given, known = (category, _CATEGORIES) if category not in _CATEGORIES else (owner, _OWNERS)
            yield Problem(
                "ValidationException",
                f"1 validation error detected: Value '{given}' failed to satisfy constraint: Member must satisfy enum "
                f"value set: [{', '.join(known)}]",
            )
            continue
        if not _NAME.fullmatch(name):
            yield Problem(
                "ValidationException", f"Action name '{name}' must satisfy regular expression pattern: {_NAME.pattern}"
            )
        least, most = value("codepipeline.quotas.run_order")
        order = action.get("runOrder", 1)
        if not least <= order <= most:
            bound = f"less than or equal to {most}" if order > most else f"greater than or equal to {least}"
            yield Problem(
                "ValidationException",
                f"1 validation error detected: Value '{order}' at 'runOrder' of action '{name}' failed to satisfy "
                f"constraint: Member must have value {bound}",
            )
        offered = figures("codepipeline.providers")
        aws = owner == "AWS"
        if aws != (provider in offered) and owner != "Custom" or (aws and category not in offered[provider].value):
            yield Problem(
                "InvalidActionDeclarationException",
                f"ActionType (Category: '{category}', Provider: '{provider}', Owner: '{owner}', Version: "
                f"'{kind['version']}') in action '{name}' is not available in region "
                f"'{region.upper().replace('-', '_')}'",
            )
            continue
        needed = figures("codepipeline.required_configuration").get(f"{category}-{provider}") if aws else None
        for key in needed.value if needed else ():
            if not action.get("configuration", {}).get(key):
                yield Problem(
                    "InvalidActionDeclarationException",
                    f"Action configuration for action '{name}' is missing required configuration '{key}'",
                )


def _of_artifacts(pipeline: Mapping[str, Any]) -> Iterator[Problem]:
    """Inputs are outputs of earlier actions, and each artifact has one action that makes it."""
    made: set[str] = set()
    for stage in pipeline["stages"]:
        orders = sorted({one.get("runOrder", 1) for one in stage["actions"]})
        for order in orders:
            # Actions of one run order run side by side, so none of them can use what another makes.
            together = [one for one in stage["actions"] if one.get("runOrder", 1) == order]
            for action in together:
                yield from _of_counts(action)
                yield from _of_inputs(action, made)
            for name in (one["name"] for action in together for one in action.get("outputArtifacts", [])):
                if not _ARTIFACT.fullmatch(name):
                    yield Problem(
                        "ValidationException",
                        f"Artifact name '{name}' must satisfy regular expression pattern: {_ARTIFACT.pattern}",
                    )
                if name in made:
                    yield _structure(
                        "Output Artifact Bundle name must be unique within the pipeline. "
                        f"{name} has been used more than once"
                    )
                made.add(name)


def _of_inputs(action: Mapping[str, Any], made: set[str]) -> Iterator[Problem]:
    for artifact in action.get("inputArtifacts", []):
        if artifact["name"] not in made:
            yield Problem(
                "InvalidActionDeclarationException",
                f"Input Artifact Bundle {artifact['name']} in action {action['name']} is not declared as Output Artifact "
                "Bundle in any of the preceding actions",
            )


def _of_counts(action: Mapping[str, Any]) -> Iterator[Problem]:
    kind = action["actionTypeId"]
    allowed = figures("codepipeline.artifacts").get(f"{kind['category']}-{kind['provider']}")
    if kind["owner"] != "AWS" or allowed is None:
        return
    for field, (least, most) in (("inputArtifacts", allowed.value[:2]), ("outputArtifacts", allowed.value[2:])):
        given = len(action.get(field, []))
        if not least <= given <= most:
            between = f"exactly {least}" if least == most else f"between {least} and {most}"
            yield Problem(
                "InvalidActionDeclarationException",
                f"Action '{action['name']}' has {given} {field.removesuffix('Artifacts')} artifacts, its action type "
                f"allows {between}",
            )
