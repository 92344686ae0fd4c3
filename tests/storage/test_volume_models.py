"""gp2, gp3, io1, io2, st1 and sc1 against AWS's own tables, and rules that must hold everywhere."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.storage import gp2, gp3, hdd, provisioned_iops

GP2_SIZES = st.integers(1, 16_384)
TIB = 1024


# AWS's table: size, baseline IOPS, seconds of burst at 3,000 IOPS, seconds to fill an empty bucket.
@pytest.mark.parametrize(
    ("size", "baseline", "burst", "refill"),
    [
        (1, 100, 1862, 54_000),
        (33.33, 100, 1862, 54_000),
        (100, 300, 2000, 18_000),
        (334, 1002, 2703, 5389),
        (750, 2250, 7200, 2400),
    ],
)
def test_gp2_is_what_aws_tabulates(size, baseline, burst, refill):
    """Do small volumes burst and refill as AWS's table says?"""
    assert gp2.baseline_iops(size) == baseline
    assert round(gp2.burst_seconds(size)) == burst
    assert round(gp2.refill_seconds(size)) == refill


@pytest.mark.parametrize(("size", "baseline"), [(1000, 3000), (5333, 15_999), (5334, 16_000), (16_384, 16_000)])
def test_large_gp2_volumes_do_not_burst(size, baseline):
    """Is the burst endless where the baseline is 3,000 IOPS or more?"""
    assert gp2.baseline_iops(size) == gp2.burst_iops(size) == baseline
    assert gp2.burst_seconds(size) == math.inf


@pytest.mark.parametrize(("size", "most"), [(1, 128), (170, 128), (171, 250), (333, 250), (334, 250), (16_384, 250)])
def test_gp2_throughput_has_one_step(size, most):
    """Does the throughput step from 128 to 250 MiB/s above 170 GiB?"""
    assert gp2.max_throughput(size) == most


def test_gp2_throughput_is_iops_times_io_size_up_to_the_cap():
    """AWS: throughput is IOPS times the size of an I/O."""
    assert gp2.throughput(100, 300, 256) == 75
    assert gp2.throughput(1000, 3000, 256) == 250
    assert gp2.throughput(1000, 3000, 16) == pytest.approx(46.875)


@given(GP2_SIZES, GP2_SIZES)
def test_a_larger_gp2_volume_is_never_slower(one, other):
    """Is the baseline monotone and within its bounds?"""
    small, large = sorted((one, other))
    assert 100 <= gp2.baseline_iops(small) <= gp2.baseline_iops(large) <= 16_000
    assert gp2.baseline_iops(large) - gp2.baseline_iops(small) <= 3 * (large - small)


@given(GP2_SIZES, st.lists(st.integers(0, 20_000), min_size=1, max_size=60), st.integers(0, 5_400_000))
def test_the_bucket_never_overflows_overdraws_or_invents_io(size, demand, credits):
    """Does the simulation keep to the credit rules whatever is asked?"""
    bucket = gp2.simulate_bucket(size, demand, credits)
    baseline = gp2.baseline_iops(size)
    before = credits
    for wanted, done, left in zip(demand, bucket.delivered, bucket.credits, strict=True):
        assert 0 <= left <= 5_400_000
        assert min(wanted, baseline) <= done <= min(wanted, gp2.burst_iops(size))
        assert left == min(5_400_000, before + baseline - done)
        before = left


def test_the_bucket_runs_dry_when_the_formula_says():
    """Do simulation and formula agree about a 100 GiB volume at 3,000 IOPS?"""
    bucket = gp2.simulate_bucket(100, [3000] * 2100)
    assert bucket.empty_at == gp2.burst_seconds(100) - 1 == 1999
    assert bucket.delivered[1999] == 3000 and bucket.delivered[2050] == 300


@pytest.mark.parametrize(
    ("size", "iops", "throughput"),
    [(1, 3000, 750), (6, 3000, 750), (8, 4000, 1000), (10, 5000, 1250), (16, 8000, 2000), (32, 16_000, 2000)]
    + [(159, 79_500, 2000), (160, 80_000, 2000), (65_536, 80_000, 2000)],
)
def test_gp3_is_what_aws_states(size, iops, throughput):
    """Do the ratios give AWS's points, before and after the caps?"""
    assert gp3.max_iops(size) == iops
    assert gp3.max_throughput(iops) == throughput


@pytest.mark.parametrize(
    ("kind", "size", "nitro", "iops"),
    [("io1", 4, True, 200), ("io1", 100, True, 5000), ("io1", 1280, True, 64_000), ("io1", 16_384, False, 32_000)]
    + [
        ("io2", 4, True, 4000),
        ("io2", 256, True, 256_000),
        ("io2", 65_536, True, 256_000),
        ("io2", 256, False, 32_000),
    ],
)
def test_provisioned_iops_keep_the_ratio(kind, size, nitro, iops):
    """50 IOPS per GiB on io1, 1,000 on io2, and the ceilings."""
    assert provisioned_iops.max_iops(kind, size, nitro) == iops


