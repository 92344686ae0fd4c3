"""Traces of AWS X-Ray: what segment documents must be, and what a trace of them tells. Only annotations are indexed.

https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from course.data import value

__all__ = ["InvalidSegment", "Trace", "segment_document"]

_NAME = re.compile(r"[\w\s.:/%&#=+\\\-@]+")
_ID = re.compile(r"[0-9a-f]{16}", re.IGNORECASE)
_TRACE_ID = re.compile(r"1-[0-9a-f]{8}-[0-9a-f]{24}", re.IGNORECASE)
_KEY = re.compile(r"[A-Za-z0-9_.]+")


class InvalidSegment(ValueError):
    """A document that X-Ray does not process; `code` and the message as PutTraceSegments gives them back."""

    def __init__(self, code: str, message: str, segment_id: str | None = None):
        super().__init__(message)
        self.code, self.segment_id = code, segment_id


def segment_document(text: str) -> dict[str, Any]:
    """The segment in this text; InvalidSegment if it lacks something or holds what it must not."""
    if len(text.encode()) > value("xray.segments.bytes"):
        raise InvalidSegment("SegmentTooLarge", f"A segment document has at most {value('xray.segments.bytes')} bytes")
    try:
        found = json.loads(text)
    except ValueError:
        raise InvalidSegment("JSONFormatError", "Bad JSON data") from None
    if not isinstance(found, dict):
        raise InvalidSegment("JSONFormatError", "A segment document is a JSON object")
    segment_id = found.get("id")
    if not isinstance(segment_id, str):
        raise InvalidSegment("MissingParam", "Missing segment ID")

    def refuse(code: str, message: str) -> None:
        raise InvalidSegment(code, message, segment_id)

    for name in ("name", "trace_id", "start_time"):
        if name not in found:
            refuse("MissingParam", f"Missing {name}")
    if not _ID.fullmatch(segment_id):
        refuse("InvalidParam", "id must be 16 hexadecimal digits")
    if not isinstance(found["trace_id"], str) or not _TRACE_ID.fullmatch(found["trace_id"]):
        refuse("InvalidParam", "trace_id must look like 1-58406520-a006649127e371903a2de979")
    if not isinstance(found["name"], str) or not _NAME.fullmatch(found["name"]):
        refuse("InvalidParam", "name may hold letters, numbers, spaces and _ . : / % & # = + \\ - @")
    if len(found["name"]) > value("xray.segments.name_length"):
        refuse("InvalidParam", f"name has at most {value('xray.segments.name_length')} characters")
    _require_times(found, refuse)
    for one in _inner(found):
        _require_annotations(one, refuse)
    if found.get("type") == "subsegment" and not found.get("parent_id"):
        refuse("MissingParam", "Missing parent_id of a subsegment")
    if found.get("parent_id") is not None and not _ID.fullmatch(str(found["parent_id"])):
        refuse("InvalidParam", "parent_id must be 16 hexadecimal digits")
    return found


def _require_times(found: dict, refuse) -> None:
    for name in ("start_time", "end_time"):
        if name in found and (not isinstance(found[name], (int, float)) or isinstance(found[name], bool)):
            refuse("InvalidParam", f"{name} must be a number of seconds since 1970")
    if "end_time" not in found and found.get("in_progress") is not True:
        refuse("MissingParam", "Missing end_time or in_progress")
    if "end_time" in found and found.get("in_progress") is True:
        refuse("InvalidParam", "in_progress and end_time exclude each other")
    if found.get("end_time", found["start_time"]) < found["start_time"]:
        refuse("InvalidParam", "end_time lies before start_time")


def _require_annotations(one: dict, refuse) -> None:
    annotations = one.get("annotations", {})
    if not isinstance(annotations, dict):
        refuse("InvalidParam", "annotations must be an object")
    for key, held in annotations.items():
        if not _KEY.fullmatch(key) or len(key) > value("xray.segments.annotation_key_length"):
            refuse("InvalidParam", f"the annotation key {key!r} may hold letters, numbers, _ and .")
        if not isinstance(held, (str, int, float, bool)):
            refuse("InvalidParam", f"the annotation {key!r} must be a text, a number or a boolean")


def _inner(segment: dict) -> Iterator[dict]:
    """A segment and all its subsegments."""
    yield segment
    for one in segment.get("subsegments") or ():
        if isinstance(one, dict):
            yield from _inner(one)


@dataclass(frozen=True)
class Trace:
    """The segments of one request."""

    trace_id: str
    segments: tuple[dict[str, Any], ...]

    @classmethod
    def of(cls, trace_id: str, segments: Iterable[dict[str, Any]]) -> Trace:
        """The trace with its segments in the order of their begin."""
        return cls(trace_id, tuple(sorted(segments, key=lambda one: one["start_time"])))

    @property
    def parts(self) -> list[dict[str, Any]]:
        """All segments and subsegments."""
        return [inner for one in self.segments for inner in _inner(one)]

    @property
    def root(self) -> dict[str, Any]:
        """The segment that no other one called; the earliest of them."""
        ids = {one.get("id") for one in self.parts}
        return next((one for one in self.segments if one.get("parent_id") not in ids), self.segments[0])

    @property
    def start(self) -> float:
        """When the earliest segment began, in seconds since 1970."""
        return min(one["start_time"] for one in self.segments)

    @property
    def end(self) -> float:
        """When the last segment ended; one in progress counts from its begin."""
        return max(one.get("end_time", one["start_time"]) for one in self.segments)

    @property
    def duration(self) -> float:
        """Seconds from the first begin to the last end."""
        return round(self.end - self.start, 6)

    @property
    def response_time(self) -> float:
        """Seconds until the root segment answered."""
        return round(self.root.get("end_time", self.root["start_time"]) - self.root["start_time"], 6)

    @property
    def is_partial(self) -> bool:
        """Whether a segment is still in progress."""
        return any(one.get("in_progress") is True for one in self.segments)

    def has(self, flag: str) -> bool:
        """Whether the root segment has "fault" or "error"; "throttle" counts in any segment."""
        held = self.segments if flag == "throttle" else (self.root,)
        return any(one.get(flag) is True for one in held)

    def annotations(self) -> dict[str, list[tuple[Any, dict]]]:
        """Each annotation's values with the segment that holds them; metadata are not indexed and do not show."""
        found: dict[str, list[tuple[Any, dict]]] = {}
        for segment in self.segments:
            for part in _inner(segment):
                for key, held in (part.get("annotations") or {}).items():
                    if (held, segment["name"]) not in [(one, where["name"]) for one, where in found.get(key, ())]:
                        found.setdefault(key, []).append((held, segment))
        return found

    def edges(self) -> list[tuple[dict, dict]]:
        """Which segment called which."""
        owner = {part.get("id"): segment for segment in self.segments for part in _inner(segment)}
        return [
            (owner[one["parent_id"]], one)
            for one in self.segments
            if one.get("parent_id") in owner and owner[one["parent_id"]] is not one
        ]
