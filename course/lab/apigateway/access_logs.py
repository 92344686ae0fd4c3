"""Access logs: one line a request in CloudWatch Logs, in the format that the stage says.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from moto.backends import get_backend

from ..iam.context import now


def write(account_id: str, region: str, settings: Mapping[str, Any] | None, variables: Mapping[str, Any]) -> None:
    """Write the line. Without a destination that is there, or a format, none is written, as on AWS."""
    destination, line = (settings or {}).get("destinationArn") or "", (settings or {}).get("format") or ""
    found = re.fullmatch(r"arn:aws[\w-]*:logs:[\w-]+:\d{12}:log-group:([^:]+)(:\*)?", destination)
    if not found or not line:
        return
    logs = get_backend("logs")[account_id][region]
    if found[1] not in logs.groups:
        return
    stream = f"{now():%Y/%m/%d}"
    logs.ensure_log_stream(found[1], stream)
    event = {"timestamp": int(now().timestamp() * 1000), "message": _filled(line, variables)}
    logs.put_log_events(found[1], stream, [event])


def _filled(line: str, variables: Mapping[str, Any]) -> str:
    """The format with $context.name replaced; "-" for what the request has not."""

    def value(reference: re.Match) -> str:
        found: Any = variables
        for step in reference[1].split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
        return "-" if found in (None, "") else str(found)

    return re.sub(r"\$context\.([A-Za-z]+(?:\.[A-Za-z]+)*)", value, line)
