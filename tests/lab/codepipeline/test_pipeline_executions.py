"""Executions: what runs, what waits, and what an approval, a stop and a retry do."""

import pytest
from pipeline_parts import action

pytest_plugins = ("pipeline_fixtures",)


APPROVAL = {"pipelineName": "app", "stageName": "Release", "actionName": "Look"}


@pytest.fixture
def started(codepipeline, arguments, project):
    """A pipeline whose first execution waits for its approval; gives its id."""
    project()
    codepipeline.create_pipeline(**arguments())
    return codepipeline.list_pipeline_executions(pipelineName="app")["pipelineExecutionSummaries"][0][
        "pipelineExecutionId"
    ]


def answer(state, status="Approved"):
    """Of put_approval_result, for the open approval."""
    token = state("Release/Look")["token"]
    return {**APPROVAL, "token": token, "result": {"status": status, "summary": "ok"}}


def status(codepipeline, execution):
    found = codepipeline.get_pipeline_execution(pipelineName="app", pipelineExecutionId=execution)
    return found["pipelineExecution"]["status"]


def test_a_new_pipeline_runs_to_its_approval(codepipeline, started, state):
    """Did source and build succeed, and does the deployment wait?"""
    assert status(codepipeline, started) == "InProgress"
    assert state("Build")["latestExecution"] == {"pipelineExecutionId": started, "status": "Succeeded"}
    assert state("Release")["latestExecution"]["status"] == "InProgress"
    assert state("Release/Look")["status"] == "InProgress" and state("Release/Copy") is None
    done = codepipeline.list_action_executions(pipelineName="app")["actionExecutionDetails"]
    assert [(one["actionName"], one["status"]) for one in done] == [
        ("Look", "InProgress"),
        ("Make", "Succeeded"),
        ("Pull", "Succeeded"),
    ]


def test_approving_goes_on(refused, codepipeline, started, state):
    """Does the deployment run, and is the token good only once?"""
    approval = answer(state)
    assert codepipeline.put_approval_result(**approval)["approvedAt"]
    assert status(codepipeline, started) == "Succeeded" and state("Release/Copy")["status"] == "Succeeded"
    assert "token" not in state("Release/Look")
    refused(codepipeline.put_approval_result, "ApprovalAlreadyCompletedException", **approval)


def test_rejecting_fails(codepipeline, started, state):
    """Does the deployment not run?"""
    codepipeline.put_approval_result(**answer(state, "Rejected"))
    assert status(codepipeline, started) == "Failed" and state("Release/Copy") is None
    assert state("Release/Look")["status"] == "Failed" and state("Release")["latestExecution"]["status"] == "Failed"


def test_an_answer_to_nothing_is_refused(refused, codepipeline, started, state):
    """Are wrong tokens, stages, actions and words refused?"""
    approval = answer(state)
    cases = [
        ("InvalidApprovalTokenException", {"token": "00000000-0000-0000-0000-000000000000"}),
        ("StageNotFoundException", {"stageName": "Ship"}),
        ("ActionNotFoundException", {"actionName": "Copy"}),
        ("PipelineNotFoundException", {"pipelineName": "none"}),
        ("ValidationException", {"result": {"status": "Maybe", "summary": ""}}),
    ]
    for code, wrong in cases:
        refused(codepipeline.put_approval_result, code, **{**approval, **wrong})


def test_a_later_execution_waits_and_is_superseded(codepipeline, started, state):
    """Is one execution in a stage, one before it, and the one in between given up?"""
    second, third = (codepipeline.start_pipeline_execution(name="app")["pipelineExecutionId"] for _ in range(2))
    assert (status(codepipeline, second), status(codepipeline, third)) == ("Superseded", "InProgress")
    assert state("Release")["inboundExecution"]["pipelineExecutionId"] == third
    codepipeline.put_approval_result(**answer(state))
    assert status(codepipeline, started) == "Succeeded"
    assert state("Release")["latestExecution"] == {"pipelineExecutionId": third, "status": "InProgress"}


def test_stopping(refused, codepipeline, started, state):
    """Does a stopped execution leave its stage, and can a finished one not be stopped?"""
    codepipeline.stop_pipeline_execution(pipelineName="app", pipelineExecutionId=started, abandon=True, reason="no")
    assert status(codepipeline, started) == "Stopped" and state("Release/Look")["status"] == "Abandoned"
    refused(
        codepipeline.stop_pipeline_execution,
        "PipelineExecutionNotStoppableException",
        "Stopped",
        pipelineName="app",
        pipelineExecutionId=started,
    )


