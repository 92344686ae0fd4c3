"""What an alarm does when its state changes: topics, functions, scaling policies, instances, and an event.

A topic or a function must let CloudWatch in by its own policy; an action that fails shows in the alarm's history only.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Acting_Alarm_Changes.html
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from moto.backends import get_backend
from moto.cloudwatch.models import Alarm, CloudWatchBackend
from moto.core.exceptions import HTTPException, ServiceException

from ..auto_scaling.policies import execute
from ..awslambda.destinations import accept
from ..awslambda.execution import new_id
from ..gate import Call
from ..iam.policies import resource_policy
from ..iam.service_principals import service_may
from ..sns.encryption import service_may_encrypt
from ..sns.topic_policies import service_may_publish
from .alarm_history import record

_STATES = {"OK": "ok_actions", "ALARM": "alarm_actions", "INSUFFICIENT_DATA": "insufficient_data_actions"}


class ActionFailed(Exception):
    """An action that CloudWatch could not execute; the message goes to the history."""


def act(backend: CloudWatchBackend, alarm: Alarm, before: dict) -> None:
    """Execute the actions of the new state, unless they are switched off or suppressed."""
    from .composite_alarms import suppressed

    _tell_eventbridge(backend, alarm, before)
    if not alarm.actions_enabled or suppressed(backend, alarm):
        return
    for arn in getattr(alarm, _STATES[alarm.state_value]) or []:
        service = arn.split(":")[2]
        summary, data = f"Successfully executed action {arn}", {"actionState": "Succeeded", "notificationResource": arn}
        try:
            _EXECUTE.get(service, _nothing)(backend, alarm, before, arn)
        except (ActionFailed, ServiceException, HTTPException) as problem:
            summary = f'Failed to execute action {arn}. Received error: "{problem}"'
            data = {"actionState": "Failed", "notificationResource": arn, "error": f"{problem}"}
        record(backend, alarm, "Action", summary, {**data, "stateUpdateTimestamp": _time(alarm)})


def _time(alarm: Alarm) -> str:
    return alarm.state_updated_timestamp.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"


def _nothing(backend: CloudWatchBackend, alarm: Alarm, before: dict, arn: str) -> None:
    """Systems Manager and others are not in the offline account; the action counts as executed."""


@cache
def _region_names() -> dict[str, str]:
    from botocore.loaders import Loader

    regions = Loader().load_data("endpoints")["partitions"][0]["regions"]
    return {name: one["description"] for name, one in regions.items()}


def _notify(backend: CloudWatchBackend, alarm: Alarm, before: dict, arn: str) -> None:
    region, account = arn.split(":")[3:5]
    topic = get_backend("sns")[account][region].topics.get(arn)
    if topic is None:
        raise ActionFailed(f"Resource: {arn} does not exist")
    keys = {
        "aws:SourceArn": alarm.alarm_arn,
        "aws:SourceAccount": backend.account_id,
        "aws:SourceOwner": backend.account_id,
    }
    if not service_may_publish("cloudwatch.amazonaws.com", topic, keys):
        raise ActionFailed(
            f"Resource: {arn} is not authorized to perform: sns:Publish because no resource-based policy allows the "
            "sns:Publish action"
        )
    if not service_may_encrypt("cloudwatch.amazonaws.com", topic, keys):
        raise ActionFailed("CloudWatch Alarms does not have authorization to access the SNS topic encryption key.")
    name = _region_names().get(backend.region_name, backend.region_name)
    subject = f'{alarm.state_value}: "{alarm.name}" in {name}'
    topic.publish(json.dumps(_message(backend, alarm, before, name)), subject=subject[:100])


def _message(backend: CloudWatchBackend, alarm: Alarm, before: dict, region: str) -> dict:
    message: dict[str, Any] = {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": backend.account_id,
        "AlarmConfigurationUpdatedTimestamp": alarm.configuration_updated_timestamp.strftime("%Y-%m-%dT%H:%M:%S.%f")[
            :-3
        ]
        + "+0000",
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": _time(alarm),
        "Region": region,
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": before["value"],
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
    }
    if alarm.rule is not None:
        return {**message, "AlarmRule": alarm.rule}
    return {**message, "Trigger": _trigger(alarm)}


def _trigger(alarm: Alarm) -> dict:
    trigger: dict[str, Any] = {
        "Period": alarm.period,
        "EvaluationPeriods": alarm.evaluation_periods,
        "DatapointsToAlarm": alarm.datapoints_to_alarm,
        "ComparisonOperator": alarm.comparison_operator,
        "Threshold": alarm.threshold,
        "TreatMissingData": alarm.treat_missing_data or "",
        "EvaluateLowSampleCountPercentile": alarm.evaluate_low_sample_count_percentile or "",
    }
    if alarm.metric_data_queries:
        trigger["Metrics"] = [
            {"Id": one.id, "Expression": one.expression, "ReturnData": one.return_data is not False}
            for one in alarm.metric_data_queries
        ]
    else:
        trigger |= {
            "MetricName": alarm.metric_name,
            "Namespace": alarm.namespace,
            "StatisticType": "Statistic" if alarm.statistic else "ExtendedStatistic",
            "Statistic": (alarm.statistic or "").upper() or None,
            "ExtendedStatistic": alarm.extended_statistic,
            "Unit": alarm.unit,
            "Dimensions": [{"value": one.value, "name": one.name} for one in alarm.dimensions],
        }
    return {name: one for name, one in trigger.items() if one is not None or name == "Unit"}


def _invoke(backend: CloudWatchBackend, alarm: Alarm, before: dict, arn: str) -> None:
    region, account = arn.split(":")[3:5]
    policy = resource_policy("lambda", arn, account, region).get(arn)
    keys = {"aws:SourceArn": alarm.alarm_arn, "aws:SourceAccount": backend.account_id}
    service = "lambda.alarms.cloudwatch.amazonaws.com"
    if not service_may(service, "lambda:InvokeFunction", arn, policy, account, keys):
        raise ActionFailed(
            f"CloudWatch Alarms is not authorized to perform: lambda:InvokeFunction on the resource {arn}"
        )
    accept(account, region, arn, json.dumps(_event(backend, alarm, before)), new_id())


def _event(backend: CloudWatchBackend, alarm: Alarm, before: dict) -> dict:
    return {
        "source": "aws.cloudwatch",
        "alarmArn": alarm.alarm_arn,
        "accountId": backend.account_id,
        "time": _time(alarm),
        "region": backend.region_name,
        "alarmData": {"alarmName": alarm.name, **_states(alarm, before), "configuration": _configuration(alarm)},
    }


def _states(alarm: Alarm, before: dict) -> dict:
    state = {"value": alarm.state_value, "reason": alarm.state_reason, "timestamp": _time(alarm)}
    if alarm.state_reason_data:
        state["reasonData"] = alarm.state_reason_data
    previous = {"value": before["value"], "reason": before["reason"]}
    previous["timestamp"] = before["at"].strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"
    if before.get("data"):
        previous["reasonData"] = before["data"]
    return {"state": state, "previousState": previous}


def _configuration(alarm: Alarm) -> dict:
    shown: dict[str, Any] = {"description": alarm.description} if alarm.description else {}
    if alarm.rule is not None:
        return {**shown, "alarmRule": alarm.rule}
    if alarm.metric_data_queries:
        return {
            **shown,
            "metrics": [
                {"id": one.id, "returnData": one.return_data is not False} for one in alarm.metric_data_queries
            ],
        }
    metric = {
        "namespace": alarm.namespace,
        "name": alarm.metric_name,
        "dimensions": {one.name: one.value for one in alarm.dimensions},
    }
    stat = {"metric": metric, "period": alarm.period, "stat": alarm.statistic or alarm.extended_statistic}
    return {**shown, "metrics": [{"id": new_id(), "metricStat": stat, "returnData": True}]}


def _tell_eventbridge(backend: CloudWatchBackend, alarm: Alarm, before: dict) -> None:
    from ..events.service_events import emit

    detail = {"alarmName": alarm.name, **_states(alarm, before), "configuration": _configuration(alarm)}
    emit(
        backend.account_id,
        backend.region_name,
        "aws.cloudwatch",
        "CloudWatch Alarm State Change",
        detail,
        [alarm.alarm_arn],
    )


def _scale(backend: CloudWatchBackend, alarm: Alarm, before: dict, arn: str) -> None:
    region, account = arn.split(":")[3:5]
    policies = get_backend("autoscaling")[account][region].policies
    policy = next((one for one in policies.values() if one.arn == arn), None)
    if policy is None:
        raise ActionFailed(f"No scaling policy found for {arn}")
    recent = json.loads(alarm.state_reason_data or "{}").get("recentDatapoints") or []
    if policy.policy_type == "StepScaling" and not recent:
        raise ActionFailed("A step scaling policy needs a value of the metric, and a state set by hand has none.")
    if policy.policy_type in ("SimpleScaling", "StepScaling"):
        given = {"PolicyName": policy.name, "BreachThreshold": alarm.threshold, "MetricValue": (recent or [0.0])[-1]}
        execute(Call("autoscaling", "ExecutePolicy", given, region, account))


def _instance(backend: CloudWatchBackend, alarm: Alarm, before: dict, arn: str) -> None:
    wanted = arn.rpartition(":")[2].lower()
    action = next((one for one in ("stop", "terminate", "reboot", "recover") if one in wanted), "")
    instances = [one.value for one in alarm.dimensions if one.name == "InstanceId"]
    if not instances:
        raise ActionFailed("The alarm has no dimension InstanceId, so that there is no instance to act on.")
    ec2 = get_backend("ec2")[backend.account_id][backend.region_name]
    if action in ("stop", "terminate", "reboot"):
        getattr(ec2, f"{action}_instances")(instances)


_EXECUTE = {
    "sns": _notify,
    "lambda": _invoke,
    "autoscaling": _scale,
    "automate": _instance,
    "swf": _instance,
}
