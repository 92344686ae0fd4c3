"""Who may use a route of an HTTP API: IAM, Lambda authorizers; JSON Web Tokens as far as no key is needed.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from course.data import value
from course.serverless.api_events import event_v1, event_v2
from course.serverless.lambda_authorizers import (
    ALLOW,
    Answer,
    decide,
    identity_values,
    read_policy_answer,
    read_simple_answer,
)

from ..gate import NotOffline, Refused
from ..iam.context import now
from . import authorizations, function_calls
from .answers import Ended, said
from .callers import ACTION, caller, decided, keys_of
from .lambda_uris import function_of
from .moto_models import http
from .rest_authorization import identity_of

if TYPE_CHECKING:
    from .http_requests import Arrived


def _ended(status: int, message: str) -> Exception:
    return Ended(said(status, message))


def authorised(arrived: Arrived) -> Arrived:
    """The same with what is known of the caller; 401 or 403 for one who may not."""
    kind = arrived.route.authorization_type or "NONE"
    if kind == "NONE":
        return arrived
    if kind == "AWS_IAM":
        return _by_iam(arrived)
    authorizer = arrived.parts["authorizers"].get(arrived.route.authorizer_id)
    if authorizer is None:
        raise _ended(500, "Internal Server Error")
    return _by_token(arrived, authorizer) if kind == "JWT" else _by_function(arrived, authorizer)


def _by_iam(arrived: Arrived) -> Arrived:
    region = arrived.api.backend.region_name
    try:
        who = caller(arrived.request)
    except Refused:
        who = None
    if who is None:
        raise _ended(403, "Forbidden")
    arn = arrived.arn(arrived.request.method)
    decision = decided(who, ACTION, arn, arrived.context.account_id, None, keys_of(arrived.request, region, who))
    if not decision.allowed:
        raise _ended(403, "Forbidden")
    identity = identity_of(who, arrived.request)
    iam = {
        "accessKey": identity["accessKey"],
        "accountId": identity["accountId"],
        "callerId": identity["caller"],
        "cognitoIdentity": None,
        "principalOrgId": None,
        "userArn": identity["userArn"],
        "userId": identity["user"],
    }
    return replace(arrived, context=replace(arrived.context, authorizer={"iam": iam}, identity=identity))


def _by_function(arrived: Arrived, authorizer: http.Authorizer) -> Arrived:
    identity = identity_values(authorizer.identity_source or [], arrived.request, arrived.context)
    if identity is None:
        raise _ended(401, "Unauthorized")
    version = authorizer.auth_payload_format_version
    simple = bool(authorizer.enable_simple_response)

    def read(payload: str) -> Answer:
        return read_simple_answer(payload) if simple else read_policy_answer(payload, nested_context=version == "2.0")

    try:
        answer = authorizations.answer(
            arrived.stage,
            authorizer.id,
            identity,
            int(authorizer.auth_result_ttl or 0),
            lambda: _called(arrived, authorizer, _event(arrived, version, identity)),
            read,
        )
    except authorizations.Unauthorized:
        raise _ended(401, "Unauthorized") from None
    except (
        authorizations.Failed,
        function_calls.NotCalled,
        function_calls.Throttled,
        function_calls.TimedOut,
    ):
        raise _ended(500, "Internal Server Error") from None
    keys = keys_of(arrived.request, arrived.api.backend.region_name)
    if decide(answer, arrived.arn(arrived.request.method), keys) != ALLOW:
        raise _ended(403, "Forbidden")
    integration = arrived.parts["integrations"].get((arrived.route.target or "").partition("/")[2])
    context = dict(answer.context)
    if integration is not None and integration.payload_format_version == "2.0":
        context = {"lambda": context or None}
    elif answer.principal:
        context["principalId"] = answer.principal
    return replace(arrived, context=replace(arrived.context, authorizer=context))


def _event(arrived: Arrived, version: str, identity: list[str]) -> dict[str, Any]:
    arn = arrived.arn(arrived.request.method)
    if version == "2.0":
        whole = event_v2(arrived.request, arrived.context)
        kept = {name: one for name, one in whole.items() if name not in ("body", "isBase64Encoded")}
        return {**kept, "type": "REQUEST", "routeArn": arn, "identitySource": identity or None}
    whole = event_v1(arrived.request, arrived.context, http_api=True)
    left_out = ("body", "isBase64Encoded", "multiValueHeaders", "multiValueQueryStringParameters")
    kept = {name: one for name, one in whole.items() if name not in left_out}
    token = ",".join(identity)
    return {**kept, "type": "REQUEST", "methodArn": arn, "identitySource": token, "authorizationToken": token}


def _called(arrived: Arrived, authorizer: http.Authorizer, event: dict[str, Any]) -> function_calls.Called:
    arn = function_of(authorizer.authorizer_uri, arrived.context.stage_variables)
    if arn is None:
        raise function_calls.NotCalled
    region, account_id = arrived.api.backend.region_name, arrived.context.account_id
    source = f"arn:aws:execute-api:{region}:{account_id}:{arrived.api.api_id}/authorizers/{authorizer.id}"
    return function_calls.call(
        arn, event, [source], value("apigateway.http.authorizer_timeout"), authorizer.auth_creds_arn
    )


def _by_token(arrived: Arrived, authorizer: http.Authorizer) -> Arrived:
    """401 for a token whose claims are wrong. The signature would need the issuer's keys, which are not here."""
    found = identity_values(authorizer.identity_source or [], arrived.request, arrived.context)
    if found is None:
        raise _ended(401, "Unauthorized")
    claims = _claims(found[0].removeprefix("Bearer ").removeprefix("bearer ").strip())
    configuration = authorizer.jwt_config or {}
    issuer = configuration.get("issuer", configuration.get("Issuer"))
    audience = configuration.get("audience", configuration.get("Audience")) or []
    meant = claims.get("aud", claims.get("client_id"))
    meant = meant if isinstance(meant, list) else [meant]
    expires = claims.get("exp")
    fresh = isinstance(expires, (int, float)) and expires > now().timestamp()
    if claims.get("iss") != issuer or not set(meant) & set(audience) or not fresh:
        raise _ended(401, "Unauthorized")
    scopes = claims.get("scope", claims.get("scp")) or []
    scopes = scopes.split() if isinstance(scopes, str) else scopes
    if arrived.route.authorization_scopes and not set(scopes) & set(arrived.route.authorization_scopes):
        raise _ended(403, "Forbidden")
    raise NotOffline(
        f"the offline account cannot check the signature of a token of {issuer}: its keys are on the network"
    )


def _claims(token: str) -> dict[str, Any]:
    parts = token.split(".")
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, IndexError):
        claims = None
    if len(parts) != 3 or not isinstance(claims, dict):
        raise _ended(401, "Unauthorized")
    return claims
