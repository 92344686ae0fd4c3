"""Event sources: a queue that Lambda polls, a topic or a rule that calls a function which lets it.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
"""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

from moto.backends import get_backend
from moto.core.exceptions import HTTPException, ServiceException
from moto.events.models import EventPattern, Rule
from moto.events.utils import EventTemplateParser
from moto.sns.models import Subscription
from moto.sqs.models import Queue

from ..gate import Call, Refused, corrects, refuses, replaces
from . import execution, logs
from .aliases import existing, split, target
from .destinations import accept
from .events import later
from .execution import new_id
from .permissions import lets


@replaces(Queue, "add_message")
def poll_after_sending(original: Any, queue: Queue, message: Any) -> None:
    """Lambda polls a queue it is mapped to; a message is in the queue before it is polled."""
    mappings, queue.lambda_event_source_mappings = queue.lambda_event_source_mappings, {}
    try:
        original(queue, message)
    finally:
        queue.lambda_event_source_mappings = mappings
    for mapping in list(mappings.values()):
        later(lambda mapping=mapping: poll(queue, mapping))


@corrects("lambda", "CreateEventSourceMapping", "UpdateEventSourceMapping")
def poll_what_waits(call: Call, result: Any) -> None:
    """A new or newly enabled mapping begins with what lies in the queue."""
    for queue in call.backend_of("sqs").queues.values():
        for mapping in list(queue.lambda_event_source_mappings.values()):
            later(lambda queue=queue, mapping=mapping: poll(queue, mapping))


def poll(queue: Queue, mapping: Any) -> None:
    """Read batches and invoke until the queue is empty; what succeeded is deleted, what failed is visible again.

    Failed messages are read again at once while a redrive policy counts, else with the next message that is sent.
    """
    sqs = get_backend("sqs")[queue.account_id][queue.region]
    backend = get_backend("lambda")[queue.account_id][mapping.region]
    while mapping.enabled and mapping.uuid in backend._event_source_mappings:
        messages = sqs.receive_message(
            queue.name, min(mapping.batch_size, 10000), 0, int(queue.visibility_timeout), ["All"]
        )
        if not messages:
            return
        wanted = [message for message in messages if _matches(mapping, _record(queue, message))]
        failed = _failures(backend, queue, mapping, wanted) if wanted else set()
        for message in messages:
            if message.id in failed:
                sqs.change_message_visibility(queue.name, message.receipt_handle, 0)
            else:
                sqs.delete_message(queue.name, message.receipt_handle)
        if failed and not queue.redrive_policy:
            return


def _failures(backend: Any, queue: Queue, mapping: Any, messages: list) -> set[str]:
    everything = {message.id for message in messages}
    try:
        function, arn = target(backend, mapping.function_name)
        event = json.dumps({"Records": [_record(queue, message) for message in messages]})
        invocation = execution.run(function, event, arn)
    except (ServiceException, HTTPException):
        return everything
    if invocation.failed:
        return everything
    if "ReportBatchItemFailures" not in (mapping.function_response_types or ()):
        return set()
    answer = json.loads(invocation.payload)
    named = answer.get("batchItemFailures") if isinstance(answer, dict) else None
    try:
        identifiers = {one["itemIdentifier"] for one in named or ()}
    except (TypeError, KeyError):
        return everything
    # AWS takes an unknown identifier as a failure of the whole batch.
    return identifiers if identifiers <= everything else everything


def _record(queue: Queue, message: Any) -> dict:
    attributes = {
        "ApproximateReceiveCount": str(message.approximate_receive_count),
        "SentTimestamp": str(int(message.sent_timestamp)),
        "SenderId": str(message.sender_id),
        "ApproximateFirstReceiveTimestamp": str(int(message.approximate_first_receive_timestamp or 0)),
    }
    if queue.fifo_queue:
        attributes["MessageGroupId"] = message.group_id
        attributes["MessageDeduplicationId"] = message.deduplication_id
        attributes["SequenceNumber"] = message.sequence_number
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": attributes,
        "messageAttributes": {
            name: {
                "stringValue": one.get("StringValue"),
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": one.get("DataType"),
            }
            for name, one in (message.message_attributes or {}).items()
        },
        "md5OfBody": message.body_md5,
        "eventSource": "aws:sqs",
        "eventSourceARN": queue.queue_arn,
        "awsRegion": queue.region,
    }


def _matches(mapping: Any, record: dict) -> bool:
    patterns = [one["Pattern"] for one in (mapping.filter_criteria or {}).get("Filters", ())]
    if not patterns:
        return True
    try:
        seen = {**record, "body": json.loads(record["body"])}
    except ValueError:
        seen = record
    return any(EventPattern.load(pattern).matches_event(seen) for pattern in patterns)


@refuses("lambda", "CreateEventSourceMapping")
def short_visibility_timeout(call: Call) -> None:
    """While a function works on a message, no other may see it."""
    name, qualifier = split(call.params["FunctionName"])
    function = existing(call.backend, name, qualifier)
    for queue in call.backend_of("sqs").queues.values():
        if queue.queue_arn != call.params.get("EventSourceArn"):
            continue
        if int(queue.visibility_timeout) < int(function.timeout):
            raise Refused(
                "InvalidParameterValueException",
                f"Queue visibility timeout: {queue.visibility_timeout} seconds is less than Function timeout: "
                f"{function.timeout} seconds",
            )
        for one in call.backend._event_source_mappings.values():
            if one.event_source_arn == queue.queue_arn and split(one.function_name) == (name, qualifier):
                raise Refused(
                    "ResourceConflictException",
                    f'The event source arn (" {queue.queue_arn} ") and function (" {name} ") provided mapping already '
                    f"exists. Please update or delete the existing mapping with UUID {one.uuid}",
                    409,
                )


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
