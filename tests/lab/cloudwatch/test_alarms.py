"""Metric alarms: what AWS refuses, and how they are evaluated by the account's time."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from course import lab

TOPIC = "arn:aws:sns:us-east-1:123456789012:ops"
ALARM = {
    "AlarmName": "errors",
    "Namespace": "shop",
    "MetricName": "errors",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 5.0,
    "ComparisonOperator": "GreaterThanThreshold",
}
MATH = {
    "AlarmName": "rate",
    "EvaluationPeriods": 1,
    "Threshold": 10.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "Metrics": [
        {"Id": "rate", "Expression": "100 * errors / calls", "ReturnData": True},
        *(
            {
                "Id": name,
                "MetricStat": {"Metric": {"Namespace": "shop", "MetricName": name}, "Period": 60, "Stat": "Sum"},
                "ReturnData": False,
            }
            for name in ("errors", "calls")
        ),
    ],
}


def without(*names, **more):
    return {name: one for name, one in {**ALARM, **more}.items() if name not in names}


@pytest.fixture
def put(cloudwatch):
    def put(value, minutes_ago=0, name="errors"):
        at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
        cloudwatch.put_metric_data(Namespace="shop", MetricData=[{"MetricName": name, "Value": value, "Timestamp": at}])

    return put


@pytest.fixture
def state(cloudwatch):
    def state(name="errors"):
        found = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
        [alarm] = found["MetricAlarms"] + found["CompositeAlarms"]
        return alarm["StateValue"], alarm["StateReason"]

    return state


@pytest.mark.parametrize(
    ("call", "code", "words"),
    [
        (without(Period=45), "ValidationError", "45"),
        (without(Period=5), "ValidationError", "multiple of 60"),
        (without(EvaluationPeriods=1441), "ValidationError", "EvaluationPeriods * Period must be <= 86400"),
        (without(Period=3600, EvaluationPeriods=169), "ValidationError", "must be <= 604800"),
        (
            without(DatapointsToAlarm=2),
            "ValidationError",
            "DatapointsToAlarm must be less than or equal to EvaluationPeriods",
        ),
        (without(TreatMissingData="never"), "ValidationError", "Option never is not supported."),
        (without(ComparisonOperator="Above"), "ValidationError", "enum value set"),
        (without(ComparisonOperator="GreaterThanUpperThreshold"), "ValidationError", "ThresholdMetricId"),
        (without("Statistic"), "MissingParameter", "Statistic"),
        (without("Threshold"), "MissingParameter", "Threshold"),
        (without("Namespace"), "MissingParameter", "Namespace"),
        (without("ComparisonOperator"), "MissingParameter", "ComparisonOperator"),
        (without(Statistic="p99"), "ValidationError", "enum value set"),
        (without(ExtendedStatistic="p99"), "InvalidParameterCombination", "mutually exclusive"),
        (without("Statistic", ExtendedStatistic="q99"), "InvalidParameterValue", "q99"),
        (without(AlarmActions=["ops"]), "ValidationError", "Invalid arn syntax: ops"),
        (without(AlarmActions=["arn:aws:s3:::bucket"]), "ValidationError", "Invalid arn syntax"),
        (without(AlarmActions=[f"{TOPIC}{n}" for n in range(6)]), "ValidationError", "less than or equal to 5"),
        ({**MATH, "MetricName": "m"}, "InvalidParameterCombination", "mutually exclusive"),
        ({**MATH, "Metrics": MATH["Metrics"][1:]}, "ValidationError", "Exactly one element"),
        ({**MATH, "Metrics": MATH["Metrics"][:2]}, "ValidationError", "Error in expression 'rate'"),
    ],
)
def test_impossible_alarms(cloudwatch, refused, call, code, words):
    """Are periods, numbers, statistics, actions and expressions outside AWS's rules refused?"""
    refused(cloudwatch.put_metric_alarm, code, words, **call)


