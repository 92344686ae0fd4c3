"""Lambda authorizers: what identifies a caller, what the function is asked, and what its answer allows.

The answer is a policy on method ARNs, arn:aws:execute-api:{region}:{account}:{api}/{stage}/{METHOD}/{path}, or in HTTP
APIs simply {"isAuthorized": true}. It is cached by the identity sources, not by the method: a policy that names one
method only denies the next request of the same caller.
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from course.iam.evaluation import Policies, Request, evaluate
from course.iam.malformed import MalformedPolicyDocument
from course.iam.policy_document import policy_document

from .api_events import ApiContext
from .http_messages import HttpRequest
from .proxy_responses import Malformed

__all__ = [
    "ALLOW",
    "DENY",
    "EXPLICIT_DENY",
    "Answer",
    "decide",
    "identity_values",
    "method_arn",
    "read_policy_answer",
    "read_simple_answer",
]

ALLOW, DENY, EXPLICIT_DENY = "allow", "deny", "explicitDeny"


@dataclass(frozen=True)
class Answer:
    """What an authorizer function said: a policy, or in a simple response yes or no; `context` goes to the integration."""

    principal: str = ""
    policy: Mapping[str, Any] | None = None
    authorized: bool = False
    context: Mapping[str, Any] = field(default_factory=dict)
    usage_key: str = ""


def method_arn(region: str, account_id: str, api_id: str, stage: str, method: str, path: str) -> str:
    """The ARN that policies on an API name: .../api/stage/GET/pets/7, with the path as it was requested."""
    return f"arn:aws:execute-api:{region}:{account_id}:{api_id}/{stage}/{method}/{path.lstrip('/')}"


def identity_values(sources: list[str], request: HttpRequest, context: ApiContext) -> list[str] | None:
    """The values of the identity sources; None when one is missing or empty, and the caller so unauthorized.

    sources: "method.request.header.Authorization" of REST APIs or "$request.header.Authorization" of HTTP APIs; also
    querystring, stageVariables and context.
    """
    values = []
    for source in sources:
        kind, _, name = re.sub(r"^(method\.|\$)?(request\.)?", "", source.strip()).partition(".")
        if kind == "header":
            found = request.headers.get(name)
        elif kind == "querystring":
            found = next(iter(request.parameters.get(name, ())), None)
        elif kind.lower() == "stagevariables":
            found = context.stage_variables.get(name)
        else:
            found = _of_context(name, request, context)
        if not found:
            return None
        values.append(found)
    return values


def _of_context(name: str, request: HttpRequest, context: ApiContext) -> str | None:
    known = {
        "accountId": context.account_id,
        "apiId": context.api_id,
        "httpMethod": request.method,
        "identity.sourceIp": request.source_ip,
        "identity.userAgent": request.headers.get("user-agent"),
        "path": request.path,
        "requestId": context.request_id,
        "resourcePath": context.resource_path,
        "routeKey": context.route_key,
        "stage": context.stage,
    }
    return known.get(name)


def read_policy_answer(payload: str, nested_context: bool = False) -> Answer:
    """The answer with principalId and policyDocument. Malformed, which API Gateway turns into 500, for any other.

    nested_context: HTTP APIs with format 2.0 take objects in the context; REST APIs only text, numbers and Booleans.
    """
    answer = _object(payload)
    principal, policy = answer.get("principalId"), answer.get("policyDocument")
    if not isinstance(principal, str) or not principal:
        raise Malformed("principalId is missing")
    if not isinstance(policy, dict):
        raise Malformed("policyDocument is missing")
    try:
        policy_document(policy, "identity")
    except MalformedPolicyDocument as error:
        raise Malformed(f"policyDocument: {error.message}") from None
    return Answer(
        principal, policy, context=_context(answer, nested_context), usage_key=str(answer.get("usageIdentifierKey", ""))
    )


def read_simple_answer(payload: str) -> Answer:
    """The answer of a function with enableSimpleResponses: {"isAuthorized": bool, "context": {...}}."""
    answer = _object(payload)
    if not isinstance(answer.get("isAuthorized"), bool):
        raise Malformed("isAuthorized is true or false")
    return Answer(authorized=answer["isAuthorized"], context=_context(answer, True))


def _object(payload: str) -> dict:
    try:
        answer = json.loads(payload)
    except ValueError:
        raise Malformed("the answer is no JSON") from None
    if not isinstance(answer, dict):
        raise Malformed("the answer is no object")
    return answer


def _context(answer: dict, nested: bool) -> dict:
    context = answer.get("context")
    if context is None:
        return {}
    if not isinstance(context, dict):
        raise Malformed("context is an object")
    if not nested:
        for name, value in context.items():
            if not isinstance(value, (str, int, float)):
                raise Malformed(f"context.{name} is a text, a number or a Boolean")
    return context


def decide(answer: Answer, arn: str, keys: Mapping[str, Any] | None = None) -> str:
    """ALLOW, DENY or EXPLICIT_DENY for a request to this method ARN; `keys` are condition keys such as aws:SourceIp."""
    if answer.policy is None:
        return ALLOW if answer.authorized else DENY
    # The policy's holder is whom the function named; for IAM any user of the API's account stands for it.
    holder = f"arn:aws:iam::{arn.split(':')[4]}:user/authorizer"
    request = Request(holder, "execute-api:Invoke", arn, context=dict(keys or {}))
    decision = evaluate(request, Policies(identity=policy_document(dict(answer.policy), "identity")))
    if decision.allowed:
        return ALLOW
    return EXPLICIT_DENY if decision.decision == "explicitDeny" else DENY
