"""Who is calling: keys that are unknown, inactive, expired, or lack their token."""

import boto3
import pytest
from iam_learners import ACCOUNT, Learner, allow, refused, role, session, user

from course import lab

UNKNOWN = [
    ("ec2", "describe_vpcs", "AuthFailure", 401),
    ("iam", "list_users", "InvalidClientTokenId", 403),
    ("sqs", "list_queues", "InvalidClientTokenId", 403),
    ("s3", "list_buckets", "InvalidAccessKeyId", 403),
    ("dynamodb", "list_tables", "UnrecognizedClientException", 400),
    ("lambda", "list_functions", "UnrecognizedClientException", 403),
]


@pytest.mark.parametrize("service, call, code, status", UNKNOWN)
def test_unknown_keys(service, call, code, status):
    """Does each service refuse a key that nobody has in its own words?"""
    refused(getattr(Learner("AKIA0000000000000000", "x")(service), call), code, status=status)


def test_an_inactive_key_and_a_second_one():
    """Can a key be rotated: a second one made, the first switched off, switched on again, deleted?"""
    ana, iam = user(allow("iam:*")), boto3.client("iam")
    second = iam.create_access_key(UserName="ana")["AccessKey"]
    iam.update_access_key(UserName="ana", AccessKeyId=ana.key, Status="Inactive")
    refused(ana("iam").list_users, "InvalidClientTokenId")
    refused(ana("ec2").describe_vpcs, "AuthFailure", status=401)
    Learner(second["AccessKeyId"], second["SecretAccessKey"])("iam").list_users()
    iam.update_access_key(UserName="ana", AccessKeyId=ana.key, Status="Active")
    ana("iam").list_users()
    iam.delete_access_key(UserName="ana", AccessKeyId=ana.key)
    refused(ana("iam").list_users, "InvalidClientTokenId")


def test_a_session_needs_its_token_and_expires():
    """Is a session's key worth nothing without its token, and after its time?"""
    arn = role("reader", allow("iam:ListUsers"))
    credentials = boto3.client("sts").assume_role(RoleArn=arn, RoleSessionName="me")["Credentials"]
    me = session(credentials)
    me("iam").list_users()
    bare = Learner(credentials["AccessKeyId"], credentials["SecretAccessKey"])
    refused(bare("iam").list_users, "InvalidClientTokenId")
    with lab.context(time="2099-01-01"):
        refused(me("iam").list_users, "ExpiredToken", "expired")
        refused(me("ec2").describe_vpcs, "RequestExpired", status=400)
    me("iam").list_users()


def test_reset_brings_the_administrator_back():
    """Is the administrator there after a reset, with the same id, and the learner's key gone?"""
    ana, first = user(allow("*")), boto3.client("iam").get_user()["User"]["UserId"]
    lab.reset()
    refused(ana("iam").list_users, "InvalidClientTokenId")
    assert boto3.client("iam").get_user()["User"]["UserId"] == first
    assert boto3.client("sts").get_caller_identity()["Account"] == ACCOUNT


def test_a_renamed_user_keeps_its_key():
    """Is the caller the user under its new name?"""
    ana = user(allow("iam:ListUsers"))
    boto3.client("iam").update_user(UserName="ana", NewUserName="anna")
    assert ana("sts").get_caller_identity()["Arn"].endswith("user/anna")
    ana("iam").list_users()
