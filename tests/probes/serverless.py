"""AWS Lambda, AWS Step Functions and Amazon API Gateway."""

from __future__ import annotations

import json
import time

from .account import ACCOUNT, zipped
from .notation import Probes

probes = Probes()
probe = probes
# Not answered as AWS answers, so far; each is taken out of here as soon as it is.
not_yet: set[str] = set()

BAD = "InvalidParameterValueException|ValidationException"
FAILS = "def handler(event, context):\n    raise ValueError('no total')\n"
COUNTS = "count = 0\ndef handler(event, context):\n    global count\n    count += 1\n    return count\n"


def answering(what):
    return f"def handler(event, context):\n    return {what!r}\n"


# Functions


@probe("lambda-limits")
def a_new_function(aws):
    aws.function()
    found = aws.awslambda.get_function(FunctionName="f")["Configuration"]
    assert (found["Timeout"], found["MemorySize"], found["Version"]) == (3, 128, "$LATEST")
    assert found["EphemeralStorage"]["Size"] == 512 and found["State"] in ("Pending", "Active")
    assert found["FunctionArn"] == f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"


@probe("control-and-data-plane")
def invoke_a_function(aws):
    aws.function()
    answer, response = aws.invoked(event={"a": 1})
    assert answer == {"a": 1} and response["StatusCode"] == 200 and response["ExecutedVersion"] == "$LATEST"


@probe("control-and-data-plane", "ResourceConflictException")
def the_same_function_twice(aws):
    aws.function()
    yield
    aws.function()


@probe("control-and-data-plane", "ResourceNotFoundException")
def invoke_a_function_that_is_not_there(aws):
    aws.awslambda.invoke(FunctionName="f")


@probe("control-and-data-plane", "ResourceNotFoundException")
def get_a_function_that_is_not_there(aws):
    aws.awslambda.get_function(FunctionName="f")


probes.table(
    "lambda-limits",
    lambda aws, **params: aws.function(**params),
    {
        "function_with_900_seconds": ("ok", {"Timeout": 900}),
        "function_with_901_seconds": (BAD, {"Timeout": 901}),
        "function_with_10240_mb": ("ok", {"MemorySize": 10240}),
        "function_with_10241_mb": (BAD, {"MemorySize": 10241}),
        "function_with_10240_mb_of_tmp": ("ok", {"EphemeralStorage": {"Size": 10240}}),
        "function_with_10241_mb_of_tmp": (BAD, {"EphemeralStorage": {"Size": 10241}}),
        "function_with_a_runtime_that_is_none": (BAD, {"Runtime": "python2.6"}),
        "function_with_a_runtime_long_gone": (BAD, {"Runtime": "nodejs12.x"}),
        "function_without_handler": (BAD, {"Handler": ""}),
        "function_with_5_kb_of_environment": (BAD, {"Environment": {"Variables": {"DATA": "x" * 5000}}}),
        "function_with_3_kb_of_environment": ("ok", {"Environment": {"Variables": {"DATA": "x" * 3000}}}),
        "function_with_a_reserved_variable": (BAD, {"Environment": {"Variables": {"AWS_REGION": "x"}}}),
        "function_with_a_variable_beginning_with_a_digit": (BAD, {"Environment": {"Variables": {"1ONE": "x"}}}),
        "function_of_no_zip": (BAD, {"Code": {"ZipFile": b"no zip"}}),
        "function_with_a_blank_in_its_name": (BAD, {"name": "my function"}),
        "function_name_of_65_letters": (BAD, {"name": "f" * 65}),
        "function_with_a_role_that_is_not_there": (BAD, {"Role": f"arn:aws:iam::{ACCOUNT}:role/none"}),
        "function_with_a_role_that_is_none": (BAD, {"Role": "admin"}),
        "function_for_arm": ("ok", {"Architectures": ["arm64"]}),
        "function_for_risc": (BAD, {"Architectures": ["riscv"]}),
        "function_with_code_in_no_bucket": (BAD, {"Code": {"S3Bucket": "nobodys-files", "S3Key": "f.zip"}}),
    },
)


@probe("function-permissions", BAD)
def a_role_that_lambda_may_not_assume(aws):
    role = aws.role("ec2", {"Service": "ec2.amazonaws.com"})
    yield
    aws.function(Role=role)


@probe("testing")
def an_error_of_the_handler(aws):
    aws.function(FAILS)
    answer, response = aws.invoked()
    assert response["FunctionError"] == "Unhandled" and response["StatusCode"] == 200
    assert (answer["errorType"], answer["errorMessage"]) == ("ValueError", "no total") and answer["stackTrace"]


