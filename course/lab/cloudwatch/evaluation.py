"""Alarms are evaluated when data come in and when their state is read, at the account's time; there is no clock that ticks.

A change of state is written down and acted on. SetAlarmState holds until the next period, or until data come in.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend

from course.data import value
from course.serverless import alarm_state
from course.serverless.metric_statistics import statistic

from ..gate import Call, Refused, answers
from ..iam.context import now
from . import actions
from .alarm_history import record
from .metric_data import as_datum, data_of, naive
from .metric_math import values_of
from .statistics import bucketed


def evaluate_all(backend: CloudWatchBackend, namespace: str = "", names: set[str] | None = None) -> None:
    """Evaluate every alarm of a Region. namespace and names: the metrics for which data just came in."""
    if backend.__dict__.get("evaluating_alarms"):
        return
    backend.evaluating_alarms = True
    try:
        from .composite_alarms import evaluate_composites

        for alarm in list(backend.alarms.values()):
            if alarm.rule is None:
                _evaluate(backend, alarm, bool(names) and _watches(alarm, namespace, names or set()))
        evaluate_composites(backend)
    finally:
        backend.evaluating_alarms = False


def _watches(alarm: Alarm, namespace: str, names: set[str]) -> bool:
    watched = [(alarm.namespace, alarm.metric_name)]
    watched += [
        (one.metric_stat.metric.namespace, one.metric_stat.metric.metric_name)
        for one in alarm.metric_data_queries
        if one.metric_stat
    ]
    return any(one == (namespace, name) for one in watched for name in names)


def period_of(alarm: Alarm) -> int:
    """The period of an alarm, of a metric or of an expression."""
    if alarm.period:
        return int(alarm.period)
    periods = [one.metric_stat.period for one in alarm.metric_data_queries if one.metric_stat]
    return int(next(iter(periods), None) or next((one.period for one in alarm.metric_data_queries if one.period), 60))


def _evaluate(backend: CloudWatchBackend, alarm: Alarm, new_data: bool) -> None:
    if alarm.comparison_operator not in alarm_state.COMPARISONS or alarm.threshold is None:
        return
    held_until = getattr(alarm, "held_until", None)
    if held_until and not new_data and naive(None) < held_until:
        return
    period, of = period_of(alarm), int(alarm.evaluation_periods)
    present = now().timestamp()
    newest = int(present // period) * period
    count = of + value("cloudwatch.alarms.more_points")
    series = _points(backend, alarm, newest - count * period, newest + period, period)
    if series is None:
        return
    # The period that is not over yet counts as soon as it has data.
    last = newest if newest in series else newest - period
    times = [last - back * period for back in range(count - 1, -1, -1)]
    points = [series.get(at) for at in times]
    if not any(one is not None for one in points) and naive(None) - alarm.created < timedelta(seconds=period):
        return  # As on AWS, an alarm is first evaluated when its first period is over.
    needed = alarm.datapoints_to_alarm
    comparison = alarm_state.COMPARISONS[alarm.comparison_operator][1]
    missing = alarm.treat_missing_data or "missing"
    if alarm.namespace == "AWS/DynamoDB":
        missing = "ignore"
    threshold = float(alarm.threshold)
    state = alarm_state.evaluate(
        points, int(needed or of), of, lambda one: comparison(one, threshold), missing, alarm.state_value
    )
    if state == alarm.state_value:
        return
    real = [(at, series[at]) for at in reversed(times) if at in series][:of]
    told = [(datetime.fromtimestamp(at, UTC).strftime("%d/%m/%y %H:%M:%S"), one) for at, one in real]
    reason = alarm_state.reason(
        state, told, int(needed) if needed else None, of, alarm.comparison_operator, threshold, missing
    )
    change_state(backend, alarm, state, reason, json.dumps(_reason_data(alarm, period, real, times[-of:], threshold)))


def _points(backend: CloudWatchBackend, alarm: Alarm, start: int, end: int, period: int) -> dict[int, float] | None:
    """The data points of the alarm by their times; None if too few samples are to be ignored."""
    if alarm.metric_data_queries:
        queries = [_query(one) for one in alarm.metric_data_queries]
        watched = next(one["Id"] for one in queries if one["ReturnData"])
        try:
            found = values_of(backend, queries, start, end)[watched]
        except Refused:
            return {}
        return found if isinstance(found, dict) else (found[0] if len(found) == 1 else {})
    dimensions = [{"Name": one.name, "Value": one.value} for one in alarm.dimensions]
    data = data_of(backend, alarm.namespace, alarm.metric_name, dimensions, alarm.unit)
    held = bucketed(data, start, end, period)
    name = alarm.statistic or alarm.extended_statistic
    if alarm.evaluate_low_sample_count_percentile == "ignore" and _too_few(name, held):
        return None
    numbers = {at: statistic(name, map(as_datum, one)) for at, one in held.items()}
    return {at: number for at, number in numbers.items() if number is not None}


def _too_few(name: str, held: dict[int, list]) -> bool:
    percent = re.fullmatch(r"p([\d.]+)", name)
    samples = sum(as_datum(one).count for data in held.values() for one in data)
    if not percent or not samples:
        return False
    share = float(percent[1]) / 100
    tail = 1 - share if share >= 0.5 else share
    return tail > 0 and samples < value("cloudwatch.alarms.low_samples") / tail


def _query(held: Any) -> dict:
    query = {"Id": held.id, "ReturnData": held.return_data is not False, "Period": held.period}
    if held.expression:
        return {**query, "Expression": held.expression}
    metric = held.metric_stat.metric
    dimensions = [{"Name": one.name, "Value": one.value} for one in metric.dimensions]
    found = {"Namespace": metric.namespace, "MetricName": metric.metric_name, "Dimensions": dimensions}
    stat = {
        "Metric": found,
        "Period": held.metric_stat.period,
        "Stat": held.metric_stat.stat,
        "Unit": held.metric_stat.unit,
    }
    return {**query, "MetricStat": stat}


def stamp(moment: datetime) -> str:
    """A time as the texts of alarms hold it: 2026-11-28T17:30:00.000+0000."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"


