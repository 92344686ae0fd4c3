"""Names without regard to case, ids by kind, quotas, and groups that are not deleted."""

import boto3
import pytest
from iam_learners import ACCOUNT, allow, policy, refused, role

READ = "arn:aws:iam::aws:policy/ReadOnlyAccess"


@pytest.fixture
def iam():
    return boto3.client("iam")


def test_names_have_no_case(iam):
    """EntityAlreadyExists for each kind, at creation and at renaming."""
    iam.create_user(UserName="ana")
    iam.create_group(GroupName="team")
    iam.create_instance_profile(InstanceProfileName="web")
    role("reader")
    trust = policy({"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"})
    for call, params in [
        (iam.create_user, {"UserName": "ANA"}),
        (iam.create_group, {"GroupName": "Team"}),
        (iam.create_instance_profile, {"InstanceProfileName": "WEB"}),
        (iam.create_role, {"RoleName": "Reader", "AssumeRolePolicyDocument": trust}),
    ]:
        refused(call, "EntityAlreadyExists", status=409, **params)
    iam.create_user(UserName="bob")
    refused(iam.update_user, "EntityAlreadyExists", status=409, UserName="bob", NewUserName="Ana")
    iam.update_user(UserName="bob", NewUserName="Bob")
    iam.update_group(GroupName="team", NewGroupName="TEAM")


def test_ids_say_what_they_name(iam):
    """AIDA for a user, AGPA for a group, AIPA for a profile, AROA for a role."""
    made = {
        "AIDA": iam.create_user(UserName="ana")["User"]["UserId"],
        "AGPA": iam.create_group(GroupName="team")["Group"]["GroupId"],
        "AIPA": iam.create_instance_profile(InstanceProfileName="web")["InstanceProfile"]["InstanceProfileId"],
    }
    assert all(id.startswith(prefix) and len(id) == 21 for prefix, id in made.items())


def test_tags_without_case(iam):
    """InvalidInput for the same key twice."""
    tags = [{"Key": "team", "Value": "a"}, {"Key": "Team", "Value": "b"}]
    refused(iam.create_user, "InvalidInput", status=400, UserName="ana", Tags=tags)
    iam.create_user(UserName="ana", Tags=tags[:1])
    refused(iam.tag_user, "InvalidInput", status=400, UserName="ana", Tags=tags)


def test_ten_groups(iam):
    """Is the eleventh refused, and one of the ten accepted again?"""
    iam.create_user(UserName="ana")
    for n in range(11):
        iam.create_group(GroupName=f"g{n}")
    for n in range(10):
        iam.add_user_to_group(GroupName=f"g{n}", UserName="ana")
    iam.add_user_to_group(GroupName="g0", UserName="ana")
    refused(iam.add_user_to_group, "LimitExceeded", "GroupsPerUser: 10", status=409, GroupName="g10", UserName="ana")


@pytest.mark.parametrize("kind, limit", [("user", 10), ("group", 10), ("role", 20)])
def test_managed_policies(iam, kind, limit):
    """Is one more than fits refused, and one that is attached accepted again?"""
    if kind == "role":
        role("it")
    else:
        getattr(iam, f"create_{kind}")(**{f"{kind.title()}Name": "it"})
    attach = getattr(iam, f"attach_{kind}_policy")
    holder = {f"{kind.title()}Name": "it"}
    document = policy(allow("s3:*"))
    arns = [iam.create_policy(PolicyName=f"p{n}", PolicyDocument=document)["Policy"]["Arn"] for n in range(limit + 1)]
    for arn in arns[:limit]:
        attach(PolicyArn=arn, **holder)
    attach(PolicyArn=arns[0], **holder)
    refused(attach, "LimitExceeded", str(limit), status=409, PolicyArn=arns[limit], **holder)


def test_inline_policies_together(iam):
    """Do two that fit alone exceed together, and does a policy replace itself?"""
    iam.create_user(UserName="ana")
    document = policy(allow(*(f"s3:Get{n:04}" for n in range(100))))
    iam.put_user_policy(UserName="ana", PolicyName="p", PolicyDocument=document)
    iam.put_user_policy(UserName="ana", PolicyName="p", PolicyDocument=document)
    given = {"UserName": "ana", "PolicyName": "q", "PolicyDocument": document}
    refused(iam.put_user_policy, "LimitExceeded", "2048", status=409, **given)


def test_a_group_in_use(iam):
    """Users, managed and inline policies must be gone first."""
    iam.create_user(UserName="ana")
    iam.create_group(GroupName="team")
    iam.add_user_to_group(GroupName="team", UserName="ana")
    iam.attach_group_policy(GroupName="team", PolicyArn=READ)
    iam.put_group_policy(GroupName="team", PolicyName="p", PolicyDocument=policy(allow("s3:*")))
    refused(iam.delete_group, "DeleteConflict", "remove users", status=409, GroupName="team")
    iam.remove_user_from_group(GroupName="team", UserName="ana")
    refused(iam.delete_group, "DeleteConflict", "detach all policies", status=409, GroupName="team")
    iam.detach_group_policy(GroupName="team", PolicyArn=READ)
    refused(iam.delete_group, "DeleteConflict", "delete policies", status=409, GroupName="team")
    iam.delete_group_policy(GroupName="team", PolicyName="p")
    iam.delete_group(GroupName="team")
    assert iam.list_groups()["Groups"] == []
