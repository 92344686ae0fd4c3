"""Hard cases of policy evaluation: what AWS documents, decided by hand."""

import json

import pytest

from course.iam.evaluation import Policies, Principal, Request, evaluate
from course.iam.grammar import problems

ACCOUNT, OTHER = "111122223333", "444455556666"
ANA = f"arn:aws:iam::{ACCOUNT}:user/ana"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/app/run-1"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
FEDERATED = f"arn:aws:sts::{ACCOUNT}:federated-user/eve"
OBJECT = "arn:aws:s3:::photos/cat.jpg"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234abcd"
TARGET = f"arn:aws:iam::{ACCOUNT}:role/target"
ALLOWED, DENIED, IMPLICIT = "allowed", "explicitDeny", "implicitDeny"


def policy(*statements, version="2012-10-17"):
    return {**({"Version": version} if version else {}), "Statement": list(statements)}


def st(effect="Allow", action="s3:GetObject", resource="*", principal=None, **more):
    condition = more.pop("condition", None)
    statement = {"Effect": effect, "Action": action, "Resource": resource, **more}
    if principal is not None:
        statement["Principal"] = principal
    if condition is not None:
        statement["Condition"] = condition
    return {name: element for name, element in statement.items() if element != ()}


def aws(*names):
    return {"AWS": list(names)}


def trust(principal, effect="Allow", action="sts:AssumeRole", **more):
    return policy(st(effect, action, (), principal, **more))


ALL = policy(st(action="*"))
GET = policy(st())
PUT = policy(st(action="s3:PutObject"))
DENY_GET = policy(st("Deny"))
DENY_ALL = policy(st("Deny", "*"))
ONE_STATEMENT = {
    "nothing is allowed by default": (policy(st(action="s3:PutObject")), IMPLICIT),
    "an allow allows": (GET, ALLOWED),
    "an explicit deny wins over an allow": (policy(st(), st("Deny")), DENIED),
    "the order of statements is no order of precedence": (policy(st("Deny"), st()), DENIED),
    "Deny * on * denies everything": (policy(st(action="*"), st("Deny", "*")), DENIED),
    "a Deny for another action denies nothing here": (policy(st(), st("Deny", "s3:PutObject")), ALLOWED),
    "a Deny whose condition fails denies nothing": (
        policy(st(), st("Deny", condition={"Bool": {"aws:SecureTransport": "false"}})),
        ALLOWED,
    ),
    "Statement may be one object": ({"Version": "2012-10-17", "Statement": st()}, ALLOWED),
    "Action * is every action": (policy(st(action="*")), ALLOWED),
    "Action s3:* is every action of S3": (policy(st(action="s3:*")), ALLOWED),
    "s3:Get* covers GetObject": (policy(st(action="s3:Get*")), ALLOWED),
    "a wildcard may stand in the middle": (policy(st(action="s3:*Object")), ALLOWED),
    "s3:Get does not cover GetObject": (policy(st(action="s3:Get")), IMPLICIT),
    "? is exactly one character": (policy(st(action="s3:GetObjec?")), ALLOWED),
    "? is not no character": (policy(st(action="s3:GetObject?")), IMPLICIT),
    "? is not two characters": (policy(st(action="s3:GetObje?")), IMPLICIT),
    "actions ignore case": (policy(st(action="S3:getOBJECT")), ALLOWED),
    "actions of another service do not match": (policy(st(action="s3express:*")), IMPLICIT),
    "a list of actions is joined by OR": (policy(st(action=["s3:PutObject", "s3:GetObject"])), ALLOWED),
    "NotAction allows all but its actions": (policy(st(action=(), NotAction="iam:*")), ALLOWED),
    "NotAction does not allow what it names": (policy(st(action=(), NotAction=["iam:*", "s3:*"])), IMPLICIT),
    "NotAction is no deny": (policy(st(action=(), NotAction="s3:*"), st()), ALLOWED),
    "Deny with NotAction denies the others": (policy(st(), st("Deny", (), NotAction="iam:*")), DENIED),
    "the object's ARN matches": (policy(st(resource=OBJECT)), ALLOWED),
    "the bucket's ARN is not its objects'": (policy(st(resource="arn:aws:s3:::photos")), IMPLICIT),
    "bucket/* is its objects": (policy(st(resource="arn:aws:s3:::photos/*")), ALLOWED),
    "resource ARNs keep case": (policy(st(resource="arn:aws:s3:::photos/Cat.jpg")), IMPLICIT),
    "a list of resources is joined by OR": (policy(st(resource=["arn:aws:s3:::x", OBJECT])), ALLOWED),
    "? works in resources": (policy(st(resource="arn:aws:s3:::photos/c?t.jpg")), ALLOWED),
    "* spans slashes": (policy(st(resource="arn:aws:s3:::*.jpg")), ALLOWED),
    "another partition does not match": (policy(st(resource="arn:aws-cn:s3:::photos/*")), IMPLICIT),
    "the partition may be a wildcard": (policy(st(resource="arn:*:s3:::photos/*")), ALLOWED),
    "an incomplete ARN is completed with *": (policy(st(resource="arn:aws:s3")), ALLOWED),
    "an incomplete ARN of another service is not": (policy(st(resource="arn:aws:sqs")), IMPLICIT),
    "empty fields are matched by *": (policy(st(resource="arn:aws:s3:*:*:photos/*")), ALLOWED),
    "an empty field does not match a Region": (policy(st(resource="arn:aws:s3:eu-west-1::photos/*")), IMPLICIT),
    "NotResource allows all but its resources": (
        policy(st(resource=(), NotResource="arn:aws:s3:::secret/*")),
        ALLOWED,
    ),
    "NotResource does not allow what it names": (policy(st(resource=(), NotResource=OBJECT)), IMPLICIT),
    "Deny with NotResource denies the others": (
        policy(st(action="s3:*"), st("Deny", "s3:*", (), NotResource="arn:aws:s3:::music/*")),
        DENIED,
    ),
}


