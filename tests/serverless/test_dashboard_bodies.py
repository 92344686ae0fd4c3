"""Which bodies of dashboards CloudWatch takes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.serverless.dashboard_bodies import problems

METRICS = [["AWS/EC2", "CPUUtilization", "InstanceId", "i-012345"], [".", "NetworkIn", {"stat": "Sum"}]]
METRIC = {"type": "metric", "x": 0, "y": 0, "width": 12, "height": 6}


def body(*widgets):
    return json.dumps({"widgets": widgets})


@pytest.mark.parametrize(
    "widget",
    [
        {**METRIC, "properties": {"metrics": METRICS, "region": "us-east-1", "view": "singleValue"}},
        {**METRIC, "properties": {"metrics": [[{"expression": "m1 / 2"}]], "region": "us-east-1"}},
        {**METRIC, "properties": {"annotations": {"alarms": ["arn"]}}},
        {"type": "text", "properties": {"markdown": "# Orders"}},
        {"type": "log", "properties": {"region": "us-east-1", "query": "SOURCE 'g' | fields @message"}},
        {"type": "alarm", "x": 23, "width": 1, "height": 1000, "properties": {"alarms": ["arn"] * 100}},
    ],
)
def test_valid_widgets(widget):
    """Are the widgets of the documentation taken, alone and beside others?"""
    assert problems(body(widget)) == problems(body(widget, widget)) == problems(body()) == []


@pytest.mark.parametrize(
    ("widget", "expected"),
    [
        ({"properties": {}}, [("", "Should have required property 'type'")]),
        ({"type": "text"}, [("", "Should have required property 'properties'")]),
        ({"type": "video", "properties": {}}, [("/type", "Should be equal to one of the allowed values")]),
        ({"type": "text", "properties": []}, [("/properties", "Should be object")]),
        ({"type": "text", "properties": {}}, [("/properties", "Should have required property 'markdown'")]),
        ({"type": "text", "x": 24, "properties": {"markdown": ""}}, [("/x", "Should be <= 23")]),
        ({"type": "text", "width": 0, "properties": {"markdown": ""}}, [("/width", "Should be >= 1")]),
        ({"type": "text", "y": "0", "properties": {"markdown": ""}}, [("/y", "Should be integer")]),
        (
            {"type": "metric", "properties": {"region": "us-east-1"}},
            [
                ("/properties", "Should have required property 'metrics'"),
                (
                    "/properties",
                    "The metric widget should have specified a region and a data source or an alarm annotation",
                ),
                ("/properties", "Should have required property 'annotations'"),
            ],
        ),
        (
            {"type": "metric", "properties": {"region": "us-east-1", "metrics": ["CPUUtilization"]}},
            [("/properties/metrics/0", "Should be array")],
        ),
        ({"type": "alarm", "properties": {"alarms": ["a"] * 101}}, [("/properties/alarms", "100 items")]),
        ("text", [("", "Should be object")]),
    ],
)
def test_invalid_widgets(widget, expected):
    """Is every mistake found at its place, with CloudWatch's words?"""
    found = problems(body(widget))
    assert [path for path, message in found] == [f"/widgets/0{path}" for path, message in expected]
    assert all(words in message for (path, message), (where, words) in zip(found, expected))


def test_metrics_are_lists_of_names():
    """Is a number in a metric refused, and an object before its end?"""
    for metric in ([1], [{"stat": "Sum"}, "AWS/EC2"], []):
        widget = {"type": "metric", "properties": {"region": "us-east-1", "metrics": [metric]}}
        [(path, message)] = problems(body(widget))
        assert path == "/widgets/0/properties/metrics/0" and message.startswith('Field "metrics" has to be')


def test_widgets_are_a_list_of_at_most_500():
    """Must there be a list of widgets, and not too long a one?"""
    text = {"type": "text", "properties": {"markdown": ""}}
    assert problems("{}") == [("", "Should have required property 'widgets'")]
    assert problems('{"widgets": {}}') == [("/widgets", "Should be array")]
    assert problems(body(*[text] * 500)) == []
    assert problems(body(*[text] * 501)) == [("/widgets", "Should NOT have more than 500 items")]


@pytest.mark.parametrize("text", ["", "[]", "{", "1", "[" * 100_000])
def test_no_json_object(text):
    """Is a text that is no object told apart from a wrong body?"""
    with pytest.raises(ValueError):
        problems(text)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["type", "properties", "metrics", "x"]), inner),
    max_leaves=15,
)


@given(st.lists(ANY))
def test_any_json_is_answered(widgets):
    """Does every body get an answer, whatever stands in it?"""
    assert all(path.startswith("/widgets/") and message for path, message in problems(body(*widgets)))
