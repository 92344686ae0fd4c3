"""Which account a notebook works on: the offline one, unless COURSE_ACCOUNT says otherwise.

COURSE_ACCOUNT unset or offline   the offline account; keys and profiles of the environment are hidden
COURSE_ACCOUNT=endpoint           the emulator that AWS_ENDPOINT_URL names
COURSE_ACCOUNT=aws                AWS itself, with the learner's own credentials
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

OFFLINE = "offline"
_KINDS = (OFFLINE, "endpoint", "aws")


def chosen() -> str:
    """offline, endpoint or aws. ValueError for anything else, and for an endpoint that is missing or is AWS itself."""
    kind = os.environ.get("COURSE_ACCOUNT", "").strip().lower() or OFFLINE
    if kind not in _KINDS:
        raise ValueError(f"COURSE_ACCOUNT={kind} names no account; there are: {', '.join(_KINDS)}")
    if kind == "endpoint":
        _require_endpoint()
    return kind


def _require_endpoint() -> None:
    url = os.environ.get("AWS_ENDPOINT_URL", "")
    host = urlsplit(url).hostname if url.startswith(("http://", "https://")) else None
    if not host:
        raise ValueError(
            f"COURSE_ACCOUNT=endpoint needs AWS_ENDPOINT_URL, such as http://localhost:4566; it is {url or 'not set'}"
        )
    if os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        raise ValueError("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true would send calls to AWS and not to AWS_ENDPOINT_URL")
    if host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws")):
        raise ValueError(f"{url} is AWS itself: COURSE_ACCOUNT=aws says so")


def elsewhere(kind: str) -> str:
    """A sentence that says where the calls of a notebook go that does not use the offline account."""
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if kind == "endpoint":
        return f"NOT the offline account: calls go to {os.environ['AWS_ENDPOINT_URL']}, Region {region}"
    profile = os.environ.get("AWS_PROFILE") or os.environ.get("AWS_DEFAULT_PROFILE")
    return (
        f"NOT the offline account: calls go to AWS, to a REAL account ({f'profile {profile}, ' if profile else ''}"
        f"Region {region}); what they make is real and may cost money"
    )


def offline(region: str | None, endpoint: str | None) -> str:
    """The same sentence for the offline account."""
    from moto.core import DEFAULT_ACCOUNT_ID

    sentence = f"the offline account {DEFAULT_ACCOUNT_ID}, Region {region}; nothing reaches AWS"
    return f"{sentence}; other processes find it at {endpoint}" if endpoint else sentence
