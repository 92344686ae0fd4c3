"""May an AWS service do this? SNS that delivers to a queue, Lambda that assumes a role: principals of their own.

A service acts as {"Service": "sns.amazonaws.com"}. No identity-based policy, boundary or SCP applies to it, so the
resource-based policy of the queue, topic, function or key must let it in, or the trust policy of the role.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from course.iam.evaluation import Policies, Request, evaluate
from course.iam.malformed import MalformedPolicyDocument
from course.iam.policy_document import policy_document

from .context import now


def service_may(
    service: str,
    action: str,
    resource_arn: str,
    policy: str | dict | None,
    account_id: str,
    keys: Mapping[str, Any] | None = None,
) -> bool:
    """Whether a resource's own policy lets the service do the action on it.

    service: as policies name it, "sns.amazonaws.com". policy: JSON text or dict; None or one that the grammar refuses
    allows nothing. account_id: the account of the resource, which the ARN of a bucket does not show. keys: condition
    keys such as aws:SourceArn, in upper or lower case; aws:SourceAccount is read from aws:SourceArn where it shows one
    and you do not name it. Time and TLS are filled in. ValueError for a service or action that is none.
    """
    if not policy:
        return False
    return _allowed(service, action, resource_arn, {"resource": policy}, account_id, keys)


def service_may_assume(
    service: str, trust_policy: str | dict | None, role_arn: str, keys: Mapping[str, Any] | None = None
) -> bool:
    """Whether a role's trust policy lets the service assume it; `keys` as for `service_may`.

    Some services accept their regional name too: ask once for each.
    """
    if not trust_policy:
        return False
    return _allowed(service, "sts:AssumeRole", role_arn, {"trust": trust_policy}, role_arn.split(":")[4], keys)


def _allowed(
    service: str,
    action: str,
    resource: str,
    policies: dict[str, str | dict],
    account_id: str,
    keys: Mapping[str, Any] | None,
) -> bool:
    request = Request(service, action, resource, account_id, _context(keys or {}))
    try:
        compiled = {name: policy_document(policy, name) for name, policy in policies.items()}
    except MalformedPolicyDocument:
        return False
    return evaluate(request, Policies(**compiled)).allowed


def _context(keys: Mapping[str, Any]) -> dict[str, Any]:
    given = {key.lower(): value for key, value in keys.items()}
    moment = now()
    context = {
        "aws:currenttime": moment,
        "aws:epochtime": int(moment.timestamp()),
        "aws:securetransport": True,
    }
    source = given.get("aws:sourcearn")
    fields = source.split(":", 5) if isinstance(source, str) else []
    if len(fields) == 6 and fields[4]:
        context["aws:sourceaccount"] = fields[4]
    return {**context, **given}
