"""What a target of an EventBridge rule is given."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.serverless.target_inputs import target_input

EVENT = {
    "source": "shop",
    "time": "2026-11-28T00:00:00Z",
    "detail": {"total": 12, "items": [{"name": 'a "b"'}, {"name": "c"}], "paid": True, "to-whom": None},
}


def transformed(template, **paths):
    return target_input({"InputTransformer": {"InputPathsMap": paths, "InputTemplate": template}}, EVENT)


def test_the_event_itself():
    """Does a target without an input get the event as it is?"""
    assert json.loads(target_input({}, EVENT)) == EVENT


def test_a_constant():
    """Is Input handed on letter by letter?"""
    assert target_input({"Input": '{ "a":1 }'}, EVENT) == '{ "a":1 }'


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("$", EVENT),
        ("$.source", "shop"),
        ("$.detail.items[1].name", "c"),
        ("$.detail['total']", 12),
        ("$.detail.to-whom", None),
        ("$.detail.items[9]", None),
        ("$.source.below", None),
    ],
)
def test_a_part(path, part):
    """Which part of an event does a path point at?"""
    assert json.loads(target_input({"InputPath": path}, EVENT)) == part


@pytest.mark.parametrize(
    ("template", "paths", "text"),
    [
        ('{"n": <n>, "s": <s>}', {"n": "$.detail.total", "s": "$.source"}, '{"n": 12, "s": "shop"}'),
        ('{"s": "of <s>"}', {"s": "$.source"}, '{"s": "of shop"}'),
        ('"<s> took <n>"', {"n": "$.detail.total", "s": "$.source"}, '"shop took 12"'),
        ('{"a": "\\"<s>\\""}', {"s": "$.source"}, '{"a": "\\"shop\\""}'),
        ('{"a": <a>}', {"a": "$.detail.items[0].name"}, '{"a": "a \\"b\\""}'),
        ('{"a": "<a>"}', {"a": "$.detail.items[0].name"}, '{"a": "a \\"b\\""}'),
        ('{"a": <a>, "b": "<b>"}', {"a": "$.nothing", "b": "$.nothing"}, '{"a": null, "b": ""}'),
        ('{"p": <p>}', {"p": "$.detail.paid"}, '{"p": true}'),
        ('{"x": "<unknown>"}', {}, '{"x": "<unknown>"}'),
    ],
)
def test_a_transformer(template, paths, text):
    """How do values stand in a template, with and without quotation marks around them?"""
    assert transformed(template, **paths) == text


def test_predefined_variables():
    """Do templates know the rule, when the event came in, and the event?"""
    template = '{"r": <aws.events.rule-name>, "t": <aws.events.event.ingestion-time>, "e": <aws.events.event>}'
    facts = {"rule-name": "r", "event.ingestion-time": 1.5}
    made = target_input({"InputTransformer": {"InputTemplate": template}}, EVENT, facts)
    assert json.loads(made) == {"r": "r", "t": 1.5, "e": {name: EVENT[name] for name in ("source", "time")}}
    whole = target_input({"InputTransformer": {"InputTemplate": '{"e": <aws.events.event.json>}'}}, EVENT)
    assert json.loads(whole) == {"e": EVENT}


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner), max_leaves=5))
def test_any_value_keeps_a_template_json(held):
    """Is what a JSON template gives JSON again, whatever the event holds?"""
    target = {"InputTransformer": {"InputPathsMap": {"v": "$.detail"}, "InputTemplate": '{"v": <v>}'}}
    assert json.loads(target_input(target, {"detail": held})) == {"v": held}