@pytest.mark.parametrize(
    "call",
    [
        ALARM,
        without(Period=10),
        without(Period=3600, EvaluationPeriods=168),
        without(EvaluationPeriods=1440, DatapointsToAlarm=1440),
        without("Statistic", ExtendedStatistic="p99.9", EvaluateLowSampleCountPercentile="ignore"),
        without(AlarmActions=[TOPIC, "arn:aws:automate:us-east-1:ec2:stop"], TreatMissingData="ignore"),
        MATH,
    ],
)
def test_possible_alarms(cloudwatch, call):
    """Are the nearest legal alarms taken, and shown as they were given?"""
    cloudwatch.put_metric_alarm(**call)
    [shown] = cloudwatch.describe_alarms()["MetricAlarms"]
    assert call.items() <= {**shown, "Metrics": call.get("Metrics")}.items() or shown["AlarmName"] == "rate"
    assert shown["StateValue"] == "INSUFFICIENT_DATA" and "StateReasonData" not in shown


def test_data_decide_the_state(cloudwatch, put, state):
    """Does an alarm go to ALARM and back as data come in, and say why in AWS's words?"""
    cloudwatch.put_metric_alarm(**ALARM)
    assert state() == ("INSUFFICIENT_DATA", "Unchecked: Initial alarm creation")
    put(6)
    now, why = state()
    assert now == "ALARM" and why.startswith("Threshold Crossed: 1 datapoint [6.0 (")
    assert why.endswith(")] was greater than the threshold (5.0).")
    with lab.context(time=datetime.now(UTC) + timedelta(minutes=5)):
        cloudwatch.put_metric_data(Namespace="shop", MetricData=[{"MetricName": "errors", "Value": 5}])
        now, why = state()
        assert now == "OK" and "was not greater than the threshold (5.0)." in why


def test_m_out_of_n(cloudwatch, put, state):
    """Do two of three points alarm, not in a row, and one of three not?"""
    cloudwatch.put_metric_alarm(**without(EvaluationPeriods=3, DatapointsToAlarm=2))
    put(9, 2)
    put(1, 1)
    assert state()[0] != "ALARM"
    put(9, 0)
    now, why = state()
    assert now == "ALARM" and "2 out of the last 3 datapoints" in why and "for OK -> ALARM transition" in why


@pytest.mark.parametrize(
    ("missing", "expected"),
    [("missing", "INSUFFICIENT_DATA"), ("notBreaching", "OK"), ("breaching", "ALARM"), ("ignore", "INSUFFICIENT_DATA")],
)
def test_missing_data_by_the_clock(cloudwatch, state, missing, expected):
    """Is an alarm without data first evaluated when a period is over, by how it treats missing data?"""
    cloudwatch.put_metric_alarm(**without(TreatMissingData=missing))
    assert state()[0] == "INSUFFICIENT_DATA"
    with lab.context(time=datetime.now(UTC) + timedelta(minutes=3)):
        now, why = state()
    assert now == expected
    if missing == "breaching":
        assert why == (
            "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [Breaching]."
        )


def test_data_that_stop(cloudwatch, put, state):
    """Does an alarm that no longer gets data lack them, or keep its state?"""
    cloudwatch.put_metric_alarm(**ALARM)
    cloudwatch.put_metric_alarm(**without(AlarmName="kept", TreatMissingData="ignore"))
    put(9)
    assert (state()[0], state("kept")[0]) == ("ALARM", "ALARM")
    with lab.context(time=datetime.now(UTC) + timedelta(minutes=30)):
        assert (state()[0], state("kept")[0]) == ("INSUFFICIENT_DATA", "ALARM")
        assert state()[1] == "Insufficient Data: 1 datapoint was unknown."


