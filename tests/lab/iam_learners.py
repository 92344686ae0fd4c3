"""Callers for the IAM tests: users and sessions with policies, and what a refusal looks like."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"


def policy(*statements, **one):
    """A policy document as JSON text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements) or one})


def allow(*actions, on="*", **more):
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **more}


def deny(*actions, on="*", **more):
    return {"Effect": "Deny", "Action": list(actions), "Resource": on, **more}


class Learner:
    """A caller with keys: `learner("ec2")` is a client."""

    def __init__(self, key, secret, token=None):
        self.session = boto3.Session(key, secret, token, "us-east-1")
        self.key = key

    def __call__(self, service, region="us-east-1"):
        return self.session.client(service, region_name=region)


def user(*statements, name="ana"):
    """A new user with these statements as its inline policy, and an access key."""
    iam = boto3.client("iam")
    iam.create_user(UserName=name)
    if statements:
        iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=policy(*statements))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return Learner(key["AccessKeyId"], key["SecretAccessKey"])


def session(credentials):
    return Learner(credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"])


def role(name, *statements, trust=None):
    """A new role; without a trust statement the whole account may assume it."""
    iam = boto3.client("iam")
    trust = trust or {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
    if statements:
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=policy(*statements))
    return arn


def refused(call, code, *words, status=403, **params):
    """The call must be refused with this code, these words and this HTTP status; gives the message."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error, meta = caught.value.response["Error"], caught.value.response["ResponseMetadata"]
    assert error["Code"] == code, error
    for word in words:
        assert word in error["Message"], error["Message"]
    assert meta["HTTPStatusCode"] == status, meta
    return error["Message"]
