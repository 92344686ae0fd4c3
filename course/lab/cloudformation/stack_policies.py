"""Stack policies: what an update may do to which resource. Without one everything is allowed, with one what it allows.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
"""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any

from ..gate import Call, Refused
from .state import Stack, StackResource, found

_ACTIONS = ("Update:Modify", "Update:Replace", "Update:Delete", "Update:*")


def checked(text: str) -> str:
    """The policy's text; refused as AWS refuses one that is none."""
    wrong = Refused("ValidationError", "Error validating stack policy: Invalid stack policy")
    try:
        policy = json.loads(text)
    except ValueError:
        raise wrong from None
    if not isinstance(policy, dict) or not isinstance(policy.get("Statement", []), list):
        raise wrong
    for statement in policy.get("Statement", []):
        if not isinstance(statement, dict) or statement.get("Effect") not in ("Allow", "Deny"):
            raise wrong
        if statement.get("Principal") != "*" or not ("Action" in statement or "NotAction" in statement):
            raise wrong
        actions = _listed(statement.get("Action", statement.get("NotAction")))
        if not all(isinstance(one, str) and (one in _ACTIONS or one == "*") for one in actions):
            raise wrong
        if not ("Resource" in statement or "NotResource" in statement):
            raise wrong
    return text


def denial(stack: Stack, action: str, record: StackResource) -> str | None:
    """Why the stack's policy denies an action such as Update:Replace, in AWS's words; None when it does not."""
    if not stack.policy:
        return None
    allowed = False
    resource = f"LogicalResourceId/{record.logical_id}"
    for position, statement in enumerate(json.loads(stack.policy).get("Statement", []), 1):
        if not (_about(statement, "Action", action) and _about(statement, "Resource", resource)):
            continue
        if not _condition(statement.get("Condition", {}), record.type):
            continue
        if statement["Effect"] == "Deny":
            return f"Action denied by stack policy: Statement [#{position}] does not allow [{action}] for resource [{resource}]"
        allowed = True
    return (
        None
        if allowed
        else f"Action not allowed by stack policy: no statement allows [{action}] for resource [{resource}]"
    )


def _about(statement: dict[str, Any], element: str, name: str) -> bool:
    if element in statement:
        return any(fnmatchcase(name, one) for one in _listed(statement[element]))
    return not any(fnmatchcase(name, one) for one in _listed(statement[f"Not{element}"]))


def _condition(condition: dict[str, Any], kind: str) -> bool:
    for operator, keys in condition.items():
        wanted = _listed(keys.get("ResourceType", []))
        match = any(fnmatchcase(kind, one) if "Like" in operator else kind == one for one in wanted)
        if match == operator.startswith("StringNot"):
            return False
    return True


def _listed(value: Any) -> list:
    return value if isinstance(value, list) else [value]


def set_stack_policy(call: Call) -> dict:
    """SetStackPolicy."""
    stack = found(call, call.params["StackName"])
    stack.policy = from_request(call, "StackPolicyBody", "StackPolicyURL")
    return {}


def from_request(call: Call, body: str, url: str) -> str | None:
    """The policy of a request, from its body or from an S3 bucket; None without one."""
    if call.params.get(body) and call.params.get(url):
        raise Refused("ValidationError", f"You cannot specify both {url} and {body}")
    text = call.params.get(body)
    if call.params.get(url):
        from .template_source import fetched

        text = fetched(call, call.params[url])
    return checked(text) if text and text.strip() else None


def get_stack_policy(call: Call) -> dict:
    """GetStackPolicy."""
    stack = found(call, call.params["StackName"])
    return {"StackPolicyBody": stack.policy} if stack.policy else {}
