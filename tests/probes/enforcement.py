"""Who may do what: real calls with the keys of users, sessions and roles."""

from __future__ import annotations

import datetime as dt
import json
import time

from course import lab

from .account import ACCOUNT, HANDLER, Caller, allow, deny, policy, trust, zipped
from .infrastructure_iam import code_at, enabled_device
from .notation import Probes

probes = Probes()
probe = probes
# Not answered as AWS answers, so far; each is taken out of here as soon as it is.
not_yet: set[str] = set()

ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
ANA = f"arn:aws:iam::{ACCOUNT}:user/ana"


def asked(id, topic, expected, statements, call, prepare=None):
    """A user with these statements makes a call; `prepare(aws)` comes first and is handed on to the call."""

    def ask(aws):
        ana = aws.user("ana", *statements)
        given = prepare(aws) if prepare else None
        yield
        call(ana, given)

    probes.add(id, topic, expected, ask)


def stop(ana, instance):
    ana.ec2.stop_instances(InstanceIds=[instance])


def an_instance(aws):
    return aws.instance(TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "owner", "Value": "ana"}]}])


def files(aws):
    aws.bucket()
    aws.s3.put_object(Bucket="ana-files", Key="home/ana/a.txt", Body=b"1")
    aws.s3.put_object(Bucket="ana-files", Key="home/bob/b.txt", Body=b"1")


def read(key):
    return lambda ana, _: ana.s3.get_object(Bucket="ana-files", Key=key)


