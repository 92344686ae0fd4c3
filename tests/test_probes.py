"""Does the offline account answer each probe as AWS does?"""

from __future__ import annotations

import pytest

from tests.probes import runner
from tests.probes.notation import AS_AWS


@pytest.fixture(scope="module")
def run():
    with runner.offline_account() as run:
        yield run


NOT_YET = {f"{area}-{id}" for area, module in runner.modules().items() for id in module.not_yet}
PROBES = {f"{area}-{probe.id}": probe for area, probe in runner.every()}


@pytest.mark.parametrize("name", PROBES)
def test_answers_as_aws(run, name):
    """As AWS; and a probe listed in its module's `not_yet` is taken out of there once the account answers it."""
    outcome, sentence = run(PROBES[name])
    if name in NOT_YET:
        assert outcome != AS_AWS, "the account answers this now as AWS does: take it out of not_yet"
    else:
        assert outcome == AS_AWS, sentence


def test_what_is_not_yet_is_a_probe():
    """Is each name in `not_yet` one of a probe?"""
    assert NOT_YET <= set(PROBES)
