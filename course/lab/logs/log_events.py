"""Log events: what a batch may hold, and what is done with every event, whoever wrote it.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from moto.logs.models import LogEvent, LogsBackend, LogStream, logs_backends

from course.data import value

from ..gate import Call, answers, refuses, replaces
from ..iam.context import now
from . import embedded_metrics, metric_filters, subscription_filters
from .names import invalid, log_group, log_stream

HOUR = 3_600_000


def milliseconds() -> int:
    """The time of the account."""
    return int(now().timestamp() * 1000)


@refuses("logs", "PutLogEvents")
def impossible_batch(call: Call) -> None:
    """Sizes, order and span of a batch; too old and too new events are no reason to refuse the rest."""
    log_stream(log_group(call.backend, call.params["logGroupName"]), call.params["logStreamName"])
    events = call.params["logEvents"]
    sizes = [len(one["message"].encode()) for one in events]
    overhead = value("logs.events.event_overhead")
    most = value("logs.events.event_bytes")
    if max(sizes) > most:
        raise invalid(f"Log event too large: {max(sizes)} bytes exceeds limit of {most}")
    total, most = sum(sizes) + overhead * len(events), value("logs.events.batch_bytes")
    if total > most:
        raise invalid(f"Upload too large: {total} bytes exceeds limit of {most}")
    if any(later["timestamp"] < earlier["timestamp"] for earlier, later in pairwise(events)):
        raise invalid("Log events in a single PutLogEvents request must be in chronological order.")
    kept = _in_time(events, *_limits())
    if kept and kept[-1]["timestamp"] - kept[0]["timestamp"] > value("logs.events.span") * HOUR:
        raise invalid(
            f"The batch of log events in a single PutLogEvents request cannot span more than "
            f"{value('logs.events.span')} hours."
        )


def _limits() -> tuple[int, int]:
    at = milliseconds()
    return at - value("logs.events.oldest") * 24 * HOUR, at + value("logs.events.newest") * HOUR


def _in_time(events: list[dict], oldest: int, newest: int) -> list[dict]:
    return [one for one in events if oldest <= one["timestamp"] <= newest]


@answers("logs", "PutLogEvents")
def put_log_events(call: Call) -> dict:
    """Take what is neither too old, nor expired, nor too new, and say what was left out."""
    group = log_group(call.backend, call.params["logGroupName"])
    events = call.params["logEvents"]
    oldest, newest = _limits()
    expired = milliseconds() - int(group.retention_in_days) * 24 * HOUR if group.retention_in_days else oldest
    rejected = {
        "tooOldLogEventEndIndex": sum(one["timestamp"] < oldest for one in events),
        "expiredLogEventEndIndex": sum(one["timestamp"] < expired for one in events) if expired > oldest else 0,
    }
    rejected = {name: count for name, count in rejected.items() if count}
    too_new = sum(one["timestamp"] > newest for one in events)
    if too_new:
        rejected["tooNewLogEventStartIndex"] = len(events) - too_new
    stream = log_stream(group, call.params["logStreamName"])
    token = stream.put_log_events(_in_time(events, max(oldest, expired), newest))
    return {"nextSequenceToken": token, **({"rejectedLogEventsInfo": rejected} if rejected else {})}


@replaces(LogsBackend, "put_log_events")
def write(moto: Any, backend: LogsBackend, group_name: str, stream_name: str, events: list[dict]) -> tuple[str, dict]:
    """What services write carries the account's time, which an exercise may have set."""
    group = log_group(backend, group_name)
    shift = int((now() - datetime.now(UTC)).total_seconds() * 1000)
    if abs(shift) > 1000:
        events = [{**one, "timestamp": int(one["timestamp"]) + shift} for one in events]
    return log_stream(group, stream_name).put_log_events(events), {}


@replaces(LogStream, "put_log_events")
def stored_and_read(moto: Any, stream: LogStream, log_events: list[dict]) -> str:
    """Keep the events; then metric filters, the embedded metric format and subscription filters read them."""
    backend = logs_backends[stream.account_id][stream.region]
    at = milliseconds()
    events = [LogEvent(at, one) for one in log_events]
    for event in events:
        # moto counts on through all accounts, and does not begin anew.
        count = backend.__dict__["events_taken"] = backend.__dict__.get("events_taken", 0) + 1
        event.event_id = f"3{int(event.timestamp):020d}{count:035d}"
    if events:
        stream.last_ingestion_time = now().replace(tzinfo=None)
        stream.stored_bytes += sum(len(event.message.encode()) for event in events)
        stream.events += events
    stream.upload_sequence_token += 1
    for reader in (metric_filters.read, embedded_metrics.read, subscription_filters.read):
        reader(stream, events)
    return f"{stream.upload_sequence_token:056d}"
