"""Where a DNS query comes from: country, continent, state, and how far each AWS Region is.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-geo.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-latency.html
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from course.data import figures

__all__ = ["Place", "continent_of", "countries", "distance_km", "place_of_address", "subdivisions"]

_EARTH_KM = 6371


@dataclass(frozen=True)
class Place:
    """What Route 53 knows of the origin of a query: ISO country code, state, continent code, nearest Region; "" if not known."""

    country: str = ""
    subdivision: str = ""
    continent: str = ""
    region: str = ""


def countries() -> dict[str, str]:
    """The country codes Route 53 has a location for, each with its continent code."""
    return {country: continent for continent, one in figures("route53.continents").items() for country in one.value}


def continent_of(country: str) -> str:
    """The continent code of a country, "" for one that Route 53 does not know."""
    return countries().get(country, "")


def subdivisions(country: str) -> list[str]:
    """The codes of the parts of a country that geolocation records may name: US states, and parts of Ukraine."""
    found = figures("route53.subdivisions")
    return found[country].value if country in found else []


def distance_km(one: str, other: str) -> float:
    """Kilometres along the surface between two Regions, which stands for the latency between them.

    KeyError for a Region whose place is not in the data.
    """
    places = figures("route53.region_places")
    (lat, lon), (to_lat, to_lon) = places[one].value, places[other].value
    half = sin(radians(to_lat - lat) / 2) ** 2
    half += cos(radians(lat)) * cos(radians(to_lat)) * sin(radians(to_lon - lon) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(half))


def place_of_address(address: str) -> Place:
    """Where an IP address is, from a few of AWS's own address ranges; a Place without anything for all others.

    ValueError for a text that is no IP address.
    """
    asked = ipaddress.ip_address(address)
    for region, one in figures("route53.places_of_addresses").items():
        country, subdivision, *blocks = one.value
        if any(asked in ipaddress.ip_network(block) for block in blocks):
            return Place(country, subdivision, continent_of(country), region)
    return Place()