@probe("testing")
def a_handler_that_is_not_there(aws):
    aws.function(Handler="index.other")
    answer, response = aws.invoked()
    assert response["FunctionError"] and answer["errorType"] == "Runtime.HandlerNotFound"


@probe("testing")
def a_module_that_is_not_there(aws):
    aws.function(Handler="other.handler")
    answer, response = aws.invoked()
    assert response["FunctionError"] and answer["errorType"] == "Runtime.ImportModuleError"


@probe("lambda-limits")
def a_function_out_of_time(aws):
    aws.function("import time\ndef handler(event, context):\n    time.sleep(5)\n", Timeout=1)
    answer, response = aws.invoked()
    assert response["FunctionError"] == "Unhandled" and "Task timed out after 1.00 seconds" in answer["errorMessage"]


@probe("lambda-limits", "RequestTooLargeException")
def a_payload_of_7_mb(aws):
    aws.function()
    yield
    aws.awslambda.invoke(FunctionName="f", Payload=json.dumps("x" * 7_000_000))


@probe("payload-validation", "InvalidRequestContentException")
def a_payload_that_is_no_json(aws):
    aws.function()
    yield
    aws.awslambda.invoke(FunctionName="f", Payload=b"{no json")


@probe("control-and-data-plane")
def invoke_without_waiting(aws):
    aws.function()
    response = aws.awslambda.invoke(FunctionName="f", InvocationType="Event", Payload=b"{}")
    assert response["StatusCode"] == 202 and response["Payload"].read() == b""


@probe("control-and-data-plane")
def invoke_as_a_dry_run(aws):
    aws.function(FAILS)
    assert aws.awslambda.invoke(FunctionName="f", InvocationType="DryRun")["StatusCode"] == 204


@probe("function-isolation")
def globals_stay_while_warm(aws):
    aws.function(COUNTS)
    assert [aws.invoked()[0] for _ in range(3)] == [1, 2, 3]


@probe("function-isolation")
def new_code_starts_cold(aws):
    aws.function(COUNTS)
    aws.invoked(), aws.invoked()
    aws.awslambda.update_function_code(FunctionName="f", ZipFile=zipped(COUNTS + "\n"))
    assert aws.invoked()[0] == 1


@probe("configuration")
def the_environment_reaches_the_code(aws):
    code = "import os\ndef handler(event, context):\n    return [os.environ['STAGE'], os.environ['AWS_LAMBDA_FUNCTION_NAME']]\n"
    aws.function(code, Environment={"Variables": {"STAGE": "test"}})
    assert aws.invoked()[0] == ["test", "f"]


@probe("configuration")
def change_the_configuration(aws):
    aws.function(Environment={"Variables": {"ONE": "1", "TWO": "2"}})
    aws.awslambda.update_function_configuration(
        FunctionName="f", MemorySize=256, Environment={"Variables": {"ONE": "3"}}
    )
    found = aws.awslambda.get_function_configuration(FunctionName="f")
    assert found["MemorySize"] == 256 and found["Environment"]["Variables"] == {"ONE": "3"} and found["Timeout"] == 3


@probe("configuration", BAD)
def change_to_an_impossible_timeout(aws):
    aws.function()
    yield
    aws.awslambda.update_function_configuration(FunctionName="f", Timeout=901)


@probe("function-isolation")
def what_the_context_says(aws):
    code = "def handler(event, context):\n    return [context.function_name, context.memory_limit_in_mb, context.invoked_function_arn, len(context.aws_request_id)]\n"
    arn = aws.function(code)
    name, memory, invoked, length = aws.invoked()[0]
    assert (name, int(memory), invoked, length) == ("f", 128, arn, 36)


@probe("observability")
def a_function_logs(aws):
    aws.function("def handler(event, context):\n    print('total 7')\n")
    aws.invoked()
    events = aws.logs.filter_log_events(logGroupName="/aws/lambda/f")["events"]
    text = "\n".join(one["message"] for one in events)
    assert "START RequestId" in text and "total 7" in text and "REPORT RequestId" in text


@probe("control-and-data-plane", "ResourceNotFoundException")
def delete_a_function_twice(aws):
    aws.function()
    aws.awslambda.delete_function(FunctionName="f")
    yield
    aws.awslambda.delete_function(FunctionName="f")


@probe("lambda-limits", "TooManyRequestsException")
def a_function_that_may_not_run(aws):
    aws.function()
    aws.awslambda.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    yield
    aws.awslambda.invoke(FunctionName="f")


