"""What DescribeAlarms shows: metric alarms, and composite ones where they are asked for.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
"""

from __future__ import annotations

from typing import Any

from moto.cloudwatch.models import Alarm

from ..gate import Call, answers
from .alarms import STATES
from .evaluation import _query, evaluate_all
from .metric_math import invalid


def described(alarm: Alarm) -> dict[str, Any]:
    """An alarm in the shape of boto3's response; nothing stands there that was not given."""
    shown: dict[str, Any] = {
        "AlarmName": alarm.name,
        "AlarmArn": alarm.alarm_arn,
        "AlarmDescription": alarm.description,
        "AlarmConfigurationUpdatedTimestamp": alarm.configuration_updated_timestamp,
        "ActionsEnabled": alarm.actions_enabled,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
        "StateValue": alarm.state_value,
        "StateReason": alarm.state_reason,
        "StateReasonData": alarm.state_reason_data,
        "StateUpdatedTimestamp": alarm.state_updated_timestamp,
        "StateTransitionedTimestamp": getattr(alarm, "state_transitioned_timestamp", None),
    }
    if alarm.rule is not None:
        shown["AlarmRule"] = alarm.rule
        shown |= getattr(alarm, "suppressor", {})
    else:
        shown |= {
            "EvaluationPeriods": alarm.evaluation_periods,
            "DatapointsToAlarm": alarm.datapoints_to_alarm,
            "Threshold": alarm.threshold,
            "ComparisonOperator": alarm.comparison_operator,
            "TreatMissingData": alarm.treat_missing_data,
            "EvaluateLowSampleCountPercentile": alarm.evaluate_low_sample_count_percentile,
            "ThresholdMetricId": alarm.threshold_metric_id,
            **(_math(alarm) if alarm.metric_data_queries else _metric(alarm)),
        }
    return {name: one for name, one in shown.items() if one is not None}


def _metric(alarm: Alarm) -> dict:
    return {
        "MetricName": alarm.metric_name,
        "Namespace": alarm.namespace,
        "Statistic": alarm.statistic,
        "ExtendedStatistic": alarm.extended_statistic,
        "Dimensions": [{"Name": one.name, "Value": one.value} for one in alarm.dimensions],
        "Period": alarm.period,
        "Unit": alarm.unit,
    }


def _math(alarm: Alarm) -> dict:
    found = []
    for held in alarm.metric_data_queries:
        query = {**_query(held), "Label": held.label}
        if "MetricStat" in query:
            query["MetricStat"] = {name: one for name, one in query["MetricStat"].items() if one is not None}
        found.append({name: one for name, one in query.items() if one is not None})
    return {"Metrics": found}


@answers("cloudwatch", "DescribeAlarms")
def describe_alarms(call: Call) -> dict:
    """Metric alarms unless other types are asked for. moto shows all, in the states they were made with."""
    params = call.params
    evaluate_all(call.backend)
    if params.get("AlarmNames") and params.get("AlarmNamePrefix"):
        raise invalid("AlarmNames and AlarmNamePrefix cannot both be specified.")
    types = params.get("AlarmTypes") or ["MetricAlarm"]
    names, prefix = params.get("AlarmNames"), params.get("AlarmNamePrefix", "")
    found = [
        alarm
        for alarm in sorted(call.backend.alarms.values(), key=lambda one: one.name)
        if (not names or alarm.name in names)
        and alarm.name.startswith(prefix)
        and params.get("StateValue", alarm.state_value) == alarm.state_value
        and ("MetricAlarm" if alarm.rule is None else "CompositeAlarm") in types
        and _has_action(alarm, params.get("ActionPrefix"))
    ]
    first, most = int(params.get("NextToken") or 0), params.get("MaxRecords") or 50
    page = found[first : first + (100 if names else most)]
    more = {"NextToken": str(first + most)} if not names and len(found) > first + most else {}
    return {
        "MetricAlarms": [described(one) for one in page if one.rule is None],
        "CompositeAlarms": [described(one) for one in page if one.rule is not None],
        **more,
    }


def _has_action(alarm: Alarm, prefix: str | None) -> bool:
    held = [arn for name in STATES.values() for arn in getattr(alarm, name) or []]
    return not prefix or any(arn.startswith(prefix) for arn in held)


@answers("cloudwatch", "DescribeAlarmsForMetric")
def describe_alarms_for_metric(call: Call) -> dict:
    """The alarms on exactly this metric. moto does not look at dimensions, statistic, period and unit."""
    params = call.params
    evaluate_all(call.backend)
    wanted = sorted((one["Name"], one["Value"]) for one in params.get("Dimensions") or [])
    found = [
        described(alarm)
        for alarm in call.backend.alarms.values()
        if (alarm.namespace, alarm.metric_name) == (params["Namespace"], params["MetricName"])
        and sorted((one.name, one.value) for one in alarm.dimensions) == wanted
        and all(
            params.get(name, held) == held
            for name, held in (
                ("Statistic", alarm.statistic),
                ("ExtendedStatistic", alarm.extended_statistic),
                ("Period", alarm.period),
                ("Unit", alarm.unit),
            )
        )
    ]
    return {"MetricAlarms": found}
