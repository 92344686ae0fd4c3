"""AWS's managed IAM policies."""

import boto3

from course import lab

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def test_attaching_is_forgotten_with_the_account():
    """Are managed policies there, and their attachment counts zero after a reset?"""
    iam = boto3.client("iam")
    iam.create_user(UserName="ada")
    iam.attach_user_policy(UserName="ada", PolicyArn=READ_ONLY)
    assert iam.get_policy(PolicyArn=READ_ONLY)["Policy"]["AttachmentCount"] == 1
    lab.reset()
    assert iam.get_policy(PolicyArn=READ_ONLY)["Policy"]["AttachmentCount"] == 0
