"""Metric filters: what AWS refuses, and the metrics they publish."""

import json
import time

import pytest

FILTER = {"logGroupName": "/app", "filterName": "f"}
BASIC = {"metricName": "errors", "metricNamespace": "shop", "metricValue": "1"}


@pytest.fixture
def group(logs):
    logs.create_log_group(logGroupName="/app")
    logs.create_log_stream(logGroupName="/app", logStreamName="s")


@pytest.fixture
def write(logs, group):
    def write(*messages):
        at = int(time.time() * 1000)
        events = [{"timestamp": at, "message": one if isinstance(one, str) else json.dumps(one)} for one in messages]
        logs.put_log_events(logGroupName="/app", logStreamName="s", logEvents=events)

    return write


@pytest.fixture
def published(cloudwatch):
    """Sum and number of the values of a metric in the last hours."""

    def published(name="errors", **dimensions):
        [point] = cloudwatch.get_metric_statistics(
            Namespace="shop",
            MetricName=name,
            Dimensions=[{"Name": key, "Value": one} for key, one in dimensions.items()],
            StartTime=time.time() - 3600,
            EndTime=time.time() + 3600,
            Period=7200,
            Statistics=["Sum", "SampleCount"],
        )["Datapoints"] or [None]
        return point and (point["Sum"], point["SampleCount"], point["Unit"])

    return published


def change(**more):
    return [{**BASIC, **more}]


def test_matching_events_are_counted_from_now_on(logs, write, published):
    """Does a filter count what comes after it, and nothing from before?"""
    write("ERROR before")
    logs.put_metric_filter(**FILTER, filterPattern="ERROR", metricTransformations=change(unit="Count"))
    assert published() is None
    write("ERROR one", "fine", "ERROR two")
    assert published() == (2.0, 2.0, "Count")


def test_a_value_is_taken_from_the_event(logs, write, published):
    """Are numbers of JSON and of fields published, and texts that are none left out?"""
    logs.put_metric_filter(
        **FILTER, filterPattern="{ $.latency = * }", metricTransformations=change(metricValue="$.latency")
    )
    write({"latency": 10}, {"latency": 2.5}, {"latency": "slow"}, {"other": 1})
    assert published() == (12.5, 2.0, "None")
    logs.put_metric_filter(
        logGroupName="/app",
        filterName="g",
        filterPattern="[ip, status = 4*, bytes]",
        metricTransformations=change(metricName="bytes", metricValue="$bytes"),
    )
    write("10.0.0.1 404 120", "10.0.0.1 200 7")
    assert published("bytes") == (120.0, 1.0, "None")


def test_dimensions_make_metrics_of_their_own(logs, write, published):
    """Is each value of a dimension a metric?"""
    pattern = "{ $.status >= 400 }"
    logs.put_metric_filter(**FILTER, filterPattern=pattern, metricTransformations=change(dimensions={"Path": "$.path"}))
    write({"status": 500, "path": "/a"}, {"status": 404, "path": "/b"}, {"status": 404, "path": "/b"}, {"status": 500})
    assert (published(Path="/a")[0], published(Path="/b")[0], published()) == (1.0, 2.0, None)


def test_a_default_value_fills_quiet_minutes(logs, write, published):
    """Is the default published when events come and none fits?"""
    logs.put_metric_filter(**FILTER, filterPattern="ERROR", metricTransformations=change(defaultValue=0))
    write("fine", "fine")
    assert published() == (0.0, 1.0, "None")


def test_a_filter_of_the_same_name_is_replaced(logs, write, published):
    """Does changing a filter not count twice?"""
    for pattern in ("ERROR", "WARN"):
        logs.put_metric_filter(**FILTER, filterPattern=pattern, metricTransformations=change())
    write("ERROR", "WARN")
    assert published() == (1.0, 1.0, "None")
    logs.delete_metric_filter(**FILTER)
    write("WARN")
    assert published() == (1.0, 1.0, "None")


