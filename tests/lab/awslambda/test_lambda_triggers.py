"""Queues that Lambda polls and topics that call it."""

import json

import pytest
from conftest import client

KEEPS = "seen = []\ndef handler(event, context):\n    if 'Records' in event: seen.append(event)\n    return seen"


@pytest.fixture
def queue(_fresh):
    """Make a queue: (url, arn)."""

    def queue(name="q", **attributes):
        url = client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return url, f"arn:aws:sqs:us-east-1:123456789012:{name}"

    return queue


def left(url):
    """How many messages can be received."""
    attributes = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return int(attributes["ApproximateNumberOfMessages"])


def test_queue(deploy, invoke, awslambda, queue):
    """Is a message that is sent handed to the function as AWS's record and then deleted?"""
    deploy(KEEPS)
    url, arn = queue()
    awslambda.create_event_source_mapping(EventSourceArn=arn, FunctionName="f")
    client("sqs").send_message(
        QueueUrl=url,
        MessageBody='{"order": 1}',
        MessageAttributes={"kind": {"DataType": "String", "StringValue": "new"}},
    )
    ((event,), _) = invoke()
    (record,) = event["Records"]
    assert record["body"] == '{"order": 1}' and record["eventSource"] == "aws:sqs" and record["eventSourceARN"] == arn
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["messageAttributes"]["kind"]["stringValue"] == "new"
    assert left(url) == 0


def test_what_waits_comes_as_a_batch(deploy, invoke, awslambda, queue):
    """Does a new mapping begin with the messages that wait, in batches of its size?"""
    deploy(KEEPS)
    url, arn = queue()
    for number in range(5):
        client("sqs").send_message(QueueUrl=url, MessageBody=str(number))
    made = awslambda.create_event_source_mapping(EventSourceArn=arn, FunctionName="f", BatchSize=3)
    assert [len(event["Records"]) for event in invoke()[0]] == [3, 2]
    awslambda.update_event_source_mapping(UUID=made["UUID"], Enabled=False)
    client("sqs").send_message(QueueUrl=url, MessageBody="late")
    assert left(url) == 1
    awslambda.update_event_source_mapping(UUID=made["UUID"], Enabled=True)
    assert left(url) == 0 and len(invoke()[0]) == 3
    awslambda.delete_event_source_mapping(UUID=made["UUID"])
    client("sqs").send_message(QueueUrl=url, MessageBody="later")
    assert left(url) == 1


def test_failures_go_to_the_dead_letter_queue(deploy, awslambda, queue):
    """Is a failing batch tried as often as the redrive policy says, and then dead; without one, does it stay?"""
    dead, dead_arn = queue("dead")
    policy = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 3})
    url, arn = queue("q", RedrivePolicy=policy)
    deploy("def handler(e, c): raise ValueError(len(e['Records']))")
    awslambda.create_event_source_mapping(EventSourceArn=arn, FunctionName="f")
    client("sqs").send_message(QueueUrl=url, MessageBody="bad")
    assert (left(url), left(dead)) == (0, 1)
    logged = client("logs").filter_log_events(logGroupName="/aws/lambda/f", filterPattern="REPORT")["events"]
    assert len(logged) == 3
    plain, plain_arn = queue("plain")
    awslambda.create_event_source_mapping(EventSourceArn=plain_arn, FunctionName="f")
    client("sqs").send_message(QueueUrl=plain, MessageBody="bad")
    assert left(plain) == 1


@pytest.mark.parametrize("reports", [True, False])
def test_partial_batch(deploy, awslambda, queue, reports):
    """Are only the reported messages kept, and only where the mapping asks for reports?"""
    deploy(
        "def handler(e, c):\n"
        "    bad = [r['messageId'] for r in e['Records'] if r['body'] == 'bad']\n"
        "    return {'batchItemFailures': [{'itemIdentifier': one} for one in bad]}"
    )
    url, arn = queue()
    for body in ("good", "bad", "good"):
        client("sqs").send_message(QueueUrl=url, MessageBody=body)
    more = {"FunctionResponseTypes": ["ReportBatchItemFailures"]} if reports else {}
    awslambda.create_event_source_mapping(EventSourceArn=arn, FunctionName="f", **more)
    assert left(url) == (1 if reports else 0)


def test_filter(deploy, invoke, awslambda, queue):
    """Does a filter keep messages from the function, and are they gone?"""
    deploy(KEEPS)
    url, arn = queue()
    pattern = json.dumps({"body": {"kind": ["order"]}})
    awslambda.create_event_source_mapping(
        EventSourceArn=arn, FunctionName="f", FilterCriteria={"Filters": [{"Pattern": pattern}]}
    )
    for kind in ("order", "note"):
        client("sqs").send_message(QueueUrl=url, MessageBody=json.dumps({"kind": kind}))
    assert [json.loads(event["Records"][0]["body"])["kind"] for event in invoke()[0]] == ["order"]
    assert left(url) == 0


def test_alias_as_target(deploy, invoke, awslambda, queue):
    """Does a mapping of an alias invoke the alias's version?"""
    deploy("def handler(e, c): print('ran', c.function_version, c.invoked_function_arn)")
    awslambda.publish_version(FunctionName="f")
    awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    url, arn = queue()
    awslambda.create_event_source_mapping(EventSourceArn=arn, FunctionName="f:live")
    client("sqs").send_message(QueueUrl=url, MessageBody="x")
    logged = client("logs").filter_log_events(logGroupName="/aws/lambda/f")["events"]
    assert any("ran 1 " in one["message"] and one["message"].endswith(":live\n") for one in logged)


