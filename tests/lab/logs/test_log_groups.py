"""Log groups and log streams: names, classes, retention, protection, encryption."""

import json

import boto3
import pytest

GROUP = {"logGroupName": "/app"}


@pytest.fixture
def group(logs):
    logs.create_log_group(**GROUP)
    logs.create_log_stream(**GROUP, logStreamName="s")
    return GROUP


def shown(logs):
    return logs.describe_log_groups()["logGroups"][0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a b", "regular expression pattern"),
        ("a*", "regular expression pattern"),
        ("x" * 513, "both must have length less than or equal to 512"),
        ("aws/mine", "Log groups starting with AWS/ are reserved for AWS."),
    ],
)
def test_names_of_log_groups(logs, refused, name, words):
    """Are other characters, long names and AWS's own prefix refused, and paths taken?"""
    refused(logs.create_log_group, "InvalidParameterException", words, logGroupName=name)
    logs.create_log_group(logGroupName="/aws/lambda/my-f_1.x#2")


def test_a_name_once(logs, group, refused):
    """Does AWS say which of the two is there already?"""
    refused(logs.create_log_group, "ResourceAlreadyExistsException", "The specified log group already exists", **GROUP)
    stream = {**GROUP, "logStreamName": "s"}
    refused(
        logs.create_log_stream, "ResourceAlreadyExistsException", "The specified log stream already exists", **stream
    )
    refused(logs.create_log_stream, "InvalidParameterException", "pattern", **GROUP, logStreamName="a:b")
    logs.create_log_stream(**GROUP, logStreamName="2026/11/28/[$LATEST]4f")


@pytest.mark.parametrize("days", [0, 2, 17, 31, 366, 4000])
def test_retention_is_one_of_the_listed_numbers(logs, group, refused, days):
    """Are other numbers refused, and is "never" no number but no policy?"""
    refused(
        logs.put_retention_policy, "InvalidParameterException", days, "retentionInDays", **GROUP, retentionInDays=days
    )
    logs.put_retention_policy(**GROUP, retentionInDays=365)
    assert shown(logs)["retentionInDays"] == 365
    logs.delete_retention_policy(**GROUP)
    assert "retentionInDays" not in shown(logs)


def test_deletion_protection(logs, group, refused):
    """Does a protected group stay until the protection is taken away?"""
    logs.put_log_group_deletion_protection(logGroupIdentifier="/app", deletionProtectionEnabled=True)
    assert shown(logs)["deletionProtectionEnabled"]
    refused(logs.delete_log_group, "ValidationException", "deletion protection", **GROUP)
    logs.put_log_group_deletion_protection(logGroupIdentifier="/app", deletionProtectionEnabled=False)
    logs.delete_log_group(**GROUP)
    refused(logs.delete_log_group, "ResourceNotFoundException", "The specified log group does not exist.", **GROUP)


def test_a_deleted_group_takes_its_metric_filters_along(logs, group):
    """Does a new group of the same name begin without filters?"""
    change = [{"metricName": "m", "metricNamespace": "n", "metricValue": "1"}]
    logs.put_metric_filter(**GROUP, filterName="f", filterPattern="", metricTransformations=change)
    assert shown(logs)["metricFilterCount"] == 1
    logs.delete_log_group(**GROUP)
    logs.create_log_group(**GROUP)
    assert shown(logs)["metricFilterCount"] == 0


def test_describe_by_pattern_and_class(logs, group, refused):
    """Does moto's missing pattern find groups, and only without a prefix?"""
    logs.create_log_group(logGroupName="/other", logGroupClass="INFREQUENT_ACCESS")
    names = lambda **more: [one["logGroupName"] for one in logs.describe_log_groups(**more)["logGroups"]]
    assert names(logGroupNamePattern="PP") == ["/app"]
    assert names(logGroupClass="INFREQUENT_ACCESS") == ["/other"]
    both = {"logGroupNamePattern": "a", "logGroupNamePrefix": "a"}
    refused(logs.describe_log_groups, "InvalidParameterException", "mutually exclusive", **both)


def test_unknown_streams(logs, group, refused):
    """Is it the stream that is missing, and not the group?"""
    call = {**GROUP, "logStreamName": "gone"}
    refused(logs.get_log_events, "ResourceNotFoundException", "The specified log stream does not exist.", **call)
    refused(logs.delete_log_stream, "ResourceNotFoundException", "The specified log stream does not exist.", **call)
    logs.delete_log_stream(**GROUP, logStreamName="s")


def test_a_key_must_let_cloudwatch_logs_in(logs, refused):
    """Is the default key policy not enough, and one that names the service and the log group?"""
    kms = boto3.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    words = "does not exist or is not allowed to be used with LogGroup"
    refused(logs.create_log_group, "InvalidParameterException", words, **GROUP, kmsKeyId=key)
    refused(logs.create_log_group, "InvalidParameterException", words, **GROUP, kmsKeyId=key[:-4] + "0000")
    document = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    document["Statement"].append(
        {
            "Effect": "Allow",
            "Principal": {"Service": "logs.us-east-1.amazonaws.com"},
            "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*"],
            "Resource": "*",
            "Condition": {
                "ArnEquals": {
                    "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:123456789012:log-group:/app"
                }
            },
        }
    )
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(document))
    logs.create_log_group(**GROUP, kmsKeyId=key)
    assert shown(logs)["kmsKeyId"] == key
    refused(logs.create_log_group, "InvalidParameterException", words, logGroupName="/other", kmsKeyId=key)


def test_resource_policies(logs, refused):
    """Is a policy one of the grammar, and are there ten of them at most?"""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "logs:PutLogEvents",
        "Resource": "*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    refused(logs.put_resource_policy, "InvalidParameterException", policyName="p", policyDocument="{")
    for number in range(10):
        logs.put_resource_policy(policyName=f"p{number}", policyDocument=policy)
    refused(logs.put_resource_policy, "LimitExceededException", policyName="more", policyDocument=policy)
    logs.put_resource_policy(policyName="p1", policyDocument=policy)
