"""What a service may by a resource's own policy or a role's trust policy, decided by course.iam."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import lab
from course.lab.iam.service_principals import service_may, service_may_assume

QUEUE = "arn:aws:sqs:us-east-1:123456789012:orders"
TOPIC = "arn:aws:sns:us-east-1:123456789012:news"
ROLE = "arn:aws:iam::123456789012:role/work"


def document(*statements, **more):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **one, **more} for one in statements]}


def may(policy, service="sns.amazonaws.com", action="sqs:SendMessage", **keys):
    keys = {"aws:SourceArn": TOPIC, **keys}
    return service_may(service, action, QUEUE, policy, "123456789012", keys)


SEND = {"Action": "sqs:SendMessage", "Resource": QUEUE}
SNS = {"Principal": {"Service": "sns.amazonaws.com"}, **SEND}
FROM_TOPIC = {"Condition": {"ArnEquals": {"aws:SourceArn": TOPIC}}}


@pytest.mark.parametrize(
    ("statements", "allowed"),
    [
        ([SNS], True),
        ([{**SNS, "Principal": "*"}], True),
        ([{**SNS, "Principal": {"AWS": "*"}}], True),
        ([{**SNS, "Principal": {"Service": ["s3.amazonaws.com", "sns.amazonaws.com"]}}], True),
        ([{**SNS, **FROM_TOPIC}], True),
        ([{**SNS, "Principal": "*", **FROM_TOPIC}], True),
        ([{**SNS, "Condition": {"StringEquals": {"AWS:SourceAccount": "123456789012"}}}], True),
        ([{**SNS, "Condition": {"Bool": {"aws:PrincipalIsAWSService": "true"}}}], True),
        ([{**SNS, "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:other"}}}], False),
        ([{**SNS, "Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}}], False),
        ([{**SNS, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}], False),
        ([{**SNS, "Principal": {"Service": "s3.amazonaws.com"}}], False),
        ([{**SNS, "Principal": {"AWS": "123456789012"}}], False),
        ([{**SNS, "Action": "sqs:ReceiveMessage"}], False),
        ([{**SNS, "Resource": QUEUE + "2"}], False),
        ([SNS, {**SNS, "Effect": "Deny", "Principal": "*"}], False),
        (
            [SNS, {**SNS, "Effect": "Deny", "Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": False}}}],
            True,
        ),
        ([SNS, {"Effect": "Deny", "NotPrincipal": {"Service": "sns.amazonaws.com"}, **SEND}], True),
        ([SNS, {"Effect": "Deny", "NotPrincipal": {"AWS": "123456789012"}, **SEND}], False),
    ],
)
def test_resource_policy_decides(statements, allowed):
    """Do principals, conditions and denies of the policy count as they do for any caller?"""
    assert may(document(*statements)) is allowed


@pytest.mark.parametrize("policy", [None, "", "{}", "no JSON", document({"Principal": "*"})])
def test_no_policy_allows_nothing(policy):
    """Is a service shut out where there is no policy, or none that AWS would have stored?"""
    assert not may(policy)


def test_text_and_time():
    """Is a policy read from its JSON text, with the account's time?"""
    until = {"Condition": {"DateLessThan": {"aws:CurrentTime": "2026-12-01T00:00:00Z"}}}
    policy = json.dumps(document({**SNS, **until}))
    with lab.context(time="2026-11-30T00:00:00Z"):
        assert may(policy)
    with lab.context(time="2026-12-02T00:00:00Z"):
        assert not may(policy)


TRUST = {"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}


@pytest.mark.parametrize(
    ("statements", "allowed"),
    [
        ([TRUST], True),
        ([{**TRUST, "Action": "sts:*"}], True),
        ([{**TRUST, "Principal": {"Service": "ec2.amazonaws.com"}}], False),
        ([{**TRUST, "Principal": {"AWS": "arn:aws:iam::123456789012:root"}}], False),
        ([{**TRUST, "Action": "sts:TagSession"}], False),
        ([{**TRUST, "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}}], True),
        ([{**TRUST, "Condition": {"StringEquals": {"sts:ExternalId": "x"}}}], False),
        ([TRUST, {**TRUST, "Effect": "Deny"}], False),
        ([TRUST, {**TRUST, "Effect": "Deny", "Principal": {"Service": "ec2.amazonaws.com"}}], True),
    ],
)
def test_trust_policy_decides(statements, allowed):
    """May the service assume the role?"""
    keys = {"aws:SourceAccount": "123456789012"}
    assert service_may_assume("lambda.amazonaws.com", document(*statements), ROLE, keys) is allowed


@given(st.permutations([SNS, {**SNS, "Principal": "*"}, {**SNS, "Effect": "Deny", **FROM_TOPIC}]))
def test_a_deny_wins_wherever_it_stands(statements):
    """Does the order of statements not matter?"""
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **one} for one in statements]}
    assert not may(policy)
    assert may(policy, **{"aws:SourceArn": TOPIC + "2"})
