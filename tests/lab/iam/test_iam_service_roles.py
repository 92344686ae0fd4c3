"""What a service may do with a role it was given."""

from iam_learners import ACCOUNT, allow, deny, role

from course.lab.iam.service_roles import role_by_arn, role_may

QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"


def test_role_decides():
    """Do the role's policies decide, a Deny and a condition included?"""
    elsewhere = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    arn = role("works", allow("sqs:*", on=QUEUE), deny("sqs:DeleteMessage", Condition=elsewhere))
    assert role_may(arn, "sqs:DeleteMessage", QUEUE, "us-east-1")
    assert not role_may(arn, "sqs:DeleteMessage", QUEUE, "eu-west-1")
    assert not role_may(arn, "sqs:SendMessage", QUEUE + "2", "us-east-1")
    assert not role_may(arn, "sns:Publish", "*", "us-east-1")


def test_no_role():
    """Does a role that is gone, or none, allow nothing?"""
    for arn in (f"arn:aws:iam::{ACCOUNT}:role/gone", "arn:aws:iam::111122223333:role/r", "nothing"):
        assert role_by_arn(arn) is None
        assert not role_may(arn, "sqs:SendMessage", QUEUE, "us-east-1")
