"""Deduplication and order in FIFO queues."""

from messaging import bodies

from course import lab


def send(sqs, url, body="x", group="g", **more):
    return sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId=group, **more)


def test_a_duplicate_within_five_minutes_is_accepted_and_dropped(sqs, queue):
    """Does it get the id of the first message, even when that has been deleted?"""
    url = queue("q.fifo")
    with lab.context(time="2026-11-28T08:00:00Z"):
        first = send(sqs, url, MessageDeduplicationId="1")
        handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
        sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
    with lab.context(time="2026-11-28T08:04:59Z"):
        again = send(sqs, url, "another body", MessageDeduplicationId="1")
        assert (again["MessageId"], again["SequenceNumber"]) == (first["MessageId"], first["SequenceNumber"])
        assert bodies(sqs, url) == []
    with lab.context(time="2026-11-28T08:05:00Z"):
        assert send(sqs, url, MessageDeduplicationId="1")["MessageId"] != first["MessageId"]
        assert bodies(sqs, url) == ["x"]


def test_the_same_content_is_a_duplicate_where_the_queue_says_so(sqs, queue):
    """Does the body decide, in all groups, unless there is an explicit id?"""
    url = queue("q.fifo", ContentBasedDeduplication="true")
    send(sqs, url)
    send(sqs, url, group="h")
    send(sqs, url, MessageDeduplicationId="other")
    assert bodies(sqs, url) == ["x", "x"]


def test_deduplication_by_message_group(sqs, queue):
    """Are equal messages of two groups two messages in a high-throughput queue?"""
    url = queue("q.fifo", ContentBasedDeduplication="true", DeduplicationScope="messageGroup")
    for group in "ggh":
        send(sqs, url, group=group)
    assert len(bodies(sqs, url)) == 2


def test_sequence_numbers_grow(sqs, queue):
    """Has every message one of 20 digits, larger than the last?"""
    url = queue("q.fifo", ContentBasedDeduplication="true")
    numbers = [send(sqs, url, body)["SequenceNumber"] for body in "abc"]
    assert numbers == sorted(numbers) and len(set(numbers)) == 3
    assert {len(one) for one in numbers} == {20}
    shown = sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"])["Messages"][0]["Attributes"]
    assert shown["SequenceNumber"] == numbers[0] and len(shown["MessageDeduplicationId"]) == 64


def test_the_retention_of_an_order(sqs, queue):
    """Do messages of one group come in the order in which they were sent?"""
    url = queue("q.fifo", ContentBasedDeduplication="true")
    for body in "abcde":
        send(sqs, url, body)
    assert bodies(sqs, url) == list("abcde")
