"""Which resource or route of an API answers a request.

REST APIs have resources with methods; HTTP APIs have routes such as `GET /pets/{id}` and `$default`. In both a path
variable `{id}` stands for one segment and a greedy one, `{proxy+}`, for all that follow.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-set-up-simple-proxy.html
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote

__all__ = ["is_greedy", "is_variable", "matched", "resource_for", "route_for"]

METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD")


def is_greedy(segment: str) -> bool:
    """Is this part of a path a greedy variable, such as {proxy+}?"""
    return is_variable(segment) and segment.endswith("+}")


def is_variable(segment: str) -> bool:
    """Is this part of a path a variable, such as {id}?"""
    return segment.startswith("{") and segment.endswith("}")


def matched(template: str, path: str) -> dict[str, str] | None:
    """The decoded values of the template's variables in a path; None if the path is not of this form.

    >>> matched("/pets/{id}", "/pets/7")
    {'id': '7'}
    """
    wanted, given = template.split("/")[1:], path.split("/")[1:]
    values = {}
    for position, segment in enumerate(wanted):
        rest = given[position:]
        if is_greedy(segment):
            joined = "/".join(rest)
            return {**values, segment[1:-2]: unquote(joined)} if joined else None
        if not rest:
            return None
        if is_variable(segment):
            if not rest[0]:
                return None
            values[segment[1:-1]] = unquote(rest[0])
        elif unquote(rest[0]) != segment:
            return None
    return values if len(given) == len(wanted) else None


def _closeness(template: str) -> list[int]:
    """Sorts the closer of two templates first: a name before a variable, a variable before a greedy one."""
    return [2 if is_greedy(one) else 1 if is_variable(one) else 0 for one in template.split("/")[1:]]


def resource_for(
    resources: Iterable[tuple[str, Iterable[str]]], method: str, path: str
) -> tuple[str, str, dict[str, str]] | None:
    """A REST API's path and method for a request, with the path variables; None if there is no such method.

    resources: paths with the methods they have, ANY among them. A slash at the end of the path counts for nothing.
    """
    path = path.rstrip("/") or "/"
    candidates = []
    for template, methods in resources:
        own = method if method in methods else "ANY" if "ANY" in methods else ""
        values = matched(template, path) if own else None
        if values is not None:
            candidates.append((_closeness(template), template, own, values))
    if not candidates:
        return None
    _, template, own, values = min(candidates, key=lambda one: one[0])
    return template, own, values


def route_for(route_keys: Iterable[str], method: str, path: str) -> tuple[str, dict[str, str]] | None:
    """An HTTP API's route key for a request, with the path variables; None where even $default is missing."""
    candidates, default = [], None
    for key in route_keys:
        if key == "$default":
            default = key
            continue
        own, _, template = key.partition(" ")
        values = matched(template, path) if own in (method, "ANY") else None
        if values is not None:
            candidates.append((_closeness(template), own == "ANY", key, values))
    if candidates:
        _, _, key, values = min(candidates, key=lambda one: one[:2])
        return key, values
    return (default, {}) if default else None
