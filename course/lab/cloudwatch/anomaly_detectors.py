"""Anomaly detectors: kept and shown, never trained. Alarms on ANOMALY_DETECTION_BAND are not evaluated.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAnomalyDetector.html
"""

from __future__ import annotations

from typing import Any

from moto.moto_api._internal import mock_random

from course.data import value

from ..gate import Call, Refused, answers, refuses
from .metric_data import naive

_SINGLE = ("Namespace", "MetricName", "Dimensions", "Stat")
_KINDS = {"SINGLE_METRIC": "SingleMetricAnomalyDetector", "METRIC_MATH": "MetricMathAnomalyDetector"}


def _detectors(call: Call) -> dict[str, dict[str, Any]]:
    """The detectors of a Region by their ids."""
    return call.backend.__dict__.setdefault("anomaly_detectors", {})


def _wanted(call: Call) -> tuple[str, Any]:
    """The kind of detector that a request is about, and what it watches: something that can be compared."""
    params = call.params
    given = [name for name in _KINDS.values() if params.get(name)]
    flat = [name for name in _SINGLE if params.get(name)]
    if len(given) + bool(flat) > 1:
        raise Refused(
            "InvalidParameterCombination",
            f"The parameters {', '.join(given + flat)} cannot be specified together.",
        )
    if given == ["MetricMathAnomalyDetector"]:
        queries = params["MetricMathAnomalyDetector"].get("MetricDataQueries") or []
        if not queries:
            raise Refused("MissingParameter", "The parameter MetricDataQueries is required.")
        return given[0], {"MetricDataQueries": queries}
    held = params["SingleMetricAnomalyDetector"] if given else params
    for name in ("Namespace", "MetricName", "Stat"):
        if not held.get(name):
            raise Refused("MissingParameter", f"The parameter {name} is required.")
    dimensions = sorted(held.get("Dimensions") or [], key=lambda one: one["Name"])
    return "SingleMetricAnomalyDetector", {
        **{name: held[name] for name in ("Namespace", "MetricName", "Stat")},
        "Dimensions": dimensions,
    }


def _same(call: Call) -> str | None:
    kind, watched = _wanted(call)
    return next((name for name, one in _detectors(call).items() if one.get(kind) == watched), None)


@refuses("cloudwatch", "PutAnomalyDetector")
def impossible_detector(call: Call) -> None:
    """One metric or one expression, and at most ten time ranges to leave out, each with its start before its end."""
    _wanted(call)
    ranges = (call.params.get("Configuration") or {}).get("ExcludedTimeRanges") or []
    most = value("cloudwatch.anomaly_detectors.excluded_ranges")
    if len(ranges) > most:
        raise Refused("InvalidParameterValue", f"At most {most} ExcludedTimeRanges can be specified.")
    for one in ranges:
        if naive(one["StartTime"]) >= naive(one["EndTime"]):
            raise Refused("InvalidParameterValue", "The StartTime of a time range must be before its EndTime.")


@answers("cloudwatch", "PutAnomalyDetector")
def put_anomaly_detector(call: Call) -> dict:
    """Create a detector, or replace the one that watches the same; it waits for training, which does not come here."""
    kind, watched = _wanted(call)
    name = _same(call) or str(mock_random.uuid4())
    params = call.params
    more = {key: params[key] for key in ("Configuration", "MetricCharacteristics") if params.get(key)}
    detector = {"AnomalyDetectorId": name, kind: watched, "StateValue": "PENDING_TRAINING", **more}
    _detectors(call)[name] = detector | (watched if kind == "SingleMetricAnomalyDetector" else {})
    return {"AnomalyDetectorId": name}


@answers("cloudwatch", "DescribeAnomalyDetectors")
def describe_anomaly_detectors(call: Call) -> dict:
    """By ids, or by kind and metric; of single metrics where no kind is named."""
    params, ids = call.params, call.params.get("AnomalyDetectorIds")
    kinds = [_KINDS[one] for one in params.get("AnomalyDetectorTypes") or ["SINGLE_METRIC"]]
    dimensions = sorted(params.get("Dimensions") or [], key=lambda one: one["Name"])
    found = [
        one
        for name, one in _detectors(call).items()
        if (name in ids if ids else any(kind in one for kind in kinds))
        and all(one.get(key) == params[key] for key in ("Namespace", "MetricName") if params.get(key))
        and (not dimensions or one.get("Dimensions") == dimensions)
    ]
    first, most = int(params.get("NextToken") or 0), params.get("MaxResults") or 100
    more = {"NextToken": str(first + most)} if len(found) > first + most else {}
    return {"AnomalyDetectors": found[first : first + most], **more}


@refuses("cloudwatch", "DeleteAnomalyDetector")
def unknown_detector(call: Call) -> None:
    """There must be one with this id, or that watches this."""
    if _named(call) not in _detectors(call):
        raise Refused("ResourceNotFoundException", "The anomaly detector does not exist.", 404)


@answers("cloudwatch", "DeleteAnomalyDetector")
def delete_anomaly_detector(call: Call) -> dict:
    """Forget a detector."""
    del _detectors(call)[_named(call)]
    return {}


def _named(call: Call) -> str | None:
    return call.params.get("AnomalyDetectorId") or _same(call)
