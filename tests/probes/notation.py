"""How a probe is written down.

    @probe("ebs-volumes", "VolumeInUse")
    def delete_an_attached_volume(aws):
        volume = aws.attached_volume()
        yield
        aws.ec2.delete_volume(VolumeId=volume)

The topic is one of the curriculum; what AWS answers is `ok` or an error code (`"A|B"` where AWS uses both). What stands
before `yield` prepares the account and must succeed; what follows is the call in question. A probe without `yield` is
all question. In a probe that must succeed, `assert` says what is then to be seen.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

OK = "ok"
AS_AWS = "as AWS"
OUTCOMES = (AS_AWS, "accepted wrongly", "refused wrongly", "other code", "wrong result", "crashed")


@dataclass(frozen=True)
class Probe:
    """One question to the account, and what AWS answers."""

    id: str
    topic: str
    expected: str
    ask: Callable

    def outcome(self, aws: Any) -> tuple[str, str]:
        """What the account answers, in the words of OUTCOMES, and a sentence that says more."""
        try:
            if inspect.isgeneratorfunction(self.ask):
                steps = self.ask(aws)
                try:
                    next(steps)
                except StopIteration:
                    return "crashed", "the probe has no call after its preparation"
                call = lambda: list(steps)
            else:
                call = lambda: self.ask(aws)
        except ClientError as refusal:
            return "refused wrongly", f"while preparing: {refusal}"
        except Exception as fault:
            return "crashed", f"while preparing: {type(fault).__name__}: {fault}"
        return self._answer(call)

    def _answer(self, call: Callable) -> tuple[str, str]:
        try:
            call()
        except ClientError as refusal:
            code = refusal.response["Error"]["Code"]
            if code in self.expected.split("|"):
                return AS_AWS, ""
            return ("refused wrongly" if self.expected == OK else "other code"), str(refusal)
        except AssertionError as wrong:
            return "wrong result", _where(wrong)
        except Exception as fault:
            return "crashed", f"{type(fault).__name__}: {fault}"
        return (AS_AWS, "") if self.expected == OK else ("accepted wrongly", f"AWS answers {self.expected}")


def _where(wrong: AssertionError) -> str:
    frame = inspect.getinnerframes(wrong.__traceback__)[-1]
    line = (frame.code_context or [""])[0].strip()
    return f"{line} {wrong}".strip()


class Probes:
    """The probes of one area, in the order in which they were written."""

    def __init__(self) -> None:
        self.all: dict[str, Probe] = {}

    def __iter__(self) -> Iterator[Probe]:
        return iter(self.all.values())

    def __call__(self, topic: str, expected: str = OK) -> Callable:
        """Decorate a function as a probe; its name is the probe's id."""

        def register(ask: Callable) -> Callable:
            self.add(ask.__name__, topic, expected, ask)
            return ask

        return register

    def table(self, topic: str, call: Callable, rows: dict[str, tuple[str, dict]]) -> None:
        """Many variants of one call: {id: (what AWS answers, keyword arguments of `call(aws, ...)`)}."""
        for id, (expected, params) in rows.items():
            self.add(id, topic, expected, lambda aws, params=params: call(aws, **params))

    def add(self, id: str, topic: str, expected: str, ask: Callable) -> None:
        if id in self.all:
            raise ValueError(f"there are two probes {id!r}")
        self.all[id] = Probe(id, topic, expected, ask)
