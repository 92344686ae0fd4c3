"""The JSON text of a policy document: where it is broken, and how large it is.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from course.data import value
from course.iam.malformed import SYNTAX, MalformedPolicyDocument, Problem

__all__ = ["read_json", "size_problems"]

_QUOTAS = {
    "managed": "Cannot exceed quota for PolicySize: {limit}",
    "trust": "Cannot exceed quota for ACLSizePerRole: {limit}",
}


class _Object(dict):
    """A JSON object that remembers which names came twice."""

    twice: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    names = [name for name, _ in pairs]
    found.twice = tuple(name for name in found if names.count(name) > 1)
    return found


def read_json(text: str, policy_type: str = "identity") -> Any:
    """The JSON of a policy document; MalformedPolicyDocument with line and column if it is none."""
    message = "This policy contains invalid Json" if policy_type == "trust" else SYNTAX
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise MalformedPolicyDocument(Problem(message, place, f"this is not JSON: {error.msg}")) from None
    except (RecursionError, ValueError) as error:
        raise MalformedPolicyDocument(Problem(message, "the document", f"this is not JSON: {error}")) from None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")


def size_problems(text: str, parsed: Any, stored_as: str) -> Iterator[Problem]:
    """Is the document too large, or too old, for the place where it is stored ("managed", "user", "trust", ...)?"""
    limit = value(f"iam.policy_size.{stored_as}")
    if stored_as == "managed" and isinstance(parsed, dict) and parsed.get("Version") != "2012-10-17":
        message = "Policy document must be version 2012-10-17 or greater."
        yield Problem(message, "Version", 'a managed policy needs "Version": "2012-10-17"')
    size = len(text) if stored_as in ("scp", "rcp", "session") else len("".join(text.split()))
    if size > limit:
        message = _QUOTAS.get(stored_as, "Maximum policy size of {limit} bytes exceeded for " + stored_as)
        rule = f"it has {size:,} characters, and {limit:,} are allowed"
        yield Problem(message.format(limit=limit), "the document", rule, "LimitExceeded")