@pytest.mark.parametrize("case", ONE_STATEMENT)
def test_action_resource_and_effect(case):
    """Do Effect, Action, NotAction, Resource and NotResource mean what AWS says they mean?"""
    document, expected = ONE_STATEMENT[case]
    assert evaluate(Request(ANA, "s3:GetObject", OBJECT), Policies(identity=document)).decision == expected


HOME = "arn:aws:s3:::home/${aws:username}/*"
VARIABLES = {
    "the user's name in a resource": ("arn:aws:s3:::home/ana/x", HOME, {}, ALLOWED),
    "another user's folder": ("arn:aws:s3:::home/bob/x", HOME, {}, IMPLICIT),
    "a name that begins alike": ("arn:aws:s3:::home/anabel/x", HOME, {}, IMPLICIT),
    "key names ignore case": ("arn:aws:s3:::home/ana/x", "arn:aws:s3:::home/${AWS:UserName}/*", {}, ALLOWED),
    "a tag": ("arn:aws:s3:::team-red/x", "arn:aws:s3:::team-${aws:PrincipalTag/team}/*", {}, ALLOWED),
    "a tag in another case": ("arn:aws:s3:::team-red/x", "arn:aws:s3:::team-${aws:PrincipalTag/TEAM}/*", {}, ALLOWED),
    "a missing tag matches nothing": ("arn:aws:s3:::t-/x", "arn:aws:s3:::t-${aws:PrincipalTag/none}/*", {}, IMPLICIT),
    "a default": ("arn:aws:s3:::t-all/x", "arn:aws:s3:::t-${aws:PrincipalTag/none, 'all'}/*", {}, ALLOWED),
    "a default is not used beside a value": (
        "arn:aws:s3:::t-all/x",
        "arn:aws:s3:::t-${aws:PrincipalTag/team, 'all'}/*",
        {},
        IMPLICIT,
    ),
    "two variables": (
        "arn:aws:s3:::red/ana",
        "arn:aws:s3:::${aws:PrincipalTag/team}/${aws:username}",
        {},
        ALLOWED,
    ),
    "a multivalued key has no value": (
        "arn:aws:s3:::t-a/x",
        "arn:aws:s3:::t-${aws:TagKeys}/*",
        {"aws:TagKeys": ["a", "b"]},
        IMPLICIT,
    ),
    "${*} is an asterisk": ("arn:aws:s3:::b/a*c", "arn:aws:s3:::b/a${*}c", {}, ALLOWED),
    "${*} is no wildcard": ("arn:aws:s3:::b/abc", "arn:aws:s3:::b/a${*}c", {}, IMPLICIT),
    "${?} is a question mark": ("arn:aws:s3:::b/a?c", "arn:aws:s3:::b/a${?}c", {}, ALLOWED),
    "${$} is a dollar sign": ("arn:aws:s3:::b/${x}", "arn:aws:s3:::b/${$}{x}", {}, ALLOWED),
    "a wildcard in a value is no wildcard": (
        "arn:aws:s3:::b/anything",
        "arn:aws:s3:::b/${ec2:Name}",
        {"ec2:Name": "*"},
        IMPLICIT,
    ),
    "no variables before the fifth colon": (
        f"arn:aws:sqs:eu-west-1:{ACCOUNT}:q",
        "arn:aws:sqs:${aws:RequestedRegion}:*:q",
        {"aws:RequestedRegion": "eu-west-1"},
        IMPLICIT,
    ),
}


