"""Metric math, by the examples of AWS's page and by properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.serverless.metric_math import MathError, evaluate, identifiers

# AWS's own example: metric1 [30, 20, 0, 0] and metric2 [20, -, 20, -].
M1 = {0: 30.0, 60: 20.0, 120: 0.0, 180: 0.0}
M2 = {0: 20.0, 120: 20.0}
TIMES = [0, 60, 120, 180]


def values(expression, **series):
    found = evaluate(expression, series or {"m1": M1, "m2": M2}, period=60, times=TIMES)
    return [found.get(at) for at in TIMES]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("m1 < m2", [0, 0, 1, 0]),
        ("m1 >= 30", [1, 0, 0, 0]),
        ("m1 > 15 AND m2 > 15", [1, 0, 0, 0]),
        ("m1 > 15 || m2 > 15", [1, 1, 1, 0]),
        ("m1 == 0", [0, 0, 1, 1]),
        # A missing value is 0, and a division by 0 gives no value.
        ("m1 + m2", [50, 20, 20, 0]),
        ("m1 / m2", [1.5, None, 0, None]),
        ("100 * m2 / m1", [pytest.approx(66.6667, rel=1e-4), 0, None, None]),
        ("-m1 + 2 ^ 3 * 2", [-14, -4, 16, 16]),
        ("SUM([m1, m2])", [50, 20, 20, 0]),
        ("SUM(METRICS())", [50, 20, 20, 0]),
        ('SUM(METRICS("m2"))', [20, None, 20, None]),
        ("AVG(METRICS())", [25, 10, 10, 0]),
        ("MAX([m1, m2])", [30, 20, 20, 0]),
        ("m1 - AVG(m1)", [17.5, 7.5, -12.5, -12.5]),
        ("IF(m1 > 10, 1, 0)", [1, 1, 0, 0]),
        ("IF(m1 > 10, m1)", [30, 20, None, None]),
        ("FILL(m2, 0)", [20, 0, 20, 0]),
        ("FILL(m2, REPEAT)", [20, 20, 20, 20]),
        ("FILL(m2, LINEAR)", [20, 20, 20, None]),
        ("FILL(m2, m1)", [20, 20, 20, 0]),
        ("RATE(m1)", [None, -1 / 6, -1 / 3, 0]),
        ("DIFF(m1)", [None, -10, -20, 0]),
        ("RUNNING_SUM(m1)", [30, 50, 50, 50]),
        ("m1 * PERIOD(m1)", [1800, 1200, 0, 0]),
        ("m1 / DATAPOINT_COUNT(m2)", [15, 10, 0, 0]),
        ("CEIL(m1 / 7)", [5, 3, 0, 0]),
        ("ABS(m2 - m1)", [10, 20, 20, 0]),
        ("FIRST(SORT(METRICS(), AVG, DESC))", [20, None, 20, None]),
        ("TIME_SERIES(3)", [3, 3, 3, 3]),
        ("MINUTE(m1)", [0, 1, 2, 3]),
    ],
)
def test_expressions(expression, expected):
    """Do operators and functions give the series that AWS's page shows or describes?"""
    assert values(expression) == expected


def test_an_array_stays_an_array():
    """Does METRICS() / 10 give a series for each metric?"""
    assert evaluate("METRICS() / 10", {"m1": M1, "m2": M2}, 60, TIMES) == [
        {0: 3, 60: 2, 120: 0, 180: 0},
        {0: 2, 120: 2},
    ]


@pytest.mark.parametrize(
    "expression",
    ["", "AVG(m1)", "1 + 1", "m3", "m1 +", "(m1", "m1 m2", "FOO(m1)", "sum(m1)", "FILL(m1)", "m1 $ m2", "[m1] + [m2]",
     "__import__('os')", "m1.real", "IF(METRICS(), 1, 0)", "LAST(m1)"],
)  # fmt: skip
def test_what_is_no_expression(expression):
    """Is each refused with a sentence, and is nothing of Python reached?"""
    with pytest.raises(MathError, match=r"\w+ \w+"):
        values(expression)


def test_identifiers():
    """Which queries does an expression need?"""
    assert identifiers("100 * SUM(METRICS()) / m1 + IF(e2 > 1, m1, 0)") == {"m1", "e2"}


SERIES = st.dictionaries(st.sampled_from(TIMES), st.floats(-100, 100), max_size=4)


@given(SERIES, SERIES)
def test_sums_do_not_depend_on_how_they_are_written(one, other):
    """Are m1 + m2 and SUM([m1, m2]) the same, and is the difference of a sum the series again?"""
    plus = evaluate("m1 + m2", {"m1": one, "m2": other}, 60, TIMES)
    assert plus == pytest.approx(evaluate("SUM([m1, m2])", {"m1": one, "m2": other}, 60, TIMES))
    assert set(plus) == set(one) | set(other)


@given(st.text("m12+-*/^()[]<>=&|,. AVGSUMIF", max_size=20))
def test_any_text_is_an_expression_or_refused(text):
    """Is there no text that breaks the parser?"""
    try:
        values(text)
    except MathError:
        pass
    except AttributeError:
        # The text was good, and gave an array, which has no values by time.
        assert isinstance(evaluate(text, {"m1": M1, "m2": M2}, 60, TIMES), list)
