"""How a deployment grows: which percentage of the targets has the new configuration after how many minutes.

LINEAR: equal steps of the growth factor, spread evenly over the duration; 20 % over 10 hours is 0 % at first, 20 %
after 2 hours and 100 % after 10. EXPONENTIAL: G*(2^N), so 10 %, 20 %, 40 %, 80 %, 100 %, spread in the same way.
https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-deployment-strategy.html
(The API reference has the first step at minute 0; recorded deployments show it after the first interval.)
"""

from __future__ import annotations

import math


def steps(growth_type: str, factor: float, duration: float) -> list[tuple[float, float]]:
    """(minute, percentage from then on) of each step, the last one 100 % at the end of the duration (minutes).

    factor: 1 to 100 percent. ValueError for another growth type or factor.
    """
    if growth_type not in ("LINEAR", "EXPONENTIAL"):
        raise ValueError(f"a growth type is LINEAR or EXPONENTIAL, not {growth_type!r}")
    if not 1 <= factor <= 100:
        raise ValueError(f"a growth factor is a percentage from 1 to 100, not {factor!r}")
    if growth_type == "LINEAR":
        percentages = [min(100.0, factor * number) for number in range(1, math.ceil(100 / factor) + 1)]
    else:
        percentages = [min(100.0, factor * 2**number) for number in range(math.ceil(math.log2(100 / factor)) + 1)]
    return [(duration * number / len(percentages), one) for number, one in enumerate(percentages, 1)]


def percentage(growth_type: str, factor: float, duration: float, elapsed: float) -> float:
    """The percentage after `elapsed` minutes."""
    reached = [one for minute, one in steps(growth_type, factor, duration) if minute <= elapsed]
    return reached[-1] if reached else 0.0
