"""Statistics of metric data as CloudWatch gives them: SampleCount, Sum, Average, Minimum, Maximum, percentiles, trimmed means.

>>> sample = [Datum(values=(1, 2, 3, 4, 100))]
>>> statistic("p50", sample), statistic("tm80", sample), statistic("Average", sample)
(3.0, 2.5, 22.0)

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["STATISTICS", "Datum", "is_statistic", "percentile", "statistic"]

STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")

_SHORT = re.compile(r"(p|tm|tc|ts|wm)(\d{1,3}(?:\.\d{1,10})?)")
_RANGE = re.compile(r"(TM|TC|TS|WM|PR)\((-?[\d.]*)(%?):(-?[\d.]*)(%?)\)")


@dataclass(frozen=True)
class Datum:
    """Values of one moment (each `counts` times), or a statistic set: then `values` are its minimum and maximum.

    A statistic set gives percentiles only if its minimum is its maximum, or it has one sample.
    """

    values: tuple[float, ...]
    counts: tuple[float, ...] = ()
    total: float | None = None
    samples: float | None = None

    @property
    def sum(self) -> float:
        """The sum of all samples."""
        if self.total is not None:
            return self.total
        return math.fsum(value * count for value, count in self.weighted())

    @property
    def count(self) -> float:
        """How many samples."""
        return self.samples if self.samples is not None else math.fsum(count for _, count in self.weighted())

    @property
    def is_raw(self) -> bool:
        """Whether every sample is known."""
        return self.samples is None or self.samples == 1 or min(self.values) == max(self.values)

    def weighted(self) -> list[tuple[float, float]]:
        """Values with how often each was seen."""
        if self.samples is not None:
            return [(self.values[0], self.samples)]
        return list(zip(self.values, self.counts or (1.0,) * len(self.values)))


def is_statistic(name: str) -> bool:
    """Whether CloudWatch has this statistic: Average, p99.9, tm90, TC(10%:90%), PR(:300), IQM."""
    if name in STATISTICS or name.upper() == "IQM":
        return True
    short = _SHORT.fullmatch(name)
    if short:
        return 0 <= float(short[2]) <= 100
    ranged = _RANGE.fullmatch(name)
    return bool(ranged) and bool(ranged[2] or ranged[4])


def statistic(name: str, data: Iterable[Datum]) -> float | None:
    """The statistic of these data; None without data, and for one that needs samples that are not known or negative.

    ValueError for a name that is no statistic.
    """
    held = list(data)
    if not is_statistic(name):
        raise ValueError(f"{name!r} is no statistic of CloudWatch")
    if not held:
        return None
    if name == "SampleCount":
        return math.fsum(one.count for one in held)
    if name == "Sum":
        return math.fsum(one.sum for one in held)
    if name == "Average":
        count = math.fsum(one.count for one in held)
        return math.fsum(one.sum for one in held) / count if count else None
    if name in ("Minimum", "Maximum"):
        choose = min if name == "Minimum" else max
        return float(choose(choose(one.values) for one in held))
    samples = sorted(pair for one in held for pair in one.weighted())
    if not all(one.is_raw for one in held) or samples[0][0] < 0:
        return None
    return _of_samples(name, samples)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which `percent` % of the values lie, interpolated between neighbours.

    CloudWatch itself estimates percentiles from a compressed sample, so that its last digits may differ.
    """
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (ordered[high] - ordered[low]) * (place - low))


def _of_samples(name: str, samples: list[tuple[float, float]]) -> float | None:
    values = [value for value, count in samples for _ in range(max(1, round(count)))]
    short, ranged = _SHORT.fullmatch(name), _RANGE.fullmatch(name)
    if short and short[1] == "p":
        return percentile(values, float(short[2]))
    kind = short[1].upper() if short else ranged[1] if ranged else "TM"
    low, high = _bounds(name, short, ranged, values)
    inside = [value for value in values if low <= value <= high]
    if kind == "TC":
        return float(len(inside))
    if kind == "TS":
        return math.fsum(inside)
    if kind == "PR":
        return 100 * len(inside) / len(values)
    if kind == "WM":
        return math.fsum(min(max(value, low), high) for value in values) / len(values)
    return math.fsum(inside) / len(inside) if inside else None


def _bounds(name: str, short, ranged, values: list[float]) -> tuple[float, float]:
    """The values between which the samples count."""
    if name.upper() == "IQM":
        return percentile(values, 25), percentile(values, 75)
    if short:
        return -math.inf, percentile(values, float(short[2]))

    def bound(text: str, percent: str, otherwise: float) -> float:
        if not text:
            return otherwise
        return percentile(values, float(text)) if percent else float(text)

    # One % sign is enough: TM(10%:90%) and TM(10:90%) are both by percentage where the other end says so.
    return bound(ranged[2], ranged[3], -math.inf), bound(ranged[4], ranged[5], math.inf)
