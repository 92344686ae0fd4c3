"""The fields that CloudWatch Logs Insights discovers in a log event: JSON by its dots, and Lambda's own lines.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
"""

from __future__ import annotations

import json
import re
from typing import Any

from course.data import value

__all__ = ["discovered"]

_LAMBDA = re.compile(r"(START|END|REPORT) RequestId: (\S+)")
_REPORT = {
    "@duration": re.compile(r"\tDuration: ([\d.]+) ms"),
    "@billedDuration": re.compile(r"\tBilled Duration: ([\d.]+) ms"),
    "@initDuration": re.compile(r"\tInit Duration: ([\d.]+) ms"),
    "@memorySize": re.compile(r"\tMemory Size: ([\d.]+) MB"),
    "@maxMemoryUsed": re.compile(r"\tMax Memory Used: ([\d.]+) MB"),
}


def discovered(message: str, log_group: str = "") -> dict[str, Any]:
    """The fields of a message, by the names that queries use: "user.id", "items.0.price"; @duration of a REPORT line."""
    line = _LAMBDA.match(message)
    if line:
        return {"@type": line[1], "@requestId": line[2], **(_report(message) if line[1] == "REPORT" else {})}
    document = _json(message, log_group)
    fields: dict[str, Any] = {}
    _flatten(document, "", fields)
    return fields


def _report(message: str) -> dict[str, float]:
    found = {name: float(match[1]) for name, pattern in _REPORT.items() if (match := pattern.search(message))}
    # Memory is given in bytes, of a thousand to the next unit, as AWS's own queries divide it.
    return {name: one * 1_000_000 if "emory" in name else one for name, one in found.items()}


def _json(message: str, log_group: str) -> Any:
    start = 0
    if log_group.startswith("/aws/lambda/"):
        # In Lambda's logs the first fragment of JSON is found, wherever it stands.
        start = max(0, message.find("{"))
    try:
        found, _ = json.JSONDecoder().raw_decode(message[start:].lstrip())
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _flatten(held: Any, path: str, fields: dict[str, Any]) -> None:
    if len(fields) >= value("logs.insights.fields_from_json"):
        return
    if isinstance(held, dict):
        for name, inner in held.items():
            _flatten(inner, f"{path}.{name}" if path else name, fields)
    elif isinstance(held, list):
        for place, inner in enumerate(held):
            _flatten(inner, f"{path}.{place}", fields)
    elif held is not None:
        fields[path] = int(held) if isinstance(held, bool) else held
