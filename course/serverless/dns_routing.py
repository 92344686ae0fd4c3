"""How Route 53 answers a query: which of the record sets with one name and type, by their routing policy and health.

    answer(records, "www.example.com", "A", country="FR", healthy={"hc-1": False}, draw=Random(7).random)

`records` are dicts as `list_resource_record_sets` gives them, so a lesson can ask 1,000 times what its own zone would do.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from course.data import value

from .dns_names import closest, normal
from .dns_places import Place, continent_of, distance_km

__all__ = ["Answer", "answer", "policy_of"]

Record = Mapping[str, Any]
Health = Mapping[str, bool] | Callable[[str], bool]

# The element of a record set that makes its routing policy, and the policy's name.
POLICIES = {
    "Weight": "weighted",
    "Region": "latency",
    "Failover": "failover",
    "GeoLocation": "geolocation",
    "MultiValueAnswer": "multivalue answer",
    "GeoProximityLocation": "geoproximity",
    "CidrRoutingConfig": "IP-based",
}
# More aliases in a row than any zone has: an alias of an alias of itself ends here.
_DEEPEST = 32


@dataclass(frozen=True)
class Answer:
    """What Route 53 answers: values, their type and TTL in seconds, and the record sets it chose on the way.

    code: NOERROR, also without values ("no data"), or NXDOMAIN for a name that does not exist. type: CNAME where the
    name is one. ttl: None where an alias points out of the zone, whose target sets it.
    """

    code: str
    type: str
    values: tuple[str, ...] = ()
    ttl: int | None = None
    chosen: tuple[Record, ...] = field(default=(), repr=False)

    @property
    def set_identifier(self) -> str:
        """The SetIdentifier of the first record set chosen; "" for a simple one or none."""
        return self.chosen[0].get("SetIdentifier", "") if self.chosen else ""


@dataclass(frozen=True)
class _Query:
    records: Sequence[Record]
    place: Place
    healthy: Callable[[str], bool]
    draw: Callable[[], float]
    outside: Callable[[str, str], Sequence[str]]


def policy_of(record: Record) -> str:
    """The routing policy of a record set: "simple", "weighted", "latency", "failover", "geolocation", ..."""
    # MultiValueAnswer=False is no policy, Weight=0 is one.
    return next((policy for key, policy in POLICIES.items() if record.get(key, False) is not False), "simple")


def answer(
    record_sets: Iterable[Record],
    name: str,
    type: str,
    *,
    country: str | None = None,
    subdivision: str | None = None,
    region: str | None = None,
    healthy: Health | None = None,
    draw: Callable[[], float] | None = None,
    outside: Callable[[str, str], Sequence[str]] | None = None,
) -> Answer:
    """The answer to one query for a name and record type.

    country: ISO code of where the query comes from, None for an address Route 53 cannot place; subdivision: a US state.
    region: the AWS Region the user has the lowest latency to; among the others the nearer is the faster. healthy: by
    health check id, or by DNS name of an AWS resource that an alias evaluates; what it does not name is healthy.
    draw: gives numbers from 0 to 1 (`random.random` unless said otherwise). outside: the values of an alias target that
    is no record of the zone; its DNS name unless said otherwise.

    ValueError for a routing policy that is not modelled: geoproximity and IP-based routing.
    """
    if healthy is None or isinstance(healthy, Mapping):
        states = healthy or {}

        def is_healthy(one: str) -> bool:
            return states.get(one, True)
    else:
        is_healthy = healthy
    place = Place(country or "", subdivision or "", continent_of(country or ""), region or "")
    query = _Query(
        list(record_sets), place, is_healthy, draw or random.random, outside or (lambda dns_name, _: [dns_name])
    )
    return _answered(query, name, type, ())


def _answered(query: _Query, name: str, type: str, way: tuple[Record, ...]) -> Answer:
    found = closest([one["Name"] for one in query.records], name)
    if found is None:
        return Answer("NXDOMAIN", type, chosen=way)
    group = _group(query, found, type)
    if not group:
        group = _group(query, found, "CNAME")
        type = "CNAME" if group else type
    picked = _picked(query, group)
    if not picked:
        return Answer("NOERROR", type, chosen=way)
    way += tuple(picked)
    target = picked[0].get("AliasTarget")
    if target is None:
        values = [one["Value"] for record in picked for one in record["ResourceRecords"]]
        return Answer("NOERROR", type, tuple(values), picked[0]["TTL"], way)
    if len(way) > _DEEPEST:
        return Answer("SERVFAIL", type, chosen=way)
    if _group(query, normal(target["DNSName"]), type):
        return _answered(query, target["DNSName"], type, way)
    return Answer("NOERROR", type, tuple(query.outside(target["DNSName"], type)), None, way)


def _group(query: _Query, name: str, type: str) -> list[Record]:
    return [one for one in query.records if one["Type"] == type and normal(one["Name"]) == name]


def _picked(query: _Query, group: list[Record]) -> list[Record]:
    """The record sets of one name and type that Route 53 answers with: none, one, or some multivalue ones."""
    if not group:
        return []
    policy = policy_of(group[0])
    if policy == "simple":
        return group[:1]
    try:
        choose = _CHOICES[policy]
    except KeyError:
        raise ValueError(f"{policy} routing is not modelled here; there are: {', '.join(_CHOICES)}") from None
    alive = [one for one in group if _alive(query, one, 0)]
    # Where no record is healthy, Route 53 treats all of them as healthy rather than not to answer.
    return choose(query, group, alive or group)


def _alive(query: _Query, record: Record, depth: int) -> bool:
    """Whether a record set counts as healthy: its health check, and for an alias that evaluates it, its target."""
    if record.get("HealthCheckId") and not query.healthy(record["HealthCheckId"]):
        return False
    target = record.get("AliasTarget")
    if not target or not target["EvaluateTargetHealth"] or depth > _DEEPEST:
        return True
    behind = _group(query, normal(target["DNSName"]), record["Type"])
    if behind:
        return any(_alive(query, one, depth + 1) for one in behind)
    return query.healthy(target["DNSName"])


def _weighted(query: _Query, group: list[Record], alive: list[Record]) -> list[Record]:
    # Records of weight 0 come into play when no other is healthy; then all of them are equally likely.
    candidates = [one for one in alive if one["Weight"]] or alive
    weights = [one["Weight"] or 1 for one in candidates]
    point = query.draw() * sum(weights)
    for record, weight in zip(candidates, weights, strict=True):
        point -= weight
        if point < 0:
            return [record]
    return [candidates[-1]]


def _failover(query: _Query, group: list[Record], alive: list[Record]) -> list[Record]:
    return sorted(alive, key=lambda one: one["Failover"] != "PRIMARY")[:1]


def _latency(query: _Query, group: list[Record], alive: list[Record]) -> list[Record]:
    origin = query.place.region
    if not origin:
        return alive[:1]
    return [min(alive, key=lambda one: (distance_km(origin, one["Region"]), one["Region"]))]


def _geolocation(query: _Query, group: list[Record], alive: list[Record]) -> list[Record]:
    place = query.place
    wanted = [
        {"CountryCode": place.country, "SubdivisionCode": place.subdivision},
        {"CountryCode": place.country},
        {"ContinentCode": place.continent},
        {"CountryCode": "*"},
    ]
    matching = [one for where in wanted for one in group if dict(one["GeoLocation"]) == where and all(where.values())]
    return ([one for one in matching if one in alive] or matching)[:1]


def _multivalue(query: _Query, group: list[Record], alive: list[Record]) -> list[Record]:
    most = value("route53.records.multivalue_answers")
    left, picked = list(alive), []
    while left and len(picked) < most:
        picked.append(left.pop(min(int(query.draw() * len(left)), len(left) - 1)))
    return picked


_CHOICES = {
    "weighted": _weighted,
    "failover": _failover,
    "latency": _latency,
    "geolocation": _geolocation,
    "multivalue answer": _multivalue,
}
