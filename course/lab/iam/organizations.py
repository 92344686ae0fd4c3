"""AWS Organizations: control policies that are some, on a root that has their type enabled, and the role of a member.

https://docs.aws.amazon.com/organizations/latest/userguide/enable-policy-type.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.iam.models import iam_backends
from moto.organizations.models import FakeAccount, organizations_backends

from ..gate import Call, Refused, refuses, replaces

_EVERYTHING = "arn:aws:iam::aws:policy/AdministratorAccess"


def _organization(call: Call) -> Any:
    return organizations_backends[call.account_id]["aws"]


@refuses("organizations", "AttachPolicy")
def type_not_enabled(call: Call) -> None:
    """PolicyTypeNotEnabledException: a new organization has no type of policy enabled."""
    policy = next((one for one in _organization(call).policies if one.id == call.params["PolicyId"]), None)
    roots = [one for one in _organization(call).ou if one.type == "ROOT"]
    if policy is None or not roots:
        return
    if all(one["Type"] != policy.type for root in roots for one in root.policy_types):
        message = "This operation can be performed only for enabled policy types."
        raise Refused("PolicyTypeNotEnabledException", message)


@refuses("organizations", "CreatePolicy", "UpdatePolicy")
def malformed(call: Call) -> None:
    """A service control policy has statements with effect and action, and no principal."""
    kind, content = call.params.get("Type"), call.params.get("Content")
    if call.operation == "UpdatePolicy":
        kind = next((one.type for one in _organization(call).policies if one.id == call.params["PolicyId"]), None)
    if kind == "SERVICE_CONTROL_POLICY" and content is not None and not _is_control_policy(content):
        message = "The provided policy document does not meet the requirements of the specified policy type."
        raise Refused("MalformedPolicyDocumentException", message)


def _is_control_policy(text: str) -> bool:
    try:
        document = json.loads(text)
        statements = document["Statement"]
    except (ValueError, TypeError, KeyError):
        return False
    statements = [statements] if isinstance(statements, dict) else statements
    return isinstance(statements, list) and bool(statements) and all(_is_statement(one) for one in statements)


def _is_statement(one: Any) -> bool:
    if not isinstance(one, dict) or one.get("Effect") not in ("Allow", "Deny"):
        return False
    return ("Action" in one) != ("NotAction" in one) and not {"Principal", "NotPrincipal"} & one.keys()


@replaces(FakeAccount, "__init__")
def role_of_the_management_account(moto: Any, account: FakeAccount, organization: Any, **kwargs: Any) -> None:
    """OrganizationAccountAccessRole may do everything in its account."""
    moto(account, organization, **kwargs)
    name = kwargs.get("RoleName") or "OrganizationAccountAccessRole"
    backend = iam_backends[account.id]["aws"]
    if any(role.name == name for role in backend.roles.values()):
        backend.attach_role_policy(_EVERYTHING, name)
