"""AWS Step Functions: states, JSONata, integrations, task tokens, versions."""

from __future__ import annotations

import json
import time

from course import lab

from .account import ACCOUNT, allow, policy
from .notation import Probes

probes = Probes()
probe = probes
# Not answered as AWS answers, so far; each is taken out of here as soon as it is.
not_yet: set[str] = {"run_again_from_where_it_failed"}

STATES = f"arn:aws:states:us-east-1:{ACCOUNT}"


def machine(aws, states, start="A", name="m", **more):
    role = aws._once("states role", lambda: aws.role("states", {"Service": "states.amazonaws.com"}, allow("*")))
    text = (
        states if isinstance(states, str) else json.dumps({"StartAt": start, "States": states, **more.pop("top", {})})
    )
    return aws.sfn.create_state_machine(name=name, definition=text, roleArn=role, **more)["stateMachineArn"]


def ended(aws, arn, seconds=15):
    for _ in range(int(seconds * 20)):
        found = aws.sfn.describe_execution(executionArn=arn)
        if found["status"] != "RUNNING":
            return found
        time.sleep(0.05)
    raise AssertionError("it still runs")


def ran(aws, states, event=None, **more):
    arn = machine(aws, states, **more)
    execution = aws.sfn.start_execution(stateMachineArn=arn, input=json.dumps(event or {}))["executionArn"]
    return ended(aws, execution)


def output(found):
    assert found["status"] == "SUCCEEDED", (found["status"], found.get("error"), found.get("cause"))
    return json.loads(found["output"])


def passes(aws, event=None, **fields):
    return output(ran(aws, {"A": {"Type": "Pass", "End": True, **fields}}, event))


def ok(event, wanted, **fields):
    def ask(aws):
        got = passes(aws, event, **fields)
        assert got == wanted, got

    return ask


INTRINSICS = {
    "format_a_text": ({"n": "Ana", "k": 2}, {"v": "Hi Ana, 2"}, "States.Format('Hi {}, {}', $.n, $.k)"),
    "an_array_of_three": ({"a": 1}, {"v": [1, "x", None]}, "States.Array($.a, 'x', null)"),
    "partition_an_array": ({"a": [1, 2, 3]}, {"v": [[1, 2], [3]]}, "States.ArrayPartition($.a, 2)"),
    "does_an_array_contain": ({"a": [1, 2, 3]}, {"v": True}, "States.ArrayContains($.a, 2)"),
    "a_range": ({}, {"v": [1, 3, 5, 7, 9]}, "States.ArrayRange(1, 9, 2)"),
    "an_item_of_an_array": ({"a": ["x", "y"]}, {"v": "y"}, "States.ArrayGetItem($.a, 1)"),
    "how_long_an_array_is": ({"a": ["x", "y"]}, {"v": 2}, "States.ArrayLength($.a)"),
    "unique_items": ({"a": [1, 2, 2, 3]}, {"v": [1, 2, 3]}, "States.ArrayUnique($.a)"),
    "base64_and_back": ({"t": "hi"}, {"v": "hi"}, "States.Base64Decode(States.Base64Encode($.t))"),
    "a_hash": ({}, {"v": "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3"}, "States.Hash('test', 'SHA-1')"),
    "add_two_numbers": ({"n": 3}, {"v": 2}, "States.MathAdd($.n, -1)"),
    "merge_two_objects": (
        {"a": {"x": 1, "y": 1}, "b": {"y": 2}},
        {"v": {"x": 1, "y": 2}},
        "States.JsonMerge($.a, $.b, false)",
    ),
    "split_a_text": ({"t": "a,b"}, {"v": ["a", "b"]}, "States.StringSplit($.t, ',')"),
    "read_json": ({"t": '{"a": 1}'}, {"v": {"a": 1}}, "States.StringToJson($.t)"),
    "write_json": ({"o": {"a": 1}}, {"v": '{"a":1}'}, "States.JsonToString($.o)"),
}
for _id, (_event, _wanted, _call) in INTRINSICS.items():
    probes.add(_id, "orchestration", "ok", ok(_event, _wanted, Parameters={"v.$": _call}))

for _id, (_event, _wanted, _fields) in {
    "a_result_at_a_path": ({"a": 1}, {"a": 1, "b": {"c": 2}}, {"Result": 2, "ResultPath": "$.b.c"}),
    "a_result_thrown_away": ({"a": 1}, {"a": 1}, {"Result": 2, "ResultPath": None}),
    "only_a_part_in_and_out": ({"a": {"b": {"c": 3}}}, 3, {"InputPath": "$.a", "OutputPath": "$.b.c"}),
    "parameters_with_paths_and_texts": (
        {"a": [1, 2]},
        {"x": 2, "y": "$.a"},
        {"Parameters": {"x.$": "$.a[1]", "y": "$.a"}},
    ),
    "a_text_as_result": ({}, "done", {"Result": "done"}),
}.items():
    probes.add(_id, "orchestration", "ok", ok(_event, _wanted, **_fields))


