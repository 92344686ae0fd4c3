"""Executions end with the account they run in."""

import json
import threading

import pytest
from conftest import client

from course import lab

WAITS = {"Type": "Wait", "Seconds": 60}
SENDS = {
    "Type": "Task",
    "Resource": "arn:aws:states:::sqs:sendMessage",
    "Parameters": {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/q", "MessageBody": "late"},
    "End": True,
}
ONE = {"StartAt": "A", "States": {"A": {**WAITS, "Next": "B"}, "B": SENDS}}
OTHER = {"StartAt": "C", "States": {"C": {**WAITS, "Next": "D"}, "D": SENDS}}
PARALLEL = {"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": [ONE, OTHER], "End": True}}}


@pytest.mark.parametrize("definition", [ONE, PARALLEL])
def test_nothing_goes_on_in_the_next_account(role, definition):
    """Does an execution end when the account is emptied, so that it neither waits on nor acts in the new one?"""
    before = set(threading.enumerate())
    arn = client("stepfunctions").create_state_machine(
        name="m", roleArn=role("states.amazonaws.com", "machine"), definition=json.dumps(definition)
    )["stateMachineArn"]
    client("stepfunctions").start_execution(stateMachineArn=arn)
    lab.reset()
    left = set(threading.enumerate()) - before
    for thread in left:
        thread.join(5)
    assert not any(thread.is_alive() for thread in left)
    url = client("sqs").create_queue(QueueName="q")["QueueUrl"]
    assert "Messages" not in client("sqs").receive_message(QueueUrl=url)


def test_a_saved_account_comes_back_while_something_runs(role):
    """May an account be restored whatever runs in the present one?"""
    saved = lab.snapshot()
    arn = client("stepfunctions").create_state_machine(
        name="m", roleArn=role("states.amazonaws.com", "machine"), definition=json.dumps(ONE)
    )["stateMachineArn"]
    client("stepfunctions").start_execution(stateMachineArn=arn)
    lab.restore(saved)
    assert client("stepfunctions").list_state_machines()["stateMachines"] == []
