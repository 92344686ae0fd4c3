"""The embedded metric format (EMF): metrics inside structured log events, as Powertools and Lambda Insights write them.

>>> line = '{"_aws": {"Timestamp": 1764300000000, "CloudWatchMetrics": [{"Namespace": "shop", "Dimensions": [["page"]],' \\
...        ' "Metrics": [{"Name": "latency", "Unit": "Milliseconds"}]}]}, "page": "cart", "latency": 12}'
>>> metrics_of(line)[0].dimensions, metrics_of(line)[0].values
((('page', 'cart'),), (12.0,))

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from course.data import value

__all__ = ["EmbeddedMetric", "metrics_of", "problems"]


@dataclass(frozen=True)
class EmbeddedMetric:
    """One metric of one dimension set; `timestamp` in milliseconds since 1970, `resolution` in seconds."""

    namespace: str
    name: str
    unit: str
    dimensions: tuple[tuple[str, str], ...]
    values: tuple[float, ...]
    timestamp: int
    resolution: int = 60


class _Broken(ValueError):
    pass


def metrics_of(message: str) -> list[EmbeddedMetric]:
    """The metrics in a log event; an empty list for an ordinary event, and for one that breaks the format."""
    try:
        return list(_metrics(message))
    except _Broken:
        return []


def problems(message: str) -> str:
    """Why CloudWatch finds no metrics in this log event, in one sentence; "" if it finds some."""
    try:
        return "" if list(_metrics(message)) else "the log event names no metrics"
    except _Broken as problem:
        return str(problem)


def _metrics(message: str) -> Iterator[EmbeddedMetric]:
    try:
        root = json.loads(message)
    except ValueError:
        raise _Broken("the log event is not JSON") from None
    metadata = root.get("_aws") if isinstance(root, dict) else None
    if not isinstance(metadata, dict):
        raise _Broken("the log event has no object _aws")
    directives = _list(metadata, "CloudWatchMetrics", "_aws")
    timestamp = metadata.get("Timestamp")
    if not isinstance(timestamp, int) or isinstance(timestamp, bool):
        raise _Broken("_aws.Timestamp must be a whole number of milliseconds since 1970")
    for directive in directives:
        namespace = directive.get("Namespace") if isinstance(directive, dict) else None
        if not isinstance(namespace, str) or not namespace:
            raise _Broken("a directive must have a Namespace")
        sets = _list(directive, "Dimensions", "a directive") or [[]]
        definitions = _list(directive, "Metrics", "a directive")
        if len(definitions) > value("logs.embedded_metric_format.metrics"):
            raise _Broken(f"{len(definitions)} metrics are too many for one directive")
        for definition in definitions:
            for names in sets:
                yield from _one(root, namespace, definition, names, timestamp)


def _list(held: dict, name: str, where: str) -> list:
    found = held.get(name)
    if not isinstance(found, list):
        raise _Broken(f"{where} must have an array {name}")
    return found


def _one(root: dict, namespace: str, definition: Any, names: Any, timestamp: int) -> Iterator[EmbeddedMetric]:
    name = definition.get("Name") if isinstance(definition, dict) else None
    if not isinstance(name, str):
        raise _Broken("a metric must have a Name")
    if not isinstance(names, list):
        raise _Broken("a dimension set is an array of names")
    if len(names) > value("logs.embedded_metric_format.dimensions"):
        raise _Broken(f"{len(names)} dimensions are too many for one dimension set")
    dimensions = []
    for one in names:
        if not isinstance(root.get(one), str):
            raise _Broken(f"the dimension {one!r} must be a text in the log event")
        dimensions.append((one, root[one]))
    if name not in root:
        # A metric that is not in this event is left out; the others count.
        return
    found = root[name] if isinstance(root[name], list) else [root[name]]
    if len(found) > value("logs.embedded_metric_format.metrics"):
        raise _Broken(f"the metric {name!r} has too many values")
    if not all(isinstance(one, (int, float)) and not isinstance(one, bool) and math.isfinite(one) for one in found):
        raise _Broken(f"the metric {name!r} must be a number, or an array of numbers")
    if found:
        yield EmbeddedMetric(
            namespace,
            name,
            definition.get("Unit") or "None",
            tuple(dimensions),
            tuple(map(float, found)),
            timestamp,
            1 if definition.get("StorageResolution") == 1 else 60,
        )
