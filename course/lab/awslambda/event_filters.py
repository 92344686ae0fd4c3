"""Filters of an event source: which records come to the function.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
"""

from __future__ import annotations

import base64
import json
from typing import Any

from moto.events.models import EventPattern


def matches(mapping: Any, record: dict) -> bool:
    """Whether one of the mapping's filters lets the record through; without filters all come."""
    patterns = [one["Pattern"] for one in (mapping.filter_criteria or {}).get("Filters", ())]
    if not patterns:
        return True
    seen = _readable(record)
    return any(EventPattern.load(pattern).matches_event(seen) for pattern in patterns)


def _readable(record: dict) -> dict:
    """The record as a filter sees it: the body of a message and the data of Kinesis as JSON where they are."""
    try:
        if "body" in record:
            return {**record, "body": json.loads(record["body"])}
        if "kinesis" in record:
            data = json.loads(base64.b64decode(record["kinesis"]["data"]))
            return {**record, **record["kinesis"], "data": data}
    except ValueError:
        return record
    return record


def is_pattern(text: Any) -> bool:
    """Whether this is a filter pattern: a JSON object whose leaves are lists."""
    try:
        pattern = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return False
    return isinstance(pattern, dict) and bool(pattern) and _leaves(pattern)


def _leaves(pattern: dict) -> bool:
    return all(_leaves(one) if isinstance(one, dict) and one else isinstance(one, list) for one in pattern.values())
