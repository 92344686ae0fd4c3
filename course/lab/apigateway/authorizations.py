"""Asking a Lambda authorizer, and remembering its answer for as long as the authorizer says.

The answer is kept per stage, authorizer and identity, whatever method was asked for.
https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course.serverless.lambda_authorizers import Answer
from course.serverless.proxy_responses import Malformed

from ..iam.context import now
from .function_calls import Called


class Unauthorized(Exception):
    """The function raised an error whose message is "Unauthorized"."""


class Failed(Exception):
    """The function failed otherwise, or answered what is no answer."""


def answer(
    stage: Any,
    authorizer_id: str,
    identity: list[str],
    ttl: int,
    ask: Callable[[], Called],
    read: Callable[[str], Answer],
) -> Answer:
    """What the authorizer says of this caller, remembered or new. Unauthorized or Failed when it says nothing."""
    remembered = stage.__dict__.setdefault("_authorizations", {})
    key, moment = (authorizer_id, *identity), now().timestamp()
    if ttl and identity and key in remembered:
        until, kept = remembered[key]
        if moment < until:
            return kept
    called = ask()
    if called.failed:
        if called.error.get("errorMessage") == "Unauthorized":
            raise Unauthorized
        raise Failed(called.error.get("errorMessage", ""))
    try:
        found = read(called.payload)
    except Malformed as malformed:
        raise Failed(str(malformed)) from None
    if ttl and identity:
        remembered[key] = (moment + ttl, found)
    return found
