"""Domain names as Route 53 compares them: no case, no trailing dot, `*` written as \\052; and which records a query meets.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["closest", "lies_within", "normal"]


def normal(name: str) -> str:
    """The name in lower case without its last dot, a wildcard written with `*`."""
    return name.lower().replace("\\052", "*").rstrip(".")


def lies_within(name: str, zone: str) -> bool:
    """Whether the name is the zone's own or lies below it; "badexample.com" does not lie in "example.com"."""
    name, zone = normal(name), normal(zone)
    return name == zone or name.endswith("." + zone)


def closest(names: Iterable[str], name: str) -> str | None:
    """The existing name that answers a query: the name itself, or the wildcard of its closest existing parent.

    A name with records hides the wildcards above it for everything below it, and so does a name that only has
    children (RFC 4592). "" for a name that exists but has no records; None if nothing answers (NXDOMAIN).
    """
    known = {normal(one) for one in names}
    wanted = normal(name)
    if wanted in known:
        return wanted
    if any(one.endswith("." + wanted) for one in known):
        return ""
    parent = wanted
    while "." in parent:
        parent = parent.partition(".")[2]
        if f"*.{parent}" in known:
            return f"*.{parent}"
        if any(one == parent or one.endswith("." + parent) for one in known):
            return None
    return None
