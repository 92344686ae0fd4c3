"""Prices, shortfalls, I/O counting, persistence and the choice among them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.storage import choosing, efs, io_operations, persistence, prices
from course.storage.volume_types import TYPES, Need, ceiling, provisioned, shortfalls


# AWS's table of gp3 volumes that match gp2: size, IOPS, MiB/s, USD a month.
@pytest.mark.parametrize(
    ("size", "iops", "throughput", "dollars"),
    [
        (30, 3000, 128, 2.52),
        (100, 3000, 128, 8.12),
        (500, 3000, 250, 45),
        (2000, 6000, 250, 180),
        (6000, 16_000, 250, 550),
    ],
)
def test_gp3_costs_what_aws_tabulates(size, iops, throughput, dollars):
    """Are the included IOPS and throughput free, and the rest paid?"""
    assert prices.volume_month("gp3", size, iops, throughput) == pytest.approx(dollars)


def test_io2_iops_are_priced_in_tiers():
    """Does each tier start where the one before ends?"""

    def at(iops):
        return prices.volume_month("io2", 256, iops) - prices.volume_month("io2", 256, 100) + 100 * 0.065

    assert at(32_000) == pytest.approx(32_000 * 0.065)
    assert at(64_000) - at(32_000) == pytest.approx(32_000 * 0.0455)
    assert at(70_000) - at(64_000) == pytest.approx(6_000 * 0.03185)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("gp2", 100, 500), "cannot be provisioned on gp2 volumes, only on gp3, io1, io2"),
        (("io1", 100, 2000, 300), "throughput cannot be provisioned on io1 volumes, only on gp3"),
        (("io2", 100), "none was given"),
        (("gp3", 10, 6000), "from 3,000 to 5,000"),
        (("gp3", 100, 3000, 751), "from 125 to 750"),
        (("st1", 100), "from 125"),
    ],
)
def test_a_volume_that_cannot_be_has_no_price(arguments, sentence):
    """Does an impossible volume get one clear sentence?"""
    with pytest.raises(ValueError, match=sentence):
        prices.volume_month(*arguments)


@given(st.sampled_from(TYPES), st.integers(125, 16_384))
def test_no_type_falls_short_of_its_own_ceiling(kind, size):
    """Are ceiling and shortfalls one rule?"""
    most = ceiling(kind, size)
    assert shortfalls(kind, Need(size, most.iops, most.throughput)) == []
    assert shortfalls(kind, Need(size, most.iops + 1)) != []
    assert shortfalls(kind, Need(size, 0, most.throughput + 1)) != []


@given(st.sampled_from(TYPES), st.integers(125, 16_384), st.data())
def test_what_is_provisioned_serves_the_need_and_has_a_price(kind, size, data):
    """Are the bought IOPS enough for the throughput, and allowed at that size?"""
    most = ceiling(kind, size)
    need = Need(size, data.draw(st.integers(0, int(most.iops))), data.draw(st.integers(0, int(most.throughput))))
    iops, throughput = provisioned(kind, need)
    assert prices.volume_month(kind, size, iops, throughput) > 0
    assert iops is None or iops >= need.iops
    assert throughput is None or throughput >= need.throughput


def test_throughput_can_cost_iops():
    """1,000 MiB/s on io2 need 3,907 IOPS, on gp3 4,000."""
    assert provisioned("io2", Need(100, 100, 1000)) == (3907, None)
    assert provisioned("gp3", Need(100, 100, 1000)) == (4000, 1000)
    assert provisioned("st1", Need(4096, 10, 100)) == (None, None)
    with pytest.raises(ValueError, match="gp2 cannot serve this need: 1,000 MiB/s wanted"):
        provisioned("gp2", Need(100, 100, 1000))


def test_shortfalls_say_why():
    """Are boot, Multi-Attach and size told apart?"""
    assert shortfalls("st1", Need(500, boot=True)) == ["cannot be a boot volume"]
    assert shortfalls("gp3", Need(100, multi_attach=True)) == ["cannot be attached to several instances"]
    assert "from 125 to 16,384" in shortfalls("sc1", Need(10))[0]


def test_the_six_workloads_use_six_different_places():
    """Is each answer of the lesson's last exercise another one?"""
    assert sorted(choosing.best_for_the_six().values()) == ["efs", "gp3", "instance store", "io2", "sc1", "st1"]


def test_what_no_volume_delivers_is_said():
    """Is there a clear sentence beyond every ceiling?"""
    with pytest.raises(ValueError, match="no single EBS volume"):
        choosing.best(choosing.Workload(Need(100, iops=300_000)))


@pytest.mark.parametrize(
    ("operations", "size", "sequential", "media", "counted"),
    [(1, 1024, True, "ssd", 4), (8, 32, True, "ssd", 1), (8, 32, False, "ssd", 8)]
    + [(1, 1024, True, "hdd", 1), (8, 128, True, "hdd", 1), (8, 32, False, "hdd", 8)],
)
def test_io_is_counted_as_in_aws_examples(operations, size, sequential, media, counted):
    """Are large operations split and small sequential ones merged?"""
    assert io_operations.counted(operations, size, sequential, media) == counted


def test_what_survives():
    """Instance store survives a reboot only; EBS all but a termination with the flag; EFS everything."""
    for event in persistence.EVENTS:
        assert persistence.survives("instance store", event) == (event == "reboot")
        assert persistence.survives("efs", event, True)
        assert persistence.survives("ebs", event, True) == (event != "terminate")
        assert persistence.survives("ebs", event, False)


def test_defaults_of_delete_on_termination():
    """The console and the API differ for data volumes named at launch, and only there."""
    default = persistence.default_delete_on_termination
    assert default(True, "at launch", "console") and default(True, "at launch", "api")
    assert not default(False, "at launch", "console") and default(False, "at launch", "api")
    assert not default(False, "later") and not default(True, "later")


def test_lifecycle_saves_and_traffic_costs():
    """Is the bill the sum of its parts?"""
    kept = efs.StorageClasses(100, 100, 100)
    assert prices.file_system_month(kept) == pytest.approx(30 + 1.6 + 0.8)
    assert prices.file_system_month(kept, read_gib=10, written_gib=10) == pytest.approx(32.4 + 0.9)
    assert prices.fast_snapshot_restore_month(1) == pytest.approx(547.5)


@pytest.mark.parametrize(
    "call",
    [
        lambda: persistence.survives("usb", "stop"),
        lambda: persistence.survives("ebs", "sneeze"),
        lambda: persistence.default_delete_on_termination(True, "never"),
        lambda: io_operations.counted(1, 1, True, "tape"),
        lambda: ceiling("gp9", 100),
    ],
)
def test_an_unknown_word_is_named(call):
    """Does a wrong word get told what there is?"""
    with pytest.raises(ValueError, match="'"):
        call()
