"""Subscription filters to Lambda functions."""

import json
import time

import pytest

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
CODE = """
import base64, gzip, json
def handler(event, context):
    data = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    print("GOT", json.dumps([data["logGroup"], data["subscriptionFilters"], [one["message"] for one in data["logEvents"]]]))
"""
FILTER = {"logGroupName": "/app", "filterName": "sub", "filterPattern": "ERROR", "destinationArn": FUNCTION}


@pytest.fixture
def group(logs):
    logs.create_log_group(logGroupName="/app")
    logs.create_log_stream(logGroupName="/app", logStreamName="s")


@pytest.fixture
def allow(awslambda):
    def allow(source="arn:aws:logs:us-east-1:123456789012:log-group:/app:*", principal="logs.amazonaws.com"):
        awslambda.add_permission(
            FunctionName="f", StatementId="logs", Action="lambda:InvokeFunction", Principal=principal, SourceArn=source
        )

    return allow


def write(logs, *messages):
    events = [{"timestamp": int(time.time() * 1000), "message": one} for one in messages]
    logs.put_log_events(logGroupName="/app", logStreamName="s", logEvents=events)


def got(logs):
    found = logs.filter_log_events(logGroupName="/aws/lambda/f", filterPattern="GOT")["events"]
    return [json.loads(one["message"].removeprefix("GOT ")) for one in found]


def test_events_that_fit_reach_the_function(logs, group, deploy, allow):
    """Does the function get what fits, compressed and in base64, in one event?"""
    deploy(CODE)
    allow()
    logs.put_subscription_filter(**FILTER)
    write(logs, "ERROR one", "fine", "ERROR two")
    assert got(logs) == [["/app", ["sub"], ["ERROR one", "ERROR two"]]]
    [shown] = logs.describe_subscription_filters(logGroupName="/app")["subscriptionFilters"]
    assert (shown["destinationArn"], shown["distribution"]) == (FUNCTION, "ByLogStream") and "roleArn" not in shown


@pytest.mark.parametrize(
    "permission",
    [
        None,
        # Without `:*` at its end the ARN fits no log group.
        {"source": "arn:aws:logs:us-east-1:123456789012:log-group:/app"},
        {"source": "arn:aws:logs:us-east-1:123456789012:log-group:/other:*"},
        {"principal": "events.amazonaws.com"},
    ],
)
def test_the_function_must_let_cloudwatch_logs_in(logs, group, deploy, allow, refused, permission):
    """Is the permission tested when the filter is made?"""
    deploy(CODE)
    if permission:
        allow(**permission)
    words = "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission"
    refused(logs.put_subscription_filter, "InvalidParameterException", words, **FILTER)


def test_a_regional_principal_is_enough(logs, group, deploy, allow):
    """Do older policies that name logs.us-east-1.amazonaws.com still work?"""
    deploy(CODE)
    allow(principal="logs.us-east-1.amazonaws.com")
    logs.put_subscription_filter(**FILTER)


def test_a_permission_that_is_taken_away_counts_at_once(logs, group, deploy, allow, awslambda):
    """Does a function get nothing any more?"""
    deploy(CODE)
    allow()
    logs.put_subscription_filter(**FILTER)
    awslambda.remove_permission(FunctionName="f", StatementId="logs")
    logs.create_log_group(logGroupName="/aws/lambda/f")
    write(logs, "ERROR one")
    assert got(logs) == []


def test_two_filters_per_group(logs, group, deploy, allow, refused):
    """Is the third refused, and one of the two changed?"""
    deploy(CODE)
    allow()
    for name in ("sub", "second"):
        logs.put_subscription_filter(**{**FILTER, "filterName": name})
    refused(logs.put_subscription_filter, "LimitExceededException", **{**FILTER, "filterName": "third"})
    logs.put_subscription_filter(**{**FILTER, "filterPattern": ""})


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ({"filterPattern": "a.b"}, "InvalidParameterException", "Invalid filter pattern"),
        ({"logGroupName": "/gone"}, "ResourceNotFoundException", "log group"),
        (
            {"destinationArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s"},
            "InvalidParameterException",
            "destinationArn for vendor kinesis cannot be used without roleArn",
        ),
        ({"destinationArn": "arn:aws:sqs:us-east-1:123456789012:q"}, "InvalidParameterException", "for vendor sqs"),
        ({"destinationArn": "queue"}, "InvalidParameterException", "destinationArn"),
        (
            {"destinationArn": FUNCTION.replace("123456789012", "111122223333")},
            "AccessDeniedException",
            "Cross-account lambda invocation passing is not allowed.",
        ),
    ],
)
def test_impossible_subscriptions(logs, group, deploy, allow, refused, more, code, words):
    """Are wrong patterns and destinations refused?"""
    deploy(CODE)
    allow()
    refused(logs.put_subscription_filter, code, words, **{**FILTER, **more})
    logs.put_subscription_filter(**FILTER)


def test_unknown_filters(logs, group, refused):
    """Is it said that the filter does not exist?"""
    words = "The specified subscription filter does not exist."
    refused(logs.delete_subscription_filter, "ResourceNotFoundException", words, logGroupName="/app", filterName="x")
