"""Executions: their names, input and end, Standard and Express, and who waits for a token."""

import json
import time

import pytest
from conftest import client
from machine_runs import END, ended, machine, output, run

WAIT = {"Type": "Wait", "Seconds": 60, "End": True}


@pytest.fixture
def sfn(_fresh):
    return client("stepfunctions")


@pytest.mark.parametrize(
    ("result", "text"), [("hi", '"hi"'), (None, "null"), ("é\n", '"é\\n"'), (1.0, "1.0"), ([{}], "[{}]")]
)
def test_output_is_json(state_machine, result, text):
    """Is the output JSON text, also where it is a text or null?"""
    assert run(state_machine(machine(A={**END, "Result": result})))["output"] == text


def test_texts_keep_their_escapes(state_machine):
    """Are quotation marks and lines of a literal passed on as they are?"""
    text = 'say "hi"\n\\ é'
    definition = machine(A={"Type": "Pass", "Parameters": {"q": text}, "Next": "B"}, B=END)
    assert output(state_machine(definition)) == {"q": text}


@pytest.mark.parametrize(
    ("more", "code", "word"),
    [
        ({"name": "a b"}, "InvalidName", "Invalid Name: 'a b'"),
        ({"name": "x" * 81}, "ValidationException", "80"),
        ({"input": "{a"}, "InvalidExecutionInput", "Invalid State Machine Execution Input"),
        ({"input": json.dumps("x" * 262143)}, "ValidationException", "262144"),
        ({"stateMachineArn": "m"}, "InvalidArn", "m"),
        ({"stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:z"}, "StateMachineDoesNotExist", "z"),
    ],
)
def test_impossible_start(sfn, state_machine, refused, more, code, word):
    """Is a start that AWS refuses refused?"""
    given = {"stateMachineArn": state_machine(machine(A=END))}
    refused(sfn.start_execution, code, word, **{**given, **more})
    sfn.start_execution(**given, input=json.dumps("x" * 262142))


def test_name_of_an_execution(sfn, state_machine, refused):
    """Does a name give the execution that runs with this input, and is it refused for another?"""
    arn = state_machine(machine(A=WAIT))
    given = {"stateMachineArn": arn, "name": "one", "input": "{}"}
    execution = sfn.start_execution(**given)["executionArn"]
    assert sfn.start_execution(**given)["executionArn"] == execution
    refused(sfn.start_execution, "ExecutionAlreadyExists", execution, **{**given, "input": '{"a": 1}'})
    sfn.stop_execution(executionArn=execution, error="Enough", cause="stopped by hand")
    shown = sfn.describe_execution(executionArn=execution)
    assert (shown["status"], shown["error"], shown["cause"]) == ("ABORTED", "Enough", "stopped by hand")
    refused(sfn.start_execution, "ExecutionAlreadyExists", execution, **given)
    assert sfn.list_executions(stateMachineArn=arn)["executions"][0]["stopDate"]


def test_express_is_synchronous(sfn, state_machine, refused):
    """Does an Express workflow give its result at once, and leave nothing to look up?"""
    arn = state_machine(machine(A={**END, "Result": "hi"}), type="EXPRESS")
    shown = sfn.start_sync_execution(stateMachineArn=arn, input='{"a": 1}', name="one")
    assert (shown["status"], shown["output"], shown["input"]) == ("SUCCEEDED", '"hi"', '{"a": 1}')
    assert shown["executionArn"].startswith("arn:aws:states:us-east-1:123456789012:express:m:one:")
    assert shown["billingDetails"] == {"billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": 100}
    words = "Resource type not valid in this context: express"
    refused(sfn.describe_execution, "InvalidArn", words, executionArn=shown["executionArn"])
    refused(sfn.list_executions, "StateMachineTypeNotSupported", stateMachineArn=arn)
    started = [sfn.start_execution(stateMachineArn=arn, name="one")["executionArn"] for _ in range(2)]
    assert len(set(started)) == 2 and ":express:" in started[0]


def test_express_fails(sfn, state_machine, refused):
    """Is a failure part of the answer, and is a Standard workflow refused?"""
    arn = state_machine(machine(A={"Type": "Fail", "Error": "No", "Cause": "because"}), type="EXPRESS")
    shown = sfn.start_sync_execution(stateMachineArn=arn)
    assert (shown["status"], shown["error"], shown["cause"]) == ("FAILED", "No", "because")
    standard = state_machine(machine(A=END), "s")
    words = "This operation is not supported by this type of state machine"
    refused(sfn.start_sync_execution, "StateMachineTypeNotSupported", words, stateMachineArn=standard)


@pytest.mark.parametrize(("level", "kinds"), [("ALL", 4), ("FATAL", 1)])
def test_express_leaves_a_log(sfn, state_machine, level, kinds):
    """Are the events of an execution written to the log group, as far as the level goes?"""
    logs = client("logs")
    logs.create_log_group(logGroupName="/states/m")
    group = {"logGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:/states/m:*"}
    log = {"level": level, "includeExecutionData": True, "destinations": [{"cloudWatchLogsLogGroup": group}]}
    definition = machine(A={"Type": "Pass", "Next": "B"}, B={"Type": "Fail", "Error": "No"})
    arn = state_machine(definition, type="EXPRESS", loggingConfiguration=log)
    execution = sfn.start_sync_execution(stateMachineArn=arn, input='{"a": 1}')["executionArn"]
    told = [json.loads(one["message"]) for one in logs.filter_log_events(logGroupName="/states/m")["events"]]
    assert len(told) >= kinds and {one["execution_arn"] for one in told} == {execution}
    assert told[-1]["type"] == "ExecutionFailed"
    assert (told[0]["type"] == "ExecutionStarted") is (level == "ALL")


