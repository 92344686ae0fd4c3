"""GetMetricData: metrics and metric math in the account."""

from datetime import UTC, datetime, timedelta

import pytest

BASE = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=10)


def stat(query_id, name, statistic="Sum", **more):
    metric = {"Namespace": "shop", "MetricName": name}
    return {"Id": query_id, "MetricStat": {"Metric": metric, "Period": 60, "Stat": statistic}, **more}


@pytest.fixture
def ask(cloudwatch):
    """Errors 1, 2 and none of calls 10, 20, 40 in three minutes; a function that runs queries over them."""
    data = []
    for minute, (errors, calls) in enumerate([(1, 10), (2, 20), (None, 40)]):
        at = BASE + timedelta(minutes=minute)
        data.append({"MetricName": "calls", "Value": calls, "Timestamp": at})
        if errors:
            data.append({"MetricName": "errors", "Value": errors, "Timestamp": at})
    cloudwatch.put_metric_data(Namespace="shop", MetricData=data)

    def ask(*queries, **more):
        times = {"StartTime": BASE, "EndTime": BASE + timedelta(minutes=3), "ScanBy": "TimestampAscending"}
        found = cloudwatch.get_metric_data(MetricDataQueries=list(queries), **{**times, **more})["MetricDataResults"]
        return {one["Id"]: one["Values"] for one in found}

    return ask


def test_metrics_and_an_expression(ask):
    """Is the error rate calculated, with 0 for the minute without errors, and are hidden metrics hidden?"""
    hidden = {"ReturnData": False}
    rate = {"Id": "rate", "Expression": "100 * errors / calls", "Label": "Error rate"}
    assert ask(stat("errors", "errors", **hidden), stat("calls", "calls", **hidden), rate) == {
        "rate": [10.0, 10.0, 0.0]
    }


def test_expressions_use_expressions_in_any_order(ask):
    """Can an expression stand before the one it needs?"""
    found = ask({"Id": "e2", "Expression": "e1 * 2"}, {"Id": "e1", "Expression": "SUM(METRICS())"}, stat("m1", "calls"))
    assert found == {"e2": [20, 40, 80], "e1": [10, 20, 40], "m1": [10, 20, 40]}


def test_gaps_can_be_filled(ask):
    """Does FILL see every minute of the request?"""
    assert ask(stat("m1", "errors"), {"Id": "e1", "Expression": "FILL(m1, 0)"})["e1"] == [1, 2, 0]


def test_newest_first_unless_asked_otherwise(ask):
    """Is TimestampDescending the default?"""
    assert ask(stat("m1", "calls"), ScanBy="TimestampDescending")["m1"] == [40, 20, 10]


@pytest.mark.parametrize(
    ("queries", "words"),
    [
        (
            [stat("M1", "m")],
            "The value M1 for parameter MetricDataQueries.member.1.Id is not matching the expected pattern",
        ),
        ([stat("m1", "m"), stat("m1", "m")], "The values for parameter Id in MetricDataQueries are not unique."),
        ([stat("m1", "m", "Median")], "not supported"),
        ([{"Id": "m1"}], "MetricStat is required"),
        ([stat("m1", "m", Expression="1")], "mutually exclusive"),
        ([stat("m1", "m"), {"Id": "e1", "Expression": "m1 / m9"}], "Error in expression 'e1'"),
        ([stat("m1", "m"), {"Id": "e1", "Expression": "AVG(m1)"}], "Error in expression 'e1'"),
        ([stat("m1", "m"), {"Id": "e1", "Expression": "NOPE(m1)"}], "Error in expression 'e1'"),
        ([stat("m1", "m"), {"Id": "e1", "Expression": "e2"}, {"Id": "e2", "Expression": "e1"}], "Error in expression"),
        ([{"Id": "m1", "MetricStat": {**stat("m1", "m")["MetricStat"], "Period": 7}}], "Period"),
    ],
)
def test_impossible_queries(cloudwatch, refused, queries, words):
    """Are ids, statistics, periods and expressions that are none refused?"""
    queries = [{name: one[name] for name in ("Id", "MetricStat", "Expression") if name in one} for one in queries]
    call = {"StartTime": BASE, "EndTime": BASE + timedelta(hours=1)}
    refused(cloudwatch.get_metric_data, "ValidationError", words, MetricDataQueries=queries, **call)


def test_times_in_order(cloudwatch, refused):
    """Must the end come after the start?"""
    call = {"MetricDataQueries": [stat("m1", "m")], "StartTime": BASE}
    refused(cloudwatch.get_metric_data, "ValidationError", "StartTime must not equal", **call, EndTime=BASE)
    refused(
        cloudwatch.get_metric_data,
        "ValidationError",
        "EndTime must be greater",
        **call,
        EndTime=BASE - timedelta(hours=1),
    )
