"""Searching with filter patterns: FilterLogEvents and TestMetricFilter. moto knows words and phrases only.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
"""

from __future__ import annotations

from typing import Any

from moto.logs.utils import EventMessageFilter

from course.serverless.filter_patterns import FilterPattern, InvalidFilterPattern, filter_pattern

from ..gate import Call, answers, refuses, replaces
from .log_groups import page
from .names import invalid, log_group_of, log_stream


def require_pattern(text: str | None, what: str = "filter pattern") -> FilterPattern:
    """The pattern of a request. AWS says no more than that it is invalid; what is wrong with it is added here."""
    try:
        return filter_pattern(text or "")
    except InvalidFilterPattern as problem:
        raise invalid(f"Invalid {what}: {problem}") from None


@refuses("logs", "FilterLogEvents")
def impossible_search(call: Call) -> None:
    """Streams by name or by prefix; times in order; a pattern that is one."""
    params = call.params
    group = log_group_of(call)
    if params.get("logStreamNames") and params.get("logStreamNamePrefix"):
        raise invalid("logStreamNamePrefix and logStreamNames are mutually exclusive parameters.")
    for name in params.get("logStreamNames", ()):
        log_stream(group, name)
    require_pattern(params.get("filterPattern"))


@answers("logs", "FilterLogEvents")
def filter_log_events(call: Call) -> dict:
    """The events that fit, of all streams together, in the order of their times."""
    params = call.params
    names, prefix = params.get("logStreamNames"), params.get("logStreamNamePrefix") or ""
    pattern = require_pattern(params.get("filterPattern"))
    first, last = params.get("startTime") or 0, params.get("endTime")
    found = [
        {**event.to_filter_dict(), "eventId": str(event.event_id), "logStreamName": name}
        for name, stream in log_group_of(call).streams.items()
        if (not names or name in names) and name.startswith(prefix)
        for event in stream.events
        if first <= event.timestamp and (last is None or event.timestamp <= last) and pattern.matches(event.message)
    ]
    forward = params.get("startFromHead", True)
    found.sort(key=lambda one: (one["timestamp"], one["eventId"]), reverse=not forward)
    # "Support for this parameter is ended": the list of streams is empty since 2020.
    return {"searchedLogStreams": [], **page(found, params, "events", 10_000)}


@answers("logs", "TestMetricFilter")
def test_metric_filter(call: Call) -> dict:
    """Which messages fit, and what the pattern extracts from them. moto has no such operation."""
    pattern = require_pattern(call.params["filterPattern"], "metric filter pattern")
    matches = []
    for number, message in enumerate(call.params["logEventMessages"], start=1):
        found = pattern.extracted(message)
        if found is not None:
            matches.append({"eventNumber": number, "eventMessage": message, "extractedValues": found})
    return {"matches": matches}


@replaces(EventMessageFilter, "matches")
def live_tail(moto: Any, event_filter: Any, message: str) -> bool:
    """Live Tail and what else in moto filters: by the whole syntax."""
    return event_filter.lab_pattern.matches(message)


@replaces(EventMessageFilter, "__init__")
def compiled(moto: Any, event_filter: Any, pattern: str) -> None:
    """moto reads the first letter of a pattern only."""
    event_filter.lab_pattern = require_pattern(pattern)
