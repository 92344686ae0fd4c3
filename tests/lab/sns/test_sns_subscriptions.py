"""Subscriptions: protocols, endpoints, attributes, confirmation."""

import json

import pytest
from messaging import ACCOUNT

from course import lab
from course.lab.sns.confirmation import inbox

QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"
FUNCTION = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"


@pytest.fixture
def topic(sns):
    return sns.create_topic(Name="t")["TopicArn"]


@pytest.fixture
def fifo(sns):
    return sns.create_topic(Name="t.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]


@pytest.mark.parametrize(
    ("protocol", "wrong", "right", "words"),
    [
        ("fax", "+12065550100", None, "does not support this protocol string: fax"),
        ("sqs", "https://sqs.us-east-1.amazonaws.com/123456789012/q", QUEUE, "SQS endpoint ARN"),
        ("sqs", "q", QUEUE, "SQS endpoint ARN"),
        ("lambda", "f", FUNCTION, "Lambda endpoint ARN"),
        ("email", "ana", "ana@example.com", "Email address"),
        ("email-json", "ana@example", "ana@example.com", "Email address"),
        ("http", "https://example.com", "http://example.com/in", "must match the specified protocol"),
        ("https", "http://example.com", "https://example.com/in", "must match the specified protocol"),
        ("https", "example.com", "https://example.com", "must match the specified protocol"),
        ("sms", "ana", "+1-206-555-0100", "Invalid SMS endpoint"),
        ("application", "phone", None, "Application"),
    ],
)
def test_an_endpoint_looks_as_its_protocol_wants_it(sns, topic, refused, protocol, wrong, right, words):
    """Is another text refused and the right one taken, there or not?"""
    refused(sns.subscribe, "InvalidParameter", words, TopicArn=topic, Protocol=protocol, Endpoint=wrong)
    if right:
        sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=right)


def test_a_fifo_topic_delivers_to_queues_only(sns, topic, fifo, refused):
    """Are other protocols refused, and a FIFO queue for a standard topic?"""
    for protocol, endpoint in (("email", "ana@example.com"), ("lambda", FUNCTION), ("sms", "+12065550100")):
        words = f"Invalid protocol type: {protocol}"
        refused(sns.subscribe, "InvalidParameter", words, TopicArn=fifo, Protocol=protocol, Endpoint=endpoint)
    call = {"Protocol": "sqs", "Endpoint": f"{QUEUE}.fifo"}
    refused(sns.subscribe, "InvalidParameter", "FIFO SQS Queues can not be subscribed", TopicArn=topic, **call)
    sns.subscribe(TopicArn=fifo, **call)
    sns.subscribe(TopicArn=fifo, Protocol="sqs", Endpoint=QUEUE)


def test_a_mailbox_confirms_its_subscription(sns, topic, refused):
    """Is it pending until the token comes back, and does it then get what is published?"""
    answer = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ana@example.com")
    assert answer["SubscriptionArn"] == "pending confirmation"
    (listed,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert listed["SubscriptionArn"] == "PendingConfirmation"
    refused(sns.unsubscribe, "InvalidParameter", "SubscriptionArn", SubscriptionArn="pending confirmation")
    sns.publish(TopicArn=topic, Message="too early")
    (asked,) = inbox("ana@example.com")
    for wrong in ("none", "0" * 64):
        refused(sns.confirm_subscription, "InvalidParameter", "Token", TopicArn=topic, Token=wrong)
    arn = sns.confirm_subscription(TopicArn=topic, Token=asked["Token"])["SubscriptionArn"]
    assert sns.list_subscriptions()["Subscriptions"][0]["SubscriptionArn"] == arn
    shown = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert (shown["PendingConfirmation"], shown["ConfirmationWasAuthenticated"]) == ("false", "false")
    sns.publish(TopicArn=topic, Message="now", Subject="News")
    assert [one["Message"] for one in inbox("ana@example.com")[1:]] == ["now"]
    lab.reset()
    assert inbox("ana@example.com") == []


def test_a_token_is_good_for_two_days(sns, topic, refused):
    """Is an old token refused?"""
    with lab.context(time="2026-11-28T08:00:00Z"):
        sns.subscribe(TopicArn=topic, Protocol="https", Endpoint="https://example.com")
    call = {"TopicArn": topic, "Token": inbox("https://example.com")[0]["Token"]}
    with lab.context(time="2026-11-30T08:00:01Z"):
        refused(sns.confirm_subscription, "InvalidParameter", "Token", **call)
    with lab.context(time="2026-11-30T08:00:00Z"):
        sns.confirm_subscription(**call)


def test_the_arn_of_a_pending_subscription(sns, topic):
    """Does ReturnSubscriptionArn show it before it is confirmed?"""
    call = {"TopicArn": topic, "Protocol": "email", "Endpoint": "ana@example.com"}
    arn = sns.subscribe(**call, ReturnSubscriptionArn=True)["SubscriptionArn"]
    assert sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]["PendingConfirmation"] == "true"