def test_a_failed_build_can_be_retried(refused, codepipeline, arguments, project, state):
    """Does the stage run again once the project is there, and only a failed one?"""
    codepipeline.create_pipeline(**arguments())
    failed = state("Build")["latestExecution"]
    assert failed["status"] == "Failed" and "Project cannot be found" in state("Build/Make")["errorDetails"]["message"]
    retry = {"pipelineName": "app", "pipelineExecutionId": failed["pipelineExecutionId"], "retryMode": "FAILED_ACTIONS"}
    refused(codepipeline.retry_stage_execution, "StageNotRetryableException", stageName="Source", **retry)
    wrong = {**retry, "pipelineExecutionId": "00000000-0000-0000-0000-000000000000"}
    refused(codepipeline.retry_stage_execution, "NotLatestPipelineExecutionException", stageName="Build", **wrong)
    project()
    codepipeline.retry_stage_execution(stageName="Build", **retry)
    assert (
        state("Build")["latestExecution"]["status"] == "Succeeded" and state("Release/Look")["status"] == "InProgress"
    )


def test_a_buildspec_that_is_none_fails_the_build(codepipeline, arguments, project, state):
    """Does the action say what the build could not read?"""
    project("version: 0.2\nphases:\n  build:\n    commands:\n      - a: b\n")
    codepipeline.create_pipeline(**arguments())
    assert "Expected Commands[0] to be of string type" in state("Build/Make")["errorDetails"]["message"]


def test_a_closed_transition_holds_an_execution(refused, codepipeline, started, state):
    """Does it wait before the stage until the transition is enabled?"""
    way = {"pipelineName": "app", "stageName": "Build", "transitionType": "Inbound"}
    codepipeline.disable_stage_transition(reason="freeze", **way)
    waiting = codepipeline.start_pipeline_execution(name="app")["pipelineExecutionId"]
    assert state("Build")["inboundExecution"]["pipelineExecutionId"] == waiting
    assert state("Build")["inboundTransitionState"]["disabledReason"] == "freeze"
    refused(codepipeline.enable_stage_transition, "StageNotFoundException", **{**way, "stageName": "Ship"})
    codepipeline.enable_stage_transition(**way)
    assert state("Build")["latestExecution"] == {"pipelineExecutionId": waiting, "status": "Succeeded"}
    assert state("Release")["inboundExecution"]["pipelineExecutionId"] == waiting


def test_variables(refused, codepipeline, arguments, project):
    """Are they declared, and given where they have no default?"""
    project()
    declared = [{"name": "stage", "defaultValue": "test"}, {"name": "tag"}]
    codepipeline.create_pipeline(**arguments(lambda one: {**one, "pipelineType": "V2", "variables": declared}))
    start = codepipeline.start_pipeline_execution
    refused(start, "ValidationException", "'tag'", name="app")
    refused(start, "ValidationException", "'other'", name="app", variables=[{"name": "other", "value": "1"}])
    made = start(name="app", variables=[{"name": "tag", "value": "1"}])["pipelineExecutionId"]
    found = codepipeline.get_pipeline_execution(pipelineName="app", pipelineExecutionId=made)["pipelineExecution"]
    assert {one["name"]: one["resolvedValue"] for one in found["variables"]} == {"stage": "test", "tag": "1"}


def test_what_does_not_exist(refused, codepipeline, started):
    """Are unknown pipelines and executions named?"""
    refused(codepipeline.get_pipeline_state, "PipelineNotFoundException", "'none'", name="none")
    refused(codepipeline.start_pipeline_execution, "PipelineNotFoundException", "'none'", name="none")
    unknown = {"pipelineName": "app", "pipelineExecutionId": "00000000-0000-0000-0000-000000000000"}
    refused(codepipeline.get_pipeline_execution, "PipelineExecutionNotFoundException", **unknown)


def test_a_missing_function_fails_its_stage(codepipeline, arguments, project, state):
    """Does an action look for the function that it invokes?"""
    project()
    check = action("Look", "Invoke", "Lambda", configuration={"FunctionName": "none"})
    codepipeline.create_pipeline(**arguments(lambda one: one["stages"][2]["actions"].__setitem__(0, check)))
    assert "Function not found" in state("Release/Look")["errorDetails"]["message"]
