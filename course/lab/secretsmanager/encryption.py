"""Which KMS keys a request needs."""

from __future__ import annotations

from collections.abc import Iterator

from ..gate import Call


def uses_of_keys(call: Call) -> Iterator[tuple]:
    """Nothing yet."""
    yield from ()
