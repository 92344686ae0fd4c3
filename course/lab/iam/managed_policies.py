"""AWS's 1,500 managed IAM policies, read once: moto parses them anew after every reset, 80 ms before the first call.

Their ids do not come from the account's seed, so that the first account and one after a reset have the same ids.
"""

from __future__ import annotations

from typing import Any

from moto.iam.models import AWSManagedPolicy, IAMBackend
from moto.moto_api._internal import mock_random

from ..gate import replaces

_READ: dict[tuple[str, str], list[AWSManagedPolicy]] = {}


@replaces(IAMBackend, "_init_aws_policies")
def managed_policies(moto: Any, backend: IAMBackend) -> list[AWSManagedPolicy]:
    """Fresh copies: attaching counts in the policy, and a version may be added to it.

    Only for AWS's main partition: to find out whose access key it sees, moto makes an account in all six (0.6 s).
    """
    if backend.region_name != "aws":
        return []
    key = (backend.account_id, backend.region_name)
    if key not in _READ:
        state = mock_random.getstate()
        mock_random.seed("AWS managed policies")
        _READ[key] = moto(backend)
        mock_random.setstate(state)
    fresh = []
    for policy in _READ[key]:
        copied = AWSManagedPolicy.__new__(AWSManagedPolicy)
        copied.__dict__.update(policy.__dict__, versions=list(policy.versions), tags=dict(policy.tags))
        fresh.append(copied)
    return fresh