@probe("lambda-limits", BAD)
def six_layers(aws):
    arns = [
        aws.awslambda.publish_layer_version(LayerName=f"l{n}", Content={"ZipFile": zipped("")})["LayerVersionArn"]
        for n in range(6)
    ]
    yield
    aws.function(Layers=arns)


# Versions and aliases


def publish(aws, code=None):
    if code:
        aws.awslambda.update_function_code(FunctionName="f", ZipFile=zipped(code))
    return aws.awslambda.publish_version(FunctionName="f")["Version"]


@probe("versions-and-aliases")
def versions_do_not_change(aws):
    aws.function(answering(1))
    assert publish(aws) == "1"
    assert publish(aws, answering(2)) == "2"
    assert aws.invoked(Qualifier="1")[0] == 1 and aws.invoked(Qualifier="2")[0] == 2
    assert aws.invoked(Qualifier="1")[1]["ExecutedVersion"] == "1"


@probe("versions-and-aliases")
def nothing_new_is_no_version(aws):
    aws.function()
    assert publish(aws) == publish(aws) == "1"


@probe("versions-and-aliases", "ResourceNotFoundException")
def invoke_a_version_that_is_not_there(aws):
    aws.function()
    yield
    aws.awslambda.invoke(FunctionName="f", Qualifier="7")


def alias(aws, version="1", name="live", **more):
    return aws.awslambda.create_alias(FunctionName="f", Name=name, FunctionVersion=version, **more)


@probe("versions-and-aliases")
def an_alias_moves(aws):
    aws.function(answering(1))
    publish(aws), publish(aws, answering(2))
    alias(aws)
    assert aws.invoked(Qualifier="live")[0] == 1
    aws.awslambda.update_alias(FunctionName="f", Name="live", FunctionVersion="2")
    assert aws.invoked(Qualifier="live")[0] == 2


@probe("versions-and-aliases", "ResourceNotFoundException")
def an_alias_of_no_version(aws):
    aws.function()
    yield
    alias(aws, "7")


@probe("versions-and-aliases", "ResourceConflictException")
def the_same_alias_twice(aws):
    aws.function()
    publish(aws)
    alias(aws)
    yield
    alias(aws)


@probe("versions-and-aliases", BAD)
def an_alias_that_is_a_number(aws):
    aws.function()
    publish(aws)
    yield
    alias(aws, name="7")


@probe("versions-and-aliases", "ResourceConflictException")
def delete_a_version_in_use(aws):
    aws.function()
    publish(aws)
    alias(aws)
    yield
    aws.awslambda.delete_function(FunctionName="f", Qualifier="1")


def weights(**given):
    return {"RoutingConfig": {"AdditionalVersionWeights": given}}


@probe("deployment-strategies")
def ten_percent_of_the_traffic(aws):
    aws.function(answering(1))
    publish(aws), publish(aws, answering(2))
    alias(aws, **{"RoutingConfig": {"AdditionalVersionWeights": {"2": 0.1}}})
    new = sum(aws.invoked(Qualifier="live")[0] == 2 for _ in range(200))
    assert 2 <= new <= 50


@probe("deployment-strategies", BAD)
def traffic_to_latest(aws):
    aws.function()
    publish(aws)
    yield
    alias(aws, RoutingConfig={"AdditionalVersionWeights": {"$LATEST": 0.1}})


@probe("deployment-strategies", BAD)
def ten_times_the_traffic(aws):
    aws.function(answering(1))
    publish(aws), publish(aws, answering(2))
    yield
    alias(aws, RoutingConfig={"AdditionalVersionWeights": {"2": 10.0}})


@probe("deployment-strategies", BAD)
def traffic_to_three_versions(aws):
    aws.function(answering(1))
    publish(aws), publish(aws, answering(2)), publish(aws, answering(3))
    yield
    alias(aws, RoutingConfig={"AdditionalVersionWeights": {"2": 0.1, "3": 0.1}})


@probe("deployment-strategies")
def roll_back(aws):
    aws.function(answering(1))
    publish(aws), publish(aws, answering(2))
    alias(aws, RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}})
    aws.awslambda.update_alias(FunctionName="f", Name="live", RoutingConfig={"AdditionalVersionWeights": {}})
    assert {aws.invoked(Qualifier="live")[0] for _ in range(30)} == {1}


# Permissions


def permit(aws, **more):
    more = {
        "StatementId": "s3",
        "Action": "lambda:InvokeFunction",
        "Principal": "s3.amazonaws.com",
        "SourceArn": "arn:aws:s3:::ana-files",
        "SourceAccount": ACCOUNT,
        **more,
    }
    return aws.awslambda.add_permission(FunctionName="f", **more)


