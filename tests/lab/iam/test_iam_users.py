"""Users, documents, the simulator and last-accessed data: what moto lacks or wrongly accepts."""

import json

import boto3
import pytest
from iam_learners import ACCOUNT, allow, deny, policy, refused, user

READ = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ANA = f"arn:aws:iam::{ACCOUNT}:user/ana"


def test_a_boundary_is_kept_and_shown():
    """Put, shown by get_user, taken away; also given at creation."""
    iam = boto3.client("iam")
    iam.create_user(UserName="ana", PermissionsBoundary=READ)
    wanted = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": READ}
    assert iam.get_user(UserName="ana")["User"]["PermissionsBoundary"] == wanted
    iam.delete_user_permissions_boundary(UserName="ana")
    assert "PermissionsBoundary" not in iam.get_user(UserName="ana")["User"]
    iam.put_user_permissions_boundary(UserName="ana", PermissionsBoundary=READ)
    assert iam.get_user(UserName="ana")["User"]["PermissionsBoundary"] == wanted
    missing = f"arn:aws:iam::{ACCOUNT}:policy/none"
    refused(iam.put_user_permissions_boundary, "NoSuchEntity", status=404, UserName="ana", PermissionsBoundary=missing)
    refused(iam.put_user_permissions_boundary, "NoSuchEntity", status=404, UserName="bob", PermissionsBoundary=READ)


def test_a_user_in_use_is_not_deleted():
    """Group, policy and key must be gone first."""
    user(allow("*"))
    iam = boto3.client("iam")
    iam.create_group(GroupName="g")
    iam.add_user_to_group(GroupName="g", UserName="ana")
    refused(iam.delete_user, "DeleteConflict", "must delete policies first", status=409, UserName="ana")
    iam.delete_user_policy(UserName="ana", PolicyName="own")
    refused(iam.delete_user, "DeleteConflict", "must remove users from group first", status=409, UserName="ana")
    iam.remove_user_from_group(GroupName="g", UserName="ana")
    refused(iam.delete_user, "DeleteConflict", "must delete access keys first", status=409, UserName="ana")
    key = iam.list_access_keys(UserName="ana")["AccessKeyMetadata"][0]["AccessKeyId"]
    iam.delete_access_key(UserName="ana", AccessKeyId=key)
    iam.delete_user(UserName="ana")
    assert [one["UserName"] for one in iam.list_users()["Users"]] == ["administrator"]


BAD = [
    ("create_policy", {"PolicyName": "p"}, policy({**allow("*"), "Principal": "*"}), "should not specify a principal"),
    ("create_policy", {"PolicyName": "p"}, "{", ""),
    ("create_policy", {"PolicyName": "p"}, policy({"Effect": "allow", "Action": "*", "Resource": "*"}), ""),
    ("put_user_policy", {"UserName": "ana", "PolicyName": "p"}, policy({"Effect": "Allow", "Action": "s3:Get*"}), ""),
]


@pytest.mark.parametrize("call, params, document, words", BAD)
def test_malformed_documents(call, params, document, words):
    """Are they refused before they are stored?"""
    iam = boto3.client("iam")
    iam.create_user(UserName="ana")
    refused(getattr(iam, call), "MalformedPolicyDocument", words, status=400, PolicyDocument=document, **params)


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Allow", "Action": "sts:AssumeRole"},
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ACCOUNT}, "Resource": "*"},
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/nobody"}},
    ],
)
def test_malformed_trust_policies(statement):
    """Without Principal, with Resource, with a user that does not exist."""
    iam = boto3.client("iam")
    document = policy(statement)
    refused(iam.create_role, "MalformedPolicyDocument", status=400, RoleName="r", AssumeRolePolicyDocument=document)
    assert iam.list_roles()["Roles"] == []