@pytest.mark.parametrize("case", VARIABLES)
def test_policy_variables_in_resources(case):
    """Are policy variables replaced in 2012-10-17, with defaults and special characters, and nowhere else?"""
    resource, pattern, context, expected = VARIABLES[case]
    ana = Principal(ANA, tags={"team": "red"})
    request = Request(ana, "s3:GetObject", resource, context=context)
    assert evaluate(request, Policies(identity=policy(st(resource=pattern)))).decision == expected


@pytest.mark.parametrize("version", ["2008-10-17", None])
def test_older_versions_know_no_variables(version):
    """Is a variable ordinary text in 2008-10-17 and without a Version?"""
    own = Policies(identity=policy(st(resource=HOME), version=version))
    assert evaluate(Request(ANA, "s3:GetObject", "arn:aws:s3:::home/ana/x"), own).decision == IMPLICIT
    assert evaluate(Request(ANA, "s3:GetObject", "arn:aws:s3:::home/${aws:username}/x"), own).decision == ALLOWED


def test_a_variable_without_a_value_in_notresource_excludes_nothing():
    """Does a NotResource whose variable has no value match every resource?"""
    document = policy(st(), st("Deny", resource=(), NotResource="arn:aws:s3:::${aws:PrincipalTag/none}/*"))
    assert evaluate(Request(ANA, "s3:GetObject", OBJECT), Policies(identity=document)).decision == DENIED


