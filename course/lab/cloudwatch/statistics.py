"""GetMetricStatistics: periods, numbers of data points, and all statistics, percentiles too.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable

from moto.cloudwatch.models import MetricDatumBase

from course.data import value
from course.serverless.metric_statistics import is_statistic, statistic

from ..gate import Call, Refused, answers, refuses
from .metric_data import as_datum, data_of, naive, seconds


def require_period(period: int, where: str = "Period", code: str = "InvalidParameterValue") -> None:
    """Raise Refused for a period that CloudWatch does not have: 1, 5, 10, 20, 30, or a multiple of 60 seconds."""
    short, step = value("cloudwatch.statistics.short_periods"), value("cloudwatch.statistics.period_step")
    if period not in short and (period <= 0 or period % step):
        raise Refused(
            code, f"The parameter {where} must be {', '.join(map(str, short))} or a multiple of {step}, not {period}."
        )


def start_of(at: float, period: int) -> int:
    """Where the first period begins: at the whole minute, or at a whole period below a minute."""
    step = period if period < 60 else 60
    return math.floor(at / step) * step


def bucketed(data: Iterable[MetricDatumBase], start: int, end: float, period: int) -> dict[int, list[MetricDatumBase]]:
    """The data from start to before end, by the begin of their period."""
    held: dict[int, list[MetricDatumBase]] = defaultdict(list)
    for one in data:
        at = seconds(one.timestamp)
        if start <= at < end:
            held[start + int((at - start) // period) * period].append(one)
    return dict(sorted(held.items()))


@refuses("cloudwatch", "GetMetricStatistics")
def impossible_statistics(call: Call) -> None:
    """Times in order, a period, one kind of statistics, and no more than 1,440 data points."""
    params = call.params
    start, end = seconds(naive(params["StartTime"])), seconds(naive(params["EndTime"]))
    if start >= end:
        raise Refused("InvalidParameterValue", "The parameter StartTime must be less than the parameter EndTime.")
    require_period(params["Period"])
    plain, extended = params.get("Statistics"), params.get("ExtendedStatistics")
    if bool(plain) == bool(extended):
        raise Refused("InvalidParameterCombination", "Must specify either Statistics or ExtendedStatistics")
    for place, one in enumerate(extended or [], start=1):
        if not is_statistic(one):
            raise Refused(
                "InvalidParameterValue",
                f"The value {one} for parameter ExtendedStatistics.member.{place} is not supported.",
            )
    points, most = math.ceil((end - start) / params["Period"]), value("cloudwatch.statistics.datapoints")
    if points > most:
        raise Refused(
            "InvalidParameterCombination",
            f"You have requested up to {points:,} datapoints, which exceeds the limit of {most:,}. You may reduce the "
            "datapoints requested by increasing Period, or decreasing the time range.",
        )


@answers("cloudwatch", "GetMetricStatistics")
def get_metric_statistics(call: Call) -> dict:
    """One data point for each period and unit with data. moto has no percentiles, and takes other dimensions too."""
    params = call.params
    period = params["Period"]
    start = start_of(seconds(naive(params["StartTime"])), period)
    end = seconds(naive(params["EndTime"]))
    found = data_of(
        call.backend, params["Namespace"], params["MetricName"], params.get("Dimensions"), params.get("Unit")
    )
    points = []
    for at, data in bucketed(found, start, end, period).items():
        for unit in dict.fromkeys(one.unit or "None" for one in data):
            held = [as_datum(one) for one in data if (one.unit or "None") == unit]
            point = {"Timestamp": naive(at), "Unit": unit}
            for name in params.get("Statistics") or []:
                point[name] = statistic(name, held)
            extended = {name: statistic(name, held) for name in params.get("ExtendedStatistics") or []}
            if extended:
                point["ExtendedStatistics"] = {name: one for name, one in extended.items() if one is not None}
            points.append(point)
    return {"Label": params["MetricName"], "Datapoints": points}
