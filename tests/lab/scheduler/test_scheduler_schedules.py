"""EventBridge Scheduler: which schedules AWS takes."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest

QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
NOW = datetime.now(UTC)


@pytest.fixture
def scheduler(_fresh):
    return boto3.client("scheduler")


@pytest.fixture
def schedule(role):
    """The arguments of a legal schedule, some of them changed."""
    arn = role("scheduler.amazonaws.com", "scheduler")

    def schedule(**more):
        target = {"Arn": QUEUE, "RoleArn": arn, **more.pop("target", {})}
        call = {"Name": "s", "ScheduleExpression": "rate(5 minutes)", "FlexibleTimeWindow": {"Mode": "OFF"}}
        return {**call, "Target": target, **more}

    return schedule


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"ScheduleExpression": "rate(5 seconds)"}, "Invalid Schedule Expression rate(5 seconds)."),
        ({"ScheduleExpression": "cron(0 12 * * * *)"}, "Invalid Schedule Expression"),
        ({"ScheduleExpression": "at(tomorrow)"}, "Invalid Schedule Expression"),
        ({"ScheduleExpressionTimezone": "Europe/Atlantis"}, "Europe/Atlantis"),
        ({"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}}, "MaximumWindowInMinutes"),
        ({"FlexibleTimeWindow": {"Mode": "OFF", "MaximumWindowInMinutes": 5}}, "MaximumWindowInMinutes"),
        ({"FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 1441}}, "less than or equal to 1440"),
        ({"StartDate": NOW - timedelta(minutes=10)}, "cannot be earlier than 5 minutes ago"),
        ({"StartDate": NOW + timedelta(days=2), "EndDate": NOW + timedelta(days=1)}, "must come after the StartDate"),
        ({"Name": "a b"}, "regular expression pattern"),
        ({"State": "ON"}, "enum value set"),
        ({"target": {"Arn": "q"}}, "not in correct format"),
        ({"target": {"RetryPolicy": {"MaximumRetryAttempts": 186}}}, "less than or equal to 185"),
        ({"target": {"Arn": QUEUE + ".fifo"}}, "MessageGroupId"),
        ({"target": {"Arn": "arn:aws:lambda:us-east-1:123456789012:function:f", "Input": "text"}}, "well-formed JSON"),
    ],
)
def test_impossible_schedules(scheduler, schedule, refused, more, words):
    """Are expressions, windows, dates and targets that AWS does not take refused?"""
    refused(scheduler.create_schedule, "ValidationException", words, **schedule(**more))


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"ScheduleExpression": "at(2030-01-01T08:00:00)", "ScheduleExpressionTimezone": "Europe/Zurich"},
        {"ScheduleExpression": "cron(0 12 ? * MON-FRI *)", "StartDate": NOW + timedelta(days=1)},
        {"FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15}},
        {"target": {"Input": "plain text"}},
    ],
)
def test_possible_schedules(scheduler, schedule, more):
    """Are the nearest legal ones taken, one-time schedules too?"""
    scheduler.create_schedule(**schedule(**more))
    assert scheduler.get_schedule(Name="s")["State"] == "ENABLED"


def test_the_role_must_trust_scheduler(scheduler, schedule, role, refused):
    """Is a role for another service, and one that is not there, refused in AWS's words?"""
    words = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
    other = role("events.amazonaws.com", "other")
    for arn in (other, other + "x"):
        refused(scheduler.create_schedule, "ValidationException", words, **schedule(target={"RoleArn": arn}))


def test_names_and_groups(scheduler, schedule, refused):
    """Does a name exist once in a group, and a schedule only in a group that exists?"""
    scheduler.create_schedule(**schedule())
    refused(scheduler.create_schedule, "ConflictException", "Schedule s already exists.", status=409, **schedule())
    gone = schedule(GroupName="gone")
    refused(scheduler.create_schedule, "ResourceNotFoundException", "Schedule group gone", status=404, **gone)
    scheduler.create_schedule_group(Name="mine")
    refused(scheduler.create_schedule_group, "ConflictException", status=409, Name="mine")
    scheduler.create_schedule(**schedule(GroupName="mine"))
    refused(scheduler.get_schedule, "ResourceNotFoundException", "Schedule x does not exist.", status=404, Name="x")
    refused(scheduler.update_schedule, "ResourceNotFoundException", status=404, **schedule(Name="x"))
    refused(scheduler.delete_schedule_group, "ValidationException", "default", Name="default")
    refused(scheduler.delete_schedule_group, "ResourceNotFoundException", status=404, Name="gone")
    scheduler.delete_schedule_group(Name="mine")
