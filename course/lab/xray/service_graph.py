"""The service graph: which services there are, who calls whom, how often it failed and how long it took.

https://docs.aws.amazon.com/xray/latest/api/API_GetServiceGraph.html
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from course.serverless.traces import Trace

from ..gate import Call, answers
from .groups import group_of
from .segments import documents
from .traces import found_traces


@answers("xray", "GetServiceGraph")
def get_service_graph(call: Call) -> dict:
    """The graph of all traces of a time, or of those of a group."""
    params = call.params
    named = params.get("GroupName") or params.get("GroupARN")
    expression = group_of(call).get("FilterExpression") if named and named != "Default" else None
    found = found_traces(call, expression)
    times = {"StartTime": params["StartTime"], "EndTime": params["EndTime"]}
    return {**times, "Services": _services(call, found), "ContainsOldGroupVersions": False}


@answers("xray", "GetTraceGraph")
def get_trace_graph(call: Call) -> dict:
    """The graph of some traces."""
    held = documents(call)
    found = [Trace.of(one, held[one].values()) for one in call.params["TraceIds"] if one in held]
    return {"Services": _services(call, found)}


def _services(call: Call, traces: list[Trace]) -> list[dict[str, Any]]:
    segments: dict[str, list[dict]] = {}
    calls: dict[tuple[str, str], list[dict]] = {}
    roots = set()
    for trace in traces:
        roots.add(trace.root["name"])
        for one in trace.segments:
            segments.setdefault(one["name"], []).append(one)
        for calling, called in trace.edges():
            calls.setdefault((calling["name"], called["name"]), []).append(called)
    numbers = {name: place for place, name in enumerate(segments)}
    return [
        {
            "ReferenceId": numbers[name],
            "Name": name,
            "Names": [name],
            "Root": name in roots,
            "AccountId": call.account_id,
            **({"Type": held[0]["origin"]} if held[0].get("origin") else {}),
            "State": "active",
            **_times(held),
            "Edges": [
                {"ReferenceId": numbers[target], **_times(edge), "SummaryStatistics": _statistics(edge), "Aliases": []}
                for (source, target), edge in calls.items()
                if source == name
            ],
            "SummaryStatistics": _statistics(held),
        }
        for name, held in segments.items()
    ]


def _times(held: Iterable[dict]) -> dict[str, datetime]:
    starts = [one["start_time"] for one in held]
    ends = [one.get("end_time", one["start_time"]) for one in held]
    return {
        "StartTime": datetime.fromtimestamp(min(starts), UTC),
        "EndTime": datetime.fromtimestamp(max(ends), UTC),
    }


def _statistics(held: list[dict]) -> dict[str, Any]:
    faults = sum(one.get("fault") is True for one in held)
    throttled = sum(one.get("throttle") is True for one in held)
    errors = sum(one.get("error") is True for one in held)
    return {
        "OkCount": sum(not (one.get("fault") or one.get("error")) for one in held),
        "ErrorStatistics": {"ThrottleCount": throttled, "OtherCount": errors - throttled, "TotalCount": errors},
        "FaultStatistics": {"OtherCount": faults, "TotalCount": faults},
        "TotalCount": len(held),
        "TotalResponseTime": round(sum(one.get("end_time", one["start_time"]) - one["start_time"] for one in held), 6),
    }
