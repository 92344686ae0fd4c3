"""Metric data: what AWS refuses to store, and how it is stored and found again.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.cloudwatch.models import CloudWatchBackend, MetricAggregatedDatum, MetricDatum, MetricDatumBase
from moto.core.utils import get_service_model

from course.data import value
from course.serverless.metric_statistics import Datum

from ..constraints import require_constraints
from ..gate import Call, Refused, answers, refuses, replaces
from ..iam.context import now

_OWN = ("MetricData", "EntityMetricData", "Dimensions", "MetricDataQueries")


@refuses("cloudwatch", *get_service_model("cloudwatch").operation_names)
def impossible_values(call: Call) -> None:
    """Lengths, ranges and lists of values; metric data have words of their own."""
    require_constraints(call, "ValidationError", without=() if call.operation != "PutMetricData" else _OWN)


def naive(moment: datetime | float | None) -> datetime:
    """A time as moto keeps it: in UTC, without saying so. None is the account's present."""
    if moment is None:
        moment = now()
    if not isinstance(moment, datetime):
        moment = datetime.fromtimestamp(moment, UTC)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def seconds(moment: datetime) -> float:
    """Seconds since 1970 of a time that moto keeps."""
    return naive(moment).replace(tzinfo=UTC).timestamp()


@refuses("cloudwatch", "PutMetricData")
def impossible_metric_data(call: Call) -> None:
    """Namespace, number of metrics and dimensions, values, and the window of time."""
    params = call.params
    reserved = value("cloudwatch.metric_data.reserved_prefix")
    if params["Namespace"].startswith(reserved):
        raise Refused("InvalidParameterValue", f"The value {reserved} for parameter Namespace is invalid.")
    data = list(params.get("MetricData") or [])
    data += [one for group in params.get("EntityMetricData") or [] for one in group.get("MetricData") or []]
    if not data:
        raise Refused("MissingParameter", "The parameter MetricData is required.")
    _require_size("MetricData", data, value("cloudwatch.metric_data.metrics"))
    for place, one in enumerate(data, start=1):
        _require_datum(one, f"MetricData.member.{place}")


def _require_size(name: str, held: list, most: int) -> None:
    if len(held) > most:
        raise Refused("InvalidParameterValue", f"The collection {name} must not have a size greater than {most}.")


def _require_datum(given: dict, where: str) -> None:
    _require_size(f"{where}.Dimensions", given.get("Dimensions") or [], value("cloudwatch.metric_data.dimensions"))
    names = [one["Name"] for one in given.get("Dimensions") or []]
    if any(not one["Value"].strip() or not one["Name"].strip() for one in given.get("Dimensions") or []):
        raise Refused("InvalidParameterValue", f"The value for parameter {where}.Dimensions must not be blank.")
    if len(names) != len(set(names)):
        raise Refused("InvalidParameterValue", f"The dimension names of parameter {where}.Dimensions must be unique.")
    units = get_service_model("cloudwatch").shape_for("StandardUnit").enum
    if given.get("Unit") is not None and given["Unit"] not in units:
        raise Refused("InvalidParameterValue", f"The value {given['Unit']} for parameter {where}.Unit is invalid.")
    _require_values(given, where)
    resolutions = value("cloudwatch.metric_data.resolutions")
    if given.get("StorageResolution") is not None and given["StorageResolution"] not in resolutions:
        raise Refused(
            "InvalidParameterValue",
            f"The value {given['StorageResolution']} for parameter {where}.StorageResolution is invalid; valid values "
            f"are {', '.join(map(str, resolutions))}.",
        )
    if given.get("Timestamp") is not None:
        at, present = naive(given["Timestamp"]), naive(None)
        if at < present - timedelta(days=value("cloudwatch.metric_data.oldest")):
            raise Refused(
                "InvalidParameterValue",
                f"The parameter {where}.Timestamp must specify a time no more than two weeks in the past.",
            )
        if at > present + timedelta(hours=value("cloudwatch.metric_data.newest")):
            raise Refused(
                "InvalidParameterValue",
                f"The parameter {where}.Timestamp must specify a time no more than two hours in the future.",
            )