BUCKET_ANA, BUCKET_ROLE = policy(st(principal=aws(ANA))), policy(st(principal=aws(ROLE)))
BUCKET_SESSION, BUCKET_ROOT = policy(st(principal=aws(SESSION))), policy(st(principal=aws(ROOT)))
BUCKET_ALL = policy(st(principal="*"))
NOT_ANA = st("Deny", "s3:*", NotPrincipal=aws(ANA, ROOT))
TYPES = {
    # permissions boundary
    "boundary and identity allow": (ANA, dict(identity=GET, boundary=ALL), ALLOWED, "identity"),
    "boundary alone grants nothing": (ANA, dict(boundary=ALL), IMPLICIT, "identity"),
    "boundary without an allow limits": (ANA, dict(identity=GET, boundary=PUT), IMPLICIT, "boundary"),
    "boundary with a deny denies": (ANA, dict(identity=GET, boundary=policy(st(action="*"), st("Deny"))), DENIED, "boundary"),
    "groups add up with the user": (ANA, dict(identity={"user": PUT, "group": GET}), ALLOWED, "identity"),
    "a group's deny counts": (ANA, dict(identity={"user": GET, "group": DENY_GET}), DENIED, "identity"),
    # service control policies
    "SCP and identity allow": (ANA, dict(identity=GET, service_control=[ALL]), ALLOWED, "identity"),
    "SCP alone grants nothing": (ANA, dict(service_control=[ALL]), IMPLICIT, "identity"),
    "SCP without an allow limits": (ANA, dict(identity=GET, service_control=[PUT]), IMPLICIT, "scp"),
    "SCP deny beside FullAWSAccess": (ANA, dict(identity=ALL, service_control=[ALL, DENY_GET]), DENIED, "scp"),
    "only a deny list without FullAWSAccess": (ANA, dict(identity=ALL, service_control=[policy(st("Deny", "ec2:*"))]), IMPLICIT, "scp"),
    "every level must allow": (ANA, dict(identity=ALL, service_control=[[ALL], [PUT], [ALL]]), IMPLICIT, "scp"),
    "one policy of a level may allow": (ANA, dict(identity=ALL, service_control=[[ALL], [PUT, GET]]), ALLOWED, "identity"),
    "a deny at any level denies": (ANA, dict(identity=ALL, service_control=[[ALL, DENY_GET], [ALL]]), DENIED, "scp"),
    "SCPs limit a resource-based policy": (ANA, dict(resource=BUCKET_ANA, service_control=[PUT]), IMPLICIT, "scp"),
    "SCPs limit the root user": (ROOT, dict(service_control=[PUT]), IMPLICIT, "scp"),
    "SCPs do not limit a service": ("sns.amazonaws.com", dict(resource=BUCKET_ALL, service_control=[DENY_ALL]), ALLOWED, "resource"),
    # resource control policies
    "RCP deny": (ANA, dict(identity=ALL, resource_control=policy(st("Deny", principal="*"))), DENIED, "rcp"),
    "RCPs need no allow of their own": (ANA, dict(identity=ALL, resource_control=policy(st("Deny", "s3:PutObject", principal="*"))), ALLOWED, "identity"),
    # the root user
    "root needs no policy": (ROOT, {}, ALLOWED, "root"),
    "root is not limited by a boundary it cannot have": (ROOT, dict(boundary=PUT), ALLOWED, "root"),
    "root is denied by a bucket policy": (ROOT, dict(resource=policy(st("Deny", principal="*"))), DENIED, "resource"),
    # session policies
    "role session with the role's policy": (SESSION, dict(identity=GET), ALLOWED, "identity"),
    "session policy allows too": (SESSION, dict(identity=GET, session=ALL), ALLOWED, "identity"),
    "session policy limits": (SESSION, dict(identity=GET, session=PUT), IMPLICIT, "session"),
    "session policy grants nothing": (SESSION, dict(session=ALL), IMPLICIT, "identity"),
    "session policy denies": (SESSION, dict(identity=ALL, session=policy(st(action="*"), st("Deny"))), DENIED, "session"),
    "an empty list of session policies allows nothing": (SESSION, dict(identity=ALL, session=[]), IMPLICIT, "session"),
    "federated user without a session policy": (FEDERATED, dict(identity=ALL), IMPLICIT, "session"),
    "federated user with one": (FEDERATED, dict(identity=ALL, session=GET), ALLOWED, "identity"),
    # resource-based policies in one account
    "bucket policy naming the user allows alone": (ANA, dict(resource=BUCKET_ANA), ALLOWED, "resource"),
    "... whatever the boundary does not allow": (ANA, dict(resource=BUCKET_ANA, boundary=PUT), ALLOWED, "resource"),
    "... but not what the boundary denies": (ANA, dict(resource=BUCKET_ANA, boundary=DENY_GET), DENIED, "boundary"),
    "... nor what the identity denies": (ANA, dict(resource=BUCKET_ANA, identity=DENY_GET), DENIED, "identity"),
    "bucket policy naming the account delegates": (ANA, dict(resource=BUCKET_ROOT), IMPLICIT, "identity"),
    "... and the identity policy completes it": (ANA, dict(resource=BUCKET_ROOT, identity=GET), ALLOWED, "identity"),
    "an account id is the account": (ANA, dict(resource=policy(st(principal=aws(ACCOUNT)))), IMPLICIT, "identity"),
    "bucket policy naming nobody here": (ANA, dict(resource=policy(st(principal=aws(ROLE))), identity=GET), ALLOWED, "identity"),
    "bucket policy for everyone": (ANA, dict(resource=BUCKET_ALL), ALLOWED, "resource"),
    '{"AWS": "*"} is everyone': (ANA, dict(resource=policy(st(principal=aws("*")))), ALLOWED, "resource"),
    "bucket policy for everyone, boundary silent": (ANA, dict(resource=BUCKET_ALL, boundary=PUT), ALLOWED, "resource"),
    "user names in Principal keep case": (ANA, dict(resource=policy(st(principal=aws(ANA[:-3] + "Ana")))), IMPLICIT, "identity"),
    "bucket policy naming the role": (SESSION, dict(resource=BUCKET_ROLE), ALLOWED, "resource"),
    "... limited by the boundary": (SESSION, dict(resource=BUCKET_ROLE, boundary=PUT), IMPLICIT, "boundary"),
    "... limited by the session policy": (SESSION, dict(resource=BUCKET_ROLE, session=PUT), IMPLICIT, "session"),
    "... allowed by both": (SESSION, dict(resource=BUCKET_ROLE, boundary=GET, session=GET), ALLOWED, "resource"),
    "bucket policy naming the session": (SESSION, dict(resource=BUCKET_SESSION), ALLOWED, "resource"),
    "... whatever boundary and session policy lack": (SESSION, dict(resource=BUCKET_SESSION, boundary=PUT, session=PUT), ALLOWED, "resource"),
    "... not what the session policy denies": (SESSION, dict(resource=BUCKET_SESSION, session=DENY_GET), DENIED, "session"),
    "another session of the role": (SESSION.replace("run-1", "run-2"), dict(resource=BUCKET_SESSION), IMPLICIT, "identity"),
    "aws:PrincipalArn with everyone": (
        SESSION,
        dict(resource=policy(st(principal="*", condition={"ArnEquals": {"aws:PrincipalArn": ROLE}})), boundary=PUT),
        ALLOWED,
        "resource",
    ),
    "federated user named directly": (FEDERATED, dict(resource=policy(st(principal=aws(FEDERATED)))), ALLOWED, "resource"),
    "NotPrincipal spares whom it names with the account": (ANA, dict(identity=ALL, resource=policy(NOT_ANA)), ALLOWED, "identity"),
    "NotPrincipal denies the others": (SESSION, dict(identity=ALL, resource=policy(NOT_ANA)), DENIED, "resource"),
    "NotPrincipal without the account denies": (ANA, dict(identity=ALL, resource=policy(st("Deny", NotPrincipal=aws(ANA)))), DENIED, "resource"),
    "NotPrincipal denies whoever has a boundary": (ANA, dict(identity=ALL, boundary=ALL, resource=policy(NOT_ANA)), DENIED, "resource"),
    # services and anonymous callers
    "a service named in the policy": ("sns.amazonaws.com", dict(resource=policy(st(principal={"Service": "sns.amazonaws.com"}))), ALLOWED, "resource"),
    "another service": ("sqs.amazonaws.com", dict(resource=policy(st(principal={"Service": "sns.amazonaws.com"}))), IMPLICIT, "resource"),
    "a service has no identity-based policies": ("sns.amazonaws.com", dict(identity=ALL), IMPLICIT, "resource"),
    "anonymous on a public bucket": ("*", dict(resource=BUCKET_ALL), ALLOWED, "resource"),
    "anonymous on a private bucket": ("*", dict(resource=BUCKET_ANA), IMPLICIT, "resource"),
}  # fmt: skip


