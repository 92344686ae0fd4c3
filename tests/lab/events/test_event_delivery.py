"""PutEvents, and who gets the events: by patterns, policies and roles."""

import json

import boto3
import pytest

ACCOUNT = "123456789012"
ARN = f"arn:aws:sqs:us-east-1:{ACCOUNT}:"
RULE = f"arn:aws:events:us-east-1:{ACCOUNT}:rule/r"


@pytest.fixture
def queue(_fresh):
    """Make a queue that lets EventBridge send, unless said otherwise; gives a function that reads it."""
    sqs = boto3.client("sqs")

    def queue(name="q", service="events.amazonaws.com", source=None, **attributes):
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sqs:SendMessage",
            "Resource": ARN + name,
            **({"Condition": {"ArnEquals": {"aws:SourceArn": source}}} if source else {}),
        }
        if service:
            attributes["Policy"] = json.dumps({"Version": "2012-10-17", "Statement": statement})
        url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

        def read():
            call = {"QueueUrl": url, "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"]}
            found = sqs.receive_message(**call).get("Messages", [])
            for message in found:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            return found

        return read

    return queue


@pytest.fixture
def route(events):
    """Make the rule `r` for events of the shop, with these targets."""

    def route(*targets, pattern='{"source": ["shop"]}', bus="default"):
        events.put_rule(Name="r", EventPattern=pattern, EventBusName=bus)
        listed = [{"Id": str(place), **one} for place, one in enumerate(targets)]
        events.put_targets(Rule="r", Targets=listed, EventBusName=bus)

    return route


@pytest.fixture
def put(events):
    def put(detail=None, source="shop", **more):
        entry = {"Source": source, "DetailType": "order", "Detail": json.dumps(detail or {}), **more}
        return events.put_events(Entries=[entry])

    return put


def bodies(messages):
    return [json.loads(one["Body"]) for one in messages]


def test_an_event_as_it_arrives(queue, route, put):
    """Does a queue get the whole event, with the id of the answer?"""
    read = queue()
    route({"Arn": ARN + "q"})
    answer = put({"total": 12}, Resources=["arn:aws:s3:::b"])
    [event] = bodies(read())
    assert event["id"] == answer["Entries"][0]["EventId"] and event["detail"] == {"total": 12}
    assert (event["version"], event["account"], event["region"]) == ("0", ACCOUNT, "us-east-1")
    assert event["resources"] == ["arn:aws:s3:::b"] and event["time"].endswith("Z") and "ingestion-time" not in event


def test_only_what_matches_is_sent(queue, route, put, events):
    """Does a pattern choose, a disabled rule do nothing, and a schedule get no events?"""
    read = queue()
    route({"Arn": ARN + "q"}, pattern='{"source": ["shop"], "detail": {"total": [{"numeric": [">", 10]}]}}')
    events.put_rule(Name="hourly", ScheduleExpression="rate(1 hour)")
    events.put_targets(Rule="hourly", Targets=[{"Id": "q", "Arn": ARN + "q"}])
    put({"total": 9})
    put({"total": 11}, source="bank")
    put({"total": 11})
    assert [one["detail"]["total"] for one in bodies(read())] == [11]
    events.disable_rule(Name="r")
    put({"total": 11})
    assert read() == []


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ({"Input": '{"fixed": 1}'}, '{"fixed": 1}'),
        ({"InputPath": "$.detail.items[1]"}, '"b"'),
        (
            {
                "InputTransformer": {
                    "InputPathsMap": {"n": "$.detail.n", "s": "$.source"},
                    "InputTemplate": '{"n": <n>, "s": <s>}',
                }
            },
            '{"n": 2, "s": "shop"}',
        ),
        (
            {
                "InputTransformer": {
                    "InputPathsMap": {"n": "$.detail.n"},
                    "InputTemplate": '"<aws.events.rule-name> had <n>"',
                }
            },
            '"r had 2"',
        ),
    ],
)
def test_inputs(queue, route, put, target, text):
    """Are constants, parts and templates what the target gets?"""
    read = queue()
    route({"Arn": ARN + "q", **target})
    put({"n": 2, "items": ["a", "b"]})
    assert [one["Body"] for one in read()] == [text]


