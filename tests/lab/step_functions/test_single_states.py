"""TestState: one state by itself."""

import json

import pytest
from conftest import client
from machine_runs import END, FUNCTION, machine


@pytest.fixture
def tested(role):
    """Test a state: the response without its metadata."""
    arn = role("states.amazonaws.com", "machine")

    def tested(definition, event=None, **more):
        if definition.get("Type") == "Task" and "mock" not in more:
            more.setdefault("roleArn", arn)
        shown = client("stepfunctions").test_state(
            definition=json.dumps(definition), input=json.dumps(event or {}), **more
        )
        del shown["ResponseMetadata"]
        return shown

    return tested


TASK = {"Type": "Task", "Resource": FUNCTION, "Next": "B"}


def test_pass(tested):
    """Is the output told, the next state, and what the state saw on the way?"""
    state = {"Type": "Pass", "Parameters": {"b.$": "$.a"}, "ResultPath": "$.r", "Next": "B"}
    shown = tested(state, {"a": 1}, inspectionLevel="DEBUG")
    seen = shown.pop("inspectionData")
    assert shown == {"status": "SUCCEEDED", "output": '{"a":1,"r":{"b":1}}', "nextState": "B"}
    assert json.loads(seen["afterParameters"]) == {"b": 1}


def test_choice_and_fail(tested):
    """Does a Choice say where it leads, and a Fail how it fails?"""
    rule = {"Variable": "$.n", "NumericGreaterThan": 1, "Next": "More"}
    state = {"Type": "Choice", "Choices": [rule], "Default": "Less"}
    assert tested(state, {"n": 2})["nextState"] == "More"
    assert tested(state, {"n": 1})["nextState"] == "Less"
    shown = tested({"Type": "Fail", "Error": "E", "Cause": "c"})
    assert shown == {"status": "FAILED", "error": "E", "cause": "c"}


def test_task_runs_with_the_role(tested, deploy, role):
    """Does a Task run the function, and say what Catch and Retry would do of a denial?"""
    deploy("def handler(e, c): return e")
    assert tested(TASK, {"a": 1}) == {"status": "SUCCEEDED", "output": '{"a":1}', "nextState": "B"}
    arn = role("states.amazonaws.com", "weak")
    client("iam").detach_role_policy(RoleName="weak", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    denied = {"roleArn": arn, "event": {"a": 1}}
    assert tested(TASK, **denied)["error"] == "Lambda.AWSLambdaException"
    caught = {**TASK, "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.why", "Next": "C"}]}
    shown = tested(caught, **denied)
    assert (shown["status"], shown["nextState"], json.loads(shown["output"])["a"]) == ("CAUGHT_ERROR", "C", 1)
    retried = {**TASK, "Retry": [{"ErrorEquals": ["States.TaskFailed"]}]}
    assert tested(retried, **denied)["status"] == "RETRIABLE"


def test_mock(tested):
    """Does a mock stand for the service, or for the items of a Map?"""
    assert tested(TASK, mock={"result": '{"m": 1}'})["output"] == '{"m":1}'
    caught = {**TASK, "Catch": [{"ErrorEquals": ["Boom"], "Next": "C"}]}
    shown = tested(caught, mock={"errorOutput": {"error": "Boom", "cause": "x"}})
    assert (shown["status"], shown["nextState"], shown["error"]) == ("CAUGHT_ERROR", "C", "Boom")
    state = {"Type": "Map", "ItemProcessor": machine(B=END), "ResultPath": "$.r", "End": True}
    assert tested(state, {"xs": [1]}, mock={"result": "[2]"})["output"] == '{"xs":[1],"r":[2]}'


def test_variables_and_names(tested):
    """Are variables given, and is a state of a whole definition found by its name?"""
    state = {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $v + $states.input.a %}", "End": True}
    assert tested(state, {"a": 1}, variables='{"v": 2}')["output"] == "3"
    whole = machine(A={"Type": "Pass", "Result": 3, "Next": "B"}, B={"Type": "Succeed"})
    assert tested(whole, stateName="A") == {"status": "SUCCEEDED", "output": "3", "nextState": "B"}


@pytest.mark.parametrize(
    ("definition", "more", "code", "word"),
    [
        ({"Type": "Pass"}, {}, "InvalidDefinition", "[Next] or [End]"),
        ({"Type": "Pass", "End": True, "Foo": 1}, {}, "InvalidDefinition", "Foo"),
        (TASK, {}, "ValidationException", "roleArn"),
        (TASK, {"mock": {"result": "1", "errorOutput": {"error": "E"}}}, "ValidationException", "either"),
        (TASK, {"mock": {"result": "{"}}, "ValidationException", "JSON"),
        (END, {"mock": {"result": "1"}}, "ValidationException", "Pass"),
        ({"Type": "Parallel", "Branches": [machine(B=END)], "End": True}, {}, "ValidationException", "mock"),
        (machine(A=END), {}, "ValidationException", "stateName"),
        (machine(A=END), {"stateName": "Z"}, "ValidationException", "Z"),
        (END, {"inspectionLevel": "MUCH"}, "ValidationException", "DEBUG"),
        (END, {"input": "{"}, "InvalidExecutionInput", "Input"),
    ],
)
def test_impossible_test(refused, definition, more, code, word):
    """Is a test that AWS refuses refused?"""
    refused(client("stepfunctions").test_state, code, word, definition=json.dumps(definition), **more)
