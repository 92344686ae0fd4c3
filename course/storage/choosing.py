"""The cheapest place for a workload's data: EFS, instance store, or the cheapest EBS type that delivers."""

from __future__ import annotations

from dataclasses import dataclass

from course.storage import prices
from course.storage.volume_types import TYPES, Need, provisioned, shortfalls


@dataclass(frozen=True)
class Workload:
    """What a workload needs of its storage: `need` of one volume, and two questions that come before it."""

    need: Need
    zones: int = 1
    may_be_lost: bool = False


def best(workload: Workload) -> str:
    """ "efs", "instance store", or the EBS type with the lowest monthly price that has no shortfall.

    ValueError if no single volume delivers what is needed.
    """
    if workload.zones > 1:
        return "efs"
    if workload.may_be_lost:
        return "instance store"
    able = [kind for kind in TYPES if not shortfalls(kind, workload.need)]
    if not able:
        raise ValueError(f"no single EBS volume delivers {workload.need}")
    need = workload.need
    return min(able, key=lambda kind: prices.volume_month(kind, need.size_gib, *provisioned(kind, need)))


def best_for_the_six() -> dict[str, str]:
    """The answers to the lesson's six workloads, computed from what each needs."""
    six = {
        "A": Workload(Need(30, iops=1_000, boot=True)),
        "B": Workload(Need(1_024, iops=120_000)),
        "C": Workload(Need(4_096, throughput=150)),
        "D": Workload(Need(100), zones=3),
        "E": Workload(Need(100), may_be_lost=True),
        "F": Workload(Need(10_240, throughput=60)),
    }
    return {letter: best(workload) for letter, workload in six.items()}
