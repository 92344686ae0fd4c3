"""Queues and streams as event sources: what AWS refuses, and how streams are read."""

import json

import pytest
from conftest import client

KEEPS = (
    "seen = []\n"
    "def key(r): return r['dynamodb']['Keys']['k']['S'] if 'dynamodb' in r else r['kinesis']['data']\n"
    "def handler(e, c):\n"
    "    if 'Records' not in e: return seen\n"
    "    keys = [key(r) for r in e['Records']]\n"
    "    seen.append(keys)\n"
    "    if 'bad' in keys: raise ValueError('bad')"
)
INVALID = "InvalidParameterValueException"
NOBODY = "5decc06a-f24d-4dd8-9091-0bdc8ef066d4"


@pytest.fixture
def sources(deploy):
    """A function, and the ARNs of a queue, a FIFO queue, a stream of a table and a data stream."""
    deploy(KEEPS)
    sqs = client("sqs")
    sqs.create_queue(QueueName="q")
    sqs.create_queue(QueueName="q.fifo", Attributes={"FifoQueue": "true"})
    table = client("dynamodb").create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )["TableDescription"]
    client("kinesis").create_stream(StreamName="s", ShardCount=1)
    queue = "arn:aws:sqs:us-east-1:123456789012:q"
    stream = client("kinesis").describe_stream(StreamName="s")["StreamDescription"]["StreamARN"]
    return {"sqs": queue, "fifo": queue + ".fifo", "dynamodb": table["LatestStreamArn"], "kinesis": stream}


@pytest.mark.parametrize(
    ("source", "more", "code", "word"),
    [
        (
            "sqs",
            {"BatchSize": 11},
            INVALID,
            "Maximum batch window in seconds must be greater than 0 if maximum batch size",
        ),
        ("sqs", {"BatchSize": 10001}, "ValidationException", "10000"),
        ("sqs", {"MaximumBatchingWindowInSeconds": 301}, "ValidationException", "300"),
        ("sqs", {"StartingPosition": "LATEST"}, INVALID, "StartingPosition is not valid for SQS"),
        ("sqs", {"BisectBatchOnFunctionError": True}, INVALID, "BisectBatchOnFunctionError"),
        ("sqs", {"ScalingConfig": {"MaximumConcurrency": 1001}}, "ValidationException", "maximumConcurrency"),
        ("sqs", {"FunctionResponseTypes": ["All"]}, "ValidationException", "ReportBatchItemFailures"),
        (
            "sqs",
            {"FilterCriteria": {"Filters": [{"Pattern": '{"body": 1}'}]}},
            INVALID,
            "Invalid filter pattern definition.",
        ),
        ("sqs", {"FilterCriteria": {"Filters": [{"Pattern": "{"}]}}, INVALID, "Invalid filter pattern definition."),
        ("sqs", {"FilterCriteria": {"Filters": [{"Pattern": '{"a": [1]}'}] * 6}}, INVALID, "at most 5"),
        ("fifo", {"BatchSize": 11}, INVALID, "10 for FIFO"),
        ("fifo", {"MaximumBatchingWindowInSeconds": 1}, INVALID, "FIFO"),
        ("dynamodb", {}, INVALID, "Value null at 'startingPosition'"),
        ("dynamodb", {"StartingPosition": "AT_TIMESTAMP"}, INVALID, "Unsupported starting position"),
        ("dynamodb", {"StartingPosition": "LATEST", "MaximumRetryAttempts": 10001}, "ValidationException", "10000"),
        ("dynamodb", {"StartingPosition": "LATEST", "MaximumRecordAgeInSeconds": 59}, "ValidationException", "60"),
        ("kinesis", {"StartingPosition": "LATEST", "ParallelizationFactor": 11}, "ValidationException", "10"),
        ("kinesis", {"StartingPosition": "LATEST", "ScalingConfig": {"MaximumConcurrency": 2}}, INVALID, "SQS"),
        ("kinesis", {"StartingPosition": "AT_TIMESTAMP"}, INVALID, "StartingPositionTimestamp"),
    ],
)
def test_impossible_mapping(awslambda, sources, refused, source, more, code, word):
    """Is a mapping that AWS refuses refused, and one like it made?"""
    given = {"FunctionName": "f", "EventSourceArn": sources[source]}
    refused(awslambda.create_event_source_mapping, code, word, **{**given, **more})
    legal = {"sqs": {"BatchSize": 100, "MaximumBatchingWindowInSeconds": 1}, "fifo": {"BatchSize": 10}}
    made = awslambda.create_event_source_mapping(**given, **legal.get(source, {"StartingPosition": "TRIM_HORIZON"}))
    assert made["State"] == "Creating"
    assert awslambda.get_event_source_mapping(UUID=made["UUID"])["State"] == "Enabled"


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("arn:aws:sqs:us-east-1:123456789012:none", "AWS.SimpleQueueService.NonExistentQueue"),
        ("arn:aws:dynamodb:us-east-1:123456789012:table/t/stream/none", "Stream not found"),
        ("arn:aws:sns:us-east-1:123456789012:t", "Unrecognized event source."),
    ],
)
def test_missing_source(awslambda, deploy, refused, source, word):
    """Is a source that is not there refused?"""
    deploy(KEEPS)
    more = {"FunctionName": "f", "EventSourceArn": source, "StartingPosition": "LATEST"}
    refused(awslambda.create_event_source_mapping, INVALID, word, **more)


