"""PutLogEvents: sizes, order, time, and what is left out."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from course import lab

DAY = 86_400_000


@pytest.fixture
def stream(logs):
    logs.create_log_group(logGroupName="/app")
    logs.create_log_stream(logGroupName="/app", logStreamName="s")
    return {"logGroupName": "/app", "logStreamName": "s"}


@pytest.fixture
def put(logs, stream):
    """Put events of these ages in milliseconds."""
    present = int(time.time() * 1000)
    return lambda *ages, message="x": logs.put_log_events(
        **stream, logEvents=[{"timestamp": present - age, "message": message} for age in ages]
    )


def kept(logs):
    return logs.filter_log_events(logGroupName="/app")["events"]


def test_old_and_new_events_are_left_out(logs, put):
    """Are the indexes exclusive at the old end and inclusive at the new one, and is the rest taken?"""
    answer = put(16 * DAY, 15 * DAY, 1000, 0, -3 * 3_600_000)
    assert answer["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 2, "tooNewLogEventStartIndex": 4}
    assert len(kept(logs)) == 2
    assert "rejectedLogEventsInfo" not in put(13 * DAY)


def test_events_older_than_the_retention_expire(logs, put):
    """Does a retention of three days leave out what is four days old?"""
    logs.put_retention_policy(logGroupName="/app", retentionInDays=3)
    assert put(4 * DAY)["rejectedLogEventsInfo"] == {"expiredLogEventEndIndex": 1}
    assert "rejectedLogEventsInfo" not in put(2 * DAY)


def test_order_and_span(logs, stream, refused):
    """Must a batch be in order, and within 24 hours?"""
    present = int(time.time() * 1000)

    def batch(*ages):
        return {**stream, "logEvents": [{"timestamp": present - age, "message": "x"} for age in ages]}

    words = "Log events in a single PutLogEvents request must be in chronological order."
    refused(logs.put_log_events, "InvalidParameterException", words, **batch(0, 1))
    refused(logs.put_log_events, "InvalidParameterException", "cannot span more than 24 hours", **batch(DAY + 1, 0))
    # Those that are too old do not count for the span.
    logs.put_log_events(**batch(20 * DAY, DAY, 0, 0))


def test_sizes(logs, stream, refused):
    """Are an event over 1 MB and a batch over 1,048,576 bytes with overhead refused?"""
    at = int(time.time() * 1000)
    event = lambda size: {"timestamp": at, "message": "x" * size}
    words = "Log event too large: 1048577 bytes exceeds limit of 1048576"
    refused(logs.put_log_events, "InvalidParameterException", words, **stream, logEvents=[event(1_048_577)])
    words = "Upload too large: 1048577 bytes exceeds limit of 1048576"
    refused(
        logs.put_log_events, "InvalidParameterException", words, **stream, logEvents=[event(524_262), event(524_263)]
    )
    logs.put_log_events(**stream, logEvents=[event(524_262), event(524_262)])


def test_unknown_places(logs, stream, refused):
    """Is it said whether the group or the stream is missing?"""
    events = [{"timestamp": 1, "message": "x"}]
    gone = {"logGroupName": "/gone", "logStreamName": "s", "logEvents": events}
    refused(logs.put_log_events, "ResourceNotFoundException", "The specified log group does not exist.", **gone)
    gone = {"logGroupName": "/app", "logStreamName": "gone", "logEvents": events}
    refused(logs.put_log_events, "ResourceNotFoundException", "The specified log stream does not exist.", **gone)


def test_ids_are_the_same_in_every_account(logs, stream):
    """Does an emptied account count its events anew?"""
    event = [{"timestamp": int(time.time() * 1000), "message": "x"}]
    ids = []
    for _ in range(2):
        logs.put_log_events(**stream, logEvents=event)
        ids.append(kept(logs)[0]["eventId"])
        lab.reset()
        logs.create_log_group(logGroupName="/app")
        logs.create_log_stream(**stream)
    assert ids[0] == ids[1] and len(ids[0]) == 56


def test_the_time_of_the_account_counts(logs, stream):
    """Is "now" what an exercise says it is?"""
    later = datetime.now(UTC) + timedelta(days=30)
    event = [{"timestamp": int(later.timestamp() * 1000), "message": "x"}]
    assert "rejectedLogEventsInfo" in logs.put_log_events(**stream, logEvents=event)
    with lab.context(time=later):
        assert "rejectedLogEventsInfo" not in logs.put_log_events(**stream, logEvents=event)
