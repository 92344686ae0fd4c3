"""Who sends a request: found by its access key in moto's IAM and STS state.

The lab's own key (environment.py) belongs to the IAM user `administrator` with the policy AdministratorAccess; what it
asks is not evaluated, except where AWS asks the resource too: a role's trust policy and a bucket's policy.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import AccessKey, IAMBackend, User
from moto.iam.models import iam_backends as _iam

from course.iam.principals import Principal

from ..environment import OWN_ACCESS_KEY, OWN_SECRET_KEY
from ..gate import Refused, replaces
from .context import now

ADMINISTRATOR = "administrator"
ADMINISTRATOR_ACCESS = "arn:aws:iam::aws:policy/AdministratorAccess"


@dataclass(frozen=True)
class Session:
    """Temporary credentials. `policies` are the session policies, None if none was passed; `kind` is "role", "user" or
    "federated"; `owner` is the ARN of the role or user whose permissions it has."""

    kind: str
    account: str
    owner: str
    arn: str
    user_id: str
    issued: datetime
    expires: datetime
    policies: tuple[str, ...] | None = None
    tags: tuple[tuple[str, str], ...] = ()
    mfa_since: datetime | None = None


@dataclass(frozen=True)
class Caller:
    """One caller: who it is for a policy, and moto's user or role whose policies count (None for an anonymous one)."""

    principal: Principal
    account: str
    entity: Any = None
    session: Session | None = None

    @property
    def is_administrator(self) -> bool:
        return self.principal.arn == f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:user/{ADMINISTRATOR}"

    @property
    def is_anonymous(self) -> bool:
        return self.principal.kind == "anonymous"


def caller_of(access_key: str, token: str | None = None) -> Caller:
    """The caller with this key; without one, anyone. Refused for keys that are unknown, inactive, expired, or lack their session token."""
    if not access_key:
        return Caller(Principal("*"), "")
    # moto would make an IAM state for every account it is asked for, so only those that exist are looked through.
    for account, backends in list(_iam.items()):
        if "aws" not in backends:
            continue
        backend = backends["aws"]
        session = sessions(backend).get(access_key)
        if session:
            return _session_caller(backend, session, token)
        key = backend.access_keys.get(access_key)
        owner = None if key is None else _owner(backend, key)
        if owner is not None:
            # A long-term key has no token, so one with a token is not what it says it is.
            if key.status != "Active" or token:
                break
            return user_caller(backend, owner, account)
    raise Refused("InvalidClientTokenId", "The security token included in the request is invalid.", 403)


def _owner(backend: IAMBackend, key: AccessKey) -> User | None:
    """The user of a long-term key. moto leaves the old name in the key when a user is renamed."""
    user = backend.users.get(key.user_name)
    if user is not None and key in user.access_keys:
        return user
    return next((user for user in backend.users.values() if key in user.access_keys), None)


def user_caller(backend: IAMBackend, user: User, account: str) -> Caller:
    tags = {tag["Key"]: tag["Value"] for tag in backend.tagger.list_tags_for_resource(user.arn)["Tags"]}
    return Caller(Principal(user.arn, tags, user_id=user.id), account, user)


def sessions(backend: IAMBackend) -> dict[str, Session]:
    """The temporary credentials that this account gave out, by access key; they vanish with the account's state."""
    return backend.__dict__.setdefault("_lab_sessions", {})


def _session_caller(backend: IAMBackend, session: Session, token: str | None) -> Caller:
    if not token:
        raise Refused("InvalidClientTokenId", "The security token included in the request is invalid.", 403)
    if now() >= session.expires:
        raise Refused("ExpiredToken", "The security token included in the request is expired", 403)
    entity = entity_by_arn(backend, session.owner)
    if entity is None:
        raise Refused("InvalidClientTokenId", "The security token included in the request is invalid.", 403)
    if session.kind == "user":
        owner = user_caller(backend, entity, session.account)
        return Caller(owner.principal, session.account, entity, session)
    if session.kind == "federated":
        who = Principal(session.arn, dict(session.tags), user_arn=session.owner, user_id=session.user_id)
    else:
        tags = {tag["Key"]: tag["Value"] for tag in entity.tags or ()} | dict(session.tags)
        who = Principal(session.arn, tags, role_arn=session.owner, user_id=session.user_id)
    return Caller(who, session.account, entity, session)


def entity_by_arn(backend: IAMBackend, arn: str) -> Any:
    """moto's user or role with this ARN, or None."""
    if arn.count(":") < 5:
        return None
    kind, name = arn.split(":", 5)[5].split("/", 1)[0], arn.rpartition("/")[2]
    if kind == "user":
        found = backend.users.get(name)
    else:
        found = next((role for role in backend.roles.values() if role.name == name), None)
    return found if found is not None and found.arn == arn else None


@replaces(IAMBackend, "__init__")
def account_with_administrator(moto: Any, backend: IAMBackend, region_name: str, account_id: str) -> None:
    """The learner's account has its administrator from the start; ids of other things do not depend on it."""
    moto(backend, region_name, account_id)
    if region_name != "aws" or account_id != DEFAULT_ACCOUNT_ID:
        return
    from moto.moto_api._internal import mock_random

    state = mock_random.getstate()
    mock_random.seed("administrator")
    try:
        user = User(account_id, region_name, ADMINISTRATOR)
        key = AccessKey(ADMINISTRATOR, "AKIA", account_id)
    finally:
        mock_random.setstate(state)
    key.access_key_id, key.secret_access_key = OWN_ACCESS_KEY, OWN_SECRET_KEY
    user.access_keys.append(key)
    backend.users[ADMINISTRATOR] = user
    backend.access_keys[OWN_ACCESS_KEY] = key
    policy = backend.managed_policies.get(ADMINISTRATOR_ACCESS)
    if policy is not None:
        policy.attach_to(user)
