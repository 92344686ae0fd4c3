"""Amazon SQS, SNS and EventBridge, Parameter Store, Secrets Manager, KMS and AppConfig, used together."""

from __future__ import annotations

import datetime
import json

from course import lab

from .account import ACCOUNT, allow, deny, policy
from .notation import Probes

probes = Probes()
probe = probes
# Not answered as AWS answers, so far; each is taken out of here as soon as it is.
not_yet: set[str] = set()


def open_queue(aws, url, service="sns.amazonaws.com", **more):
    arn = aws.queue_arn(url)
    aws.sqs.set_queue_attributes(
        QueueUrl=url,
        Attributes={"Policy": policy(allow("sqs:SendMessage", on=arn, Principal={"Service": service}, **more))},
    )
    return arn


def subscribed(aws, topic=None, name="q", **attributes):
    topic = topic or aws.topic()
    url = aws.queue(name)
    aws.sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=open_queue(aws, url), Attributes=attributes, ReturnSubscriptionArn=True
    )
    return topic, url


# SQS


@probe("defense-in-depth")
def the_attributes_of_a_new_queue(aws):
    got = aws.sqs.get_queue_attributes(QueueUrl=aws.queue(), AttributeNames=["All"])["Attributes"]
    wanted = {
        "VisibilityTimeout": "30",
        "MaximumMessageSize": "1048576",
        "MessageRetentionPeriod": "345600",
        "DelaySeconds": "0",
        "ReceiveMessageWaitTimeSeconds": "0",
        "ApproximateNumberOfMessages": "0",
        "ApproximateNumberOfMessagesNotVisible": "0",
        "ApproximateNumberOfMessagesDelayed": "0",
        "SqsManagedSseEnabled": "true",
    }
    assert {k: got.get(k) for k in wanted} == wanted, got
    assert "CreatedTimestamp" in got and "LastModifiedTimestamp" in got and "Policy" not in got


@probe("orchestration")
def a_message_comes_with_its_hash(aws):
    url = aws.queue()
    sent = aws.sqs.send_message(QueueUrl=url, MessageBody="hello")
    assert sent["MD5OfMessageBody"] == "5d41402abc4b2a76b9719d911017c592"
    got = aws.sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"])["Messages"][0]
    assert got["MessageId"] == sent["MessageId"] and got["Attributes"]["ApproximateReceiveCount"] == "1"
    assert got["Attributes"]["SenderId"] and int(got["Attributes"]["SentTimestamp"]) > 1e12


@probe("orchestration")
def an_empty_queue_has_no_messages_key(aws):
    assert "Messages" not in aws.sqs.receive_message(QueueUrl=aws.queue())


@probe("orchestration")
def make_a_message_visible_at_once(aws):
    url = aws.queue()
    aws.sqs.send_message(QueueUrl=url, MessageBody="x")
    one = aws.received(url)[0]
    assert aws.received(url) == []
    aws.sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"], VisibilityTimeout=0)
    assert len(aws.received(url)) == 1


@probe("orchestration")
def three_receives_and_it_is_dead(aws):
    dead = aws.queue("dead")
    url = aws.queue(
        "work",
        VisibilityTimeout="0",
        RedrivePolicy=json.dumps({"deadLetterTargetArn": aws.queue_arn(dead), "maxReceiveCount": 3}),
    )
    aws.sqs.send_message(QueueUrl=url, MessageBody="x")
    assert [len(aws.received(url)) for _ in range(4)] == [1, 1, 1, 0]
    assert len(aws.received(dead)) == 1
    assert aws.sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"] == [url]


@probe("orchestration")
def a_fifo_queue_keeps_order_and_removes_duplicates(aws):
    url = aws.queue("q.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    for body in ("1", "2", "2", "3"):
        aws.sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId="g")
    assert [one["Body"] for one in aws.received(url)] == ["1", "2", "3"]
    aws.sqs.send_message(QueueUrl=url, MessageBody="4", MessageGroupId="g")
    assert aws.received(url) == []


def sent(aws, body="x", fifo=False, attributes=None, **more):
    url = aws.queue("q.fifo", FifoQueue="true") if fifo else aws.queue("q", **(attributes or {}))
    aws.sqs.send_message(QueueUrl=url, MessageBody=body, **more)


probes.table(
    "orchestration",
    sent,
    {
        "a_fifo_message_without_group": ("MissingParameter", {"fifo": True}),
        "a_fifo_message_without_deduplication": ("InvalidParameterValue", {"fifo": True, "MessageGroupId": "g"}),
        "a_fifo_message_with_delay": (
            "InvalidParameterValue",
            {"fifo": True, "MessageGroupId": "g", "MessageDeduplicationId": "d", "DelaySeconds": 5},
        ),
        "a_delay_of_901": ("InvalidParameterValue", {"DelaySeconds": 901}),
        "an_empty_message": ("MissingParameter", {"body": ""}),
        "a_message_above_a_mebibyte": ("InvalidParameterValue", {"body": "x" * 1048577}),
        "a_message_above_the_queues_limit": (
            "InvalidParameterValue",
            {"body": "x" * 2000, "attributes": {"MaximumMessageSize": "1024"}},
        ),
        "an_attribute_without_type": (
            "InvalidParameterValue",
            {"MessageAttributes": {"a": {"DataType": "Text", "StringValue": "x"}}},
        ),
        "a_number_that_is_no_number": (
            "InvalidParameterValue",
            {"MessageAttributes": {"a": {"DataType": "Number", "StringValue": "x"}}},
        ),
        "a_group_in_a_standard_queue": ("ok", {"MessageGroupId": "tenant"}),
    },
)


def queue_with(aws, name="q", **attributes):
    aws.queue(name, **attributes)


