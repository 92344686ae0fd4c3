"""The time of a queue: visibility, delay, retention and deduplication follow `lab.context(time=...)`."""

from __future__ import annotations

from typing import Any

import moto.sqs.models

from ..gate import replaces
from ..iam.context import now


@replaces(moto.sqs.models, "unix_time")
def seconds(original: Any, *moment: Any) -> float:
    """Seconds since 1970; of a given moment, or of the request."""
    return original(*moment) if moment else now().timestamp()


@replaces(moto.sqs.models, "unix_time_millis")
def milliseconds(original: Any, *moment: Any) -> float:
    """Milliseconds since 1970; of a given moment, or of the request."""
    return original(*moment) if moment else now().timestamp() * 1000