def test_the_simulator():
    """Does it answer as a call would, name the statement, and list the context that is missing?"""
    user(allow("ec2:*"), deny("ec2:Stop*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}}))
    iam = boto3.client("iam")
    ask = {"PolicySourceArn": ANA, "ActionNames": ["ec2:StopInstances", "iam:ListUsers"]}
    results = iam.simulate_principal_policy(**ask)["EvaluationResults"]
    assert [one["EvalDecision"] for one in results] == ["allowed", "implicitDeny"]
    assert results[0]["MissingContextValues"] == ["aws:MultiFactorAuthPresent"]
    assert results[0]["MatchedStatements"][0]["SourcePolicyId"] == "own"
    mfa = {"ContextKeyName": "aws:MultiFactorAuthPresent", "ContextKeyValues": ["false"], "ContextKeyType": "boolean"}
    assert (
        iam.simulate_principal_policy(**ask, ContextEntries=[mfa])["EvaluationResults"][0]["EvalDecision"]
        == "explicitDeny"
    )
    custom = iam.simulate_custom_policy(PolicyInputList=[policy(allow("s3:*"))], ActionNames=["s3:GetObject"])
    assert custom["EvaluationResults"][0]["EvalDecision"] == "allowed"
    refused(iam.simulate_custom_policy, "InvalidInput", status=400, PolicyInputList=["{"], ActionNames=["s3:GetObject"])
    nobody = f"arn:aws:iam::{ACCOUNT}:user/nobody"
    refused(
        iam.simulate_principal_policy, "NoSuchEntity", status=404, PolicySourceArn=nobody, ActionNames=["s3:GetObject"]
    )


def test_last_accessed():
    """Services that a policy allows, used and unused; a denied attempt counts too."""
    ana = user(allow("ec2:Describe*", "sqs:*", "s3:*"))
    ana("ec2").describe_vpcs()
    refused(ana("ec2").create_vpc, "UnauthorizedOperation", CidrBlock="10.0.0.0/16")
    ana("s3").list_buckets()
    iam = boto3.client("iam")
    job = iam.generate_service_last_accessed_details(Arn=ANA)["JobId"]
    report = iam.get_service_last_accessed_details(JobId=job)
    used = {one["ServiceNamespace"]: "LastAuthenticated" in one for one in report["ServicesLastAccessed"]}
    assert report["JobStatus"] == "COMPLETED"
    assert used == {"ec2": True, "sqs": False, "s3": True}
    entry = next(one for one in report["ServicesLastAccessed"] if one["ServiceNamespace"] == "ec2")
    assert (entry["LastAuthenticatedEntity"], entry["LastAuthenticatedRegion"]) == (ANA, "us-east-1")
    assert json.dumps(used)


def test_a_delegate_must_set_the_boundary():
    """iam:PermissionsBoundary: users only with the boundary, policies only for users who have it."""
    with_it = {"StringEquals": {"iam:PermissionsBoundary": READ}}
    delegate = user(allow("iam:CreateUser", "iam:PutUserPolicy", Condition=with_it), name="delegate")("iam")
    refused(delegate.create_user, "AccessDenied", "iam:CreateUser", UserName="ana")
    delegate.create_user(UserName="ana", PermissionsBoundary=READ)
    put = {"PolicyName": "p", "PolicyDocument": policy(allow("*"))}
    delegate.put_user_policy(UserName="ana", **put)
    boto3.client("iam").create_user(UserName="free")
    refused(delegate.put_user_policy, "AccessDenied", "user/free", UserName="free", **put)


def test_a_policy_in_use_is_not_deleted():
    """Attached, or with versions: DeleteConflict. The default version is the one that counts."""
    iam = boto3.client("iam")
    arn = iam.create_policy(PolicyName="p", PolicyDocument=policy(allow("sqs:ListQueues")))["Policy"]["Arn"]
    ana = user()
    iam.attach_user_policy(UserName="ana", PolicyArn=arn)
    ana("sqs").list_queues()
    refused(iam.delete_policy, "DeleteConflict", "attached to entities", status=409, PolicyArn=arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy(allow("s3:*")), SetAsDefault=True)
    refused(ana("sqs").list_queues, "AccessDenied")
    iam.detach_user_policy(UserName="ana", PolicyArn=arn)
    refused(iam.delete_policy, "DeleteConflict", "more than one version", status=409, PolicyArn=arn)
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy(PolicyArn=arn)
