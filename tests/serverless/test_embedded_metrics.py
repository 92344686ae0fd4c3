"""The embedded metric format."""

import json

import pytest

from course.serverless.embedded_metrics import metrics_of, problems


def line(directive=None, **more):
    directive = {
        "Namespace": "shop",
        "Dimensions": [["page"]],
        "Metrics": [{"Name": "latency", "Unit": "Milliseconds"}],
        **(directive or {}),
    }
    root = {"_aws": {"Timestamp": 1_764_288_000_000, "CloudWatchMetrics": [directive]}, "page": "cart", "latency": 12}
    return json.dumps({**root, **more})


def test_a_metric_with_its_dimensions():
    """Are namespace, name, unit, dimensions, value and time read?"""
    [found] = metrics_of(line())
    assert (found.namespace, found.name, found.unit) == ("shop", "latency", "Milliseconds")
    assert (found.dimensions, found.values, found.timestamp) == ((("page", "cart"),), (12.0,), 1_764_288_000_000)


def test_each_dimension_set_is_a_metric():
    """Does one value count under each set of dimensions, and under none if the set is empty?"""
    found = metrics_of(line({"Dimensions": [["page"], ["page", "plan"], []]}, plan="gold"))
    assert [len(one.dimensions) for one in found] == [1, 2, 0]


def test_arrays_and_high_resolution():
    """Are many values one datum, and is a resolution of a second kept?"""
    [found] = metrics_of(line({"Metrics": [{"Name": "latency", "StorageResolution": 1}]}, latency=[1, 2.5]))
    assert (found.values, found.resolution, found.unit) == ((1.0, 2.5), 1, "None")


@pytest.mark.parametrize(
    "message",
    [
        "plain text",
        '{"latency": 12}',
        '{"_aws": {}}',
        line({"Namespace": ""}),
        line({"Dimensions": [["plan"]]}),
        line({"Dimensions": "page"}),
        line(latency="12"),
        line(latency=True),
        line(page=3),
        line(latency=list(range(101))),
        line({"Metrics": [{"Name": str(number)} for number in range(101)]}),
        line(_aws={"CloudWatchMetrics": [], "Timestamp": "now"}),
    ],
)
def test_what_gives_no_metrics(message):
    """Does a line that breaks the format stay an ordinary line, and say why?"""
    assert metrics_of(message) == [] and problems(message)


def test_a_metric_that_is_not_in_the_event_is_left_out():
    """Do the others of the directive count?"""
    found = metrics_of(line({"Metrics": [{"Name": "gone"}, {"Name": "latency"}]}))
    assert [one.name for one in found] == ["latency"]
