"""EFS throughput against AWS's table, and lifecycle as a partition of the data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.storage import efs

DAYS = (1, 7, 14, 30, 60, 90, 180, 270, 365)


# AWS's table: GiB, baseline and burst MiBps, minutes of burst a day. AWS rounds the first row's 0.488 to 0.5.
@pytest.mark.parametrize(
    ("gib", "earned", "burst", "minutes"),
    [
        (10, 0.5, 100, 7.2),
        (256, 12.5, 100, 180),
        (512, 25, 100, 360),
        (1024, 50, 100, 720),
        (1536, 75, 150, 720),
        (4096, 200, 400, 720),
    ],
)
def test_bursting_is_what_aws_tabulates(gib, earned, burst, minutes):
    """Baseline, burst and daily minutes by size."""
    assert efs.earned_throughput(gib) == pytest.approx(earned, rel=0.03)
    assert efs.burst_throughput(gib) == burst
    assert efs.burst_minutes_per_day(gib) == pytest.approx(minutes, rel=0.03)


def test_the_floor_is_allowed_but_not_earned():
    """A tiny file system may use 1 MiBps, yet earns by what it stores."""
    assert efs.baseline_throughput(1) == 1
    assert efs.earned_throughput(1) < 0.05


def test_a_full_bucket_lasts_six_hours_gross_at_one_tib():
    """AWS prints 6.12 hours for 2.1 TiB of credits at 100 MiBps."""
    assert efs.credit_limit(1024) / efs.burst_throughput(1024) / 3600 == pytest.approx(6.12, abs=0.01)


def test_reads_are_metered_at_a_third_and_provisioned_bills_the_excess():
    """The read discount and the included baseline."""
    assert efs.metered_throughput(read=300, write=50) == 150
    assert efs.billed_provisioned_throughput(100, 1024) == 50
    assert efs.billed_provisioned_throughput(20, 1024) == 0


@given(
    st.dictionaries(st.integers(0, 1000), st.integers(0, 10_000), max_size=20),
    st.sampled_from((None, *DAYS)),
    st.sampled_from((None, *DAYS)),
)
def test_lifecycle_moves_data_and_loses_none(files, to_ia, to_archive):
    """Is every GiB in exactly one class, whatever the policy?"""
    if to_ia and to_archive and to_archive <= to_ia:
        with pytest.raises(ValueError, match="later"):
            efs.storage_classes(files, to_ia, to_archive)
        return
    kept = efs.storage_classes(files, to_ia, to_archive)
    assert kept.standard + kept.infrequent_access + kept.archive == sum(files.values())
    assert to_archive is not None or kept.archive == 0
    assert to_ia is not None or kept.infrequent_access == 0


def test_a_file_moves_on_the_day_that_is_named():
    """Is 30 days 30 days?"""
    kept = efs.storage_classes({29: 1, 30: 2, 89: 4, 90: 8}, 30, 90)
    assert (kept.standard, kept.infrequent_access, kept.archive) == (1, 6, 8)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: efs.storage_classes({1: 1}, 31), "one of 1, 7, 14"),
        (lambda: efs.storage_classes({-1: 1}, 30), "at least 0"),
        (lambda: efs.burst_throughput(-1), "at least 0"),
        (lambda: efs.billed_provisioned_throughput(3415, 10), "from 1 to 3,414"),
    ],
)
def test_a_wrong_argument_is_named_with_the_rule(call, sentence):
    """Does bad input get one clear sentence?"""
    with pytest.raises(ValueError, match=sentence):
        call()
