"""May the caller do this? Asked before anything else is said about a request, as on AWS.

Every action of every service passes here (S3 by way of iam_s3.py). Not enforced: AssumeRoleWithSAML and
AssumeRoleWithWebIdentity (nobody signs them), signatures (a right key with a wrong secret is let in), ACLs, VPC endpoint
policies. What a service does behind a call it does as itself or with a role: service_principals.py, service_roles.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from moto.core.responses import BaseResponse

from course.iam.evaluation import Decision, Policies, Request, evaluate

from ..environment import OWN_ACCESS_KEY
from ..gate import Call, Refused, authorises, call_of
from . import last_accessed
from .caller import Caller, caller_of, entity_by_arn
from .context import request_keys
from .keys import action_keys, resource_keys
from .passed_roles import passed_roles
from .policies import policies_for, resource_policy, sound
from .refusals import access_denied, denial, invalid_credentials, unsigned
from .resources import PREFIXES, action_of, resources_of

# "No permissions are required for users to perform this operation": a policy can neither allow nor deny them.
_FREE = {("sts", "GetCallerIdentity"), ("sts", "GetSessionToken")}
_UNSIGNED = {
    *(("sts", "AssumeRoleWithSAML"), ("sts", "AssumeRoleWithWebIdentity")),
    *(("sns", "ConfirmSubscription"), ("sns", "Unsubscribe")),
}
# Queues and topics answer for themselves: to a caller whom nobody knows, to one of another account, and by a Deny to the
# administrator, who can always change or delete what shuts him out, as the root user can on AWS.
_WITH_OWN_SAY = {"sqs", "sns"}
_WAYS_BACK = {"SetQueueAttributes", "DeleteQueue", "SetTopicAttributes", "DeleteTopic", "RemovePermission"}
# Services that ask the policy of their resource also about the account's administrator, who has every permission.
_ASK_THE_RESOURCE = {"kms", "secretsmanager", "ssm"}
_EVERYTHING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
_WITHOUT_SESSION = {"GetSessionToken", "GetFederationToken"}


@dataclass(frozen=True)
class Ask:
    """One question to the policies: an action on a resource, with the keys that belong to it."""

    action: str
    resource: str
    keys: dict[str, Any]


@authorises
def caller_may(response: BaseResponse, service: str, operation: str) -> None:
    """Refused unless the caller is known and all policies that apply allow the request."""
    if service == "s3":
        return  # iam_s3.py: a bucket's requests never come to this gate, S3 on Outposts and others are not taught.
    if response.access_key == OWN_ACCESS_KEY and operation != "AssumeRole":
        last_accessed.record_administrator(service, operation, response.region)
        if service in _ASK_THE_RESOURCE:
            if operation:
                _require_resource_lets_in(response, service, operation)
            return
        if service not in _WITH_OWN_SAY or not _resource_has_a_say(call_of(response, service, operation)):
            return
    if (service, operation) in _UNSIGNED:
        return
    caller = identify(response, service)
    if caller.is_anonymous and not _names_a_resource(response, service, operation):
        raise unsigned(service)
    last_accessed.record(caller, PREFIXES.get(service, service), operation or "", response.region)
    _require_credentials_that_may(caller, service, operation)
    # No operation: nothing that AWS has, and moto says so.
    if (service, operation) in _FREE or not operation:
        return
    call = call_of(response, service, operation)
    if (service, operation) == ("sts", "AssumeRole") and not call.params.get("RoleArn", "arn:").startswith("arn:"):
        raise Refused("ValidationError", f"{call.params['RoleArn']} is invalid")
    for decision in decisions(caller, call):
        if not decision.allowed:
            raise denial(service, decision)


def _names_a_resource(response: BaseResponse, service: str, operation: str) -> bool:
    """Is a request that nobody signed about one queue or topic, whose policy may let everybody in?"""
    if service not in _WITH_OWN_SAY or not operation:
        return False
    return resources_of(action_of(service, operation), call_of(response, service, operation)) != ["*"]


def _resource_has_a_say(call: Call) -> bool:
    """Is the request about a queue or topic of another account, or one whose policy denies something?"""
    for arn in resources_of(action_of(call.service, call.operation), call):
        fields = arn.split(":")
        if len(fields) != 6:
            continue
        if fields[4] != call.account_id:
            return True
        policy = resource_policy(call.service, arn, call.account_id, call.region)
        if call.operation not in _WAYS_BACK and '"Deny"' in policy.get(arn, ""):
            return True
    return False


def _require_resource_lets_in(response: BaseResponse, service: str, operation: str) -> None:
    """The administrator may do everything that a key policy, or a secret's policy, does not keep from everybody."""
    caller, call = identify(response, service), call_of(response, service, operation)
    for ask in asks(caller, call):
        prefix = ask.action.partition(":")[0]
        if prefix in _ASK_THE_RESOURCE and ask.resource != "*":
            resource = resource_policy(prefix, ask.resource, call.account_id, call.region)
            if resource:
                keys = {**ask.keys, **_shared_keys(caller, call)}
                request = Request(caller.principal, ask.action, ask.resource, "", keys)
                decision = evaluate(request, Policies(identity=_EVERYTHING, resource=sound(resource, "resource")))
                if not decision.allowed:
                    raise denial(service, decision)