@probe("function-permissions")
def who_may_invoke(aws):
    arn = aws.function()
    permit(aws)
    statement = json.loads(aws.awslambda.get_policy(FunctionName="f")["Policy"])["Statement"][0]
    assert statement["Principal"] == {"Service": "s3.amazonaws.com"} and statement["Resource"] == arn
    assert statement["Condition"]["StringEquals"]["AWS:SourceAccount"] == ACCOUNT
    assert statement["Condition"]["ArnLike"]["AWS:SourceArn"] == "arn:aws:s3:::ana-files"


@probe("function-permissions", "ResourceConflictException")
def the_same_statement_twice(aws):
    aws.function()
    permit(aws)
    yield
    permit(aws)


@probe("function-permissions", "ResourceNotFoundException")
def no_policy_yet(aws):
    aws.function()
    yield
    aws.awslambda.get_policy(FunctionName="f")


@probe("function-permissions", "ResourceNotFoundException")
def remove_a_statement_that_is_not_there(aws):
    aws.function()
    permit(aws)
    yield
    aws.awslambda.remove_permission(FunctionName="f", StatementId="sns")


# Events


@probe("orchestration")
def a_queue_calls_a_function(aws):
    url = aws.queue(VisibilityTimeout="30")
    out = aws.queue("out")
    code = f"import boto3\ndef handler(event, context):\n    for one in event['Records']:\n        boto3.client('sqs').send_message(QueueUrl={out!r}, MessageBody=one['body'])\n"
    aws.function(code)
    made = aws.awslambda.create_event_source_mapping(FunctionName="f", EventSourceArn=aws.queue_arn(url))
    assert made["BatchSize"] == 10
    aws.sqs.send_message(QueueUrl=url, MessageBody="hello")
    found = []
    for _ in range(30):
        found += aws.received(out)
        if found:
            break
        time.sleep(0.1)
    assert [one["Body"] for one in found] == ["hello"]


@probe("orchestration", "InvalidParameterValueException")
def a_queue_hidden_shorter_than_the_function_takes(aws):
    url = aws.queue(VisibilityTimeout="10")
    arn = aws.queue_arn(url)
    aws.function(Timeout=30)
    yield
    aws.awslambda.create_event_source_mapping(FunctionName="f", EventSourceArn=arn)


@probe("orchestration", "InvalidParameterValueException")
def a_queue_that_is_not_there(aws):
    aws.function()
    yield
    aws.awslambda.create_event_source_mapping(FunctionName="f", EventSourceArn=f"arn:aws:sqs:us-east-1:{ACCOUNT}:none")


@probe("orchestration", "ResourceConflictException")
def the_same_queue_twice(aws):
    arn = aws.queue_arn(aws.queue())
    aws.function()
    aws.awslambda.create_event_source_mapping(FunctionName="f", EventSourceArn=arn)
    yield
    aws.awslambda.create_event_source_mapping(FunctionName="f", EventSourceArn=arn)


def destination(aws, **config):
    return aws.awslambda.put_function_event_invoke_config(FunctionName="f", **config)


def record(aws, url):
    for _ in range(30):
        found = aws.received(url)
        if found:
            return json.loads(found[0]["Body"])
        time.sleep(0.1)
    raise AssertionError("nothing arrived")


@probe("orchestration")
def a_failure_goes_to_its_destination(aws):
    url = aws.queue()
    aws.function(FAILS)
    destination(aws, MaximumRetryAttempts=0, DestinationConfig={"OnFailure": {"Destination": aws.queue_arn(url)}})
    aws.awslambda.invoke(FunctionName="f", InvocationType="Event", Payload=b'{"a": 1}')
    found = record(aws, url)
    assert found["requestContext"]["condition"] == "RetriesExhausted" and found["requestPayload"] == {"a": 1}
    assert found["responsePayload"]["errorType"] == "ValueError"


@probe("orchestration")
def a_success_goes_to_its_destination(aws):
    url = aws.queue()
    aws.function()
    destination(aws, DestinationConfig={"OnSuccess": {"Destination": aws.queue_arn(url)}})
    aws.awslambda.invoke(FunctionName="f", InvocationType="Event", Payload=b'{"a": 1}')
    found = record(aws, url)
    assert found["requestContext"]["condition"] == "Success" and found["responsePayload"] == {"a": 1}