probes.table(
    "orchestration",
    queue_with,
    {
        "a_visibility_of_43201": ("InvalidAttributeValue", {"VisibilityTimeout": "43201"}),
        "kept_for_59_seconds": ("InvalidAttributeValue", {"MessageRetentionPeriod": "59"}),
        "waits_for_21_seconds": ("InvalidAttributeValue", {"ReceiveMessageWaitTimeSeconds": "21"}),
        "an_attribute_there_is_not": ("InvalidAttributeName", {"Colour": "red"}),
        "fifo_without_suffix": ("InvalidParameterValue", {"FifoQueue": "true"}),
        "suffix_without_fifo": ("InvalidParameterValue", {"name": "q.fifo"}),
        "redrive_to_nobody": (
            "InvalidParameterValue|AWS.SimpleQueueService.NonExistentQueue",
            {
                "RedrivePolicy": json.dumps(
                    {"deadLetterTargetArn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:no", "maxReceiveCount": 3}
                )
            },
        ),
        "a_queue_policy_that_is_no_json": ("InvalidAttributeValue", {"Policy": "{"}),
    },
)


@probe("orchestration", "QueueAlreadyExists|QueueNameExists")
def the_same_queue_with_another_attribute(aws):
    aws.queue(VisibilityTimeout="10")
    yield
    aws.queue(VisibilityTimeout="20")


@probe("orchestration", "AWS.SimpleQueueService.NonExistentQueue|QueueDoesNotExist")
def the_url_of_a_queue_that_is_not_there(aws):
    aws.sqs.get_queue_url(QueueName="no")


@probe("orchestration", "ReceiptHandleIsInvalid")
def delete_with_a_made_up_handle(aws):
    url = aws.queue()
    yield
    aws.sqs.delete_message(QueueUrl=url, ReceiptHandle="abc")


@probe("orchestration", "AWS.SimpleQueueService.BatchEntryIdsNotDistinct|BatchEntryIdsNotDistinct")
def a_batch_with_one_id_twice(aws):
    url = aws.queue()
    yield
    aws.sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "1"}, {"Id": "a", "MessageBody": "2"}])


@probe("orchestration", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest|TooManyEntriesInBatchRequest")
def a_batch_of_eleven(aws):
    url = aws.queue()
    yield
    aws.sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(n), "MessageBody": "1"} for n in range(11)])


@probe("orchestration")
def queues_as_resources(aws):
    import boto3

    sqs = boto3.resource("sqs", region_name="us-east-1")
    queue = sqs.create_queue(QueueName="q", tags={"team": "a"})
    queue.send_message(MessageBody="hi")
    [message] = queue.receive_messages()
    assert message.body == "hi"
    message.delete()
    queue.load()
    assert (
        queue.attributes["ApproximateNumberOfMessages"] == "0"
        and queue.attributes["ApproximateNumberOfMessagesNotVisible"] == "0"
    )
    assert aws.sqs.list_queue_tags(QueueUrl=queue.url)["Tags"] == {"team": "a"}
    assert sqs.get_queue_by_name(QueueName="q").url == queue.url


@probe("orchestration")
def purge_a_queue(aws):
    url = aws.queue()
    aws.sqs.send_message(QueueUrl=url, MessageBody="x")
    aws.sqs.purge_queue(QueueUrl=url)
    assert aws.received(url) == []


@probe("orchestration", "AWS.SimpleQueueService.PurgeQueueInProgress|PurgeQueueInProgress")
def purge_a_queue_twice(aws):
    url = aws.queue()
    aws.sqs.purge_queue(QueueUrl=url)
    yield
    aws.sqs.purge_queue(QueueUrl=url)


@probe("defense-in-depth", "AccessDenied|AccessDeniedException")
def a_queue_that_denies_http_and_ana(aws):
    url = aws.queue()
    ana = aws.user("ana", allow("sqs:*"))
    aws.sqs.set_queue_attributes(
        QueueUrl=url,
        Attributes={
            "Policy": policy(
                deny("sqs:SendMessage", on=aws.queue_arn(url), Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:user/ana"})
            )
        },
    )
    yield
    ana.sqs.send_message(QueueUrl=url, MessageBody="x")


@probe("orchestration")
def move_the_dead_back(aws):
    dead = aws.queue("dead")
    url = aws.queue(
        "work",
        VisibilityTimeout="0",
        RedrivePolicy=json.dumps({"deadLetterTargetArn": aws.queue_arn(dead), "maxReceiveCount": 1}),
    )
    aws.sqs.send_message(QueueUrl=url, MessageBody="x")
    aws.received(url), aws.received(url)
    aws.sqs.start_message_move_task(SourceArn=aws.queue_arn(dead))
    task = aws.sqs.list_message_move_tasks(SourceArn=aws.queue_arn(dead))["Results"][0]
    assert task["Status"] == "COMPLETED" and task["ApproximateNumberOfMessagesMoved"] == 1
    assert len(aws.received(url)) == 1


# SNS


@probe("defense-in-depth")
def a_topic_without_queue_policy_delivers_nothing(aws):
    topic, url = aws.topic(), aws.queue()
    aws.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=aws.queue_arn(url))
    aws.sns.publish(TopicArn=topic, Message="x")
    assert aws.received(url) == []


@probe("defense-in-depth")
def a_queue_policy_for_one_topic(aws):
    a, b, url = aws.topic("a"), aws.topic("b"), aws.queue()
    arn = open_queue(aws, url, Condition={"ArnEquals": {"aws:SourceArn": a}})
    for topic in (a, b):
        aws.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        aws.sns.publish(TopicArn=topic, Message=topic)
    assert [json.loads(one["Body"])["Message"] for one in aws.received(url)] == [a]


@probe("orchestration")
def the_envelope_of_a_notification(aws):
    topic, url = subscribed(aws)
    sent = aws.sns.publish(
        TopicArn=topic, Message="m", Subject="s", MessageAttributes={"k": {"DataType": "String", "StringValue": "v"}}
    )
    body = json.loads(aws.received(url)[0]["Body"])
    assert body["Type"] == "Notification" and body["MessageId"] == sent["MessageId"] and body["TopicArn"] == topic
    assert body["Subject"] == "s" and body["MessageAttributes"] == {"k": {"Type": "String", "Value": "v"}}
    assert (
        body["SignatureVersion"] == "1"
        and body["UnsubscribeURL"].startswith("https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe")
        and body["SigningCertURL"]
    )


