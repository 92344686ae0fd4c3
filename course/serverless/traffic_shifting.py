"""How CodeDeploy shifts traffic to a new version: all at once, canary or linear.

    share("LambdaCanary10Percent5Minutes", minutes=4)    # 10

https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
"""

from __future__ import annotations

from dataclasses import dataclass

from course.data import figures

__all__ = ["TrafficShift", "predefined", "share"]

_PREFIX = "CodeDeployDefault."


@dataclass(frozen=True)
class TrafficShift:
    """kind: AllAtOnce, TimeBasedCanary or TimeBasedLinear. percent: of the first or of each step. interval: minutes."""

    kind: str
    percent: int = 100
    interval: int = 0

    def share(self, minutes: float) -> int:
        """The per cent of traffic on the new version, `minutes` after the shift began; 0 before."""
        if minutes < 0:
            return 0
        if self.kind == "AllAtOnce":
            return 100
        if self.kind == "TimeBasedCanary":
            return self.percent if minutes < self.interval else 100
        return min(100, self.percent * (int(minutes // self.interval) + 1))

    def plan(self) -> list[tuple[int, int]]:
        """(minute, per cent on the new version) for each step, the last one 100."""
        steps, minute = [], 0
        while not steps or steps[-1][1] < 100:
            steps.append((minute, self.share(minute)))
            minute += self.interval
        return steps

    @property
    def duration(self) -> int:
        """Minutes until all traffic is on the new version."""
        return self.plan()[-1][0]


def predefined(name: str) -> TrafficShift:
    """The shift of a predefined configuration, with or without "CodeDeployDefault.". KeyError names what there is."""
    known = figures("codedeploy.traffic")
    bare = name.removeprefix(_PREFIX)
    if bare not in known:
        raise KeyError(f"there is no predefined traffic shift {name!r}; there are: {', '.join(known)}")
    return TrafficShift(*known[bare].value)


def share(name: str, minutes: float) -> int:
    """The per cent of traffic on the new version under a predefined configuration, `minutes` after the shift began."""
    return predefined(name).share(minutes)