@pytest.mark.parametrize("case", TYPES)
def test_policy_types_in_one_account(case):
    """Do identity-based and resource-based policies add up, and boundary, session and SCPs limit, as AWS documents?"""
    principal, policies, expected, decided_by = TYPES[case]
    decision = evaluate(Request(principal, "s3:GetObject", OBJECT, ACCOUNT), Policies(**policies))
    assert (decision.decision, decision.decided_by) == (expected, decided_by)


CROSS = {
    "both sides allow": (ANA, dict(identity=GET, resource=BUCKET_ANA), ALLOWED, "resource"),
    "the account is named, the identity allows": (ANA, dict(identity=GET, resource=BUCKET_ROOT), ALLOWED, "resource"),
    "only the identity allows": (ANA, dict(identity=ALL), IMPLICIT, "resource"),
    "only the bucket allows": (ANA, dict(resource=BUCKET_ANA), IMPLICIT, "identity"),
    "public buckets need an identity policy too": (ANA, dict(resource=BUCKET_ALL), IMPLICIT, "identity"),
    "the boundary counts": (ANA, dict(identity=ALL, boundary=PUT, resource=BUCKET_ANA), IMPLICIT, "boundary"),
    "naming the session does not help": (SESSION, dict(identity=GET, session=PUT, resource=BUCKET_SESSION), IMPLICIT, "session"),
    "an SCP of the caller's account counts": (ANA, dict(identity=GET, resource=BUCKET_ANA, service_control=[PUT]), IMPLICIT, "scp"),
    "a deny on the other side": (ANA, dict(identity=GET, resource=policy(st(principal=aws(ANA)), st("Deny", principal="*"))), DENIED, "resource"),
    "the root user needs the bucket's allow": (ROOT, {}, IMPLICIT, "resource"),
    "the root user with it": (ROOT, dict(resource=BUCKET_ROOT), ALLOWED, "resource"),
}  # fmt: skip


@pytest.mark.parametrize("case", CROSS)
def test_cross_account(case):
    """Must both accounts allow a request that goes from one to the other?"""
    principal, policies, expected, decided_by = CROSS[case]
    request = Request(principal, "s3:GetObject", OBJECT, resource_account=OTHER)
    decision = evaluate(request, Policies(**policies))
    assert (decision.decision, decision.decided_by) == (expected, decided_by)


