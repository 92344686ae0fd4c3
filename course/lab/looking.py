"""Looking at the account without leaving a trace in it: for pictures, and for what the lab itself wants to know."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from functools import cache
from typing import Any

from .environment import OWN_ACCESS_KEY, OWN_SECRET_KEY

_only_looking: ContextVar[bool] = ContextVar("only_looking", default=False)


@contextlib.contextmanager
def unseen() -> Iterator[None]:
    """What is asked within counts for nobody: no access is remembered, no target becomes healthy by it."""
    token = _only_looking.set(True)
    try:
        yield
    finally:
        _only_looking.reset(token)


def only_looking() -> bool:
    """Whether the request at hand is the lab's own look."""
    return _only_looking.get()


@cache
def client(service: str, region: str) -> Any:
    """A boto3 client of the administrator, whoever the learner is at the moment. It lives through resets."""
    import boto3

    keys = {"aws_access_key_id": OWN_ACCESS_KEY, "aws_secret_access_key": OWN_SECRET_KEY}
    return boto3.session.Session(region_name=region, **keys).client(service)
