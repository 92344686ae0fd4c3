"""FilterLogEvents and TestMetricFilter with AWS's whole pattern syntax."""

import json
import time

import pytest

from course import lab

MESSAGES = [json.dumps({"status": 200 + 100 * number, "path": f"/p{number}"}) for number in range(4)] + ["ERROR plain"]


@pytest.fixture
def search(logs):
    """Put the messages into two streams, and search by a pattern."""
    at = int(time.time() * 1000) - 10_000
    logs.create_log_group(logGroupName="/app")
    for name, part in (("a", MESSAGES[::2]), ("b", MESSAGES[1::2])):
        logs.create_log_stream(logGroupName="/app", logStreamName=name)
        events = [{"timestamp": at + MESSAGES.index(one), "message": one} for one in part]
        logs.put_log_events(logGroupName="/app", logStreamName=name, logEvents=events)

    def search(pattern="", **more):
        found = logs.filter_log_events(logGroupName="/app", filterPattern=pattern, **more)
        return [MESSAGES.index(one["message"]) for one in found["events"]], found

    return search


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("ERROR", [4]),
        ("-ERROR", [0, 1, 2, 3]),
        ("{ $.status >= 400 }", [2, 3]),
        ('{ $.status >= 400 && $.path = "/p3" }', [3]),
        ("[level = ERROR, word]", [4]),
        ("%p[12]%", [1, 2]),
    ],
)
def test_patterns_find(search, pattern, found):
    """Are events of all streams found, in the order of their times?"""
    assert search(pattern)[0] == found


def test_streams_times_and_pages(search):
    """Do streams, prefix, times, limit and direction narrow the search?"""
    assert search(logStreamNames=["a"])[0] == [0, 2, 4]
    assert search(logStreamNamePrefix="b")[0] == [1, 3]
    assert search(startFromHead=False)[0] == [4, 3, 2, 1, 0]
    numbers, found = search(limit=2)
    assert numbers == [0, 1] and search(nextToken=found["nextToken"], limit=2)[0] == [2, 3]
    assert search(endTime=found["events"][1]["timestamp"])[0] == [0, 1]


def test_impossible_searches(logs, search, refused):
    """Are a wrong pattern, an unknown stream, and streams beside a prefix refused?"""
    call = {"logGroupName": "/app"}
    refused(
        logs.filter_log_events, "InvalidParameterException", "Invalid filter pattern", **call, filterPattern="{ $.a"
    )
    refused(logs.filter_log_events, "InvalidParameterException", "Invalid filter pattern", **call, filterPattern="a.b")
    refused(logs.filter_log_events, "ResourceNotFoundException", "log stream", **call, logStreamNames=["c"])
    both = {"logStreamNames": ["a"], "logStreamNamePrefix": "a"}
    refused(logs.filter_log_events, "InvalidParameterException", "mutually exclusive", **call, **both)


def test_test_metric_filter(logs, refused):
    """Which messages fit, and what is extracted from them?"""
    line = '127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'
    pattern = "[ip, id, user, timestamp, request, status = 4*, bytes]"
    [found] = logs.test_metric_filter(filterPattern=pattern, logEventMessages=["no", line])["matches"]
    assert (found["eventNumber"], found["eventMessage"]) == (2, line)
    assert found["extractedValues"]["$request"] == "GET /index.html HTTP/1.0"
    call = {"filterPattern": "[ip, ip]", "logEventMessages": [line]}
    refused(logs.test_metric_filter, "InvalidParameterException", "Invalid metric filter pattern", **call)


def test_the_command_line_sees_the_refusal(logs):
    """Does the real aws command show AWS's words?"""
    result = lab.aws("logs test-metric-filter --filter-pattern [a,a] --log-event-messages x")
    assert result.exit_code == 255 and "(InvalidParameterException) when calling the TestMetricFilter" in result.error