def test_subscribing_twice_is_subscribing_once_but_not_otherwise(sns, topic, refused):
    """Is the same endpoint the same subscription, and are other attributes refused?"""
    call = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": QUEUE}
    raw = {"RawMessageDelivery": "true"}
    arn = sns.subscribe(**call, Attributes=raw)["SubscriptionArn"]
    assert sns.subscribe(**call)["SubscriptionArn"] == sns.subscribe(**call, Attributes=raw)["SubscriptionArn"] == arn
    for other in ({"RawMessageDelivery": "false"}, {"FilterPolicy": '{"a":["b"]}'}):
        refused(sns.subscribe, "InvalidParameter", "different attributes", **call, Attributes=other)


def test_unsubscribing(sns, topic, refused):
    """Is a subscription gone, again without complaint, and is a topic's ARN none of a subscription?"""
    arn = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE)["SubscriptionArn"]
    for _ in range(2):
        sns.unsubscribe(SubscriptionArn=arn)
    refused(sns.get_subscription_attributes, "NotFound", "Subscription does not exist", status=404, SubscriptionArn=arn)
    refused(sns.unsubscribe, "InvalidParameter", "SubscriptionId", SubscriptionArn=topic)


@pytest.mark.parametrize(
    ("name", "wrong", "words"),
    [
        ("Colour", "red", "AttributeName"),
        ("Endpoint", QUEUE, "AttributeName"),
        ("RawMessageDelivery", "yes", "Invalid value [yes]. Must be true or false."),
        ("FilterPolicyScope", "Body", "Please use either MessageBody or MessageAttributes"),
        ("FilterPolicy", "{a}", "failed to parse JSON"),
        ("RedrivePolicy", "{a}", "failed to parse JSON"),
        ("RedrivePolicy", '{"deadLetterTargetArn": "q"}', "deadLetterTargetArn is an invalid arn"),
        ("RedrivePolicy", json.dumps({"deadLetterTargetArn": QUEUE + ".fifo"}), "standard queue"),
        ("RedrivePolicy", json.dumps({"deadLetterTargetArn": QUEUE.replace("east", "west")}), "Region"),
        ("DeliveryPolicy", "[]", "JSON object"),
    ],
)
def test_values_of_attributes(sns, topic, refused, name, wrong, words):
    """Is each attribute of a subscription checked?"""
    arn = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE)["SubscriptionArn"]
    call = {"SubscriptionArn": arn, "AttributeName": name, "AttributeValue": wrong}
    refused(sns.set_subscription_attributes, "InvalidParameter", words, **call)
    more = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": f"{QUEUE}2", "Attributes": {name: wrong}}
    refused(sns.subscribe, "InvalidParameter", "Attributes Reason", **more)


def test_raw_delivery_is_for_queues_and_web_servers(sns, topic, refused):
    """Is it refused for mailboxes and functions?"""
    raw = {"Attributes": {"RawMessageDelivery": "true"}}
    for protocol, endpoint in (("email", "ana@example.com"), ("lambda", FUNCTION)):
        call = {"TopicArn": topic, "Protocol": protocol, "Endpoint": endpoint}
        refused(sns.subscribe, "InvalidParameter", "does not support raw message delivery", **call, **raw)
    sns.subscribe(TopicArn=topic, Protocol="https", Endpoint="https://example.com", **raw)


def test_dead_letters_of_a_fifo_topic_go_to_a_fifo_queue(sns, fifo, refused):
    """Has the dead-letter queue the type of the topic?"""
    call = {"TopicArn": fifo, "Protocol": "sqs", "Endpoint": f"{QUEUE}.fifo"}
    wrong = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": f"{QUEUE}2"})}
    refused(sns.subscribe, "InvalidParameter", "must use a FIFO queue as DLQ", **call, Attributes=wrong)
    sns.subscribe(**call, Attributes={"RedrivePolicy": json.dumps({"deadLetterTargetArn": f"{QUEUE}2.fifo"})})


def test_large_messages_need_endpoints_that_take_them(sns, topic, refused):
    """Does a topic for up to 1 MiB have queues and functions only?"""
    grow = {"TopicArn": topic, "AttributeName": "MaximumMessageSize", "AttributeValue": "1048576"}
    mail = {"TopicArn": topic, "Protocol": "email", "Endpoint": "ana@example.com"}
    sns.set_topic_attributes(**grow)
    refused(sns.subscribe, "InvalidParameter", "256 KiB", **mail)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=QUEUE)
    sns.set_topic_attributes(**{**grow, "AttributeValue": "262144"})
    sns.subscribe(**mail)
    refused(sns.set_topic_attributes, "InvalidParameter", "256 KiB", **grow)


def test_a_delivery_stream_needs_a_role(sns, topic, refused):
    """Is SubscriptionRoleArn asked for?"""
    stream = f"arn:aws:firehose:us-east-1:{ACCOUNT}:deliverystream/s"
    call = {"TopicArn": topic, "Protocol": "firehose", "Endpoint": stream}
    refused(sns.subscribe, "InvalidParameter", "SubscriptionRoleArn", **call)
    sns.subscribe(**call, Attributes={"SubscriptionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/stream"})
