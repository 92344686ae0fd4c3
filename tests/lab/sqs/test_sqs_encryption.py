"""Queues encrypted with KMS keys."""

import json

import pytest
from conftest import client
from iam_learners import allow, user
from messaging import bodies


@pytest.fixture
def key(_fresh):
    return client("kms").create_key()["KeyMetadata"]


def test_a_key_is_looked_for_when_it_is_used(sqs, queue, refused):
    """Can a queue name a key that does not exist, and is it then of no use?"""
    url = queue(KmsMasterKeyId="none")
    refused(sqs.send_message, "KMS.NotFoundException", "none", QueueUrl=url, MessageBody="x")
    refused(sqs.receive_message, "KMS.NotFoundException", QueueUrl=url)


def test_a_disabled_key_stops_the_queue(sqs, queue, refused, key):
    """Is nothing sent or received while the key is disabled?"""
    url, kms = queue(KmsMasterKeyId=key["Arn"]), client("kms")
    sqs.send_message(QueueUrl=url, MessageBody="x")
    kms.disable_key(KeyId=key["KeyId"])
    refused(sqs.send_message, "KMS.DisabledException", key["Arn"], QueueUrl=url, MessageBody="x")
    refused(sqs.receive_message, "KMS.DisabledException", QueueUrl=url)
    kms.enable_key(KeyId=key["KeyId"])
    assert bodies(sqs, url) == ["x"]


def test_the_key_policy_counts_for_everybody(sqs, queue, refused, key):
    """Does a key that lets nobody in shut the administrator out of the queue?"""
    url = queue(KmsMasterKeyId=key["KeyId"])
    statement = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "kms:*", "Resource": "*"}
    nobody = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client("kms").put_key_policy(
        KeyId=key["KeyId"], PolicyName="default", Policy=nobody, BypassPolicyLockoutSafetyCheck=True
    )
    refused(sqs.send_message, "KMS.AccessDeniedException", "kms:GenerateDataKey", QueueUrl=url, MessageBody="x")


def test_sending_and_receiving_need_the_key_too(sqs, queue, key):
    """Does a user need kms:GenerateDataKey and kms:Decrypt besides SQS?"""
    url = queue(KmsMasterKeyId=key["Arn"])
    both = allow("kms:GenerateDataKey", "kms:Decrypt", on=key["Arn"])
    ana = user(allow("sqs:*"))("sqs")
    bob = user(allow("sqs:*"), both, name="bob")("sqs")
    with pytest.raises(ana.exceptions.ClientError) as caught:
        ana.send_message(QueueUrl=url, MessageBody="x")
    assert caught.value.response["Error"]["Code"] == "KMS.AccessDeniedException"
    bob.send_message(QueueUrl=url, MessageBody="x")
    assert bodies(bob, url) == ["x"]
    with pytest.raises(ana.exceptions.ClientError):
        ana.receive_message(QueueUrl=url)


def test_the_aws_managed_key_is_everybodys_in_the_account(sqs, queue):
    """Does alias/aws/sqs need no permission of its own?"""
    url = queue(KmsMasterKeyId="alias/aws/sqs")
    ana = user(allow("sqs:*"))("sqs")
    ana.send_message(QueueUrl=url, MessageBody="x")
    assert bodies(ana, url) == ["x"]
