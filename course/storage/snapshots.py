"""Incremental snapshots: each stores only the blocks that changed, and a deletion frees only what no other needs.

Sources: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-snapshots.html,
.../ebs-fast-snapshot-restore.html and .../initalize-volume.html
"""

from __future__ import annotations

from dataclasses import dataclass, field

from course.data import value
from course.storage.limits import at_least, between


@dataclass
class SnapshotChain:
    """A volume of `blocks` blocks, its snapshots, and what is stored for them.

    A block's content is a number that goes up each time the block is written; 0 is a block never written, and
    a snapshot stores nothing for it.
    """

    blocks: int
    content: list[int] = field(init=False)
    snapshots: dict[str, tuple[int, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        at_least("blocks", self.blocks, 1)
        self.content = [0] * self.blocks
        self._writes = 0

    def write(self, *positions: int) -> None:
        """Change the content of these blocks (numbered from 0)."""
        for position in positions:
            between("a block's position", position, 0, self.blocks - 1)
        self._writes += 1
        for position in positions:
            self.content[position] = self._writes

    def snapshot(self, name: str) -> list[int]:
        """Take a snapshot; the positions of the blocks that had to be stored for it."""
        if name in self.snapshots:
            raise ValueError(f"there is a snapshot {name!r} already")
        before = self.stored()
        self.snapshots[name] = tuple(self.content)
        return sorted(position for position, _ in self.stored() - before)

    def delete(self, name: str) -> list[int]:
        """Delete a snapshot; the positions of the blocks that this freed."""
        self._existing(name)
        before = self.stored()
        del self.snapshots[name]
        return sorted(position for position, _ in before - self.stored())

    def restore(self, name: str) -> tuple[int, ...]:
        """The content of a volume made from the snapshot: always whole, whatever else was deleted."""
        return self.snapshots[self._existing(name)]

    def stored(self) -> set[tuple[int, int]]:
        """Every block that is kept for the snapshots, as (position, content): each content is stored once."""
        return {(p, c) for kept in self.snapshots.values() for p, c in enumerate(kept) if c}

    def full_copies(self) -> int:
        """How many blocks full copies would store instead."""
        return sum(sum(1 for c in kept if c) for kept in self.snapshots.values())

    def _existing(self, name: str) -> str:
        if name not in self.snapshots:
            raise KeyError(f"there is no snapshot {name!r}; there are: {', '.join(self.snapshots) or 'none'}")
        return name


def fast_restore_volumes(size_gib: float) -> int:
    """Volumes that can be created at once, fully initialised, from a snapshot of `size_gib` with fast snapshot restore.

    The credit bucket holds 1,024 / size credits, at least 1 and at most 10, for each snapshot and Availability Zone.
    """
    between("the size of the snapshot in GiB", size_gib, 1, value("ebs.fast_snapshot_restore.max_size"))
    return max(
        1,
        min(
            value("ebs.fast_snapshot_restore.max_volumes"),
            int(value("ebs.fast_snapshot_restore.credit_pool") / size_gib),
        ),
    )


def initialization_seconds(data_gib: float, rate_mib_per_second: float) -> float:
    """Seconds to bring `data_gib` of a snapshot onto its volume at a provisioned initialisation rate of 100 to 300 MiB/s."""
    at_least("data_gib", data_gib, 0)
    lowest, highest = value("ebs.initialization.min_rate"), value("ebs.initialization.max_rate")
    between("the initialisation rate in MiB/s", rate_mib_per_second, lowest, highest)
    return data_gib * 1024 / rate_mib_per_second