@probe("orchestration")
def the_context_of_an_execution(aws):
    arn = machine(
        aws,
        {
            "A": {
                "Type": "Pass",
                "Parameters": {
                    "id.$": "$$.Execution.Id",
                    "n.$": "$$.Execution.Name",
                    "m.$": "$$.StateMachine.Name",
                    "s.$": "$$.State.Name",
                    "i.$": "$$.Execution.Input.a",
                },
                "End": True,
            }
        },
    )
    execution = aws.sfn.start_execution(stateMachineArn=arn, name="run-1", input='{"a": 5}')["executionArn"]
    assert execution == f"{STATES}:execution:m:run-1"
    assert output(ended(aws, execution)) == {"id": execution, "n": "run-1", "m": "m", "s": "A", "i": 5}


@probe("orchestration")
def a_path_that_is_not_there(aws):
    found = ran(aws, {"A": {"Type": "Pass", "Parameters": {"v.$": "$.no.such"}, "End": True}})
    assert found["status"] == "FAILED" and found["error"] in ("States.Runtime", "States.ParameterPathFailure"), (
        found.get("error")
    )


@probe("orchestration")
def choices_of_all_kinds(aws):
    arn = machine(
        aws,
        {
            "A": {
                "Type": "Choice",
                "Choices": [
                    {
                        "And": [{"Variable": "$.n", "IsPresent": True}, {"Variable": "$.n", "NumericGreaterThan": 10}],
                        "Next": "Big",
                    },
                    {"Variable": "$.s", "StringMatches": "log-*.txt", "Next": "Log"},
                    {"Not": {"Variable": "$.b", "BooleanEquals": False}, "Next": "True"},
                    {"Variable": "$.t", "TimestampLessThan": "2026-01-01T00:00:00Z", "Next": "Old"},
                ],
                "Default": "None",
            },
            **{n: {"Type": "Pass", "Result": n, "End": True} for n in ("Big", "Log", "True", "Old", "None")},
        },
    )
    got = []
    for event in (
        {"n": 11, "s": "", "b": False, "t": "2027-01-01T00:00:00Z"},
        {"s": "log-7.txt", "b": False, "t": "2027-01-01T00:00:00Z"},
        {"s": "", "b": True, "t": "2027-01-01T00:00:00Z"},
        {"s": "", "b": False, "t": "2025-01-01T00:00:00Z"},
        {"s": "", "b": False, "t": "2027-01-01T00:00:00Z"},
    ):
        execution = aws.sfn.start_execution(stateMachineArn=arn, input=json.dumps(event))["executionArn"]
        got.append(output(ended(aws, execution)))
    assert got == ["Big", "Log", "True", "Old", "None"], got


@probe("orchestration")
def a_choice_without_default(aws):
    found = ran(
        aws,
        {
            "A": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "B"}]},
            "B": {"Type": "Succeed"},
        },
        {"n": 2},
    )
    assert found["status"] == "FAILED" and found["error"] == "States.NoChoiceMatched", found.get("error")


@probe("orchestration")
def a_map_with_selector(aws):
    found = ran(
        aws,
        {
            "A": {
                "Type": "Map",
                "ItemsPath": "$.items",
                "MaxConcurrency": 2,
                "ItemSelector": {"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "k.$": "$.k"},
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "INLINE"},
                    "StartAt": "P",
                    "States": {"P": {"Type": "Pass", "End": True}},
                },
                "ResultPath": "$.out",
                "End": True,
            }
        },
        {"items": ["a", "b"], "k": 9},
    )
    assert output(found)["out"] == [{"i": 0, "v": "a", "k": 9}, {"i": 1, "v": "b", "k": 9}]


@probe("orchestration")
def branches_side_by_side(aws):
    branch = lambda n: {"StartAt": n, "States": {n: {"Type": "Pass", "Result": n, "End": True}}}
    found = ran(
        aws,
        {
            "A": {
                "Type": "Parallel",
                "Branches": [branch("X"), branch("Y")],
                "ResultSelector": {"first.$": "$[0]"},
                "End": True,
            }
        },
    )
    assert output(found) == {"first": "X"}


@probe("orchestration")
def a_branch_that_fails_is_caught(aws):
    found = ran(
        aws,
        {
            "A": {
                "Type": "Parallel",
                "Branches": [
                    {"StartAt": "X", "States": {"X": {"Type": "Fail", "Error": "Broken", "Cause": "why"}}},
                    {"StartAt": "Y", "States": {"Y": {"Type": "Pass", "End": True}}},
                ],
                "Catch": [{"ErrorEquals": ["Broken"], "ResultPath": "$.error", "Next": "B"}],
                "End": True,
            },
            "B": {"Type": "Pass", "End": True},
        },
        {"a": 1},
    )
    assert output(found) == {"a": 1, "error": {"Error": "Broken", "Cause": "why"}}, found


