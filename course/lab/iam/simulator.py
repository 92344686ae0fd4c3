"""IAM's policy simulator, answered by course.iam: SimulatePrincipalPolicy and SimulateCustomPolicy.

It decides on the actions, resources and context keys that it is given, without touching the account; trust policies and
SCPs are not part of it. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html
"""

from __future__ import annotations

import json
import re
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends

from course.iam.evaluation import Decision, Policies, Principal, Request, evaluate
from course.iam.malformed import MalformedPolicyDocument

from ..gate import Call, Refused, answers
from .caller import entity_by_arn
from .policies import boundary_of, identity_policies, identity_texts, managed_document

_TYPES = {"identity": "IAM Policy", "resource": "Resource Policy", "boundary": "Permissions Boundary Policy"}


@answers("iam", "SimulatePrincipalPolicy")
def simulate_principal_policy(call: Call) -> dict:
    """The policies of a user, group or role, with those that are passed."""
    backend, arn = iam_backends[call.account_id]["aws"], call.params["PolicySourceArn"]
    entity = entity_by_arn(backend, arn) if "/" in arn else None
    group = next((one for one in backend.groups.values() if one.arn == arn), None)
    if entity is None and group is None:
        raise Refused("NoSuchEntity", f"No entity found for the ARN {arn}.", 404)
    if entity is not None:
        identity, boundary = dict(identity_policies(entity)), boundary_of(entity)
    else:
        managed = {name: managed_document(policy) for name, policy in group.managed_policies.items()}
        identity, boundary = {**group.policies, **managed}, {}
        # A group is no principal: its policies are tried with a user of the account.
        arn = f"arn:aws:iam::{call.account_id}:user/simulated"
    return _simulated(call, call.params.get("CallerArn", arn), identity, boundary)


@answers("iam", "SimulateCustomPolicy")
def simulate_custom_policy(call: Call) -> dict:
    """The policies that are passed, and nothing of the account."""
    caller = call.params.get("CallerArn", f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:user/simulated")
    return _simulated(call, caller, {}, {})


@answers("iam", "GetContextKeysForCustomPolicy")
def context_keys_of_documents(call: Call) -> dict:
    """The condition keys of the policies that are passed, each once."""
    return {"ContextKeyNames": _context_keys(call.params["PolicyInputList"])}


@answers("iam", "GetContextKeysForPrincipalPolicy")
def context_keys_of_a_principal(call: Call) -> dict:
    """Those of its own policies too."""
    backend, arn = iam_backends[call.account_id]["aws"], call.params["PolicySourceArn"]
    entity = entity_by_arn(backend, arn) if "/" in arn else None
    if entity is None:
        raise Refused("NoSuchEntity", f"No entity found for the ARN {arn}.", 404)
    documents = [*identity_texts(entity).values(), *call.params.get("PolicyInputList", ())]
    return {"ContextKeyNames": _context_keys(documents)}


def _context_keys(documents: list[str]) -> list[str]:
    found: dict[str, None] = {}
    for text in documents:
        try:
            statements = json.loads(text).get("Statement", [])
        except (ValueError, AttributeError):
            raise Refused("InvalidInput", "Syntax errors in policy.") from None
        for one in [statements] if isinstance(statements, dict) else statements:
            for keys in (one.get("Condition") or {}).values():
                found.update(dict.fromkeys(keys))
            found.update(dict.fromkeys(re.findall(r"\$\{(aws:[\w/-]+|\w+:[\w/-]+)", json.dumps(one))))
    return list(found)


def _simulated(call: Call, caller: str, identity: dict[str, Any], boundary: dict[str, Any]) -> dict:
    params = call.params
    for position, text in enumerate(params.get("PolicyInputList", ()), 1):
        identity[f"PolicyInputList.{position}"] = text
    passed = params.get("PermissionsBoundaryPolicyInputList")
    boundary = {"PermissionsBoundaryPolicyInputList.1": passed[0]} if passed else boundary
    context = {entry["ContextKeyName"]: entry.get("ContextKeyValues", []) for entry in params.get("ContextEntries", ())}
    resource = {"ResourcePolicy": params["ResourcePolicy"]} if params.get("ResourcePolicy") else ()
    results = []
    try:
        policies = Policies(identity=identity, boundary=boundary or (), resource=resource)
        for action in params["ActionNames"]:
            _require_action(action)
            for arn in params.get("ResourceArns") or ["*"]:
                results.append(_result(evaluate(Request(Principal(caller), action, arn, "", context), policies)))
    except MalformedPolicyDocument as error:
        raise Refused("InvalidInput", error.message) from None
    except ValueError as error:
        raise Refused("InvalidInput", str(error)) from None
    return {"EvaluationResults": results, "IsTruncated": False}


def _require_action(action: str) -> None:
    prefix, colon, name = action.partition(":")
    if not colon or not name:
        raise Refused("InvalidInput", f"Invalid Action: {action}")


def _result(decision: Decision) -> dict[str, Any]:
    matched = []
    if decision.found is not None:
        found = decision.found
        matched.append(
            {"SourcePolicyId": found.policy, "SourcePolicyType": _TYPES.get(found.policy_type, "IAM Policy")}
        )
    missing = sorted(
        {
            condition.key
            for part in decision.explanation
            for statement in part.statements
            for condition in statement.elements
            if condition.element == "Condition" and condition.seen is None
        }
    )
    result = {
        "EvalActionName": decision.request.action,
        "EvalResourceName": decision.request.resource,
        "EvalDecision": decision.decision,
        "MatchedStatements": matched,
        "MissingContextValues": missing,
    }
    if decision.policies.boundary:
        result["PermissionsBoundaryDecisionDetail"] = {
            "AllowedByPermissionsBoundary": decision.decided_by != "boundary"
        }
    return result
