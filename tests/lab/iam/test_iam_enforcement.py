"""May they? Real calls, each allowed and denied, with AWS's own codes and words."""

import json

import boto3
import pytest
from iam_learners import ACCOUNT, allow, deny, policy, refused, role, session, user

from course import lab

ANA = f"arn:aws:iam::{ACCOUNT}:user/ana"


def test_denied_in_the_words_of_iam():
    """Is the message IAM's, and does the permission cure it?"""
    ana = user()
    message = refused(ana("iam").list_users, "AccessDenied")
    assert message == (
        f"User: {ANA} is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::{ACCOUNT}:user/ "
        "because no identity-based policy allows the iam:ListUsers action"
    )
    boto3.client("iam").put_user_policy(UserName="ana", PolicyName="p", PolicyDocument=policy(allow("iam:ListUsers")))
    assert [one["UserName"] for one in ana("iam").list_users()["Users"]] == ["administrator", "ana"]


def test_denied_in_the_words_of_ec2(ec2, image):
    """UnauthorizedOperation with EC2's own opening, on the first resource that is denied."""
    ana = user(allow("ec2:Describe*"))
    assert ana("ec2").describe_instances()["Reservations"] == []
    launch = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    message = refused(ana("ec2").run_instances, "UnauthorizedOperation", **launch)
    assert message.startswith(
        f"You are not authorized to perform this operation. User: {ANA} is not authorized to perform: ec2:RunInstances "
        f"on resource: arn:aws:ec2:us-east-1:{ACCOUNT}:instance/* "
        "because no identity-based policy allows the ec2:RunInstances action. Encoded authorization failure message: "
    )
    assert ec2.describe_instances()["Reservations"] == []


DENIED = [
    ("s3", "list_buckets", {}, "AccessDenied", "s3:ListAllMyBuckets", 403),
    (
        "sqs",
        "create_queue",
        {"QueueName": "q"},
        "AccessDenied",
        "sqs:createqueue on resource: arn:aws:sqs:us-east-1",
        403,
    ),
    ("sns", "create_topic", {"Name": "t"}, "AuthorizationError", "SNS:CreateTopic on resource: arn:aws:sns", 403),
    ("lambda", "list_functions", {}, "AccessDeniedException", "lambda:ListFunctions on resource: *", 403),
    ("lambda", "invoke", {"FunctionName": "f"}, "AccessDeniedException", f"{ACCOUNT}:function:f because", 403),
    ("dynamodb", "get_item", {"TableName": "t", "Key": {"a": {"S": "b"}}}, "AccessDeniedException", ":table/t", 400),
    ("kms", "create_key", {}, "AccessDeniedException", "kms:CreateKey", 400),
    ("secretsmanager", "create_secret", {"Name": "x"}, "AccessDeniedException", ":secret:x", 400),
    ("ssm", "get_parameter", {"Name": "/a/b"}, "AccessDeniedException", ":parameter/a/b because", 400),
    ("efs", "describe_file_systems", {}, "AccessDeniedException", "elasticfilesystem:DescribeFileSystems", 403),
    ("elbv2", "describe_load_balancers", {}, "AccessDenied", "elasticloadbalancing:DescribeLoadBalancers", 403),
    ("autoscaling", "describe_auto_scaling_groups", {}, "AccessDenied", "autoscaling:DescribeAutoScaling", 403),
    ("logs", "create_log_group", {"logGroupName": "g"}, "AccessDeniedException", ":log-group:g", 400),
    ("stepfunctions", "list_state_machines", {}, "AccessDeniedException", "states:ListStateMachines", 400),
    ("route53", "list_hosted_zones", {}, "AccessDenied", "route53:ListHostedZones", 403),
    ("iam", "create_role", {"RoleName": "r", "AssumeRolePolicyDocument": "{}"}, "AccessDenied", ":role/r", 403),
    ("ec2", "describe_vpcs", {}, "UnauthorizedOperation", "ec2:DescribeVpcs because no identity-based policy", 403),
]


@pytest.mark.parametrize("service, call, params, code, words, status", DENIED, ids=lambda one: str(one)[:20])
def test_each_protocol_says_no_in_its_own_way(service, call, params, code, words, status):
    """Is a denial a ClientError with the code and HTTP status of this service, for a user without any policy?"""
    refused(getattr(user()(service), call), code, words, status=status, **params)


