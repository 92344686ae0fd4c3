"""Console passwords against the account's policy and against AWS's default one."""

import boto3
import pytest
from iam_learners import allow, refused, user


@pytest.fixture
def iam():
    iam = boto3.client("iam")
    iam.create_user(UserName="ana")
    return iam


def policy(**rules):
    boto3.client("iam").update_account_password_policy(**rules)


WEAK = [
    ({"MinimumPasswordLength": 14}, "Sun-rise-7", "minimum length of 14"),
    ({"RequireSymbols": True}, "Sunrise7", "symbol"),
    ({"RequireNumbers": True}, "Sun-rise", "number"),
    ({"RequireUppercaseCharacters": True}, "sun-rise-7", "uppercase"),
    ({"RequireLowercaseCharacters": True}, "SUN-RISE-7", "lowercase"),
    ({}, "Sun-7", "length of 8"),
    ({}, "sunrise77", "does not conform"),
]


@pytest.mark.parametrize("rules, password, words", WEAK)
def test_weak_passwords(iam, rules, password, words):
    """Refused at creation and at a change; a strong one is accepted."""
    iam.create_user(UserName="bob")
    iam.create_login_profile(UserName="bob", Password="Over-7-hills-far")
    if rules:
        policy(**rules)
    for call, name in ((iam.create_login_profile, "ana"), (iam.update_login_profile, "bob")):
        refused(call, "PasswordPolicyViolation", words, status=400, UserName=name, Password=password)
    refused(iam.get_login_profile, "NoSuchEntity", status=404, UserName="ana")
    iam.create_login_profile(UserName="ana", Password="Sun-rise-over-7-hills")


def test_passwords_used_before(iam):
    """Is one of the last two refused, and an older one accepted?"""
    policy(PasswordReusePrevention=2)
    iam.create_login_profile(UserName="ana", Password="First-one-1")
    for password in ("Second-one-2", "Third-one-3"):
        iam.update_login_profile(UserName="ana", Password=password)
    again = {"UserName": "ana", "Password": "Second-one-2"}
    refused(iam.update_login_profile, "PasswordPolicyViolation", "reuse", status=400, **again)
    iam.update_login_profile(UserName="ana", Password="First-one-1")


def test_a_password_to_be_changed(iam):
    """Is the wish kept, and fulfilled by the user's own change?"""
    made = iam.create_login_profile(UserName="ana", Password="Sun-rise-7", PasswordResetRequired=True)["LoginProfile"]
    assert made["UserName"] == "ana" and made["PasswordResetRequired"]
    key = iam.create_access_key(UserName="ana")["AccessKey"]
    iam.attach_user_policy(UserName="ana", PolicyArn="arn:aws:iam::aws:policy/IAMUserChangePassword")
    ana = boto3.client("iam", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    refused(ana.change_password, "AccessDenied", OldPassword="wrong", NewPassword="Moon-rise-8")
    refused(ana.change_password, "PasswordPolicyViolation", status=400, OldPassword="Sun-rise-7", NewPassword="moon")
    ana.change_password(OldPassword="Sun-rise-7", NewPassword="Moon-rise-8")
    assert not iam.get_login_profile(UserName="ana")["LoginProfile"]["PasswordResetRequired"]


def test_who_has_no_password():
    """NoSuchEntity for a user, InvalidUserType for a role's session."""
    bob = user(allow("iam:*"), name="bob")
    given = {"OldPassword": "a", "NewPassword": "Moon-rise-8"}
    refused(bob("iam").change_password, "NoSuchEntity", status=404, **given)


def test_only_what_is_given_changes(iam):
    """Does update_login_profile leave the rest?"""
    iam.create_login_profile(UserName="ana", Password="Sun-rise-7", PasswordResetRequired=True)
    iam.update_login_profile(UserName="ana", Password="Moon-rise-8")
    assert iam.get_login_profile(UserName="ana")["LoginProfile"]["PasswordResetRequired"]
    refused(iam.update_login_profile, "NoSuchEntity", status=404, UserName="bob", Password="Moon-rise-8")
