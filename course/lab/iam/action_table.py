"""Which resource types each action has: `actions.json`, a cut of the Service Authorization Reference."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table() -> dict[str, Any]:
    """By the prefix of the service: its actions with their resource types, and the ARN of each type."""
    return json.loads(files(__package__).joinpath("actions.json").read_text())["services"]


def texts(value: Any) -> Iterator[str]:
    """All texts in a parameter, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from texts(one)