@probe("orchestration", BAD)
def three_retries(aws):
    aws.function()
    yield
    destination(aws, MaximumRetryAttempts=3)


@probe("orchestration", "ResourceNotFoundException")
def no_event_invoke_config_yet(aws):
    aws.function()
    yield
    aws.awslambda.get_function_event_invoke_config(FunctionName="f")


@probe("function-permissions")
def a_function_url(aws):
    aws.function()
    made = aws.awslambda.create_function_url_config(FunctionName="f", AuthType="AWS_IAM")
    assert made["FunctionUrl"].endswith(".lambda-url.us-east-1.on.aws/")


@probe("function-permissions", "ResourceConflictException")
def a_second_function_url(aws):
    aws.function()
    aws.awslambda.create_function_url_config(FunctionName="f", AuthType="AWS_IAM")
    yield
    aws.awslambda.create_function_url_config(FunctionName="f", AuthType="NONE")


# Step Functions


def machine(aws, states, start=None, name="m", **more):
    definition = {"StartAt": start or next(iter(states)), "States": states, **more.pop("definition", {})}
    role = aws._once("lambda role", aws._execution_role)
    given = {"name": name, "definition": json.dumps(definition), "roleArn": role, **more}
    return aws.sfn.create_state_machine(**given)["stateMachineArn"]


def ran(aws, arn, given=None, seconds=4):
    execution = aws.sfn.start_execution(stateMachineArn=arn, input=json.dumps(given or {}))["executionArn"]
    until = time.monotonic() + seconds
    while True:
        found = aws.sfn.describe_execution(executionArn=execution)
        if found["status"] != "RUNNING" or time.monotonic() > until:
            return found
        time.sleep(0.02)


END = {"Type": "Pass", "End": True}


@probe("orchestration")
def a_machine_runs(aws):
    found = ran(aws, machine(aws, {"A": {"Type": "Pass", "Result": {"x": 1}, "Next": "B"}, "B": {"Type": "Succeed"}}))
    assert found["status"] == "SUCCEEDED" and json.loads(found["output"]) == {"x": 1}


@probe("orchestration")
def a_machine_calls_a_function(aws):
    arn = aws.function("def handler(event, context):\n    return {'total': event['a'] + 1}\n")
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": arn, "Payload.$": "$"},
        "OutputPath": "$.Payload",
        "End": True,
    }
    found = ran(aws, machine(aws, {"A": task}), {"a": 6})
    assert found["status"] == "SUCCEEDED" and json.loads(found["output"]) == {"total": 7}


CHOICE = {
    "A": {
        "Type": "Choice",
        "Choices": [{"Variable": "$.n", "NumericGreaterThan": 5, "Next": "Big"}],
        "Default": "Small",
    },
    "Big": {"Type": "Pass", "Result": "big", "End": True},
    "Small": {"Type": "Pass", "Result": "small", "End": True},
}


@probe("orchestration")
def a_choice(aws):
    arn = machine(aws, CHOICE)
    assert [json.loads(ran(aws, arn, {"n": n})["output"]) for n in (3, 7)] == ["small", "big"]


@probe("orchestration")
def a_choice_that_nothing_fits(aws):
    states = {**CHOICE, "A": {key: one for key, one in CHOICE["A"].items() if key != "Default"}}
    del states["Small"]
    found = ran(aws, machine(aws, states), {"n": 1})
    assert found["status"] == "FAILED" and found["error"] == "States.NoChoiceMatched"


@probe("orchestration")
def a_failure_that_is_caught(aws):
    arn = aws.function(FAILS)
    states = {
        "A": {
            "Type": "Task",
            "Resource": arn,
            "Catch": [{"ErrorEquals": ["ValueError"], "Next": "B", "ResultPath": "$.error"}],
            "End": True,
        },
        "B": {"Type": "Pass", "Result": "caught", "End": True},
    }
    found = ran(aws, machine(aws, states))
    assert found["status"] == "SUCCEEDED" and json.loads(found["output"]) == "caught"


@probe("orchestration")
def a_failure_that_is_not_caught(aws):
    arn = aws.function(FAILS)
    found = ran(aws, machine(aws, {"A": {"Type": "Task", "Resource": arn, "End": True}}))
    assert found["status"] == "FAILED" and found["error"] == "ValueError"


@probe("orchestration")
def a_state_that_fails(aws):
    found = ran(aws, machine(aws, {"A": {"Type": "Fail", "Error": "NoStock", "Cause": "none left"}}))
    assert (found["status"], found["error"], found["cause"]) == ("FAILED", "NoStock", "none left")


