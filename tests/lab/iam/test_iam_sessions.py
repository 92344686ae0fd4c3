"""Temporary credentials: roles, session policies, MFA, federation."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest
from iam_learners import ACCOUNT, allow, deny, policy, refused, role, session, user

from course.iam.one_time_codes import code_at

ANA = f"arn:aws:iam::{ACCOUNT}:user/ana"


def assumed(who, arn, **more):
    return session(who("sts").assume_role(RoleArn=arn, RoleSessionName="me", **more)["Credentials"])


def test_assuming_needs_both_sides():
    """With the account trusted, the user's own policy decides; with the user trusted by name, that is enough."""
    arn = role("reader", allow("iam:ListUsers"))
    ana = user()
    call = {"RoleArn": arn, "RoleSessionName": "me"}
    refused(ana("sts").assume_role, "AccessDenied", f"sts:AssumeRole on resource: {arn}", **call)
    bob = user(allow("sts:AssumeRole", on=arn), name="bob")
    me = assumed(bob, arn)
    assert me("sts").get_caller_identity()["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/me"
    me("iam").list_users()
    refused(me("iam").list_roles, "AccessDenied", "assumed-role/reader/me is not authorized")
    by_name = role("named", trust={"Effect": "Allow", "Principal": {"AWS": ANA}, "Action": "sts:AssumeRole"})
    assumed(ana, by_name)
    # All of the user's permissions do not help where the role does not trust it.
    carl = user(allow("*"), name="carl")
    message = refused(carl("sts").assume_role, "AccessDenied", RoleArn=by_name, RoleSessionName="me")
    assert "because no role trust policy allows the sts:AssumeRole action" in message


def test_a_service_role_is_not_for_people():
    """Does a role that trusts EC2 only refuse the administrator too, and an unknown role anyone?"""
    ec2 = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    sts = boto3.client("sts")
    refused(sts.assume_role, "AccessDenied", "user/administrator", RoleArn=role("app", trust=ec2), RoleSessionName="me")
    missing = f"arn:aws:iam::{ACCOUNT}:role/none"
    refused(sts.assume_role, "AccessDenied", "sts:AssumeRole", RoleArn=missing, RoleSessionName="me")


def test_external_id():
    """Does the condition on sts:ExternalId see the parameter?"""
    condition = {"StringEquals": {"sts:ExternalId": "blue-42"}}
    arn = role(
        "partner",
        trust={"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole", "Condition": condition},
    )
    sts = boto3.client("sts")
    sts.assume_role(RoleArn=arn, RoleSessionName="me", ExternalId="blue-42")
    for wrong in ({}, {"ExternalId": "green-1"}):
        refused(sts.assume_role, "AccessDenied", RoleArn=arn, RoleSessionName="me", **wrong)


def test_session_policies_and_tags():
    """A session policy limits, a session tag is a principal tag (and needs sts:TagSession)."""
    condition = {"StringEquals": {"aws:PrincipalTag/team": "blue"}}
    trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
    arn = role("reader", allow("iam:List*", Condition=condition), trust=trust)
    ana = user(allow("sts:AssumeRole", "sts:TagSession"))
    refused(assumed(ana, arn)("iam").list_users, "AccessDenied")
    tags = [{"Key": "team", "Value": "blue"}]
    assumed(ana, arn, Tags=tags)("iam").list_users()
    limited = assumed(ana, arn, Tags=tags, Policy=policy(allow("iam:ListRoles")))
    limited("iam").list_roles()
    refused(limited("iam").list_users, "AccessDenied", "because no session policy allows the iam:ListUsers action")
    untagging = user(allow("sts:AssumeRole"), name="bob")
    refused(
        untagging("sts").assume_role, "AccessDenied", "sts:TagSession", RoleArn=arn, RoleSessionName="me", Tags=tags
    )


@pytest.fixture
def ana_with_mfa():
    no_mfa = deny("ec2:Stop*", "iam:*", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})
    ana, iam = user(allow("ec2:*", "iam:*"), no_mfa), boto3.client("iam")
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName="phone")["VirtualMFADevice"]
    device, now = made["SerialNumber"], datetime.now(UTC)
    codes = [code_at(made["Base32StringSeed"], now - timedelta(seconds=ago)) for ago in (60, 30, 0)]
    iam.enable_mfa_device(
        UserName="ana", SerialNumber=device, AuthenticationCode1=codes[0], AuthenticationCode2=codes[1]
    )
    return ana, device, codes[2]


