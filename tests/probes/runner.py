"""Run probes, each on a fresh account."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
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


_WITH_MANAGED_POLICIES = {"root-and-users", "groups", "policy-documents", "least-privilege", "roles-for-services"}


@contextmanager
def plain_moto() -> Iterator[Callable[[Probe], tuple[str, str]]]:
    """The same on moto as it comes, for comparison; only its list of images is cut, which costs a second a probe."""
    os.environ.update(AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing", AWS_DEFAULT_REGION="us-east-1")
    with tempfile.NamedTemporaryFile("w", suffix=".json") as images:
        json.dump(list(_images()), images)
        images.flush()
        os.environ["MOTO_AMIS_PATH"] = images.name
        # moto reads its settings when it is imported, and clients made before are not its own.
        import moto.ec2.models
        from moto.core.base_backend import BackendDict
        from moto.core.model_instances import reset_model_data

        config = {"iam": {"load_aws_managed_policies": True}, "stepfunctions": {"execute_state_machine": True}}
        policies = config["iam"]
        from course.lab import speed

        # Neither changes an answer.
        speed.read_models_once()
        speed.count_regions_once()
        mock = moto.mock_aws(config=config)
        mock.start()
    aws = Account()

    def run(probe: Probe) -> tuple[str, str]:
        # moto's own reset() makes every backend anew at once.
        for backend in BackendDict._instances:
            backend.clear()
            for beside in ("bucket_accounts", "master_accounts"):
                getattr(backend, beside, {}).clear()
        reset_model_data()
        aws.forget()
        # moto makes its IAM state with the first request of any service; 1,500 policies take most of a second.
        policies["load_aws_managed_policies"] = probe.topic in _WITH_MANAGED_POLICIES
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return probe.outcome(aws)

    try:
        yield run
    finally:
        mock.stop()


def _images() -> Iterator[dict]:
    """Amazon Linux 2023 as moto lists it, in the Regions that probes use."""
    resources = Path(importlib.util.find_spec("moto").origin).parent / "ec2" / "resources" / "latest_amis"
    for region in ("us-east-1", "eu-west-1", "us-west-2"):
        for image in json.loads(gzip.decompress((resources / f"{region}.json.gz").read_bytes())):
            if image["name"].startswith("al2023-ami-2023"):
                yield image
