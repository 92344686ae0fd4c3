"""Asynchronous invocations: retries, destinations, dead letters."""

import json

import pytest
from conftest import client

FAILS = "import time\ncount = 0\ndef handler(e, c):\n    global count\n    count += 1\n    raise ValueError(count)"
WORKS = "def handler(e, c): return {'done': e['order']}"


@pytest.fixture
def queue(_fresh):
    """Make a queue: (url, arn)."""

    def queue(name="q", **attributes):
        sqs = client("sqs")
        url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    return queue


@pytest.fixture
def bodies(_fresh):
    """What lies in a queue, parsed."""

    def bodies(url):
        messages = client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(one["Body"]) for one in messages]

    return bodies


def test_success_record(deploy, invoke, awslambda, queue, bodies):
    """Does 202 come without a payload, and AWS's record reach the destination for successes only?"""
    deploy(WORKS)
    good, bad = queue("good"), queue("bad")
    awslambda.put_function_event_invoke_config(
        FunctionName="f",
        DestinationConfig={"OnSuccess": {"Destination": good[1]}, "OnFailure": {"Destination": bad[1]}},
    )
    payload, response = invoke(event={"order": 7}, InvocationType="Event")
    assert payload is None and response["StatusCode"] == 202
    (record,) = bodies(good[0])
    assert record["version"] == "1.0"
    assert record["requestContext"]["condition"] == "Success"
    assert record["requestContext"]["approximateInvokeCount"] == 1
    assert record["requestContext"]["functionArn"].endswith(":function:f:$LATEST")
    assert record["requestPayload"] == {"order": 7} and record["responsePayload"] == {"done": 7}
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST"}
    assert bodies(bad[0]) == []
    invoke(event={"order": 8})
    assert bodies(good[0]) == [], "a synchronous invocation has no destination"


@pytest.mark.parametrize("retries", [None, 0, 1])
def test_failure_record_after_the_retries(deploy, invoke, awslambda, queue, bodies, retries):
    """Is a failing function tried three times by default, then reported once?"""
    deploy(FAILS)
    url, arn = queue()
    more = {} if retries is None else {"MaximumRetryAttempts": retries}
    awslambda.put_function_event_invoke_config(
        FunctionName="f", DestinationConfig={"OnFailure": {"Destination": arn}}, **more
    )
    invoke(InvocationType="Event")
    (record,) = bodies(url)
    tries = 3 if retries is None else retries + 1
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == tries
    assert record["responseContext"]["functionError"] == "Unhandled"
    assert record["responsePayload"]["errorMessage"] == str(tries)


def test_zero_concurrency(deploy, invoke, awslambda, queue, bodies):
    """Does an event for a function without concurrency go straight to the failure destination?"""
    deploy(WORKS)
    url, arn = queue()
    awslambda.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    awslambda.put_function_event_invoke_config(FunctionName="f", DestinationConfig={"OnFailure": {"Destination": arn}})
    invoke(event={"order": 1}, InvocationType="Event")
    (record,) = bodies(url)
    assert record["requestContext"]["condition"] == "ZeroReservedConcurrency"
    assert record["requestContext"]["approximateInvokeCount"] == 0 and "responsePayload" not in record


def test_other_destinations(deploy, invoke, awslambda, queue, bodies):
    """Do a topic, a function, an event bus and (for failures) a bucket take the record?"""
    pytest.importorskip("jsonpath_ng")  # moto's EventBridge
    services = {"Service": ["sns.amazonaws.com", "events.amazonaws.com"]}
    statement = {"Effect": "Allow", "Principal": services, "Action": "sqs:SendMessage", "Resource": "*"}
    url, arn = queue(Policy=json.dumps({"Version": "2012-10-17", "Statement": statement}))
    sns, events, s3 = client("sns"), client("events"), client("s3")
    topic = sns.create_topic(Name="t")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    events.put_rule(Name="r", EventPattern=json.dumps({"source": ["lambda"]}))
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": arn}])
    s3.create_bucket(Bucket="failures")
    deploy(WORKS)
    deploy("def handler(e, c): print('got', e['responsePayload'])", "next")
    bus = "arn:aws:events:us-east-1:123456789012:event-bus/default"
    for destination in (topic, bus, "arn:aws:lambda:us-east-1:123456789012:function:next"):
        config = {"OnSuccess": {"Destination": destination}}
        awslambda.put_function_event_invoke_config(FunctionName="f", DestinationConfig=config)
        invoke(event={"order": 5}, InvocationType="Event")
    seen = bodies(url)
    assert json.loads(seen[0]["Message"])["responsePayload"] == {"done": 5}
    assert seen[1]["detail-type"] == "Lambda Function Invocation Result - Success"
    assert seen[1]["detail"]["responsePayload"] == {"done": 5}
    logged = client("logs").filter_log_events(logGroupName="/aws/lambda/next")["events"]
    assert any("got {'done': 5}" in one["message"] for one in logged)
    config = {"OnFailure": {"Destination": "arn:aws:s3:::failures"}}
    awslambda.put_function_event_invoke_config(FunctionName="f", DestinationConfig=config)
    invoke(event={}, InvocationType="Event")
    (key,) = [one["Key"] for one in s3.list_objects_v2(Bucket="failures")["Contents"]]
    record = json.loads(s3.get_object(Bucket="failures", Key=key)["Body"].read())
    assert key.startswith("aws/lambda/async/f/") and record["responsePayload"]["errorType"] == "KeyError"


