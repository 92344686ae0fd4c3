"""Incremental snapshots: every one is whole, nothing is stored twice, a deletion frees what nobody needs."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from course.storage.snapshots import SnapshotChain, fast_restore_volumes, initialization_seconds


class Snapshots(RuleBasedStateMachine):
    """Write, snapshot and delete in any order; compare with full copies kept aside."""

    def __init__(self):
        super().__init__()
        self.chain, self.copies, self.taken = SnapshotChain(6), {}, 0

    @rule(positions=st.lists(st.integers(0, 5), min_size=1, max_size=6, unique=True))
    def write(self, positions):
        self.chain.write(*positions)

    @rule()
    def snapshot(self):
        self.taken += 1
        before = len(self.chain.stored())
        stored = self.chain.snapshot(f"s{self.taken}")
        self.copies[f"s{self.taken}"] = tuple(self.chain.content)
        assert len(self.chain.stored()) == before + len(stored)

    @precondition(lambda self: self.copies)
    @rule(data=st.data())
    def delete(self, data):
        name = data.draw(st.sampled_from(sorted(self.copies)))
        before = len(self.chain.stored())
        freed = self.chain.delete(name)
        del self.copies[name]
        assert len(self.chain.stored()) == before - len(freed)

    @invariant()
    def every_snapshot_can_be_restored_whole(self):
        for name, content in self.copies.items():
            assert self.chain.restore(name) == content
        assert len(self.chain.stored()) <= self.chain.full_copies()


TestSnapshots = Snapshots.TestCase


def test_deleting_the_middle_frees_only_its_own_blocks():
    """The example of the lesson: what only the middle one refers to."""
    chain = SnapshotChain(4)
    chain.write(0, 1, 2)
    assert chain.snapshot("mon") == [0, 1, 2]
    chain.write(1)
    assert chain.snapshot("tue") == [1]
    chain.write(1, 2)
    assert chain.snapshot("wed") == [1, 2]
    assert chain.delete("tue") == [1]
    assert chain.restore("wed") == (1, 3, 3, 0)


@pytest.mark.parametrize(("gib", "volumes"), [(50, 10), (100, 10), (128, 8), (1024, 1), (16_384, 1)])
def test_fast_snapshot_restore_credits(gib, volumes):
    """1,024 / size, from 1 to 10."""
    assert fast_restore_volumes(gib) == volumes


def test_initialisation_time_is_aws_example():
    """AWS: 10 GiB at 300 MiB/s take 34.1 seconds."""
    assert initialization_seconds(10, 300) == pytest.approx(34.1, abs=0.05)


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda: SnapshotChain(0), ValueError, "at least 1"),
        (lambda: SnapshotChain(2).write(2), ValueError, "from 0 to 1"),
        (lambda: SnapshotChain(2).restore("x"), KeyError, "there are: none"),
        (lambda: fast_restore_volumes(20_000), ValueError, "from 1 to 16,384"),
        (lambda: initialization_seconds(10, 301), ValueError, "from 100 to 300"),
    ],
)
def test_a_wrong_argument_is_named_with_the_rule(call, error, sentence):
    """Does bad input get one clear sentence?"""
    with pytest.raises(error, match=sentence):
        call()
