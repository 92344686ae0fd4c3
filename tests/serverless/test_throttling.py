"""The token bucket."""

from hypothesis import given
from hypothesis import strategies as st

from course.serverless.throttling import TokenBucket


def test_burst_then_rate():
    """Are as many let through at once as the burst says, then as many as the rate says?"""
    bucket = TokenBucket(rate=2, burst=3)
    assert [bucket.take(0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(0.4), bucket.take(0.5), bucket.take(0.6), bucket.take(1.0)] == [False, True, False, True]


@given(st.floats(0.1, 50), st.integers(1, 50), st.lists(st.floats(0, 100), max_size=60))
def test_never_more_than_burst_and_rate(rate, burst, moments):
    """Are in any time never more let through than the burst and what the rate gives in that time?"""
    bucket, moments = TokenBucket(rate, burst), sorted(moments)
    taken = [moment for moment in moments if bucket.take(moment)]
    if taken:
        assert len(taken) <= burst + rate * (taken[-1] - taken[0]) + 1e-6


def test_nothing_passes_a_burst_of_none():
    """Is a burst of 0 closed?"""
    assert not TokenBucket(rate=10, burst=0).take(5)
