"""Event patterns in requests and in delivery: by EventBridge's own rules. moto checks little, and has no TestEventPattern.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.events.models import EventPattern, EventPatternParser

from course.serverless.event_patterns import EventPattern as Pattern
from course.serverless.event_patterns import InvalidEventPattern, event_pattern

from ..gate import Call, Refused, answers, refuses, replaces
from .event_buses import invalid

# A test event must look like one that EventBridge delivers.
_REQUIRED = ("id", "account", "source", "time", "region", "resources", "detail-type")


def require_pattern(text: str) -> Pattern:
    """The pattern of a request, or EventBridge's reason why it is none."""
    try:
        return event_pattern(text)
    except InvalidEventPattern as problem:
        raise Refused("InvalidEventPatternException", f"Event pattern is not valid. Reason: {problem}") from None


@refuses("events", "PutRule", "CreateArchive", "UpdateArchive")
def impossible_pattern(call: Call) -> None:
    """A pattern that is given is one."""
    if call.params.get("EventPattern"):
        require_pattern(call.params["EventPattern"])


@answers("events", "TestEventPattern")
def test_event_pattern(call: Call) -> dict:
    """Whether a pattern matches an event."""
    pattern = require_pattern(call.params["EventPattern"])
    try:
        event = json.loads(call.params["Event"])
    except ValueError:
        event = None
    if not isinstance(event, dict) or any(name not in event for name in _REQUIRED):
        raise invalid("Parameter Event is not valid.")
    return {"Result": pattern.matches(event)}


@replaces(EventPattern, "matches_event")
def matches(moto: Any, pattern: EventPattern, event: dict) -> bool:
    """moto compares more loosely, and lets a rule without a pattern match every event."""
    raw = pattern.dump()
    return bool(raw) and event_pattern(raw).matches(event)


@replaces(EventPatternParser, "parse")
def parsed(moto: Any, parser: EventPatternParser) -> dict:
    """What stacks and other services put in passes the same rules."""
    return require_pattern(parser.pattern).pattern if parser.pattern else {}