@pytest.mark.parametrize(
    "service, call", [(one[0], one[1]) for one in DENIED if not one[2] and one[0] != "stepfunctions"]
)
def test_each_is_allowed_with_a_policy(service, call):
    """And is the same call answered when a policy allows everything?"""
    getattr(user(allow("*"))(service), call)()


def test_an_instance_by_its_arn(launch):
    """Do a Resource ARN and a tag condition reach the very instance?"""
    mine, other = launch(), launch()
    boto3.client("ec2").create_tags(Resources=[mine], Tags=[{"Key": "owner", "Value": "ana"}])
    arn = f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/{mine}"
    by_arn = user(allow("ec2:StopInstances", on=arn), name="by-arn")("ec2")
    by_arn.stop_instances(InstanceIds=[mine])
    refused(by_arn.stop_instances, "UnauthorizedOperation", f"instance/{other}", InstanceIds=[other])
    # One denied resource denies the whole request.
    refused(by_arn.stop_instances, "UnauthorizedOperation", InstanceIds=[mine, other])
    tagged = {"StringEquals": {"aws:ResourceTag/owner": "${aws:username}"}}
    by_tag = user(allow("ec2:StartInstances", Condition=tagged))("ec2")
    by_tag.start_instances(InstanceIds=[mine])
    refused(by_tag.start_instances, "UnauthorizedOperation", InstanceIds=[other])


def test_attaching_a_volume_needs_both(launch, volume):
    """Is AttachVolume asked for the volume and for the instance?"""
    i, v = launch(), volume()
    arn = f"arn:aws:ec2:us-east-1:{ACCOUNT}:volume/{v}"
    half = user(allow("ec2:AttachVolume", on=arn), name="half")("ec2")
    refused(half.attach_volume, "UnauthorizedOperation", f"instance/{i}", VolumeId=v, InstanceId=i, Device="/dev/sdf")
    both = user(allow("ec2:AttachVolume", on=[arn, "arn:aws:ec2:*:*:instance/*"]))("ec2")
    both.attach_volume(VolumeId=v, InstanceId=i, Device="/dev/sdf")


def test_dry_run_tells_what_policies_say(volume):
    """DryRunOperation when allowed, UnauthorizedOperation when not."""
    size = {"AvailabilityZone": "us-east-1a", "Size": 1, "DryRun": True}
    refused(user(name="a")("ec2").create_volume, "UnauthorizedOperation", **size)
    refused(user(allow("ec2:CreateVolume"), name="b")("ec2").create_volume, "DryRunOperation", status=412, **size)


def test_only_small_instances_and_one_region(image):
    """ec2:InstanceType and aws:RequestedRegion."""
    small = deny(
        "ec2:RunInstances",
        on="arn:aws:ec2:*:*:instance/*",
        Condition={"StringNotEquals": {"ec2:InstanceType": "t3.micro"}},
    )
    region = deny("*", Condition={"StringNotEquals": {"aws:RequestedRegion": "us-east-1"}})
    ana = user(allow("ec2:*"), small, region)
    launch = {"ImageId": image, "MinCount": 1, "MaxCount": 1}
    ana("ec2").run_instances(InstanceType="t3.micro", **launch)
    refused(
        ana("ec2").run_instances,
        "UnauthorizedOperation",
        "with an explicit deny in an identity-based policy",
        InstanceType="t3.large",
        **launch,
    )
    refused(ana("ec2", "eu-west-1").describe_vpcs, "UnauthorizedOperation", "explicit deny")