@probe("orchestration")
def all_at_once(aws):
    branches = [{"StartAt": name, "States": {name: END}} for name in ("P", "Q")]
    found = ran(aws, machine(aws, {"A": {"Type": "Parallel", "Branches": branches, "End": True}}), {"a": 1})
    assert json.loads(found["output"]) == [{"a": 1}, {"a": 1}]


@probe("orchestration")
def one_after_the_other(aws):
    each = {"StartAt": "P", "States": {"P": END}}
    states = {"A": {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": each, "End": True}}
    assert json.loads(ran(aws, machine(aws, states), {"items": [1, 2]})["output"]) == [1, 2]


@probe("orchestration")
def history_of_an_execution(aws):
    arn = machine(aws, {"A": END})
    found = ran(aws, arn)
    kinds = [one["type"] for one in aws.sfn.get_execution_history(executionArn=found["executionArn"])["events"]]
    assert kinds == ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]


@probe("orchestration")
def the_same_machine_twice(aws):
    assert machine(aws, {"A": END}) == machine(aws, {"A": END})


@probe("orchestration", "StateMachineAlreadyExists")
def another_machine_of_the_same_name(aws):
    machine(aws, {"A": END})
    yield
    machine(aws, {"B": END})


probes.table(
    "orchestration",
    lambda aws, **params: machine(aws, **params),
    {
        "machine_with_next_to_nowhere": ("InvalidDefinition", {"states": {"A": {"Type": "Pass", "Next": "B"}}}),
        "machine_without_end": ("InvalidDefinition", {"states": {"A": {"Type": "Pass"}}}),
        "machine_that_starts_nowhere": ("InvalidDefinition", {"states": {"A": END}, "start": "B"}),
        "machine_with_a_state_nobody_reaches": ("InvalidDefinition", {"states": {"A": END, "B": END}}),
        "machine_with_a_state_type_that_is_none": (
            "InvalidDefinition",
            {"states": {"A": {"Type": "Jump", "End": True}}},
        ),
        "machine_without_choices": ("InvalidDefinition", {"states": {"A": {"Type": "Choice", "Choices": []}}}),
        "machine_with_a_task_of_nothing": ("InvalidDefinition", {"states": {"A": {"Type": "Task", "End": True}}}),
        "machine_with_a_blank_in_its_name": ("InvalidName", {"states": {"A": END}, "name": "my machine"}),
        "machine_with_a_role_that_is_none": ("InvalidArn", {"states": {"A": END}, "roleArn": "role"}),
        "machine_of_type_express": ("ok", {"states": {"A": END}, "type": "EXPRESS"}),
    },
)


@probe("orchestration", "InvalidDefinition")
def a_machine_that_is_no_json(aws):
    role = aws._once("lambda role", aws._execution_role)
    yield
    aws.sfn.create_state_machine(name="m", definition="{", roleArn=role)


@probe("orchestration", "StateMachineDoesNotExist")
def start_a_machine_that_is_not_there(aws):
    aws.sfn.start_execution(stateMachineArn=f"arn:aws:states:us-east-1:{ACCOUNT}:stateMachine:none")


@probe("orchestration", "InvalidExecutionInput")
def start_with_what_is_no_json(aws):
    arn = machine(aws, {"A": END})
    yield
    aws.sfn.start_execution(stateMachineArn=arn, input="{")


@probe("orchestration", "ExecutionAlreadyExists")
def the_same_execution_with_another_input(aws):
    arn = machine(aws, {"A": {"Type": "Wait", "Seconds": 1, "End": True}})
    aws.sfn.start_execution(stateMachineArn=arn, name="one", input='{"a": 1}')
    yield
    aws.sfn.start_execution(stateMachineArn=arn, name="one", input='{"a": 2}')


@probe("orchestration", "ExecutionDoesNotExist")
def an_execution_that_is_not_there(aws):
    machine(aws, {"A": END})
    yield
    aws.sfn.describe_execution(executionArn=f"arn:aws:states:us-east-1:{ACCOUNT}:execution:m:none")


@probe("orchestration")
def stop_an_execution(aws):
    arn = machine(aws, {"A": {"Type": "Wait", "Seconds": 60, "End": True}})
    made = aws.sfn.start_execution(stateMachineArn=arn)["executionArn"]
    aws.sfn.stop_execution(executionArn=made, error="Enough")
    found = aws.sfn.describe_execution(executionArn=made)
    assert found["status"] == "ABORTED"


@probe("orchestration")
def run_and_wait_for_an_express_machine(aws):
    arn = machine(aws, {"A": END}, type="EXPRESS")
    found = aws.sfn.start_sync_execution(stateMachineArn=arn, input='{"a": 1}')
    assert found["status"] == "SUCCEEDED" and json.loads(found["output"]) == {"a": 1}


@probe("orchestration", "StateMachineTypeNotSupported")
def run_and_wait_for_a_standard_machine(aws):
    arn = machine(aws, {"A": END})
    yield
    aws.sfn.start_sync_execution(stateMachineArn=arn)


@probe("testing")
def test_one_state(aws):
    role = aws._once("lambda role", aws._execution_role)
    found = aws.sfn.test_state(definition=json.dumps({**END, "Result": {"x": 1}}), roleArn=role, input="{}")
    assert found["status"] == "SUCCEEDED" and json.loads(found["output"]) == {"x": 1}


@probe("testing")
def validate_a_definition(aws):
    good = {"StartAt": "A", "States": {"A": END}}
    bad = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}
    results = [aws.sfn.validate_state_machine_definition(definition=json.dumps(one))["result"] for one in (good, bad)]
    assert results == ["OK", "FAIL"]


