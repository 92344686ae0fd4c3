"""What a service may do with a role it was given: Lambda polling a queue, a state machine calling a function.

The service assumes the role and asks with the role's permissions, so identity-based policies, the permissions boundary
and SCPs count, and the resource's own policy too.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-service.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.iam.models import iam_backends

from course.iam.evaluation import Decision, Request, evaluate
from course.iam.principals import Principal

from .caller import Caller, entity_by_arn
from .context import request_keys
from .policies import policies_for, resource_policy


def role_by_arn(arn: str) -> Any:
    """moto's role with this ARN, in whatever account of the lab, or None."""
    fields = arn.split(":", 5)
    if len(fields) != 6 or fields[4] not in iam_backends or not fields[5].startswith("role/"):
        return None
    return entity_by_arn(iam_backends[fields[4]]["aws"], arn)


def role_decision(
    role_arn: str,
    session: str,
    action: str,
    resource_arn: str,
    region: str,
    keys: Mapping[str, Any] | None = None,
) -> Decision | None:
    """The decision about what a service asks with a role; None if there is no such role.

    session: the name of the service's session, which the message of a denial shows. resource_arn: "*" where the action
    has no resource.
    """
    role = role_by_arn(role_arn)
    if role is None:
        return None
    account = role_arn.split(":")[4]
    arn = f"arn:aws:sts::{account}:assumed-role/{role.name}/{session}"
    tags = {tag["Key"]: tag["Value"] for tag in role.tags or ()}
    caller = Caller(Principal(arn, tags, role_arn=role_arn, user_id=f"{role.id}:{session}"), account, role)
    resource = None
    if resource_arn != "*":
        resource = resource_policy(action.partition(":")[0], resource_arn, account, region)
    context = {**(keys or {}), **request_keys(region, True, None)}
    owner = resource_arn.split(":")[4] if resource_arn.count(":") >= 5 else ""
    request = Request(caller.principal, action, resource_arn, "" if owner else account, context)
    return evaluate(request, policies_for(caller, resource))


def role_may(
    role_arn: str,
    action: str,
    resource_arn: str,
    region: str,
    keys: Mapping[str, Any] | None = None,
    session: str = "service",
) -> bool:
    """Whether a service that was given this role may do the action on the resource."""
    decision = role_decision(role_arn, session, action, resource_arn, region, keys)
    return decision is not None and decision.allowed