def test_a_service_begins_an_execution(state_machine):
    """Do services that start executions inside the account get the same rules and names?"""
    from course.lab.gate import Refused
    from course.lab.step_functions.interpreter import ready

    backend = ready()["123456789012"]["us-east-1"]
    arn = state_machine(machine(A=END))
    assert ended(backend.start_execution(arn, None, '{"a": 1}').execution_arn)["output"] == '{"a":1}'
    with pytest.raises(Refused, match="Does Not Exist"):
        backend.start_execution(arn + "x")


def test_time_out(state_machine):
    """Does an execution end at its time-out?"""
    assert run(state_machine({"TimeoutSeconds": 1, **machine(A=WAIT)}))["status"] == "TIMED_OUT"


def test_history_in_pages(sfn, state_machine):
    """Is the history given in pages, and the last event first if asked?"""
    shown = run(state_machine(machine(A=END)))
    one = {"executionArn": shown["executionArn"]}
    events = sfn.get_execution_history(**one)["events"]
    kinds = ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]
    assert [event["type"] for event in events] == kinds
    page = sfn.get_execution_history(**one, maxResults=3, reverseOrder=True)
    assert [event["type"] for event in page["events"]] == kinds[:0:-1]
    rest = sfn.get_execution_history(**one, maxResults=3, reverseOrder=True, nextToken=page["nextToken"])
    assert [event["type"] for event in rest["events"]] == kinds[:1]


def test_missing_execution(sfn, state_machine, refused):
    """Is an execution that there is not said not to be there?"""
    state_machine(machine(A=END))
    arn = "arn:aws:states:us-east-1:123456789012:execution:m:none"
    refused(sfn.describe_execution, "ExecutionDoesNotExist", arn, executionArn=arn)
    refused(sfn.stop_execution, "InvalidArn", executionArn="none")


def token_of(url):
    """The token in the first message of the queue."""
    for _ in range(400):
        found = client("sqs").receive_message(QueueUrl=url).get("Messages")
        if found:
            return json.loads(found[0]["Body"])["token"]
        time.sleep(0.005)
    raise AssertionError("no message")


@pytest.mark.parametrize("succeeds", [True, False])
def test_task_token(sfn, state_machine, succeeds):
    """Does a task wait until somebody sends its token back?"""
    url = client("sqs").create_queue(QueueName="q")["QueueUrl"]
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": url, "MessageBody": {"token.$": "$$.Task.Token"}},
        "End": True,
    }
    execution = sfn.start_execution(stateMachineArn=state_machine(machine(A=task)))["executionArn"]
    token = token_of(url)
    if succeeds:
        with pytest.raises(sfn.exceptions.InvalidOutput):
            sfn.send_task_success(taskToken=token, output="{")
        sfn.send_task_success(taskToken=token, output='{"done": true}')
        assert ended(execution)["output"] == '{"done":true}'
    else:
        sfn.send_task_failure(taskToken=token, error="No", cause="because")
        shown = ended(execution)
        assert (shown["status"], shown["error"], shown["cause"]) == ("FAILED", "No", "because")
    with pytest.raises(sfn.exceptions.InvalidToken):
        sfn.send_task_success(taskToken="x", output="1")


def test_activity(sfn, state_machine, refused):
    """Does a worker get an activity's task, and its result become the task's?"""
    activity = sfn.create_activity(name="pack")["activityArn"]
    arn = state_machine(machine(A={"Type": "Task", "Resource": activity, "End": True}))
    execution = sfn.start_execution(stateMachineArn=arn, input='{"box": 1}')["executionArn"]
    task = sfn.get_activity_task(activityArn=activity, workerName="ana")
    assert json.loads(task["input"]) == {"box": 1}
    sfn.send_task_success(taskToken=task["taskToken"], output='{"packed": true}')
    assert ended(execution)["output"] == '{"packed":true}'
    refused(sfn.get_activity_task, "ActivityDoesNotExist", activity + "x", activityArn=activity + "x")
    refused(sfn.create_activity, "InvalidName", name="a b")


def test_reset_ends_what_runs(sfn, state_machine):
    """Is a waiting execution over when the account is emptied?"""
    from course import lab
    from course.lab.step_functions.interpreter import ready

    arn = state_machine(machine(A=WAIT))
    sfn.start_execution(stateMachineArn=arn, name="one")
    execution = ready()["123456789012"]["us-east-1"].state_machines[0].executions[0]
    for _ in range(400):
        if execution.exec_worker.env is not None:
            break
        time.sleep(0.005)
    lab.reset()
    for _ in range(400):
        if execution.status != "RUNNING":
            break
        time.sleep(0.005)
    assert execution.status == "ABORTED"
    assert sfn.list_state_machines()["stateMachines"] == []
