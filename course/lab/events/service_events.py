"""Events that AWS services themselves put on the default event bus.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
"""

from __future__ import annotations

import json

from moto.backends import get_backend
from moto.moto_api._internal import mock_random

from .put_events import send


def emit(account_id: str, region: str, source: str, detail_type: str, detail: dict, resources: list[str]) -> None:
    """Put an event of a service, such as "aws.cloudwatch", on the default bus, if any rule could see it."""
    backend = get_backend("events")[account_id][region]
    if backend.event_buses["default"].rules:
        entry = {"Source": source, "DetailType": detail_type, "Detail": json.dumps(detail), "Resources": resources}
        send(backend, entry, str(mock_random.uuid4()))
