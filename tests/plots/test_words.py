"""Tests of course.plots.words."""

import pytest

from course.plots.words import count, duration


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59.6, "1 min"),
        (2000, "33 min 20 s"),
        (3599.7, "1 h"),
        (7200, "2 h"),
        (54_000, "15 h"),
        (86_340, "23 h 59 min"),
        (1_800_000, "20 days 20 h"),
    ],
)
def test_duration(seconds, words):
    """Is a duration said in its two largest units, and never as 59 min 60 s?"""
    assert duration(seconds) == words


@pytest.mark.parametrize("seconds", [-1, float("inf"), float("nan")])
def test_duration_refuses(seconds):
    """Does an endless duration raise instead of printing nonsense?"""
    with pytest.raises(ValueError, match="finite number of seconds"):
        duration(seconds)


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0"), (1.4648, "1.46"), (12.5, "12.5"), (128.4, "128"), (16384, "16,384")]
)
def test_count(number, words):
    """Are small numbers exact enough and large ones readable?"""
    assert count(number) == words
