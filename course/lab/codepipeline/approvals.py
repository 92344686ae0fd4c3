"""Manual approvals, and stopping and retrying an execution. moto has none of it.

https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals.html
"""

from __future__ import annotations

from typing import Any

from moto.codepipeline.models import CodePipeline

from ..gate import Call, Refused, answers
from ..iam.context import now
from .executions import RUNNING, finish, let_in, proceed, run_of, runs, stages
from .structure import pipeline_of


def stage_of(pipeline: CodePipeline, name: str) -> dict[str, Any]:
    """The declaration of a stage; Refused(StageNotFoundException) if there is none."""
    found = next((one for one in pipeline.pipeline["stages"] if one["name"] == name), None)
    if found is None:
        raise Refused(
            "StageNotFoundException", f"Pipeline '{pipeline.pipeline['name']}' does not have a stage with name '{name}'"
        )
    return found


@answers("codepipeline", "PutApprovalResult")
def put_approval_result(call: Call) -> dict:
    """Approve and go on, or reject and fail; the token is that of get_pipeline_state."""
    params = call.params
    pipeline = pipeline_of(call, params["pipelineName"])
    stage = stage_of(pipeline, params["stageName"])
    action = next((one for one in stage["actions"] if one["name"] == params["actionName"]), None)
    if action is None or action["actionTypeId"]["category"] != "Approval":
        raise Refused(
            "ActionNotFoundException",
            f"Stage '{stage['name']}' does not have an approval action with name '{params['actionName']}'",
        )
    chosen = params["result"]["status"]
    if chosen not in ("Approved", "Rejected"):
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{chosen}' at 'result.status' failed to satisfy constraint: Member must "
            "satisfy enum value set: [Approved, Rejected]",
        )
    run = next((one for one in runs(pipeline) if one.token and one.token == params["token"]), None)
    if run is None or (run.stage, run.action) != (stage["name"], action["name"]):
        raise Refused(
            "InvalidApprovalTokenException", "The approval request already received a response or has expired."
        )
    if run.status != RUNNING:
        raise Refused("ApprovalAlreadyCompletedException", "The approval action has already been approved or rejected.")
    moment = now()
    run.changed, run.summary = moment, params["result"]["summary"]
    run.status = "Succeeded" if chosen == "Approved" else "Failed"
    if run.status == "Failed":
        run.error = {"code": "PermissionError", "message": f"Rejected: {run.summary}"}
    proceed(call, pipeline, pipeline.executions[run.execution], stage["name"])
    return {"approvedAt": moment}


@answers("codepipeline", "StopPipelineExecution")
def stop_pipeline_execution(call: Call) -> dict:
    """End an execution that is in progress; its open approval is abandoned."""
    params = call.params
    pipeline = pipeline_of(call, params["pipelineName"])
    given = params["pipelineExecutionId"]
    execution = pipeline.executions.get(given)
    if execution is None or execution.status != RUNNING:
        state = f"is in the state {execution.status}" if execution else "was not found"
        raise Refused(
            "PipelineExecutionNotStoppableException", f"Pipeline execution '{given}' {state}, it cannot be stopped."
        )
    finish(execution, "Stopped", params.get("reason"))
    for name, stage in stages(pipeline).items():
        if stage.waiting == given:
            stage.waiting = None
        if stage.execution == given and stage.status == RUNNING:
            stage.status = "Stopped"
            for run in runs(pipeline):
                if run.execution == given and run.status == RUNNING:
                    run.status, run.changed = "Abandoned", now()
            let_in(call, pipeline, name)
    return {"pipelineExecutionId": given}


@answers("codepipeline", "RetryStageExecution")
def retry_stage_execution(call: Call) -> dict:
    """Run the failed actions of a stage again, or all of them, in the execution that failed there last."""
    params = call.params
    pipeline = pipeline_of(call, params["pipelineName"])
    declared = stage_of(pipeline, params["stageName"])
    stage, given = stages(pipeline)[declared["name"]], params["pipelineExecutionId"]
    if stage.status not in ("Failed", "Stopped"):
        raise Refused(
            "StageNotRetryableException", f"Stage '{declared['name']}' is not in a failed state and cannot be retried."
        )
    if stage.execution != given:
        raise Refused(
            "NotLatestPipelineExecutionException",
            f"Pipeline execution '{given}' is not the latest one in stage '{declared['name']}'.",
        )
    for action in declared["actions"]:
        run = run_of(pipeline, declared["name"], action["name"], given)
        if run and (params["retryMode"] == "ALL_ACTIONS" or run.status != "Succeeded"):
            runs(pipeline).remove(run)
    execution = pipeline.executions[given]
    execution.status, stage.status = RUNNING, RUNNING
    proceed(call, pipeline, execution, declared["name"])
    return {"pipelineExecutionId": given}
