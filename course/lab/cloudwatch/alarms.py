"""Metric alarms: what AWS refuses, and what a new or changed alarm begins with.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
"""

from __future__ import annotations

from typing import Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend

from course.data import value
from course.serverless.alarm_state import COMPARISONS, TREATMENTS
from course.serverless.metric_statistics import is_statistic

from ..gate import Call, Refused, refuses, replaces
from . import evaluation
from .alarm_history import record
from .metric_data import naive
from .metric_math import invalid, require_queries

_SINGLE = ("MetricName", "Namespace", "Dimensions", "Period", "Unit", "Statistic", "ExtendedStatistic")
ACTIONS = ("OKActions", "AlarmActions", "InsufficientDataActions")
STATES = {"OK": "ok_actions", "ALARM": "alarm_actions", "INSUFFICIENT_DATA": "insufficient_data_actions"}


@refuses("cloudwatch", "PutMetricAlarm")
def impossible_alarm(call: Call) -> None:
    """What the alarm watches, how it evaluates, what it does."""
    params = call.params
    if params.get("EvaluationCriteria"):
        return
    name = params["AlarmName"]
    if call.backend.alarms.get(name) is not None and call.backend.alarms[name].rule is not None:
        raise invalid(f"A composite alarm with the name {name} exists.")
    for needed in ("ComparisonOperator", "EvaluationPeriods"):
        if params.get(needed) is None:
            raise Refused("MissingParameter", f"The parameter {needed} is required.")
    period = _require_math(params) if params.get("Metrics") else _require_metric(params)
    _require_evaluation(params, period)
    require_actions(params)


def _require_metric(params: dict) -> int:
    for needed in ("MetricName", "Namespace", "Period"):
        if not params.get(needed):
            raise Refused("MissingParameter", f"The parameter {needed} is required.")
    if not params.get("Statistic") and not params.get("ExtendedStatistic"):
        raise Refused("MissingParameter", "The parameter Statistic or ExtendedStatistic is required.")
    if params.get("Statistic") and params.get("ExtendedStatistic"):
        raise Refused(
            "InvalidParameterCombination",
            "The parameters Statistic and ExtendedStatistic are mutually exclusive and you have specified both.",
        )
    extended = params.get("ExtendedStatistic")
    if extended and not is_statistic(extended):
        raise Refused(
            "InvalidParameterValue", f"The value {extended} for parameter ExtendedStatistic is not supported."
        )
    percentile = params.get("EvaluateLowSampleCountPercentile")
    if percentile and percentile not in ("evaluate", "ignore"):
        raise invalid(
            f"Option {percentile} is not supported. Supported options for parameter EvaluateLowSampleCountPercentile "
            "are evaluate and ignore."
        )
    _require_period(params["Period"])
    return params["Period"]


def _require_period(period: int) -> None:
    short, step = value("cloudwatch.alarms.short_periods"), value("cloudwatch.alarms.period_step")
    if period not in short and period % step:
        raise invalid(f"Invalid period {period}: it must be {', '.join(map(str, short))} or a multiple of {step}.")


def _require_math(params: dict) -> int:
    both = [name for name in _SINGLE if params.get(name)]
    if both:
        raise Refused(
            "InvalidParameterCombination",
            f"The parameters {both[0]} and Metrics are mutually exclusive and you have specified both.",
        )
    queries = params["Metrics"]
    require_queries(queries, "Metrics")
    returning = [one for one in queries if one.get("ReturnData", True)]
    if len(returning) != 1:
        raise invalid(f"Exactly one element of the metrics list should return data, and {len(returning)} do.")
    stats = [one["MetricStat"] for one in queries if one.get("MetricStat")]
    most = value("cloudwatch.alarms.math_metrics")
    if len(stats) > most:
        raise invalid(f"An alarm can be based on at most {most} metrics, not {len(stats)}.")
    periods = {one["Period"] for one in stats} | {one["Period"] for one in queries if one.get("Period")}
    if len(periods) > 1:
        raise invalid("Period must be consistent across all metrics")
    for period in periods:
        _require_period(period)
    return next(iter(periods), 60)


