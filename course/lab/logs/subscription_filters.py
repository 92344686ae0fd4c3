"""Subscription filters: what AWS refuses, and the events they hand to a Lambda function, compressed and in base64.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
"""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

from moto.core.exceptions import HTTPException, ServiceException
from moto.logs.models import LogEvent, LogGroup, LogsBackend, LogStream, SubscriptionFilter

from course.data import value
from course.serverless.filter_patterns import filter_pattern

from ..awslambda.destinations import accept
from ..awslambda.execution import new_id
from ..gate import Call, Refused, refuses, replaces
from ..iam.policies import resource_policy
from ..iam.service_principals import service_may
from .metric_filters import require_room_for_regexes
from .names import invalid, log_group
from .searching import require_pattern

# Destinations that CloudWatch Logs writes to in the name of a role.
_WITH_ROLE = ("kinesis", "firehose")
_COULD_NOT = "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function."


def may_invoke(function_arn: str, group: LogGroup) -> bool:
    """Whether the function exists and its policy lets CloudWatch Logs invoke it for this log group."""
    account, region = function_arn.split(":")[4], function_arn.split(":")[3]
    try:
        policy = resource_policy("lambda", function_arn, account, region).get(function_arn)
    except (ServiceException, HTTPException):
        return False
    keys = {"aws:SourceArn": f"{group.arn}:*", "aws:SourceAccount": group.account_id}
    return any(
        service_may(service, "lambda:InvokeFunction", function_arn, policy, account, keys)
        for service in ("logs.amazonaws.com", f"logs.{region}.amazonaws.com")
    )


@refuses("logs", "PutSubscriptionFilter")
def impossible_subscription(call: Call) -> None:
    """The pattern, the destination and its permission, and how many filters the log group has."""
    params = call.params
    arn = params["destinationArn"].split(":")
    if len(arn) < 6 or arn[0] != "arn":
        raise invalid("Invalid destinationArn: it must be the ARN of a stream, a function or a destination.")
    vendor = arn[2]
    if vendor == "lambda" and arn[4] != call.account_id:
        raise Refused(
            "AccessDeniedException",
            "Cross-account lambda invocation passing is not allowed. You must use DestinationPolicies to create cross "
            "account lambda triggers.",
        )
    group = log_group(call.backend, params["logGroupName"])
    pattern = require_pattern(params["filterPattern"])
    if vendor in _WITH_ROLE and not params.get("roleArn"):
        raise invalid(f"destinationArn for vendor {vendor} cannot be used without roleArn")
    if vendor == "lambda":
        if params.get("roleArn"):
            raise invalid("destinationArn for vendor lambda cannot be used with roleArn")
        if not may_invoke(params["destinationArn"], group):
            raise invalid(_COULD_NOT)
    elif vendor not in (*_WITH_ROLE, "logs"):
        raise invalid(f"PutSubscriptionFilter operation cannot work with destinationArn for vendor {vendor}")
    others = [name for name in group.subscription_filters if name != params["filterName"]]
    if len(others) >= value("logs.filters.subscription_filters"):
        raise Refused("LimitExceededException", "Resource limit exceeded.")
    if pattern.regexes:
        require_room_for_regexes(group, call.backend, params["filterName"])


@refuses("logs", "DeleteSubscriptionFilter")
def unknown_subscription(call: Call) -> None:
    """moto says so too, with a text as its message where AWS has a sentence."""
    group = log_group(call.backend, call.params["logGroupName"])
    if call.params["filterName"] not in group.subscription_filters:
        raise Refused("ResourceNotFoundException", "The specified subscription filter does not exist.")


@replaces(LogGroup, "put_subscription_filter")
def put_subscription_filter(
    moto: Any, group: LogGroup, filter_name: str, filter_pattern: str, destination_arn: str, role_arn: str | None
) -> None:
    """moto counts before it looks whether the filter is there, so that two filters could not be changed."""
    held = group.subscription_filters
    if filter_name in held:
        held[filter_name].update(filter_pattern, destination_arn, role_arn)
    else:
        held[filter_name] = SubscriptionFilter(filter_name, group.name, filter_pattern, destination_arn, role_arn)


@replaces(SubscriptionFilter, "to_json")
def described(moto: Any, subscription: SubscriptionFilter) -> dict:
    """moto shows a role that is none."""
    shown = {name: one for name, one in moto(subscription).items() if one is not None}
    return {**shown, "applyOnTransformedLogs": False}


def read(stream: LogStream, events: list[LogEvent]) -> None:
    """Hand the events that fit to each destination; a function whose policy no longer allows it gets nothing."""
    for one in list(stream.log_group.subscription_filters.values()):
        pattern = filter_pattern(one.filter_pattern or "")
        found = [
            {"id": str(event.event_id), "timestamp": event.timestamp, "message": event.message}
            for event in events
            if pattern.matches(event.message)
        ]
        if not found:
            continue
        service = one.destination_arn.split(":")[2]
        if service != "lambda":
            stream._send_log_events(service, one.destination_arn, one.name, found)
        elif may_invoke(one.destination_arn, stream.log_group):
            _invoke(stream, one, found)


def _invoke(stream: LogStream, subscription: SubscriptionFilter, events: list[dict]) -> None:
    data = {
        "messageType": "DATA_MESSAGE",
        "owner": stream.account_id,
        "logGroup": stream.log_group.name,
        "logStream": stream.log_stream_name,
        "subscriptionFilters": [subscription.name],
        "logEvents": events,
    }
    # Without the time in the header of gzip the same events give the same bytes.
    packed = base64.b64encode(gzip.compress(json.dumps(data).encode(), mtime=0)).decode()
    event = json.dumps({"awslogs": {"data": packed}})
    arn = subscription.destination_arn
    accept(arn.split(":")[4], arn.split(":")[3], arn, event, new_id())


@replaces(LogsBackend, "put_subscription_filter")
def checked_before(
    moto: Any, backend: LogsBackend, log_group_name: str, filter_name: str, filter_pattern: str, arn: str, role: str
) -> None:
    """moto looks for a function by an ARN without a qualifier only."""
    if arn.split(":")[2] != "lambda":
        return moto(backend, log_group_name, filter_name, filter_pattern, arn, role)
    return log_group(backend, log_group_name).put_subscription_filter(filter_name, filter_pattern, arn, role)