@probe("orchestration")
def a_wait_of_a_second(aws):
    found = ran(aws, {"A": {"Type": "Wait", "SecondsPath": "$.n", "Next": "B"}, "B": {"Type": "Succeed"}}, {"n": 1})
    assert output(found) == {"n": 1} and (found["stopDate"] - found["startDate"]).total_seconds() >= 0.9


@probe("orchestration")
def a_failure_with_its_cause(aws):
    found = ran(
        aws,
        {"A": {"Type": "Fail", "ErrorPath": "$.e", "CausePath": "States.Format('because {}', $.c)"}},
        {"e": "E1", "c": "x"},
    )
    assert (found["status"], found["error"], found["cause"]) == ("FAILED", "E1", "because x") and "output" not in found


FLAKY = """
import boto3
class Busy(Exception): pass
def handler(event, context):
    s = boto3.client('ssm')
    n = int(s.get_parameter(Name='n')['Parameter']['Value']) + 1
    s.put_parameter(Name='n', Value=str(n), Overwrite=True)
    if n < 3: raise Busy(f'try {n}')
    return n
"""


def lambda_task(**more):
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "f", "Payload.$": "$"},
        "End": True,
        **more,
    }


@probe("orchestration")
def a_task_is_tried_again(aws):
    aws.ssm.put_parameter(Name="n", Value="0", Type="String")
    aws.function(FLAKY, Timeout=20)
    found = ran(
        aws,
        {
            "A": lambda_task(
                OutputPath="$.Payload",
                Retry=[{"ErrorEquals": ["Busy"], "IntervalSeconds": 1, "BackoffRate": 1, "MaxAttempts": 2}],
            )
        },
    )
    assert output(found) == 3
    events = aws.sfn.get_execution_history(executionArn=found["executionArn"])["events"]
    kinds = [one["type"] for one in events]
    assert kinds.count("TaskFailed") == 2 and kinds.count("TaskSucceeded") == 1, kinds


@probe("orchestration")
def too_few_tries(aws):
    aws.ssm.put_parameter(Name="n", Value="0", Type="String")
    aws.function(FLAKY, Timeout=20)
    found = ran(aws, {"A": lambda_task(Retry=[{"ErrorEquals": ["Busy"], "IntervalSeconds": 1, "MaxAttempts": 1}])})
    assert (
        found["status"] == "FAILED"
        and found["error"] == "Busy"
        and json.loads(found["cause"])["errorMessage"] == "try 2"
    )


@probe("orchestration")
def a_retry_of_another_error(aws):
    aws.function("def handler(e, c): raise KeyError('id')")
    found = ran(
        aws,
        {
            "A": lambda_task(
                Retry=[{"ErrorEquals": ["Busy"]}],
                Catch=[
                    {"ErrorEquals": ["ValueError"], "Next": "B"},
                    {"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "C"},
                ],
            ),
            "B": {"Type": "Fail"},
            "C": {"Type": "Pass", "OutputPath": "$.e.Error", "End": True},
        },
    )
    assert output(found) == "KeyError"


@probe("orchestration")
def the_answer_of_lambda_invoke(aws):
    aws.function("def handler(e, c): return {'got': e}")
    got = output(ran(aws, {"A": lambda_task()}, {"a": 1}))
    assert got["Payload"] == {"got": {"a": 1}} and got["StatusCode"] == 200 and got["ExecutedVersion"] == "$LATEST"


@probe("orchestration")
def a_function_by_its_arn(aws):
    arn = aws.function("def handler(e, c): return {'got': e}")
    assert output(ran(aws, {"A": {"Type": "Task", "Resource": arn, "End": True}}, {"a": 1})) == {"got": {"a": 1}}


@probe("orchestration")
def a_task_that_takes_too_long(aws):
    aws.function("import time\ndef handler(e, c): time.sleep(3)", Timeout=10)
    found = ran(
        aws,
        {
            "A": lambda_task(
                TimeoutSeconds=1, Catch=[{"ErrorEquals": ["States.Timeout"], "ResultPath": "$.e", "Next": "B"}]
            ),
            "B": {"Type": "Pass", "InputPath": "$.e.Error", "End": True},
        },
    )
    assert output(found) == "States.Timeout"


@probe("orchestration")
def a_machine_that_takes_too_long(aws):
    found = ran(aws, {"A": {"Type": "Wait", "Seconds": 30, "End": True}}, top={"TimeoutSeconds": 1})
    assert found["status"] == "TIMED_OUT", found["status"]


@probe("orchestration")
def send_to_a_queue(aws):
    url = aws.queue()
    got = output(
        ran(
            aws,
            {
                "A": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::sqs:sendMessage",
                    "Parameters": {"QueueUrl": url, "MessageBody.$": "$.o"},
                    "End": True,
                }
            },
            {"o": {"id": 1}},
        )
    )
    assert got["MessageId"]
    assert json.loads(aws.received(url)[0]["Body"]) == {"id": 1}


