"""PutMetricData, GetMetricStatistics, ListMetrics: rules and results."""

from datetime import UTC, datetime, timedelta

import pytest

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def put(cloudwatch):
    def put(*values, name="m", **more):
        data = [{"MetricName": name, "Value": value, **more} for value in values]
        cloudwatch.put_metric_data(Namespace="shop", MetricData=data)

    return put


@pytest.fixture
def statistics(cloudwatch):
    def statistics(*names, **more):
        kind = "Statistics" if names[0][0].isupper() and names[0] != "IQM" else "ExtendedStatistics"
        call = {"Namespace": "shop", "MetricName": "m", "StartTime": NOW - HOUR, "EndTime": NOW + HOUR, "Period": 60}
        return cloudwatch.get_metric_statistics(**{**call, kind: list(names), **more})["Datapoints"]

    return statistics


@pytest.mark.parametrize(
    ("datum", "code", "words"),
    [
        (
            {"Value": float("nan")},
            "InvalidParameterValue",
            "The value NaN for parameter MetricData.member.1.Value is invalid.",
        ),
        ({"Value": float("inf")}, "InvalidParameterValue", "is invalid"),
        ({"Value": 2.0**361}, "InvalidParameterValue", "is invalid"),
        ({}, "MissingParameter", "required"),
        ({"Value": 1, "Values": [1]}, "InvalidParameterCombination", "mutually exclusive"),
        (
            {"Value": 0, "StatisticValues": {"SampleCount": 1, "Sum": 1, "Minimum": 1, "Maximum": 1}},
            "InvalidParameterCombination",
            "mutually exclusive",
        ),
        ({"Values": [1, 2], "Counts": [1]}, "InvalidParameterValue", "must be of the same size"),
        ({"Values": [1.0] * 151}, "InvalidParameterValue", "must not have a size greater than 150"),
        (
            {"StatisticValues": {"SampleCount": 2, "Sum": 3, "Minimum": 2, "Maximum": 1}},
            "InvalidParameterValue",
            "Maximum",
        ),
        (
            {"Value": 1, "Dimensions": [{"Name": f"d{n}", "Value": "v"} for n in range(31)]},
            "InvalidParameterValue",
            "The collection MetricData.member.1.Dimensions must not have a size greater than 30.",
        ),
        ({"Value": 1, "Unit": "Apples"}, "InvalidParameterValue", "Unit"),
        ({"Value": 1, "StorageResolution": 10}, "InvalidParameterValue", "StorageResolution"),
        ({"Value": 1, "Timestamp": NOW - timedelta(days=15)}, "InvalidParameterValue", "two weeks in the past"),
        ({"Value": 1, "Timestamp": NOW + 3 * HOUR}, "InvalidParameterValue", "two hours in the future"),
    ],
)
def test_impossible_data(cloudwatch, put, refused, datum, code, words):
    """Are values, counts, dimensions, units and times outside AWS's limits refused?"""
    refused(cloudwatch.put_metric_data, code, words, Namespace="shop", MetricData=[{"MetricName": "m", **datum}])
    put(2.0**360, Timestamp=NOW - timedelta(days=13), Dimensions=[{"Name": f"d{n}", "Value": "v"} for n in range(30)])


def test_aws_keeps_its_namespaces(cloudwatch, refused):
    """Are AWS/... and more than 1,000 metrics refused?"""
    data = [{"MetricName": "m", "Value": 1}]
    words = "The value AWS/ for parameter Namespace is invalid."
    refused(cloudwatch.put_metric_data, "InvalidParameterValue", words, Namespace="AWS/Lambda", MetricData=data)
    refused(cloudwatch.put_metric_data, "InvalidParameterValue", "1000", Namespace="shop", MetricData=data * 1001)
    cloudwatch.put_metric_data(Namespace="shop/AWS", MetricData=data * 1000)


