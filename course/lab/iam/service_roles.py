"""What a service may do with a role it was given: Lambda polling a queue, a state machine calling a function.

The service assumes the role and asks with the role's permissions, so identity-based policies, the permissions boundary
and SCPs count, and the resource's own policy too.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-service.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from random import Random
from string import ascii_uppercase, digits
from typing import Any

from moto.core.utils import utcnow
from moto.iam.models import AccessKey, iam_backends

from course.iam.evaluation import Decision, Request, evaluate
from course.iam.principals import Principal

from .caller import Caller, Session, entity_by_arn, sessions
from .context import now, request_keys
from .policies import policies_for, resource_policy

_LETTERS = ascii_uppercase + digits


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
    resource = trust = None
    if action == "sts:AssumeRole":
        target = role_by_arn(resource_arn)
        if target is None:
            return None
        trust = target.assume_role_policy_document
    elif resource_arn != "*":
        resource = resource_policy(action.partition(":")[0], resource_arn, account, region)
    context = {**(keys or {}), **request_keys(region, True, None)}
    owner = resource_arn.split(":")[4] if resource_arn.count(":") >= 5 else ""
    request = Request(caller.principal, action, resource_arn, "" if owner else account, context)
    return evaluate(request, policies_for(caller, resource, trust))


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


def service_session(service: str, role: Any, session: str, draw: Random) -> tuple[str, str, str]:
    """Access key, secret key and token of a session that the service has with moto's role; one for each role and service.

    Whether the role's trust policy lets the service in is to be asked before. session: its name, used when there is none
    yet. draw: where the key comes from, so that no other id changes.
    """
    backend = iam_backends[role.account_id]["aws"]
    made = backend.__dict__.setdefault("_lab_service_sessions", {})
    known = made.get((service, role.id))
    if known is None or sessions(backend)[known].expires <= now() + timedelta(minutes=5):
        key = AccessKey.__new__(AccessKey)
        key.user_name, key.status, key.last_used, key.role_arn = None, "Active", None, role.arn
        key.access_key_id = "ASIA" + "".join(draw.choices(_LETTERS, k=16))
        key.secret_access_key, key.create_date = "".join(draw.choices(_LETTERS, k=40)), utcnow()
        backend.access_keys[key.access_key_id] = key
        sessions(backend)[key.access_key_id] = Session(
            kind="role",
            account=role.account_id,
            owner=role.arn,
            arn=f"arn:aws:sts::{role.account_id}:assumed-role/{role.name}/{session}",
            user_id=f"{role.id}:{session}",
            issued=now(),
            expires=now() + timedelta(hours=12),
        )
        known = made[service, role.id] = key.access_key_id
    return known, backend.access_keys[known].secret_access_key, f"session of {service}"