@probe("orchestration")
def publish_to_a_topic(aws):
    url, topic = aws.queue(), aws.topic()
    arn = aws.queue_arn(url)
    aws.sqs.set_queue_attributes(
        QueueUrl=url,
        Attributes={"Policy": policy(allow("sqs:SendMessage", on=arn, Principal={"Service": "sns.amazonaws.com"}))},
    )
    aws.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    output(
        ran(
            aws,
            {
                "A": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::sns:publish",
                    "Parameters": {"TopicArn": topic, "Message": "hi"},
                    "ResultPath": None,
                    "End": True,
                }
            },
        )
    )
    assert json.loads(aws.received(url)[0]["Body"])["Message"] == "hi"


def table(aws):
    aws.dynamodb.create_table(
        TableName="orders",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )


@probe("orchestration")
def write_and_read_a_table(aws):
    table(aws)
    got = output(
        ran(
            aws,
            {
                "A": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::dynamodb:putItem",
                    "Parameters": {"TableName": "orders", "Item": {"id": {"S.$": "$.id"}}},
                    "ResultPath": None,
                    "Next": "B",
                },
                "B": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::dynamodb:getItem",
                    "Parameters": {"TableName": "orders", "Key": {"id": {"S.$": "$.id"}}},
                    "ResultSelector": {"item.$": "$.Item.id.S"},
                    "End": True,
                },
            },
            {"id": "o1"},
        )
    )
    assert got == {"item": "o1"}


@probe("orchestration")
def a_condition_of_a_table_is_caught(aws):
    table(aws)
    aws.dynamodb.put_item(TableName="orders", Item={"id": {"S": "o1"}})
    found = ran(
        aws,
        {
            "A": {
                "Type": "Task",
                "Resource": "arn:aws:states:::dynamodb:putItem",
                "Parameters": {
                    "TableName": "orders",
                    "Item": {"id": {"S": "o1"}},
                    "ConditionExpression": "attribute_not_exists(id)",
                },
                "Catch": [{"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"], "Next": "B"}],
                "End": True,
            },
            "B": {"Type": "Pass", "Result": "twice", "End": True},
        },
    )
    assert output(found) == "twice"


@probe("orchestration")
def a_table_that_is_not_there(aws):
    found = ran(
        aws,
        {
            "A": {
                "Type": "Task",
                "Resource": "arn:aws:states:::dynamodb:getItem",
                "Parameters": {"TableName": "orders", "Key": {"id": {"S": "o1"}}},
                "End": True,
            }
        },
    )
    assert found["error"] == "DynamoDB.ResourceNotFoundException", found.get("error")


@probe("orchestration")
def put_an_event_on_the_bus(aws):
    url = aws.queue()
    aws.events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    aws.sqs.set_queue_attributes(
        QueueUrl=url,
        Attributes={
            "Policy": policy(
                allow("sqs:SendMessage", on=aws.queue_arn(url), Principal={"Service": "events.amazonaws.com"})
            )
        },
    )
    aws.events.put_targets(Rule="r", Targets=[{"Id": "q", "Arn": aws.queue_arn(url)}])
    got = output(
        ran(
            aws,
            {
                "A": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::events:putEvents",
                    "Parameters": {
                        "Entries": [
                            {"Source": "shop", "DetailType": "order", "Detail": {"id": 1}, "EventBusName": "default"}
                        ]
                    },
                    "End": True,
                }
            },
        )
    )
    assert got["FailedEntryCount"] == 0
    event = json.loads(aws.received(url)[0]["Body"])
    assert event["detail"] == {"id": 1} and event["detail-type"] == "order" and event["source"] == "shop"


@probe("orchestration")
def a_machine_runs_a_machine(aws):
    inner = machine(aws, {"A": {"Type": "Pass", "Result": {"r": 7}, "End": True}}, name="inner")
    got = output(
        ran(
            aws,
            {
                "A": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::states:startExecution.sync:2",
                    "Parameters": {
                        "StateMachineArn": inner,
                        "Input": {"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id"},
                    },
                    "End": True,
                }
            },
        )
    )
    assert got["Output"] == {"r": 7} and got["Status"] == "SUCCEEDED", got


@probe("orchestration")
def any_call_of_the_sdk(aws):
    aws.ssm.put_parameter(Name="/app/url", Value="u", Type="String")
    got = output(
        ran(
            aws,
            {
                "A": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter",
                    "Parameters": {"Name": "/app/url"},
                    "OutputPath": "$.Parameter.Value",
                    "End": True,
                }
            },
        )
    )
    assert got == "u"


@probe("orchestration")
def an_error_of_the_sdk(aws):
    found = ran(
        aws,
        {
            "A": {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter",
                "Parameters": {"Name": "/nobody"},
                "End": True,
            }
        },
    )
    assert found["error"] == "Ssm.ParameterNotFoundException", found.get("error")


TOKEN = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": True}


def waiting(aws, **more):
    url = aws.queue()
    arn = machine(
        aws, {"A": {**TOKEN, "Parameters": {"QueueUrl": url, "MessageBody": {"token.$": "$$.Task.Token"}}, **more}}
    )
    execution = aws.sfn.start_execution(stateMachineArn=arn)["executionArn"]
    for _ in range(100):
        found = aws.received(url)
        if found:
            return execution, json.loads(found[0]["Body"])["token"]
        time.sleep(0.05)
    raise AssertionError("no token came")


