"""Receipt handles."""

import pytest
from messaging import attribute, bodies

from course import lab


def received(sqs, url):
    sqs.send_message(QueueUrl=url, MessageBody="x", **({"MessageGroupId": "g"} if url.endswith("fifo") else {}))
    return sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]


def test_any_other_text_is_no_handle(sqs, queue, refused):
    """Is a made-up handle, or a message id, refused?"""
    url = queue()
    sqs.send_message(QueueUrl=url, MessageBody="x")
    for wrong in ("none", sqs.receive_message(QueueUrl=url)["Messages"][0]["MessageId"]):
        refused(sqs.delete_message, "ReceiptHandleIsInvalid", wrong, status=404, QueueUrl=url, ReceiptHandle=wrong)
        hide = {"QueueUrl": url, "ReceiptHandle": wrong, "VisibilityTimeout": 1}
        refused(sqs.change_message_visibility, "ReceiptHandleIsInvalid", status=404, **hide)


def test_deleting_twice_is_no_error(sqs, queue, refused):
    """Is a deleted message gone, for deletion without complaint, for a change with one?"""
    url = queue()
    handle = received(sqs, url)
    for _ in range(2):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
    assert attribute(sqs, url, "ApproximateNumberOfMessagesNotVisible") == "0"
    hide = {"QueueUrl": url, "ReceiptHandle": handle, "VisibilityTimeout": 1}
    refused(sqs.change_message_visibility, "InvalidParameterValue", "not available for visibility", **hide)


@pytest.mark.parametrize("seconds", [-1, 43201])
def test_a_visibility_timeout_is_at_most_twelve_hours(sqs, queue, refused, seconds):
    """Is the range of a change checked?"""
    url = queue()
    hide = {"QueueUrl": url, "ReceiptHandle": received(sqs, url)}
    refused(sqs.change_message_visibility, "InvalidParameterValue", seconds, **hide, VisibilityTimeout=seconds)
    sqs.change_message_visibility(**hide, VisibilityTimeout=600)


def test_twelve_hours_count_from_the_receive(sqs, queue, refused):
    """Is the whole time in flight limited, and not the age of the message?"""
    url = queue(VisibilityTimeout="43200")
    with lab.context(time="2026-11-27T08:00:00Z"):
        sqs.send_message(QueueUrl=url, MessageBody="x")
    with lab.context(time="2026-11-28T08:00:00Z"):
        handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
        hide = {"QueueUrl": url, "ReceiptHandle": handle}
        sqs.change_message_visibility(**hide, VisibilityTimeout=43200)
    with lab.context(time="2026-11-28T09:00:00Z"):
        sqs.change_message_visibility(**hide, VisibilityTimeout=39600)
        refused(sqs.change_message_visibility, "InvalidParameterValue", "Total", **hide, VisibilityTimeout=39601)


def test_zero_gives_a_message_back(sqs, queue):
    """Is it visible again at once?"""
    url = queue()
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=received(sqs, url), VisibilityTimeout=0)
    assert bodies(sqs, url) == ["x"]


def test_a_late_deletion(sqs, queue, refused):
    """Does a standard queue take an old handle, and a FIFO queue not?"""
    standard, fifo = queue(), queue("q.fifo", ContentBasedDeduplication="true")
    with lab.context(time="2026-11-28T08:00:00Z"):
        handles = {url: received(sqs, url) for url in (standard, fifo)}
    with lab.context(time="2026-11-28T08:00:31Z"):
        sqs.delete_message(QueueUrl=standard, ReceiptHandle=handles[standard])
        words = "The receipt handle has expired."
        refused(sqs.delete_message, "InvalidParameterValue", words, QueueUrl=fifo, ReceiptHandle=handles[fifo])
        assert bodies(sqs, standard) == [] and bodies(sqs, fifo) == ["x"]
