"""Step Functions: faulty definitions are refused, right ones execute the learner's functions."""

import json

import pytest
from conftest import client
from machine_runs import END, machine, run

pytest.importorskip("antlr4")  # moto's interpreter of state machines


@pytest.fixture
def create(state_machine):
    """Create a state machine and give its ARN."""
    return state_machine


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        (machine(A={"Type": "Pass", "Next": "Z"}), ["MISSING_TRANSITION_TARGET", "Z", "/States/A/Next"]),
        (machine(A={"Type": "Pass"}), ["[Next] or [End]", "/States/A"]),
        (machine(A={"Type": "Pass", "Next": "A"}), ["No terminal state"]),
        (machine(A=END, B=END), ['MISSING_TRANSITION_TARGET: State "B" is not reachable.', "/States/B"]),
        ({"States": {"A": END}}, ["'StartAt' is required"]),
        ({"StartAt": "Z", "States": {"A": END}}, ["Z", "/StartAt"]),
        ({"StartAt": "A"}, ["'States' is required"]),
        (machine(A={"Type": "Paas", "End": True}), ["'Type' should have one of these values", "/States/A/Type"]),
        (machine(A={"End": True}), ["'Type' is required", "/States/A"]),
        (machine(A={"Type": "Task", "End": True}), ["'Resource' is required"]),
        (machine(A={"Type": "Wait", "End": True}), ["Seconds"]),
        (machine(A={"Type": "Succeed", "Next": "B"}, B=END), ["'Next' is not supported"]),
        (
            machine(A={"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": True, "Next": "Z"}]}),
            ["Choices[0]/Next"],
        ),
        (
            machine(A={"Type": "Task", "Resource": "r", "End": True, "Catch": [{"ErrorEquals": ["E"], "Next": "Z"}]}),
            ["/States/A/Catch[0]/Next"],
        ),
        (
            machine(
                A={
                    "Type": "Task",
                    "Resource": "r",
                    "End": True,
                    "Retry": [{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}],
                }
            ),
            ["States.ALL must appear alone"],
        ),
        (
            machine(A={"Type": "Parallel", "End": True, "Branches": [machine(B={"Type": "Pass", "Next": "A"})]}),
            ["/States/A/Branches[0]/States/B/Next"],
        ),
        (
            machine(A={"Type": "Map", "End": True, "ItemProcessor": machine(B={"Type": "Pass"})}),
            ["ItemProcessor/States/B"],
        ),
        ("{", ["INVALID_JSON_DESCRIPTION"]),
        ("[]", ["JSON object"]),
    ],
)
def test_faults(create, refused, role, definition, words):
    """Is a definition with a fault refused at creation and at the update, with the place?"""
    sfn = client("stepfunctions")
    made = create(machine(A=END))
    text = definition if isinstance(definition, str) else json.dumps(definition)
    arn = "arn:aws:iam::123456789012:role/machine"
    refused(sfn.create_state_machine, "InvalidDefinition", *words, name="n", definition=text, roleArn=arn)
    refused(sfn.update_state_machine, "InvalidDefinition", *words, stateMachineArn=made, definition=text)


def test_functions_execute(create, deploy, caplog):
    """Do both ways to call a function run its code, with Retry, Catch by error name and Choice?"""
    deploy(
        "class Busy(Exception): pass\nclass Refused(Exception): pass\ntries = 0\n"
        "def handler(event, context):\n    global tries\n    tries += 1\n"
        "    if event.get('busy') and tries % 3: raise Busy(tries)\n"
        "    if event.get('bad'): raise Refused('no stock')\n"
        "    return {'total': event.get('total', 0) * 2}"
    )
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    made = create(
        machine(
            Order={
                "Type": "Task",
                "Resource": arn,
                "Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 3, "IntervalSeconds": 1, "BackoffRate": 1.0}],
                "Catch": [{"ErrorEquals": ["Refused"], "ResultPath": "$.why", "Next": "Sorry"}],
                "Next": "Large",
            },
            Large={
                "Type": "Choice",
                "Choices": [{"Variable": "$.total", "NumericGreaterThan": 100, "Next": "Again"}],
                "Default": "Done",
            },
            Again={
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Parameters": {"FunctionName": arn, "Payload.$": "$"},
                "OutputPath": "$.Payload",
                "Next": "Done",
            },
            Done={"Type": "Succeed"},
            Sorry={"Type": "Fail", "Error": "OrderRefused", "Cause": "sorry"},
        )
    )
    assert json.loads(run(made, {"total": 5})["output"]) == {"total": 10}
    assert json.loads(run(made, {"total": 60})["output"]) == {"total": 240}
    shown = run(made, {"bad": True})
    assert (shown["status"], shown["error"], shown["cause"]) == ("FAILED", "OrderRefused", "sorry")
    assert not [record for record in caplog.records if record.name.startswith("moto.stepfunctions")]


def test_retry_really_retries(create, deploy):
    """Is a function that fails twice called three times?"""
    deploy(
        "tries = 0\ndef handler(e, c):\n    global tries\n    tries += 1\n    if tries < 2: raise ValueError(tries)\n    return tries"
    )
    retry = [{"ErrorEquals": ["ValueError"], "IntervalSeconds": 1, "MaxAttempts": 2}]
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    assert run(create(machine(A={"Type": "Task", "Resource": arn, "Retry": retry, "End": True})))["output"] == "2"


def test_function_that_times_out(create, deploy):
    """Is a time-out of the function an error that a Catch can name?"""
    deploy("import time\ndef handler(e, c): time.sleep(9)", Timeout=1)
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    catch = [{"ErrorEquals": ["Sandbox.Timedout"], "Next": "Late"}]
    made = create(
        machine(
            A={"Type": "Task", "Resource": arn, "Catch": catch, "End": True},
            Late={"Type": "Pass", "Result": {"late": True}, "End": True},
        )
    )
    assert json.loads(run(made)["output"]) == {"late": True}


def test_executions_have_names(create):
    """Has each execution a name of its own?"""
    made = create(machine(A=END))
    assert len({run(made)["name"] for _ in range(3)}) == 3
