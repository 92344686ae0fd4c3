"""Numbers as words: durations and shares as a person says them."""

from __future__ import annotations

import math


def duration(seconds: float) -> str:
    """Seconds in the two largest units that matter: 33 min 20 s, 2 h 30 min, 3 days 4 h."""
    if not 0 <= seconds < math.inf:
        raise ValueError(f"a duration is a finite number of seconds from 0, not {seconds!r}")
    seconds = round(seconds)
    for size, name, smaller, smaller_name in ((86_400, "days", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if seconds >= size:
            # Rounded to the smaller unit first, so that 59 min 59.6 s never reads "59 min 60 s".
            large, rest = divmod(round(seconds / smaller), size // smaller)
            name = "day" if name == "days" and large == 1 else name
            return f"{large} {name} {rest} {smaller_name}" if rest else f"{large} {name}"
    return f"{seconds} s"


def count(number: float) -> str:
    """A number with thousands separators, and at most two digits after the point where it is small."""
    return f"{number:,.0f}" if abs(number) >= 100 or number == int(number) else f"{number:,.2f}".rstrip("0").rstrip(".")