ASSUME = policy(st(action="sts:AssumeRole", resource=TARGET))
OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
MUST_ALLOW = {
    "trust naming the user allows alone": (ANA, "sts:AssumeRole", TARGET, dict(trust=trust(aws(ANA))), ALLOWED, "trust"),
    "trust naming the account needs the identity": (ANA, "sts:AssumeRole", TARGET, dict(trust=trust(aws(ROOT))), IMPLICIT, "identity"),
    "... and has it": (ANA, "sts:AssumeRole", TARGET, dict(trust=trust(aws(ROOT)), identity=ASSUME), ALLOWED, "identity"),
    "the identity alone is not enough": (ANA, "sts:AssumeRole", TARGET, dict(trust=trust(aws(ROLE)), identity=ALL), IMPLICIT, "trust"),
    "trust with a deny": (ANA, "sts:AssumeRole", TARGET, dict(trust=trust(aws(ANA), "Deny"), identity=ALL), DENIED, "trust"),
    "trust with an external id": (
        ANA, "sts:AssumeRole", TARGET,
        dict(trust=trust(aws(ANA), condition={"StringEquals": {"sts:ExternalId": "42"}}), identity=ALL), IMPLICIT, "trust",
    ),
    "trust for a service": ("ec2.amazonaws.com", "sts:AssumeRole", TARGET, dict(trust=trust({"Service": "ec2.amazonaws.com"})), ALLOWED, "trust"),
    "trust for another service": ("ec2.amazonaws.com", "sts:AssumeRole", TARGET, dict(trust=trust({"Service": "lambda.amazonaws.com"})), IMPLICIT, "trust"),
    "trust for an identity provider": (
        OIDC, "sts:AssumeRoleWithWebIdentity", TARGET,
        dict(trust=trust({"Federated": OIDC}, action="sts:AssumeRoleWithWebIdentity")), ALLOWED, "trust",
    ),
    "key policy naming the account enables identities": (
        ANA, "kms:Decrypt", KEY, dict(resource=policy(st(action="kms:*", principal=aws(ROOT))), identity=ALL), ALLOWED, "identity",
    ),
    "... which must allow": (ANA, "kms:Decrypt", KEY, dict(resource=policy(st(action="kms:*", principal=aws(ROOT)))), IMPLICIT, "identity"),
    "a key policy without the account shuts identities out": (
        ANA, "kms:Decrypt", KEY, dict(resource=policy(st(action="kms:*", principal=aws(ROLE))), identity=ALL), IMPLICIT, "resource",
    ),
    "... and even the root user": (ROOT, "kms:Decrypt", KEY, dict(resource=policy(st(action="kms:*", principal=aws(ROLE)))), IMPLICIT, "resource"),
    "key policy naming the user": (ANA, "kms:Decrypt", KEY, dict(resource=policy(st(action="kms:Decrypt", principal=aws(ANA)))), ALLOWED, "resource"),
}  # fmt: skip


@pytest.mark.parametrize("case", MUST_ALLOW)
def test_trust_policies_and_key_policies_must_allow_by_themselves(case):
    """Are role trust policies and KMS key policies the exceptions that AWS says they are?"""
    principal, action, resource, policies, expected, decided_by = MUST_ALLOW[case]
    decision = evaluate(Request(principal, action, resource), Policies(**policies))
    assert (decision.decision, decision.decided_by) == (expected, decided_by)


def test_a_role_in_another_account_is_assumed_with_both_sides():
    """Does assuming a role across accounts need the trust policy and the identity-based policy?"""
    target = f"arn:aws:iam::{OTHER}:role/target"
    both = Policies(trust=trust(aws(ROOT)), identity=policy(st(action="sts:AssumeRole", resource=target)))
    assert evaluate(Request(ANA, "sts:AssumeRole", target), both).allowed
    assert evaluate(Request(ANA, "sts:AssumeRole", target), Policies(trust=trust(aws(ANA)))).decided_by == "identity"
    assert evaluate(Request(ANA, "sts:AssumeRole", target), Policies(identity=ALL)).decided_by == "resource"


def test_a_role_with_a_path_is_named_by_its_own_arn():
    """Can a session's role have a path, which the session's ARN does not show?"""
    role = f"arn:aws:iam::{ACCOUNT}:role/team/app"
    bucket = Policies(resource=policy(st(principal=aws(role))))
    assert evaluate(Request(Principal(SESSION, role_arn=role), "s3:GetObject", OBJECT), bucket).allowed
    assert not evaluate(Request(SESSION, "s3:GetObject", OBJECT), bucket).allowed


