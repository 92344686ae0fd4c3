"""Batches."""

import pytest
from messaging import bodies

PREFIX = "AWS.SimpleQueueService."


def entries(count, **more):
    return [{"Id": str(n), "MessageBody": f"m{n}", **more} for n in range(count)]


def calls(sqs, url, ids):
    """The three batch operations with entries of these ids."""
    sqs.send_message(QueueUrl=url, MessageBody="x")
    handle = sqs.receive_message(QueueUrl=url, VisibilityTimeout=60)["Messages"][0]["ReceiptHandle"]
    for call, more in (
        (sqs.send_message_batch, {"MessageBody": "x"}),
        (sqs.delete_message_batch, {"ReceiptHandle": handle}),
        (sqs.change_message_visibility_batch, {"ReceiptHandle": handle, "VisibilityTimeout": 60}),
    ):
        yield call, [{"Id": one, **more} for one in ids]


@pytest.mark.parametrize(
    ("ids", "code"),
    [
        ([], "EmptyBatchRequest"),
        ([str(n) for n in range(11)], "TooManyEntriesInBatchRequest"),
        (["a b"], "InvalidBatchEntryId"),
        (["x" * 81], "InvalidBatchEntryId"),
        ([""], "InvalidBatchEntryId"),
        (["a", "a"], "BatchEntryIdsNotDistinct"),
    ],
)
def test_what_is_no_batch(sqs, queue, refused, ids, code):
    """Is a wrong batch refused as a whole, in all three operations?"""
    url = queue()
    for call, wrong in calls(sqs, url, ids):
        refused(call, PREFIX + code, QueueUrl=url, Entries=wrong)


def test_ten_messages_at_once(sqs, queue):
    """Is the largest batch sent, in order?"""
    url = queue()
    answer = sqs.send_message_batch(QueueUrl=url, Entries=entries(10))
    assert [one["Id"] for one in answer["Successful"]] == [str(n) for n in range(10)]
    assert len(bodies(sqs, url)) == 10


def test_a_batch_is_as_long_as_a_message(sqs, queue, refused):
    """Do ten messages share one mebibyte?"""
    url = queue()
    half = "x" * 524_288
    two = [{"Id": one, "MessageBody": half} for one in "ab"]
    sqs.send_message_batch(QueueUrl=url, Entries=two)
    words = "cannot be longer than 1048576 bytes. You have sent 1048577 bytes."
    three = [*two, {"Id": "c", "MessageBody": "x"}]
    refused(sqs.send_message_batch, PREFIX + "BatchRequestTooLong", words, QueueUrl=url, Entries=three)


def test_every_message_has_an_answer_of_its_own(sqs, queue):
    """Does a wrong message not hold up the others?"""
    url = queue(MaximumMessageSize="1024")
    wrong = {"b": "\x00", "c": "x" * 1025, "e": "x"}
    sent = [{"Id": one, "MessageBody": wrong.get(one, one)} for one in "abcde"]
    sent[4]["DelaySeconds"] = 901
    answer = sqs.send_message_batch(QueueUrl=url, Entries=sent)
    assert [one["Id"] for one in answer["Successful"]] == ["a", "d"]
    assert {one["Id"]: one["Code"] for one in answer["Failed"]} == {
        "b": "InvalidMessageContents",
        "c": "InvalidParameterValue",
        "e": "InvalidParameterValue",
    }
    assert sorted(bodies(sqs, url)) == ["a", "d"]


def test_a_fifo_batch_needs_its_ids(sqs, queue, refused):
    """Is a batch without groups refused as a whole, as AWS does?"""
    url = queue("q.fifo", ContentBasedDeduplication="true")
    refused(sqs.send_message_batch, "InvalidParameterValue", "MessageGroupId", QueueUrl=url, Entries=entries(2))
    answer = sqs.send_message_batch(QueueUrl=url, Entries=entries(2, MessageGroupId="g"))
    first, second = (int(one["SequenceNumber"]) for one in answer["Successful"])
    assert first < second


def test_deleting_and_hiding_answer_for_each_handle(sqs, queue):
    """Does one bad handle fail alone?"""
    url = queue()
    sqs.send_message(QueueUrl=url, MessageBody="x")
    handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    hide = [
        {"Id": "a", "ReceiptHandle": handle, "VisibilityTimeout": 0},
        {"Id": "b", "ReceiptHandle": "none", "VisibilityTimeout": 0},
    ]
    answer = sqs.change_message_visibility_batch(QueueUrl=url, Entries=hide)
    assert [one["Id"] for one in answer["Successful"]] == ["a"]
    assert [one["Code"] for one in answer["Failed"]] == ["ReceiptHandleIsInvalid"]
    handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
    answer = sqs.delete_message_batch(
        QueueUrl=url, Entries=[{"Id": "a", "ReceiptHandle": handle}, {"Id": "b", "ReceiptHandle": "none"}]
    )
    assert [one["Id"] for one in answer["Successful"]] == ["a"]
    assert [one["Code"] for one in answer["Failed"]] == ["ReceiptHandleIsInvalid"]
