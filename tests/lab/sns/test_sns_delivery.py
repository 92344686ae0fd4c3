"""Deliveries to queues: policies, keys, raw or wrapped, dead letters."""

import json

import pytest
from conftest import client
from messaging import ACCOUNT, bodies, lets_in, policy, queue_arn

SNS = "sns.amazonaws.com"


@pytest.fixture
def topic(sns):
    return sns.create_topic(Name="t")["TopicArn"]


@pytest.fixture
def subscribed(sns, sqs, queue, topic):
    """Make a queue, subscribe it, and give its URL; statements are the queue's policy."""

    def subscribed(*statements, name="q", topic=topic, attributes=None, **queue_attributes):
        if statements:
            queue_attributes["Policy"] = policy(*statements)
        url = queue(name, **queue_attributes)
        call = {"TopicArn": topic, "Protocol": "sqs", "Endpoint": queue_arn(url)}
        sns.subscribe(**call, Attributes=attributes or {})
        return url

    return subscribed


def open_to(topic, **more):
    return {**lets_in(SNS, "sqs:SendMessage", "*", {"ArnEquals": {"aws:SourceArn": topic}}), **more}


ELSEWHERE = f"arn:aws:sns:us-east-1:{ACCOUNT}:other"
# How a queue policy can look, and whether the topic t of this account gets through.
POLICIES = {
    "none": ([], False),
    "for this topic": ([open_to(f"arn:aws:sns:us-east-1:{ACCOUNT}:t")], True),
    "for another topic": ([open_to(ELSEWHERE)], False),
    "for any topic": ([lets_in(SNS, "sqs:SendMessage", "*")], True),
    "for everybody": ([open_to(f"arn:aws:sns:us-east-1:{ACCOUNT}:t", Principal="*")], True),
    "with a pattern": ([lets_in(SNS, "sqs:*", "*", {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:t"}})], True),
    "for this account": (
        [lets_in(SNS, "sqs:SendMessage", "*", {"StringEquals": {"aws:SourceAccount": ACCOUNT}})],
        True,
    ),
    "for another account": (
        [lets_in(SNS, "sqs:SendMessage", "*", {"StringEquals": {"aws:SourceAccount": "1" * 12}})],
        False,
    ),
    "for another service": ([lets_in("s3.amazonaws.com", "sqs:SendMessage", "*")], False),
    "for another action": ([lets_in(SNS, "sqs:ReceiveMessage", "*")], False),
    "for another queue": ([lets_in(SNS, "sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ACCOUNT}:other")], False),
    "for the account's own": ([open_to(f"arn:aws:sns:us-east-1:{ACCOUNT}:t", Principal={"AWS": ACCOUNT})], False),
    "denied": (
        [lets_in(SNS, "sqs:SendMessage", "*"), lets_in(SNS, "sqs:SendMessage", "*") | {"Effect": "Deny"}],
        False,
    ),
    "without TLS denied": (
        [
            lets_in(SNS, "sqs:SendMessage", "*"),
            {
                **{"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"},
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
        True,
    ),
}


@pytest.mark.parametrize("name", POLICIES)
def test_the_queue_policy_decides(sns, sqs, subscribed, topic, name):
    """Does a queue get a message only where its policy lets SNS in for this topic?"""
    statements, delivered = POLICIES[name]
    url = subscribed(*statements)
    assert sns.publish(TopicArn=topic, Message="hello")["MessageId"]
    assert len(bodies(sqs, url)) == delivered


def test_a_message_is_wrapped_unless_it_is_raw(sns, sqs, subscribed, topic):
    """What does a queue get?"""
    wrapped = subscribed(open_to(topic))
    raw = subscribed(open_to(topic), name="raw", attributes={"RawMessageDelivery": "true"})
    kind = {"kind": {"DataType": "String", "StringValue": "order"}, "n": {"DataType": "Binary", "BinaryValue": b"\x01"}}
    identifier = sns.publish(TopicArn=topic, Message="hello", Subject="News", MessageAttributes=kind)["MessageId"]
    found = json.loads(bodies(sqs, wrapped)[0])
    assert list(found)[:5] == ["Type", "MessageId", "TopicArn", "Subject", "Message"]
    assert (found["MessageId"], found["TopicArn"], found["Message"]) == (identifier, topic, "hello")
    assert found["MessageAttributes"] == {
        "kind": {"Type": "String", "Value": "order"},
        "n": {"Type": "Binary", "Value": "AQ=="},
    }
    (message,) = sqs.receive_message(QueueUrl=raw, MessageAttributeNames=["All"])["Messages"]
    assert (message["Body"], message["MessageAttributes"]) == ("hello", kind)


def test_filters_choose(sns, sqs, subscribed, topic):
    """Does each subscription get what its filter lets through, also after the scope has changed?"""
    orders = subscribed(open_to(topic), attributes={"FilterPolicy": '{"kind":["order"]}', "RawMessageDelivery": "true"})
    everything = subscribed(open_to(topic), name="all", attributes={"RawMessageDelivery": "true"})
    for kind in ("order", "refund"):
        attributes = {"kind": {"DataType": "String", "StringValue": kind}}
        sns.publish(TopicArn=topic, Message=kind, MessageAttributes=attributes)
    assert (bodies(sqs, orders), bodies(sqs, everything)) == (["order"], ["order", "refund"])
    arn = next(
        one["SubscriptionArn"]
        for one in sns.list_subscriptions()["Subscriptions"]
        if one["Endpoint"] == queue_arn(orders)
    )
    sns.set_subscription_attributes(
        SubscriptionArn=arn, AttributeName="FilterPolicyScope", AttributeValue="MessageBody"
    )
    sns.publish(TopicArn=topic, Message='{"kind":"order"}')
    assert '{"kind":"order"}' in bodies(sqs, orders)


def test_a_missing_queue_holds_up_nobody(sns, sqs, subscribed, topic):
    """Is publishing no error when one queue is gone, and do the others get the message?"""
    gone = subscribed(open_to(topic), name="gone")
    left = subscribed(open_to(topic), name="left")
    sqs.delete_queue(QueueUrl=gone)
    sns.publish(TopicArn=topic, Message="hello")
    assert len(bodies(sqs, left)) == 1


@pytest.mark.parametrize("dead_opens", [True, False])
def test_what_is_not_delivered_is_a_dead_letter(sns, sqs, queue, subscribed, topic, dead_opens):
    """Does it go to the dead-letter queue of the subscription, if that lets SNS in?"""
    dead = queue("dead", **({"Policy": policy(open_to(topic))} if dead_opens else {}))
    redrive = json.dumps({"deadLetterTargetArn": queue_arn(dead)})
    url = subscribed(attributes={"RedrivePolicy": redrive})
    sns.publish(TopicArn=topic, Message="hello")
    assert bodies(sqs, url) == []
    assert [json.loads(one)["Message"] for one in bodies(sqs, dead)] == ["hello"] * dead_opens


def test_more_than_ten_attributes_are_too_many_for_a_raw_delivery(sns, sqs, queue, subscribed, topic):
    """Is the message a dead letter then?"""
    dead = queue("dead", Policy=policy(open_to(topic)))
    redrive = json.dumps({"deadLetterTargetArn": queue_arn(dead)})
    url = subscribed(open_to(topic), attributes={"RawMessageDelivery": "true", "RedrivePolicy": redrive})
    for count in (10, 11):
        many = {f"a{n}": {"DataType": "String", "StringValue": "v"} for n in range(count)}
        sns.publish(TopicArn=topic, Message=str(count), MessageAttributes=many)
    assert (bodies(sqs, url), bodies(sqs, dead)) == (["10"], ["11"])


def test_a_fifo_topic_keeps_order_and_drops_duplicates(sns, sqs, subscribed):
    """Does a FIFO queue get group, deduplication id and sequence, and a standard queue the messages?"""
    topic = sns.create_topic(Name="t.fifo", Attributes={"FifoTopic": "true", "ContentBasedDeduplication": "true"})[
        "TopicArn"
    ]
    raw = {"RawMessageDelivery": "true"}
    fifo = subscribed(open_to(topic), name="q.fifo", topic=topic, attributes=raw)
    standard = subscribed(open_to(topic), topic=topic, attributes=raw)
    for message in ("a", "b", "a", "c"):
        sns.publish(TopicArn=topic, Message=message, MessageGroupId="g")
    assert (bodies(sqs, fifo), sorted(bodies(sqs, standard))) == (["a", "b", "c"], ["a", "b", "c"])
    (message, *_) = sqs.receive_message(QueueUrl=fifo, MessageSystemAttributeNames=["All"])["Messages"]
    assert message["Attributes"]["MessageGroupId"] == "g" and len(message["Attributes"]["MessageDeduplicationId"]) == 64


ROOT = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}
USE = lets_in(SNS, ["kms:GenerateDataKey*", "kms:Decrypt"], "*")
# Key policies of an encrypted queue, and whether SNS gets through.
KEYS = {
    "the default": ([ROOT], False),
    "for SNS": ([ROOT, USE], True),
    "for another service": ([ROOT, lets_in("s3.amazonaws.com", "kms:*", "*")], False),
    "without Decrypt": ([ROOT, lets_in(SNS, "kms:GenerateDataKey", "*")], False),
    "for another topic": ([ROOT, {**USE, "Condition": {"ArnEquals": {"aws:SourceArn": ELSEWHERE}}}], False),
    "denied": ([ROOT, USE, {**USE, "Effect": "Deny"}], False),
}


@pytest.mark.parametrize("name", KEYS)
def test_the_key_policy_of_an_encrypted_queue_decides_too(sns, sqs, subscribed, topic, name):
    """Does SNS need kms:GenerateDataKey and kms:Decrypt of a customer managed key?"""
    statements, delivered = KEYS[name]
    key = client("kms").create_key(Policy=policy(*statements))["KeyMetadata"]["Arn"]
    url = subscribed(open_to(topic), KmsMasterKeyId=key)
    sns.publish(TopicArn=topic, Message="hello")
    assert len(bodies(sqs, url)) == delivered


def test_sns_cannot_use_the_aws_managed_key(sns, sqs, subscribed, topic):
    """Is a queue encrypted with alias/aws/sqs out of reach, and one with SSE-SQS not?"""
    managed = subscribed(open_to(topic), name="managed", KmsMasterKeyId="alias/aws/sqs")
    own = subscribed(open_to(topic), name="own", SqsManagedSseEnabled="true")
    sns.publish(TopicArn=topic, Message="hello")
    assert (len(bodies(sqs, managed)), len(bodies(sqs, own))) == (0, 1)


def test_an_encrypted_topic_asks_its_publishers(sns, topic, refused):
    """Is the key looked for when it is used, and asked whom it lets in?"""
    kms = client("kms")
    set_key = {"TopicArn": topic, "AttributeName": "KmsMasterKeyId"}
    sns.set_topic_attributes(**set_key, AttributeValue="alias/none")
    refused(sns.publish, "KMSNotFound", TopicArn=topic, Message="x")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    sns.set_topic_attributes(**set_key, AttributeValue=key)
    sns.publish(TopicArn=topic, Message="x")
    kms.disable_key(KeyId=key)
    refused(sns.publish, "KMSDisabled", TopicArn=topic, Message="x")
    kms.enable_key(KeyId=key)
    nobody = policy(lets_in("s3.amazonaws.com", "kms:*", "*"))
    kms.put_key_policy(KeyId=key, Policy=nobody, BypassPolicyLockoutSafetyCheck=True)
    refused(sns.publish, "KMSAccessDenied", "kms:GenerateDataKey", TopicArn=topic, Message="x")
    sns.set_topic_attributes(**set_key, AttributeValue="alias/aws/sns")
    sns.publish(TopicArn=topic, Message="x")
