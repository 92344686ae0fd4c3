"""Repeatable identifiers: the same seed and the same creating calls give the same ids, in every process.

Looking does not disturb them: request ids have a stream of their own, and so has each Region's default VPC.
"""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import UUID

import moto.core.responses
from moto.ec2.models import EC2Backend
from moto.moto_api._internal import mock_random

from .gate import replaces

_requests = Random()
_streams: dict[str, Random] = {}
_seed = 0


def seed(number: int) -> None:
    """Begin all streams anew."""
    global _seed
    _seed = number
    mock_random.seed(number)
    _requests.seed(number)
    _streams.clear()


def stream(name: str) -> Random:
    """A stream of random numbers of its own: who draws from it changes nothing else."""
    return _streams.setdefault(name, Random(f"{_seed} {name}"))


@replaces(moto.core.responses, "gen_amzn_requestid_long")
def request_id(original: Any, headers: dict | None = None) -> str:
    """A request id that costs the other ids nothing, so a describe call in between changes no id."""
    made = str(UUID(int=_requests.getrandbits(128), version=4))
    if headers is not None:
        headers["x-amzn-requestid"] = made
    return made


@replaces(EC2Backend, "__init__")
def default_network(original: Any, backend: EC2Backend, region_name: str, account_id: str) -> None:
    """The ids of a Region's default VPC and images do not depend on when the Region is first looked at."""
    state = mock_random.getstate()
    mock_random.seed(f"{_seed} {account_id} {region_name}")
    try:
        original(backend, region_name, account_id)
    finally:
        mock_random.setstate(state)
