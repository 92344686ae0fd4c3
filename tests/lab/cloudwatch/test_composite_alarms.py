"""Composite alarms."""

import pytest

METRIC = {
    "Namespace": "shop",
    "MetricName": "m",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 5.0,
    "ComparisonOperator": "GreaterThanThreshold",
}


@pytest.fixture
def children(cloudwatch):
    for name in ("cpu", "deploying"):
        cloudwatch.put_metric_alarm(AlarmName=name, **METRIC)


@pytest.fixture
def set_state(cloudwatch):
    return lambda name, value: cloudwatch.set_alarm_state(AlarmName=name, StateValue=value, StateReason="test")


def composite(cloudwatch, name="both"):
    [found] = cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    return found


def test_the_rule_decides(cloudwatch, children, set_state):
    """Does the composite follow its alarms, and say which of them moved it?"""
    cloudwatch.put_composite_alarm(AlarmName="both", AlarmRule='ALARM("cpu") AND NOT ALARM(deploying)')
    arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:"
    first = composite(cloudwatch)
    assert first["StateReason"] == f"{arn}both was created and its alarm rule evaluates to OK"
    set_state("cpu", "ALARM")
    assert composite(cloudwatch)["StateValue"] == "ALARM"
    assert composite(cloudwatch)["StateReason"].startswith(f"{arn}cpu transitioned to ALARM at ")
    set_state("deploying", "ALARM")
    assert composite(cloudwatch)["StateValue"] == "OK"


def test_composites_of_composites(cloudwatch, children, set_state):
    """Does a change go up through all of them?"""
    cloudwatch.put_composite_alarm(AlarmName="one", AlarmRule="ALARM(cpu)")
    cloudwatch.put_composite_alarm(AlarmName="two", AlarmRule="ALARM(one) OR ALARM(deploying)")
    set_state("cpu", "ALARM")
    assert composite(cloudwatch, "two")["StateValue"] == "ALARM"


def test_metric_alarms_only_unless_asked(cloudwatch, children):
    """Does DescribeAlarms leave composite alarms out, as AWS does?"""
    cloudwatch.put_composite_alarm(AlarmName="both", AlarmRule="ALARM(cpu)")
    assert cloudwatch.describe_alarms()["CompositeAlarms"] == []
    assert len(cloudwatch.describe_alarms()["MetricAlarms"]) == 2


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (
            {"AlarmRule": "ALARM(cpu) OR ALARM(gone)"},
            "Could not save the composite alarm as alarms [gone] in the alarm rule do not exist",
        ),
        ({"AlarmRule": "ALARM(cpu) AND"}, "Invalid AlarmRule"),
        ({"AlarmRule": "cpu"}, "Invalid AlarmRule"),
        ({"AlarmRule": " ALARM(cpu)"}, "leading or trailing whitespace"),
        ({"AlarmName": "cpu"}, "A metric alarm with the name cpu exists."),
        ({"ActionsSuppressor": "deploying"}, "are required when ActionsSuppressor is set"),
        ({"AlarmActions": ["ops"]}, "Invalid arn syntax"),
    ],
)
def test_impossible_composites(cloudwatch, children, refused, more, words):
    """Are rules that cannot be read, and alarms that are not there, refused?"""
    call = {"AlarmName": "both", "AlarmRule": "ALARM(cpu)", **more}
    refused(cloudwatch.put_composite_alarm, "ValidationError", words, **call)
    cloudwatch.put_composite_alarm(AlarmName="both", AlarmRule="ALARM(cpu)")


def test_deletion(cloudwatch, children, refused):
    """Do alarms stay that a composite needs, and go together with it one by one?"""
    cloudwatch.put_composite_alarm(AlarmName="both", AlarmRule="ALARM(cpu)")
    cloudwatch.put_composite_alarm(AlarmName="other", AlarmRule="FALSE")
    words = "Cannot delete cpu as there are composite alarm(s) depending on it."
    refused(cloudwatch.delete_alarms, "ValidationError", words, AlarmNames=["cpu"])
    refused(cloudwatch.delete_alarms, "ValidationError", "at most one composite alarm", AlarmNames=["both", "other"])
    cloudwatch.delete_alarms(AlarmNames=["both", "cpu"])


def test_a_suppressor_keeps_quiet(cloudwatch, children, set_state):
    """Are no actions executed while the suppressor is in ALARM?"""
    topic = "arn:aws:sns:us-east-1:123456789012:gone"
    periods = {"ActionsSuppressorWaitPeriod": 60, "ActionsSuppressorExtensionPeriod": 60}
    call = {"AlarmName": "both", "AlarmRule": "ALARM(cpu)", "AlarmActions": [topic], "ActionsSuppressor": "deploying"}
    cloudwatch.put_composite_alarm(**call, **periods)
    actions = lambda: cloudwatch.describe_alarm_history(AlarmName="both", HistoryItemType="Action")["AlarmHistoryItems"]
    set_state("deploying", "ALARM")
    set_state("cpu", "ALARM")
    assert composite(cloudwatch)["StateValue"] == "ALARM" and actions() == []
    set_state("cpu", "OK")
    set_state("deploying", "OK")
    set_state("cpu", "ALARM")
    assert len(actions()) == 1
