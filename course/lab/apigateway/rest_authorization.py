"""Who may call a method of a REST API: resource policy, IAM, Lambda authorizers.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from course.data import value
from course.serverless.api_events import event_v1
from course.serverless.lambda_authorizers import (
    ALLOW,
    EXPLICIT_DENY,
    Answer,
    decide,
    identity_values,
    read_policy_answer,
)

from ..gate import NotOffline, Refused
from ..iam.caller import Caller
from . import authorizations, function_calls
from .answers import GatewayError
from .callers import ACTION, caller, decided, keys_of, masked, whole_arns
from .lambda_uris import function_of
from .moto_models import rest

if TYPE_CHECKING:
    from .rest_arrivals import Arrived

EXPLICITLY = "User is not authorized to access this resource with an explicit deny in an identity-based policy"
IMPLICITLY = (
    "User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke "
    "action"
)


def authorised(arrived: Arrived) -> Arrived:
    """The same with what is known of the caller. GatewayError for one who may not."""
    kind = (arrived.method.authorization_type or "NONE").upper()
    if kind == "AWS_IAM":
        return _by_iam(arrived)
    by_policy = _resource_policy(arrived)
    if kind == "NONE":
        if by_policy not in (None, "allowed"):
            raise _not_for_anybody(arrived, by_policy)
        return arrived
    if by_policy == "explicitDeny":
        raise _not_for_anybody(arrived, by_policy)
    authorizer = arrived.deployed.authorizers.get(arrived.method.authorizer_id)
    if authorizer is None:
        raise GatewayError("AUTHORIZER_CONFIGURATION_ERROR", None)
    if kind == "COGNITO_USER_POOLS":
        return _by_user_pool(arrived, authorizer)
    return _by_function(arrived, authorizer)


def _policy(arrived: Arrived) -> str | None:
    api = arrived.api
    return whole_arns(arrived.deployed.policy, api.region_name, api.account_id, api.id)


def _resource_policy(arrived: Arrived) -> str | None:
    """What the API's policy says to a request without a caller; None if it has none."""
    policy = _policy(arrived)
    if policy is None:
        return None
    keys = keys_of(arrived.request, arrived.api.region_name)
    return decided(None, ACTION, arrived.arn, arrived.api.account_id, policy, keys).decision


def _not_for_anybody(arrived: Arrived, decision: str) -> GatewayError:
    how = " with an explicit deny" if decision == "explicitDeny" else ""
    return GatewayError(
        "ACCESS_DENIED",
        f"User: anonymous is not authorized to perform: {ACTION} on resource: {masked(arrived.arn)}{how}",
    )


def _by_iam(arrived: Arrived) -> Arrived:
    try:
        who = caller(arrived.request)
    except Refused as refusal:
        raise GatewayError("INVALID_SIGNATURE", refusal.message) from None
    if who is None:
        raise GatewayError("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token")
    keys = keys_of(arrived.request, arrived.api.region_name, who)
    decision = decided(who, ACTION, arrived.arn, arrived.api.account_id, _policy(arrived), keys)
    if not decision.allowed:
        raise GatewayError(
            "ACCESS_DENIED",
            f"User: {who.principal.arn} is not authorized to perform: {ACTION} on resource: {masked(arrived.arn)} "
            f"{decision.reason}",
        )
    return replace(arrived, context=replace(arrived.context, identity=identity_of(who, arrived.request)))


def identity_of(who: Caller, request: Any) -> dict[str, Any]:
    """What events say of a caller known by IAM."""
    signed = re.search(r"Credential=([^/,\s]+)/", request.headers.get("authorization", ""))
    return {
        "accessKey": signed[1] if signed else None,
        "accountId": who.account,
        "caller": who.principal.user_id,
        "user": who.principal.user_id,
        "userArn": who.principal.arn,
    }


