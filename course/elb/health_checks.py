"""Health checks: when a target leaves service and when it comes back, check by check.

    check = HealthCheck.of(elbv2.describe_target_groups()["TargetGroups"][0])
    walk(check, [200, 200, 503, 503, 200])

A load balancer asks each target every `interval` seconds. One success makes a new target healthy; after that it takes as
many successes or failures in a row as the thresholds say to change its state.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["Checked", "HealthCheck", "in_service", "seconds_until_unhealthy", "walk"]

INITIAL, HEALTHY, UNHEALTHY = "initial", "healthy", "unhealthy"
_IN_USE = (INITIAL, HEALTHY, UNHEALTHY)


@dataclass(frozen=True)
class HealthCheck:
    """How a target group checks: `interval` and `timeout` in seconds, thresholds in checks, `codes` as AWS writes them."""

    interval: int
    timeout: int
    healthy_threshold: int
    unhealthy_threshold: int
    codes: str = "200"

    def __post_init__(self) -> None:
        for name in ("interval", "timeout", "healthy_threshold", "unhealthy_threshold"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is at least 1, not {getattr(self, name)}")
        self._ranges()

    @classmethod
    def of(cls, target_group: dict) -> HealthCheck:
        """The check of a target group as describe_target_groups shows it."""
        matcher = target_group.get("Matcher", {})
        return cls(
            target_group["HealthCheckIntervalSeconds"],
            target_group["HealthCheckTimeoutSeconds"],
            target_group["HealthyThresholdCount"],
            target_group["UnhealthyThresholdCount"],
            matcher.get("HttpCode") or matcher.get("GrpcCode") or "200",
        )

    def passes(self, answer: int | None) -> bool:
        """Whether an answer, an HTTP or gRPC code, is a success; None is none within the time-out, or no connection."""
        return answer is not None and any(first <= answer <= last for first, last in self._ranges())

    def _ranges(self) -> list[tuple[int, int]]:
        ranges = []
        for part in self.codes.split(","):
            first, _, last = part.partition("-")
            if not first.strip().isdigit() or last and not last.strip().isdigit():
                raise ValueError(f"codes are written like 200, 200-299 or 200,302, not {self.codes!r}")
            ranges.append((int(first), int(last or first)))
        return ranges


@dataclass(frozen=True)
class Checked:
    """One check: when it was sent (seconds), whether it passed, how many in a row did the same, and the state after it."""

    seconds: int
    passed: bool
    in_a_row: int
    state: str


def walk(check: HealthCheck, answers: Iterable[int | None], state: str = INITIAL) -> list[Checked]:
    """The checks of one target, given its answers in order; the first is sent at 0 seconds. ValueError for other states."""
    if state not in _IN_USE:
        raise ValueError(f"a target that is checked is one of {', '.join(_IN_USE)}, not {state!r}")
    seen: list[Checked] = []
    for number, answer in enumerate(answers):
        passed = check.passes(answer)
        same = seen[-1].in_a_row if seen and seen[-1].passed == passed else 0
        in_a_row = same + 1
        if passed and (state == INITIAL or in_a_row >= check.healthy_threshold):
            state = HEALTHY
        elif not passed and in_a_row >= check.unhealthy_threshold:
            state = UNHEALTHY
        seen.append(Checked(number * check.interval, passed, in_a_row, state))
    return seen


def seconds_until_unhealthy(check: HealthCheck, since_last_check: float = 0, silent: bool = True) -> float:
    """How long a healthy target that dies goes on getting traffic, in seconds.

    since_last_check: how long before its death the last check was sent, from 0 up to the interval. silent: whether it
    answers nothing, so that each check waits for its time-out (a refused connection is known at once).
    """
    if not 0 <= since_last_check <= check.interval:
        raise ValueError(f"the last check was 0 to {check.interval} seconds ago, not {since_last_check}")
    until_the_first = check.interval - since_last_check
    wait = check.timeout if silent else 0
    return until_the_first + (check.unhealthy_threshold - 1) * check.interval + wait


def in_service(states: Mapping[str, str]) -> set[str]:
    """The targets that get requests, by their states: the healthy ones, and all that are checked where none is healthy.

    Sending to all rather than to none is called fail-open. Targets that are draining or unused get no new requests.
    """
    healthy = {target for target, state in states.items() if state == HEALTHY}
    return healthy or {target for target, state in states.items() if state in (INITIAL, UNHEALTHY)}