def filtered(aws, policy_text, scope, messages, wanted):
    topic, url = subscribed(
        aws, FilterPolicy=json.dumps(policy_text), FilterPolicyScope=scope, RawMessageDelivery="true"
    )
    for n, (body, attributes) in enumerate(messages):
        aws.sns.publish(
            TopicArn=topic,
            Message=body if isinstance(body, str) else json.dumps({**body, "id": n}),
            MessageAttributes=attributes,
        )
    got = aws.received(url)
    assert len(got) == wanted, [one["Body"] for one in got]


S = lambda v: {"DataType": "String", "StringValue": v}
N = lambda v: {"DataType": "Number", "StringValue": v}
probes.table(
    "orchestration",
    filtered,
    {
        "filter_by_an_attribute": (
            "ok",
            {
                "policy_text": {"kind": ["order"]},
                "scope": "MessageAttributes",
                "messages": [("a", {"kind": S("order")}), ("b", {"kind": S("note")}), ("c", {})],
                "wanted": 1,
            },
        ),
        "filter_by_anything_but": (
            "ok",
            {
                "policy_text": {"kind": [{"anything-but": ["note"]}]},
                "scope": "MessageAttributes",
                "messages": [("a", {"kind": S("order")}), ("b", {"kind": S("note")}), ("c", {})],
                "wanted": 1,
            },
        ),
        "filter_by_a_range": (
            "ok",
            {
                "policy_text": {"p": [{"numeric": [">=", 10, "<", 20]}]},
                "scope": "MessageAttributes",
                "messages": [
                    ("a", {"p": N("10")}),
                    ("b", {"p": N("20")}),
                    ("c", {"p": N("15.5")}),
                    ("d", {"p": S("15")}),
                ],
                "wanted": 2,
            },
        ),
        "filter_by_a_prefix_or_absence": (
            "ok",
            {
                "policy_text": {"k": [{"prefix": "eu-"}, {"exists": False}]},
                "scope": "MessageAttributes",
                "messages": [("a", {"k": S("eu-west")}), ("b", {"k": S("us")}), ("c", {})],
                "wanted": 2,
            },
        ),
        "filter_by_the_body": (
            "ok",
            {
                "policy_text": {"o": {"p": [{"numeric": [">", 5]}]}},
                "scope": "MessageBody",
                "messages": [({"o": {"p": 6}}, {}), ({"o": {"p": 5}}, {}), ("no json", {})],
                "wanted": 1,
            },
        ),
        "filter_by_a_list_attribute": (
            "ok",
            {
                "policy_text": {"k": ["b"]},
                "scope": "MessageAttributes",
                "messages": [("a", {"k": {"DataType": "String.Array", "StringValue": '["a", "b"]'}})],
                "wanted": 1,
            },
        ),
        "filter_with_or": (
            "ok",
            {
                "policy_text": {"$or": [{"a": ["1"]}, {"b": ["2"]}]},
                "scope": "MessageAttributes",
                "messages": [("a", {"a": S("1")}), ("b", {"b": S("2")}), ("c", {"a": S("3")})],
                "wanted": 2,
            },
        ),
        "filter_by_suffix_and_case": (
            "ok",
            {
                "policy_text": {"k": [{"suffix": ".png"}, {"equals-ignore-case": "CAT"}]},
                "scope": "MessageAttributes",
                "messages": [("a", {"k": S("x.png")}), ("b", {"k": S("cat")}), ("c", {"k": S("dog")})],
                "wanted": 2,
            },
        ),
    },
)


@probe("orchestration", "InvalidParameter")
def a_filter_whose_value_is_no_list(aws):
    topic, url = subscribed(aws)
    sub = aws.sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"][0]["SubscriptionArn"]
    yield
    aws.sns.set_subscription_attributes(
        SubscriptionArn=sub, AttributeName="FilterPolicy", AttributeValue='{"kind": "order"}'
    )


@probe("orchestration")
def a_fifo_topic_to_a_fifo_queue(aws):
    topic = aws.topic("t.fifo", FifoTopic="true", ContentBasedDeduplication="true")
    url = aws.queue("q.fifo", FifoQueue="true")
    aws.sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=open_queue(aws, url), Attributes={"RawMessageDelivery": "true"}
    )
    for m in "1223":
        aws.sns.publish(TopicArn=topic, Message=m, MessageGroupId="g")
    assert [one["Body"] for one in aws.received(url)] == ["1", "2", "3"]


@probe("orchestration")
def a_subscription_with_a_dead_letter_queue(aws):
    topic, url, dead = aws.topic(), aws.queue(), aws.queue("dead")
    sub = aws.sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=aws.queue_arn(url),
        Attributes={"RedrivePolicy": json.dumps({"deadLetterTargetArn": open_queue(aws, dead)})},
    )["SubscriptionArn"]
    aws.sns.publish(TopicArn=topic, Message="x")
    assert len(aws.received(dead)) == 1
    assert "RedrivePolicy" in aws.sns.get_subscription_attributes(SubscriptionArn=sub)["Attributes"]


def published(aws, fifo=False, **more):
    topic = aws.topic("t.fifo", FifoTopic="true") if fifo else aws.topic()
    aws.sns.publish(TopicArn=topic, **{"Message": "x", **more})


probes.table(
    "orchestration",
    published,
    {
        "an_empty_notification": ("InvalidParameter", {"Message": ""}),
        "a_subject_of_101": ("InvalidParameter", {"Subject": "x" * 101}),
        "a_fifo_notification_without_group": ("InvalidParameter", {"fifo": True}),
        "a_structure_without_default": ("InvalidParameter", {"MessageStructure": "json", "Message": '{"sqs": "x"}'}),
        "a_notification_of_300_kb": ("InvalidParameter", {"Message": "x" * 300000}),
    },
)


def subscribe_to(aws, protocol, endpoint, topic="t", **more):
    topic = aws.topic("t.fifo", FifoTopic="true") if topic.endswith(".fifo") else aws.topic()
    if endpoint == "queue":
        endpoint = aws.queue_arn(aws.queue())
    aws.sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint, **more)


