"""The picture of the whole offline account: what is the same everywhere, then each Region in which something is."""

from __future__ import annotations

import os

from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.base_backend import BackendDict

from ..iam.caller import ADMINISTRATOR
from ..looking import client, unseen
from .network import Region
from .services import GLOBAL, REGIONAL
from .thing import Picture, Thing


def picture(region: str | None = None) -> Picture:
    """Everything in the account, or in one Region of it. Looking leaves no trace: it counts as nobody's access."""
    used = _used()
    wanted = [region] if region else sorted({one for regions in used.values() for one in regions if "-" in one})
    home = os.environ["AWS_DEFAULT_REGION"]
    things = []
    with unseen():
        if region is None:
            things = _things(home, GLOBAL, used, "aws")
            administrator = ("IAM user", ADMINISTRATOR)
            things = [one for one in things if (one.kind, one.name) != administrator]
            things = [Thing("everywhere", "", (), tuple(things))] if things else []
        for one in wanted:
            inside = _region(one, used)
            if inside:
                things.append(Thing("Region", one, (), tuple(inside)))
    return Picture(f"The offline account {DEFAULT_ACCOUNT_ID}{f' in {region}' if region else ''}", tuple(things))


def _used() -> dict[str, set[str]]:
    """The Regions in which each service was used; nothing can be anywhere else."""
    used: dict[str, set[str]] = {}
    for services in list(BackendDict._instances):
        if DEFAULT_ACCOUNT_ID in services.keys():
            used.setdefault(services.service_name, set()).update(services[DEFAULT_ACCOUNT_ID].keys())
    return used


def _region(region: str, used: dict[str, set[str]]) -> list[Thing]:
    network = []
    if region in used.get("ec2", ()):
        network = list(Region(lambda service: client(service, region), lambda s: region in used.get(s, ())).things())
    return network + _things(region, REGIONAL, used, region)


def _things(region: str, readers: dict[str, list], used: dict[str, set[str]], place: str) -> list[Thing]:
    return [
        thing
        for service, each in readers.items()
        if place in used.get(service, ())
        for reader in each
        for thing in reader(client(service, region))
    ]
