"""All policies that apply to a request, by policy type.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from course.iam.policy_document import PolicyDocument, policy_document
from course.iam.request import Request
from course.iam.statements import Statement

__all__ = ["Found", "Policies"]


class Found(NamedTuple):
    """A statement, and the policy in which it stands."""

    policy_type: str
    policy: str
    statement: Statement


Named = tuple[tuple[str, PolicyDocument], ...]
_FIELDS = {
    "identity": "identity",
    "resource": "resource",
    "trust": "trust",
    "boundary": "boundary",
    "session": "session",
    "service_control": "scp",
    "resource_control": "rcp",
}


@dataclass(frozen=True)
class Policies:
    """What applies to a request. Each field takes one document (a dict, JSON text or a `PolicyDocument`), a list of
    documents, or a dict of names and documents; the names appear in explanations.

    identity: of the user and the groups it is in, or of the role. resource: of the resource. trust: of the role that is
    assumed. boundary: the permissions boundary of the user or role. session: passed when the session was made; None
    when none was passed. service_control: SCPs; a list is one level, a list of lists goes from the organization's root
    over the OUs to the account. Leave them out for the management account, which SCPs do not restrict.
    resource_control: RCPs of the resource's account; only their Deny statements count, since RCPFullAWSAccess is always
    attached.

    A role's trust policy and a KMS key's policy must allow by themselves. Where none is given the question is not asked.
    """

    identity: Any = ()
    resource: Any = ()
    trust: Any = ()
    boundary: Any = ()
    session: Any = None
    service_control: Any = ()
    resource_control: Any = ()

    def __post_init__(self) -> None:
        if self.resource and self.trust:
            raise ValueError(
                "give resource or trust, not both: the trust policy is the resource-based policy of a role"
            )
        for field, policy_type in _FIELDS.items():
            given = getattr(self, field)
            if field == "service_control":
                levels = given if _is_levels(given) else [given] if given not in (None, (), [], {}) else []
                compiled = tuple(_named(level, policy_type) for level in levels)
            elif field == "session" and given is None:
                compiled = None
            else:
                compiled = _named(given, policy_type)
            object.__setattr__(self, field, compiled)
        if len(self.boundary) > 1:
            raise ValueError(f"a user or role has one permissions boundary, not {len(self.boundary)}")

    def of(self, policy_type: str) -> Named:
        """The named documents of one policy type, all levels together."""
        if policy_type == "scp":
            return tuple(policy for level in self.service_control for policy in level)
        field = {"rcp": "resource_control"}.get(policy_type, policy_type)
        return getattr(self, field) or ()


def first(named: Named, request: Request, effect: str, has_boundary: bool = False) -> Found | None:
    """The first statement with this effect that applies, in the order of the policies."""
    for name, document in named:
        for statement in document.statements:
            if statement.effect == effect and statement.applies(request, has_boundary):
                return Found(document.policy_type, name, statement)
    return None


def _is_levels(given: Any) -> bool:
    if isinstance(given, (str, Mapping, PolicyDocument)) or not isinstance(given, Sequence):
        return False
    nested = [isinstance(level, (list, tuple)) for level in given]
    if any(nested) and not all(nested):
        raise TypeError("service_control is a list of policies (one level) or a list of lists (levels), not a mixture")
    return bool(nested) and all(nested)


def _named(given: Any, policy_type: str) -> Named:
    if given is None or given in ((), [], {}):
        return ()
    if isinstance(given, (str, PolicyDocument)) or (isinstance(given, Mapping) and _is_document(given)):
        given = [given]
    if isinstance(given, Mapping):
        named = [(str(name), document) for name, document in given.items()]
    elif isinstance(given, (list, tuple)):
        named = [(f"policy {number}", document) for number, document in enumerate(given, 1)]
    else:
        raise TypeError(f"policies are documents, a list of them or a dict of names and documents, not {given!r}")
    return tuple((name, policy_document(document, policy_type)) for name, document in named)


def _is_document(given: Mapping) -> bool:
    return any(element in given for element in ("Statement", "Version", "Id"))