@probe("orchestration")
def an_approval_by_token(aws):
    execution, token = waiting(aws)
    assert aws.sfn.describe_execution(executionArn=execution)["status"] == "RUNNING"
    aws.sfn.send_task_success(taskToken=token, output='{"ok": true}')
    assert output(ended(aws, execution)) == {"ok": True}


@probe("orchestration")
def a_refusal_by_token(aws):
    execution, token = waiting(aws)
    aws.sfn.send_task_failure(taskToken=token, error="Rejected", cause="too dear")
    found = ended(aws, execution)
    assert (found["status"], found["error"], found["cause"]) == ("FAILED", "Rejected", "too dear")


@probe("orchestration", "TaskTimedOut")
def an_answer_that_comes_too_late(aws):
    execution, token = waiting(aws, TimeoutSeconds=1)
    assert ended(aws, execution)["status"] in ("TIMED_OUT", "FAILED")
    yield
    aws.sfn.send_task_success(taskToken=token, output="{}")


@probe("orchestration", "InvalidToken")
def a_token_that_is_none(aws):
    yield
    aws.sfn.send_task_success(taskToken="x" * 40, output="{}")


@probe("orchestration")
def no_heartbeat(aws):
    execution, _ = waiting(aws, HeartbeatSeconds=1)
    found = ended(aws, execution)
    assert found["status"] == "FAILED" and found["error"] in ("States.HeartbeatTimeout", "States.Timeout"), (
        found["status"],
        found.get("error"),
    )


@probe("orchestration")
def an_express_machine_at_once(aws):
    arn = machine(aws, {"A": {"Type": "Pass", "Result": {"a": 1}, "End": True}}, type="EXPRESS")
    got = aws.sfn.start_sync_execution(stateMachineArn=arn, input="{}")
    assert got["status"] == "SUCCEEDED" and json.loads(got["output"]) == {"a": 1} and "billingDetails" in got
    assert ":express:m:" in got["executionArn"]


@probe("orchestration")
def an_express_machine_that_fails(aws):
    arn = machine(aws, {"A": {"Type": "Fail", "Error": "E", "Cause": "c"}}, type="EXPRESS")
    got = aws.sfn.start_sync_execution(stateMachineArn=arn)
    assert (got["status"], got["error"], got["cause"]) == ("FAILED", "E", "c")


@probe("orchestration", "StateMachineTypeNotSupported")
def a_standard_machine_at_once(aws):
    arn = machine(aws, {"A": {"Type": "Succeed"}})
    yield
    aws.sfn.start_sync_execution(stateMachineArn=arn)


@probe("orchestration", "InvalidDefinition")
def an_express_machine_with_tokens(aws):
    url = aws.queue()
    yield
    machine(aws, {"A": {**TOKEN, "Parameters": {"QueueUrl": url, "MessageBody.$": "$$.Task.Token"}}}, type="EXPRESS")


def jsonata(aws, event, **fields):
    return ran(aws, {"A": {"Type": "Pass", "End": True, **fields}}, event, top={"QueryLanguage": "JSONata"})


@probe("orchestration")
def jsonata_makes_the_output(aws):
    found = jsonata(
        aws,
        {"items": [{"p": 2, "n": 3}, {"p": 5, "n": 1}]},
        Output={"total": "{% $sum($states.input.items.(p * n)) %}", "fixed": 1},
    )
    assert output(found) == {"total": 11, "fixed": 1}


@probe("orchestration")
def jsonata_with_variables(aws):
    found = ran(
        aws,
        {
            "A": {"Type": "Pass", "Assign": {"who": "{% $states.input.name %}"}, "Next": "B"},
            "B": {"Type": "Choice", "Choices": [{"Condition": "{% $who = 'Ana' %}", "Next": "C"}], "Default": "D"},
            "C": {"Type": "Pass", "Output": "{% 'Hi ' & $who %}", "End": True},
            "D": {"Type": "Fail"},
        },
        {"name": "Ana"},
        top={"QueryLanguage": "JSONata"},
    )
    assert output(found) == "Hi Ana"


@probe("orchestration")
def jsonata_calls_a_function(aws):
    aws.function("def handler(e, c): return e['n'] * 2")
    found = ran(
        aws,
        {
            "A": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": {"FunctionName": "f", "Payload": {"n": "{% $states.input.k + 1 %}"}},
                "Output": "{% $states.result.Payload %}",
                "End": True,
            }
        },
        {"k": 4},
        top={"QueryLanguage": "JSONata"},
    )
    assert output(found) == 10


