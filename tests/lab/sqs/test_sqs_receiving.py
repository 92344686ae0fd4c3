"""Receiving, visibility, retention, dead letters."""

import time

import pytest
from messaging import attribute, bodies, queue_arn

from course import lab

AT = "2026-11-28T08:{:02d}:{:02d}Z"


def at(seconds):
    """The lab's clock, so many seconds after eight o'clock."""
    return lab.context(time=AT.format(*divmod(seconds, 60)))


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("MaxNumberOfMessages", 1, 10), ("WaitTimeSeconds", 0, 20), ("VisibilityTimeout", 0, 43200)],
)
def test_numbers_of_a_receive(sqs, queue, refused, name, least, most):
    """Are both ends of each range allowed, and what is beyond not?"""
    url = queue()
    for wrong in (least - 1, most + 1):
        refused(
            sqs.receive_message,
            "InvalidParameterValue",
            f"Value {wrong} for parameter {name}",
            QueueUrl=url,
            **{name: wrong},
        )
    with at(0):
        for right in (least, most):
            sqs.receive_message(QueueUrl=url, **{name: right})


def test_names_of_system_attributes(sqs, queue, refused):
    """Is an unknown name refused, by the older parameter too?"""
    url = queue()
    sqs.send_message(QueueUrl=url, MessageBody="x")
    for parameter in ("AttributeNames", "MessageSystemAttributeNames"):
        refused(sqs.receive_message, "InvalidAttributeName", "Colour", QueueUrl=url, **{parameter: ["Colour"]})
        found = sqs.receive_message(QueueUrl=url, VisibilityTimeout=0, **{parameter: ["SentTimestamp"]})
        assert list(found["Messages"][0]["Attributes"]) == ["SentTimestamp"]


def test_a_message_in_flight_is_seen_by_nobody_else(sqs, queue):
    """Does it come back when its time runs out?"""
    url = queue(VisibilityTimeout="30")
    with at(0):
        sqs.send_message(QueueUrl=url, MessageBody="x")
        assert sqs.receive_message(QueueUrl=url)["Messages"]
    with at(29):
        assert "Messages" not in sqs.receive_message(QueueUrl=url)
        assert attribute(sqs, url, "ApproximateNumberOfMessagesNotVisible") == "1"
    with at(31):
        assert sqs.receive_message(QueueUrl=url)["Messages"]


def test_the_clock_of_an_exercise_does_not_make_anybody_wait(sqs, queue):
    """Does long polling end at once where time stands still?"""
    url = queue(ReceiveMessageWaitTimeSeconds="20")
    begun = time.monotonic()
    with at(0):
        assert "Messages" not in sqs.receive_message(QueueUrl=url)
    assert time.monotonic() - begun < 5


def test_long_polling_gets_what_is_there_at_once(sqs, queue):
    """Does a wait end with the first message?"""
    url = queue()
    sqs.send_message(QueueUrl=url, MessageBody="x")
    begun = time.monotonic()
    assert bodies(sqs, url, WaitTimeSeconds=20) == ["x"]
    assert time.monotonic() - begun < 5


def test_a_message_is_kept_for_the_retention_period(sqs, queue):
    """Is an old message gone, uncounted, and no obstacle for younger ones?"""
    url = queue(MessageRetentionPeriod="60")
    for moment, body in ((0, "old"), (30, "young")):
        with at(moment):
            sqs.send_message(QueueUrl=url, MessageBody=body)
    with at(70):
        assert attribute(sqs, url, "ApproximateNumberOfMessages") == "1"
        assert bodies(sqs, url) == ["young"]


def test_a_delayed_message_waits(sqs, queue):
    """Does the delay of the queue count, and that of the message more?"""
    url = queue(DelaySeconds="60")
    with at(0):
        sqs.send_message(QueueUrl=url, MessageBody="later")
        sqs.send_message(QueueUrl=url, MessageBody="now", DelaySeconds=0)
        assert bodies(sqs, url) == ["now"]
        assert attribute(sqs, url, "ApproximateNumberOfMessagesDelayed") == "1"
    with at(61):
        assert sorted(bodies(sqs, url)) == ["later", "now"]


def test_one_receive_too_many_makes_a_dead_letter(sqs, queue):
    """Is a message moved when it would be received more often than maxReceiveCount?"""
    dead = queue("dead")
    url = queue(RedrivePolicy={"deadLetterTargetArn": queue_arn(dead), "maxReceiveCount": 2}, VisibilityTimeout="0")
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    for _ in range(2):
        assert bodies(sqs, url) == ["poison"]
    assert bodies(sqs, dead) == []
    assert bodies(sqs, url) == []
    found = sqs.receive_message(QueueUrl=dead, MessageSystemAttributeNames=["DeadLetterQueueSourceArn"])["Messages"]
    assert found[0]["Attributes"] == {"DeadLetterQueueSourceArn": queue_arn(url)}


def test_a_group_in_flight_holds_its_others_back(sqs, queue):
    """Do messages of one group come in order, one batch at a time, while other groups go on?"""
    url = queue("q.fifo", ContentBasedDeduplication="true")
    for body, group in (("a1", "a"), ("a2", "a"), ("b1", "b")):
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId=group)
    first = sqs.receive_message(QueueUrl=url)["Messages"][0]
    assert first["Body"] == "a1"
    assert [one["Body"] for one in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]] == ["b1"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "a2"
