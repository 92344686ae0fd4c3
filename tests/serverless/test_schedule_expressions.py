"""Schedule expressions: which AWS takes, and when they are due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.serverless.schedule_expressions import InvalidSchedule, schedule_expression

NOW = datetime(2026, 11, 28, 17, 3, tzinfo=UTC)  # a Saturday


@pytest.mark.parametrize(
    "text",
    # Recorded from AWS: "Parameter ScheduleExpression is not valid."
    [
        "rate(10 seconds)", "rate(10 years)", "rate(1 minutes)", "rate(1 hours)", "rate(1 days)", "rate(10 minute)",
        "rate(10 hour)", "rate(10 day)", "rate()", "rate(10)", "rate(10 minutess)", "rate(foo minutes)",
        "rate(0 minutes)", "rate(-10 minutes)", "rate(10 MINUTES)", "rate( 10 minutes )", " rate(10 minutes)",
        "cron(0 1 * * * *)", "cron(7 20 * * NOT *)", "cron(INVALID)", "cron(0 dummy ? * MON-FRI *)",
        "cron(71 8 1 * ? *)", "cron(0 12 ? * ? *)", "cron(0 12 * * ?)", "cron(? 12 * * ? *)", "cron(0 25 * * ? *)",
        "cron(0 12 32 * ? *)", "cron(0 12 * 13 ? *)", "cron(0 12 ? * 8 *)", "cron(0 12 * * ? 1969)",
        "cron(0 12 * * ? *", "at(2026-12-01T00:00:00)", "every day",
    ],
)  # fmt: skip
def test_what_rules_do_not_take(text):
    """Is each refused?"""
    with pytest.raises(InvalidSchedule):
        schedule_expression(text)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("cron(0 2 ? * SAT *)", ["12-05 02:00", "12-12 02:00"]),
        ("cron(0 12 * * ? *)", ["11-29 12:00", "11-30 12:00"]),
        ("cron(5,35 14 * * ? *)", ["11-29 14:05", "11-29 14:35"]),
        ("cron(15 10 ? * 6L 2002-2005)", []),
        ("cron(15 10 ? * 6L *)", ["12-25 10:15", "01-29 10:15"]),
        ("cron(0 2 ? * SAT#3 *)", ["12-19 02:00", "01-16 02:00"]),
        ("cron(0/15 * * * ? *)", ["11-28 17:15", "11-28 17:30"]),
        ("cron(0 18 ? * MON-FRI *)", ["11-30 18:00", "12-01 18:00"]),
        ("cron(0/5 8-17 ? * MON-FRI *)", ["11-30 08:00", "11-30 08:05"]),
        ("cron(0 8 1 * ? *)", ["12-01 08:00", "01-01 08:00"]),
        ("cron(0 0 L * ? *)", ["11-30 00:00", "12-31 00:00"]),
        ("cron(0 0 1W * ? *)", ["12-01 00:00", "01-01 00:00"]),
        ("cron(0 0 29 2 ? *)", ["02-29 00:00", "02-29 00:00"]),
        ("rate(5 minutes)", ["11-28 17:08", "11-28 17:13"]),
        ("rate(1 day)", ["11-29 17:03", "11-30 17:03"]),
    ],
)
def test_when_a_schedule_is_due(text, times):
    """Do steps, ranges, names, L, W and # give the right days?"""
    found = schedule_expression(text).next_times(NOW, 2)
    assert [f"{one:%m-%d %H:%M}" for one in found] == times


def test_one_time_schedules_are_for_scheduler():
    """Does EventBridge Scheduler know at(), and take "1 minutes" too?"""
    schedule = schedule_expression("at(2026-12-01T08:00:00)", one_time=True)
    assert schedule.next_times(NOW, 5) == [datetime(2026, 12, 1, 8, tzinfo=UTC)]
    assert schedule.next_times(NOW + timedelta(days=9), 5) == []
    assert schedule_expression("rate(1 minutes)", strict_units=False).every == timedelta(minutes=1)
    with pytest.raises(InvalidSchedule):
        schedule_expression("at(2026-13-01T08:00:00)", one_time=True)


@given(st.integers(0, 59), st.integers(0, 23), st.integers(0, 400))
def test_a_daily_schedule_comes_once_a_day(minute, hour, days):
    """Is every time at its minute and hour, a day after the one before?"""
    first, second = schedule_expression(f"cron({minute} {hour} * * ? *)").next_times(NOW + timedelta(days=days), 2)
    assert (first.minute, first.hour) == (minute, hour) and second - first == timedelta(days=1)
    assert timedelta() < first - (NOW + timedelta(days=days)) <= timedelta(days=1)
