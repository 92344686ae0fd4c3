"""Bodies of CloudWatch dashboards: what is wrong with one, in the words of PutDashboard.

>>> problems('{"widgets": [{"type": "text", "properties": {}}]}')
[('/widgets/0/properties', "Should have required property 'markdown'")]

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from course.data import value

__all__ = ["problems"]

_REQUIRED = {"text": ("markdown",), "log": ("region",), "alarm": ("alarms",)}
_TYPES = ("metric", "text", "log", "alarm", "explorer", "custom", "chart")
_VIEWS = ("timeSeries", "singleValue", "gauge", "bar", "pie", "table")

Problem = tuple[str, str]


def problems(text: str) -> list[Problem]:
    """Where a body is wrong and why: JSON pointers and sentences. [] for a body that CloudWatch takes.

    What a widget holds besides is not looked at. ValueError if the text is no JSON object.
    """
    try:
        body = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(body, dict):
        raise ValueError("no object")
    return list(_of_body(body))


def _of_body(body: dict[str, Any]) -> Iterator[Problem]:
    if "widgets" not in body:
        yield "", "Should have required property 'widgets'"
        return
    widgets = body["widgets"]
    if not isinstance(widgets, list):
        yield "/widgets", "Should be array"
        return
    most = value("cloudwatch.dashboards.widgets")
    if len(widgets) > most:
        yield "/widgets", f"Should NOT have more than {most} items"
    for place, widget in enumerate(widgets):
        path = f"/widgets/{place}"
        if isinstance(widget, dict):
            yield from _of_widget(path, widget)
        else:
            yield path, "Should be object"


def _of_widget(path: str, widget: dict[str, Any]) -> Iterator[Problem]:
    columns, rows = value("cloudwatch.dashboards.columns"), value("cloudwatch.dashboards.rows")
    bounds = {"x": (0, columns - 1), "y": (0, None), "width": (1, columns), "height": (1, rows)}
    for name, (least, most) in bounds.items():
        if name in widget:
            yield from _of_number(f"{path}/{name}", widget[name], least, most)
    for name in ("type", "properties"):
        if name not in widget:
            yield path, f"Should have required property '{name}'"
    kind, properties = widget.get("type"), widget.get("properties")
    if "type" in widget and kind not in _TYPES:
        yield f"{path}/type", "Should be equal to one of the allowed values"
    elif isinstance(properties, dict):
        yield from _of_properties(f"{path}/properties", str(kind), properties)
    elif "properties" in widget:
        yield f"{path}/properties", "Should be object"


def _of_number(path: str, found: Any, least: int, most: int | None) -> Iterator[Problem]:
    if not isinstance(found, int) or isinstance(found, bool):
        yield path, "Should be integer"
    elif found < least:
        yield path, f"Should be >= {least}"
    elif most is not None and found > most:
        yield path, f"Should be <= {most}"


def _of_properties(path: str, kind: str, properties: dict[str, Any]) -> Iterator[Problem]:
    for name in _REQUIRED.get(kind, ()):
        if name not in properties:
            yield path, f"Should have required property '{name}'"
    if kind == "metric":
        yield from _of_metric_widget(path, properties)
    alarms = properties.get("alarms")
    most = value("cloudwatch.dashboards.alarms")
    if kind == "alarm" and isinstance(alarms, list) and len(alarms) > most:
        yield f"{path}/alarms", f"Should NOT have more than {most} items"


def _of_metric_widget(path: str, properties: dict[str, Any]) -> Iterator[Problem]:
    annotated = isinstance(properties.get("annotations"), dict) and "alarms" in properties["annotations"]
    missing = "metrics" not in properties and not annotated
    if missing:
        yield path, "Should have required property 'metrics'"
    if missing or ("region" not in properties and not annotated):
        yield path, "The metric widget should have specified a region and a data source or an alarm annotation"
    if missing:
        yield path, "Should have required property 'annotations'"
    if "view" in properties and properties["view"] not in _VIEWS:
        yield f"{path}/view", "Should be equal to one of the allowed values"
    metrics = properties.get("metrics", [])
    if not isinstance(metrics, list):
        yield f"{path}/metrics", "Should be array"
        return
    for place, metric in enumerate(metrics):
        if not isinstance(metric, list):
            yield f"{path}/metrics/{place}", "Should be array"
        elif not _is_metric(metric):
            yield (
                f"{path}/metrics/{place}",
                'Field "metrics" has to be an array of array of strings, with an optional metricRenderer object as '
                "last element",
            )


def _is_metric(metric: list) -> bool:
    names = metric[:-1] if metric and isinstance(metric[-1], dict) else metric
    return bool(metric) and all(isinstance(one, str) for one in names)
