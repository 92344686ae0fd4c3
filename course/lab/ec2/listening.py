"""What listens on the account's instances, and whether one host reaches another there (`course.ec2.reachability`).

No API of AWS tells what software runs on an instance, so a lesson says it: `lab.listen`. It is kept with the instance.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID

from course.ec2.network import Network, read
from course.ec2.reachability import Reachability, reach

from ..looking import client, unseen


def listen(instance_id: str, ports: Iterable[int], region: str) -> None:
    """From now on these ports, and no others, are open on the instance. ValueError for unknown instances and ports."""
    instance = _instances(region).get(instance_id)
    if instance is None:
        raise ValueError(f"there is no instance {instance_id!r} in {region}")
    opened = frozenset(ports)
    for port in opened:
        if isinstance(port, bool) or not isinstance(port, int) or not 1 <= port <= 65535:
            raise ValueError(f"a port is a whole number from 1 to 65535, not {port!r}")
    instance.listening = opened


def network(region: str, unknown: dict[str, None] | None = None) -> Network:
    """The network of a Region as it is now; load balancers are part of it. Looking leaves no trace in the account."""
    listening = {name: one.listening for name, one in _instances(region).items() if hasattr(one, "listening")}
    with unseen():
        return read(client("ec2", region), {**(unknown or {}), **listening}, client("elbv2", region))


def reached(source: str, target: str, port: int, protocol: str, region: str) -> Reachability:
    """See `course.ec2.reachability.reach`."""
    return reach(network(region), source, target, port, protocol)


def _instances(region: str) -> dict[str, Any]:
    backend = get_backend("ec2")[DEFAULT_ACCOUNT_ID][region]
    return {one.id: one for one in backend.all_instances()}