def test_impossible_mappings(deploy, awslambda, queue, refused):
    """Is a queue with a visibility timeout below the function's time-out refused, and a second mapping?"""
    deploy(KEEPS, Timeout=60)
    create = awslambda.create_event_source_mapping
    _, arn = queue()
    refused(
        create, "InvalidParameterValueException", "Queue visibility timeout: 30", EventSourceArn=arn, FunctionName="f"
    )
    _, arn = queue("slow", VisibilityTimeout="360")
    create(EventSourceArn=arn, FunctionName="f")
    refused(create, "ResourceConflictException", "already exists", status=409, EventSourceArn=arn, FunctionName="f")
    refused(create, "ResourceNotFoundException", status=404, EventSourceArn=arn, FunctionName="none")


def test_topic_needs_permission(deploy, invoke, awslambda):
    """Does a topic reach the function only when the function's policy names it?"""
    deploy(KEEPS)
    sns = client("sns")
    topic, other = sns.create_topic(Name="t")["TopicArn"], sns.create_topic(Name="other")["TopicArn"]
    function = "arn:aws:lambda:us-east-1:123456789012:function:f"
    for one in (topic, other):
        sns.subscribe(TopicArn=one, Protocol="lambda", Endpoint=function)
    sns.publish(TopicArn=topic, Message="lost")
    assert invoke()[0] == []
    awslambda.add_permission(
        FunctionName="f",
        StatementId="sns",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
        SourceArn=topic,
    )
    sns.publish(TopicArn=other, Message="not this one")
    sns.publish(TopicArn=topic, Message="hello", Subject="about")
    ((event,), _) = invoke()
    (record,) = event["Records"]
    assert record["EventSource"] == "aws:sns" and record["Sns"]["TopicArn"] == topic
    assert (record["Sns"]["Message"], record["Sns"]["Subject"]) == ("hello", "about")


def test_rule_needs_permission(deploy, invoke, awslambda):
    """Does a rule of EventBridge hand matching events to a function that lets it, as they are or its own input?"""
    deploy("seen = []\ndef handler(e, c):\n    if e: seen.append(e)\n    return seen")
    events = client("events")
    arn = events.put_rule(Name="r", EventPattern=json.dumps({"source": ["shop"]}))["RuleArn"]
    function = "arn:aws:lambda:us-east-1:123456789012:function:f"
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": function}])
    entry = {"Source": "shop", "DetailType": "order", "Detail": '{"number": 5}'}
    events.put_events(Entries=[entry])
    assert invoke()[0] == []
    awslambda.add_permission(
        FunctionName="f",
        StatementId="rule",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=arn,
    )
    events.put_events(Entries=[entry, {**entry, "Source": "other"}])
    (event,) = invoke()[0]
    assert (event["detail-type"], event["detail"]) == ("order", {"number": 5}) and event["time"].endswith("Z")
    for more in ({"Input": '{"fixed": 1}'}, {"InputPath": "$.detail"}):
        events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": function, **more}])
        events.put_events(Entries=[entry])
    assert invoke()[0][1:] == [{"fixed": 1}, {"number": 5}]


def test_input_transformer(deploy, invoke, awslambda):
    """Does a rule shape the event by its template?"""
    pytest.importorskip("jsonpath_ng")  # moto's EventBridge
    deploy("seen = []\ndef handler(e, c):\n    if e: seen.append(e)\n    return seen")
    events = client("events")
    events.put_rule(Name="r", EventPattern=json.dumps({"source": ["shop"]}))
    shape = {"InputPathsMap": {"n": "$.detail.number"}, "InputTemplate": '{"order": <n>}'}
    function = "arn:aws:lambda:us-east-1:123456789012:function:f"
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": function, "InputTransformer": shape}])
    awslambda.add_permission(
        FunctionName="f", StatementId="r", Action="lambda:InvokeFunction", Principal="events.amazonaws.com"
    )
    events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": '{"number": 5}'}])
    assert invoke()[0] == [{"order": 5}]


def test_rotation_of_a_secret(deploy, awslambda):
    """Does Secrets Manager run the four steps of the learner's function?"""
    deploy(
        "import boto3\nsecrets = boto3.client('secretsmanager')\n"
        "def handler(e, c):\n"
        "    print('step', e['Step'])\n"
        "    if e['Step'] == 'createSecret':\n"
        "        secrets.put_secret_value(SecretId=e['SecretId'], ClientRequestToken=e['ClientRequestToken'],\n"
        "                                 SecretString='new', VersionStages=['AWSPENDING'])\n",
        Timeout=9,
    )
    secrets = client("secretsmanager")
    secrets.create_secret(Name="s", SecretString="old")
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    who = {"Action": "lambda:InvokeFunction", "Principal": "secretsmanager.amazonaws.com"}
    awslambda.add_permission(FunctionName="f", StatementId="rotation", **who)
    secrets.rotate_secret(SecretId="s", RotationLambdaARN=arn, RotationRules={"AutomaticallyAfterDays": 30})
    logged = client("logs").filter_log_events(logGroupName="/aws/lambda/f")["events"]
    steps = [one["message"].split()[1] for one in logged if one["message"].startswith("step")]
    assert steps == ["createSecret", "setSecret", "testSecret", "finishSecret"]
    # This function finishes nothing, so the new value is not the current one.
    assert secrets.get_secret_value(SecretId="s", VersionStage="AWSPENDING")["SecretString"] == "new"
    assert secrets.get_secret_value(SecretId="s")["SecretString"] == "old"
