"""Anomaly detectors are kept."""

from datetime import UTC, datetime, timedelta

METRIC = {"Namespace": "Shop", "MetricName": "Orders", "Stat": "Average"}
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR = {"StartTime": NOON, "EndTime": NOON + timedelta(hours=1)}
MATH = {
    "MetricDataQueries": [
        {"Id": "m1", "MetricStat": {"Metric": {"Namespace": "Shop", "MetricName": "a"}, "Period": 60, "Stat": "Sum"}},
        {"Id": "e1", "Expression": "m1 / 2", "ReturnData": True},
    ]
}


def test_a_detector_is_put_shown_and_deleted(cloudwatch, refused):
    """Is a detector found by its metric, replaced by one for the same metric, and forgotten?"""
    config = {"ExcludedTimeRanges": [HOUR]}
    first = cloudwatch.put_anomaly_detector(**METRIC)["AnomalyDetectorId"]
    again = cloudwatch.put_anomaly_detector(SingleMetricAnomalyDetector=METRIC, Configuration=config)
    assert again["AnomalyDetectorId"] == first
    cloudwatch.put_anomaly_detector(**{**METRIC, "MetricName": "Returns"})
    [shown] = cloudwatch.describe_anomaly_detectors(MetricName="Orders")["AnomalyDetectors"]
    assert shown["StateValue"] == "PENDING_TRAINING" and shown["Configuration"] == config
    assert shown["SingleMetricAnomalyDetector"]["Stat"] == shown["Stat"] == "Average"
    cloudwatch.delete_anomaly_detector(**METRIC)
    assert len(cloudwatch.describe_anomaly_detectors()["AnomalyDetectors"]) == 1
    refused(cloudwatch.delete_anomaly_detector, "ResourceNotFoundException", "does not exist", status=404, **METRIC)


def test_a_detector_of_an_expression(cloudwatch):
    """Are detectors of metric math shown where they are asked for?"""
    named = cloudwatch.put_anomaly_detector(MetricMathAnomalyDetector=MATH)["AnomalyDetectorId"]
    assert cloudwatch.describe_anomaly_detectors()["AnomalyDetectors"] == []
    found = cloudwatch.describe_anomaly_detectors(AnomalyDetectorTypes=["METRIC_MATH"])["AnomalyDetectors"]
    assert [one["AnomalyDetectorId"] for one in found] == [named]
    cloudwatch.delete_anomaly_detector(AnomalyDetectorId=named)
    assert cloudwatch.describe_anomaly_detectors(AnomalyDetectorIds=[named])["AnomalyDetectors"] == []


def test_impossible_detectors(cloudwatch, refused):
    """Is a detector refused that watches nothing, or two things, or leaves out times that are none?"""
    put = cloudwatch.put_anomaly_detector
    refused(put, "MissingParameter", "Stat", Namespace="Shop", MetricName="Orders")
    refused(put, "InvalidParameterCombination", "Namespace", **METRIC, SingleMetricAnomalyDetector=METRIC)
    refused(put, "InvalidParameterValue", "10", **METRIC, Configuration={"ExcludedTimeRanges": [HOUR] * 11})
    wrong = {"StartTime": NOON, "EndTime": NOON}
    refused(put, "InvalidParameterValue", "before", **METRIC, Configuration={"ExcludedTimeRanges": [wrong]})
