"""CloudWatch Logs Insights: queries that really run, at once and completely. moto knows fields, sort and limit only.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
"""

from __future__ import annotations

import base64
from collections import Counter
from typing import Any

from moto.logs.models import LogGroup, LogsBackend
from moto.moto_api._internal import mock_random

from course.data import value
from course.serverless.insights_fields import discovered
from course.serverless.insights_query import InsightsQuery, MalformedQuery, insights_query

from ..gate import Call, Refused, answers, refuses
from .log_events import milliseconds
from .names import invalid, log_group, log_group_of, name_of

_NAMED = ("logGroupName", "logGroupNames", "logGroupIdentifiers")


def _queries(backend: LogsBackend) -> dict[str, dict]:
    """The queries of a Region by their ids."""
    return backend.__dict__.setdefault("insights_queries", {})


def _groups(call: Call) -> list[LogGroup]:
    params = call.params
    given = [name for name in _NAMED if params.get(name)]
    if len(given) != 1:
        raise invalid("Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be specified.")
    named = params[given[0]]
    names = [named] if isinstance(named, str) else named
    most = value("logs.insights.log_groups")
    if len(names) > most:
        raise invalid(f"At most {most} log groups can be queried, not {len(names)}.")
    found = []
    for name in map(name_of, names):
        if name not in call.backend.groups:
            raise Refused(
                "ResourceNotFoundException", f"Log group '{name}' does not exist for account ID '{call.account_id}'"
            )
        found.append(call.backend.groups[name])
    return found


@refuses("logs", "StartQuery")
def impossible_query(call: Call) -> None:
    """The groups exist, the time range is one, and the query can be read."""
    _groups(call)
    if call.params["startTime"] > call.params["endTime"]:
        raise invalid("The end time must not be before the start time.")
    if call.params.get("queryLanguage", "CWLI") != "CWLI":
        raise invalid("The offline account runs queries in the Logs Insights query language only.")
    _compiled(call.params["queryString"])


def _compiled(text: str) -> InsightsQuery:
    try:
        return insights_query(text)
    except MalformedQuery as problem:
        raise Refused("MalformedQueryException", str(problem)) from None


@answers("logs", "StartQuery")
def start_query(call: Call) -> dict:
    """Run the query; its result waits under an id."""
    params, groups = call.params, _groups(call)
    first, last = _milliseconds(params["startTime"]), _milliseconds(params["endTime"], 999)
    events = [
        {
            "@timestamp": event.timestamp,
            "@ingestionTime": event.ingestion_time,
            "@message": event.message,
            "@logStream": name,
            "@log": f"{call.account_id}:{group.name}",
            "@ptr": base64.b64encode(f"{group.name}\n{name}\n{event.event_id}".encode()).decode(),
        }
        for group in groups
        for name, stream in group.streams.items()
        for event in stream.events
        if first <= event.timestamp <= last
    ]
    rows, matched = _compiled(params["queryString"]).rows(events, params.get("limit"))
    query_id = str(mock_random.uuid4())
    _queries(call.backend)[query_id] = {
        "queryLanguage": "CWLI",
        "queryId": query_id,
        "queryString": params["queryString"],
        "status": "Complete",
        "createTime": milliseconds(),
        "logGroupName": groups[0].name,
        "results": [[{"field": name, "value": text} for name, text in row.items()] for row in rows],
        "statistics": {
            "recordsMatched": float(matched),
            "recordsScanned": float(len(events)),
            "bytesScanned": float(sum(len(one["@message"].encode()) for one in events)),
            "logGroupsScanned": float(len(groups)),
            "resultCount": float(len(rows)),
        },
    }
    return {"queryId": query_id}


def _milliseconds(at: int, more: int = 0) -> int:
    # Seconds since 1970; AWS takes milliseconds too, and tells them by their size.
    return at if at > 100_000_000_000 else at * 1000 + more


def _query(call: Call) -> dict[str, Any]:
    found = _queries(call.backend).get(call.params["queryId"])
    if found is None:
        raise Refused("ResourceNotFoundException", f"Query {call.params['queryId']} does not exist.")
    return found


@answers("logs", "GetQueryResults")
def get_query_results(call: Call) -> dict:
    """The rows of a query."""
    found = _query(call)
    return {name: found[name] for name in ("queryLanguage", "results", "statistics", "status")}


@answers("logs", "StopQuery")
def stop_query(call: Call) -> dict:
    """A query here has always ended before it can be stopped, which AWS answers with an error."""
    _query(call)
    raise invalid("The specified query is not running.")


@answers("logs", "DescribeQueries")
def describe_queries(call: Call) -> dict:
    """The queries of a log group or of a status, newest first."""
    params = call.params
    shown = ("queryLanguage", "queryId", "queryString", "status", "createTime", "logGroupName")
    found = [
        {name: one[name] for name in shown}
        for one in reversed(_queries(call.backend).values())
        if params.get("logGroupName", one["logGroupName"]) == one["logGroupName"]
        and params.get("status", one["status"]) == one["status"]
    ]
    return {"queries": found[: params.get("maxResults") or 1000]}


@refuses("logs", "GetLogGroupFields")
def unknown_log_group(call: Call) -> None:
    """A log group, named in one of the two ways."""
    log_group_of(call)


@answers("logs", "GetLogGroupFields")
def get_log_group_fields(call: Call) -> dict:
    """Which fields the events of some minutes have, and how many in a hundred of them."""
    group, centre = log_group_of(call), call.params.get("time")
    minute = 60_000
    around, recent = (value(f"logs.fields.{name}") * minute for name in ("around", "recent"))
    first, last = (
        (milliseconds() - recent, milliseconds())
        if centre is None
        else (
            _milliseconds(centre) - around,
            _milliseconds(centre) + around,
        )
    )
    seen: Counter[str] = Counter()
    events = [one for stream in group.streams.values() for one in stream.events if first <= one.timestamp <= last]
    for event in events:
        seen.update({"@timestamp", "@ingestionTime", "@message", "@logStream", "@log"})
        seen.update(discovered(event.message, group.name).keys())
    found = sorted(seen.items(), key=lambda one: (-one[1], one[0]))
    return {"logGroupFields": [{"name": name, "percent": round(100 * one / len(events))} for name, one in found]}


@answers("logs", "GetLogRecord")
def get_log_record(call: Call) -> dict:
    """All fields of the log event that @ptr points at."""
    try:
        name, stream, event_id = base64.b64decode(call.params["logRecordPointer"]).decode().split("\n")
        held = log_group(call.backend, name).streams[stream]
        event = next(one for one in held.events if str(one.event_id) == event_id)
    except (ValueError, KeyError, StopIteration):
        raise invalid("The log record pointer is not valid.") from None
    fields = {"@message": event.message, "@timestamp": event.timestamp, "@logStream": stream}
    found = {**discovered(event.message, name), **fields, "@log": f"{call.account_id}:{name}"}
    return {"logRecord": {field: f"{text}" for field, text in found.items()}}
