"""What a request shows besides who sends it: MFA, source IP address, time. An exercise sets them for a while.

    with lab.context(mfa=True, source_ip="203.0.113.9", time="2026-11-23T08:00:00Z"):
        ec2.stop_instances(InstanceIds=[instance])

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

# A list and no context variable: the account may be asked from another thread (the CLI's), and is one per kernel.
_SET: list[dict[str, Any]] = []

_KEY = re.compile(r"[A-Za-z0-9-]+:[^\s]+")
# An address that belongs to nobody (RFC 5737), as that of the learner's computer.
HOME = "198.51.100.7"


@contextlib.contextmanager
def context(
    mfa: bool | int | None = None,
    source_ip: str | None = None,
    time: str | datetime | None = None,
    **more: Any,
) -> Iterator[None]:
    """Requests inside this block show these values; afterwards all is as before. Blocks nest, the inner one wins.

    mfa: True, or the seconds since the caller signed in with MFA; False for a caller who did not. source_ip: the IPv4
    or IPv6 address of the caller. time: when the request arrives, ISO 8601 (UTC unless it says otherwise) or datetime.
    more: other condition keys, written `**{"aws:SourceVpce": "vpce-1"}` or `aws__SourceVpce="vpce-1"`; None takes a key
    out. ValueError for an address, time or key that is none.
    """
    values = {name.replace("__", ":", 1): value for name, value in more.items()}
    for name in values:
        if not _KEY.fullmatch(name):
            raise ValueError(f"a condition key is a text such as 'aws:SourceVpce', not {name!r}")
    if source_ip is not None:
        values["aws:SourceIp"] = str(ipaddress.ip_address(source_ip))
    if time is not None:
        values["aws:CurrentTime"] = _moment(time)
    if mfa is not None:
        if not isinstance(mfa, int) or mfa < 0:
            raise ValueError(f"mfa is True, False, or the seconds since the sign-in with MFA, not {mfa!r}")
        values["mfa"] = mfa
    _SET.append(values)
    try:
        yield
    finally:
        # By identity: a block left out of order, as two threads may, takes away its own values and no others.
        for position in range(len(_SET) - 1, -1, -1):
            if _SET[position] is values:
                del _SET[position]
                break


def is_set(key: str) -> bool:
    """Does a `context(...)` block set this condition key now?"""
    return any(key in values for values in _SET)


def now() -> datetime:
    """The time of a request, aware, in UTC."""
    for values in reversed(_SET):
        if "aws:CurrentTime" in values:
            return values["aws:CurrentTime"]
    return datetime.now(UTC)


def request_keys(
    region: str, session: bool, mfa_since: datetime | None, issued: datetime | None = None
) -> dict[str, Any]:
    """The global condition keys of a request: network, time, Region, MFA.

    session: temporary credentials? Only they show aws:MultiFactorAuthPresent; a long-term key has no such key at all,
    which is the trap of `Bool`. mfa_since: when the session's user showed an MFA code, None if not.
    """
    moment = now()
    keys: dict[str, Any] = {
        "aws:CurrentTime": moment,
        "aws:EpochTime": int(moment.timestamp()),
        "aws:RequestedRegion": region,
        "aws:SecureTransport": True,
        "aws:SourceIp": HOME,
    }
    if session:
        keys["aws:MultiFactorAuthPresent"] = mfa_since is not None
        keys["aws:TokenIssueTime"] = issued
        if mfa_since is not None:
            keys["aws:MultiFactorAuthAge"] = max(0, int((moment - mfa_since).total_seconds()))
    for values in _SET:
        for key, value in values.items():
            if key == "mfa":
                keys.update(_mfa(value, session))
            else:
                _without(keys, key)
                keys[key] = value
    return keys


def _mfa(mfa: int, session: bool) -> dict[str, Any]:
    if mfa is False:
        return {"aws:MultiFactorAuthPresent": False if session else None, "aws:MultiFactorAuthAge": None}
    return {"aws:MultiFactorAuthPresent": True, "aws:MultiFactorAuthAge": 0 if mfa is True else mfa}


def _without(keys: dict[str, Any], name: str) -> None:
    # Condition keys have no case: aws:sourceip given by an exercise must not stand beside aws:SourceIp.
    for key in [key for key in keys if key.lower() == name.lower()]:
        del keys[key]


def _moment(given: str | datetime) -> datetime:
    if isinstance(given, str):
        try:
            given = datetime.fromisoformat(given)
        except ValueError:
            raise ValueError(f"time is a date and time such as '2026-11-23T08:00:00Z', not {given!r}") from None
    if not isinstance(given, datetime):
        raise ValueError(f"time is a date and time such as '2026-11-23T08:00:00Z', not {given!r}")
    return (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(UTC)
