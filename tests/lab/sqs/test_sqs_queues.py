"""Queues: names, URLs, deletion, purge, tags."""

import pytest
from botocore.exceptions import ClientError
from conftest import client
from messaging import attribute, bodies

from course import lab


@pytest.mark.parametrize("name", ["a b", "ö", "a.b", "q.fifo", "x" * 81, ""])
def test_a_name_has_letters_digits_hyphens_and_underscores(sqs, refused, name):
    """Is a wrong name refused, also .fifo for a standard queue, and the longest right one not?"""
    refused(sqs.create_queue, "InvalidParameterValue", "alphanumeric", QueueName=name)
    sqs.create_queue(QueueName="a-Z_9" + "x" * 75)


@pytest.mark.parametrize("name", ["q", "q.FIFO", "x" * 76 + ".fifo", "a.b.fifo", ".fifo"])
def test_a_fifo_queue_ends_in_fifo(sqs, refused, name):
    """Is the suffix asked for and counted?"""
    fifo = {"FifoQueue": "true"}
    refused(sqs.create_queue, "InvalidParameterValue", "must end with .fifo", QueueName=name, Attributes=fifo)
    sqs.create_queue(QueueName="x" * 75 + ".fifo", Attributes=fifo)


def test_a_deleted_name_rests_for_a_minute(sqs, queue, refused):
    """Can a queue come back under its name only after 60 seconds?"""
    with lab.context(time="2026-11-28T08:00:00Z"):
        sqs.delete_queue(QueueUrl=queue("q"))
        refused(sqs.create_queue, "AWS.SimpleQueueService.QueueDeletedRecently", "60 seconds", QueueName="q")
        queue("other")
    with lab.context(time="2026-11-28T08:01:00Z"):
        queue("q")


def test_one_purge_a_minute(sqs, queue, refused):
    """Is a second purge refused, and is everything gone after the first?"""
    url = queue()
    sqs.send_message(QueueUrl=url, MessageBody="x")
    with lab.context(time="2026-11-28T08:00:00Z"):
        sqs.purge_queue(QueueUrl=url)
        refused(
            sqs.purge_queue,
            "AWS.SimpleQueueService.PurgeQueueInProgress",
            "Only one PurgeQueue operation on q",
            status=403,
            QueueUrl=url,
        )
    assert attribute(sqs, url, "ApproximateNumberOfMessages") == "0"
    with lab.context(time="2026-11-28T08:01:00Z"):
        sqs.purge_queue(QueueUrl=url)


@pytest.mark.parametrize(
    "url",
    [
        "https://sqs.us-east-1.amazonaws.com/123456789012/none",
        "https://sqs.eu-west-1.amazonaws.com/123456789012/q",
    ],
)
def test_a_url_means_one_queue(sqs, queue, refused, url):
    """Is a queue of another name or Region not taken for this one?"""
    sqs.send_message(QueueUrl=queue(), MessageBody="x")
    code = "AWS.SimpleQueueService.NonExistentQueue"
    refused(sqs.send_message, code, "does not exist", QueueUrl=url, MessageBody="x")
    refused(sqs.get_queue_attributes, code, QueueUrl=url, AttributeNames=["All"])
    refused(sqs.get_queue_url, code, QueueName="none")


def test_a_queue_of_an_unknown_account_is_out_of_reach(sqs, queue, refused):
    """Is the account in the URL the one that is asked?"""
    url = queue().replace("123456789012", "111122223333")
    refused(sqs.send_message, "AccessDenied", status=403, QueueUrl=url, MessageBody="x")


def test_the_exceptions_of_the_client_can_be_caught(sqs, queue):
    """Does `except sqs.exceptions.QueueDoesNotExist` catch what AWS's own would?"""
    url = queue()
    with pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sqs.get_queue_url(QueueName="none")
    with pytest.raises(sqs.exceptions.QueueNameExists):
        queue(DelaySeconds="5")
    with pytest.raises(sqs.exceptions.ReceiptHandleIsInvalid):
        sqs.delete_message(QueueUrl=url, ReceiptHandle="none")


def test_a_queue_of_another_region_is_another_queue(sqs, queue):
    """Do Regions not share names?"""
    queue()
    there = client("sqs", "eu-west-1")
    assert "QueueUrls" not in there.list_queues()
    with pytest.raises(ClientError):
        there.get_queue_url(QueueName="q")


def test_fifty_tags(sqs, queue, refused):
    """Do tags add up to at most 50?"""
    url = queue()
    sqs.tag_queue(QueueUrl=url, Tags={f"k{n}": "v" for n in range(50)})
    sqs.tag_queue(QueueUrl=url, Tags={"k0": "new"})
    refused(sqs.tag_queue, "InvalidParameterValue", "Too many tags", QueueUrl=url, Tags={"one-more": "v"})


def test_pages_of_queues(sqs, queue, refused):
    """Is the size of a page within its range?"""
    queue()
    refused(sqs.list_queues, "InvalidParameterValue", "MaxResults", MaxResults=1001)
    assert len(sqs.list_queues(MaxResults=1000)["QueueUrls"]) == 1


def test_the_command_line_meets_the_same_rules(sqs, queue):
    """Does `aws sqs` refuse in AWS's words?"""
    queue()
    answer = lab.aws("sqs create-queue --queue-name q --attributes DelaySeconds=5")
    assert answer.exit_code != 0
    assert "QueueAlreadyExists" in answer.error and "different value for attribute DelaySeconds" in answer.error
    url = sqs.get_queue_url(QueueName="q")["QueueUrl"]
    assert lab.aws(["sqs", "send-message", "--queue-url", url, "--message-body", "hello"]).exit_code == 0
    assert bodies(sqs, url) == ["hello"]
