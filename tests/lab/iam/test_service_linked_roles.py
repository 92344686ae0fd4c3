"""Service-linked roles, service principals, and the credential report."""

import csv
import io

import boto3
import pytest
from iam_learners import ACCOUNT, allow, policy, refused, user

from course import lab
from course.lab.iam.known_services import is_service


@pytest.fixture
def iam():
    return boto3.client("iam")


def test_a_service_linked_role(iam):
    """Named as AWS names it, made once, changed by nobody, deleted by its own call."""
    service = {"AWSServiceName": "elasticloadbalancing.amazonaws.com"}
    made = iam.create_service_linked_role(**service)["Role"]
    name = made["RoleName"]
    assert name == "AWSServiceRoleForElasticLoadBalancing"
    refused(iam.create_service_linked_role, "InvalidInput", "has been taken", status=400, **service)
    document = policy(allow("s3:*"))
    given = {"RoleName": name, "PolicyName": "p", "PolicyDocument": document}
    refused(iam.put_role_policy, "UnmodifiableEntity", name, status=400, **given)
    refused(iam.delete_role, "UnmodifiableEntity", status=400, RoleName=name)
    iam.delete_service_linked_role(RoleName=name)
    assert iam.list_roles(PathPrefix="/aws-service-role/")["Roles"] == []


@pytest.mark.parametrize(
    "principal, is_one",
    [
        ("ec2.amazonaws.com", True),
        ("lambda.amazonaws.com", True),
        ("ecs-tasks.amazonaws.com", True),
        ("ops.apigateway.amazonaws.com", True),
        ("logs.eu-west-1.amazonaws.com", True),
        ("spotfleet.amazonaws.com", True),
        ("vpc-flow-logs.amazonaws.com", True),
        ("scheduler.amazonaws.com", True),
        ("ec3.amazonaws.com", False),
        ("lamda.amazonaws.com", False),
        ("lambda", False),
    ],
)
def test_service_principals(iam, principal, is_one):
    """Is a trust policy with this service accepted?"""
    assert is_service(principal) is is_one
    trust = policy({"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"})
    given = {"RoleName": "r", "AssumeRolePolicyDocument": trust}
    if is_one:
        iam.create_role(**given)
    else:
        refused(iam.create_role, "MalformedPolicyDocument", principal, status=400, **given)


def report(iam):
    iam.generate_credential_report()
    return {one["user"]: one for one in csv.DictReader(io.StringIO(iam.get_credential_report()["Content"].decode()))}


def test_the_credential_report(iam):
    """Root, a person, a program; what each has, and N/A for what it has not."""
    refused(iam.get_credential_report, "ReportNotPresent", status=410)
    bot = user(allow("sqs:*"), name="bot")
    with lab.context(time="2026-11-01T08:00:00Z"):
        iam.create_user(UserName="ana")
        iam.create_login_profile(UserName="ana", Password="Sun-rise-7")
    bot("sqs").list_queues()
    found = report(iam)
    root, ana, bot = found["<root_account>"], found["ana"], found["bot"]
    assert root["arn"] == f"arn:aws:iam::{ACCOUNT}:root" and root["password_enabled"] == "not_supported"
    assert root["access_key_1_active"] == "false" and root["mfa_active"] == "true"
    assert (ana["password_enabled"], ana["mfa_active"], ana["access_key_1_active"]) == ("true", "false", "false")
    assert ana["password_last_changed"] == "2026-11-01T08:00:00+00:00" and ana["password_next_rotation"] == "N/A"
    assert (bot["password_enabled"], bot["password_last_used"], bot["password_last_changed"]) == ("false", "N/A", "N/A")
    assert (bot["access_key_1_active"], bot["access_key_1_last_used_service"]) == ("true", "sqs")
    assert (bot["access_key_1_last_used_region"], bot["access_key_2_last_used_date"]) == ("us-east-1", "N/A")
    iam.update_account_password_policy(MaxPasswordAge=90)
    assert report(iam)["ana"]["password_next_rotation"] == "2027-01-30T08:00:00+00:00"