probes.table(
    "orchestration",
    subscribe_to,
    {
        "subscribe_the_url_of_a_queue": (
            "InvalidParameter",
            {"protocol": "sqs", "endpoint": f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/q"},
        ),
        "subscribe_by_an_unknown_protocol": ("InvalidParameter", {"protocol": "pigeon", "endpoint": "x"}),
        "subscribe_what_is_no_address": ("InvalidParameter", {"protocol": "email", "endpoint": "ana"}),
        "subscribe_http_as_https": ("InvalidParameter", {"protocol": "https", "endpoint": "http://example.com"}),
        "subscribe_an_address": ("ok", {"protocol": "email", "endpoint": "ana@example.com"}),
        "a_fifo_topic_by_mail": (
            "InvalidParameter",
            {"topic": "t.fifo", "protocol": "email", "endpoint": "ana@example.com"},
        ),
    },
)


@probe("orchestration")
def an_address_waits_for_confirmation(aws):
    topic = aws.topic()
    assert (
        aws.sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ana@example.com")["SubscriptionArn"]
        == "pending confirmation"
    )
    found = aws.sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"][0]
    assert found["SubscriptionArn"] == "PendingConfirmation" and found["Owner"] == ACCOUNT
    attributes = aws.sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert attributes["SubscriptionsPending"] == "1" and attributes["SubscriptionsConfirmed"] == "0"


@probe("orchestration", "NotFound")
def publish_to_nobody(aws):
    aws.sns.publish(TopicArn=f"arn:aws:sns:us-east-1:{ACCOUNT}:no", Message="x")


@probe("orchestration")
def a_topic_twice_and_gone(aws):
    one = aws.topic()
    assert aws.topic() == one
    aws.sns.delete_topic(TopicArn=one)
    aws.sns.delete_topic(TopicArn=one)
    assert aws.sns.list_topics()["Topics"] == []


# EventBridge


def matches(aws, pattern, detail, wanted, **more):
    event = {
        "id": "1",
        "account": ACCOUNT,
        "source": "shop",
        "time": "2026-01-01T00:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail-type": "order",
        "detail": detail,
        **more,
    }
    got = aws.events.test_event_pattern(EventPattern=json.dumps(pattern), Event=json.dumps(event))["Result"]
    assert got is wanted, got


probes.table(
    "orchestration",
    matches,
    {
        "pattern_of_a_source": ("ok", {"pattern": {"source": ["shop"]}, "detail": {}, "wanted": True}),
        "pattern_of_a_number": (
            "ok",
            {"pattern": {"detail": {"p": [{"numeric": [">", 5, "<=", 10]}]}}, "detail": {"p": 10}, "wanted": True},
        ),
        "pattern_of_a_wildcard": (
            "ok",
            {"pattern": {"detail": {"k": [{"wildcard": "a*z"}]}}, "detail": {"k": "abcz"}, "wanted": True},
        ),
        "pattern_of_what_is_not_there": (
            "ok",
            {"pattern": {"detail": {"k": [{"exists": False}]}}, "detail": {"k": "x"}, "wanted": False},
        ),
        "pattern_of_anything_but_prefix": (
            "ok",
            {
                "pattern": {"detail": {"k": [{"anything-but": {"prefix": "a"}}]}},
                "detail": {"k": "abc"},
                "wanted": False,
            },
        ),
        "pattern_of_an_address": (
            "ok",
            {"pattern": {"detail": {"ip": [{"cidr": "10.0.0.0/24"}]}}, "detail": {"ip": "10.0.0.9"}, "wanted": True},
        ),
        "pattern_of_a_list": ("ok", {"pattern": {"detail": {"k": ["b"]}}, "detail": {"k": ["a", "b"]}, "wanted": True}),
        "pattern_with_or": (
            "ok",
            {"pattern": {"$or": [{"source": ["x"]}, {"detail": {"k": [1]}}]}, "detail": {"k": 1}, "wanted": True},
        ),
        "pattern_that_is_no_list": (
            "InvalidEventPatternException",
            {"pattern": {"source": "shop"}, "detail": {}, "wanted": True},
        ),
    },
)


def ruled(aws, **more):
    aws.events.put_rule(Name="r", **more)


probes.table(
    "orchestration",
    ruled,
    {
        "a_rule_every_five_minutes": ("ok", {"ScheduleExpression": "rate(5 minutes)"}),
        "a_rule_every_minutes": ("ValidationException", {"ScheduleExpression": "rate(1 minutes)"}),
        "a_rule_with_unix_cron": ("ValidationException", {"ScheduleExpression": "cron(0 12 * * *)"}),
        "a_rule_with_cron": ("ok", {"ScheduleExpression": "cron(0 12 ? * MON-FRI *)"}),
        "a_rule_without_anything": ("ValidationException", {}),
        "a_rule_of_bad_json": ("InvalidEventPatternException", {"EventPattern": "{source"}),
        "a_rule_on_a_bus_that_is_not_there": (
            "ResourceNotFoundException",
            {"EventPattern": '{"source": ["a"]}', "EventBusName": "no"},
        ),
    },
)


@probe("orchestration")
def a_rule_switched_off(aws):
    url = aws.queue()
    arn = open_queue(aws, url, "events.amazonaws.com")
    aws.events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    aws.events.put_targets(Rule="r", Targets=[{"Id": "q", "Arn": arn, "InputPath": "$.detail"}])
    send = lambda n: aws.events.put_events(
        Entries=[{"Source": "shop", "DetailType": "o", "Detail": json.dumps({"n": n})}]
    )
    aws.events.disable_rule(Name="r")
    send(1)
    aws.events.enable_rule(Name="r")
    assert send(2)["FailedEntryCount"] == 0
    assert [json.loads(one["Body"]) for one in aws.received(url)] == [{"n": 2}]


@probe("defense-in-depth")
def a_queue_that_does_not_let_events_in(aws):
    url = aws.queue()
    aws.events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    aws.events.put_targets(Rule="r", Targets=[{"Id": "q", "Arn": aws.queue_arn(url)}])
    aws.events.put_events(Entries=[{"Source": "shop", "DetailType": "o", "Detail": "{}"}])
    assert aws.received(url) == []


@probe("orchestration", "ValidationException")
def delete_a_rule_with_targets(aws):
    aws.events.put_rule(Name="r", EventPattern='{"source": ["shop"]}')
    aws.events.put_targets(Rule="r", Targets=[{"Id": "q", "Arn": aws.queue_arn(aws.queue())}])
    yield
    aws.events.delete_rule(Name="r")


@probe("orchestration")
def an_event_with_bad_detail(aws):
    got = aws.events.put_events(
        Entries=[
            {"Source": "shop", "DetailType": "o", "Detail": "no json"},
            {"Source": "shop", "DetailType": "o", "Detail": "{}"},
            {"Source": "aws.ec2", "DetailType": "o", "Detail": "{}"},
        ]
    )
    assert got["FailedEntryCount"] == 2, got
    assert (
        got["Entries"][0]["ErrorCode"] == "MalformedDetail"
        and got["Entries"][1]["EventId"]
        and got["Entries"][2]["ErrorCode"] == "NotAuthorizedForSourceException"
    ), got


@probe("orchestration")
def a_bus_of_ones_own(aws):
    url = aws.queue()
    arn = open_queue(aws, url, "events.amazonaws.com")
    bus = aws.events.create_event_bus(Name="shop")["EventBusArn"]
    rule = aws.events.put_rule(Name="r", EventBusName="shop", EventPattern='{"detail-type": [{"prefix": "order"}]}')[
        "RuleArn"
    ]
    assert rule.endswith(":rule/shop/r") and bus.endswith(":event-bus/shop")
    aws.events.put_targets(Rule="r", EventBusName="shop", Targets=[{"Id": "q", "Arn": arn}])
    for name in ("shop", "default"):
        aws.events.put_events(
            Entries=[
                {"Source": "s", "DetailType": "order.made", "Detail": json.dumps({"bus": name}), "EventBusName": name}
            ]
        )
    got = [json.loads(one["Body"]) for one in aws.received(url)]
    assert [one["detail"]["bus"] for one in got] == ["shop"]
    assert set(got[0]) == {
        "version",
        "id",
        "detail-type",
        "source",
        "account",
        "time",
        "region",
        "resources",
        "detail",
    }, set(got[0])


# Parameter Store


@probe("configuration")
def a_tree_of_parameters(aws):
    for name, value in {"/app/prod/url": "u", "/app/prod/db/host": "h", "/app/test/url": "t"}.items():
        aws.ssm.put_parameter(Name=name, Value=value, Type="String")
    names = lambda **more: [
        one["Name"] for one in aws.ssm.get_parameters_by_path(Path="/app/prod", **more)["Parameters"]
    ]
    assert names() == ["/app/prod/url"] and sorted(names(Recursive=True)) == ["/app/prod/db/host", "/app/prod/url"]
    got = aws.ssm.get_parameters(Names=["/app/prod/url", "/no"])
    assert got["InvalidParameters"] == ["/no"] and len(got["Parameters"]) == 1


@probe("configuration")
def versions_and_labels_of_a_parameter(aws):
    for n in "12":
        made = aws.ssm.put_parameter(Name="p", Value=n, Type="String", Overwrite=True)
    assert made["Version"] == 2 and made["Tier"] == "Standard"
    aws.ssm.label_parameter_version(Name="p", ParameterVersion=1, Labels=["old"])
    read = lambda name: aws.ssm.get_parameter(Name=name)["Parameter"]
    assert (read("p")["Value"], read("p:1")["Value"], read("p:old")["Value"]) == ("2", "1", "1") and read("p:1")[
        "Selector"
    ] == ":1"
    assert read("p")["ARN"] == f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/p" and read("p")["DataType"] == "text"
    history = aws.ssm.get_parameter_history(Name="p")["Parameters"]
    assert [(one["Value"], one["Labels"]) for one in history] == [("1", ["old"]), ("2", [])]


@probe("secrets")
def a_secure_string(aws):
    aws.ssm.put_parameter(Name="/db/password", Value="s3cret", Type="SecureString")
    assert aws.ssm.get_parameter(Name="/db/password")["Parameter"]["Value"] != "s3cret"
    assert aws.ssm.get_parameter(Name="/db/password", WithDecryption=True)["Parameter"]["Value"] == "s3cret"
    assert aws.ssm.describe_parameters()["Parameters"][0]["KeyId"] == "alias/aws/ssm"


def put(aws, times=1, **more):
    for n in range(times):
        aws.ssm.put_parameter(**{"Name": "p", "Value": f"v{n}", "Type": "String", **more})


probes.table(
    "configuration",
    put,
    {
        "a_parameter_twice": ("ParameterAlreadyExists", {"times": 2}),
        "a_value_of_5_kb": ("ValidationException", {"Value": "x" * 5000}),
        "an_advanced_value_of_5_kb": ("ok", {"Value": "x" * 5000, "Tier": "Advanced"}),
        "intelligent_tiering_of_5_kb": ("ok", {"Value": "x" * 5000, "Tier": "Intelligent-Tiering"}),
        "a_name_that_begins_with_aws": ("ValidationException|AccessDeniedException", {"Name": "aws-thing"}),
        "a_path_without_slash": ("ValidationException", {"Name": "app/url"}),
        "a_value_against_its_pattern": (
            "ParameterPatternMismatchException",
            {"AllowedPattern": "^\\d+$", "Value": "abc"},
        ),
        "an_image_that_is_not_there": ("ValidationException", {"DataType": "aws:ec2:image", "Value": "nonsense"}),
        "tags_while_overwriting": (
            "ValidationException",
            {"Overwrite": True, "Tags": [{"Key": "a", "Value": "b"}], "times": 2},
        ),
        "a_key_for_a_plain_string": ("ValidationException", {"KeyId": "alias/aws/ssm"}),
    },
)


@probe("configuration", "ParameterNotFound")
def delete_a_parameter_that_is_not_there(aws):
    aws.ssm.delete_parameter(Name="no")


@probe("configuration", "ParameterVersionNotFound")
def a_version_that_is_not_there(aws):
    put(aws)
    yield
    aws.ssm.get_parameter(Name="p:9")


# Secrets Manager


ROTATE = """
import boto3
def handler(event, context):
    s = boto3.client('secretsmanager')
    arn, token, step = event['SecretId'], event['ClientRequestToken'], event['Step']
    if step == 'createSecret':
        try:
            s.get_secret_value(SecretId=arn, VersionId=token, VersionStage='AWSPENDING')
        except s.exceptions.ResourceNotFoundException:
            s.put_secret_value(SecretId=arn, ClientRequestToken=token, SecretString='new', VersionStages=['AWSPENDING'])
    if step == 'testSecret' and FAIL: raise Exception('no login')
    if step == 'finishSecret':
        now = [v for v, stages in s.describe_secret(SecretId=arn)['VersionIdsToStages'].items() if 'AWSCURRENT' in stages][0]
        s.update_secret_version_stage(SecretId=arn, VersionStage='AWSCURRENT', MoveToVersionId=token, RemoveFromVersionId=now)
"""


def rotating(aws, fail=False, permission=True):
    arn = aws.function(ROTATE.replace("FAIL", str(fail)), Timeout=20)
    if permission:
        aws.awslambda.add_permission(
            FunctionName="f", StatementId="s", Action="lambda:InvokeFunction", Principal="secretsmanager.amazonaws.com"
        )
    aws.secretsmanager.create_secret(Name="db", SecretString="old")
    return arn


@probe("secrets")
def a_secret_is_rotated(aws):
    arn = rotating(aws)
    aws.secretsmanager.rotate_secret(SecretId="db", RotationLambdaARN=arn, RotationRules={"AutomaticallyAfterDays": 30})
    read = lambda **more: aws.secretsmanager.get_secret_value(SecretId="db", **more)["SecretString"]
    assert read() == "new" and read(VersionStage="AWSPREVIOUS") == "old"
    found = aws.secretsmanager.describe_secret(SecretId="db")
    assert (
        found["RotationEnabled"] is True
        and found["RotationRules"]["AutomaticallyAfterDays"] == 30
        and found["LastRotatedDate"]
        and found["NextRotationDate"]
    )
    assert found["RotationLambdaARN"] == arn


@probe("secrets")
def a_rotation_that_fails_keeps_the_old(aws):
    arn = rotating(aws, fail=True)
    aws.secretsmanager.rotate_secret(SecretId="db", RotationLambdaARN=arn, RotationRules={"AutomaticallyAfterDays": 30})
    assert aws.secretsmanager.get_secret_value(SecretId="db")["SecretString"] == "old"
    stages = [
        one for all in aws.secretsmanager.describe_secret(SecretId="db")["VersionIdsToStages"].values() for one in all
    ]
    assert "AWSPENDING" in stages


@probe("secrets", "AccessDeniedException")
def a_rotation_that_may_not_call(aws):
    arn = rotating(aws, permission=False)
    yield
    aws.secretsmanager.rotate_secret(SecretId="db", RotationLambdaARN=arn, RotationRules={"AutomaticallyAfterDays": 30})


@probe("secrets", "InvalidRequestException")
def rotate_without_a_function(aws):
    aws.secretsmanager.create_secret(Name="db", SecretString="old")
    yield
    aws.secretsmanager.rotate_secret(SecretId="db")


@probe("secrets")
def delete_and_restore_a_secret(aws):
    s = aws.secretsmanager
    s.create_secret(Name="db", SecretString="x")
    gone = s.delete_secret(SecretId="db", RecoveryWindowInDays=7)
    assert 6.9 < (gone["DeletionDate"] - datetime.datetime.now(datetime.UTC)).total_seconds() / 86400 < 7.1
    try:
        s.get_secret_value(SecretId="db")
    except s.exceptions.InvalidRequestException as refused:
        assert "marked for deletion" in str(refused) or "marked deleted" in str(refused)
    else:
        raise AssertionError("readable")
    s.restore_secret(SecretId="db")
    assert s.get_secret_value(SecretId="db")["SecretString"] == "x"


def secret(aws, call):
    aws.secretsmanager.create_secret(Name="db", SecretString='{"user": "ana"}')
    call(aws.secretsmanager)


probes.table(
    "secrets",
    secret,
    {
        "the_same_secret_twice": (
            "ResourceExistsException",
            {"call": lambda s: s.create_secret(Name="db", SecretString="y")},
        ),
        "a_secret_that_is_not_there": (
            "ResourceNotFoundException",
            {"call": lambda s: s.get_secret_value(SecretId="no")},
        ),
        "a_stage_that_no_version_has": (
            "ResourceNotFoundException",
            {"call": lambda s: s.get_secret_value(SecretId="db", VersionStage="AWSPREVIOUS")},
        ),
        "a_window_of_six_days": (
            "InvalidParameterException",
            {"call": lambda s: s.delete_secret(SecretId="db", RecoveryWindowInDays=6)},
        ),
        "a_window_and_no_window": (
            "InvalidParameterException",
            {"call": lambda s: s.delete_secret(SecretId="db", RecoveryWindowInDays=7, ForceDeleteWithoutRecovery=True)},
        ),
        "text_and_bytes": (
            "InvalidParameterException",
            {"call": lambda s: s.put_secret_value(SecretId="db", SecretString="a", SecretBinary=b"b")},
        ),
        "recreate_what_is_marked": (
            "InvalidRequestException",
            {"call": lambda s: [s.delete_secret(SecretId="db"), s.create_secret(Name="db", SecretString="z")]},
        ),
        "a_resource_policy_for_everyone": (
            "PublicPolicyException",
            {
                "call": lambda s: s.put_resource_policy(
                    SecretId="db",
                    BlockPublicPolicy=True,
                    ResourcePolicy=policy(allow("secretsmanager:GetSecretValue", Principal="*")),
                )
            },
        ),
        "a_password_of_three": (
            "InvalidParameterException",
            {"call": lambda s: s.get_random_password(PasswordLength=3)},
        ),
        "read_many_secrets": (
            "ok",
            {"call": lambda s: s.batch_get_secret_value(SecretIdList=["db"])["SecretValues"][0]["SecretString"]},
        ),
    },
)


# KMS


@probe("secrets")
def an_envelope(aws):
    key = aws.kms_key()
    made = aws.kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext={"order": "1"})
    assert len(made["Plaintext"]) == 32 and made["KeyId"] == f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{key}"
    assert (
        aws.kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext={"order": "1"})["Plaintext"]
        == made["Plaintext"]
    )
    assert "Plaintext" not in aws.kms.generate_data_key_without_plaintext(KeyId=key, KeySpec="AES_256")


