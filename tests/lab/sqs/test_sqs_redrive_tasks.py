"""Redrive from a dead-letter queue."""

import pytest
from messaging import attribute, bodies, queue_arn

from course import lab

NONE = "arn:aws:sqs:us-east-1:123456789012:none"


@pytest.fixture
def dead(sqs, queue):
    """A queue whose messages are dead letters after one receive, with three of them: (dead-letter queue, source)."""
    dead = queue("dead")
    url = queue(RedrivePolicy={"deadLetterTargetArn": queue_arn(dead), "maxReceiveCount": 1}, VisibilityTimeout="0")
    for body in "abc":
        sqs.send_message(QueueUrl=url, MessageBody=body)
    bodies(sqs, url)
    bodies(sqs, url)
    return dead, url


def count(sqs, url):
    return int(attribute(sqs, url, "ApproximateNumberOfMessages"))


def test_dead_letters_go_back_where_they_come_from(sqs, dead):
    """Are they new messages in their queue, and is the task done?"""
    dead, url = dead
    handle = sqs.start_message_move_task(SourceArn=queue_arn(dead))["TaskHandle"]
    (task,) = sqs.list_message_move_tasks(SourceArn=queue_arn(dead))["Results"]
    assert task["Status"] == "COMPLETED" and task["ApproximateNumberOfMessagesMoved"] == 3
    assert "TaskHandle" not in task and handle
    assert (count(sqs, dead), count(sqs, url)) == (0, 3)
    assert sorted(bodies(sqs, url)) == ["a", "b", "c"]


def test_dead_letters_go_to_a_queue_of_choice(sqs, queue, dead):
    """Does DestinationArn count?"""
    dead, url = dead
    other = queue("other")
    sqs.start_message_move_task(SourceArn=queue_arn(dead), DestinationArn=queue_arn(other))
    assert (count(sqs, url), count(sqs, other)) == (0, 3)


def test_a_task_with_a_rate_takes_time_and_can_be_cancelled(sqs, dead, refused):
    """Does it move so many a second, alone for its queue, until it is cancelled?"""
    dead, url = dead
    start = {"SourceArn": queue_arn(dead), "MaxNumberOfMessagesPerSecond": 1}
    with lab.context(time="2026-11-28T08:00:00Z"):
        handle = sqs.start_message_move_task(**start)["TaskHandle"]
        refused(sqs.start_message_move_task, "InvalidParameterValue", "already a task running", **start)
        assert sqs.list_message_move_tasks(SourceArn=queue_arn(dead))["Results"][0]["TaskHandle"] == handle
    with lab.context(time="2026-11-28T08:00:02Z"):
        assert (count(sqs, dead), count(sqs, url)) == (1, 2)
        assert sqs.cancel_message_move_task(TaskHandle=handle)["ApproximateNumberOfMessagesMoved"] == 2
        refused(sqs.cancel_message_move_task, "InvalidParameterValue", "Only active", TaskHandle=handle)
    with lab.context(time="2026-11-28T08:01:00Z"):
        assert count(sqs, dead) == 1
        assert sqs.list_message_move_tasks(SourceArn=queue_arn(dead))["Results"][0]["Status"] == "CANCELLED"


def test_what_cannot_be_moved(sqs, queue, refused, dead):
    """Are wrong sources, destinations and rates refused?"""
    dead, url = dead
    start = sqs.start_message_move_task
    refused(start, "InvalidParameterValue", "configured as a Dead Letter Queue", SourceArn=queue_arn(url))
    refused(start, "ResourceNotFoundException", "SourceArn", status=404, SourceArn=NONE)
    refused(start, "InvalidParameterValue", "format", SourceArn="dead")
    here = {"SourceArn": queue_arn(dead)}
    refused(start, "ResourceNotFoundException", "DestinationArn", status=404, **here, DestinationArn=NONE)
    refused(start, "InvalidParameterValue", "same type", **here, DestinationArn=queue_arn(queue("q.fifo")))
    refused(start, "InvalidParameterValue", "500", **here, MaxNumberOfMessagesPerSecond=501)
    refused(sqs.list_message_move_tasks, "InvalidParameterValue", "10", **here, MaxResults=11)
    refused(sqs.cancel_message_move_task, "InvalidParameterValue", "TaskHandle is invalid", TaskHandle="none")


def test_a_message_from_nowhere_stops_the_task(sqs, dead):
    """Is a message that was sent to the dead-letter queue itself left there?"""
    dead, url = dead
    sqs.purge_queue(QueueUrl=dead)
    sqs.send_message(QueueUrl=dead, MessageBody="x")
    sqs.start_message_move_task(SourceArn=queue_arn(dead))
    (task,) = sqs.list_message_move_tasks(SourceArn=queue_arn(dead))["Results"]
    assert (task["Status"], task["FailureReason"]) == ("FAILED", "CouldNotDetermineMessageSource")
    assert bodies(sqs, dead) == ["x"]
