"""Resource policies of CloudWatch Logs: which AWS services may write to log groups of the account.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html
"""

from __future__ import annotations

from course.data import value
from course.iam.grammar import problems

from ..gate import Call, Refused, refuses
from .names import invalid


@refuses("logs", "PutResourcePolicy")
def impossible_policy(call: Call) -> None:
    """A policy of the grammar of resource-based policies; a Region holds ten."""
    found = problems(call.params.get("policyDocument", ""), "resource")
    if found:
        raise invalid(f"Invalid policy document: {found[0].message}")
    held = call.backend.resource_policies
    if call.params.get("policyName") not in held and len(held) >= value("logs.filters.resource_policies"):
        raise Refused("LimitExceededException", "Resource limit exceeded.")
