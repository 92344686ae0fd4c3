"""Task tokens: what a worker may say of a task, and when it is too late."""

import json

import pytest
from conftest import client
from machine_runs import ended, machine


@pytest.fixture
def waiting(state_machine):
    """(execution, token) of a task that waits for its activity's worker."""
    sfn = client("stepfunctions")
    activity = sfn.create_activity(name="work")["activityArn"]

    def waiting(**more):
        arn = state_machine(machine(A={"Type": "Task", "Resource": activity, "End": True, **more}))
        execution = sfn.start_execution(stateMachineArn=arn)["executionArn"]
        return execution, sfn.get_activity_task(activityArn=activity)["taskToken"]

    return waiting


def test_answers_of_a_worker(waiting, refused):
    """Is a heartbeat taken without HeartbeatSeconds, and an answer once only?"""
    sfn = client("stepfunctions")
    execution, token = waiting()
    sfn.send_task_heartbeat(taskToken=token)
    sfn.send_task_success(taskToken=token, output='{"a": 1}')
    assert json.loads(ended(execution)["output"]) == {"a": 1}
    for call, more in (
        (sfn.send_task_success, {"output": "{}"}),
        (sfn.send_task_failure, {"error": "E"}),
        (sfn.send_task_heartbeat, {}),
    ):
        refused(call, "TaskTimedOut", "Provided task does not exist anymore", taskToken=token, **more)
        refused(call, "InvalidToken", "Invalid Token", taskToken="x" * 40, **more)


def test_answer_after_the_time_out(waiting, refused):
    """Does an answer that comes after TimeoutSeconds find its task closed?"""
    execution, token = waiting(TimeoutSeconds=1)
    assert ended(execution)["status"] != "SUCCEEDED"
    refused(client("stepfunctions").send_task_success, "TaskTimedOut", taskToken=token, output="{}")


def test_failure_of_a_worker(waiting):
    """Are error and cause of the worker those of the execution?"""
    execution, token = waiting()
    client("stepfunctions").send_task_failure(taskToken=token, error="Busy", cause="no time")
    shown = ended(execution)
    assert (shown["status"], shown["error"], shown["cause"]) == ("FAILED", "Busy", "no time")
