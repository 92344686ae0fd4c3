"""GetMetricData: several metrics and expressions over them. moto calculates no expression.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.cloudwatch.models import CloudWatchBackend

from course.data import value
from course.serverless.metric_math import MathError, Series, evaluate, identifiers
from course.serverless.metric_statistics import is_statistic, statistic

from ..gate import Call, Refused, answers, refuses
from ..transport import NotOffline
from .metric_data import as_datum, data_of, naive, seconds
from .statistics import bucketed, require_period, start_of

_ID = "^[a-z][a-zA-Z0-9_]*$"


def invalid(message: str) -> Refused:
    """CloudWatch's answer to queries it does not take."""
    return Refused("ValidationError", message)


def require_queries(queries: list[dict], where: str = "MetricDataQueries") -> None:
    """Raise Refused for ids, statistics, periods and expressions that are none."""
    most = value("cloudwatch.statistics.queries")
    if len(queries) > most:
        raise invalid(f"The collection {where} must not have a size greater than {most}.")
    ids = [one["Id"] for one in queries]
    for place, one in enumerate(queries, start=1):
        member = f"{where}.member.{place}"
        if not re.fullmatch(_ID, one["Id"]):
            raise invalid(
                f"The value {one['Id']} for parameter {member}.Id is not matching the expected pattern {_ID}."
            )
        if bool(one.get("MetricStat")) == bool(one.get("Expression")):
            if one.get("Expression"):
                raise invalid(
                    f"The parameters {member}.MetricStat and {member}.Expression are mutually exclusive and you have "
                    "specified both."
                )
            # AWS also returns the empty line.
            raise invalid(f"The parameter {member}.MetricStat is required.\n")
        stat = one.get("MetricStat")
        if stat:
            require_period(stat["Period"], f"{member}.MetricStat.Period", "ValidationError")
            if not is_statistic(stat["Stat"]):
                raise invalid(f"The value {stat['Stat']} for parameter {member}.MetricStat.Stat is not supported.")
            missing = [name for name in ("Namespace", "MetricName") if not stat["Metric"].get(name)]
            if missing:
                raise invalid(f"The parameter {member}.MetricStat.Metric.{missing[0]} is required.")
    if len(ids) != len(set(ids)):
        raise invalid(f"The values for parameter Id in {where} are not unique.")
    for one in queries:
        if one.get("Expression"):
            _require_expression(one, set(ids))


def _require_expression(query: dict, ids: set[str]) -> None:
    if query["Expression"].lstrip().upper().startswith(("SELECT", "SEARCH(")):
        raise NotOffline("the offline account has no Metrics Insights (SELECT) and no SEARCH; nothing was sent to AWS")
    try:
        unknown = sorted(identifiers(query["Expression"]) - ids)
        if unknown:
            raise MathError(f"the id {unknown[0]!r} is not among the queries")
        if query["Id"] in identifiers(query["Expression"]):
            raise MathError("an expression cannot refer to itself")
    except MathError as problem:
        raise invalid(f"Error in expression '{query['Id']}': {problem}") from None


def values_of(backend: CloudWatchBackend, queries: list[dict], start: float, end: float) -> dict[str, Any]:
    """The result of every query by its id: one series, or a list of them. Refused for an expression that fails."""
    found: dict[str, Any] = {}
    metrics = [one["Id"] for one in queries if one.get("MetricStat")]
    periods = {}
    for one in queries:
        stat = one.get("MetricStat")
        if stat:
            periods[one["Id"]] = stat["Period"]
            found[one["Id"]] = _series(backend, stat, start, end)
    shortest = min(periods.values(), default=60)
    waiting = [one for one in queries if one.get("Expression")]
    while waiting:
        ready = [one for one in waiting if identifiers(one["Expression"]) <= set(found)]
        if not ready:
            raise invalid(f"Error in expression '{waiting[0]['Id']}': the expressions refer to each other in a circle")
        for one in ready:
            used = [periods[name] for name in identifiers(one["Expression"]) if name in periods]
            period = one.get("Period") or max(used, default=shortest)
            first = start_of(start, period)
            times = list(range(first, max(first, int(end)), period)) if period else []
            try:
                found[one["Id"]] = evaluate(one["Expression"], found, period, times, metrics)
            except MathError as problem:
                raise invalid(f"Error in expression '{one['Id']}': {problem}") from None
        waiting = [one for one in waiting if one["Id"] not in found]
    return found


def _series(backend: CloudWatchBackend, stat: dict, start: float, end: float) -> Series:
    metric, period = stat["Metric"], stat["Period"]
    data = data_of(backend, metric["Namespace"], metric["MetricName"], metric.get("Dimensions"), stat.get("Unit"))
    series = {}
    for at, held in bucketed(data, start_of(start, period), end, period).items():
        number = statistic(stat["Stat"], map(as_datum, held))
        if number is not None:
            series[at] = number
    return series


@refuses("cloudwatch", "GetMetricData")
def impossible_queries(call: Call) -> None:
    """Times in order, and queries that can be calculated."""
    start, end = seconds(naive(call.params["StartTime"])), seconds(naive(call.params["EndTime"]))
    if start > end:
        raise invalid("The parameter EndTime must be greater than StartTime.")
    if start == end:
        raise invalid("The parameter StartTime must not equal parameter EndTime.")
    require_queries(call.params["MetricDataQueries"])
    values_of(call.backend, call.params["MetricDataQueries"], start, end)


@answers("cloudwatch", "GetMetricData")
def get_metric_data(call: Call) -> dict:
    """The results of the queries that return data, newest data point first unless asked otherwise."""
    params = call.params
    start, end = seconds(naive(params["StartTime"])), seconds(naive(params["EndTime"]))
    found = values_of(call.backend, params["MetricDataQueries"], start, end)
    newest_first = params.get("ScanBy", "TimestampDescending") == "TimestampDescending"
    results = []
    for query in params["MetricDataQueries"]:
        if query.get("ReturnData") is False:
            continue
        held = found[query["Id"]]
        label = query.get("Label") or (
            query["MetricStat"]["Metric"]["MetricName"] if query.get("MetricStat") else query["Id"]
        )
        for series in held if isinstance(held, list) else [held]:
            times = sorted(series, reverse=newest_first)
            results.append(
                {
                    "Id": query["Id"],
                    "Label": label,
                    "Timestamps": [naive(at) for at in times],
                    "Values": [float(series[at]) for at in times],
                    "StatusCode": "Complete",
                }
            )
    return {"MetricDataResults": results, "Messages": []}
