"""Scheduled actions."""

from datetime import UTC, datetime, timedelta

import pytest

from course.lab.auto_scaling.schedules import readable

LATER = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def web(asg):
    asg("web", MinSize=1, MaxSize=4)
    return {"AutoScalingGroupName": "web", "ScheduledActionName": "morning"}


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ({"StartTime": LATER}, "At least one"),
        ({"DesiredCapacity": 2}, "StartTime or Recurrence"),
        ({"StartTime": LATER, "MinSize": 3, "MaxSize": 2}, "Max bound, 2"),
        ({"StartTime": LATER, "MinSize": 2, "DesiredCapacity": 1}, "greater than or equal to min size"),
        ({"StartTime": LATER, "MaxSize": 2, "DesiredCapacity": 3}, "less than or equal to max size"),
        ({"StartTime": LATER - timedelta(days=2), "MinSize": 1}, "start time is in the past"),
        ({"StartTime": LATER, "EndTime": LATER, "MinSize": 1}, "end time"),
        ({"Recurrence": "every day", "MinSize": 1}, "every day"),
        ({"Recurrence": "0 25 * * *", "MinSize": 1}, "0 25"),
        ({"Recurrence": "0 9 * * *", "TimeZone": "Mars/Base", "MinSize": 1}, "Mars/Base"),
        ({"AutoScalingGroupName": "nobody", "StartTime": LATER, "MinSize": 1}, "nobody"),
    ],
)
def test_actions_that_are_refused(scaling, web, refused, action, words):
    """Are sizes in order, times to come, and schedules readable?"""
    refused(scaling.put_scheduled_update_group_action, "ValidationError", words, **{**web, **action})


@pytest.mark.parametrize(
    "action",
    [
        {"StartTime": LATER, "MinSize": 2, "MaxSize": 9, "DesiredCapacity": 9},
        {"Recurrence": "0 9 * * MON-FRI", "DesiredCapacity": 3, "TimeZone": "Europe/Berlin"},
        {"StartTime": LATER, "EndTime": LATER + timedelta(days=1), "Recurrence": "*/30 9-17 1,15 * *", "MinSize": 0},
    ],
)
def test_actions_that_are_legal(scaling, web, action):
    """May an action change the limits themselves?"""
    scaling.put_scheduled_update_group_action(**web, **action)
    (shown,) = scaling.describe_scheduled_actions(AutoScalingGroupName="web")["ScheduledUpdateGroupActions"]
    assert shown["ScheduledActionName"] == "morning"


def test_a_batch_goes_on_after_a_refusal(scaling, web):
    """Is the wrong action of a batch reported, and the right one kept?"""
    good = {"ScheduledActionName": "good", "Recurrence": "0 9 * * *", "MinSize": 1}
    bad = {"ScheduledActionName": "bad", "Recurrence": "0 9", "MinSize": 1}
    answer = scaling.batch_put_scheduled_update_group_action(
        AutoScalingGroupName="web", ScheduledUpdateGroupActions=[bad, good]
    )
    assert [one["ScheduledActionName"] for one in answer["FailedScheduledUpdateGroupActions"]] == ["bad"]
    (kept,) = scaling.describe_scheduled_actions()["ScheduledUpdateGroupActions"]
    assert kept["ScheduledActionName"] == "good"


@pytest.mark.parametrize(
    ("text", "fine"),
    [("* * * * *", True), ("0 0 31 12 7", True), ("60 * * * *", False), ("0 0 0 1 1", False), ("", False)],
)
def test_cron(text, fine):
    """Are five fields in their ranges?"""
    assert readable(text) is fine