@probe("orchestration")
def jsonata_maps(aws):
    found = ran(
        aws,
        {
            "A": {
                "Type": "Map",
                "Items": "{% $states.input.ids %}",
                "ItemSelector": {"id": "{% $states.context.Map.Item.Value %}"},
                "ItemProcessor": {
                    "StartAt": "P",
                    "States": {"P": {"Type": "Pass", "Output": "{% $states.input.id * 10 %}", "End": True}},
                },
                "End": True,
            }
        },
        {"ids": [1, 2]},
        top={"QueryLanguage": "JSONata"},
    )
    assert output(found) == [10, 20]


@probe("orchestration")
def jsonata_catches(aws):
    aws.function("def handler(e, c): raise ValueError('bad')")
    found = ran(
        aws,
        {
            "A": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": {"FunctionName": "f"},
                "Catch": [
                    {"ErrorEquals": ["ValueError"], "Output": {"e": "{% $states.errorOutput.Error %}"}, "Next": "B"}
                ],
                "End": True,
            },
            "B": {"Type": "Succeed"},
        },
        top={"QueryLanguage": "JSONata"},
    )
    assert output(found) == {"e": "ValueError"}


@probe("orchestration")
def jsonata_that_fails(aws):
    found = jsonata(aws, {"a": "x"}, Output="{% $states.input.a + 1 %}")
    assert found["status"] == "FAILED" and found["error"] == "States.QueryEvaluationError", found.get("error")


@probe("orchestration", "InvalidDefinition")
def jsonata_with_a_path(aws):
    yield
    machine(aws, {"A": {"Type": "Pass", "InputPath": "$.a", "End": True}}, top={"QueryLanguage": "JSONata"})


def defined(aws, states, **more):
    machine(aws, states, **more)


PASS = {"Type": "Pass", "End": True}
probes.table(
    "orchestration",
    defined,
    {
        "next_to_nowhere": ("InvalidDefinition", {"states": {"A": {"Type": "Pass", "Next": "B"}}}),
        "neither_next_nor_end": ("InvalidDefinition", {"states": {"A": {"Type": "Pass"}}}),
        "a_start_that_is_not_there": ("InvalidDefinition", {"states": {"A": PASS}, "start": "B"}),
        "a_state_nobody_reaches": ("InvalidDefinition", {"states": {"A": PASS, "B": PASS}}),
        "a_type_that_is_none": ("InvalidDefinition", {"states": {"A": {"Type": "Loop", "End": True}}}),
        "a_task_without_resource": ("InvalidDefinition", {"states": {"A": {"Type": "Task", "End": True}}}),
        "a_wait_without_time": ("InvalidDefinition", {"states": {"A": {"Type": "Wait", "End": True}}}),
        "a_wait_with_two_times": (
            "InvalidDefinition",
            {"states": {"A": {"Type": "Wait", "Seconds": 1, "Timestamp": "2027-01-01T00:00:00Z", "End": True}}},
        ),
        "a_choice_with_end": (
            "InvalidDefinition",
            {
                "states": {
                    "A": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "B"}], "End": True},
                    "B": PASS,
                }
            },
        ),
        "all_errors_with_others": (
            "InvalidDefinition",
            {
                "states": {
                    "A": {
                        "Type": "Task",
                        "Resource": "arn:aws:states:::sns:publish",
                        "Parameters": {"TopicArn": "x", "Message": "y"},
                        "Retry": [{"ErrorEquals": ["States.ALL", "X"]}],
                        "End": True,
                    }
                }
            },
        ),
        "all_errors_first": (
            "InvalidDefinition",
            {
                "states": {
                    "A": {
                        "Type": "Task",
                        "Resource": "arn:aws:states:::sns:publish",
                        "Parameters": {"TopicArn": "x", "Message": "y"},
                        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}, {"ErrorEquals": ["X"], "Next": "B"}],
                        "End": True,
                    },
                    "B": PASS,
                }
            },
        ),
        "a_backoff_below_one": (
            "InvalidDefinition",
            {
                "states": {
                    "A": {
                        "Type": "Task",
                        "Resource": "arn:aws:states:::sns:publish",
                        "Parameters": {"TopicArn": "x", "Message": "y"},
                        "Retry": [{"ErrorEquals": ["X"], "BackoffRate": 0.5}],
                        "End": True,
                    }
                }
            },
        ),
        "definition_is_no_json": ("InvalidDefinition", {"states": "{StartAt: A}"}),
        "a_path_that_is_no_path": (
            "InvalidDefinition",
            {"states": {"A": {"Type": "Pass", "InputPath": "a.b", "End": True}}},
        ),
        "a_retry_in_a_pass": (
            "InvalidDefinition",
            {"states": {"A": {"Type": "Pass", "Retry": [{"ErrorEquals": ["States.ALL"]}], "End": True}}},
        ),
        "a_name_with_a_blank": ("InvalidName", {"states": {"A": PASS}, "name": "my machine"}),
    },
)


@probe("orchestration", "StateMachineDoesNotExist")
def start_a_machine_that_is_not_there(aws):
    aws.sfn.start_execution(stateMachineArn=f"{STATES}:stateMachine:nobody")


@probe("orchestration", "InvalidArn")
def start_what_is_no_arn(aws):
    aws.sfn.start_execution(stateMachineArn="nobody")


