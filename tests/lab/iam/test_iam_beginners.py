"""What beginners ask of IAM and Organizations: pages, renamed users, boundaries in use, ARNs that are none, refusals read."""

import json
import re

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from course import lab


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions, on="*", **more):
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **more}


@pytest.fixture
def iam(_fresh):
    return boto3.client("iam")


@pytest.fixture
def ana(iam):
    """A user with these statements: `ana(...)("s3")` is a client with her keys."""

    def ana(*statements):
        iam.create_user(UserName="ana")
        if statements:
            iam.put_user_policy(UserName="ana", PolicyName="own", PolicyDocument=policy(*statements))
        key = iam.create_access_key(UserName="ana")["AccessKey"]
        return lambda service: boto3.client(
            service,
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
            config=Config(retries={"max_attempts": 0}),
        )

    return ana


def refusal(call, **params):
    with pytest.raises(ClientError) as caught:
        call(**params)
    return caught.value.response["Error"]


def test_users_in_pages(iam):
    """Are users given page by page, each once?"""
    for n in range(5):
        iam.create_user(UserName=f"u{n}")
    first = iam.list_users(MaxItems=2)
    assert first["IsTruncated"] and len(first["Users"]) == 2
    second = iam.list_users(MaxItems=2, Marker=first["Marker"])
    assert len(second["Users"]) == 2 and second["Users"][0] not in first["Users"]
    pages = iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 2})
    names = [one["UserName"] for page in pages for one in page["Users"]]
    assert len(names) == len(set(names)) == len(iam.list_users()["Users"])
    assert refusal(iam.list_users, Marker="none")["Code"] == "ValidationError"


def test_keys_of_a_renamed_user(iam, ana):
    """Do the keys show the new name?"""
    ana()
    iam.update_user(UserName="ana", NewUserName="anna")
    assert [one["UserName"] for one in iam.list_access_keys(UserName="anna")["AccessKeyMetadata"]] == ["anna"]


def test_a_policy_that_is_a_boundary(iam):
    """Is it counted, and kept until no one has it?"""
    made = iam.create_policy(PolicyName="p", PolicyDocument=policy(allow("s3:*")))["Policy"]
    assert made["PermissionsBoundaryUsageCount"] == 0 and re.fullmatch("ANPA[A-Z0-9]{17}", made["PolicyId"])
    iam.create_user(UserName="ana", PermissionsBoundary=made["Arn"])
    assert iam.get_policy(PolicyArn=made["Arn"])["Policy"]["PermissionsBoundaryUsageCount"] == 1
    assert refusal(iam.delete_policy, PolicyArn=made["Arn"])["Code"] == "DeleteConflict"
    iam.delete_user_permissions_boundary(UserName="ana")
    iam.delete_policy(PolicyArn=made["Arn"])


def test_arns_that_are_none(iam, ana):
    """Is a slip in an ARN told apart from a policy that is not there?"""
    ana()
    slips = ("arn:aws:iam:aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:ReadOnlyAccess", "ReadOnlyAccess-by-its-name")
    for arn in slips:
        error = refusal(iam.attach_user_policy, UserName="ana", PolicyArn=arn)
        assert (error["Code"], error["Message"]) == ("InvalidInput", f"ARN {arn} is not valid.")
    missing = "arn:aws:iam::aws:policy/ReadOnly"
    assert refusal(iam.attach_user_policy, UserName="ana", PolicyArn=missing)["Code"] == "NoSuchEntity"
    iam.attach_user_policy(UserName="ana", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")


def test_a_password_policy_without_an_age(iam):
    """Is no age shown where there is none?"""
    iam.update_account_password_policy(MaxPasswordAge=90)
    assert iam.get_account_password_policy()["PasswordPolicy"]["MaxPasswordAge"] == 90
    iam.update_account_password_policy()
    assert "MaxPasswordAge" not in iam.get_account_password_policy()["PasswordPolicy"]


def test_roles_by_name_and_by_web_token(iam):
    """Are a role's name and a token that is none told?"""
    sts = boto3.client("sts")
    error = refusal(sts.assume_role, RoleArn="a-role-with-a-long-name", RoleSessionName="ana")
    assert error["Code"] == "ValidationError"
    given = {"RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "ana"}
    error = refusal(sts.assume_role_with_web_identity, **given, WebIdentityToken="not-a-token")
    assert error["Code"] == "InvalidIdentityToken"


def test_context_keys(iam, ana):
    """Are the condition keys of policies found, each once?"""
    conditions = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}, "Bool": {"aws:SecureTransport": "true"}}
    one = policy(allow("s3:*", on="arn:aws:s3:::${aws:username}", Condition=conditions))
    found = iam.get_context_keys_for_custom_policy(PolicyInputList=[one, one])["ContextKeyNames"]
    assert sorted(found) == ["aws:RequestedRegion", "aws:SecureTransport", "aws:username"]
    ana(allow("s3:*", Condition={"StringEquals": {"aws:PrincipalTag/team": "a"}}))
    arn = "arn:aws:iam::123456789012:user/ana"
    assert iam.get_context_keys_for_principal_policy(PolicySourceArn=arn)["ContextKeyNames"] == [
        "aws:PrincipalTag/team"
    ]
    assert refusal(iam.get_context_keys_for_custom_policy, PolicyInputList=["none"])["Code"] == "InvalidInput"


