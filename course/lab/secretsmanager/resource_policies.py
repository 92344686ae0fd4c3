"""Policies attached to secrets: sound, about principals that exist, and not public where that is asked for.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ValidateResourcePolicy.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from course.iam.grammar import problems

from ..gate import Call, Refused, answers, refuses
from ..kms.key_policies import require_principals
from .secrets import find_secret

_MALFORMED = "MalformedPolicyDocumentException"
_UNKNOWN = "This resource policy contains an unsupported principal."
# A wildcard principal is not public where a condition says who or from where, with a value that is not a wildcard.
_RESTRICTING = {
    *("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:sourcevpc"),
    *("aws:sourcevpce", "aws:sourceip", "aws:sourcearn", "aws:sourceaccount", "aws:userid", "aws:username"),
}


@refuses("secretsmanager", "PutResourcePolicy", "ValidateResourcePolicy")
def impossible_policy(call: Call) -> None:
    """MalformedPolicyDocumentException for what is no policy."""
    if call.operation == "PutResourcePolicy" or "SecretId" in call.params:
        find_secret(call)
    text = call.params["ResourcePolicy"]
    found = problems(text, "resource")
    if found:
        raise Refused(_MALFORMED, f"This resource policy contains a syntax error. {found[0].message}")
    if call.operation == "PutResourcePolicy":
        require_principals(json.loads(text), _MALFORMED, _UNKNOWN)


@refuses("secretsmanager", "PutResourcePolicy")
def public_policy(call: Call) -> None:
    """With BlockPublicPolicy no access for everybody."""
    if call.params.get("BlockPublicPolicy") and list(public_statements(call.params["ResourcePolicy"])):
        raise Refused(
            "PublicPolicyException",
            "You can't attach a resource policy that allows broad access to the secret, as with a wildcard principal.",
        )


def public_statements(text: str) -> Iterator[dict[str, Any]]:
    """The statements of a policy that let anybody in."""
    statements = json.loads(text)["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal")
        named = principal.get("AWS", []) if isinstance(principal, dict) else principal
        everybody = "NotPrincipal" in statement or "*" in ([named] if isinstance(named, str) else named or [])
        if statement["Effect"] == "Allow" and everybody and not _restricted(statement.get("Condition") or {}):
            yield statement


def _restricted(condition: dict[str, dict[str, Any]]) -> bool:
    for operator, keys in condition.items():
        if "Not" in operator or operator.endswith("IfExists") or operator == "Null":
            continue
        for key, wanted in keys.items():
            values = wanted if isinstance(wanted, list) else [wanted]
            if key.lower() in _RESTRICTING and not {"*", "0.0.0.0/0", "::/0"} & set(values):
                return True
    return False


@answers("secretsmanager", "ValidateResourcePolicy")
def validate_policy(call: Call) -> dict:
    """Whether the policy would pass, and what is wrong with it."""
    text, errors = call.params["ResourcePolicy"], []
    if list(public_statements(text)):
        message = "The resource policy grants broad access to the secret."
        errors.append({"CheckName": "ZELKOVA_CHECK", "ErrorMessage": message})
    try:
        require_principals(json.loads(text), _MALFORMED, _UNKNOWN)
    except Refused as refusal:
        errors.append({"CheckName": "POLICY_SYNTAX_CHECK", "ErrorMessage": refusal.message})
    return {"PolicyValidationPassed": not errors, "ValidationErrors": errors}