@probe("orchestration")
def jsonata(aws):
    states = {"A": {"Type": "Pass", "Output": {"total": "{% $states.input.a + 1 %}"}, "End": True}}
    found = ran(aws, machine(aws, states, definition={"QueryLanguage": "JSONata"}), {"a": 6})
    assert json.loads(found["output"]) == {"total": 7}


# API Gateway: REST APIs


def rest(aws, **more):
    api = aws.apigateway.create_rest_api(name="orders", **more)["id"]
    root = aws.apigateway.get_resources(restApiId=api)["items"][0]["id"]
    return api, root


def method(aws, api, resource, verb="GET", integration=None, **more):
    given = {"restApiId": api, "resourceId": resource, "httpMethod": verb}
    aws.apigateway.put_method(authorizationType=more.pop("authorizationType", "NONE"), **given, **more)
    integration = integration or {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}}
    aws.apigateway.put_integration(**given, **integration)
    if integration["type"] == "MOCK":
        aws.apigateway.put_method_response(statusCode="200", **given)
        aws.apigateway.put_integration_response(statusCode="200", **given)


def proxy(arn):
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"
    return {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": uri}


@probe("lambda-authorizers")
def an_api_with_a_stage(aws):
    api, root = rest(aws)
    method(aws, api, root)
    aws.apigateway.create_deployment(restApiId=api, stageName="prod")
    assert [one["stageName"] for one in aws.apigateway.get_stages(restApiId=api)["item"]] == ["prod"]


@probe("lambda-authorizers", "BadRequestException")
def deploy_an_api_without_methods(aws):
    api, _ = rest(aws)
    yield
    aws.apigateway.create_deployment(restApiId=api, stageName="prod")


@probe("lambda-authorizers", "NotFoundException")
def an_api_that_is_not_there(aws):
    aws.apigateway.get_rest_api(restApiId="none123456")


@probe("lambda-authorizers", "ConflictException")
def the_same_path_twice(aws):
    api, root = rest(aws)
    aws.apigateway.create_resource(restApiId=api, parentId=root, pathPart="users")
    yield
    aws.apigateway.create_resource(restApiId=api, parentId=root, pathPart="users")


@probe("lambda-authorizers", "BadRequestException")
def a_path_with_a_blank(aws):
    api, root = rest(aws)
    yield
    aws.apigateway.create_resource(restApiId=api, parentId=root, pathPart="my users")


@probe("lambda-authorizers", "ConflictException")
def the_same_method_twice(aws):
    api, root = rest(aws)
    aws.apigateway.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    yield
    aws.apigateway.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")


@probe("lambda-authorizers", "BadRequestException")
def a_custom_method_without_authorizer(aws):
    api, root = rest(aws)
    yield
    aws.apigateway.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="CUSTOM")


def authorizer(aws, api, **more):
    arn = aws.function(name="auth")
    given = {
        "restApiId": api,
        "name": "auth",
        "type": "TOKEN",
        "authorizerUri": proxy(arn)["uri"],
        "identitySource": "method.request.header.Authorization",
        **more,
    }
    return aws.apigateway.create_authorizer(**{key: one for key, one in given.items() if one is not None})


@probe("lambda-authorizers")
def an_authorizer(aws):
    api, _ = rest(aws)
    made = authorizer(aws, api)
    assert made["type"] == "TOKEN" and made["authorizerResultTtlInSeconds"] == 300


def _authorizer(aws, **params):
    api, _ = rest(aws)
    yield
    authorizer(aws, api, **params)