@probe("orchestration", "ExecutionDoesNotExist")
def an_execution_that_is_not_there(aws):
    machine(aws, {"A": PASS})
    yield
    aws.sfn.describe_execution(executionArn=f"{STATES}:execution:m:nobody")


@probe("orchestration", "ExecutionAlreadyExists")
def the_same_name_again(aws):
    arn = machine(aws, {"A": PASS})
    ended(aws, aws.sfn.start_execution(stateMachineArn=arn, name="one", input='{"a": 1}')["executionArn"])
    yield
    aws.sfn.start_execution(stateMachineArn=arn, name="one", input='{"a": 1}')


@probe("orchestration")
def the_same_start_twice_while_it_runs(aws):
    arn = machine(aws, {"A": {"Type": "Wait", "Seconds": 30, "End": True}})
    one = aws.sfn.start_execution(stateMachineArn=arn, name="one", input='{"a": 1}')
    two = aws.sfn.start_execution(stateMachineArn=arn, name="one", input='{"a": 1}')
    assert one["executionArn"] == two["executionArn"]
    aws.sfn.stop_execution(executionArn=one["executionArn"], error="Mine", cause="enough")
    found = ended(aws, one["executionArn"])
    assert (found["status"], found["error"], found["cause"]) == ("ABORTED", "Mine", "enough")


@probe("orchestration")
def the_same_machine_twice(aws):
    assert machine(aws, {"A": PASS}) == machine(aws, {"A": PASS})


@probe("orchestration")
def executions_are_listed_by_status(aws):
    arn = machine(
        aws,
        {
            "A": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.ok", "BooleanEquals": True, "Next": "B"}],
                "Default": "C",
            },
            "B": {"Type": "Succeed"},
            "C": {"Type": "Fail"},
        },
    )
    for value in (True, False, True):
        ended(aws, aws.sfn.start_execution(stateMachineArn=arn, input=json.dumps({"ok": value}))["executionArn"])
    assert len(aws.sfn.list_executions(stateMachineArn=arn, statusFilter="FAILED")["executions"]) == 1
    assert len(aws.sfn.list_executions(stateMachineArn=arn)["executions"]) == 3
    pages = list(
        aws.sfn.get_paginator("list_executions").paginate(stateMachineArn=arn, PaginationConfig={"PageSize": 2})
    )
    assert [len(one["executions"]) for one in pages] == [2, 1]


@probe("orchestration")
def the_history_of_a_pass(aws):
    found = ran(aws, {"A": PASS}, {"a": 1})
    events = aws.sfn.get_execution_history(executionArn=found["executionArn"])["events"]
    assert [one["type"] for one in events] == [
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ]
    assert [one["id"] for one in events] == [1, 2, 3, 4] and events[1]["stateEnteredEventDetails"]["name"] == "A"
    assert json.loads(events[0]["executionStartedEventDetails"]["input"]) == {"a": 1}
    last = aws.sfn.get_execution_history(executionArn=found["executionArn"], reverseOrder=True)["events"][0]
    assert last["type"] == "ExecutionSucceeded"


@probe("orchestration")
def a_machine_is_described(aws):
    arn = machine(aws, {"A": PASS}, tags=[{"key": "team", "value": "a"}])
    found = aws.sfn.describe_state_machine(stateMachineArn=arn)
    assert found["status"] == "ACTIVE" and found["type"] == "STANDARD" and found["name"] == "m"
    assert found["loggingConfiguration"]["level"] == "OFF" and found["tracingConfiguration"] == {"enabled": False}
    assert aws.sfn.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "team", "value": "a"}]


@probe("deployment-strategies")
def versions_of_a_machine_behind_an_alias(aws):
    arn = machine(aws, {"A": {"Type": "Pass", "Result": 1, "End": True}}, publish=True)
    two = aws.sfn.update_state_machine(
        stateMachineArn=arn,
        definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 2, "End": True}}}),
        publish=True,
    )
    assert two["stateMachineVersionArn"] == arn + ":2"
    alias = aws.sfn.create_state_machine_alias(
        name="live", routingConfiguration=[{"stateMachineVersionArn": arn + ":1", "weight": 100}]
    )["stateMachineAliasArn"]
    run = lambda: output(ended(aws, aws.sfn.start_execution(stateMachineArn=alias)["executionArn"]))
    assert alias == arn + ":live" and run() == 1
    aws.sfn.update_state_machine_alias(
        stateMachineAliasArn=alias, routingConfiguration=[{"stateMachineVersionArn": arn + ":2", "weight": 100}]
    )
    assert run() == 2
    assert [
        one["stateMachineVersionArn"]
        for one in aws.sfn.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]
    ] == [arn + ":2", arn + ":1"]


@probe("deployment-strategies", "ConflictException")
def delete_a_version_behind_an_alias(aws):
    arn = machine(aws, {"A": PASS}, publish=True)
    aws.sfn.create_state_machine_alias(
        name="live", routingConfiguration=[{"stateMachineVersionArn": arn + ":1", "weight": 100}]
    )
    yield
    aws.sfn.delete_state_machine_version(stateMachineVersionArn=arn + ":1")


