"""Who makes a request: a user, a role session, the root user, a federated user, a service, an identity provider, anyone.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Principal", "PrincipalElement"]

_ARN = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):(?P<service>iam|sts)::(?P<account>\d{12}):"
    r"(?P<kind>user|role|assumed-role|federated-user|oidc-provider|saml-provider|root)(?:/(?P<name>.+))?"
)
_KINDS = {
    "user": "user",
    "role": "role session",
    "assumed-role": "role session",
    "federated-user": "federated user",
    "root": "root",
    "oidc-provider": "identity provider",
    "saml-provider": "identity provider",
}
_WEB_IDENTITY_PROVIDERS = {
    "cognito-identity.amazonaws.com",
    "www.amazon.com",
    "graph.facebook.com",
    "accounts.google.com",
}
_TYPES = {"user": "User", "role session": "AssumedRole", "root": "Account", "federated user": "FederatedUser"}


@dataclass(frozen=True)
class Principal:
    """One principal by its ARN (or a service's name, or "*" for an anonymous caller), with its tags.

    `role_arn` is the role of a session; it is needed where the role has a path, which the session's ARN does not show.
    `user_arn` is the IAM user who asked for a federated user's session. `user_id` is the unique ID (aws:userid).
    """

    arn: str
    tags: Mapping[str, str] = field(default_factory=dict)
    role_arn: str = ""
    user_arn: str = ""
    user_id: str = ""
    kind: str = field(init=False)
    account: str = field(init=False)

    def __post_init__(self) -> None:
        if not isinstance(self.arn, str):
            raise TypeError(f"a principal must be the text of an ARN, a service or '*', not {self.arn!r}")
        if not isinstance(self.tags, Mapping):
            raise TypeError(f"the tags of a principal must be a dict of names and values, not {self.tags!r}")
        kind, account, role = self._read()
        for name, value in (("kind", kind), ("account", account), ("role_arn", self.role_arn or role)):
            object.__setattr__(self, name, value)

    def _read(self) -> tuple[str, str, str]:
        found = _ARN.fullmatch(self.arn)
        if found:
            kind, name = found["kind"], found["name"]
            if (kind == "root") == bool(name) or (found["service"] == "sts") != (kind in _STS):
                raise ValueError(f"{self.arn!r} is no principal: {kind} does not look like that in an ARN")
            role = ""
            if kind == "assumed-role":
                role = f"arn:{found['partition']}:iam::{found['account']}:role/{name.partition('/')[0]}"
            elif kind == "role":
                role = self.arn
            return _KINDS[kind], found["account"], role
        if self.arn in ("*", "anonymous"):
            return "anonymous", "", ""
        if self.arn in _WEB_IDENTITY_PROVIDERS:
            return "identity provider", "", ""
        if re.fullmatch(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?", self.arn):
            return "service", "", ""
        raise ValueError(
            f"{self.arn!r} is no principal: use the ARN of a user, role, role session, federated user, identity "
            "provider or account root, a service such as 'ec2.amazonaws.com', or '*'"
        )

    @property
    def has_identity_policies(self) -> bool:
        """Can identity-based policies, a permissions boundary and session policies apply to it?"""
        return self.kind in ("user", "role session", "federated user")

    @property
    def is_service_linked_role(self) -> bool:
        """SCPs and RCPs do not restrict service-linked roles."""
        return ":role/aws-service-role/" in self.role_arn

    def context(self) -> dict[str, tuple[str, ...]]:
        """The global condition keys that say who is calling, names in lower case."""
        keys = {"aws:principalisawsservice": "true" if self.kind == "service" else "false"}
        if self.kind == "service":
            keys["aws:principalservicename"] = self.arn
        elif self.kind == "identity provider":
            keys["aws:federatedprovider"] = self.arn
        elif self.kind == "anonymous":
            keys |= {"aws:principaltype": "Anonymous", "aws:userid": "anonymous"}
        else:
            keys["aws:principalarn"] = self.role_arn if self.kind == "role session" else self.arn
            keys["aws:principalaccount"] = self.account
            keys["aws:principaltype"] = _TYPES[self.kind]
            if self.kind == "user":
                keys["aws:username"] = self.arn.rpartition("/")[2]
            if self.user_id or self.kind == "root":
                keys["aws:userid"] = self.user_id or self.account
        keys |= {f"aws:principaltag/{name.lower()}": str(value) for name, value in self.tags.items()}
        return {key: (value,) for key, value in keys.items()}


_STS = ("assumed-role", "federated-user")


class PrincipalElement:
    """A compiled Principal element: "*", or ARNs, account ids, services, identity providers and canonical users."""

    __slots__ = ("everyone", "names", "services", "providers")

    def __init__(self, element: str | dict):
        entries = {"AWS": [element]} if isinstance(element, str) else element
        listed = {kind: [names] if isinstance(names, str) else names for kind, names in entries.items()}
        aws = listed.get("AWS", [])
        self.everyone = "*" in aws
        self.names = {re.sub(r"^arn:[^:]*:iam::(\d{12}):root$", r"\1", name) for name in aws if name != "*"}
        self.names |= set(listed.get("CanonicalUser", ()))
        self.services = set(listed.get("Service", ()))
        self.providers = set(listed.get("Federated", ()))

    def named_as(self, principal: Principal) -> str:
        """How the element names the principal: "direct", "role", "account", or "" when it does not.

        "role" is the role of a session, or the user who asked for a federated user's session: such a permission is
        limited by a permissions boundary and session policies. "account" delegates to the account's own policies.
        """
        if self.everyone:
            return "direct"
        if principal.kind == "service":
            return "direct" if principal.arn in self.services else ""
        if principal.kind == "identity provider":
            return "direct" if principal.arn in self.providers else ""
        if principal.kind == "anonymous":
            return ""
        if principal.kind == "root":
            return "direct" if principal.account in self.names else ""
        names = self.names
        if principal.arn in names and principal.arn != principal.role_arn:
            return "direct"
        identifier = principal.user_id.partition(":")[0]
        if principal.role_arn in names or principal.user_arn in names or (identifier and identifier in names):
            return "direct" if principal.kind == "user" else "role"
        return "account" if principal.account in names else ""

    def spares(self, principal: Principal, has_boundary: bool) -> bool:
        """Does a NotPrincipal element with these names except the principal?

        AWS validates the account, then the role, then the session, so the account must be listed too; and a principal
        with a permissions boundary is never excepted.
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
        """
        if has_boundary:
            return False
        how = self.named_as(principal)
        if principal.kind in ("service", "identity provider", "root") or self.everyone:
            return how == "direct"
        return how in ("direct", "role") and principal.account in self.names
