"""Geolocation codes of a record set: a continent, a country or a part of one, or `*` for everywhere else.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_GeoLocation.html
"""

from __future__ import annotations

from course.data import figures
from course.serverless.dns_places import countries, subdivisions

from ..gate import Refused


def require_location(where: dict[str, str]) -> None:
    """Raise Refused (InvalidInput) unless the codes name one place that Route 53 knows."""
    continent, country = where.get("ContinentCode"), where.get("CountryCode")
    part = where.get("SubdivisionCode")
    if continent and (country or part):
        raise Refused(
            "InvalidInput",
            "Invalid request: ContinentCode cannot be specified together with CountryCode or SubdivisionCode",
        )
    if part and not country:
        raise Refused("InvalidInput", "Invalid request: SubdivisionCode cannot be specified without CountryCode")
    if not (continent or country):
        raise Refused("InvalidInput", "Invalid request: GeoLocation must specify a ContinentCode or a CountryCode")
    known = (
        (not continent or continent in figures("route53.continents"))
        and (not country or country == "*" or country in countries())
        and (not part or part in subdivisions(country or ""))
    )
    if not known:
        codes = ", ".join(f"{key}={one}" for key, one in where.items())
        raise Refused("InvalidInput", f"Invalid request: Cannot find location [{codes}]")


def shown(where: dict[str, str]) -> str:
    """The place in one word: NA, FR, US-CA or *."""
    return "-".join(where[key] for key in ("ContinentCode", "CountryCode", "SubdivisionCode") if where.get(key))