def test_service_linked_roles_are_beyond_scps():
    """Do SCPs leave service-linked roles alone?"""
    role = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    assert evaluate(Request(role, "ec2:RunInstances"), Policies(identity=ALL, service_control=[DENY_ALL])).allowed


ABAC = {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}
MFA_BOOL = {"Bool": {"aws:MultiFactorAuthPresent": "false"}}
MFA_IF_EXISTS = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
PASS = policy(
    st(action="iam:PassRole", resource=ROLE, condition={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}})
)
STORIES = {
    "ABAC: same tag": (ALL_TAGGED := policy(st(action="ec2:*", condition=ABAC)), "ec2:StopInstances", "*", {"aws:ResourceTag/team": "red"}, ALLOWED),
    "ABAC: another tag": (ALL_TAGGED, "ec2:StopInstances", "*", {"aws:ResourceTag/team": "blue"}, IMPLICIT),
    "ABAC: resource without tag": (ALL_TAGGED, "ec2:StopInstances", "*", {}, IMPLICIT),
    "MFA: Bool false misses access keys": (policy(st(action="*"), st("Deny", "*", condition=MFA_BOOL)), "ec2:StopInstances", "*", {}, ALLOWED),
    "MFA: BoolIfExists false catches them": (policy(st(action="*"), st("Deny", "*", condition=MFA_IF_EXISTS)), "ec2:StopInstances", "*", {}, DENIED),
    "MFA: with MFA": (policy(st(action="*"), st("Deny", "*", condition=MFA_IF_EXISTS)), "ec2:StopInstances", "*", {"aws:MultiFactorAuthPresent": True}, ALLOWED),
    "TLS only": (policy(st(), st("Deny", "s3:*", condition={"Bool": {"aws:SecureTransport": "false"}})), "s3:GetObject", OBJECT, {"aws:SecureTransport": False}, DENIED),
    "PassRole to EC2": (PASS, "iam:PassRole", ROLE, {"iam:PassedToService": "ec2.amazonaws.com"}, ALLOWED),
    "PassRole to Lambda": (PASS, "iam:PassRole", ROLE, {"iam:PassedToService": "lambda.amazonaws.com"}, IMPLICIT),
    "PassRole of another role": (PASS, "iam:PassRole", TARGET, {"iam:PassedToService": "ec2.amazonaws.com"}, IMPLICIT),
    "Region lock with exceptions": (
        policy(st(action="*"), {"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*", "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}}}),
        "ec2:RunInstances", "*", {"aws:RequestedRegion": "us-east-1"}, DENIED,
    ),
    "all conditions must hold": (
        policy(st(condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "Bool": {"aws:SecureTransport": "true"}})),
        "s3:GetObject", OBJECT, {"aws:SourceIp": "203.0.113.5", "aws:SecureTransport": "false"}, IMPLICIT,
    ),
    "all keys of an operator must match": (
        policy(st(condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1", "s3:prefix": "a"}})),
        "s3:GetObject", OBJECT, {"aws:RequestedRegion": "eu-west-1"}, IMPLICIT,
    ),
    "a missing variable in a negated condition denies (AWS's example)": (
        policy(st(), st("Deny", condition={"StringNotEquals": {"s3:ExistingObjectTag/Team": "${aws:PrincipalTag/None}"}})),
        "s3:GetObject", OBJECT, {"s3:ExistingObjectTag/Team": "red"}, DENIED,
    ),
    "an action without resources needs *": (policy(st(action="iam:ListUsers", resource="arn:aws:iam::*:user/*")), "iam:ListUsers", "*", {}, IMPLICIT),
    "a resource in another account is the identity's business too": (policy(st(action="iam:GetUser", resource=f"arn:aws:iam::{ACCOUNT}:user/*")), "iam:GetUser", ANA, {}, ALLOWED),
    "MFA age (AWS's example)": (
        policy(st(action="iam:DeactivateMFADevice", resource="arn:aws:iam::*:user/${aws:username}", condition={"NumericLessThanEquals": {"aws:MultiFactorAuthAge": "3600"}})),
        "iam:DeactivateMFADevice", ANA, {"aws:MultiFactorAuthAge": 2800}, ALLOWED,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", STORIES)
def test_stories(case):
    """Do the policies people write for ABAC, MFA, TLS, Regions and PassRole do what AWS says they do?"""
    document, action, resource, context, expected = STORIES[case]
    request = Request(Principal(ANA, tags={"team": "red"}), action, resource, context=context)
    assert evaluate(request, Policies(identity=document)).decision == expected


AWS_WILDCARD_PAGE = "arn:aws:s3:::amzn-s3-demo-bucket/*/test/*"


@pytest.mark.parametrize(
    ("name", "matches"),
    [
        ("1/test/object.jpg", True),
        ("1/2/test/object.jpg", True),
        ("1/2/test/3/object.jpg", True),
        ("1///test///object.jpg", True),
        ("1/test/.jpg", True),
        ("/test/object.jpg", True),
        ("1/test/", True),
        ("1-test/object.jpg", False),
        ("test/object.jpg", False),
        ("1/2/test.jpg", False),
    ],
)
def test_the_wildcard_examples_of_aws(name, matches):
    """Does bucket/*/test/* match the objects that AWS's page lists, and only those?"""
    request = Request(ANA, "s3:GetObject", f"arn:aws:s3:::amzn-s3-demo-bucket/{name}")
    assert evaluate(request, Policies(identity=policy(st(resource=AWS_WILDCARD_PAGE)))).allowed == matches


@pytest.mark.parametrize(
    ("pattern", "resource", "matches"),
    [
        ("arn:aws:ec2:eu-*-1:*:instance/*", f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/i-1", True),
        ("arn:aws:ec2:eu-*-1:*:instance/*", f"arn:aws:ec2:eu-west-2:{ACCOUNT}:instance/i-1", False),
        ("arn:aws:ec2:*:1111????3333:instance/*", f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/i-1", True),
        (
            "arn:aws:logs:*:*:log-group:/app/*:*",
            f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/app/a:log-stream:x",
            True,
        ),
        ("arn:aws:lambda:*:*:function:resize", f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:resize:live", False),
        ("arn:aws:lambda:*:*:function:resize*", f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:resize:live", True),
        ("arn:aws:iam::*:user/ana", ANA, True),
        ("arn:aws:iam::*:user/ana", f"arn:aws:iam::{ACCOUNT}:user/dev/ana", False),
        ("arn:aws:iam:*:user/*", ANA, False),
        # A * at the end of a field may reach beyond its colon, one within a field may not.
        ("arn:aws:logs:*:log-group:a:b", f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:a:b", True),
        ("arn:aws:logs:eu*3:log-group:a:b", f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:a:b", False),
    ],
)
def test_wildcards_in_the_fields_of_an_arn(pattern, resource, matches):
    """Do wildcards work in Regions and accounts, and across colons in the last field?"""
    document = policy(st(action="*", resource=pattern))
    request = Request(ANA, "ec2:StopInstances", resource, ACCOUNT)
    assert evaluate(request, Policies(identity=document)).allowed == matches


def test_a_hostile_pattern_takes_no_time():
    """Does a pattern full of wildcards stay fast on a long name that almost matches?"""
    document = policy(st(resource="arn:aws:s3:::b/" + "*a" * 60 + "*b"))
    request = Request(ANA, "s3:GetObject", "arn:aws:s3:::b/" + "a" * 2000)
    assert not evaluate(request, Policies(identity=document)).allowed


def test_a_federated_user_named_by_the_user_who_asked_is_limited_by_the_session_policy():
    """Is a grant to the IAM user, not to the federated user, limited by the session policy?"""
    eve = Principal(FEDERATED, user_arn=ANA)
    bucket = Policies(resource=BUCKET_ANA, session=PUT), Policies(resource=BUCKET_ANA, session=GET)
    decisions = [evaluate(Request(eve, "s3:GetObject", OBJECT), policies) for policies in bucket]
    assert [(decision.decision, decision.decided_by) for decision in decisions] == [
        (IMPLICIT, "session"),
        (ALLOWED, "resource"),
    ]


def test_every_managed_policy_of_aws_is_accepted():
    """Does the grammar accept the 1,500 policies that AWS itself wrote, and does AdministratorAccess allow?"""
    moto = pytest.importorskip("moto.iam.aws_managed_policies")
    written = json.loads(moto.aws_managed_policies_data)
    assert len(written) > 1500
    for name, managed in written.items():
        assert not problems(managed["Document"]), name
    administrator = Policies(identity=written["AdministratorAccess"]["Document"])
    read_only = Policies(identity=written["ReadOnlyAccess"]["Document"])
    for action, expected in (("s3:GetObject", True), ("s3:PutObject", False)):
        assert evaluate(Request(ANA, action, OBJECT), administrator).allowed
        assert evaluate(Request(ANA, action, OBJECT), read_only).allowed is expected