def _require_evaluation(params: dict, period: int) -> None:
    periods, needed = params["EvaluationPeriods"], params.get("DatapointsToAlarm")
    if needed is not None and needed > periods:
        raise invalid("DatapointsToAlarm must be less than or equal to EvaluationPeriods")
    whole_day = period < value("cloudwatch.alarms.hour")
    most = value(f"cloudwatch.alarms.{'longest_below_an_hour' if whole_day else 'longest'}")
    if period * periods > most:
        raise invalid(
            f"Metrics cannot be checked across more than {'a day' if whole_day else 'seven days'} "
            f"(EvaluationPeriods * Period must be <= {most})."
        )
    treatment = params.get("TreatMissingData")
    if treatment is not None and treatment not in TREATMENTS:
        raise invalid(
            f"Option {treatment} is not supported. Supported options for parameter TreatMissingData are "
            f"{', '.join(TREATMENTS[:-1])} and {TREATMENTS[-1]}."
        )
    band = params["ComparisonOperator"] not in COMPARISONS
    if band != bool(params.get("ThresholdMetricId")):
        raise invalid(
            f"The comparison {params['ComparisonOperator']} {'needs' if band else 'does not take'} a ThresholdMetricId."
        )
    if not band and params.get("Threshold") is None:
        raise Refused("MissingParameter", "The parameter Threshold is required.")


_SERVICES = {"sns", "lambda", "autoscaling", "swf", "automate", "ssm", "ssm-incidents", "aiops", "applicationinsights"}


def require_actions(params: dict) -> None:
    """Raise Refused for actions that are no ARN of something an alarm can act on."""
    most = value("cloudwatch.alarms.actions")
    for name in ACTIONS:
        actions = params.get(name) or []
        if len(actions) > most:
            raise invalid(f"The collection {name} must not have a size greater than {most}.")
        if len(actions) != len(set(actions)):
            raise invalid(f"{name} must not hold the same action twice.")
        for arn in actions:
            fields = arn.split(":")
            if len(fields) < 6 or fields[0] != "arn" or fields[2] not in _SERVICES:
                raise invalid(f"Invalid arn syntax: {arn}")


@replaces(CloudWatchBackend, "put_metric_alarm")
def put_alarm(moto: Any, backend: CloudWatchBackend, **given: Any) -> Alarm:
    """A new alarm lacks data; a changed one keeps its state. moto begins with OK, and forgets the old state."""
    before = backend.alarms.get(given["name"])
    tags = given.pop("tags", None)
    alarm = moto(backend, **given, tags=None if before is not None else tags)
    present = naive(None)
    alarm.configuration_updated_timestamp = present
    if before is None:
        alarm.state_value, alarm.state_reason = "INSUFFICIENT_DATA", "Unchecked: Initial alarm creation"
        alarm.state_reason_data = None
        alarm.state_updated_timestamp = alarm.state_transitioned_timestamp = alarm.created = present
    else:
        for kept in (
            *("state_value", "state_reason", "state_reason_data", "state_updated_timestamp"),
            *("state_transitioned_timestamp", "created"),
        ):
            setattr(alarm, kept, getattr(before, kept))
    change = "created" if before is None else "updated"
    kind = "Update" if before is not None else "Create"
    record(backend, alarm, "ConfigurationUpdate", f'Alarm "{alarm.name}" {change}', {"version": "1.0", "type": kind})
    evaluation.evaluate_all(backend)
    return alarm


@refuses("cloudwatch", "EnableAlarmActions", "DisableAlarmActions", "DeleteAlarms")
def too_many_alarms(call: Call) -> None:
    """At most 100 alarms in one call."""
    most = value("cloudwatch.alarms.deleted_at_once")
    if len(call.params["AlarmNames"]) > most:
        raise invalid(f"The collection AlarmNames must not have a size greater than {most}.")
