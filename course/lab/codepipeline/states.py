"""GetPipelineState and the executions of actions; moto has neither.

https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GetPipelineState.html
"""

from __future__ import annotations

from typing import Any

from ..gate import Call, Refused, answers, refuses
from .executions import ActionRun, run_of, runs, stages
from .structure import pipeline_of


@answers("codepipeline", "GetPipelineState")
def get_pipeline_state(call: Call) -> dict:
    """The latest execution of each stage and action, and what waits before a stage."""
    pipeline = pipeline_of(call, call.params["name"])
    states = stages(pipeline)
    shown = []
    for declared in pipeline.pipeline["stages"]:
        stage = states[declared["name"]]
        one: dict[str, Any] = {
            "stageName": declared["name"],
            "inboundTransitionState": {"enabled": stage.disabled is None, **(stage.disabled or {})},
            "actionStates": [_action(pipeline, declared["name"], action) for action in declared["actions"]],
        }
        if stage.waiting:
            one["inboundExecution"] = {"pipelineExecutionId": stage.waiting, "status": "InProgress"}
        if stage.execution:
            one["latestExecution"] = {"pipelineExecutionId": stage.execution, "status": stage.status}
        shown.append(one)
    return {
        "pipelineName": pipeline.pipeline["name"],
        "pipelineVersion": pipeline.pipeline["version"],
        "stageStates": shown,
        "created": pipeline._created,
        "updated": pipeline._updated,
    }


def _action(pipeline: Any, stage: str, action: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {"actionName": action["name"]}
    latest = run_of(pipeline, stage, action["name"])
    if latest:
        shown["latestExecution"] = _latest(latest)
    return shown


def _latest(run: ActionRun) -> dict[str, Any]:
    shown: dict[str, Any] = {"actionExecutionId": run.id, "status": run.status, "lastStatusChange": run.changed}
    # The token is needed only as long as the approval is open.
    if run.token and run.status == "InProgress":
        shown["token"] = run.token
    if run.summary:
        shown["summary"] = run.summary
    if run.error:
        shown["errorDetails"] = run.error
    return shown


@answers("codepipeline", "ListActionExecutions")
def list_action_executions(call: Call) -> dict:
    """Newest first, of one execution if it is named."""
    pipeline = pipeline_of(call, call.params["pipelineName"])
    wanted = call.params.get("filter", {}).get("pipelineExecutionId")
    if wanted and wanted not in pipeline.executions:
        raise Refused("PipelineExecutionNotFoundException", f"Pipeline execution '{wanted}' was not found")
    details = [
        {
            "pipelineExecutionId": run.execution,
            "actionExecutionId": run.id,
            "pipelineVersion": run.version,
            "stageName": run.stage,
            "actionName": run.action,
            "startTime": run.started,
            "lastUpdateTime": run.changed,
            "status": run.status,
        }
        for run in reversed(runs(pipeline))
        if wanted in (None, run.execution)
    ]
    return {"actionExecutionDetails": details[: call.params.get("maxResults", 100)]}


@refuses("codepipeline", "GetPipelineExecution")
def unknown_execution(call: Call) -> None:
    """An execution belongs to the pipeline."""
    pipeline = pipeline_of(call, call.params["pipelineName"])
    given = call.params["pipelineExecutionId"]
    if given not in pipeline.executions:
        raise Refused("PipelineExecutionNotFoundException", f"Pipeline execution '{given}' was not found")
