"""A request to AWS: who wants to do what to which resource, and what else is known about it (the request context).

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-reqcontext.html
and https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from course.iam.principals import Principal

__all__ = ["Request"]

_ACTION = re.compile(r"[A-Za-z0-9.-]+:[A-Za-z0-9-]+")


@dataclass(frozen=True)
class Request:
    """`principal` as an ARN or a `Principal`, `action` such as "s3:GetObject", `resource` as an ARN, or "*" where the
    action has no resource.

    `resource_account` is needed where the ARN does not show it (S3) and the resource is not the principal's.
    `context` holds condition keys: text, number, bool, datetime, bytes, or a list of them; None takes a key out. Keys
    about the principal (aws:username, aws:PrincipalArn, aws:PrincipalTag/...) and aws:ResourceAccount are filled in.
    Time, source IP address and MFA are not: a request knows only what it is told.
    """

    principal: Principal
    action: str
    resource: str = "*"
    resource_account: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    keys: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    lowered_action: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        principal = self.principal if isinstance(self.principal, Principal) else Principal(self.principal)
        if not isinstance(self.action, str) or not _ACTION.fullmatch(self.action):
            raise ValueError(f"an action is a service and an operation, such as 's3:GetObject', not {self.action!r}")
        if not isinstance(self.resource, str) or not self.resource:
            raise ValueError(f"a resource is an ARN, or '*' where the action has none, not {self.resource!r}")
        if not isinstance(self.context, Mapping):
            raise TypeError(f"the context is a dict of condition keys and values, not {self.context!r}")
        fields = self.resource.split(":", 5)
        account = fields[4] if len(fields) == 6 and re.fullmatch(r"\d{12}", fields[4]) else ""
        account = self.resource_account or account or principal.account
        if account and not (isinstance(account, str) and re.fullmatch(r"\d{12}", account)):
            raise ValueError(f"resource_account is an account id of 12 digits, not {account!r}")
        keys = principal.context()
        if account:
            keys["aws:resourceaccount"] = (account,)
        for key, given in self.context.items():
            if not isinstance(key, str):
                raise TypeError(f"a condition key is a text such as 'aws:SourceIp', not {key!r}")
            values = given if isinstance(given, (list, tuple, set, frozenset)) else [given]
            keys[key.lower()] = tuple(_text(key, value) for value in values if value is not None)
        for name, value in (
            ("principal", principal),
            ("resource_account", account),
            ("keys", keys),
            ("lowered_action", self.action.lower()),
        ):
            object.__setattr__(self, name, value)

    @property
    def is_cross_account(self) -> bool:
        """Is the resource in another account than the principal?"""
        return bool(self.principal.account) and self.principal.account != self.resource_account


def _text(key: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        # A time without a zone is taken as UTC, as AWS states its times.
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    raise TypeError(f"the value of {key} must be text, a number, a bool, a datetime, bytes or a list, not {value!r}")
