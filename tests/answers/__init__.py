"""Wrong and right answers to the exercises, one package for each section: what a class really hands in.

    from tests.answers import Answers, Right, Wrong

    ANSWERS = {
        "volume-types-gp2-baseline": Answers(
            wrong=[Wrong("forgets the floor", refused_by="gp2 gives at least 100 IOPS", code="def baseline_iops(size_gib): ...")],
            right=[Right("sorts the three limits", code="def baseline_iops(size_gib): ...")],
        )
    }

`test_grading.py` has nbgrader grade every one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Wrong:
    """An answer that holds a misconception, and the rule (the check's own sentence) that must not pass."""

    misconception: str
    refused_by: str
    code: str


@dataclass(frozen=True)
class Right:
    """An answer that earns full marks although it is not the reference answer, and how it goes about it."""

    approach: str
    code: str


@dataclass(frozen=True)
class Answers:
    """The answers to one exercise: at least three wrong ones, and other right ones where they exist."""

    wrong: Sequence[Wrong]
    right: Sequence[Right] = field(default=())