for _name, _params in [
    ("authorizer_without_uri", {"authorizerUri": None}),
    ("authorizer_without_source", {"identitySource": None}),
    ("authorizer_kept_for_3601_seconds", {"authorizerResultTtlInSeconds": 3601}),
]:
    probes.add(
        _name, "lambda-authorizers", "BadRequestException", lambda aws, a=_params: (yield from _authorizer(aws, **a))
    )


@probe("lambda-authorizers")
def an_api_calls_a_function(aws):
    body = {"statusCode": 201, "body": "made"}
    arn = aws.function(answering(body))
    api, root = rest(aws)
    method(aws, api, root, integration=proxy(arn))
    permit(
        aws,
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:us-east-1:{ACCOUNT}:{api}/*",
        StatementId="api",
    )
    answer = aws.apigateway.test_invoke_method(restApiId=api, resourceId=root, httpMethod="GET")
    assert (answer["status"], answer["body"]) == (201, "made")


@probe("lambda-authorizers")
def an_api_without_permission_to_call(aws):
    arn = aws.function(answering({"statusCode": 200}))
    api, root = rest(aws)
    method(aws, api, root, integration=proxy(arn))
    answer = aws.apigateway.test_invoke_method(restApiId=api, resourceId=root, httpMethod="GET")
    assert answer["status"] == 500


@probe("payload-validation")
def an_answer_that_is_none(aws):
    arn = aws.function(answering("plain"))
    api, root = rest(aws)
    method(aws, api, root, integration=proxy(arn))
    permit(
        aws,
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:us-east-1:{ACCOUNT}:{api}/*",
        StatementId="api",
    )
    answer = aws.apigateway.test_invoke_method(restApiId=api, resourceId=root, httpMethod="GET")
    assert answer["status"] == 502


@probe("defense-in-depth", "NotFoundException|BadRequestException")
def a_plan_for_a_stage_that_is_not_there(aws):
    api, root = rest(aws)
    method(aws, api, root)
    yield
    aws.apigateway.create_usage_plan(name="free", apiStages=[{"apiId": api, "stage": "prod"}])


@probe("defense-in-depth")
def a_plan_with_a_key(aws):
    api, root = rest(aws)
    method(aws, api, root)
    aws.apigateway.create_deployment(restApiId=api, stageName="prod")
    plan = aws.apigateway.create_usage_plan(
        name="free", apiStages=[{"apiId": api, "stage": "prod"}], throttle={"rateLimit": 10, "burstLimit": 5}
    )["id"]
    key = aws.apigateway.create_api_key(name="ana", enabled=True)["id"]
    aws.apigateway.create_usage_plan_key(usagePlanId=plan, keyId=key, keyType="API_KEY")
    assert [one["id"] for one in aws.apigateway.get_usage_plan_keys(usagePlanId=plan)["items"]] == [key]


# API Gateway: HTTP APIs


@probe("lambda-authorizers")
def an_http_api(aws):
    arn = aws.function()
    made = aws.apigatewayv2.create_api(Name="orders", ProtocolType="HTTP")
    api = made["ApiId"]
    integration = aws.apigatewayv2.create_integration(
        ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion="2.0"
    )["IntegrationId"]
    route = aws.apigatewayv2.create_route(ApiId=api, RouteKey="GET /users", Target=f"integrations/{integration}")
    assert route["AuthorizationType"] == "NONE" and made["ApiEndpoint"].startswith(f"https://{api}.execute-api.")


@probe("lambda-authorizers", "NotFoundException")
def an_http_api_that_is_not_there(aws):
    aws.apigatewayv2.get_api(ApiId="none123456")


@probe("lambda-authorizers", "ConflictException")
def the_same_route_twice(aws):
    api = aws.apigatewayv2.create_api(Name="orders", ProtocolType="HTTP")["ApiId"]
    aws.apigatewayv2.create_route(ApiId=api, RouteKey="GET /users")
    yield
    aws.apigatewayv2.create_route(ApiId=api, RouteKey="GET /users")


@probe("lambda-authorizers", "BadRequestException")
def a_route_that_is_none(aws):
    api = aws.apigatewayv2.create_api(Name="orders", ProtocolType="HTTP")["ApiId"]
    yield
    aws.apigatewayv2.create_route(ApiId=api, RouteKey="users")


@probe("lambda-authorizers", "BadRequestException")
def an_http_api_of_a_protocol_that_is_none(aws):
    aws.apigatewayv2.create_api(Name="orders", ProtocolType="FTP")