@pytest.mark.parametrize(
    ("policy", "arrives"),
    [
        ({"service": ""}, False),
        ({"service": "sns.amazonaws.com"}, False),
        ({"source": RULE}, True),
        ({"source": RULE + "x"}, False),
    ],
)
def test_a_queue_must_let_eventbridge_in(queue, route, put, policy, arrives):
    """Does the queue's own policy decide, and PutEvents say nothing about it?"""
    read = queue(**policy)
    route({"Arn": ARN + "q"})
    assert put()["FailedEntryCount"] == 0
    assert len(read()) == int(arrives)


def test_what_cannot_be_delivered_goes_to_the_dead_letter_queue(queue, route, put):
    """Does the message say which rule and target, and why?"""
    queue(service="")
    dead = queue("dead")
    route({"Arn": ARN + "q", "DeadLetterConfig": {"Arn": ARN + "dead"}})
    put({"total": 1})
    [message] = dead()
    told = {name: one["StringValue"] for name, one in message["MessageAttributes"].items()}
    assert (told["RULE_ARN"], told["TARGET_ARN"], told["ERROR_CODE"]) == (RULE, ARN + "q", "NO_PERMISSIONS")
    assert json.loads(message["Body"])["detail"] == {"total": 1}


def test_an_encrypted_queue_needs_a_key_that_lets_eventbridge_in(queue, route, put):
    """Is the default policy of a key not enough?"""
    kms = boto3.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    read = queue(KmsMasterKeyId=key)
    route({"Arn": ARN + "q"})
    put()
    assert read() == []
    policy = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    allow = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Resource": "*"}
    policy["Statement"].append({**allow, "Action": ["kms:GenerateDataKey", "kms:Decrypt"]})
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(policy))
    put()
    assert len(read()) == 1


def test_a_topic_must_let_eventbridge_in(queue, route, put):
    """Does the default policy of a topic keep EventBridge out, where it lets the account's own in?"""
    sns = boto3.client("sns")
    read = queue(service="sns.amazonaws.com")
    topic = sns.create_topic(Name="t")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=ARN + "q")
    route({"Arn": topic})
    put()
    assert read() == []
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    put({"total": 3})
    [notification] = bodies(read())
    assert json.loads(notification["Message"])["detail"] == {"total": 3}


def test_a_log_group_needs_a_resource_policy(route, put, logs):
    """Is a policy of CloudWatch Logs needed for events in a log group?"""
    logs.create_log_group(logGroupName="/aws/events/shop")
    arn = logs.describe_log_groups()["logGroups"][0]["logGroupArn"]
    route({"Arn": arn})
    put()
    assert logs.filter_log_events(logGroupName="/aws/events/shop")["events"] == []
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": ["events.amazonaws.com", "delivery.logs.amazonaws.com"]},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"{arn}:*",
    }
    logs.put_resource_policy(
        policyName="events", policyDocument=json.dumps({"Version": "2012-10-17", "Statement": statement})
    )
    put({"total": 4})
    [event] = logs.filter_log_events(logGroupName="/aws/events/shop", filterPattern="{ $.detail.total = 4 }")["events"]
    assert json.loads(event["message"])["source"] == "shop"


def test_a_function_beside_a_queue(queue, route, put, deploy, awslambda, logs):
    """Do both targets of one rule get the event, the function if its policy allows?"""
    read = queue()
    arn = deploy("def handler(event, context):\n    print('GOT', event['detail']['total'])\n")["FunctionArn"]
    awslambda.add_permission(
        FunctionName="f",
        StatementId="e",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=RULE,
    )
    route({"Arn": ARN + "q"}, {"Arn": arn})
    put({"total": 5})
    assert len(read()) == 1
    found = logs.filter_log_events(logGroupName="/aws/lambda/f", filterPattern="GOT")["events"]
    assert [one["message"].strip() for one in found] == ["GOT 5"]


MACHINE = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})