MINE, BOBS = read("home/ana/a.txt"), read("home/bob/b.txt")
UNAUTHORIZED = "UnauthorizedOperation"
S3_ALL = "arn:aws:s3:::ana-files/*"
INSTANCES = f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/*"


def when(operator, keys):
    return {"Condition": {operator: keys}}


for _row in [
    # nothing said, something said, something forbidden
    ("nothing_is_allowed_at_first", "policy-evaluation", "AccessDenied", [], lambda ana, _: ana.iam.list_users()),
    (
        "nothing_of_ec2_is_allowed_at_first",
        "policy-evaluation",
        UNAUTHORIZED,
        [],
        lambda ana, _: ana.ec2.describe_vpcs(),
    ),
    (
        "nothing_of_lambda_is_allowed_at_first",
        "policy-evaluation",
        "AccessDeniedException",
        [],
        lambda ana, _: ana.awslambda.list_functions(),
    ),
    (
        "nothing_of_dynamodb_is_allowed_at_first",
        "policy-evaluation",
        "AccessDeniedException",
        [],
        lambda ana, _: ana.dynamodb.list_tables(),
    ),
    (
        "nothing_of_s3_is_allowed_at_first",
        "policy-evaluation",
        "AccessDenied",
        [],
        lambda ana, _: ana.s3.list_buckets(),
    ),
    (
        "nothing_of_sqs_is_allowed_at_first",
        "policy-evaluation",
        "AccessDenied",
        [],
        lambda ana, _: ana.sqs.create_queue(QueueName="q"),
    ),
    (
        "nothing_of_sns_is_allowed_at_first",
        "policy-evaluation",
        "AuthorizationError",
        [],
        lambda ana, _: ana.sns.create_topic(Name="t"),
    ),
    (
        "nothing_of_efs_is_allowed_at_first",
        "policy-evaluation",
        "AccessDeniedException",
        [],
        lambda ana, _: ana.efs.describe_file_systems(),
    ),
    (
        "nothing_of_cloudformation_is_allowed_at_first",
        "policy-evaluation",
        "AccessDenied",
        [],
        lambda ana, _: ana.cloudformation.list_stacks(),
    ),
    (
        "nothing_of_load_balancing_is_allowed_at_first",
        "policy-evaluation",
        "AccessDenied",
        [],
        lambda ana, _: ana.elb.describe_load_balancers(),
    ),
    (
        "everybody_may_ask_who_they_are",
        "policy-evaluation",
        "ok",
        [deny("*")],
        lambda ana, _: ana.sts.get_caller_identity(),
    ),
    ("what_is_allowed", "policy-evaluation", "ok", [allow("iam:ListUsers")], lambda ana, _: ana.iam.list_users()),
    (
        "another_action_than_allowed",
        "policy-evaluation",
        "AccessDenied",
        [allow("iam:ListUsers")],
        lambda ana, _: ana.iam.list_groups(),
    ),
    (
        "a_denial_beats_an_allowance",
        "policy-evaluation",
        "AccessDenied",
        [allow("*"), deny("iam:ListUsers")],
        lambda ana, _: ana.iam.list_users(),
    ),
    (
        "a_denial_of_something_else",
        "policy-evaluation",
        "ok",
        [allow("*"), deny("iam:List*", on=f"arn:aws:iam::{ACCOUNT}:role/*")],
        lambda ana, _: ana.iam.get_user(),
    ),
    # matching of actions
    ("actions_have_no_case", "policy-documents", "ok", [allow("IAM:listusers")], lambda ana, _: ana.iam.list_users()),
    ("a_star_in_an_action", "policy-documents", "ok", [allow("ec2:Describe*")], lambda ana, _: ana.ec2.describe_vpcs()),
    (
        "a_question_mark_in_an_action",
        "policy-documents",
        "ok",
        [allow("iam:ListUser?")],
        lambda ana, _: ana.iam.list_users(),
    ),
    (
        "a_question_mark_is_one_letter",
        "policy-documents",
        "AccessDenied",
        [allow("iam:List?sers??")],
        lambda ana, _: ana.iam.list_users(),
    ),
    (
        "all_but_iam",
        "policy-documents",
        "ok",
        [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}],
        lambda ana, _: ana.ec2.describe_vpcs(),
    ),
    (
        "all_but_iam_is_not_iam",
        "policy-documents",
        "AccessDenied",
        [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}],
        lambda ana, _: ana.iam.list_users(),
    ),
    # resources
    ("this_instance", "least-privilege", "ok", [allow("ec2:StopInstances", on=INSTANCES)], stop, an_instance),
    (
        "an_instance_of_another_region",
        "least-privilege",
        UNAUTHORIZED,
        [allow("ec2:StopInstances", on=INSTANCES.replace("us-east-1", "eu-west-1"))],
        stop,
        an_instance,
    ),
    (
        "another_instance",
        "least-privilege",
        UNAUTHORIZED,
        [allow("ec2:StopInstances", on=INSTANCES.replace("*", "i-0123456789abcdef0"))],
        stop,
        an_instance,
    ),
    (
        "a_denial_of_one_instance",
        "least-privilege",
        UNAUTHORIZED,
        [allow("ec2:*"), deny("ec2:StopInstances", on=INSTANCES)],
        stop,
        an_instance,
    ),
    (
        "describing_knows_no_instance",
        "least-privilege",
        UNAUTHORIZED,
        [allow("ec2:DescribeInstances", on=INSTANCES)],
        lambda ana, _: ana.ec2.describe_instances(),
    ),
    ("an_object", "least-privilege", "ok", [allow("s3:GetObject", on=S3_ALL)], MINE, files),
    (
        "a_bucket_is_not_its_objects",
        "least-privilege",
        "AccessDenied",
        [allow("s3:GetObject", on="arn:aws:s3:::ana-files")],
        MINE,
        files,
    ),
    (
        "objects_are_not_their_bucket",
        "least-privilege",
        "AccessDenied",
        [allow("s3:ListBucket", on=S3_ALL)],
        lambda ana, _: ana.s3.list_objects_v2(Bucket="ana-files"),
        files,
    ),
    (
        "the_list_of_a_bucket",
        "least-privilege",
        "ok",
        [allow("s3:ListBucket", on="arn:aws:s3:::ana-files")],
        lambda ana, _: ana.s3.list_objects_v2(Bucket="ana-files"),
        files,
    ),
    (
        "reading_is_not_writing",
        "least-privilege",
        "AccessDenied",
        [allow("s3:GetObject", on=S3_ALL)],
        lambda ana, _: ana.s3.put_object(Bucket="ana-files", Key="x", Body=b"1"),
        files,
    ),
    (
        "all_but_a_folder",
        "policy-documents",
        "AccessDenied",
        [
            allow("s3:GetObject", on=S3_ALL),
            {"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::ana-files/home/bob/*"},
        ],
        MINE,
        files,
    ),
    (
        "ones_own_home",
        "policy-documents",
        "ok",
        [allow("s3:GetObject", on="arn:aws:s3:::ana-files/home/${aws:username}/*")],
        MINE,
        files,
    ),
    (
        "the_home_of_another",
        "policy-documents",
        "AccessDenied",
        [allow("s3:GetObject", on="arn:aws:s3:::ana-files/home/${aws:username}/*")],
        BOBS,
        files,
    ),
    (
        "ones_own_keys",
        "least-privilege",
        "ok",
        [allow("iam:*AccessKey*", on=f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}")],
        lambda ana, _: ana.iam.list_access_keys(),
    ),
    (
        "the_keys_of_another",
        "least-privilege",
        "AccessDenied",
        [allow("iam:*AccessKey*", on=f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}")],
        lambda ana, _: ana.iam.list_access_keys(UserName="bob"),
        lambda aws: aws.iam.create_user(UserName="bob"),
    ),
    # conditions
    (
        "from_an_address_that_is_not_mine",
        "policy-evaluation",
        "AccessDenied",
        [allow("iam:*", **when("IpAddress", {"aws:SourceIp": "192.0.2.0/24"}))],
        lambda ana, _: ana.iam.list_users(),
    ),
    (
        "from_any_address",
        "policy-evaluation",
        "ok",
        [allow("iam:*", **when("IpAddress", {"aws:SourceIp": "0.0.0.0/0"}))],
        lambda ana, _: ana.iam.list_users(),
    ),
    (
        "a_denial_whose_condition_is_false",
        "policy-evaluation",
        "ok",
        [allow("iam:*"), deny("*", **when("IpAddress", {"aws:SourceIp": "192.0.2.0/24"}))],
        lambda ana, _: ana.iam.list_users(),
    ),
    (
        "until_last_year",
        "policy-evaluation",
        "AccessDenied",
        [allow("iam:*", **when("DateLessThan", {"aws:CurrentTime": "2020-01-01T00:00:00Z"}))],
        lambda ana, _: ana.iam.list_users(),
    ),
    (
        "since_last_year",
        "policy-evaluation",
        "ok",
        [allow("iam:*", **when("DateGreaterThan", {"aws:CurrentTime": "2020-01-01T00:00:00Z"}))],
        lambda ana, _: ana.iam.list_users(),
    ),
    (
        "in_this_region",
        "policy-evaluation",
        "ok",
        [allow("ec2:*", **when("StringEquals", {"aws:RequestedRegion": "us-east-1"}))],
        lambda ana, _: ana.ec2.describe_vpcs(),
    ),
    (
        "in_another_region",
        "policy-evaluation",
        UNAUTHORIZED,
        [allow("ec2:*", **when("StringEquals", {"aws:RequestedRegion": "us-east-1"}))],
        lambda ana, _: ana("ec2", "eu-west-1").describe_vpcs(),
    ),
    (
        "over_tls",
        "policy-evaluation",
        "ok",
        [allow("s3:*"), deny("s3:*", **when("Bool", {"aws:SecureTransport": "false"}))],
        lambda ana, _: ana.s3.list_buckets(),
    ),
    (
        "with_mfa_only",
        "mfa",
        "AccessDenied",
        [allow("iam:*", **when("Bool", {"aws:MultiFactorAuthPresent": "true"}))],
        lambda ana, _: ana.iam.list_users(),
    ),
    (
        "a_denial_without_mfa_by_bool",
        "mfa",
        "ok",
        [allow("iam:*"), deny("*", **when("Bool", {"aws:MultiFactorAuthPresent": "false"}))],
        lambda ana, _: ana.iam.list_users(),
    ),
    (
        "a_denial_without_mfa_by_boolifexists",
        "mfa",
        "AccessDenied",
        [allow("iam:*"), deny("*", **when("BoolIfExists", {"aws:MultiFactorAuthPresent": "false"}))],
        lambda ana, _: ana.iam.list_users(),
    ),
    (
        "a_key_that_is_not_there",
        "policy-evaluation",
        "AccessDenied",
        [allow("iam:*", **when("StringEquals", {"aws:PrincipalTag/team": "web"}))],
        lambda ana, _: ana.iam.list_users(),
    ),
    (
        "no_tag_at_all",
        "policy-evaluation",
        "ok",
        [allow("iam:*", **when("Null", {"aws:MultiFactorAuthPresent": "true"}))],
        lambda ana, _: ana.iam.list_users(),
    ),
    (
        "instances_of_mine_by_tag",
        "policy-evaluation",
        "ok",
        [allow("ec2:StopInstances", **when("StringEquals", {"aws:ResourceTag/owner": "${aws:username}"}))],
        stop,
        an_instance,
    ),
    (
        "instances_of_another_by_tag",
        "policy-evaluation",
        UNAUTHORIZED,
        [allow("ec2:StopInstances", **when("StringEquals", {"aws:ResourceTag/owner": "bob"}))],
        stop,
        an_instance,
    ),
    (
        "small_instances_only",
        "policy-evaluation",
        UNAUTHORIZED,
        [
            allow("ec2:*"),
            deny("ec2:RunInstances", on=INSTANCES, **when("StringNotEquals", {"ec2:InstanceType": "t3.micro"})),
        ],
        lambda ana, image: ana.ec2.run_instances(ImageId=image, InstanceType="m5.large", MinCount=1, MaxCount=1),
        lambda aws: aws.image(),
    ),
    (
        "small_instances",
        "policy-evaluation",
        "ok",
        [
            allow("ec2:*"),
            deny("ec2:RunInstances", on=INSTANCES, **when("StringNotEquals", {"ec2:InstanceType": "t3.micro"})),
        ],
        lambda ana, image: ana.ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1),
        lambda aws: aws.image(),
    ),
    (
        "a_prefix_of_a_bucket",
        "policy-evaluation",
        "ok",
        [allow("s3:ListBucket", on="arn:aws:s3:::ana-files", **when("StringLike", {"s3:prefix": "home/ana/*"}))],
        lambda ana, _: ana.s3.list_objects_v2(Bucket="ana-files", Prefix="home/ana/"),
        files,
    ),
    (
        "another_prefix_of_a_bucket",
        "policy-evaluation",
        "AccessDenied",
        [allow("s3:ListBucket", on="arn:aws:s3:::ana-files", **when("StringLike", {"s3:prefix": "home/ana/*"}))],
        lambda ana, _: ana.s3.list_objects_v2(Bucket="ana-files", Prefix="home/bob/"),
        files,
    ),
    # launching needs more than one resource, and roles are passed
    (
        "launch_with_instances_only",
        "least-privilege",
        UNAUTHORIZED,
        [allow("ec2:RunInstances", on=INSTANCES)],
        lambda ana, image: ana.ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1),
        lambda aws: aws.image(),
    ),
    (
        "a_dry_run_that_is_not_allowed",
        "least-privilege",
        UNAUTHORIZED,
        [],
        lambda ana, _: ana.ec2.create_volume(AvailabilityZone="us-east-1a", Size=1, DryRun=True),
    ),
    (
        "a_dry_run_that_is_allowed",
        "least-privilege",
        "DryRunOperation",
        [allow("ec2:CreateVolume")],
        lambda ana, _: ana.ec2.create_volume(AvailabilityZone="us-east-1a", Size=1, DryRun=True),
    ),
]:
    asked(*_row)


@probe("policy-evaluation")
def a_tag_of_the_caller(aws):
    team = {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "web"}}}
    ana = aws.user("ana", allow("iam:*", **team))
    aws.iam.tag_user(UserName="ana", Tags=[{"Key": "team", "Value": "web"}])
    ana.iam.list_users()


# Groups and managed policies


@probe("groups")
def by_way_of_a_group(aws):
    ana = aws.user()
    aws.iam.create_group(GroupName="team")
    aws.iam.put_group_policy(GroupName="team", PolicyName="p", PolicyDocument=policy(allow("iam:ListUsers")))
    aws.iam.add_user_to_group(GroupName="team", UserName="ana")
    ana.iam.list_users()


@probe("groups", "AccessDenied")
def no_longer_in_the_group(aws):
    ana = aws.user()
    aws.iam.create_group(GroupName="team")
    aws.iam.put_group_policy(GroupName="team", PolicyName="p", PolicyDocument=policy(allow("iam:ListUsers")))
    aws.iam.add_user_to_group(GroupName="team", UserName="ana")
    aws.iam.remove_user_from_group(GroupName="team", UserName="ana")
    yield
    ana.iam.list_users()


@probe("groups", "AccessDenied")
def a_denial_in_a_group(aws):
    ana = aws.user("ana", allow("*"))
    aws.iam.create_group(GroupName="team")
    aws.iam.put_group_policy(GroupName="team", PolicyName="p", PolicyDocument=policy(deny("iam:*")))
    aws.iam.add_user_to_group(GroupName="team", UserName="ana")
    yield
    ana.iam.list_users()


@probe("policy-documents")
def read_only_access(aws):
    ana = aws.user()
    aws.iam.attach_user_policy(UserName="ana", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    ana.ec2.describe_instances()
    ana.iam.list_users()


@probe("policy-documents", UNAUTHORIZED)
def read_only_access_does_not_write(aws):
    ana = aws.user()
    aws.iam.attach_user_policy(UserName="ana", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    yield
    ana.ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)


@probe("policy-documents", UNAUTHORIZED)
def power_users_but_not_iam(aws):
    ana = aws.user()
    aws.iam.attach_user_policy(UserName="ana", PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    yield
    ana.ec2.describe_instances()


@probe("policy-documents", "AccessDenied")
def power_users_may_not_make_users(aws):
    ana = aws.user()
    aws.iam.attach_user_policy(UserName="ana", PolicyArn="arn:aws:iam::aws:policy/PowerUserAccess")
    ana.sqs.create_queue(QueueName="q")
    yield
    ana.iam.create_user(UserName="bob")


@probe("policy-documents", "AccessDenied")
def only_the_default_version_counts(aws):
    ana = aws.user()
    arn = aws.managed("p", allow("iam:ListUsers"))
    aws.iam.attach_user_policy(UserName="ana", PolicyArn=arn)
    ana.iam.list_users()
    aws.iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy(allow("ec2:*")), SetAsDefault=True)
    yield
    ana.iam.list_users()


# Boundaries


def boundary(aws, *statements, own=None):
    ana = aws.user("ana", *([allow("*")] if own is None else own))
    aws.iam.put_user_permissions_boundary(UserName="ana", PermissionsBoundary=aws.managed("boundary", *statements))
    return ana


@probe("policy-evaluation")
def inside_the_boundary(aws):
    boundary(aws, allow("iam:*")).iam.list_users()


@probe("policy-evaluation", UNAUTHORIZED)
def outside_the_boundary(aws):
    ana = boundary(aws, allow("iam:*"))
    yield
    ana.ec2.describe_vpcs()


@probe("policy-evaluation", "AccessDenied")
def a_boundary_allows_nothing_by_itself(aws):
    ana = boundary(aws, allow("*"), own=())
    yield
    ana.iam.list_users()


@probe("policy-evaluation", UNAUTHORIZED)
def the_boundary_of_a_role(aws):
    arn = aws.iam.create_role(
        RoleName="r", AssumeRolePolicyDocument=trust(ROOT), PermissionsBoundary=aws.managed("b", allow("iam:*"))
    )["Role"]["Arn"]
    aws.iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=policy(allow("*")))
    session = aws.session(aws.sts.assume_role(RoleArn=arn, RoleSessionName="work"))
    session.iam.list_users()
    yield
    session.ec2.describe_vpcs()


# Keys


@probe("access-paths", "InvalidClientTokenId")
def an_inactive_key(aws):
    ana = aws.user("ana", allow("*"))
    aws.iam.update_access_key(UserName="ana", AccessKeyId=ana.key, Status="Inactive")
    yield
    ana.sts.get_caller_identity()


@probe("access-paths", "AuthFailure")
def an_inactive_key_at_ec2(aws):
    ana = aws.user("ana", allow("*"))
    aws.iam.update_access_key(UserName="ana", AccessKeyId=ana.key, Status="Inactive")
    yield
    ana.ec2.describe_vpcs()


@probe("access-paths", "InvalidClientTokenId")
def a_deleted_key(aws):
    ana = aws.user("ana", allow("*"))
    aws.iam.delete_access_key(UserName="ana", AccessKeyId=ana.key)
    yield
    ana.iam.list_users()


@probe("access-paths", "InvalidAccessKeyId")
def a_deleted_key_at_s3(aws):
    ana = aws.user("ana", allow("*"))
    aws.iam.delete_access_key(UserName="ana", AccessKeyId=ana.key)
    yield
    ana.s3.list_buckets()


@probe("access-paths", "UnrecognizedClientException")
def a_key_that_nobody_has_at_dynamodb(aws):
    Caller("AKIAIOSFODNN7NOBODY1", "secret").dynamodb.list_tables()


@probe("access-paths")
def a_key_made_active_again(aws):
    ana = aws.user("ana", allow("iam:*"))
    for status in ("Inactive", "Active"):
        aws.iam.update_access_key(UserName="ana", AccessKeyId=ana.key, Status=status)
    ana.iam.list_users()


# MFA


@probe("mfa")
def a_session_with_mfa(aws):
    ana = aws.user("ana", allow("iam:*", **when("Bool", {"aws:MultiFactorAuthPresent": "true"})))
    made = aws.iam.create_virtual_mfa_device(VirtualMFADeviceName="ana")["VirtualMFADevice"]
    seed, now = made["Base32StringSeed"], time.time()
    aws.iam.enable_mfa_device(
        UserName="ana",
        SerialNumber=made["SerialNumber"],
        AuthenticationCode1=code_at(seed, now - 60),
        AuthenticationCode2=code_at(seed, now - 30),
    )
    answer = ana.sts.get_session_token(SerialNumber=made["SerialNumber"], TokenCode=code_at(seed, now))
    aws.session(answer).iam.list_users()


@probe("mfa", "AccessDenied|InvalidClientTokenId")
def a_session_without_mfa(aws):
    ana = aws.user("ana", allow("iam:*", **when("Bool", {"aws:MultiFactorAuthPresent": "true"})))
    enabled_device(aws)
    session = aws.session(ana.sts.get_session_token())
    yield
    session.iam.list_users()


# Roles


def may_assume(aws, own, principal, name="r", **more):
    arn = aws.role(name, principal, allow("iam:ListUsers"), **more)
    ana = aws.user("ana", *own(arn)) if not aws._made.get("ana") else aws._made["ana"]
    return ana, arn


def both(arn):
    return [allow("sts:AssumeRole", on=arn)]


@probe("roles-for-services")
def assume_what_trusts_the_account(aws):
    ana, arn = may_assume(aws, both, ROOT)
    session = aws.session(ana.sts.assume_role(RoleArn=arn, RoleSessionName="work"))
    session.iam.list_users()


@probe("roles-for-services", "AccessDenied")
def a_session_may_what_its_role_may(aws):
    ana, arn = may_assume(aws, lambda arn: [allow("*")], ROOT)
    session = aws.session(ana.sts.assume_role(RoleArn=arn, RoleSessionName="work"))
    yield
    session.iam.list_groups()


@probe("roles-for-services", "AccessDenied")
def assume_without_permission(aws):
    ana, arn = may_assume(aws, lambda arn: [], ROOT)
    yield
    ana.sts.assume_role(RoleArn=arn, RoleSessionName="work")


@probe("roles-for-services")
def assume_what_trusts_the_user(aws):
    ana = aws.user()
    arn = aws.role("r", {"AWS": ANA}, allow("iam:ListUsers"))
    ana.sts.assume_role(RoleArn=arn, RoleSessionName="work")


@probe("roles-for-services", "AccessDenied")
def assume_what_trusts_another_user(aws):
    ana = aws.user("ana", allow("sts:AssumeRole"))
    aws.user("bob")
    arn = aws.role("r", {"AWS": f"arn:aws:iam::{ACCOUNT}:user/bob"}, allow("iam:ListUsers"))
    yield
    ana.sts.assume_role(RoleArn=arn, RoleSessionName="work")


@probe("roles-for-services", "AccessDenied")
def assume_what_trusts_a_service(aws):
    ana, arn = may_assume(aws, both, {"Service": "ec2.amazonaws.com"})
    yield
    ana.sts.assume_role(RoleArn=arn, RoleSessionName="work")


@probe("roles-for-services", "AccessDenied")
def assume_without_the_external_id(aws):
    ana, arn = may_assume(aws, both, ROOT, **when("StringEquals", {"sts:ExternalId": "7734"}))
    yield
    ana.sts.assume_role(RoleArn=arn, RoleSessionName="work")


@probe("roles-for-services")
def assume_with_the_external_id(aws):
    ana, arn = may_assume(aws, both, ROOT, **when("StringEquals", {"sts:ExternalId": "7734"}))
    ana.sts.assume_role(RoleArn=arn, RoleSessionName="work", ExternalId="7734")


@probe("roles-for-services", "AccessDenied")
def a_session_policy_narrows(aws):
    arn = aws.role("r", ROOT, allow("iam:*"))
    answer = aws.sts.assume_role(RoleArn=arn, RoleSessionName="work", Policy=policy(allow("iam:ListUsers")))
    session = aws.session(answer)
    session.iam.list_users()
    yield
    session.iam.list_groups()


@probe("roles-for-services", "AccessDenied")
def a_session_policy_never_widens(aws):
    arn = aws.role("r", ROOT, allow("iam:ListUsers"))
    answer = aws.sts.assume_role(RoleArn=arn, RoleSessionName="work", Policy=policy(allow("*")))
    yield
    aws.session(answer).iam.list_groups()


@probe("roles-for-services", "MalformedPolicyDocument")
def a_session_policy_that_is_none(aws):
    arn = aws.role("r", ROOT, allow("iam:ListUsers"))
    yield
    aws.sts.assume_role(RoleArn=arn, RoleSessionName="work", Policy="{")


@probe("roles-for-services", UNAUTHORIZED)
def launch_without_passing_the_role(aws):
    ana = aws.user("ana", allow("ec2:*"))
    aws.role("web", {"Service": "ec2.amazonaws.com"})
    aws.iam.create_instance_profile(InstanceProfileName="web")
    aws.iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")
    image = aws.image()
    yield
    ana.ec2.run_instances(
        ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, IamInstanceProfile={"Name": "web"}
    )


@probe("roles-for-services")
def launch_and_pass_the_role(aws):
    ana = aws.user("ana", allow("ec2:*"), allow("iam:PassRole", on=f"arn:aws:iam::{ACCOUNT}:role/web"))
    aws.role("web", {"Service": "ec2.amazonaws.com"})
    aws.iam.create_instance_profile(InstanceProfileName="web")
    aws.iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")
    ana.ec2.run_instances(
        ImageId=aws.image(), InstanceType="t3.micro", MinCount=1, MaxCount=1, IamInstanceProfile={"Name": "web"}
    )


@probe("function-permissions", "AccessDeniedException")
def a_function_without_passing_its_role(aws):
    from .account import HANDLER, zipped

    ana = aws.user("ana", allow("lambda:*"))
    role = aws.role()
    yield
    ana.awslambda.create_function(
        FunctionName="f", Runtime="python3.13", Handler="index.handler", Role=role, Code={"ZipFile": zipped(HANDLER)}
    )


# Resource policies


def bucket_policy(aws, *statements):
    files(aws)
    aws.s3.put_bucket_policy(Bucket="ana-files", Policy=policy(*statements))


@probe("policy-evaluation")
def a_bucket_policy_lets_in_its_own_account(aws):
    ana = aws.user()
    bucket_policy(aws, {**allow("s3:GetObject", on=S3_ALL), "Principal": {"AWS": ANA}})
    MINE(ana, None)


@probe("policy-evaluation", "AccessDenied")
def a_bucket_policy_for_the_account_is_not_for_everybody(aws):
    ana = aws.user()
    bucket_policy(aws, {**allow("s3:GetObject", on=S3_ALL), "Principal": ROOT})
    yield
    MINE(ana, None)


@probe("policy-evaluation", "AccessDenied")
def a_bucket_policy_denies(aws):
    ana = aws.user("ana", allow("s3:*"))
    bucket_policy(aws, {**deny("s3:GetObject", on=S3_ALL), "Principal": {"AWS": ANA}})
    yield
    MINE(ana, None)


@probe("policy-evaluation")
def a_bucket_policy_denies_somebody_else(aws):
    ana = aws.user("ana", allow("s3:*"))
    aws.user("bob")
    bucket_policy(aws, {**deny("s3:GetObject", on=S3_ALL), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/bob"}})
    MINE(ana, None)


@probe("policy-evaluation")
def a_queue_policy_lets_in(aws):
    ana = aws.user()
    url = aws.queue()
    arn = aws.queue_arn(url)
    document = policy({**allow("sqs:SendMessage", on=arn), "Principal": {"AWS": ANA}})
    aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document})
    ana.sqs.send_message(QueueUrl=url, MessageBody="hello")


@probe("policy-evaluation", "AccessDenied")
def a_queue_policy_lets_in_to_send_only(aws):
    ana = aws.user()
    url = aws.queue()
    document = policy({**allow("sqs:SendMessage", on=aws.queue_arn(url)), "Principal": {"AWS": ANA}})
    aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": document})
    yield
    ana.sqs.receive_message(QueueUrl=url)


@probe("function-permissions")
def a_function_policy_lets_in(aws):
    ana = aws.user()
    aws.function()
    aws.awslambda.add_permission(FunctionName="f", StatementId="ana", Action="lambda:InvokeFunction", Principal=ANA)
    ana.awslambda.invoke(FunctionName="f")


@probe("function-permissions", "AccessDeniedException")
def invoke_without_permission(aws):
    ana = aws.user("ana", allow("lambda:GetFunction"))
    aws.function()
    yield
    ana.awslambda.invoke(FunctionName="f")


@probe("function-permissions")
def invoke_one_function(aws):
    ana = aws.user("ana", allow("lambda:InvokeFunction", on=f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"))
    aws.function()
    ana.awslambda.invoke(FunctionName="f")


@probe("policy-evaluation", "AccessDeniedException")
def a_key_policy_without_the_account(aws):
    ana = aws.user("ana", allow("kms:*"))
    document = policy({**allow("kms:*"), "Principal": {"AWS": aws.sts.get_caller_identity()["Arn"]}})
    key = aws.kms_key(Policy=document)
    yield
    ana.kms.encrypt(KeyId=key, Plaintext=b"secret")


@probe("policy-evaluation")
def a_key_policy_that_leaves_it_to_iam(aws):
    ana = aws.user("ana", allow("kms:Encrypt"))
    ana.kms.encrypt(KeyId=aws.kms_key(), Plaintext=b"secret")


@probe("secrets", "AccessDeniedException")
def a_secret_without_permission(aws):
    ana = aws.user("ana", allow("secretsmanager:ListSecrets"))
    aws.secretsmanager.create_secret(Name="db", SecretString="x")
    yield
    ana.secretsmanager.get_secret_value(SecretId="db")


@probe("configuration")
def parameters_below_a_path(aws):
    ana = aws.user("ana", allow("ssm:GetParameter*", on=f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/app/*"))
    aws.ssm.put_parameter(Name="/app/url", Value="x", Type="String")
    ana.ssm.get_parameter(Name="/app/url")


@probe("configuration", "AccessDeniedException")
def parameters_of_another_path(aws):
    ana = aws.user("ana", allow("ssm:GetParameter*", on=f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/app/*"))
    aws.ssm.put_parameter(Name="/other/url", Value="x", Type="String")
    yield
    ana.ssm.get_parameter(Name="/other/url")


# Another account


OTHER = "210987654321"


@probe("policy-evaluation", "AccessDenied")
def another_account_needs_both_sides(aws):
    theirs = aws.role("visitor", {"AWS": f"arn:aws:iam::{OTHER}:root"}, allow("iam:ListUsers"))
    ana = aws.user("ana", allow("sts:AssumeRole"))
    yield
    ana.sts.assume_role(RoleArn=theirs, RoleSessionName="work")


# Asked from another side: what a learner types first, with the usual slips


def _denied(call, code, *words):
    from botocore.exceptions import ClientError

    try:
        call()
    except ClientError as refusal:
        error = refusal.response["Error"]
        assert error["Code"] == code, error
        for word in words:
            assert word in error["Message"], error["Message"]
        assert refusal.response["ResponseMetadata"]["HTTPStatusCode"] in (400, 403)
    else:
        raise AssertionError("accepted")


ANA_MAY_NOT = "User: arn:aws:iam::123456789012:user/ana is not authorized to perform: "

for _id, _call, _code, _words in (
    (
        "iam",
        lambda one: one.iam.list_users(),
        "AccessDenied",
        (
            ANA_MAY_NOT
            + "iam:ListUsers on resource: arn:aws:iam::123456789012:user/ because no identity-based policy allows",
        ),
    ),
    (
        "ec2",
        lambda one: one.ec2.describe_instances(),
        "UnauthorizedOperation",
        (ANA_MAY_NOT + "ec2:DescribeInstances",),
    ),
    (
        "s3",
        lambda one: one.s3.list_buckets(),
        "AccessDenied",
        (ANA_MAY_NOT + "s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action",),
    ),
    (
        "dynamodb",
        lambda one: one.dynamodb.list_tables(),
        "AccessDeniedException",
        (ANA_MAY_NOT + "dynamodb:ListTables on resource:",),
    ),
    (
        "lambda",
        lambda one: one.awslambda.list_functions(),
        "AccessDeniedException",
        (ANA_MAY_NOT + "lambda:ListFunctions on resource: *",),
    ),
    (
        "sqs",
        lambda one: one.sqs.list_queues(),
        "AccessDenied|AccessDeniedException",
        (ANA_MAY_NOT.lower() + "sqs:listqueues",),
    ),
    (
        "sns",
        lambda one: one.sns.list_topics(),
        "AuthorizationError",
        (ANA_MAY_NOT + "SNS:ListTopics on resource: arn:aws:sns:us-east-1:123456789012:*",),
    ),
    (
        "elbv2",
        lambda one: one.elb.describe_load_balancers(),
        "AccessDenied",
        (ANA_MAY_NOT + "elasticloadbalancing:DescribeLoadBalancers",),
    ),
    (
        "autoscaling",
        lambda one: one.scaling.describe_auto_scaling_groups(),
        "AccessDenied",
        (ANA_MAY_NOT + "autoscaling:DescribeAutoScalingGroups",),
    ),
    (
        "efs",
        lambda one: one.efs.describe_file_systems(),
        "AccessDeniedException",
        (ANA_MAY_NOT + "elasticfilesystem:DescribeFileSystems on the specified resource",),
    ),
    ("kms", lambda one: one.kms.list_keys(), "AccessDeniedException", (ANA_MAY_NOT + "kms:ListKeys",)),
    (
        "ssm",
        lambda one: one.ssm.describe_parameters(),
        "AccessDeniedException",
        (ANA_MAY_NOT + "ssm:DescribeParameters on resource: arn:aws:ssm:us-east-1:123456789012:*",),
    ),
    (
        "secretsmanager",
        lambda one: one.secretsmanager.list_secrets(),
        "AccessDeniedException",
        (ANA_MAY_NOT + "secretsmanager:ListSecrets",),
    ),
    (
        "cloudwatch",
        lambda one: one.alarms.describe_alarms(),
        "AccessDenied|AccessDeniedException",
        (ANA_MAY_NOT + "cloudwatch:DescribeAlarms on resource: arn:aws:cloudwatch:us-east-1:123456789012:alarm:",),
    ),
    (
        "logs",
        lambda one: one.logs.describe_log_groups(),
        "AccessDeniedException",
        (ANA_MAY_NOT + "logs:DescribeLogGroups on resource:",),
    ),
    (
        "cloudformation",
        lambda one: one.cloudformation.list_stacks(),
        "AccessDenied",
        (ANA_MAY_NOT + "cloudformation:ListStacks",),
    ),
    (
        "stepfunctions",
        lambda one: one.sfn.list_state_machines(),
        "AccessDeniedException",
        (ANA_MAY_NOT + "states:ListStateMachines",),
    ),
    ("organizations", lambda one: one.organizations.describe_organization(), "AccessDeniedException", ()),
    (
        "route53",
        lambda one: one.route53.list_hosted_zones(),
        "AccessDenied",
        (ANA_MAY_NOT + "route53:ListHostedZones",),
    ),
):

    def _ask(aws, call=_call, code=_code, words=_words):
        from botocore.exceptions import ClientError

        ana = aws.user("ana")
        yield
        try:
            call(ana)
        except ClientError as refusal:
            error = refusal.response["Error"]
            assert error["Code"] in code.split("|"), error
            assert all(word.lower() in error["Message"].lower() for word in words), error["Message"]
            return
        raise AssertionError("accepted")

    probes.add(f"a_user_without_policies_at_{_id}", "policy-evaluation", "ok", _ask)


@probe("policy-evaluation")
def who_am_i_needs_no_permission(aws):
    ana = aws.user("ana", deny("sts:GetCallerIdentity"))
    assert ana.sts.get_caller_identity()["Arn"].endswith(":user/ana")


@probe("policy-evaluation")
def an_explicit_deny_says_so(aws):
    ana = aws.user("ana", allow("s3:*"), deny("s3:DeleteBucket"))
    aws.bucket()
    _denied(
        lambda: ana.s3.delete_bucket(Bucket="ana-files"),
        "AccessDenied",
        's3:DeleteBucket on resource: "arn:aws:s3:::ana-files" with an explicit deny in an identity-based policy',
    )


@probe("policy-evaluation")
def a_boundary_says_so(aws):
    boundary = aws.managed("b", allow("s3:*"))
    ana = aws.user("ana", allow("*"))
    aws.iam.put_user_permissions_boundary(UserName="ana", PermissionsBoundary=boundary)
    ana.s3.list_buckets()
    _denied(ana.iam.list_users, "AccessDenied", "because no permissions boundary allows the iam:ListUsers action")


@probe("policy-evaluation", "AccessDenied")
def a_boundary_alone_gives_nothing(aws):
    boundary = aws.managed("b", allow("*"))
    ana = aws.user("ana")
    aws.iam.put_user_permissions_boundary(UserName="ana", PermissionsBoundary=boundary)
    yield
    ana.s3.list_buckets()


@probe("mfa")
def stop_only_with_mfa(aws):
    ana = aws.user("ana", allow("ec2:StopInstances", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}))
    instance = aws.instance()
    _denied(lambda: ana.ec2.stop_instances(InstanceIds=[instance]), "UnauthorizedOperation")
    with lab.context(mfa=True):
        ana.ec2.stop_instances(InstanceIds=[instance])


@probe("mfa", "AccessDenied")
def deny_all_without_mfa_catches_long_term_keys(aws):
    ana = aws.user(
        "ana",
        allow("*"),
        deny("*", Condition={"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}),
    )
    yield
    ana.iam.list_users()


@probe("mfa")
def deny_by_plain_bool_misses_long_term_keys(aws):
    ana = aws.user("ana", allow("*"), deny("*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}}))
    ana.iam.list_users()


@probe("policy-evaluation")
def only_from_the_office(aws):
    ana = aws.user("ana", allow("s3:ListAllMyBuckets", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}))
    with lab.context(source_ip="203.0.113.9"):
        ana.s3.list_buckets()
    with lab.context(source_ip="198.51.100.9"):
        _denied(ana.s3.list_buckets, "AccessDenied")


@probe("policy-evaluation")
def only_in_two_regions(aws):
    ana = aws.user(
        "ana",
        allow("ec2:*", "iam:*"),
        deny("*", Condition={"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}}),
    )
    ana("ec2", "eu-west-1").describe_vpcs()
    _denied(ana.ec2.describe_vpcs, "UnauthorizedOperation", "explicit deny")
    _denied(ana.iam.list_users, "AccessDenied", "explicit deny")


@probe("policy-evaluation")
def only_instances_with_a_tag(aws):
    mine = aws.instance(TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "owner", "Value": "ana"}]}])
    other = aws.instance()
    ana = aws.user(
        "ana",
        allow("ec2:StopInstances", Condition={"StringEquals": {"aws:ResourceTag/owner": "${aws:username}"}}),
    )
    ana.ec2.stop_instances(InstanceIds=[mine])
    _denied(lambda: ana.ec2.stop_instances(InstanceIds=[other]), "UnauthorizedOperation")
    _denied(lambda: ana.ec2.stop_instances(InstanceIds=[mine, other]), "UnauthorizedOperation")


@probe("policy-evaluation")
def only_launch_small_types(aws):
    image = aws.image()
    ana = aws.user(
        "ana",
        allow("ec2:RunInstances"),
        deny(
            "ec2:RunInstances",
            on="arn:aws:ec2:*:*:instance/*",
            Condition={"StringNotLike": {"ec2:InstanceType": ["t3.*", "t4g.*"]}},
        ),
    )

    def launched(kind):
        return ana.ec2.run_instances(ImageId=image, InstanceType=kind, MinCount=1, MaxCount=1)

    launched("t3.small")
    _denied(lambda: launched("m5.large"), "UnauthorizedOperation")


@probe("policy-evaluation")
def tag_on_launch_or_not_at_all(aws):
    image = aws.image()
    ana = aws.user(
        "ana",
        allow("ec2:RunInstances"),
        allow("ec2:CreateTags", Condition={"StringEquals": {"ec2:CreateAction": "RunInstances"}}),
        deny(
            "ec2:RunInstances",
            on="arn:aws:ec2:*:*:instance/*",
            Condition={"Null": {"aws:RequestTag/cost": "true"}},
        ),
    )

    def launched(**more):
        return ana.ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, **more)

    _denied(launched, "UnauthorizedOperation")
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "cost", "Value": "1"}]}]
    made = launched(TagSpecifications=tags)["Instances"][0]["InstanceId"]
    _denied(lambda: ana.ec2.create_tags(Resources=[made], Tags=[{"Key": "x", "Value": "1"}]), "UnauthorizedOperation")


@probe("roles-for-services", "AccessDeniedException")
def create_a_function_without_pass_role(aws):
    role = aws.role()
    ana = aws.user("ana", allow("lambda:*"))
    yield
    ana.awslambda.create_function(
        FunctionName="f", Runtime="python3.13", Handler="index.handler", Role=role, Code={"ZipFile": zipped(HANDLER)}
    )


@probe("roles-for-services")
def pass_a_role_to_one_service_only(aws):
    aws.role("web", {"Service": "ec2.amazonaws.com"})
    aws.iam.create_instance_profile(InstanceProfileName="web")
    aws.iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")
    image = aws.image()
    condition = {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}
    ana = aws.user("ana", allow("ec2:*", "lambda:*"), allow("iam:PassRole", Condition=condition))
    ana.ec2.run_instances(
        ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1, IamInstanceProfile={"Name": "web"}
    )
    role = aws.role()
    _denied(
        lambda: ana.awslambda.create_function(
            FunctionName="f", Runtime="python3.13", Handler="i.h", Role=role, Code={"ZipFile": zipped(HANDLER)}
        ),
        "AccessDeniedException",
        "iam:PassRole",
    )


@probe("policy-evaluation")
def only_the_own_folder(aws):
    aws.bucket()
    ana = aws.user(
        "ana",
        allow("s3:GetObject", "s3:PutObject", on="arn:aws:s3:::ana-files/home/${aws:username}/*"),
        allow(
            "s3:ListBucket",
            on="arn:aws:s3:::ana-files",
            Condition={"StringLike": {"s3:prefix": ["home/${aws:username}/*"]}},
        ),
    )
    ana.s3.put_object(Bucket="ana-files", Key="home/ana/a", Body=b"1")
    ana.s3.list_objects_v2(Bucket="ana-files", Prefix="home/ana/")
    _denied(lambda: ana.s3.put_object(Bucket="ana-files", Key="home/bob/a", Body=b"1"), "AccessDenied")
    _denied(lambda: ana.s3.list_objects_v2(Bucket="ana-files"), "AccessDenied")
    _denied(lambda: ana.s3.delete_object(Bucket="ana-files", Key="home/ana/a"), "AccessDenied")


@probe("policy-evaluation", "AccessDenied")
def a_missing_object_without_list_permission(aws):
    aws.bucket()
    ana = aws.user("ana", allow("s3:GetObject", on="arn:aws:s3:::ana-files/*"))
    yield
    ana.s3.get_object(Bucket="ana-files", Key="none")


@probe("policy-evaluation", "NoSuchKey")
def a_missing_object_with_list_permission(aws):
    aws.bucket()
    ana = aws.user(
        "ana", allow("s3:GetObject", "s3:ListBucket", on=["arn:aws:s3:::ana-files/*", "arn:aws:s3:::ana-files"])
    )
    yield
    ana.s3.get_object(Bucket="ana-files", Key="none")


@probe("policy-evaluation", "403")
def head_a_bucket_without_permission(aws):
    aws.bucket()
    ana = aws.user("ana")
    yield
    ana.s3.head_bucket(Bucket="ana-files")


@probe("policy-evaluation")
def a_bucket_policy_lets_a_user_in(aws):
    aws.bucket()
    aws.s3.put_object(Bucket="ana-files", Key="a", Body=b"1")
    ana = aws.user("ana")
    aws.s3.put_bucket_policy(
        Bucket="ana-files",
        Policy=policy(
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::123456789012:user/ana"},
                "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::ana-files/*",
            }
        ),
    )
    assert ana.s3.get_object(Bucket="ana-files", Key="a")["Body"].read() == b"1"


@probe("policy-evaluation")
def a_bucket_policy_keeps_even_an_allowed_user_out(aws):
    aws.bucket()
    ana = aws.user("ana", allow("s3:*"))
    aws.s3.put_bucket_policy(
        Bucket="ana-files",
        Policy=policy(
            {
                "Effect": "Deny",
                "Principal": {"AWS": "arn:aws:iam::123456789012:user/ana"},
                "Action": "s3:PutObject",
                "Resource": "arn:aws:s3:::ana-files/*",
            }
        ),
    )
    _denied(
        lambda: ana.s3.put_object(Bucket="ana-files", Key="a", Body=b"1"),
        "AccessDenied",
        "with an explicit deny in a resource-based policy",
    )


@probe("policy-evaluation")
def one_item_of_a_table(aws):
    aws.dynamodb.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    ana = aws.user(
        "ana",
        allow(
            "dynamodb:GetItem",
            on="arn:aws:dynamodb:us-east-1:123456789012:table/orders",
            Condition={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:username}"]}},
        ),
    )
    ana.dynamodb.get_item(TableName="orders", Key={"id": {"S": "ana"}})
    _denied(lambda: ana.dynamodb.get_item(TableName="orders", Key={"id": {"S": "bob"}}), "AccessDeniedException")
    _denied(
        lambda: ana.dynamodb.scan(TableName="orders"),
        "AccessDeniedException",
        "dynamodb:Scan on resource: arn:aws:dynamodb:us-east-1:123456789012:table/orders because no identity-based policy",
    )


@probe("roles-for-services")
def a_role_with_an_external_id(aws):
    arn = aws.role("r", {"AWS": "123456789012"}, Condition={"StringEquals": {"sts:ExternalId": "x-42"}})
    ana = aws.user("ana", allow("sts:AssumeRole"))
    ana.sts.assume_role(RoleArn=arn, RoleSessionName="ana", ExternalId="x-42")
    _denied(
        lambda: ana.sts.assume_role(RoleArn=arn, RoleSessionName="ana"), "AccessDenied", "sts:AssumeRole on resource"
    )
    _denied(lambda: ana.sts.assume_role(RoleArn=arn, RoleSessionName="ana", ExternalId="x-43"), "AccessDenied")


@probe("roles-for-services", "AccessDenied")
def trusted_by_the_account_but_not_allowed(aws):
    arn = aws.role("r", {"AWS": "123456789012"})
    ana = aws.user("ana")
    yield
    ana.sts.assume_role(RoleArn=arn, RoleSessionName="ana")


@probe("roles-for-services")
def trusted_by_name_needs_no_more(aws):
    ana = aws.user("ana")
    arn = aws.role("r", {"AWS": "arn:aws:iam::123456789012:user/ana"})
    ana.sts.assume_role(RoleArn=arn, RoleSessionName="ana")


@probe("roles-for-services")
def a_session_policy_only_narrows(aws):
    arn = aws.role("r", {"AWS": "123456789012"}, allow("s3:*"))
    session = aws.session(
        aws.sts.assume_role(RoleArn=arn, RoleSessionName="ana", Policy=policy(allow("s3:ListAllMyBuckets", "iam:*")))
    )
    session.s3.list_buckets()
    _denied(session.iam.list_users, "AccessDenied", "assumed-role/r/ana")
    _denied(lambda: session.s3.create_bucket(Bucket="ana-files"), "AccessDenied", "no session policy allows")


@probe("roles-for-services")
def a_session_with_tags(aws):
    arn = aws.role(
        "r",
        {"AWS": "123456789012"},
        allow("s3:ListAllMyBuckets", Condition={"StringEquals": {"aws:PrincipalTag/team": "a"}}),
    )
    aws.iam.update_assume_role_policy(
        RoleName="r",
        PolicyDocument=policy(
            {
                "Effect": "Allow",
                "Principal": {"AWS": "123456789012"},
                "Action": ["sts:AssumeRole", "sts:TagSession"],
            }
        ),
    )
    tagged = aws.sts.assume_role(RoleArn=arn, RoleSessionName="ana", Tags=[{"Key": "team", "Value": "a"}])
    aws.session(tagged).s3.list_buckets()
    plain = aws.session(aws.sts.assume_role(RoleArn=arn, RoleSessionName="ana"))
    _denied(plain.s3.list_buckets, "AccessDenied")


@probe("roles-for-services", "ExpiredToken|ExpiredTokenException")
def a_session_after_its_hour(aws):
    arn = aws.role("r", {"AWS": "123456789012"}, allow("iam:*"))
    session = aws.session(aws.sts.assume_role(RoleArn=arn, RoleSessionName="ana"))
    yield
    with lab.context(time=dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)):
        session.iam.list_users()


@probe("policy-evaluation")
def only_until_new_year(aws):
    ana = aws.user("ana", allow("s3:*", Condition={"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}))
    with lab.context(time=dt.datetime(2029, 12, 31, tzinfo=dt.UTC)):
        ana.s3.list_buckets()
    with lab.context(time=dt.datetime(2030, 1, 2, tzinfo=dt.UTC)):
        _denied(ana.s3.list_buckets, "AccessDenied")


# Organizations


@probe("policy-evaluation")
def a_service_control_policy_binds_users(aws):
    aws.organizations.create_organization(FeatureSet="ALL")
    root = aws.organizations.list_roots()["Roots"][0]["Id"]
    unit = aws.organizations.create_organizational_unit(ParentId=root, Name="dev")["OrganizationalUnit"]["Id"]
    assert unit.startswith("ou-") and root.startswith("r-")


@probe("policy-evaluation", "AlreadyInOrganizationException")
def an_organization_twice(aws):
    aws.organizations.create_organization(FeatureSet="ALL")
    yield
    aws.organizations.create_organization(FeatureSet="ALL")


@probe("policy-evaluation", "AWSOrganizationsNotInUseException")
def an_organization_that_is_not_there(aws):
    aws.organizations.describe_organization()


@probe("policy-evaluation", "PolicyTypeNotEnabledException")
def attach_a_control_policy_before_enabling_the_type(aws):
    aws.organizations.create_organization(FeatureSet="ALL")
    root = aws.organizations.list_roots()["Roots"][0]["Id"]
    made = aws.organizations.create_policy(
        Name="p", Description="d", Type="SERVICE_CONTROL_POLICY", Content=policy(deny("s3:*"))
    )["Policy"]["PolicySummary"]["Id"]
    yield
    aws.organizations.attach_policy(PolicyId=made, TargetId=root)


@probe("policy-evaluation", "MalformedPolicyDocumentException")
def a_control_policy_that_is_none(aws):
    aws.organizations.create_organization(FeatureSet="ALL")
    yield
    aws.organizations.create_policy(
        Name="p", Description="d", Type="SERVICE_CONTROL_POLICY", Content='{"Statement": "deny"}'
    )


@probe("policy-evaluation")
def the_management_account_is_above_control_policies(aws):
    aws.organizations.create_organization(FeatureSet="ALL")
    root = aws.organizations.list_roots()["Roots"][0]["Id"]
    aws.organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    made = aws.organizations.create_policy(
        Name="p", Description="d", Type="SERVICE_CONTROL_POLICY", Content=policy(deny("s3:*"))
    )["Policy"]["PolicySummary"]["Id"]
    aws.organizations.attach_policy(PolicyId=made, TargetId=root)
    aws.user("ana", allow("s3:*")).s3.list_buckets()


@probe("policy-evaluation")
def a_member_account_by_its_role(aws):
    aws.organizations.create_organization(FeatureSet="ALL")
    root = aws.organizations.list_roots()["Roots"][0]["Id"]
    aws.organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    status = aws.organizations.create_account(AccountName="dev", Email="dev@example.com")["CreateAccountStatus"]
    found = aws.organizations.describe_create_account_status(CreateAccountRequestId=status["Id"])
    member = found["CreateAccountStatus"]["AccountId"]
    role = f"arn:aws:iam::{member}:role/OrganizationAccountAccessRole"
    there = aws.session(aws.sts.assume_role(RoleArn=role, RoleSessionName="ana"))
    assert there.sts.get_caller_identity()["Account"] == member
    made = aws.organizations.create_policy(
        Name="p", Description="d", Type="SERVICE_CONTROL_POLICY", Content=policy(deny("s3:*"))
    )["Policy"]["PolicySummary"]["Id"]
    there.s3.list_buckets()
    aws.organizations.attach_policy(PolicyId=made, TargetId=member)
    _denied(there.s3.list_buckets, "AccessDenied", "with an explicit deny in a service control policy")


# The learner's own keys on the command line


@probe("access-paths")
def a_profile_of_her_own(aws):
    ana = aws.user("ana", allow("s3:ListAllMyBuckets"))
    secret = ana._keys[1]
    for name, value in (("aws_access_key_id", ana.key), ("aws_secret_access_key", secret), ("region", "us-east-1")):
        assert lab.aws(["aws", "configure", "set", name, value, "--profile", "ana"]).exit_code == 0
    found = lab.aws("aws sts get-caller-identity --profile ana --query Arn --output text")
    assert found.output.strip() == "arn:aws:iam::123456789012:user/ana", found.error
    refused = lab.aws("aws iam list-users --profile ana")
    assert (
        refused.exit_code in (254, 255)
        and "An error occurred (AccessDenied) when calling the ListUsers operation: User: arn:aws:iam::123456789012:user/ana is not authorized to perform: iam:ListUsers"
        in refused.error
    )


@probe("access-paths")
def a_profile_that_is_not_there(aws):
    found = lab.aws("aws s3 ls --profile nobody")
    assert found.exit_code in (253, 255) and "The config profile (nobody) could not be found" in found.error


@probe("access-paths")
def the_command_line_without_permission_on_ec2(aws):
    ana = aws.user("ana")
    for name, value in (("aws_access_key_id", ana.key), ("aws_secret_access_key", ana._keys[1])):
        lab.aws(["aws", "configure", "set", name, value, "--profile", "ana"])
    found = lab.aws("aws ec2 describe-instances --profile ana --region us-east-1")
    assert found.exit_code in (254, 255)
    assert (
        "An error occurred (UnauthorizedOperation) when calling the DescribeInstances operation: "
        "You are not authorized to perform this operation. "
        "User: arn:aws:iam::123456789012:user/ana is not authorized to perform: ec2:DescribeInstances "
        "because no identity-based policy allows the ec2:DescribeInstances action" in found.error
    )


@probe("policy-evaluation")
def why_was_i_refused(aws):
    from botocore.exceptions import ClientError

    image = aws.image()
    ana = aws.user("ana", allow("ec2:Describe*"))
    try:
        ana.ec2.run_instances(ImageId=image, InstanceType="t3.micro", MinCount=1, MaxCount=1)
    except ClientError as refusal:
        message = refusal.response["Error"]["Message"]
    assert "Encoded authorization failure message: " in message
    encoded = message.split("Encoded authorization failure message: ")[1].split()[0]
    decoded = json.loads(aws.sts.decode_authorization_message(EncodedMessage=encoded)["DecodedMessage"])
    assert decoded["allowed"] is False and decoded["explicitDeny"] is False
    assert decoded["context"]["action"] == "ec2:RunInstances"
