"""Attributes of queues."""

import pytest
from conftest import client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from messaging import attribute, policy

from course.data import value

RANGES = {
    "DelaySeconds": "delay",
    "MaximumMessageSize": "message_size",
    "MessageRetentionPeriod": "retention",
    "ReceiveMessageWaitTimeSeconds": "wait_time",
    "VisibilityTimeout": "visibility_timeout",
    "KmsDataKeyReusePeriodSeconds": "data_key_reuse",
}
SEND = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}


@pytest.mark.parametrize("name", RANGES)
def test_numbers_have_a_range(sqs, queue, refused, name):
    """Are both ends allowed, and the numbers beyond them, and words, not?"""
    least, most = value(f"sqs.queues.{RANGES[name]}")
    url = queue()
    for wrong in (str(least - 1), str(most + 1), "many", "", "1.5"):
        refused(sqs.create_queue, "InvalidAttributeValue", name, QueueName="new", Attributes={name: wrong})
        refused(sqs.set_queue_attributes, "InvalidAttributeValue", name, QueueUrl=url, Attributes={name: wrong})
    for right in (least, most):
        sqs.set_queue_attributes(QueueUrl=url, Attributes={name: str(right), "KmsMasterKeyId": "alias/aws/sqs"})
        assert attribute(sqs, url, name) == str(right)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(-10, 50_000))
def test_any_visibility_timeout_is_taken_or_refused_by_its_range(_fresh, seconds):
    """Does the rule agree with the range for every number?"""
    sqs = client("sqs")
    least, most = value("sqs.queues.visibility_timeout")
    try:
        sqs.create_queue(QueueName=f"q{seconds}".replace("-", "m"), Attributes={"VisibilityTimeout": str(seconds)})
        taken = True
    except sqs.exceptions.InvalidAttributeValue:
        taken = False
    assert taken == (least <= seconds <= most)


@pytest.mark.parametrize("name", ["QueueArn", "CreatedTimestamp", "ApproximateNumberOfMessages", "Colour"])
def test_what_sqs_counts_itself_cannot_be_set(sqs, queue, refused, name):
    """Is an attribute that nobody sets unknown?"""
    call = {"QueueUrl": queue(), "Attributes": {name: "1"}}
    refused(sqs.set_queue_attributes, "InvalidAttributeName", f"Unknown Attribute {name}.", **call)
    refused(sqs.get_queue_attributes, "InvalidAttributeName", QueueUrl=call["QueueUrl"], AttributeNames=["Colour"])


def test_fifo_attributes_belong_to_fifo_queues(sqs, queue, refused):
    """Has a standard queue none of them?"""
    url = queue()
    for name, given_value, words in (
        ("ContentBasedDeduplication", "true", "Unknown Attribute"),
        ("DeduplicationScope", "queue", "only when FifoQueue is set to true"),
        ("FifoThroughputLimit", "perQueue", "only when FifoQueue is set to true"),
        ("FifoQueue", "true", "Unknown Attribute FifoQueue."),
    ):
        call = {"QueueUrl": url, "Attributes": {name: given_value}}
        refused(sqs.set_queue_attributes, "InvalidAttributeName", words, **call)
    fifo = queue("q.fifo", ContentBasedDeduplication="true", DeduplicationScope="queue")
    assert attribute(sqs, fifo, "ContentBasedDeduplication") == "true"
    refused(
        sqs.set_queue_attributes,
        "InvalidAttributeValue",
        "Modifying queue type is not supported",
        QueueUrl=fifo,
        Attributes={"FifoQueue": "false"},
    )


def test_high_throughput_needs_both_halves(sqs, queue, refused):
    """Does perMessageGroupId go with deduplication by message group only?"""
    fifo = {"FifoQueue": "true", "FifoThroughputLimit": "perMessageGroupId"}
    refused(sqs.create_queue, "InvalidAttributeValue", "messageGroup", QueueName="q.fifo", Attributes=fifo)
    url = queue("q.fifo", FifoThroughputLimit="perMessageGroupId", DeduplicationScope="messageGroup")
    back = {"QueueUrl": url, "Attributes": {"DeduplicationScope": "queue"}}
    refused(sqs.set_queue_attributes, "InvalidAttributeValue", **back)
    both = {"DeduplicationScope": "queue", "FifoThroughputLimit": "perQueue"}
    sqs.set_queue_attributes(QueueUrl=url, Attributes=both)


def test_words_are_of_a_list(sqs, queue, refused):
    """Is a Boolean true or false, and a scope one of two?"""
    url = queue("q.fifo")
    for name, wrong in (
        ("ContentBasedDeduplication", "yes"),
        ("DeduplicationScope", "group"),
        ("SqsManagedSseEnabled", "1"),
    ):
        refused(sqs.set_queue_attributes, "InvalidAttributeValue", name, QueueUrl=url, Attributes={name: wrong})


def test_one_encryption_at_a_time(sqs, queue, refused):
    """Do SSE-KMS and SSE-SQS exclude each other, and take each other's place?"""
    url = queue()
    assert attribute(sqs, url, "SqsManagedSseEnabled") == "true"
    both = {"KmsMasterKeyId": "alias/aws/sqs", "SqsManagedSseEnabled": "true"}
    refused(sqs.set_queue_attributes, "InvalidAttributeName", "one type of server-side", QueueUrl=url, Attributes=both)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": "alias/aws/sqs"})
    assert attribute(sqs, url, "SqsManagedSseEnabled") == "false"
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"SqsManagedSseEnabled": "true"})
    assert attribute(sqs, url, "KmsMasterKeyId") is None
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"SqsManagedSseEnabled": "false"})
    assert attribute(sqs, url, "SqsManagedSseEnabled") == "false"


def test_the_same_name_with_the_same_attributes_is_the_same_queue(sqs, queue, refused):
    """Is only a difference refused, and named?"""
    url = queue(DelaySeconds="5", Policy=policy(SEND))
    assert queue() == queue(DelaySeconds="5") == queue(Policy=policy(SEND)) == url
    for name, other in (("DelaySeconds", "6"), ("VisibilityTimeout", "31"), ("Policy", policy({**SEND, "Sid": "x"}))):
        refused(
            sqs.create_queue,
            "QueueAlreadyExists",
            f"different value for attribute {name}",
            QueueName="q",
            Attributes={name: other},
        )


def test_a_change_leaves_the_rest_alone(sqs, queue):
    """Is the policy still there after another attribute was set?"""
    url = queue(Policy=policy(SEND))
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "60"})
    assert attribute(sqs, url, "Policy")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    assert attribute(sqs, url, "Policy") is None
    assert attribute(sqs, url, "VisibilityTimeout") == "60"


def test_times_are_whole_seconds(sqs, queue):
    """Does a timestamp look as AWS writes it?"""
    assert attribute(sqs, queue(), "CreatedTimestamp").isdigit()