@probe("deployment-strategies", "ValidationException")
def weights_that_do_not_add_up(aws):
    arn = machine(aws, {"A": PASS}, publish=True)
    yield
    aws.sfn.create_state_machine_alias(
        name="live", routingConfiguration=[{"stateMachineVersionArn": arn + ":1", "weight": 90}]
    )


@probe("orchestration", "InvalidExecutionInput")
def start_with_half_a_json(aws):
    arn = machine(aws, {"A": PASS})
    yield
    aws.sfn.start_execution(stateMachineArn=arn, input='{"a": ')


@probe("orchestration")
def an_activity_worker(aws):
    activity = aws.sfn.create_activity(name="work")["activityArn"]
    arn = machine(aws, {"A": {"Type": "Task", "Resource": activity, "End": True}})
    execution = aws.sfn.start_execution(stateMachineArn=arn, input='{"a": 1}')["executionArn"]
    task = aws.sfn.get_activity_task(activityArn=activity, workerName="w")
    assert json.loads(task["input"]) == {"a": 1}
    aws.sfn.send_task_heartbeat(taskToken=task["taskToken"])
    aws.sfn.send_task_success(taskToken=task["taskToken"], output='"done"')
    assert output(ended(aws, execution)) == "done"


@probe("orchestration")
def run_again_from_where_it_failed(aws):
    aws.ssm.put_parameter(Name="/app/n", Value="x", Type="String")
    arn = machine(
        aws,
        {
            "A": {"Type": "Pass", "Next": "B"},
            "B": {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:ssm:getParameter",
                "Parameters": {"Name": "/late"},
                "OutputPath": "$.Parameter.Value",
                "End": True,
            },
        },
    )
    execution = aws.sfn.start_execution(stateMachineArn=arn)["executionArn"]
    assert ended(aws, execution)["status"] == "FAILED"
    aws.ssm.put_parameter(Name="/late", Value="now", Type="String")
    aws.sfn.redrive_execution(executionArn=execution)
    time.sleep(0.2)
    found = ended(aws, execution)
    assert output(found) == "now" and found["redriveCount"] == 1


@probe("function-permissions")
def a_role_that_may_not_invoke(aws):
    aws.function()
    role = aws.role("narrow", {"Service": "states.amazonaws.com"}, allow("logs:*"))
    arn = aws.sfn.create_state_machine(
        name="m", roleArn=role, definition=json.dumps({"StartAt": "A", "States": {"A": lambda_task()}})
    )["stateMachineArn"]
    found = ended(aws, aws.sfn.start_execution(stateMachineArn=arn)["executionArn"])
    assert (
        found["error"] == "Lambda.AWSLambdaException"
        and "is not authorized to perform: lambda:InvokeFunction" in found["cause"]
    ), found


@probe("orchestration")
def a_rule_starts_a_machine(aws):
    arn = machine(aws, {"A": PASS})
    role = aws.role("bus", {"Service": "events.amazonaws.com"}, allow("states:StartExecution"))
    aws.events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    aws.events.put_targets(Rule="r", Targets=[{"Id": "m", "Arn": arn, "RoleArn": role}])
    aws.events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": '{"id": 1}'}])
    found = aws.sfn.list_executions(stateMachineArn=arn)["executions"]
    assert len(found) == 1
    got = ended(aws, found[0]["executionArn"])
    assert json.loads(got["input"])["detail"] == {"id": 1}


@probe("orchestration")
def test_a_state_and_validate(aws):
    role = aws.role("states", {"Service": "states.amazonaws.com"}, allow("*"))
    got = aws.sfn.test_state(
        definition=json.dumps({"Type": "Pass", "Parameters": {"v.$": "$.a"}, "Next": "B"}),
        roleArn=role,
        input='{"a": 1}',
        inspectionLevel="DEBUG",
    )
    assert got["status"] == "SUCCEEDED" and json.loads(got["output"]) == {"v": 1} and got["nextState"] == "B"
    assert json.loads(got["inspectionData"]["afterParameters"]) == {"v": 1}
    found = aws.sfn.validate_state_machine_definition(
        definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}})
    )
    assert (
        found["result"] == "FAIL" and found["diagnostics"][0]["severity"] == "ERROR" and found["diagnostics"][0]["code"]
    )


@probe("tools-today")
def step_functions_from_the_command_line(aws):
    arn = machine(aws, {"A": PASS})
    answer = lab.aws(
        f"stepfunctions start-execution --state-machine-arn {arn} --name one --query executionArn --output text"
    )
    assert answer.exit_code == 0 and answer.output.strip() == f"{STATES}:execution:m:one"
    answer = lab.aws(f"stepfunctions start-execution --state-machine-arn {arn}x")
    assert (
        "(StateMachineDoesNotExist) when calling the StartExecution operation: State Machine Does Not Exist:"
        in answer.error
    ), answer.error
