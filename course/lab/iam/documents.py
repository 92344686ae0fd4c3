"""Policy documents that IAM does not store: the grammar of course.iam decides, with IAM's own message.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.iam.models import iam_backends
from moto.iam.policy_validation import BaseIAMPolicyValidator

from course.iam.grammar import problems

from ..gate import Call, Refused, refuses, replaces
from .caller import entity_by_arn
from .known_services import is_service

# Operation -> the parameter with the document, its policy type, and where it is stored.
_DOCUMENTS = {
    "CreatePolicy": ("PolicyDocument", "identity", "managed"),
    "CreatePolicyVersion": ("PolicyDocument", "identity", "managed"),
    "PutUserPolicy": ("PolicyDocument", "identity", "user"),
    "PutGroupPolicy": ("PolicyDocument", "identity", "group"),
    "PutRolePolicy": ("PolicyDocument", "identity", "role"),
    "CreateRole": ("AssumeRolePolicyDocument", "trust", "trust"),
    "UpdateAssumeRolePolicy": ("PolicyDocument", "trust", "trust"),
}


@refuses("iam", *_DOCUMENTS)
def malformed_document(call: Call) -> None:
    """MalformedPolicyDocument, or LimitExceeded for one that is too long."""
    parameter, policy_type, stored_as = _DOCUMENTS[call.operation]
    text = call.params[parameter]
    found = problems(text, policy_type, stored_as)
    if found:
        raise Refused(found[0].code, found[0].message, 409 if found[0].code == "LimitExceeded" else 400)
    if policy_type == "trust":
        _require_principals(json.loads(text))


@replaces(BaseIAMPolicyValidator, "_validate_version")
def version_of_stored_policies(moto: Any, validator: Any) -> None:
    """moto asks a Version of every policy; AWS only of managed ones, and the grammar above has seen to that."""


def _require_principals(document: dict[str, Any]) -> None:
    """IAM looks up the users and roles that a trust policy names. Other accounts' it knows only where the lab has them."""
    statements = document["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal", {})
        named = principal.get("Service", []) if isinstance(principal, dict) else []
        for service in [named] if isinstance(named, str) else named:
            if not is_service(service):
                raise Refused("MalformedPolicyDocument", f'Invalid principal in policy: "SERVICE":"{service}"')
        named = principal.get("AWS", []) if isinstance(principal, dict) else []
        for arn in [named] if isinstance(named, str) else named:
            account = arn.split(":")[4] if arn.count(":") == 5 else ""
            if account not in iam_backends or not arn.split(":", 5)[5].startswith(("user/", "role/")):
                continue
            if entity_by_arn(iam_backends[account]["aws"], arn) is None:
                raise Refused("MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{arn}"')


def names_nobody(text: str) -> bool:
    """Does a policy that the grammar accepts name a principal that does not exist? Queues and topics ask this too."""
    try:
        _require_principals(json.loads(text))
    except Refused:
        return True
    return False