@pytest.mark.parametrize(
    ("pattern", "transformation", "words"),
    [
        ("{ $.a", {}, "Invalid metric filter pattern"),
        ("a.b", {}, "Invalid metric filter pattern"),
        ("?ERROR ?WARN", {"dimensions": {"d": "$.a"}}, "The specified filter pattern does not support dimensions"),
        (
            "{ $.a = 1 }",
            {"dimensions": {"d": "$.a"}, "defaultValue": 0.0},
            "Invalid metric transformation: dimensions and default value are mutually exclusive properties.",
        ),
        ("{ $.a = 1 }", {"dimensions": {name: f"$.{name}" for name in "abcd"}}, "at most 3 dimensions"),
        ("{ $.a = 1 }", {"metricValue": "many"}, "Invalid metric transformation"),
        ("ERROR", {"metricValue": "$.a"}, "Invalid metric transformation"),
        ("", {"metricName": "a:b"}, "regular expression pattern"),
        ("", {"unit": "Apples"}, "enum value set"),
        ("x" * 1025, {}, "less than or equal to 1024"),
    ],
)
def test_impossible_filters(logs, group, refused, pattern, transformation, words):
    """Are wrong patterns, dimensions, values and units refused, and the nearest good filter taken?"""
    call = {**FILTER, "filterPattern": pattern, "metricTransformations": change(**transformation)}
    refused(logs.put_metric_filter, "InvalidParameterException", words, **call)
    logs.put_metric_filter(
        **FILTER, filterPattern="{ $.a = 1 }", metricTransformations=change(dimensions={"a": "$.a"}, metricValue="$.a")
    )


def test_unknown_groups_and_filters(logs, group, refused):
    """Does a filter need a group that is there, and deleting one a filter?"""
    call = {"filterPattern": "", "metricTransformations": change()}
    gone = {"logGroupName": "/gone", "filterName": "f"}
    refused(logs.put_metric_filter, "ResourceNotFoundException", "log group", **gone, **call)
    refused(
        logs.delete_metric_filter, "ResourceNotFoundException", "The specified metric filter does not exist.", **FILTER
    )


def test_quotas(logs, group, refused):
    """Are there 100 filters, five of them with regular expressions?"""
    put = lambda name, pattern: logs.put_metric_filter(
        logGroupName="/app", filterName=name, filterPattern=pattern, metricTransformations=change()
    )
    for number in range(5):
        put(f"r{number}", "%E%")
    call = {"logGroupName": "/app", "filterName": "r5", "metricTransformations": change()}
    refused(logs.put_metric_filter, "LimitExceededException", **call, filterPattern="%E%")
    for number in range(95):
        put(f"p{number}", "E")
    refused(logs.put_metric_filter, "LimitExceededException", **call, filterPattern="E")
    put("r1", "%F%")


def test_other_classes_have_no_metric_filters(logs, refused):
    """Is a group of infrequent access refused?"""
    logs.create_log_group(logGroupName="/rare", logGroupClass="INFREQUENT_ACCESS")
    call = {"logGroupName": "/rare", "filterName": "f", "filterPattern": "", "metricTransformations": change()}
    refused(logs.put_metric_filter, "InvalidOperationException", "INFREQUENT_ACCESS", **call)


CODE = """
import json
def handler(event, context):
    print("ERROR from a function")
    print(json.dumps({"_aws": {"Timestamp": event["at"], "CloudWatchMetrics": [{"Namespace": "shop",
        "Dimensions": [["page"]], "Metrics": [{"Name": "latency", "Unit": "Milliseconds"}]}]}, "page": "cart", "latency": 12}))
"""


def test_what_a_function_prints_is_read(logs, deploy, invoke, published):
    """Do a metric filter and the embedded metric format see the lines of Lambda functions?"""
    logs.create_log_group(logGroupName="/aws/lambda/f")
    logs.put_metric_filter(
        logGroupName="/aws/lambda/f", filterName="f", filterPattern="ERROR", metricTransformations=change()
    )
    deploy(CODE)
    invoke(event={"at": int(time.time() * 1000)})
    assert published() == (1.0, 1.0, "None")
    assert published("latency", page="cart") == (12.0, 1.0, "Milliseconds")


def test_embedded_metrics_need_no_filter(write, published):
    """Does a structured line publish by itself, and a broken one stay a line?"""
    directive = {"Namespace": "shop", "Dimensions": [[]], "Metrics": [{"Name": "orders"}]}
    metadata = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]}
    write({"_aws": metadata, "orders": [1, 2]}, {"_aws": metadata, "orders": "three"})
    assert published("orders") == (3.0, 2.0, "None")
