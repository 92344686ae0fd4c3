"""PutTraceSegments: documents are taken or given back one by one.

https://docs.aws.amazon.com/xray/latest/api/API_PutTraceSegments.html
"""

from __future__ import annotations

import json
from typing import Any

from course.data import value
from course.serverless.traces import InvalidSegment, Trace, segment_document

from ..gate import Call, answers
from ..iam.context import now
from .requests import state


def documents(call: Call) -> dict[str, dict[str, dict[str, Any]]]:
    """The segments of a Region: by trace id, then by segment id."""
    return state(call, "segments")


def traces(call: Call) -> list[Trace]:
    """All traces, the oldest first. Subsegments that were sent alone stand in their segment's place in time."""
    found = [Trace.of(trace_id, held.values()) for trace_id, held in documents(call).items()]
    return sorted(found, key=lambda one: (one.start, one.trace_id))


@answers("xray", "PutTraceSegments")
def put_trace_segments(call: Call) -> dict:
    """Keep what is valid; a finished segment takes the place of the same one in progress."""
    unprocessed = []
    oldest = now().timestamp() - value("xray.segments.oldest") * 86400
    for text in call.params["TraceSegmentDocuments"]:
        try:
            found = segment_document(text)
            if found["start_time"] < oldest:
                raise InvalidSegment("InvalidParam", "start_time lies more than 30 days in the past", found["id"])
        except InvalidSegment as problem:
            named = {"Id": problem.segment_id} if problem.segment_id else {}
            unprocessed.append({**named, "ErrorCode": problem.code, "Message": str(problem)})
            continue
        held = documents(call).setdefault(found["trace_id"], {})
        if found.get("in_progress") is not True or found["id"] not in held:
            held[found["id"]] = found
    return {"UnprocessedTraceSegments": unprocessed}


@answers("xray", "PutTelemetryRecords")
def put_telemetry_records(call: Call) -> dict:
    """What a daemon tells of itself is not kept."""
    return {}


def as_document(segment: dict[str, Any]) -> dict[str, str]:
    """A segment as BatchGetTraces shows it."""
    return {"Id": segment["id"], "Document": json.dumps(segment)}