@pytest.mark.parametrize(("trusted", "started"), [("events.amazonaws.com", 1), ("lambda.amazonaws.com", 0)])
def test_a_state_machine_needs_a_role_that_eventbridge_may_assume(route, put, role, trusted, started):
    """Does the trust policy of the target's role decide?"""
    states = boto3.client("stepfunctions")
    own = role("states.amazonaws.com", "machine")
    arn = states.create_state_machine(name="m", definition=MACHINE, roleArn=own)["stateMachineArn"]
    route({"Arn": arn, "RoleArn": role(trusted, "target")})
    put()
    assert len(states.list_executions(stateMachineArn=arn)["executions"]) == started


def test_from_bus_to_bus(queue, route, put, events):
    """Does a rule forward events to another bus, where other rules see them?"""
    read = queue()
    bus = events.create_event_bus(Name="orders")["EventBusArn"]
    events.put_rule(Name="all", EventPattern='{"detail": {"total": [{"exists": true}]}}', EventBusName="orders")
    events.put_targets(Rule="all", EventBusName="orders", Targets=[{"Id": "q", "Arn": ARN + "q"}])
    route({"Arn": bus})
    put({"total": 6})
    put({"total": 7}, EventBusName="orders")
    put({"total": 8}, EventBusName="gone")
    assert [one["detail"]["total"] for one in bodies(read())] == [6, 7]


def test_a_circle_of_buses_ends(queue, route, put, events):
    """Does an event that is sent round and round stop?"""
    read = queue()
    bus = events.create_event_bus(Name="orders")["EventBusArn"]
    events.put_rule(Name="back", EventPattern='{"source": ["shop"]}', EventBusName="orders")
    default = bus.replace("orders", "default")
    events.put_targets(
        Rule="back", EventBusName="orders", Targets=[{"Id": "b", "Arn": default}, {"Id": "q", "Arn": ARN + "q"}]
    )
    route({"Arn": bus})
    put()
    assert 1 <= len(read()) <= 5


def test_archives_still_replay(queue, route, put, events):
    """Do archived events come again, as moto does it?"""
    read = queue()
    route({"Arn": ARN + "q"})
    bus = f"arn:aws:events:us-east-1:{ACCOUNT}:event-bus/default"
    archive = events.create_archive(ArchiveName="a", EventSourceArn=bus)["ArchiveArn"]
    put({"total": 9})
    read()
    times = {"EventStartTime": "2020-01-01T00:00:00Z", "EventEndTime": "2040-01-01T00:00:00Z"}
    events.start_replay(ReplayName="again", EventSourceArn=archive, Destination={"Arn": bus}, **times)
    [event] = bodies(read())
    assert event["detail"] == {"total": 9} and event["replay-name"] == "again"


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"Source": None}, "InvalidArgument"),
        ({"DetailType": None}, "InvalidArgument"),
        ({"Detail": None}, "InvalidArgument"),
        ({"Detail": "text"}, "MalformedDetail"),
        ({"Detail": "[1]"}, "MalformedDetail"),
        ({"Detail": '"text"'}, "MalformedDetail"),
        ({"Source": "aws.ec2"}, "NotAuthorizedForSourceException"),
        ({"DetailType": "x" * 129}, "InvalidArgument"),
    ],
)
def test_entries_fail_one_by_one(events, entry, code):
    """Does a bad entry fail beside a good one, with HTTP status 200?"""
    good = {"Source": "shop", "DetailType": "order", "Detail": "{}"}
    bad = {name: one for name, one in {**good, **entry}.items() if one is not None}
    answer = events.put_events(Entries=[bad, good])
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"][0]["ErrorCode"] == code and "EventId" in answer["Entries"][1]


def test_sizes(events, refused):
    """Are more than ten entries, and more than 1 MB in all of them, refused as a whole?"""
    entry = {"Source": "shop", "DetailType": "order", "Detail": "{}"}
    refused(events.put_events, "ValidationException", "less than or equal to 10", Entries=[entry] * 11)
    large = {**entry, "Detail": json.dumps({"x": "y" * 600_000})}
    words = "Total size of the entries in the request is over the limit."
    refused(events.put_events, "ValidationException", words, Entries=[large, large])
    assert events.put_events(Entries=[large])["FailedEntryCount"] == 0