def test_missing_mapping(awslambda, deploy, refused):
    """Is a mapping that is not there said not to be there?"""
    deploy(KEEPS)
    for call in ("get", "update", "delete"):
        made = getattr(awslambda, f"{call}_event_source_mapping")
        refused(made, "ResourceNotFoundException", "does not exist", status=404, UUID=NOBODY)


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("sqs", "does not have permissions to call ReceiveMessage on SQS"),
        ("dynamodb", "ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams"),
    ],
)
def test_role_must_let_lambda_read(awslambda, sources, deploy, refused, role, source, word):
    """Must the role let Lambda read the source?"""
    weak = role(name="weak")
    iam = client("iam")
    iam.detach_role_policy(RoleName="weak", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    deploy(KEEPS, "g", Role=weak)
    given = {"FunctionName": "g", "EventSourceArn": sources[source]}
    given |= {} if source == "sqs" else {"StartingPosition": "LATEST"}
    refused(awslambda.create_event_source_mapping, INVALID, word, **given)
    managed = {"sqs": "AWSLambdaSQSQueueExecutionRole", "dynamodb": "AWSLambdaDynamoDBExecutionRole"}[source]
    iam.attach_role_policy(RoleName="weak", PolicyArn=f"arn:aws:iam::aws:policy/service-role/{managed}")
    awslambda.create_event_source_mapping(**given)


def write(*keys):
    for key in keys:
        client("dynamodb").put_item(TableName="t", Item={"k": {"S": key}})


def test_where_reading_begins(awslambda, sources, invoke):
    """Does TRIM_HORIZON begin with what lies in the stream, and LATEST with what comes?"""
    write("old")
    made = awslambda.create_event_source_mapping(
        FunctionName="f", EventSourceArn=sources["dynamodb"], StartingPosition="LATEST"
    )
    write("new")
    assert invoke()[0] == [["new"]]
    awslambda.delete_event_source_mapping(UUID=made["UUID"])
    awslambda.create_event_source_mapping(
        FunctionName="f", EventSourceArn=sources["dynamodb"], StartingPosition="TRIM_HORIZON"
    )
    assert invoke()[0] == [["new"], ["old", "new"]]


def test_failing_batch(awslambda, sources, invoke):
    """Is a batch retried, bisected and then told to the destination, while the others go on?"""
    url = client("sqs").create_queue(QueueName="failed")["QueueUrl"]
    write("a", "bad", "c")
    awslambda.create_event_source_mapping(
        FunctionName="f",
        EventSourceArn=sources["dynamodb"],
        StartingPosition="TRIM_HORIZON",
        BisectBatchOnFunctionError=True,
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:123456789012:failed"}},
    )
    assert invoke()[0] == [["a", "bad", "c"], ["a"], ["bad", "c"], ["bad"], ["bad"], ["c"]]
    (message,) = client("sqs").receive_message(QueueUrl=url)["Messages"]
    told = json.loads(message["Body"])
    assert told["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert told["DDBStreamBatchInfo"]["batchSize"] == 1


def test_data_stream(awslambda, sources, invoke):
    """Are records of Kinesis read, filtered by their data?"""
    pattern = json.dumps({"data": {"kind": ["order"]}})
    awslambda.create_event_source_mapping(
        FunctionName="f",
        EventSourceArn=sources["kinesis"],
        StartingPosition="LATEST",
        FilterCriteria={"Filters": [{"Pattern": pattern}]},
    )
    for kind in ("order", "note"):
        client("kinesis").put_record(StreamName="s", Data=json.dumps({"kind": kind}), PartitionKey="p")
    assert len(invoke()[0]) == 1


def test_reported_failures_of_a_stream(awslambda, sources, deploy, invoke):
    """Is a batch read again from the record that was reported?"""
    deploy(
        "seen = []\ndef handler(e, c):\n    if 'Records' not in e: return seen\n"
        "    keys = [r['dynamodb']['Keys']['k']['S'] for r in e['Records']]\n    seen.append(keys)\n"
        "    bad = [r['dynamodb']['SequenceNumber'] for r in e['Records'] if r['dynamodb']['Keys']['k']['S'] == 'bad']\n"
        "    return {'batchItemFailures': [{'itemIdentifier': one} for one in bad]}",
        "g",
    )
    write("a", "bad", "c")
    awslambda.create_event_source_mapping(
        FunctionName="g",
        EventSourceArn=sources["dynamodb"],
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=1,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
    assert invoke("g")[0] == [["a", "bad", "c"], ["bad", "c"], ["bad", "c"]]


def test_mapping_of_an_alias_is_shown_as_such(awslambda, sources):
    """Is the alias the function that the mapping names?"""
    awslambda.publish_version(FunctionName="f")
    awslambda.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
    made = awslambda.create_event_source_mapping(FunctionName="f:live", EventSourceArn=sources["sqs"])
    assert made["FunctionArn"].endswith(":f:live")


def test_bucket(awslambda, deploy, invoke):
    """Does a bucket call a function that lets it, and is its configuration refused before?"""
    deploy(
        "seen = []\ndef handler(e, c):\n    seen.extend(e.get('Records', ()))\n    return [r['s3']['object']['key'] for r in seen]"
    )
    s3 = client("s3")
    s3.create_bucket(Bucket="pictures-1")
    arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
    config = {"LambdaFunctionConfigurations": [{"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}]}
    put = {"Bucket": "pictures-1", "NotificationConfiguration": config}
    with pytest.raises(s3.exceptions.ClientError, match="Unable to validate the following destination configurations"):
        s3.put_bucket_notification_configuration(**put)
    awslambda.add_permission(
        FunctionName="f",
        StatementId="s3",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn="arn:aws:s3:::pictures-1",
        SourceAccount="123456789012",
    )
    s3.put_bucket_notification_configuration(**put)
    s3.put_object(Bucket="pictures-1", Key="cat.jpg", Body=b"1")
    assert invoke()[0] == ["cat.jpg"]
    awslambda.remove_permission(FunctionName="f", StatementId="s3")
    s3.put_object(Bucket="pictures-1", Key="dog.jpg", Body=b"1")
    assert invoke()[0] == ["cat.jpg"]
