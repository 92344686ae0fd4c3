"""Queue policies."""

import json

import pytest
from messaging import ACCOUNT, attribute, policy, queue_arn

SEND = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}


@pytest.mark.parametrize(
    "text",
    [
        "no JSON",
        "[]",
        "{}",
        policy({key: one for key, one in SEND.items() if key != "Principal"}),
        policy({**SEND, "Effect": "allow"}),
        policy({key: one for key, one in SEND.items() if key != "Action"}),
        policy({**SEND, "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/nobody"}}),
        policy({**SEND, "Condition": {"StringIs": {"aws:SourceArn": "x"}}}),
        json.dumps({"Version": "2026-11-28", "Statement": [SEND]}),
    ],
)
def test_what_is_no_queue_policy(sqs, queue, refused, text):
    """Is a document that is none, or names a user who is none, refused?"""
    call = {"QueueUrl": queue(), "Attributes": {"Policy": text}}
    refused(sqs.set_queue_attributes, "InvalidAttributeValue", "Invalid value for the parameter Policy.", **call)
    sqs.set_queue_attributes(QueueUrl=call["QueueUrl"], Attributes={"Policy": policy(SEND)})


def test_permissions_are_statements(sqs, queue, refused):
    """Does AddPermission write a statement for other accounts, and RemovePermission take it away?"""
    url = queue()
    add = {"QueueUrl": url, "Label": "one", "AWSAccountIds": ["111122223333"], "Actions": ["SendMessage"]}
    sqs.add_permission(**add)
    written = json.loads(attribute(sqs, url, "Policy"))
    assert written["Version"] == "2008-10-17"
    assert written["Statement"] == [
        {
            "Sid": "one",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
            "Action": "SQS:SendMessage",
            "Resource": queue_arn(url),
        }
    ]
    refused(sqs.add_permission, "InvalidParameterValue", "Already exists", **add)
    refused(sqs.remove_permission, "InvalidParameterValue", "can't find label", QueueUrl=url, Label="two")
    sqs.remove_permission(QueueUrl=url, Label="one")
    assert attribute(sqs, url, "Policy") is None


@pytest.mark.parametrize(
    ("wrong", "code", "status"),
    [
        ({"Actions": ["SetQueueAttributes"]}, "InvalidParameterValue", 400),
        ({"Actions": ["SendMessage"] * 8}, "OverLimit", 403),
        ({"AWSAccountIds": ["ana"]}, "InvalidParameterValue", 400),
        ({"Label": "a b"}, "InvalidParameterValue", 400),
        ({"Label": "x" * 81}, "InvalidParameterValue", 400),
    ],
)
def test_what_is_no_permission(sqs, queue, refused, wrong, code, status):
    """Are actions, accounts and labels checked?"""
    add = {"QueueUrl": queue(), "Label": "one", "AWSAccountIds": ["111122223333"], "Actions": ["*"]}
    refused(sqs.add_permission, code, status=status, **{**add, **wrong})
    sqs.add_permission(**add)


def test_a_policy_without_sid_is_no_obstacle(sqs, queue, refused):
    """Can a permission be added to a policy of one's own?"""
    url = queue(Policy=json.dumps({"Version": "2012-10-17", "Statement": SEND}))
    refused(sqs.remove_permission, "InvalidParameterValue", "can't find label", QueueUrl=url, Label="one")
    sqs.add_permission(QueueUrl=url, Label="one", AWSAccountIds=["111122223333"], Actions=["*"])
    assert len(json.loads(attribute(sqs, url, "Policy"))["Statement"]) == 2