def _by_user_pool(arrived: Arrived, authorizer: rest.Authorizer) -> Arrived:
    source = authorizer.identity_source or "method.request.header.Authorization"
    if identity_values([source], arrived.request, arrived.context) is None:
        raise GatewayError("UNAUTHORIZED", "Unauthorized")
    raise NotOffline("the offline account does not check the tokens of Amazon Cognito user pools")


def _by_function(arrived: Arrived, authorizer: rest.Authorizer) -> Arrived:
    answer = _asked(arrived, authorizer)
    outcome = decide(answer, arrived.arn, keys_of(arrived.request, arrived.api.region_name))
    if outcome != ALLOW:
        raise GatewayError("ACCESS_DENIED", EXPLICITLY if outcome == EXPLICIT_DENY else IMPLICITLY)
    context = {name: _text(one) for name, one in answer.context.items()}
    context = {**context, "principalId": answer.principal, "integrationLatency": 0}
    identity = {**arrived.context.identity, **({"apiKey": answer.usage_key} if answer.usage_key else {})}
    return replace(arrived, context=replace(arrived.context, authorizer=context, identity=identity))


def _text(one: Any) -> str:
    # Whatever an authorizer returns, a REST API's integration gets texts.
    return ("true" if one else "false") if isinstance(one, bool) else str(one)


def _asked(arrived: Arrived, authorizer: rest.Authorizer) -> Answer:
    sources = [one.strip() for one in (authorizer.identity_source or "").split(",") if one.strip()]
    identity = identity_values(sources, arrived.request, arrived.context)
    if identity is None:
        raise GatewayError("UNAUTHORIZED", "Unauthorized")
    expression = authorizer.identity_validation_expression
    if authorizer.type == "TOKEN" and expression and not re.fullmatch(expression, identity[0]):
        raise GatewayError("UNAUTHORIZED", "Unauthorized")
    ttl = authorizer.authorizer_result_ttl
    ttl = value("apigateway.authorizers.default_ttl") if ttl is None else int(ttl)
    try:
        return authorizations.answer(
            arrived.stage,
            authorizer.id,
            identity,
            ttl,
            lambda: called(arrived, authorizer, event(arrived, authorizer, identity)),
            read_policy_answer,
        )
    except authorizations.Unauthorized:
        raise GatewayError("UNAUTHORIZED", "Unauthorized") from None
    except authorizations.Failed as failed:
        raise GatewayError("AUTHORIZER_CONFIGURATION_ERROR", None, reason=str(failed)) from None
    except (function_calls.NotCalled, function_calls.Throttled, function_calls.TimedOut) as failed:
        raise GatewayError("AUTHORIZER_FAILURE", None, reason=str(failed)) from None


def event(arrived: Arrived, authorizer: rest.Authorizer, identity: list[str]) -> dict[str, Any]:
    """What the function is asked: about a token, or about the whole request."""
    if authorizer.type == "TOKEN":
        return {"type": "TOKEN", "methodArn": arrived.arn, "authorizationToken": identity[0]}
    whole = event_v1(arrived.request, arrived.context)
    kept = {name: one for name, one in whole.items() if name not in ("body", "isBase64Encoded")}
    return {"type": "REQUEST", "methodArn": arrived.arn, **kept}


def called(arrived: Arrived, authorizer: rest.Authorizer, event: dict[str, Any]) -> function_calls.Called:
    """Call the function as the authorizer, whose own ARN its policy must let in."""
    arn = function_of(authorizer.authorizer_uri, arrived.context.stage_variables)
    if arn is None:
        raise function_calls.NotCalled("Invalid permissions on Lambda function")
    api = arrived.api
    source = f"arn:aws:execute-api:{api.region_name}:{api.account_id}:{api.id}/authorizers/{authorizer.id}"
    seconds = value("apigateway.rest.integration_timeout")[1] / 1000
    return function_calls.call(arn, event, [source], seconds, authorizer.authorizer_credentials)
