"""Who sends a request to an API that asks for IAM, and what a resource policy says to anybody.

Signatures are not checked, as elsewhere in the account; a key must be known.
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
"""

from __future__ import annotations

import json
import re
from typing import Any

from course.iam.evaluation import Decision, Policies, Principal, Request, evaluate
from course.serverless.http_messages import HttpRequest

from ..iam.caller import Caller, caller_of
from ..iam.context import request_keys
from ..iam.policies import policies_for

ACTION = "execute-api:Invoke"


def caller(request: HttpRequest) -> Caller | None:
    """The caller whose key signed the request; None if nobody did. Refused for a key that is not valid."""
    signed = re.search(r"Credential=([^/,\s]+)/", request.headers.get("authorization", ""))
    key = signed[1] if signed else next(iter(request.parameters.get("X-Amz-Credential", ())), "").partition("/")[0]
    if not key:
        return None
    token = request.headers.get("x-amz-security-token") or next(
        iter(request.parameters.get("X-Amz-Security-Token", ())), None
    )
    return caller_of(key, token)


def keys_of(request: HttpRequest, region: str, who: Caller | None = None) -> dict[str, Any]:
    """The condition keys of a request to an API."""
    session = who.session if who else None
    keys = request_keys(
        region, session is not None, session.mfa_since if session else None, session.issued if session else None
    )
    return {**keys, "aws:UserAgent": request.headers.get("user-agent")}


def decided(who: Caller | None, action: str, arn: str, account_id: str, policy: Any, keys: dict[str, Any]) -> Decision:
    """May the caller (or anybody) do this, by their own policies and the resource's?"""
    documents = {"resource policy": json.dumps(policy) if isinstance(policy, dict) else policy} if policy else {}
    if who is None:
        return evaluate(Request(Principal("*"), action, arn, account_id, keys), Policies(resource=documents))
    return evaluate(Request(who.principal, action, arn, account_id, keys), policies_for(who, documents))


def whole_arns(policy: str | None, region: str, account_id: str, api_id: str) -> str | None:
    """An API's resource policy with whole ARNs: "execute-api:/prod/GET/*" is short for the API's own."""
    if not policy:
        return None
    return re.sub(r'"execute-api:/', f'"arn:aws:execute-api:{region}:{account_id}:{api_id}/', policy)


def masked(arn: str) -> str:
    """An ARN as API Gateway shows it to strangers: only the last digits of the account."""
    return re.sub(r":\d{8}(\d{4}):", r":********\1:", arn, count=1)
