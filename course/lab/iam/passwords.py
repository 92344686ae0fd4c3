"""Console passwords: what the account's password policy, or AWS's default one, asks of them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
"""

from __future__ import annotations

import copy
import string
from typing import Any

from moto.iam.models import IAMBackend, User, iam_backends

from course.data import value

from ..gate import Call, Refused, answers, corrects, refuses
from .caller import caller_of
from .context import now

_KINDS = {
    "uppercase letter": string.ascii_uppercase,
    "lowercase letter": string.ascii_lowercase,
    "number": string.digits,
    "symbol": value("iam.default_password_policy.symbols"),
}


@refuses("iam", "CreateLoginProfile", "UpdateLoginProfile")
def weak_password(call: Call) -> None:
    """PasswordPolicyViolation. A user that is not there, or has a password already, is moto's to refuse."""
    backend = iam_backends[call.account_id]["aws"]
    user, password = backend.users.get(call.params["UserName"]), call.params.get("Password")
    creates = call.operation == "CreateLoginProfile"
    if user is not None and password is not None and bool(user.password) != creates:
        _require(backend, user, password)


@corrects("iam", "CreateLoginProfile")
def password_as_given(call: Call, result: Any) -> dict:
    """moto forgets that the password must be changed, and when it was made."""
    user = iam_backends[call.account_id]["aws"].users[call.params["UserName"]]
    user.password_reset_required = bool(call.params.get("PasswordResetRequired"))
    _remember(user, user.password)
    made = dict(result["LoginProfile"]) | {"PasswordResetRequired": user.password_reset_required}
    return {"LoginProfile": made | {"CreateDate": user._lab_password_changed}}


@answers("iam", "UpdateLoginProfile")
def update_login_profile(call: Call) -> dict:
    """What is not given stays as it is."""
    user = iam_backends[call.account_id]["aws"].users.get(call.params["UserName"])
    if user is None:
        raise Refused("NoSuchEntity", f"The user with name {call.params['UserName']} cannot be found.", 404)
    if not user.password:
        raise Refused("NoSuchEntity", f"Login Profile for User {user.name} cannot be found.", 404)
    if call.params.get("Password") is not None:
        _remember(user, call.params["Password"])
    if call.params.get("PasswordResetRequired") is not None:
        user.password_reset_required = call.params["PasswordResetRequired"]
    return {}


@answers("iam", "ChangePassword")
def change_password(call: Call) -> dict:
    """A user's own password. That a wrong old one is answered with AccessDenied stands on no page; see the message."""
    caller = caller_of(call.access_key, call.token)
    if not isinstance(caller.entity, User):
        raise Refused("InvalidUserType", "Only IAM Users can change their own password")
    user = caller.entity
    if not user.password:
        raise Refused("NoSuchEntity", f"Login Profile for User {user.name} cannot be found.", 404)
    if call.params["OldPassword"] != user.password:
        raise Refused("AccessDenied", "The old password was incorrect.", 403)
    _require(iam_backends[call.account_id]["aws"], user, call.params["NewPassword"])
    _remember(user, call.params["NewPassword"])
    user.password_reset_required = False
    return {}


@corrects("iam", "GetAccountPasswordPolicy")
def only_what_is_set(call: Call, result: Any) -> dict:
    """Without an age passwords do not expire, and no age is shown; moto shows 0."""
    policy = copy.copy(result["PasswordPolicy"])
    policy.max_password_age = policy.max_password_age or None
    return {"PasswordPolicy": policy}


def _remember(user: User, password: str) -> None:
    user.password = password
    user._lab_passwords = [*getattr(user, "_lab_passwords", ()), password]
    user._lab_password_changed = now()


def _require(backend: IAMBackend, user: User, password: str) -> None:
    policy = backend.account_password_policy
    found = {name for name, letters in _KINDS.items() if set(password) & set(letters)}
    length = policy.minimum_password_length if policy else value("iam.default_password_policy.minimum_length")
    problem = ""
    if len(password) < length:
        problem = f"Password should have a minimum length of {length}"
    elif policy is None:
        if len(found) < value("iam.default_password_policy.kinds") or password == backend.account_id:
            problem = "Password does not conform to the account password policy."
    else:
        wanted = {
            "uppercase letter": policy.require_uppercase_characters,
            "lowercase letter": policy.require_lowercase_characters,
            "number": policy.require_numbers,
            "symbol": policy.require_symbols,
        }
        missing = [name for name, is_wanted in wanted.items() if is_wanted and name not in found]
        reuse = policy.password_reuse_prevention
        if missing:
            problem = f"Password should have at least one {missing[0]}"
        elif reuse and password in getattr(user, "_lab_passwords", [])[-int(reuse) :]:
            problem = "Policy constraint violation with password reuse prevention during password change."
    if problem:
        raise Refused("PasswordPolicyViolation", problem)
