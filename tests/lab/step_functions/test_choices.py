"""A Choice state that finds nothing that fits."""

import json

from conftest import client


def test_nothing_fits(role):
    """Does the execution fail with the error that a Choice has for it, and end well where a rule fits?"""
    rule = {"Variable": "$.n", "NumericGreaterThan": 5, "Next": "Big"}
    states = {"A": {"Type": "Choice", "Choices": [rule]}, "Big": {"Type": "Succeed"}}
    machines = client("stepfunctions")
    arn = machines.create_state_machine(
        name="m",
        type="EXPRESS",
        roleArn=role("states.amazonaws.com", "machine"),
        definition=json.dumps({"StartAt": "A", "States": states}),
    )["stateMachineArn"]
    failed = machines.start_sync_execution(stateMachineArn=arn, input='{"n": 1}')
    assert (failed["status"], failed["error"]) == ("FAILED", "States.NoChoiceMatched")
    assert "'A'" in failed["cause"]
    assert machines.start_sync_execution(stateMachineArn=arn, input='{"n": 6}')["status"] == "SUCCEEDED"