def test_dead_letters(deploy, invoke, awslambda, queue, refused, role):
    """Does a dead-letter queue get the event itself, with the error as attributes?"""
    url, arn = queue()
    deploy(FAILS, DeadLetterConfig={"TargetArn": arn})
    assert awslambda.get_function_configuration(FunctionName="f")["DeadLetterConfig"] == {"TargetArn": arn}
    invoke(event={"order": 3}, InvocationType="Event")
    (message,) = client("sqs").receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert json.loads(message["Body"]) == {"order": 3}
    assert message["MessageAttributes"]["ErrorMessage"]["StringValue"] == "3"
    refused(
        awslambda.update_function_configuration,
        "InvalidParameterValueException",
        "dead letter",
        FunctionName="f",
        DeadLetterConfig={"TargetArn": arn + ".fifo"},
    )


def test_event_from_inside_a_function(deploy, invoke, awslambda, queue, bodies):
    """Does an event that a function sends run afterwards, and not in the sender's time?"""
    url, arn = queue()
    deploy("import time\ndef handler(e, c): time.sleep(0.6); return 'slept'", "slow")
    awslambda.put_function_event_invoke_config(
        FunctionName="slow", DestinationConfig={"OnSuccess": {"Destination": arn}}
    )
    deploy(
        "import boto3, time\nclient = boto3.client('lambda')\n"
        "def handler(e, c):\n    begun = time.time()\n"
        "    client.invoke(FunctionName='slow', InvocationType='Event')\n    return time.time() - begun",
        Timeout=5,
    )
    assert invoke()[0] < 0.5
    assert [one["responsePayload"] for one in bodies(url)] == ["slept"]


def test_a_loop_ends(deploy, invoke):
    """Does a function that sends events to itself stop, as AWS stops it?"""
    deploy(
        "import boto3\nclient, count = boto3.client('lambda'), 0\n"
        "def handler(e, c):\n    global count\n    count += 1\n"
        "    client.invoke(FunctionName='f', InvocationType='Event')\n    return count",
        Timeout=10,
    )
    invoke(InvocationType="Event")
    assert invoke()[0] == 17
    assert invoke()[0] > 17


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({"MaximumRetryAttempts": 3}, "ValidationException"),
        ({"MaximumEventAgeInSeconds": 21601}, "ValidationException"),
        ({"DestinationConfig": {"OnSuccess": {"Destination": "arn:aws:s3:::b"}}}, "InvalidParameterValueException"),
        (
            {"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:123456789012:q.fifo"}}},
            "InvalidParameterValueException",
        ),
        (
            {"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:dynamodb:us-east-1:123456789012:table/t"}}},
            "InvalidParameterValueException",
        ),
    ],
)
def test_impossible_config(deploy, awslambda, refused, config, code):
    """Is a configuration that AWS refuses refused?"""
    deploy(WORKS)
    refused(awslambda.put_function_event_invoke_config, code, FunctionName="f", **config)


def test_config_per_version(deploy, awslambda, queue):
    """Has each version or alias its own configuration, replaced by put, changed by update, gone after delete?"""
    deploy(WORKS)
    awslambda.publish_version(FunctionName="f")
    one = {"FunctionName": "f", "Qualifier": "1"}
    awslambda.put_function_event_invoke_config(**one, MaximumRetryAttempts=1)
    awslambda.put_function_event_invoke_config(**one, MaximumRetryAttempts=0)
    shown = awslambda.update_function_event_invoke_config(**one, MaximumEventAgeInSeconds=60)
    assert (shown["MaximumRetryAttempts"], shown["MaximumEventAgeInSeconds"]) == (0, 60)
    assert shown["FunctionArn"].endswith(":f:1")
    assert len(awslambda.list_function_event_invoke_configs(FunctionName="f")["FunctionEventInvokeConfigs"]) == 1
    with pytest.raises(awslambda.exceptions.ResourceNotFoundException):
        awslambda.get_function_event_invoke_config(FunctionName="f")
    awslambda.delete_function_event_invoke_config(**one)
    with pytest.raises(awslambda.exceptions.ResourceNotFoundException):
        awslambda.get_function_event_invoke_config(**one)
