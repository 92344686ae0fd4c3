"""Metric filters: what AWS refuses, and the metric data they publish from the events that come in after them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from moto.backends import get_backend
from moto.logs.models import LogEvent, LogsBackend, LogStream, logs_backends

from course.data import value
from course.serverless.filter_patterns import FilterPattern, InvalidFilterPattern, filter_pattern

from ..gate import Call, Refused, refuses, replaces
from ..iam.context import now
from .names import invalid, log_group

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


@refuses("logs", "PutMetricFilter")
def impossible_metric_filter(call: Call) -> None:
    """The pattern, the transformation, and how many filters the log group has."""
    params, backend = call.params, call.backend
    group = log_group(backend, params["logGroupName"])
    if getattr(group, "log_group_class", "STANDARD") != "STANDARD":
        raise Refused(
            "InvalidOperationException",
            f"Metric filters are not supported for the log group class {group.log_group_class}.",
        )
    pattern = require_metric_pattern(params["filterPattern"])
    _require_transformation(pattern, params["metricTransformations"][0])
    others = [
        one
        for one in backend.filters.get_matching_filters(log_group_name=group.name)
        if one["filterName"] != params["filterName"]
    ]
    if len(others) >= value("logs.filters.metric_filters"):
        raise Refused("LimitExceededException", "Resource limit exceeded.")
    if pattern.regexes:
        require_room_for_regexes(group, backend, params["filterName"])


def require_metric_pattern(text: str) -> FilterPattern:
    """The pattern, or AWS's words for one that is none."""
    try:
        return filter_pattern(text)
    except InvalidFilterPattern as problem:
        raise invalid(f"Invalid metric filter pattern: {problem}") from None


def require_room_for_regexes(group: Any, backend: LogsBackend, name: str) -> None:
    """Raise Refused if a log group has all the filters with regular expressions it may have."""
    patterns = [
        (one["filterName"], one["filterPattern"])
        for one in backend.filters.get_matching_filters(log_group_name=group.name)
    ]
    patterns += [(one.name, one.filter_pattern) for one in group.subscription_filters.values()]
    held = [one for one, text in patterns if one != name and filter_pattern(text or "").regexes]
    if len(held) >= value("logs.filter_patterns.filters_with_regexes"):
        raise Refused("LimitExceededException", "Resource limit exceeded.")


def _require_transformation(pattern: FilterPattern, given: dict) -> None:
    dimensions = given.get("dimensions") or {}
    if dimensions and given.get("defaultValue") is not None:
        raise invalid("Invalid metric transformation: dimensions and default value are mutually exclusive properties.")
    if dimensions and pattern.kind == "terms":
        raise invalid("The specified filter pattern does not support dimensions")
    most = value("logs.filters.metric_dimensions")
    if len(dimensions) > most:
        raise invalid(
            f"Invalid metric transformation: at most {most} dimensions can be specified, not {len(dimensions)}."
        )
    for name, source in dimensions.items():
        _require_reference(pattern, source, f"the dimension {name}")
    if not _NUMBER.fullmatch(given["metricValue"]):
        _require_reference(pattern, given["metricValue"], "the metric value")


def _require_reference(pattern: FilterPattern, source: str, what: str) -> None:
    """Raise Refused unless the text refers to a field of the pattern: $.name in JSON, $name or $4 in fields."""
    problem = f"Invalid metric transformation: {source!r} is no value for {what}."
    if not source.startswith("$") or pattern.kind == "terms":
        raise invalid(problem)
    try:
        pattern.value_of(source, "{}")
    except InvalidFilterPattern:
        raise invalid(problem) from None


@refuses("logs", "DeleteMetricFilter")
def unknown_metric_filter(call: Call) -> None:
    """moto deletes what is not there."""
    group = log_group(call.backend, call.params["logGroupName"])
    named = call.backend.filters.get_matching_filters(call.params["filterName"], group.name)
    if not any(one["filterName"] == call.params["filterName"] for one in named):
        raise Refused("ResourceNotFoundException", "The specified metric filter does not exist.")


@replaces(LogsBackend, "put_metric_filter")
def put_metric_filter(
    moto: Any, backend: LogsBackend, filter_name: str, filter_pattern: str, log_group_name: str, transformations: Any
) -> None:
    """moto adds a second filter of the same name."""
    kept = backend.filters.metric_filters
    kept[:] = [one for one in kept if (one["filterName"], one["logGroupName"]) != (filter_name, log_group_name)]
    moto(backend, filter_name, filter_pattern, log_group_name, transformations)
    kept[-1] |= {"creationTime": int(now().timestamp() * 1000), "applyOnTransformedLogs": False}
    kept.sort(key=lambda one: (one["filterName"], one["logGroupName"]))


def read(stream: LogStream, events: list[LogEvent]) -> None:
    """Publish what the filters of the stream's group find in these events."""
    filters = logs_backends[stream.account_id][stream.region].filters
    for one in filters.get_matching_filters(log_group_name=stream.log_group.name):
        pattern = filter_pattern(one["filterPattern"])
        for transformation in one["metricTransformations"]:
            data = _data(pattern, transformation, events)
            if data:
                cloudwatch = get_backend("cloudwatch")[stream.account_id][stream.region]
                cloudwatch.put_metric_data(transformation["metricNamespace"], data)


def _data(pattern: FilterPattern, given: dict, events: list[LogEvent]) -> list[dict]:
    """One datum per event that fits, and the default value once for each minute in which events came and none fits."""
    data, quiet = [], {}
    for event in events:
        minute = int(event.timestamp) // 60_000
        if not pattern.matches(event.message):
            quiet.setdefault(minute, event.timestamp)
            continue
        quiet[minute] = None
        datum = _datum(pattern, given, event)
        if datum:
            data.append(datum)
    if given.get("defaultValue") is not None:
        data += [_bare(given, at, given["defaultValue"]) for at in quiet.values() if at is not None]
    return data


def _datum(pattern: FilterPattern, given: dict, event: LogEvent) -> dict | None:
    wanted = given["metricValue"]
    text = pattern.value_of(wanted, event.message) if wanted.startswith("$") else wanted
    found = {name: pattern.value_of(source, event.message) for name, source in (given.get("dimensions") or {}).items()}
    if text is None or not _NUMBER.fullmatch(text) or None in found.values():
        return None
    dimensions = [{"Name": name, "Value": one} for name, one in found.items()]
    return {**_bare(given, event.timestamp, text), "Dimensions": dimensions}


def _bare(given: dict, at: int, number: Any) -> dict:
    return {
        "MetricName": given["metricName"],
        "Value": float(number),
        "Unit": given.get("unit") or "None",
        "Timestamp": datetime.fromtimestamp(int(at) / 1000, UTC),
        "Dimensions": [],
    }