def test_refusals_name_the_resource_of_a_list(ana):
    """Does each service name what its lists are evaluated against?"""
    ana = ana()
    for service, operation, words in (
        ("dynamodb", "list_tables", "on resource: arn:aws:dynamodb:us-east-1:123456789012:table/* because"),
        ("sns", "list_topics", "SNS:ListTopics on resource: arn:aws:sns:us-east-1:123456789012:* because"),
        ("ssm", "describe_parameters", "on resource: arn:aws:ssm:us-east-1:123456789012:* because"),
        ("cloudwatch", "describe_alarms", "on resource: arn:aws:cloudwatch:us-east-1:123456789012:alarm:* because"),
        ("logs", "describe_log_groups", "on resource: arn:aws:logs:us-east-1:123456789012:log-group::log-stream: b"),
        ("efs", "describe_file_systems", "DescribeFileSystems on the specified resource because"),
        ("kms", "list_keys", "kms:ListKeys because"),
    ):
        assert words in refusal(getattr(ana(service), operation))["Message"]


def test_a_refusal_is_decoded(ana, image):
    """Does EC2 say in code why a launch is refused, and STS read it? Reading is refused without."""
    ana = ana(allow("ec2:RunInstances", on="arn:aws:ec2:*:*:subnet/*"))
    given = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    message = refusal(ana("ec2").run_instances, **given)["Message"]
    secret = message.partition("Encoded authorization failure message: ")[2]
    sts = boto3.client("sts")
    told = json.loads(sts.decode_authorization_message(EncodedMessage=secret)["DecodedMessage"])
    assert (told["allowed"], told["explicitDeny"]) == (False, False)
    assert told["context"]["action"] == "ec2:RunInstances"
    assert told["context"]["principal"]["arn"] == "arn:aws:iam::123456789012:user/ana"
    error = refusal(sts.decode_authorization_message, EncodedMessage="nothing")
    assert error["Code"] == "InvalidAuthorizationMessageException"
    assert "Encoded" not in refusal(ana("ec2").describe_vpcs)["Message"]


def test_whether_an_object_is_there(ana):
    """Learns only who may list the bucket that an object is not there?"""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="files")
    s3.put_object(Bucket="files", Key="a", Body=b"1")
    ana = ana(allow("s3:GetObject", on="arn:aws:s3:::files/*"))("s3")
    assert ana.get_object(Bucket="files", Key="a")["Body"].read() == b"1"
    error = refusal(ana.get_object, Bucket="files", Key="b")
    assert error["Code"] == "AccessDenied" and "s3:ListBucket" in error["Message"]
    assert refusal(ana.head_object, Bucket="files", Key="b")["Code"] == "403"
    assert refusal(s3.get_object, Bucket="files", Key="b")["Code"] == "NoSuchKey"


def test_control_policies(_fresh):
    """Are their type and their form looked at, and may the role of a member do everything else?"""
    organizations = boto3.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    given = {"Name": "p", "Description": "", "Type": "SERVICE_CONTROL_POLICY"}
    for bad in ("none", '{"Statement": "deny"}', policy(), policy({"Effect": "deny", "Action": "*", "Resource": "*"})):
        error = refusal(organizations.create_policy, **given, Content=bad)
        assert error["Code"] == "MalformedPolicyDocumentException"
    deny = policy({"Effect": "Deny", "Action": "s3:*", "Resource": "*"})
    made = organizations.create_policy(**given, Content=deny)["Policy"]["PolicySummary"]["Id"]
    root = organizations.list_roots()["Roots"][0]["Id"]
    error = refusal(organizations.attach_policy, PolicyId=made, TargetId=root)
    assert error["Code"] == "PolicyTypeNotEnabledException"
    member = organizations.create_account(AccountName="dev", Email="dev@example.com")["CreateAccountStatus"]
    role = f"arn:aws:iam::{member['AccountId']}:role/OrganizationAccountAccessRole"
    key = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="ana")["Credentials"]
    there = boto3.client(
        "s3",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        aws_session_token=key["SessionToken"],
    )
    assert there.list_buckets()["Buckets"] == []
    organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    organizations.attach_policy(PolicyId=made, TargetId=root)
    assert "service control policy" in refusal(there.list_buckets)["Message"]
    assert lab.aws("aws s3 ls").exit_code == 0
