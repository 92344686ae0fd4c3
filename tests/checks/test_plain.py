"""Plain data and its comparison."""

import math
from collections import Counter, OrderedDict, defaultdict, namedtuple
from decimal import Decimal

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.checks.plain import NotPlain, plain, same

Pair = namedtuple("Pair", "one other")
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(DATA)
def test_plain_data_stays_as_it_is_and_is_the_same_as_itself(data):
    """Is the copy equal, and the comparison reflexive?"""
    assert plain(data) == data and same(plain(data), data)


@given(DATA, DATA)
def test_what_python_calls_different_is_never_the_same_but_for_rounding(one, other):
    """Does the comparison add nothing but numeric tolerance?"""
    if same(plain(one), other) and one != other:
        assert _rounded(one) == _rounded(other)


def _rounded(data):
    if isinstance(data, list):
        return [_rounded(item) for item in data]
    if isinstance(data, dict):
        return {key: _rounded(item) for key, item in data.items()}
    return True if isinstance(data, (int, float)) and not isinstance(data, bool) else data


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (1, True),
        (True, 1),
        (0, False),
        ("3", 3),
        (None, 0),
        ([], None),
        ([1, 2], [2, 1]),
        ([1], [1, 1]),
        ({"a": 1}, {"a": 1, "b": 2}),
    ]
    + [
        (["a", "a", "b"], {"a", "b"}),
        ("ab", {"a", "b"}),
        ([True], {1}),
        (math.inf, 1e308),
        (300.001, 300),
        ({1: "x"}, {True: "x"}),
    ],
)
def test_what_is_not_the_same(got, expected):
    """True is not 1, a text is not a number, an order matters where a list is expected."""
    assert not same(plain(got), expected)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (3.0, 3),
        (2, 2.0),
        (math.inf, math.inf),
        ((1, 2), [1, 2]),
        (["b", "a"], {"a", "b"}),
        ({"a", "b"}, {"b", "a"}),
        (0.1 + 0.2, 0.3),
    ]
    + [
        (numpy.int64(5), 5),
        (numpy.float64(2.5), 2.5),
        ({"k": 1}.keys(), ["k"]),
        (range(3), [0, 1, 2]),
        (numpy.bool_(True), True),
        (numpy.array([1, 2]), [1, 2]),
        (Counter("aab"), {"a": 2, "b": 1}),
    ]
    + [
        (OrderedDict(a=1), {"a": 1}),
        (defaultdict(list, a=[1]), {"a": [1]}),
        (Pair(1, 2), (1, 2)),
        (Decimal("2.52"), 2.52),
    ],
)
def test_what_is_the_same(got, expected):
    """Types that mean the same count as the same."""
    assert same(plain(got), expected)


def test_nesting_has_an_end():
    """Does a list that contains itself raise a sentence instead of running for ever?"""
    loop = []
    loop.append(loop)
    with pytest.raises(NotPlain, match="50 levels"):
        plain(loop)