def test_percentiles_and_math(cloudwatch, put, state):
    """Do alarms on p99 and on an expression see what moto does not calculate?"""
    cloudwatch.put_metric_alarm(**without("Statistic", ExtendedStatistic="p90", Threshold=95.0, AlarmName="p"))
    cloudwatch.put_metric_alarm(**MATH)
    cloudwatch.put_metric_data(
        Namespace="shop", MetricData=[{"MetricName": "errors", "Values": list(map(float, range(1, 101)))}]
    )
    put(10_000, name="calls")
    assert (state("p")[0], state("rate")[0]) == ("OK", "ALARM")


def test_few_samples_can_be_ignored(cloudwatch, put, state):
    """Does a p99 of three samples change nothing when it is to be ignored?"""
    more = {"ExtendedStatistic": "p99", "EvaluateLowSampleCountPercentile": "ignore"}
    cloudwatch.put_metric_alarm(**without("Statistic", **more))
    put(100)
    assert state()[0] == "INSUFFICIENT_DATA"


def test_an_update_keeps_the_state(cloudwatch, put, state):
    """Is the configuration new, and the state the old one until it is evaluated?"""
    cloudwatch.put_metric_alarm(**ALARM)
    put(9)
    cloudwatch.put_metric_alarm(**without(AlarmDescription="changed"))
    assert state()[0] == "ALARM"
    cloudwatch.put_metric_alarm(**without(Threshold=100.0))
    assert state()[0] == "OK"


def test_set_alarm_state_lasts_until_the_next_evaluation(cloudwatch, put, state, refused):
    """Does a state by hand hold for a while, and then give way to the data?"""
    cloudwatch.put_metric_alarm(**ALARM)
    put(1)
    cloudwatch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")
    assert state() == ("ALARM", "test")
    put(2)
    assert state()[0] == "OK"
    call = {"StateValue": "OK", "StateReason": "x"}
    refused(cloudwatch.set_alarm_state, "ResourceNotFound", status=404, AlarmName="none", **call)
    refused(cloudwatch.set_alarm_state, "InvalidFormat", AlarmName="errors", StateReasonData="{", **call)
    call["StateValue"] = "FINE"
    refused(cloudwatch.set_alarm_state, "ValidationError", "enum value set", AlarmName="errors", **call)


def test_history(cloudwatch, put):
    """Is every change written down, with what AWS writes?"""
    cloudwatch.put_metric_alarm(**ALARM)
    put(9)
    history = cloudwatch.describe_alarm_history(AlarmName="errors")["AlarmHistoryItems"]
    assert [one["HistoryItemType"] for one in history] == ["StateUpdate", "ConfigurationUpdate"]
    assert history[0]["HistorySummary"] == "Alarm updated from INSUFFICIENT_DATA to ALARM"
    data = json.loads(history[0]["HistoryData"])
    assert data["newState"]["stateReasonData"]["recentDatapoints"] == [9.0]
    found = cloudwatch.describe_alarm_history(HistoryItemType="ConfigurationUpdate", ScanBy="TimestampAscending")
    assert [one["HistorySummary"] for one in found["AlarmHistoryItems"]] == ['Alarm "errors" created']


def test_looking_for_alarms(cloudwatch):
    """Are alarms found by prefix, state, action and metric?"""
    cloudwatch.put_metric_alarm(**without(AlarmActions=[TOPIC]))
    cloudwatch.put_metric_alarm(**without(AlarmName="other", MetricName="calls"))
    names = lambda **more: [one["AlarmName"] for one in cloudwatch.describe_alarms(**more)["MetricAlarms"]]
    assert names(AlarmNamePrefix="err") == ["errors"] == names(ActionPrefix="arn:aws:sns")
    assert names(StateValue="OK") == [] and names() == ["errors", "other"]
    found = cloudwatch.describe_alarms_for_metric(Namespace="shop", MetricName="calls")["MetricAlarms"]
    assert [one["AlarmName"] for one in found] == ["other"]
    cloudwatch.delete_alarms(AlarmNames=["errors", "none"])
    assert names() == ["other"]