@pytest.mark.parametrize(
    ("kind", "iops", "throughput"),
    [("io1", 2000, 500), ("io1", 32_000, 500), ("io1", 48_000, 750), ("io1", 64_000, 1000)]
    + [("io2", 1000, 256), ("io2", 15_625, 4000), ("io2", 16_000, 4000), ("io2", 256_000, 4000)],
)
def test_provisioned_throughput_is_what_aws_states(kind, iops, throughput):
    """The plateau of io1 and the cap of io2."""
    assert provisioned_iops.max_throughput(kind, iops) == pytest.approx(throughput)


@pytest.mark.parametrize(
    ("kind", "tib", "base", "burst"),
    [
        ("st1", 0.125, 5, 31.25),
        ("st1", 0.5, 20, 125),
        ("st1", 2, 80, 500),
        ("st1", 12.5, 500, 500),
        ("st1", 16, 500, 500),
    ]
    + [
        ("sc1", 0.125, 1.5, 10),
        ("sc1", 1, 12, 80),
        ("sc1", 3.125, 37.5, 250),
        ("sc1", 12.5, 150, 250),
        ("sc1", 16, 192, 250),
    ],
)
def test_hdd_throughput_is_what_aws_tabulates(kind, tib, base, burst):
    """Base and burst of st1 and sc1 by size."""
    assert hdd.base_throughput(kind, tib * TIB) == base
    assert hdd.burst_throughput(kind, tib * TIB) == burst


@pytest.mark.parametrize(
    ("kind", "tib", "hours"),
    [("st1", 1, 1.17), ("st1", 2, 1.17), ("st1", 3, 1.75), ("st1", 5, 2.91), ("st1", 16, 9.32)]
    + [("sc1", 3, 3.64), ("sc1", 4, 4.66), ("sc1", 10, 11.65), ("sc1", 16, 18.64)],
)
def test_a_full_scan_takes_as_long_as_aws_says(kind, tib, hours):
    """AWS's table of scan times, rounded to two decimals."""
    assert hdd.scan_seconds(kind, tib * TIB) / 3600 == pytest.approx(hours, rel=0.006)


@given(st.sampled_from(hdd.TYPES), st.integers(125, 16_384), st.integers(125, 16_384))
def test_hdd_base_never_exceeds_burst_and_grows_with_size(kind, one, other):
    """Monotone, capped, and the burst is at least the base."""
    small, large = sorted((one, other))
    assert hdd.base_throughput(kind, small) <= hdd.base_throughput(kind, large) <= hdd.burst_throughput(kind, large)


WRONG = [
    (gp2.baseline_iops, (0,), ValueError, "type gp2 must be from 1 to 16,384, not 0"),
    (gp2.baseline_iops, (16_385,), ValueError, "not 16,385"),
    (gp2.baseline_iops, ("100",), TypeError, "must be a number, not '100'"),
    (gp2.baseline_iops, (True,), TypeError, "not True"),
    (gp2.baseline_iops, (math.nan,), ValueError, "finite"),
    (gp2.burst_seconds, (100, -1), ValueError, "demand_iops must be at least 0"),
    (gp2.throughput, (100, 10, 257), ValueError, "io_size_kib must be from 1 to 256"),
    (gp2.simulate_bucket, (100, [10], -5), ValueError, "credits"),
    (gp3.max_iops, (65_537,), ValueError, "from 1 to 65,536"),
    (gp3.max_throughput, (2999,), ValueError, "from 3,000 to 80,000"),
    (provisioned_iops.max_iops, ("gp3", 10), ValueError, "io1 or io2, not 'gp3'"),
    (provisioned_iops.max_iops, ("io2", 3), ValueError, "from 4 to 65,536"),
    (provisioned_iops.max_throughput, ("io1", 64_001), ValueError, "from 100 to 64,000"),
    (hdd.base_throughput, ("st1", 124), ValueError, "from 125 to 16,384"),
    (hdd.scan_seconds, ("gp2", 500), ValueError, "st1 or sc1, not 'gp2'"),
]


@pytest.mark.parametrize(
    ("model", "arguments", "error", "sentence"), WRONG, ids=lambda part: getattr(part, "__name__", None)
)
def test_a_wrong_argument_is_named_with_the_rule(model, arguments, error, sentence):
    """Does bad input get one clear sentence?"""
    with pytest.raises(error, match=sentence):
        model(*arguments)