def keyed(aws, call, **more):
    key = aws.kms_key(**more)
    call(aws.kms, key)


ENC = lambda k, key, **m: k.encrypt(KeyId=key, Plaintext=b"x", **m)["CiphertextBlob"]
probes.table(
    "secrets",
    keyed,
    {
        "another_encryption_context": (
            "InvalidCiphertextException",
            {
                "call": lambda k, i: k.decrypt(
                    CiphertextBlob=ENC(k, i, EncryptionContext={"a": "1"}), EncryptionContext={"a": "2"}
                )
            },
        ),
        "no_encryption_context": (
            "InvalidCiphertextException",
            {"call": lambda k, i: k.decrypt(CiphertextBlob=ENC(k, i, EncryptionContext={"a": "1"}))},
        ),
        "the_wrong_key": (
            "IncorrectKeyException",
            {"call": lambda k, i: k.decrypt(CiphertextBlob=ENC(k, i), KeyId=k.create_key()["KeyMetadata"]["KeyId"])},
        ),
        "five_kilobytes_at_once": (
            "ValidationException",
            {"call": lambda k, i: k.encrypt(KeyId=i, Plaintext=b"x" * 4097)},
        ),
        "a_disabled_key": ("DisabledException", {"call": lambda k, i: [k.disable_key(KeyId=i), ENC(k, i)]}),
        "a_key_that_is_to_be_deleted": (
            "KMSInvalidStateException",
            {"call": lambda k, i: [k.schedule_key_deletion(KeyId=i, PendingWindowInDays=7), ENC(k, i)]},
        ),
        "deleted_in_six_days": (
            "ValidationException",
            {"call": lambda k, i: k.schedule_key_deletion(KeyId=i, PendingWindowInDays=6)},
        ),
        "an_alias_of_aws": (
            "NotAuthorizedException|InvalidAliasNameException|ValidationException",
            {"call": lambda k, i: k.create_alias(AliasName="alias/aws/mine", TargetKeyId=i)},
        ),
        "an_alias_without_prefix": (
            "ValidationException",
            {"call": lambda k, i: k.create_alias(AliasName="mine", TargetKeyId=i)},
        ),
        "an_alias_twice": (
            "AlreadyExistsException",
            {"call": lambda k, i: [k.create_alias(AliasName="alias/a", TargetKeyId=i) for _ in "ab"]},
        ),
        "encrypt_by_alias": (
            "ok",
            {"call": lambda k, i: [k.create_alias(AliasName="alias/a", TargetKeyId=i), ENC(k, "alias/a")]},
        ),
        "encrypt_with_a_signing_key": (
            "InvalidKeyUsageException",
            {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY", "call": ENC},
        ),
        "rotate_an_rsa_key": (
            "UnsupportedOperationException",
            {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY", "call": lambda k, i: k.enable_key_rotation(KeyId=i)},
        ),
        "garbage_to_decrypt": (
            "InvalidCiphertextException",
            {"call": lambda k, i: k.decrypt(CiphertextBlob=b"garbage" * 10)},
        ),
        "a_key_policy_that_locks_out": (
            "MalformedPolicyDocumentException",
            {
                "call": lambda k, i: k.put_key_policy(
                    KeyId=i,
                    PolicyName="default",
                    Policy=policy(allow("kms:Encrypt", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:user/ana"})),
                )
            },
        ),
        "a_key_that_is_not_there": (
            "NotFoundException",
            {"call": lambda k, i: k.describe_key(KeyId="11111111-2222-3333-4444-555555555555")},
        ),
    },
)


@probe("secrets", "AccessDeniedException")
def a_user_whom_the_key_policy_does_not_know(aws):
    root = f"arn:aws:iam::{ACCOUNT}:user/administrator"
    key = aws.kms_key(Policy=policy(allow("kms:*", Principal={"AWS": root})))
    ana = aws.user("ana", allow("kms:*"))
    yield
    ana.kms.encrypt(KeyId=key, Plaintext=b"x")


@probe("secrets")
def a_user_with_a_grant(aws):
    key = aws.kms_key()
    ana = aws.user("ana")
    aws.kms.create_grant(KeyId=key, GranteePrincipal=f"arn:aws:iam::{ACCOUNT}:user/ana", Operations=["Encrypt"])
    assert ana.kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]


@probe("secrets")
def a_key_is_described(aws):
    found = aws.kms.create_key(Description="d")["KeyMetadata"]
    assert (
        found["KeyState"] == "Enabled"
        and found["KeyUsage"] == "ENCRYPT_DECRYPT"
        and found["KeySpec"] == "SYMMETRIC_DEFAULT"
        and found["KeyManager"] == "CUSTOMER"
    )
    assert (
        found["Origin"] == "AWS_KMS"
        and found["MultiRegion"] is False
        and found["EncryptionAlgorithms"] == ["SYMMETRIC_DEFAULT"]
    )
    assert aws.kms.get_key_rotation_status(KeyId=found["KeyId"])["KeyRotationEnabled"] is False
    names = json.loads(aws.kms.get_key_policy(KeyId=found["KeyId"], PolicyName="default")["Policy"])
    assert (
        names["Statement"][0]["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        and names["Statement"][0]["Action"] == "kms:*"
    )


@probe("defense-in-depth")
def an_encrypted_topic_needs_a_key_policy(aws):
    topic = aws.topic(KmsMasterKeyId=aws.kms_key())
    url = aws.queue("q", KmsMasterKeyId=aws.kms_key())
    aws.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=open_queue(aws, url))
    aws.sns.publish(TopicArn=topic, Message="x")
    assert aws.received(url) == []


# AppConfig


FLAGS = {"version": "1", "flags": {"new": {"name": "new"}}, "values": {"new": {"enabled": True}}}


def app(aws, kind=None, content=None, media="application/json", **more):
    c = aws.appconfig
    a = c.create_application(Name="shop")["Id"]
    e = c.create_environment(ApplicationId=a, Name="prod")["Id"]
    p = c.create_configuration_profile(
        ApplicationId=a, Name="flags", LocationUri="hosted", **({"Type": kind} if kind else {}), **more
    )["Id"]
    if content is not None:
        v = c.create_hosted_configuration_version(
            ApplicationId=a,
            ConfigurationProfileId=p,
            Content=content if isinstance(content, bytes) else json.dumps(content).encode(),
            ContentType=media,
        )
        assert v["VersionNumber"] == 1
    return a, e, p


@probe("configuration")
def a_flag_is_deployed_and_read(aws):
    a, e, p = app(aws, "AWS.AppConfig.FeatureFlags", FLAGS)
    made = aws.appconfig.start_deployment(
        ApplicationId=a,
        EnvironmentId=e,
        DeploymentStrategyId="AppConfig.AllAtOnce",
        ConfigurationProfileId=p,
        ConfigurationVersion="1",
    )
    assert made["DeploymentNumber"] == 1 and made["State"] in ("DEPLOYING", "BAKING", "COMPLETE")
    token = aws.appconfigdata.start_configuration_session(
        ApplicationIdentifier="shop", EnvironmentIdentifier="prod", ConfigurationProfileIdentifier="flags"
    )["InitialConfigurationToken"]
    got = aws.appconfigdata.get_latest_configuration(ConfigurationToken=token)
    assert (
        json.loads(got["Configuration"].read()) == {"new": {"enabled": True}}
        and got["ContentType"] == "application/json"
    )
    again = aws.appconfigdata.get_latest_configuration(ConfigurationToken=got["NextPollConfigurationToken"])
    assert again["Configuration"].read() == b"" and again["NextPollIntervalInSeconds"] == 60


@probe("configuration", "BadRequestException")
def a_token_used_twice(aws):
    a, e, p = app(aws, None, {"a": 1})
    aws.appconfig.start_deployment(
        ApplicationId=a,
        EnvironmentId=e,
        DeploymentStrategyId="AppConfig.AllAtOnce",
        ConfigurationProfileId=p,
        ConfigurationVersion="1",
    )
    token = aws.appconfigdata.start_configuration_session(
        ApplicationIdentifier=a, EnvironmentIdentifier=e, ConfigurationProfileIdentifier=p
    )["InitialConfigurationToken"]
    aws.appconfigdata.get_latest_configuration(ConfigurationToken=token)
    yield
    aws.appconfigdata.get_latest_configuration(ConfigurationToken=token)


@probe("configuration", "ConflictException")
def a_second_deployment_at_once(aws):
    a, e, p = app(aws, None, {"a": 1})
    deploy = lambda: aws.appconfig.start_deployment(
        ApplicationId=a,
        EnvironmentId=e,
        DeploymentStrategyId="AppConfig.Linear50PercentEvery30Seconds",
        ConfigurationProfileId=p,
        ConfigurationVersion="1",
    )
    deploy()
    yield
    deploy()


@probe("payload-validation", "BadRequestException")
def a_configuration_the_schema_refuses(aws):
    schema = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": "object",
        "properties": {"n": {"type": "integer"}},
        "required": ["n"],
    }
    a, e, p = app(aws, None, {"n": "one"}, Validators=[{"Type": "JSON_SCHEMA", "Content": json.dumps(schema)}])
    yield
    aws.appconfig.start_deployment(
        ApplicationId=a,
        EnvironmentId=e,
        DeploymentStrategyId="AppConfig.AllAtOnce",
        ConfigurationProfileId=p,
        ConfigurationVersion="1",
    )


@probe("configuration", "BadRequestException")
def flags_of_the_wrong_form(aws):
    a, e, p = app(aws, "AWS.AppConfig.FeatureFlags")
    yield
    aws.appconfig.create_hosted_configuration_version(
        ApplicationId=a, ConfigurationProfileId=p, Content=b'{"new": true}', ContentType="application/json"
    )


@probe("configuration", "ResourceNotFoundException")
def deploy_a_version_that_is_not_there(aws):
    a, e, p = app(aws, None, {"a": 1})
    yield
    aws.appconfig.start_deployment(
        ApplicationId=a,
        EnvironmentId=e,
        DeploymentStrategyId="AppConfig.AllAtOnce",
        ConfigurationProfileId=p,
        ConfigurationVersion="7",
    )


@probe("configuration")
def stop_a_deployment(aws):
    a, e, p = app(aws, None, {"a": 1})
    aws.appconfig.start_deployment(
        ApplicationId=a,
        EnvironmentId=e,
        DeploymentStrategyId="AppConfig.Linear50PercentEvery30Seconds",
        ConfigurationProfileId=p,
        ConfigurationVersion="1",
    )
    got = aws.appconfig.stop_deployment(ApplicationId=a, EnvironmentId=e, DeploymentNumber=1)
    assert got["State"] in ("ROLLED_BACK", "ROLLING_BACK")


@probe("tools-today")
def messages_from_the_command_line(aws):
    url = lab.aws(
        "sqs create-queue --queue-name q --attributes VisibilityTimeout=60 --query QueueUrl --output text"
    ).output.strip()
    assert url == f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/q", url
    lab.aws(f"sqs send-message --queue-url {url} --message-body hello")
    assert (
        lab.aws(f"sqs receive-message --queue-url {url} --query 'Messages[0].Body' --output text").output == "hello\n"
    )
    assert lab.aws(f"sqs receive-message --queue-url {url}").output == ""
    got = lab.aws("ssm get-parameter --name no")
    assert got.exit_code in (254, 255) and "(ParameterNotFound) when calling the GetParameter operation" in got.error
    got = lab.aws("secretsmanager create-secret --name s --secret-string '{\"a\": 1}'")
    assert json.loads(got.output)["Name"] == "s"
    assert lab.aws("kms list-aliases --query Aliases --output json").exit_code == 0
    assert lab.aws("sns publish --message x").exit_code in (252, 254, 255)