def _require_values(given: dict, where: str) -> None:
    present = [name for name in ("Value", "Values", "StatisticValues") if given.get(name) is not None]
    if not present:
        raise Refused(
            "MissingParameter", f"At least one of the parameters {where}.Value, Values or StatisticValues is required."
        )
    if len(present) > 1:
        raise Refused(
            "InvalidParameterCombination",
            f"The parameters {where}.{present[0]} and {where}.{present[1]} are mutually exclusive and you have "
            "specified both.",
        )
    values, counts = given.get("Values") or [], given.get("Counts")
    _require_size(f"{where}.Values", values, value("cloudwatch.metric_data.values"))
    if counts is not None and len(counts) != len(values):
        raise Refused(
            "InvalidParameterValue",
            f"The parameters {where}.Values and {where}.Counts must be of the same size.",
        )
    statistics = given.get("StatisticValues") or {}
    for number in [*([given["Value"]] if "Value" in present else []), *values, *(counts or []), *statistics.values()]:
        if not math.isfinite(number) or abs(number) > 2.0 ** value("cloudwatch.metric_data.largest_power"):
            shown = "NaN" if math.isnan(number) else number
            raise Refused("InvalidParameterValue", f"The value {shown} for parameter {where}.{present[0]} is invalid.")
    if statistics and statistics["Minimum"] > statistics["Maximum"]:
        raise Refused(
            "InvalidParameterValue",
            f"The parameter {where}.StatisticValues.Maximum must be greater than or equal to Minimum.",
        )
    if statistics and statistics["SampleCount"] <= 0 or any(one < 0 for one in counts or []):
        raise Refused("InvalidParameterValue", f"The sample count of parameter {where} must be greater than 0.")


@replaces(CloudWatchBackend, "put_metric_data")
def stored(moto: Any, backend: CloudWatchBackend, namespace: str, metric_data: list[dict]) -> None:
    """Each value once with its count, at the whole minute unless it is of high resolution; then alarms look at them."""
    from . import evaluation

    for given in metric_data:
        at = naive(given.get("Timestamp"))
        fine = given.get("StorageResolution") == 1
        at = at.replace(microsecond=0) if fine else at.replace(second=0, microsecond=0)
        common = (given.get("Dimensions") or [], at, given.get("Unit") or "None")
        for datum in _made(namespace, given, common):
            datum.resolution = 1 if fine else 60
            backend.metric_data.append(datum)
    evaluation.evaluate_all(backend, namespace, {one["MetricName"] for one in metric_data})


@answers("cloudwatch", "PutMetricData")
def put_metric_data(call: Call) -> dict:
    """Metric data with and without an entity; moto forgets those with one."""
    data = list(call.params.get("MetricData") or [])
    data += [one for group in call.params.get("EntityMetricData") or [] for one in group.get("MetricData") or []]
    call.backend.put_metric_data(call.params["Namespace"], data)
    return {}


def _made(namespace: str, given: dict, common: tuple) -> Iterator[MetricDatumBase]:
    name, set_of = given["MetricName"], given.get("StatisticValues")
    if set_of:
        yield MetricAggregatedDatum(
            namespace, name, float(set_of["Minimum"]), float(set_of["Maximum"]), float(set_of["SampleCount"]),
            float(set_of["Sum"]), *common,
        )  # fmt: skip
        return
    values = given["Values"] if given.get("Values") is not None else [given.get("Value", 0)]
    for number, count in zip(values, given.get("Counts") or [1.0] * len(values)):
        datum = MetricDatum(namespace, name, float(number), *common)
        datum.samples = float(count)
        yield datum


def as_datum(held: MetricDatumBase) -> Datum:
    """moto's datum as the statistics take it."""
    if isinstance(held, MetricAggregatedDatum):
        return Datum((held.min, held.max), total=held.sum, samples=held.sample_count)
    return Datum((held.value,), (getattr(held, "samples", 1.0),))


def data_of(
    backend: CloudWatchBackend, namespace: str, name: str, dimensions: list[dict] | None, unit: str | None = None
) -> list[MetricDatumBase]:
    """All data of one metric: exactly these dimensions, and this unit if one is given."""
    wanted = sorted((one["Name"], one["Value"]) for one in dimensions or [])
    return [
        one
        for one in backend.get_all_metrics()
        if one.namespace == namespace
        and one.name == name
        and sorted((held.name, held.value) for held in one.dimensions) == wanted
        and (unit is None or (one.unit or "None") == unit)
    ]


@answers("cloudwatch", "ListMetrics")
def list_metrics(call: Call) -> dict:
    """Each metric once: a namespace, a name and a set of dimensions. moto lists one without dimensions again and again."""
    params = call.params
    found = {}
    for one in call.backend.get_all_metrics():
        dimensions = {held.name: held.value for held in one.dimensions}
        if params.get("Namespace", one.namespace) != one.namespace or params.get("MetricName", one.name) != one.name:
            continue
        if any(
            want["Name"] not in dimensions or want.get("Value", dimensions[want["Name"]]) != dimensions[want["Name"]]
            for want in params.get("Dimensions") or []
        ):
            continue
        key = (one.namespace, one.name, tuple(sorted(dimensions.items())))
        found[key] = {
            "Namespace": one.namespace,
            "MetricName": one.name,
            "Dimensions": [{"Name": name, "Value": text} for name, text in dimensions.items()],
        }
    listed, start = list(found.values()), int(params.get("NextToken") or 0)
    more = {"NextToken": str(start + 500)} if len(listed) > start + 500 else {}
    return {"Metrics": listed[start : start + 500], **more}
