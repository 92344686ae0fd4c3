"""Executions: actions run in order as far as they can, at once, and stop at a manual approval.

A source action always finds its source. A CodeBuild action fails where its project does not exist or its inline buildspec is
none, an action of Lambda or CodeDeploy where its function or deployment group is missing; all others succeed. One execution
at a time is in a stage: a later one waits before it, and the next replaces it (Superseded), as in AWS's default mode.

https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moto.codepipeline.models import CodePipeline, PipelineExecution
from moto.moto_api._internal import mock_random

from ..gate import Call, Refused, answers, corrects
from ..iam.context import now
from .outcomes import failure
from .structure import pipeline_of

RUNNING = "InProgress"


@dataclass
class ActionRun:
    """One action of one execution."""

    stage: str
    action: str
    execution: str
    version: int
    status: str
    started: datetime
    changed: datetime
    token: str | None = None
    summary: str | None = None
    error: dict[str, str] | None = None
    id: str = field(default_factory=lambda: str(mock_random.uuid4()))


@dataclass
class StageRun:
    """What a stage did last, and who waits before it."""

    execution: str | None = None
    status: str | None = None
    waiting: str | None = None
    disabled: dict[str, Any] | None = None


def stages(pipeline: CodePipeline) -> dict[str, StageRun]:
    """The state of each stage by name, in the order of the pipeline."""
    known = pipeline.__dict__.setdefault("stage_runs", {})
    return {one["name"]: known.setdefault(one["name"], StageRun()) for one in pipeline.pipeline["stages"]}


def runs(pipeline: CodePipeline) -> list[ActionRun]:
    """All action executions, oldest first."""
    return pipeline.__dict__.setdefault("action_runs", [])


def run_of(pipeline: CodePipeline, stage: str, action: str, execution: str | None = None) -> ActionRun | None:
    """The latest run of an action, or its latest in this execution."""
    found = (one for one in reversed(runs(pipeline)) if (one.stage, one.action) == (stage, action))
    return next((one for one in found if execution in (None, one.execution)), None)


@corrects("codepipeline", "CreatePipeline")
def started_on_creation(call: Call, result: Any) -> None:
    """A new pipeline runs at once."""
    begin(call, pipeline_of(call, call.params["pipeline"]["name"]), [])


@answers("codepipeline", "StartPipelineExecution")
def start_pipeline_execution(call: Call) -> dict:
    """Run the pipeline from its source on."""
    pipeline = pipeline_of(call, call.params["name"])
    declared = {one["name"]: one for one in pipeline.pipeline.get("variables", [])}
    given = {one["name"]: one["value"] for one in call.params.get("variables", [])}
    for name in given:
        if name not in declared:
            raise Refused(
                "ValidationException", f"Variable '{name}' is not declared in pipeline '{call.params['name']}'"
            )
    resolved = {name: one.get("defaultValue") for name, one in declared.items()} | given
    for name, chosen in resolved.items():
        if chosen is None:
            raise Refused(
                "ValidationException", f"No value is given for pipeline variable '{name}', which has no default"
            )
    variables = [{"name": name, "value": chosen} for name, chosen in resolved.items()]
    return {"pipelineExecutionId": begin(call, pipeline, variables)}


def begin(call: Call, pipeline: CodePipeline, variables: list[dict[str, str]]) -> str:
    """A new execution, run as far as it can."""
    name = pipeline.pipeline["name"]
    execution = PipelineExecution(name, pipeline.pipeline["version"], variables)
    execution.status = RUNNING
    pipeline.executions[execution.pipeline_execution_id] = execution
    enter(call, pipeline, execution, next(iter(stages(pipeline))))
    return execution.pipeline_execution_id


def enter(call: Call, pipeline: CodePipeline, execution: PipelineExecution, name: str) -> None:
    """Bring an execution into a stage, or let it wait before a stage that is busy or closed."""
    stage = stages(pipeline)[name]
    if stage.disabled or stage.status == RUNNING:
        if stage.waiting and stage.waiting != execution.pipeline_execution_id:
            finish(pipeline.executions[stage.waiting], "Superseded")
        stage.waiting = execution.pipeline_execution_id
        return
    if stage.waiting == execution.pipeline_execution_id:
        stage.waiting = None
    stage.execution, stage.status = execution.pipeline_execution_id, RUNNING
    proceed(call, pipeline, execution, name)


def proceed(call: Call, pipeline: CodePipeline, execution: PipelineExecution, name: str) -> None:
    """Run the actions of a stage that have not run in this execution; then the next stage, for who waits too."""
    declared = next(one for one in pipeline.pipeline["stages"] if one["name"] == name)
    stage = stages(pipeline)[name]
    for order in sorted({one["runOrder"] for one in declared["actions"]}):
        for action in (one for one in declared["actions"] if one["runOrder"] == order):
            if run_of(pipeline, name, action["name"], execution.pipeline_execution_id) is None:
                runs(pipeline).append(_run(call, pipeline, execution, name, action))
        together = [
            run_of(pipeline, name, one["name"], execution.pipeline_execution_id)
            for one in declared["actions"]
            if one["runOrder"] == order
        ]
        if any(one.status == "Failed" for one in together):
            stage.status = "Failed"
            finish(execution, "Failed")
            return let_in(call, pipeline, name)
        if any(one.status == RUNNING for one in together):
            return
    stage.status = "Succeeded"
    names = list(stages(pipeline))
    following = names[names.index(name) + 1 :]
    if following:
        enter(call, pipeline, execution, following[0])
    else:
        finish(execution, "Succeeded")
    let_in(call, pipeline, name)


def let_in(call: Call, pipeline: CodePipeline, name: str) -> None:
    """Bring the execution that waits before a stage into it, if it is open and free."""
    stage = stages(pipeline)[name]
    if stage.waiting and not stage.disabled and stage.status != RUNNING:
        enter(call, pipeline, pipeline.executions[stage.waiting], name)


def finish(execution: PipelineExecution, status: str, summary: str | None = None) -> None:
    """The end of an execution."""
    execution.status, execution.status_summary = status, summary
    execution.last_update_time = now().replace(tzinfo=None)


def _run(call: Call, pipeline: CodePipeline, execution: Any, stage: str, action: dict[str, Any]) -> ActionRun:
    moment = now()
    run = ActionRun(
        stage, action["name"], execution.pipeline_execution_id, execution.pipeline_version, "Succeeded", moment, moment
    )
    if action["actionTypeId"]["category"] == "Approval":
        run.status, run.token = RUNNING, str(mock_random.uuid4())
        return run
    problem = failure(call, action)
    if problem:
        run.status, run.error = "Failed", {"code": "JobFailed", "message": problem}
    return run