def refusal_of(call: Call) -> Refused | None:
    """Why the caller may not make this call, asked for one part of a batch; None if it may."""
    if call.access_key == OWN_ACCESS_KEY:
        return None
    caller = caller_of(call.access_key, call.token)
    return next((denial(call.service, one) for one in decisions(caller, call) if not one.allowed), None)


def identify(response: BaseResponse, service: str) -> Caller:
    """The caller of a request, or the refusal of this service for its key."""
    headers = response.headers
    token = headers.get("X-Amz-Security-Token") or response.querystring.get("X-Amz-Security-Token", [None])[0]
    # moto has a key of its own for requests that nobody signed, and for keys that do not look like one.
    signed = "Authorization" in headers or "X-Amz-Credential" in response.querystring
    signed = signed or "AWSAccessKeyId" in response.querystring
    try:
        return caller_of(presigned_key(response) or response.access_key if signed else "", token)
    except Refused as refusal:
        raise invalid_credentials(service, refusal) from None


def presigned_key(response: BaseResponse) -> str:
    """The key of a presigned URL, which moto does not look for."""
    if "Authorization" in response.headers:
        return ""
    return response.querystring.get("X-Amz-Credential", [""])[0].partition("/")[0]


def _require_credentials_that_may(caller: Caller, service: str, operation: str) -> None:
    """What temporary credentials cannot do, whatever their policies say.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
    """
    session = caller.session
    if session is None:
        return
    if service == "iam" and (session.kind == "federated" or (session.kind == "user" and session.mfa_since is None)):
        raise Refused("InvalidClientTokenId", "The security token included in the request is invalid", 403)
    if service == "sts" and operation in _WITHOUT_SESSION:
        raise access_denied("sts", f"Cannot call {operation} with session credentials")


def decisions(caller: Caller, call: Call) -> Iterator[Decision]:
    """The decisions about each action and resource of a request, in AWS's order."""
    shared = _shared_keys(caller, call)
    if call.service == "sts" and call.operation == "AssumeRole" and call.params.get("TokenCode"):
        shared |= {"aws:MultiFactorAuthPresent": True, "aws:MultiFactorAuthAge": 0}
    for ask in asks(caller, call):
        yield decide(caller, ask, call, shared)


def _shared_keys(caller: Caller, call: Call) -> dict[str, Any]:
    since, issued = (caller.session.mfa_since, caller.session.issued) if caller.session else (None, None)
    return request_keys(call.region, caller.session is not None, since, issued)


def asks(caller: Caller, call: Call) -> Iterator[Ask]:
    """All questions of one request: its action on each resource, keys and roles behind it, the tags it sets."""
    # Imported when asked, so that KMS's rules are registered in their own order.
    from ..kms.condition_keys import re_encryption
    from ..kms.used_by_services import keys_used_for

    action = action_of(call.service, call.operation)
    general = action_keys(action, call)
    if action == "kms:ReEncrypt":
        for part, arn, keys in re_encryption(call):
            yield Ask(part, arn, {**general, **resource_keys(part, arn, call), **keys})
        return
    for arn in resources_of(action, call, caller.principal.arn):
        yield Ask(action, arn, {**general, **resource_keys(action, arn, call)})
    if action == "sts:AssumeRole" and call.params.get("Tags"):
        yield Ask("sts:TagSession", call.params["RoleArn"], general)
    for part, arn, keys in keys_used_for(call):
        yield Ask(part, arn, {**resource_keys(part, arn, call), **keys})
    for role, service in passed_roles(call):
        yield Ask("iam:PassRole", role, {"iam:PassedToService": service})
    if call.service == "ec2" and call.operation != "CreateTags":
        for specification in call.params.get("TagSpecifications", ()):
            kind = specification.get("ResourceType", "*")
            arn = f"arn:aws:ec2:{call.region}:{call.account_id}:{kind}/*"
            yield Ask("ec2:CreateTags", arn, {**general, "ec2:CreateAction": call.operation})


def decide(caller: Caller, ask: Ask, call: Call, shared: dict[str, Any], owner: str = "") -> Decision:
    """Evaluate one question with everything that applies; `owner` is the account of a resource whose ARN has none."""
    resource = trust = None
    if ask.action in ("sts:AssumeRole", "sts:TagSession"):
        trust = _trust_policy(ask.resource)
        if trust is None:
            raise access_denied(
                "sts",
                f"User: {caller.principal.arn} is not authorized to perform: {ask.action} on resource: {ask.resource}",
            )
    elif ask.resource != "*":
        prefix = ask.action.partition(":")[0]
        resource = resource_policy(prefix, ask.resource, owner or call.account_id, call.region)
    request = Request(caller.principal, ask.action, ask.resource, owner, {**ask.keys, **shared})
    return evaluate(request, policies_for(caller, resource, trust))


def _trust_policy(role_arn: str) -> str | None:
    from moto.iam.models import iam_backends

    fields = role_arn.split(":", 5)
    if len(fields) != 6 or fields[4] not in iam_backends or "/" not in fields[5]:
        return None
    role = entity_by_arn(iam_backends[fields[4]]["aws"], role_arn)
    return role.assume_role_policy_document if role is not None else None
