"""PutEvents: the size of a request, and entries that fail one by one.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from moto.events.models import EventsBackend
from moto.moto_api._internal import mock_random

from course.data import value

from ..gate import Call, answers, refuses
from ..iam.context import now
from .event_buses import bus_name, invalid


def entry_size(entry: dict) -> int:
    """How many bytes an entry counts."""
    texts = [entry.get("Source"), entry.get("DetailType"), entry.get("Detail"), *(entry.get("Resources") or ())]
    return (value("events.put_events.time_bytes") if entry.get("Time") else 0) + sum(
        len((text or "").encode()) for text in texts
    )


@refuses("events", "PutEvents")
def too_large(call: Call) -> None:
    """All entries together, as EventBridge counts them."""
    if sum(map(entry_size, call.params["Entries"])) > value("events.put_events.total_bytes"):
        raise invalid("Total size of the entries in the request is over the limit.")


@answers("events", "PutEvents")
def put_events(call: Call) -> dict:
    """Each entry has its own answer; those without a fault go to the rules of their bus."""
    entries = []
    for entry in call.params["Entries"]:
        problem = _problem(entry)
        if problem:
            entries.append({"ErrorCode": problem[0], "ErrorMessage": problem[1]})
            continue
        event_id = str(mock_random.uuid4())
        entries.append({"EventId": event_id})
        send(call.backend, entry, event_id)
    return {"FailedEntryCount": sum("ErrorCode" in one for one in entries), "Entries": entries}


def _problem(entry: dict) -> tuple[str, str] | None:
    for name in ("Source", "DetailType", "Detail"):
        if not entry.get(name):
            return "InvalidArgument", f"Parameter {name} is not valid. Reason: {name} is a required argument."
    if entry["Source"].startswith(value("events.put_events.reserved_prefix")):
        return "NotAuthorizedForSourceException", "Not authorized for the source."
    most = value("events.put_events.detail_type_length")
    if len(entry["DetailType"]) > most:
        return (
            "InvalidArgument",
            f"Parameter DetailType is not valid. Reason: DetailType is longer than {most} characters.",
        )
    try:
        detail = json.loads(entry["Detail"])
    except ValueError:
        detail = None
    return None if isinstance(detail, dict) else ("MalformedDetail", "Detail is malformed.")


def send(backend: EventsBackend, entry: dict, event_id: str) -> None:
    """Hand an event to the rules of its bus; a bus that is not there swallows it, as on AWS."""
    bus = backend.event_buses.get(bus_name(entry.get("EventBusName")))
    given = entry.get("Time")
    at = (given if isinstance(given, datetime) else now()).replace(microsecond=0)
    event = {
        "version": "0",
        "id": event_id,
        "detail-type": entry["DetailType"],
        "source": entry["Source"],
        "account": backend.account_id,
        "time": (at.astimezone(UTC) if at.tzinfo else at).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": backend.region_name,
        "resources": list(entry.get("Resources") or []),
        "detail": json.loads(entry["Detail"]),
        "ingestion-time": now().timestamp(),
    }
    for rule in list(bus.rules.values()) if bus else ():
        rule.send_to_targets(event)
