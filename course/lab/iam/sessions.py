"""Temporary credentials: AssumeRole, GetSessionToken and GetFederationToken give keys whose requests are evaluated.

moto answers the last two with the lab's own key.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from moto.iam.models import IAMBackend, iam_backends
from moto.sts.utils import random_session_token

from course.iam.malformed import MalformedPolicyDocument
from course.iam.policy_document import policy_document

from ..gate import Call, Refused, answers, corrects, refuses, replaces
from .caller import Caller, Session, caller_of, entity_by_arn, sessions
from .context import now
from .mfa import shows
from .policies import managed_document

_HOUR = 3600
_DEVICE = (
    "MultiFactorAuthentication failed, unable to validate MFA code.  "
    "Please verify your MFA serial number is valid and associated with this user."
)
_CODE = "MultiFactorAuthentication failed with invalid MFA one time pass code. "


@refuses("sts", "AssumeRole", "GetSessionToken")
def mfa_code(call: Call) -> None:
    """A serial number of a device of the user, with the code that it shows."""
    serial, code = call.params.get("SerialNumber"), call.params.get("TokenCode")
    if serial is None and code is None:
        return
    caller = _caller(call)
    if serial is None or serial not in getattr(caller.entity, "mfa_devices", {}):
        raise Refused("AccessDenied", _DEVICE, 403)
    if code is None or not shows(serial, code, caller.account):
        raise Refused("AccessDenied", _CODE, 403)


@refuses("sts", "AssumeRoleWithWebIdentity")
def no_web_token(call: Call) -> None:
    """A token of an OpenID Connect provider is a JSON Web Token of three parts; whether it is genuine nobody checks here."""
    parts = call.params["WebIdentityToken"].split(".")
    if len(parts) != 3 or not all(parts):
        raise Refused(
            "InvalidIdentityToken",
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
        )


@refuses("sts", "AssumeRole")
def session_too_long(call: Call) -> None:
    """At most the role's own limit, and one hour for a role that assumes a role."""
    wanted = call.params.get("DurationSeconds")
    if wanted is None:
        return
    arn = call.params["RoleArn"]
    role = entity_by_arn(iam_backends[arn.split(":")[4]]["aws"], arn)
    if role is not None and wanted > int(role.max_session_duration or _HOUR):
        raise Refused(
            "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        )
    session = _caller(call).session
    if session is not None and session.kind == "role" and wanted > _HOUR:
        raise Refused(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
        )


@refuses("sts", "AssumeRole", "GetFederationToken")
def malformed_session_policy(call: Call) -> None:
    """MalformedPolicyDocument."""
    text = call.params.get("Policy")
    if text is not None:
        try:
            policy_document(text, "session")
        except MalformedPolicyDocument as error:
            raise Refused(error.code, error.message) from None


@corrects("sts", "AssumeRole")
def remember_role_session(call: Call, result: Any) -> None:
    """What the session may do: the role's policies, limited by those passed, with the tags passed."""
    made = result["Credentials"]
    caller, began = _caller(call), now()
    transitive = ()
    if caller.session is not None and caller.session.kind == "role":
        transitive = caller.session.tags
    tags = {**dict(transitive), **{tag["Key"]: tag["Value"] for tag in call.params.get("Tags", ())}}
    seconds = call.params.get("DurationSeconds", _HOUR)
    sessions(iam_backends[made.account_id]["aws"])[made.access_key_id] = Session(
        kind="role",
        account=made.account_id,
        owner=call.params["RoleArn"],
        arn=made.arn,
        user_id=made.user_id,
        issued=began,
        expires=began + timedelta(seconds=seconds),
        policies=_passed_policies(call, made.account_id),
        tags=tuple(tags.items()),
    )
    made.expiration = began + timedelta(seconds=seconds)


def remember_service_session(made: Any, role_arn: str) -> None:
    """A session that a service, such as Lambda, opened for its own use: it may do what the role may."""
    sessions(iam_backends[made.account_id]["aws"])[made.access_key_id] = Session(
        kind="role",
        account=made.account_id,
        owner=role_arn,
        arn=made.arn,
        user_id=made.user_id,
        issued=now(),
        expires=now() + timedelta(hours=12),
    )


@corrects("sts", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity")
def remember_web_session(call: Call, result: Any) -> None:
    """A session of somebody whom an identity provider knows; the role's policies count."""
    made, began = result["Credentials"], now()
    sessions(iam_backends[made.account_id]["aws"])[made.access_key_id] = Session(
        kind="role",
        account=made.account_id,
        owner=made.role_arn,
        arn=made.arn,
        user_id=made.user_id,
        issued=began,
        expires=began + timedelta(seconds=call.params.get("DurationSeconds", _HOUR)),
        policies=_passed_policies(call, made.account_id),
    )


@answers("sts", "GetSessionToken")
def get_session_token(call: Call) -> dict:
    """Credentials with the user's own permissions; with an MFA code they show it from now on."""
    caller, began = _caller(call), now()
    expires = began + timedelta(seconds=call.params.get("DurationSeconds", 12 * _HOUR))
    session = Session(
        kind="user",
        account=caller.account,
        owner=caller.entity.arn,
        arn=caller.entity.arn,
        user_id=caller.entity.id,
        issued=began,
        expires=expires,
        mfa_since=began if call.params.get("TokenCode") else None,
    )
    return {"Credentials": _credentials(session)}


@answers("sts", "GetFederationToken")
def get_federation_token(call: Call) -> dict:
    """Credentials limited to what the user may and the policy passed allows; without a policy they may nothing."""
    caller, began, name = _caller(call), now(), call.params["Name"]
    expires = began + timedelta(seconds=call.params.get("DurationSeconds", 12 * _HOUR))
    arn, user_id = f"arn:aws:sts::{caller.account}:federated-user/{name}", f"{caller.account}:{name}"
    session = Session(
        kind="federated",
        account=caller.account,
        owner=caller.entity.arn,
        arn=arn,
        user_id=user_id,
        issued=began,
        expires=expires,
        policies=_passed_policies(call, caller.account),
        tags=tuple((tag["Key"], tag["Value"]) for tag in call.params.get("Tags", ())),
    )
    return {
        "Credentials": _credentials(session),
        "FederatedUser": {"FederatedUserId": user_id, "Arn": arn},
        "PackedPolicySize": 0,
    }


@corrects("sts", "GetCallerIdentity")
def federated_identity(call: Call, result: Any) -> dict | None:
    """moto knows users and role sessions only."""
    session = sessions(iam_backends[call.account_id]["aws"]).get(call.access_key)
    if session is None or session.kind != "federated":
        return None
    return {"UserId": session.user_id, "Account": session.account, "Arn": session.arn}


@replaces(IAMBackend, "get_user_from_access_key_id")
def user_of_session(moto: Any, backend: IAMBackend, access_key_id: str) -> Any:
    """A user with temporary credentials is still that user."""
    session = sessions(backend).get(access_key_id)
    if session is not None and session.kind == "user":
        return entity_by_arn(backend, session.owner)
    return moto(backend, access_key_id)


def _credentials(session: Session) -> dict[str, Any]:
    backend = iam_backends[session.account]["aws"]
    key = backend.create_temp_access_key()
    sessions(backend)[key.access_key_id] = session
    return {
        "AccessKeyId": key.access_key_id,
        "SecretAccessKey": key.secret_access_key,
        "SessionToken": random_session_token(),
        "Expiration": session.expires,
    }


def _passed_policies(call: Call, account: str) -> tuple[str, ...] | None:
    """The session policies of a request, None if it passes none."""
    texts = [call.params["Policy"]] if call.params.get("Policy") else []
    held = iam_backends[account]["aws"].managed_policies
    for passed in call.params.get("PolicyArns", ()):
        if passed["arn"] not in held:
            raise Refused("InvalidParameterValue", f"The policy {passed['arn']} does not exist.")
        texts.append(managed_document(held[passed["arn"]]))
    return tuple(texts) or None


def _caller(call: Call) -> Caller:
    return caller_of(call.access_key, call.token)