def _reason_data(alarm: Alarm, period: int, real: list, times: list[int], threshold: float) -> dict:
    values = dict(real)
    data = {"version": "1.0", "queryDate": stamp(now())}
    if real:
        data["startDate"] = stamp(datetime.fromtimestamp(real[-1][0], UTC))
    if alarm.unit:
        data["unit"] = alarm.unit
    return {
        **data,
        "statistic": alarm.statistic or alarm.extended_statistic,
        "period": period,
        "recentDatapoints": [one for _, one in reversed(real)],
        "threshold": threshold,
        "evaluatedDatapoints": [
            {"timestamp": stamp(datetime.fromtimestamp(at, UTC)), **({"value": values[at]} if at in values else {})}
            for at in reversed(times)
        ],
    }


def change_state(backend: CloudWatchBackend, alarm: Alarm, state: str, reason: str, data: str | None) -> None:
    """Give the alarm a state; write a change down and act on it."""
    before = {"value": alarm.state_value, "reason": alarm.state_reason, "at": alarm.state_updated_timestamp}
    if alarm.state_reason_data:
        before["data"] = alarm.state_reason_data
    alarm.state_value, alarm.state_reason, alarm.state_reason_data = state, reason, data
    alarm.state_updated_timestamp = naive(None)
    alarm.held_until = None
    if before["value"] == state:
        return
    alarm.state_transitioned_timestamp = alarm.state_updated_timestamp
    old = {"stateValue": before["value"], "stateReason": before["reason"]}
    new = {"stateValue": state, "stateReason": reason, **({"stateReasonData": json.loads(data)} if data else {})}
    change = f"Alarm updated from {before['value']} to {state}"
    record(backend, alarm, "StateUpdate", change, {"version": "1.0", "oldState": old, "newState": new})
    actions.act(backend, alarm, before)


@answers("cloudwatch", "SetAlarmState")
def set_alarm_state(call: Call) -> dict:
    """A state by hand, to test what an alarm does; it lasts until the next evaluation."""
    params = call.params
    alarm = call.backend.alarms.get(params["AlarmName"])
    if alarm is None:
        raise Refused("ResourceNotFound", "", 404)
    data = params.get("StateReasonData")
    try:
        json.loads(data or "{}")
    except ValueError:
        raise Refused("InvalidFormat", "The StateReasonData is not valid JSON.") from None
    change_state(call.backend, alarm, params["StateValue"], params["StateReason"], data)
    alarm.held_until = naive(None) + timedelta(seconds=max(60, period_of(alarm)))
    evaluate_all(call.backend)
    return {}
