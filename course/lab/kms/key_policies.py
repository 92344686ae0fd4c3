"""Key policies: valid, about principals that exist, and such that the caller can still change them.

https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.iam.models import iam_backends

from course.data import value
from course.iam.evaluation import Request, evaluate
from course.iam.grammar import problems

from ..gate import Call, Refused, answers, refuses
from ..iam.caller import caller_of, entity_by_arn
from ..iam.context import request_keys
from ..iam.policies import policies_for
from .keys import own_key

MALFORMED = "MalformedPolicyDocumentException"


@refuses("kms", "PutKeyPolicy", "GetKeyPolicy")
def policy_name(call: Call) -> None:
    """A key has one policy, called default; AWS_RAM is written by AWS RAM."""
    name = call.params.get("PolicyName", "default")
    if name == "AWS_RAM" and call.operation == "PutKeyPolicy":
        raise Refused("ValidationException", "The AWS_RAM policy can only be managed by the RAM service.")
    if name != "default":
        raise Refused("NotFoundException", "No such policy exists")


@refuses("kms", "CreateKey", "PutKeyPolicy")
def impossible_policy(call: Call) -> None:
    """MalformedPolicyDocumentException for the grammar, for principals that do not exist, and for locking oneself out."""
    text = call.params.get("Policy")
    if call.operation == "PutKeyPolicy":
        arn = own_key(call).arn
    else:
        arn = f"arn:aws:kms:{call.region}:{call.account_id}:key/new"
    if text is None:
        return
    most = value("kms.key_policies.size")
    if len(text.encode()) > most * 1024:
        raise Refused("LimitExceededException", f"The key policy is larger than {most} KB.")
    found = problems(text, "resource")
    if found:
        missing = "Missing required field Principal" in found[0].message
        raise Refused(MALFORMED, "Policy contains a statement with no principal." if missing else found[0].message)
    require_principals(json.loads(text), MALFORMED, "Policy contains a statement with one or more invalid principals.")
    if not call.params.get("BypassPolicyLockoutSafetyCheck") and not may_put_policy(call, arn, text):
        raise Refused(MALFORMED, "The new key policy will not allow you to update the key policy in the future.")


def require_principals(document: dict[str, Any], code: str, message: str) -> None:
    """Raise Refused if a statement names a user or role that does not exist in an account of the lab."""
    statements = document["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal", statement.get("NotPrincipal", {}))
        named = principal.get("AWS", []) if isinstance(principal, dict) else []
        for arn in [named] if isinstance(named, str) else named:
            account = arn.split(":")[4] if arn.count(":") == 5 else ""
            if account not in iam_backends or not arn.split(":", 5)[5].startswith(("user/", "role/")):
                continue
            if entity_by_arn(iam_backends[account]["aws"], arn) is None:
                raise Refused(code, message)


def may_put_policy(call: Call, arn: str, policy: str) -> bool:
    """Whether the caller could put a key policy again once this one holds."""
    try:
        caller = caller_of(call.access_key, call.token)
    except Refused:
        return True
    since, issued = (caller.session.mfa_since, caller.session.issued) if caller.session else (None, None)
    context = request_keys(call.region, caller.session is not None, since, issued)
    context |= {"kms:CallerAccount": caller.account, "kms:PolicyName": "default"}
    request = Request(caller.principal, "kms:PutKeyPolicy", arn, "", context)
    return evaluate(request, policies_for(caller, {arn: policy})).allowed


@answers("kms", "PutKeyPolicy")
def put_policy(call: Call) -> dict:
    """PolicyName may be left out; moto wants it."""
    own_key(call).policy = call.params["Policy"]
    return {}


@answers("kms", "GetKeyPolicy")
def get_policy(call: Call) -> dict:
    """PolicyName may be left out; moto wants it."""
    return {"Policy": own_key(call).policy, "PolicyName": "default"}