def test_a_session_with_mfa(ana_with_mfa):
    """get_session_token with a code opens what the Deny without MFA closes; without one IAM stays closed."""
    ana, device, code = ana_with_mfa
    refused(ana("iam").list_users, "AccessDenied", "explicit deny")
    plain = session(ana("sts").get_session_token()["Credentials"])
    refused(plain("iam").list_users, "InvalidClientTokenId")
    plain("ec2").describe_vpcs()
    with_mfa = session(ana("sts").get_session_token(SerialNumber=device, TokenCode=code)["Credentials"])
    with_mfa("iam").list_users()
    assert with_mfa("sts").get_caller_identity()["Arn"] == ANA
    assert with_mfa("iam").get_user()["User"]["UserName"] == "ana"
    wrong = f"{(int(code) + 1) % 10**6:06}"
    refused(ana("sts").get_session_token, "AccessDenied", "MFA", SerialNumber=f"{device}x", TokenCode=code)
    refused(ana("sts").get_session_token, "AccessDenied", "one time pass code", SerialNumber=device, TokenCode=wrong)
    refused(plain("sts").get_session_token, "AccessDenied", "Cannot call GetSessionToken with session credentials")


def test_a_federated_session_is_an_intersection():
    """Nothing without a policy, and never more than the user may."""
    ana = user(allow("ec2:*", "sts:GetFederationToken"))
    nothing = session(ana("sts").get_federation_token(Name="guest")["Credentials"])
    refused(nothing("ec2").describe_vpcs, "UnauthorizedOperation", "federated-user/guest")
    made = ana("sts").get_federation_token(Name="guest", Policy=policy(allow("ec2:Describe*", "sqs:*")))
    guest = session(made["Credentials"])
    guest("ec2").describe_vpcs()
    refused(guest("sqs").list_queues, "AccessDenied")
    assert guest("sts").get_caller_identity()["Arn"] == f"arn:aws:sts::{ACCOUNT}:federated-user/guest"


def test_role_sessions_have_limits():
    """The role's own longest session, and an hour for a role assumed by a role."""
    first, second = role("first", allow("sts:AssumeRole")), role("second")
    sts = boto3.client("sts")
    call = {"RoleArn": first, "RoleSessionName": "me", "DurationSeconds": 7200}
    refused(sts.assume_role, "ValidationError", "MaxSessionDuration", status=400, **call)
    boto3.client("iam").update_role(RoleName="second", MaxSessionDuration=7200)
    me = session(sts.assume_role(RoleArn=first, RoleSessionName="me")["Credentials"])
    call = {"RoleArn": second, "RoleSessionName": "me", "DurationSeconds": 7200}
    refused(me("sts").assume_role, "ValidationError", "role chaining", status=400, **call)


def test_a_session_policy_must_be_well_formed():
    """MalformedPolicyDocument."""
    call = {"RoleArn": role("reader"), "RoleSessionName": "me", "Policy": "{}"}
    refused(boto3.client("sts").assume_role, "MalformedPolicyDocument", status=400, **call)


def test_a_session_from_an_identity_provider():
    """Does a web identity get the role's permissions and no more?"""
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": "accounts.google.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
    }
    arn = role("web", allow("iam:ListUsers"), trust=trust)
    call = {"RoleArn": arn, "RoleSessionName": "me", "WebIdentityToken": "header.claims.signature"}
    me = session(boto3.client("sts").assume_role_with_web_identity(**call)["Credentials"])
    me("iam").list_users()
    refused(me("iam").list_roles, "AccessDenied", "assumed-role/web/me")
