"""The decision: does AWS allow a request, given all policies that apply to it?

An explicit deny in any policy wins; everything else needs an allow. In one account, identity-based and resource-based
policies add up, and a permissions boundary, session policies and SCPs limit; across accounts both sides must allow.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
and https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

from course.iam.decision import ALLOWED, EXPLICIT_DENY, IMPLICIT_DENY, Decision, access_denied_message
from course.iam.policies import Found, Policies, first
from course.iam.principals import Principal
from course.iam.request import Request

__all__ = [
    "Decision",
    "Policies",
    "Principal",
    "Request",
    "access_denied_message",
    "applying_types",
    "evaluate",
]


def evaluate(request: Request, policies: Policies) -> Decision:
    """Decide one request. The decision says which policy type and which statement made it, and explains the rest."""
    for wanted, given, name in ((Request, request, "request"), (Policies, policies, "policies")):
        if not isinstance(given, wanted):
            raise TypeError(f"{name} must be a {wanted.__name__}, not {given!r}")
    denied = _explicit_deny(request, policies)
    if denied:
        return Decision(EXPLICIT_DENY, denied.policy_type, denied, request, policies)
    if request.is_cross_account:
        verdict, policy_type, found = _across_accounts(request, policies)
    else:
        verdict, policy_type, found = _within_account(request, policies)
    return Decision(verdict, policy_type, found, request, policies)


def applying_types(request: Request, policies: Policies) -> list[str]:
    """The policy types that AWS evaluates for this principal, in AWS's order.

    SCPs restrict users, roles and the root user of member accounts, not service-linked roles or services; identity-based
    policies, boundaries and session policies exist for users and roles only.
    """
    principal = request.principal
    types = []
    if not principal.is_service_linked_role:
        types.append("rcp")
        if principal.has_identity_policies or principal.kind == "root":
            types.append("scp")
    types.append("trust" if policies.trust else "resource")
    if principal.has_identity_policies:
        types += ["identity", "boundary", "session"]
    return types


def _explicit_deny(request: Request, policies: Policies) -> Found | None:
    has_boundary = bool(policies.boundary)
    for policy_type in applying_types(request, policies):
        found = first(policies.of(policy_type), request, "Deny", has_boundary)
        if found:
            return found
    return None


Verdict = tuple[str, str, Found | None]


def _within_account(request: Request, policies: Policies) -> Verdict:
    principal = request.principal
    if _blocked_by_scp(request, policies):
        return IMPLICIT_DENY, "scp", None
    resource_type = "trust" if policies.trust else "resource"
    grants = _resource_grants(request, policies, resource_type)
    must_allow = bool(policies.trust) or (bool(policies.resource) and _is_kms_key(request))
    if principal.kind == "root":
        # "By default, all requests are implicitly denied with the exception of the AWS account root user"
        if must_allow and not grants:
            return IMPLICIT_DENY, resource_type, None
        return ALLOWED, "root" if not must_allow else resource_type, grants.get("direct") if must_allow else None
    if "direct" in grants:
        # A grant to the user or session itself is limited by no implicit deny elsewhere.
        return ALLOWED, resource_type, grants["direct"]
    if not principal.has_identity_policies or (must_allow and not grants):
        return IMPLICIT_DENY, resource_type, None
    # A grant to the role of a session counts like an identity-based policy: boundary and session policies limit it.
    allowed = first(policies.identity, request, "Allow") or grants.get("role")
    return _limited(request, policies, allowed)


def _across_accounts(request: Request, policies: Policies) -> Verdict:
    """The account of the principal is evaluated like any account, then that of the resource; both must allow."""
    if _blocked_by_scp(request, policies):
        return IMPLICIT_DENY, "scp", None
    if request.principal.has_identity_policies:
        limited = _limited(request, policies, first(policies.identity, request, "Allow"))
        if limited[0] != ALLOWED:
            return limited
    resource_type = "trust" if policies.trust else "resource"
    grants = _resource_grants(request, policies, resource_type)
    if not grants:
        return IMPLICIT_DENY, resource_type, None
    return ALLOWED, resource_type, next(iter(grants.values()))


def _limited(request: Request, policies: Policies, allowed: Found | None) -> Verdict:
    """An allow, if the boundary and the session policies allow too."""
    if allowed is None:
        return IMPLICIT_DENY, "identity", None
    if policies.boundary and not first(policies.boundary, request, "Allow"):
        return IMPLICIT_DENY, "boundary", None
    # Without a session policy a role session has the role's permissions, a federated user's session has none.
    needed = policies.session is not None or request.principal.kind == "federated user"
    if needed and not first(policies.session or (), request, "Allow"):
        return IMPLICIT_DENY, "session", None
    return ALLOWED, allowed.policy_type, allowed


def _blocked_by_scp(request: Request, policies: Policies) -> bool:
    """Is there a level, from the root of the organization to the account, whose SCPs do not allow the request?

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
    """
    if "scp" not in applying_types(request, policies):
        return False
    return any(not first(level, request, "Allow") for level in policies.service_control)


def _resource_grants(request: Request, policies: Policies, resource_type: str) -> dict[str, Found]:
    """The first Allow statement of each kind of grant: "direct", "role", "account"."""
    grants: dict[str, Found] = {}
    for name, document in policies.of(resource_type):
        for statement in document.applying(request, "Allow", bool(policies.boundary)):
            grants.setdefault(statement.grants(request), Found(resource_type, name, statement))
    return grants


def _is_kms_key(request: Request) -> bool:
    return request.lowered_action.startswith("kms:") and ":key/" in request.resource
