"""Run probes, each on a fresh account."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

from .account import Account
from .notation import Probe

AREAS = (
    "infrastructure_iam",
    "ec2",
    "ebs_efs",
    "elb_auto_scaling",
    "serverless",
    "messaging_configuration",
    "cloudformation",
    "operations",
    "enforcement",
    "functions",
    "workflows",
    "apis",
    "messages",
    "stacks",
    "releases",
)


def modules() -> dict[str, ModuleType]:
    """The module of each area; it has `probes` and `not_yet`, the ids of probes that the account fails."""
    return {area: import_module(f"{__package__}.{area}") for area in AREAS}


def every() -> Iterator[tuple[str, Probe]]:
    """All probes with their area."""
    for area, module in modules().items():
        for probe in module.probes:
            yield area, probe


@contextmanager
def offline_account() -> Iterator[Callable[[Probe], tuple[str, str]]]:
    """A function that runs a probe on a fresh offline account of the course."""
    from course import lab

    lab.start()
    aws = Account()

    def run(probe: Probe) -> tuple[str, str]:
        lab.reset()
        aws.forget()
        return probe.outcome(aws)

    try:
        yield run
    finally:
        lab.stop()


@contextmanager
def plain_moto() -> Iterator[Callable[[Probe], tuple[str, str]]]:
    """The same on moto as it comes, for comparison."""
    # moto reads its settings when it is imported, and clients made before are not its own.
    import moto

    quiet = logging.getLogger("moto")
    quiet.disabled = True
    mock = moto.mock_aws(
        config={"iam": {"load_aws_managed_policies": True}, "stepfunctions": {"execute_state_machine": True}}
    )
    mock.start()
    aws = Account()

    def run(probe: Probe) -> tuple[str, str]:
        mock.reset()
        aws.forget()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return probe.outcome(aws)

    try:
        yield run
    finally:
        mock.stop()