def test_passing_a_role(image):
    """Does a launch with an instance profile need iam:PassRole for that role, to EC2?"""
    arn, iam = role("app"), boto3.client("iam")
    iam.create_instance_profile(InstanceProfileName="app-profile")
    iam.add_role_to_instance_profile(InstanceProfileName="app-profile", RoleName="app")
    launch = {"ImageId": image, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    launch["IamInstanceProfile"] = {"Name": "app-profile"}
    without = user(allow("ec2:*"), name="without")("ec2")
    refused(without.run_instances, "UnauthorizedOperation", f"iam:PassRole on resource: {arn}", **launch)
    to_lambda = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    wrong = user(allow("ec2:*"), allow("iam:PassRole", on=arn, Condition=to_lambda), name="wrong")("ec2")
    refused(wrong.run_instances, "UnauthorizedOperation", "iam:PassRole", **launch)
    to_ec2 = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    user(allow("ec2:*"), allow("iam:PassRole", on=arn, Condition=to_ec2))("ec2").run_instances(**launch)


def test_tagging_at_launch_needs_create_tags(volume):
    """Is ec2:CreateTags asked with ec2:CreateAction?"""
    size = {"AvailabilityZone": "us-east-1a", "Size": 1}
    size["TagSpecifications"] = [{"ResourceType": "volume", "Tags": [{"Key": "a", "Value": "b"}]}]
    refused(
        user(allow("ec2:CreateVolume"), name="a")("ec2").create_volume, "UnauthorizedOperation", "CreateTags", **size
    )
    made = {"StringEquals": {"ec2:CreateAction": "CreateVolume"}}
    user(allow("ec2:CreateVolume"), allow("ec2:CreateTags", Condition=made))("ec2").create_volume(**size)


def test_groups_attached_policies_and_explicit_deny():
    """A group's policy counts, an AWS managed one too, and a Deny anywhere wins."""
    ana, iam = user(), boto3.client("iam")
    iam.create_group(GroupName="readers")
    iam.attach_group_policy(GroupName="readers", PolicyArn="arn:aws:iam::aws:policy/IAMReadOnlyAccess")
    refused(ana("iam").list_roles, "AccessDenied")
    iam.add_user_to_group(GroupName="readers", UserName="ana")
    ana("iam").list_roles()
    iam.put_user_policy(UserName="ana", PolicyName="no", PolicyDocument=policy(deny("iam:ListRoles")))
    refused(ana("iam").list_roles, "AccessDenied", "with an explicit deny in an identity-based policy")


def test_own_keys_by_policy_variable():
    """${aws:username} in a Resource, and the implicit user of a call without UserName."""
    own = allow("iam:*AccessKey*", on=f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}")
    ana = user(own)
    user(name="bob")
    assert len(ana("iam").list_access_keys()["AccessKeyMetadata"]) == 1
    ana("iam").create_access_key(UserName="ana")
    refused(ana("iam").create_access_key, "AccessDenied", "user/bob", UserName="bob")


def test_a_boundary_limits(ec2):
    """A permissions boundary grants nothing and limits what the policies grant."""
    iam = boto3.client("iam")
    ana = user(allow("*"))
    iam.put_user_permissions_boundary(
        UserName="ana", PermissionsBoundary="arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess"
    )
    ana("ec2").describe_vpcs()
    refused(ana("iam").list_users, "AccessDenied", "because no permissions boundary allows the iam:ListUsers action")


def test_scps_limit_member_accounts():
    """An SCP restricts an account that belongs to the organization, also its administrator role."""
    organizations = boto3.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    member = organizations.create_account(AccountName="dev", Email="dev@example.com")["CreateAccountStatus"][
        "AccountId"
    ]
    scp = organizations.create_policy(
        Name="no-iam", Description="x", Type="SERVICE_CONTROL_POLICY", Content=policy(allow("*"), deny("iam:*"))
    )["Policy"]["PolicySummary"]["Id"]
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    organizations.attach_policy(PolicyId=scp, TargetId=member)
    trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    from moto.iam.models import iam_backends

    iam_backends[member]["aws"].create_role("admin", policy(trust), "/", None, "", [], 3600)
    iam_backends[member]["aws"].put_role_policy("admin", "all", policy(allow("*")))
    credentials = boto3.client("sts").assume_role(RoleArn=f"arn:aws:iam::{member}:role/admin", RoleSessionName="me")
    there = session(credentials["Credentials"])
    assert there("sts").get_caller_identity()["Account"] == member
    there("ec2").describe_vpcs()
    refused(there("iam").list_users, "AccessDenied", "with an explicit deny in a service control policy")


def test_resource_policies_grant_within_the_account():
    """A queue's policy lets a user in who has no policy; a key's policy must."""
    sqs, kms = boto3.client("sqs"), boto3.client("kms")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    ana = user()
    refused(ana("sqs").send_message, "AccessDenied", "sqs:sendmessage", QueueUrl=url, MessageBody="x")
    statement = {"Effect": "Allow", "Principal": {"AWS": ANA}, "Action": "sqs:SendMessage", "Resource": "*"}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy(statement)})
    ana("sqs").send_message(QueueUrl=url, MessageBody="x")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    bob = user(allow("kms:*"), name="bob")
    bob("kms").encrypt(KeyId=key, Plaintext=b"x")
    only_admin = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/administrator"},
        "Action": "kms:*",
        "Resource": "*",
    }
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy(only_admin))
    refused(
        bob("kms").encrypt,
        "AccessDeniedException",
        "no resource-based policy allows",
        status=400,
        KeyId=key,
        Plaintext=b"x",
    )


