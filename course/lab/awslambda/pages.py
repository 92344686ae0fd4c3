"""Lists of Lambda come in pages when a number is asked for, and always after fifty; moto gives all at once.

https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html
"""

from __future__ import annotations

import json
from typing import Any

from course.data import value

from ..gate import Call, Refused, corrects

_LISTS = {
    "ListFunctions": "Functions",
    "ListVersionsByFunction": "Versions",
    "ListAliases": "Aliases",
    "ListEventSourceMappings": "EventSourceMappings",
    "ListLayers": "Layers",
    "ListLayerVersions": "LayerVersions",
}


# GetFunction shows these, ListFunctions does not.
_NOT_LISTED = {
    *("State", "StateReason", "StateReasonCode", "RuntimeVersionConfig"),
    *("LastUpdateStatus", "LastUpdateStatusReason", "LastUpdateStatusReasonCode"),
}


@corrects("lambda", *_LISTS)
def one_page(call: Call, result: Any) -> dict:
    """At most MaxItems from the Marker on, with the next marker."""
    body = result[-1] if isinstance(result, tuple) else result
    shown = body if isinstance(body, dict) else json.loads(body)
    most = value("lambda.limits.page")
    wanted = call.params.get("MaxItems")
    fewest, limit = value("lambda.limits.max_items")
    if wanted is not None and not fewest <= wanted <= limit:
        raise Refused(
            "ValidationException",
            f"1 validation error detected: Value '{wanted}' at 'maxItems' failed to satisfy constraint: Member must have "
            f"value between {fewest} and {limit}",
        )
    field, marker = _LISTS[call.operation], call.params.get("Marker")
    version = call.params.get("FunctionVersion") if call.operation == "ListAliases" else None
    if version:
        shown = {**shown, field: [one for one in shown[field] if one["FunctionVersion"] == version]}
    if marker is not None and not marker.isdigit():
        raise Refused("InvalidParameterValueException", "The provided marker is invalid.")
    if call.operation == "ListFunctions":
        shown = {**shown, field: [{name: one[name] for name in one if name not in _NOT_LISTED} for one in shown[field]]}
    start, size = int(marker or 0), min(wanted or most, most)
    page = {**shown, field: shown[field][start : start + size]}
    if start + size < len(shown[field]):
        page["NextMarker"] = str(start + size)
    return page
