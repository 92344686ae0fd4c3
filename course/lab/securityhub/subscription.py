"""Security Hub must be enabled, once, before it answers.

https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_EnableSecurityHub.html
"""

from __future__ import annotations

from ..gate import Call, Refused, refuses


def _is_on(call: Call) -> bool:
    return bool(call.backend.enabled)


@refuses("securityhub", "EnableSecurityHub")
def enabled_twice(call: Call) -> None:
    """moto enables it again."""
    if _is_on(call):
        raise Refused("ResourceConflictException", "Account is already subscribed to Security Hub", 409)


@refuses("securityhub", "GetFindings", "BatchImportFindings")
def not_enabled(call: Call) -> None:
    """Findings come with the subscription."""
    if not _is_on(call):
        raise Refused("InvalidAccessException", f"Account {call.account_id} is not subscribed to AWS Security Hub", 401)
