"""Statistics of metric data."""

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.serverless.metric_statistics import Datum, is_statistic, percentile, statistic

VALUES = st.lists(st.floats(0, 1e6), min_size=1, max_size=30)


@given(VALUES)
def test_plain_statistics(values):
    """Are the five plain statistics those of the values, however they were put?"""
    data = [Datum(tuple(values[:3])), *(Datum((one,)) for one in values[3:])]
    assert statistic("SampleCount", data) == len(values)
    assert math.isclose(statistic("Sum", data), math.fsum(values))
    assert math.isclose(statistic("Average", data), statistics.fmean(values), rel_tol=1e-9)
    assert (statistic("Minimum", data), statistic("Maximum", data)) == (min(values), max(values))


@given(VALUES, st.floats(0, 100))
def test_percentiles_lie_between_the_values(values, percent):
    """Do percentiles grow with the percentage, from the smallest value to the largest?"""
    found = statistic(f"p{percent:.3f}", [Datum(tuple(values))])
    assert min(values) <= found <= max(values)
    assert percentile(values, 0) == min(values) and percentile(values, 100) == max(values)
    assert percentile(values, min(percent, 50)) <= percentile(values, max(percent, 50))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("p50", 50.5),
        ("p99", 99.01),
        ("tm90", statistics.fmean(range(1, 91))),
        ("TM(10%:90%)", statistics.fmean(range(11, 91))),
        ("tc90", 90),
        ("ts10", sum(range(1, 11))),
        ("PR(:50)", 50),
        ("PR(91:)", 10),
        ("IQM", statistics.fmean(range(26, 76))),
    ],
)
def test_extended_statistics_of_one_to_hundred(name, expected):
    """Do percentiles, trimmed means and percentile ranks of 1 to 100 come out as by hand?"""
    assert statistic(name, [Datum(tuple(range(1, 101)))]) == pytest.approx(expected)


def test_counts_weigh():
    """Does a value that was seen three times count three times?"""
    data = [Datum((1, 9), (3, 1))]
    assert (statistic("SampleCount", data), statistic("Average", data), statistic("p50", data)) == (4, 3, 1)


def test_statistic_sets_have_no_percentiles():
    """Does a set of statistics hide its samples, unless they are all the same?"""
    data = [Datum((1, 9), total=20, samples=4)]
    assert statistic("Average", data) == 5 and statistic("p90", data) is None
    assert statistic("p90", [Datum((5, 5), total=20, samples=4)]) == 5


def test_negative_values_have_no_percentiles():
    """AWS: percentiles are not available when any of the values is negative."""
    assert statistic("p50", [Datum((-1, 2))]) is None and statistic("Minimum", [Datum((-1, 2))]) == -1


@pytest.mark.parametrize(
    "name", ["p99", "p99.9", "p0.0", "p100", "tm90", "wm95", "TC(0.005:0.030)", "PR(:300)", "iqm", "Sum"]
)
def test_names_that_are_statistics(name):
    """Does CloudWatch know these?"""
    assert is_statistic(name)


@pytest.mark.parametrize("name", ["p101", "P99", "median", "sum", "p", "pp9", "TM(:)", "tm(10:90)", ""])
def test_names_that_are_none(name):
    """Are others refused, and is a wrong name an error where it is used?"""
    assert not is_statistic(name)
    with pytest.raises(ValueError, match="no statistic"):
        statistic(name, [Datum((1,))])