def test_the_administrator_is_not_asked(ec2):
    """Is the lab's own key the IAM user administrator, and free to act?"""
    assert boto3.client("sts").get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/administrator"
    assert boto3.client("iam").get_user()["User"]["UserName"] == "administrator"
    attached = boto3.client("iam").list_attached_user_policies(UserName="administrator")["AttachedPolicies"]
    assert [one["PolicyName"] for one in attached] == ["AdministratorAccess"]
    ec2.create_vpc(CidrBlock="10.0.0.0/16")


def test_get_caller_identity_needs_no_permission():
    """Not even a Deny takes it away."""
    assert user(deny("*"))("sts").get_caller_identity()["Arn"] == ANA


def test_nothing_changes_when_denied(volume, ec2):
    """Is the account as it was after a denied call?"""
    v = volume()
    refused(user()("ec2").delete_volume, "UnauthorizedOperation", f"volume/{v}", VolumeId=v)
    assert [one["VolumeId"] for one in ec2.describe_volumes()["Volumes"]] == [v]


def test_mfa_and_source_address():
    """The two Deny policies of AWS's own documentation, felt through lab.context."""
    no_mfa = deny("iam:*", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})
    ana = user(allow("iam:List*"), no_mfa, name="with-exists")
    refused(ana("iam").list_users, "AccessDenied", "explicit deny")
    with lab.context(mfa=True):
        ana("iam").list_users()
    # Bool alone does not see a long-term key, which has no such key at all: the trap.
    trap = user(allow("iam:List*"), deny("iam:*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}}))
    trap("iam").list_users()
    office = deny("*", Condition={"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}})
    bob = user(allow("*"), office, name="bob")
    refused(bob("iam").list_users, "AccessDenied", "explicit deny")
    with lab.context(source_ip="203.0.113.9"):
        bob("iam").list_users()


def test_every_managed_policy_can_be_read():
    """Would a policy that AWS wrote be skipped because the grammar does not know it?"""
    from moto.iam.models import iam_backends

    from course.iam.policy_document import policy_document
    from course.lab.iam.policies import managed_document

    held = iam_backends[ACCOUNT]["aws"].managed_policies.values()
    assert len(held) > 1000
    for one in held:
        policy_document(managed_document(one), "identity")
    assert json.loads(policy(allow("*")))


@pytest.mark.parametrize(
    "service, call, params",
    [
        ("iam", "get_account_authorization_details", {}),
        ("iam", "generate_credential_report", {}),
        ("iam", "create_service_linked_role", {"AWSServiceName": "ecs.amazonaws.com"}),
        ("iam", "create_virtual_mfa_device", {"VirtualMFADeviceName": "phone"}),
        ("kms", "create_key", {}),
        ("events", "put_rule", {"Name": "r", "ScheduleExpression": "rate(1 day)"}),
        ("ssm", "put_parameter", {"Name": "/a", "Value": "1", "Type": "String"}),
        ("efs", "create_file_system", {"CreationToken": "x"}),
        ("ec2", "allocate_address", {}),
        ("rbin", "list_rules", {"ResourceType": "EBS_SNAPSHOT"}),
    ],
)
def test_a_user_who_may_everything(service, call, params):
    """Are requests of all shapes answered for a learner's own administrator, and refused for a user who may nothing?"""
    code = {"ec2": "UnauthorizedOperation", "iam": "AccessDenied"}.get(service, "AccessDeniedException")
    status = 400 if service in ("kms", "events", "ssm") else 403
    refused(getattr(user(name="nobody")(service), call), code, status=status, **params)
    getattr(user(allow("*"))(service), call)(**params)