def test_statistics_of_a_minute(cloudwatch, statistics):
    """Are values, counted values and statistic sets summed up together?"""
    data = [
        {"MetricName": "m", "Values": [1, 3], "Counts": [2, 1]},
        {"MetricName": "m", "StatisticValues": {"SampleCount": 2, "Sum": 10, "Minimum": 4, "Maximum": 6}},
    ]
    cloudwatch.put_metric_data(Namespace="shop", MetricData=data)
    [point] = statistics("SampleCount", "Sum", "Average", "Minimum", "Maximum")
    assert (point["SampleCount"], point["Sum"], point["Average"]) == (5.0, 15.0, 3.0)
    assert (point["Minimum"], point["Maximum"], point["Unit"]) == (1.0, 6.0, "None")
    assert "ExtendedStatistics" not in statistics("p50")[0] or statistics("p50")[0]["ExtendedStatistics"] == {}


def test_percentiles(put, statistics):
    """Are there percentiles and trimmed means, which moto lacks?"""
    put(*range(1, 101))
    [point] = statistics("p50", "p99", "tm90")
    assert point["ExtendedStatistics"] == {"p50": 50.5, "p99": pytest.approx(99.01), "tm90": 45.5}


def test_dimensions_make_metrics(cloudwatch, put, statistics):
    """Is a metric with a dimension another metric, that is found by exactly this dimension?"""
    put(1)
    put(2, Dimensions=[{"Name": "page", "Value": "cart"}])
    assert statistics("Sum")[0]["Sum"] == 1.0
    assert statistics("Sum", Dimensions=[{"Name": "page", "Value": "cart"}])[0]["Sum"] == 2.0
    assert statistics("Sum", Dimensions=[{"Name": "page", "Value": "home"}]) == []
    assert len(cloudwatch.list_metrics(Namespace="shop")["Metrics"]) == 2
    assert len(cloudwatch.list_metrics(Dimensions=[{"Name": "page"}])["Metrics"]) == 1


def test_units_stay_apart(put, statistics):
    """Is there a data point for each unit, or for the one that is asked for?"""
    put(1, Unit="Seconds")
    put(2, Unit="Milliseconds")
    assert {one["Unit"]: one["Sum"] for one in statistics("Sum")} == {"Seconds": 1.0, "Milliseconds": 2.0}
    assert [one["Sum"] for one in statistics("Sum", Unit="Seconds")] == [1.0]


def test_resolution(put, statistics):
    """Does a value stand at its minute, and a high-resolution one at its second?"""
    at = NOW.replace(second=37, microsecond=0)
    put(1, Timestamp=at)
    assert [one["Timestamp"].second for one in statistics("Sum")] == [0]
    put(1, Timestamp=at, StorageResolution=1)
    assert [one["Timestamp"].second for one in statistics("Sum", Period=1, StartTime=at, EndTime=at + HOUR / 60)] == [
        37
    ]


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({"Period": 45}, "InvalidParameterValue", "Period"),
        ({"Period": 90}, "InvalidParameterValue", "multiple of 60"),
        ({"StartTime": NOW, "EndTime": NOW - HOUR}, "InvalidParameterValue", "StartTime must be less than"),
        ({"StartTime": NOW - timedelta(days=2)}, "InvalidParameterCombination", "You have requested up to 2,9"),
        ({"Statistics": None}, "InvalidParameterCombination", "Must specify either Statistics or ExtendedStatistics"),
        ({"ExtendedStatistics": ["p50"]}, "InvalidParameterCombination", "Must specify either"),
        ({"Statistics": ["p99"]}, "ValidationError", "enum value set"),
        ({"Statistics": None, "ExtendedStatistics": ["p101"]}, "InvalidParameterValue", "not supported"),
    ],
)
def test_impossible_statistics(cloudwatch, refused, more, code, words):
    """Are periods, times and statistics outside AWS's limits refused?"""
    call = {
        "Namespace": "n",
        "MetricName": "m",
        "StartTime": NOW - HOUR,
        "EndTime": NOW + HOUR,
        "Period": 60,
        "Statistics": ["Sum"],
    }
    changed = {name: one for name, one in {**call, **more}.items() if one is not None}
    refused(cloudwatch.get_metric_statistics, code, words, **changed)
    cloudwatch.get_metric_statistics(**{**call, "StartTime": NOW - timedelta(days=1) + HOUR, "Period": 60})
