"""Finding traces and getting them: filter expressions see annotations, and never metadata.

https://docs.aws.amazon.com/xray/latest/devguide/xray-api-gettingdata.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from course.data import value
from course.serverless.trace_filters import InvalidFilter, trace_filter
from course.serverless.traces import Trace

from ..gate import Call, answers, refuses
from ..iam.context import now
from .requests import invalid
from .segments import as_document, documents, traces


def require_filter(text: str | None) -> None:
    """Raise Refused for a filter expression that is none."""
    if text:
        try:
            trace_filter(text)
        except InvalidFilter as problem:
            raise invalid(f"Invalid filter expression: {problem}") from None


def seconds(given: Any) -> float:
    """A time of a request in seconds since 1970."""
    if isinstance(given, datetime):
        return (given if given.tzinfo else given.replace(tzinfo=UTC)).timestamp()
    return float(given)


@refuses("xray", "GetTraceSummaries", "GetServiceGraph")
def impossible_search(call: Call) -> None:
    """Times in order, and an expression that is one."""
    if seconds(call.params["StartTime"]) > seconds(call.params["EndTime"]):
        raise invalid("StartTime must not be after EndTime.")
    require_filter(call.params.get("FilterExpression"))


def found_traces(call: Call, expression: str | None) -> list[Trace]:
    """The traces that began in the time of a request and fit the expression."""
    start, end = seconds(call.params["StartTime"]), seconds(call.params["EndTime"])
    fits = trace_filter(expression) if expression else lambda trace: True
    by_end = call.params.get("TimeRangeType") == "Service"
    return [one for one in traces(call) if start <= (one.end if by_end else one.start) <= end and fits(one)]


@answers("xray", "GetTraceSummaries")
def get_trace_summaries(call: Call) -> dict:
    """What is known of each trace, newest first."""
    found = found_traces(call, call.params.get("FilterExpression"))
    return {
        "TraceSummaries": [summary(call, one) for one in reversed(found)],
        "ApproximateTime": now(),
        "TracesProcessedCount": len(found),
    }


def service_id(call: Call, segment: dict[str, Any]) -> dict[str, Any]:
    """A service as it is named in summaries."""
    known = {"Name": segment["name"], "Names": [segment["name"]], "AccountId": call.account_id}
    return {**known, **({"Type": segment["origin"]} if segment.get("origin") else {})}


def summary(call: Call, trace: Trace) -> dict[str, Any]:
    """One trace in the shape of boto3's response."""
    root, services = trace.root, {}
    for segment in trace.segments:
        services.setdefault(segment["name"], service_id(call, segment))
    shown = {
        "Id": trace.trace_id,
        "StartTime": datetime.fromtimestamp(trace.start, UTC),
        "Duration": trace.duration,
        "ResponseTime": trace.response_time,
        "HasFault": trace.has("fault"),
        "HasError": trace.has("error"),
        "HasThrottle": trace.has("throttle"),
        "IsPartial": trace.is_partial,
        "Http": _http(root),
        "Annotations": {
            key: [{"AnnotationValue": _annotation(one), "ServiceIds": [service_id(call, where)]} for one, where in held]
            for key, held in trace.annotations().items()
        },
        "Users": [
            {"UserName": one["user"], "ServiceIds": [service_id(call, one)]}
            for one in trace.segments
            if one.get("user")
        ],
        "ServiceIds": list(services.values()),
        "EntryPoint": service_id(call, root),
    }
    return shown


def _http(root: dict[str, Any]) -> dict[str, Any]:
    http = root.get("http") or {}
    request, response = http.get("request") or {}, http.get("response") or {}
    shown = {
        "HttpURL": request.get("url"),
        "HttpMethod": request.get("method"),
        "UserAgent": request.get("user_agent"),
        "ClientIp": request.get("client_ip"),
        "HttpStatus": response.get("status"),
    }
    return {name: one for name, one in shown.items() if one is not None}


def _annotation(found: Any) -> dict[str, Any]:
    if isinstance(found, bool):
        return {"BooleanValue": found}
    return {"NumberValue": float(found)} if isinstance(found, (int, float)) else {"StringValue": found}


@refuses("xray", "BatchGetTraces")
def too_many_traces(call: Call) -> None:
    """Five traces at a time."""
    most = value("xray.segments.batch_get_traces")
    if len(call.params["TraceIds"]) > most:
        raise invalid(
            f"1 validation error detected: Value '{call.params['TraceIds']}' at 'traceIds' failed to satisfy constraint: "
            f"Member must have length less than or equal to {most}"
        )


@answers("xray", "BatchGetTraces")
def batch_get_traces(call: Call) -> dict:
    """The documents of traces; unknown ids are named."""
    held = documents(call)
    found = [Trace.of(one, held[one].values()) for one in dict.fromkeys(call.params["TraceIds"]) if one in held]
    return {
        "Traces": [
            {
                "Id": one.trace_id,
                "Duration": one.duration,
                "LimitExceeded": False,
                "Segments": [as_document(segment) for segment in one.segments],
            }
            for one in found
        ],
        "UnprocessedTraceIds": [one for one in call.params["TraceIds"] if one not in held],
    }
