"""Segment documents, traces, and filter expressions over them."""

import json

import pytest

from course.serverless.trace_filters import InvalidFilter, trace_filter
from course.serverless.traces import InvalidSegment, Trace, segment_document

TRACE_ID = "1-58406520-a006649127e371903a2de979"
SEGMENT = {"name": "shop", "id": "70de5b6f19ff9a0a", "trace_id": TRACE_ID, "start_time": 100.0, "end_time": 101.5}


def trace(**more):
    front = {
        **SEGMENT,
        "annotations": {"plan": "gold", "items": 3, "new": True},
        "metadata": {"default": {"secret": "x"}},
        "http": {"request": {"url": "https://shop/pay", "method": "POST"}, "response": {"status": 502}},
        "fault": True,
        "user": "ana",
        "subsegments": [
            {"id": "0" * 16, "name": "call", "start_time": 100.2, "end_time": 101, "annotations": {"deep": "y"}}
        ],
        **more,
    }
    back = {**SEGMENT, "name": "stock", "id": "1" * 16, "parent_id": "0" * 16, "start_time": 100.3, "end_time": 103}
    return Trace.of(TRACE_ID, [back, front])


def test_what_a_trace_tells():
    """Are times those of all segments, and the answer that of the root?"""
    found = trace()
    assert (found.root["name"], found.duration, found.response_time) == ("shop", 3.0, 1.5)
    assert found.has("fault") and not found.has("error") and not found.is_partial
    assert [(one["name"], other["name"]) for one, other in found.edges()] == [("shop", "stock")]
    assert set(found.annotations()) == {"plan", "items", "new", "deep"}


@pytest.mark.parametrize(
    "text",
    [
        'annotation.plan = "gold"',
        'annotation[plan] = "gold"',
        "annotation.items > 2",
        "annotation.new = true",
        'annotation.deep = "y"',
        "annotation.plan",
        "fault",
        "fault = true AND !error",
        "NOT ok",
        "responsetime > 1 AND duration >= 3",
        "http.status >= 500",
        'http.url CONTAINS "/pay" AND http.method = "POST"',
        'http.url BEGINSWITH "https" AND http.url ENDSWITH "pay"',
        'user = "ana"',
        'service("stock")',
        'service("shop") { fault }',
        'edge("shop", "stock")',
        '(error OR fault) AND annotation.plan != "free"',
    ],
)
def test_expressions_that_find(text):
    """Does each keyword and operator find the trace?"""
    assert trace_filter(text)(trace())


@pytest.mark.parametrize(
    "text",
    [
        'annotation.plan = "free"',
        # Metadata are not indexed.
        'annotation.secret = "x"',
        'annotation.items = "3"',
        "annotation.new = false",
        "ok",
        "partial",
        "responsetime > 1.5",
        "http.status < 500",
        'service("stock") { fault }',
        'edge("stock", "shop")',
        'service("nobody")',
        'http.useragent = "curl"',
    ],
)
def test_expressions_that_do_not_find(text):
    """Is the trace left alone by what is not so?"""
    assert not trace_filter(text)(trace())


@pytest.mark.parametrize(
    "text",
    ["", "foo", "foo = 1", "fault =", "http.status > x", 'http.status > "x"', "responsetime CONTAINS 1", "(fault", "fault fault",
     "service(shop)", 'service("a") { ', "metadata.secret = 1", "annotation.a CONTAINS 3"],
)  # fmt: skip
def test_what_is_no_expression(text):
    """Is each refused with a sentence?"""
    with pytest.raises(InvalidFilter, match=r"\w+ \w+"):
        trace_filter(text)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id": None}, "MissingParam"),
        ({"name": None}, "MissingParam"),
        ({"trace_id": None}, "MissingParam"),
        ({"start_time": None}, "MissingParam"),
        ({"end_time": None}, "MissingParam"),
        ({"id": "xyz"}, "InvalidParam"),
        ({"trace_id": "58406520"}, "InvalidParam"),
        ({"name": "a?b"}, "InvalidParam"),
        ({"start_time": "now"}, "InvalidParam"),
        ({"end_time": 99}, "InvalidParam"),
        ({"in_progress": True}, "InvalidParam"),
        ({"parent_id": "1"}, "InvalidParam"),
        ({"type": "subsegment"}, "MissingParam"),
        ({"annotations": {"a-b": 1}}, "InvalidParam"),
        ({"annotations": {"a": {"b": 1}}}, "InvalidParam"),
        ({"metadata": {"a": "x" * 70_000}}, "SegmentTooLarge"),
    ],
)
def test_what_is_no_segment(change, code):
    """Is each refused with a code, and the nearest good document taken?"""
    changed = {name: one for name, one in {**SEGMENT, **change}.items() if one is not None}
    with pytest.raises(InvalidSegment) as caught:
        segment_document(json.dumps(changed))
    assert caught.value.code == code
    assert segment_document(json.dumps(SEGMENT)) == SEGMENT
    in_progress = {**{name: one for name, one in SEGMENT.items() if name != "end_time"}, "in_progress": True}
    assert segment_document(json.dumps(in_progress))["in_progress"]
