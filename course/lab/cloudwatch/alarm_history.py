"""The history of alarms: changes of configuration and state, and actions. moto has no such operation.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend

from ..gate import Call, Refused, answers


def record(backend: CloudWatchBackend, alarm: Alarm, kind: str, summary: str, data: dict) -> None:
    """Write down what happened to an alarm."""
    from .metric_data import naive

    history: list[dict[str, Any]] = backend.__dict__.setdefault("alarm_history", [])
    history.append(
        {
            "AlarmName": alarm.name,
            "AlarmType": "MetricAlarm" if alarm.rule is None else "CompositeAlarm",
            "Timestamp": naive(None),
            "HistoryItemType": kind,
            "HistorySummary": summary,
            "HistoryData": json.dumps(data),
        }
    )


@answers("cloudwatch", "DescribeAlarmHistory")
def describe_alarm_history(call: Call) -> dict:
    """What happened, newest first unless asked otherwise; it stays when an alarm is deleted."""
    from .evaluation import evaluate_all
    from .metric_data import naive

    evaluate_all(call.backend)
    params = call.params
    types = params.get("AlarmTypes") or ["MetricAlarm"]
    if params.get("AlarmName") and not params.get("AlarmTypes"):
        types = ["MetricAlarm", "CompositeAlarm"]
    start, end = params.get("StartDate"), params.get("EndDate")
    if start and end and naive(start) > naive(end):
        raise Refused("ValidationError", "The parameter StartDate must be less than or equal to the parameter EndDate.")
    found = [
        one
        for one in call.backend.__dict__.get("alarm_history", [])
        if params.get("AlarmName", one["AlarmName"]) == one["AlarmName"]
        and params.get("HistoryItemType", one["HistoryItemType"]) == one["HistoryItemType"]
        and one["AlarmType"] in types
        and (not start or naive(start) <= one["Timestamp"])
        and (not end or one["Timestamp"] <= naive(end))
    ]
    if params.get("ScanBy", "TimestampDescending") == "TimestampDescending":
        found.reverse()
    first, most = int(params.get("NextToken") or 0), params.get("MaxRecords") or 100
    more = {"NextToken": str(first + most)} if len(found) > first + most else {}
    return {"AlarmHistoryItems": found[first : first + most], **more}
