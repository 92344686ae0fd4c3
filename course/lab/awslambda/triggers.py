"""Topics, rules and buckets that call a function, asynchronously and if its policy lets them.

https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
https://docs.aws.amazon.com/lambda/latest/dg/with-s3.html
"""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import moto.s3.notifications
from moto.backends import get_backend
from moto.core.exceptions import HTTPException, ServiceException
from moto.events.models import Rule
from moto.events.utils import EventTemplateParser
from moto.s3.exceptions import S3ClientError
from moto.s3.models import S3Backend
from moto.sns.models import Subscription

from ..gate import replaces
from . import logs
from .aliases import target
from .destinations import accept
from .environments import new_id
from .permissions import lets


@replaces(moto.s3.notifications, "_invoke_awslambda")
def notify_of_object(original: Any, account_id: str, event_body: dict, fn_arn: str, region_name: str) -> None:
    """A bucket invokes a function, if the function's policy lets it; otherwise the event is lost, as on AWS."""
    with contextlib.suppress(ServiceException, HTTPException, KeyError):
        bucket = event_body["Records"][0]["s3"]["bucket"]["arn"]
        backend = get_backend("lambda")[fn_arn.split(":")[4]][fn_arn.split(":")[3]]
        target(backend, fn_arn)
        if lets(fn_arn, "s3.amazonaws.com", bucket, **{"aws:SourceAccount": account_id}):
            accept(backend.account_id, backend.region_name, fn_arn, json.dumps(event_body), new_id())


@replaces(S3Backend, "put_bucket_notification_configuration")
def function_must_let_the_bucket(original: Any, backend: S3Backend, bucket_name: str, notification_config: Any) -> None:
    """AWS asks each function whether the bucket may invoke it before it keeps the configuration."""
    entries = (notification_config or {}).get("CloudFunctionConfiguration") or []
    for entry in entries if isinstance(entries, list) else [entries]:
        arn = entry.get("CloudFunction") or ""
        source = f"arn:aws:s3:::{bucket_name}"
        if not lets(arn, "s3.amazonaws.com", source, **{"aws:SourceAccount": backend.account_id}):
            raise S3ClientError("InvalidArgument", "Unable to validate the following destination configurations")
    original(backend, bucket_name, notification_config)


@replaces(Subscription, "publish")
def notify_function(original: Any, subscription: Subscription, message: str, message_id: str, **more: Any) -> None:
    """A topic invokes asynchronously, if the function's policy lets it; otherwise the message is lost, as on AWS."""
    if subscription.protocol != "lambda":
        return original(subscription, message, message_id, **more)
    attributes = more.get("message_attributes") or {}
    matcher = subscription._filter_policy_matcher
    if matcher is not None and not matcher.matches(attributes, message):
        return None
    if more.get("message_structure") == "json":
        message = subscription._parse_message_structure(message, "lambda")
    arn, topic = subscription.endpoint, subscription.topic.arn
    account_id, region = arn.split(":")[4], arn.split(":")[3]
    try:
        target(get_backend("lambda")[account_id][region], arn)
    except (ServiceException, HTTPException):
        return None
    if lets(arn, "sns.amazonaws.com", topic):
        accept(account_id, region, arn, json.dumps(_notification(subscription, message, message_id, more)), new_id())
    return None


def _notification(subscription: Subscription, message: str, message_id: str, more: dict) -> dict:
    notification = {
        "Type": "Notification",
        "MessageId": message_id,
        "TopicArn": subscription.topic.arn,
        "Subject": more.get("subject"),
        "Message": message,
        "Timestamp": logs.now(),
        "SignatureVersion": "1",
        "Signature": "EXAMPLE",
        "SigningCertUrl": "EXAMPLE",
        "UnsubscribeUrl": "EXAMPLE",
        "MessageAttributes": {
            name: {"Type": one["Type"], "Value": str(one["Value"])}
            for name, one in (more.get("message_attributes") or {}).items()
        },
    }
    return {
        "Records": [
            {
                "EventSource": "aws:sns",
                "EventVersion": "1.0",
                "EventSubscriptionArn": subscription.arn,
                "Sns": notification,
            }
        ]
    }


@replaces(Rule, "send_to_targets")
def invoke_targets(original: Any, rule: Rule, event: dict, transform_input: bool = True) -> None:
    """A rule of EventBridge invokes functions asynchronously, if their policy lets it; moto has no such target."""
    if rule.state == "DISABLED":
        return
    targets = rule.targets
    functions = [target for target in targets if target["Arn"].split(":")[2] == "lambda"]
    rule.targets = [target for target in targets if target not in functions]
    try:
        original(rule, event, transform_input)
    finally:
        rule.targets = targets
    if not functions or not rule.event_pattern.matches_event(event):
        return
    shown = {name: one for name, one in event.items() if name != "ingestion-time"}
    if isinstance(shown.get("time"), (int, float)):
        shown["time"] = datetime.fromtimestamp(shown["time"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for chosen in functions:
        arn = chosen["Arn"]
        with contextlib.suppress(ServiceException, HTTPException):
            backend = get_backend("lambda")[arn.split(":")[4]][arn.split(":")[3]]
            target(backend, arn)
            if lets(arn, "events.amazonaws.com", rule.arn):
                accept(backend.account_id, backend.region_name, arn, _input(chosen, shown, event), new_id())


def _input(chosen: dict, event: dict, original: dict) -> str:
    if "Input" in chosen:
        return chosen["Input"]
    if "InputTransformer" in chosen:
        given = chosen["InputTransformer"]
        event = EventTemplateParser.parse(given.get("InputTemplate"), given.get("InputPathsMap", {}), original)
    elif "InputPath" in chosen:
        for step in chosen["InputPath"].removeprefix("$").strip(".").split("."):
            event = event.get(step) if step and isinstance(event, dict) else event
    return json.dumps(event)
