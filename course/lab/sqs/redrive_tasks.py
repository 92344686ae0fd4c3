"""Redrive: messages go from a dead-letter queue back to where they came from, or to a queue of choice.

A task without a rate is done at once; one with a rate goes on with the clock, so it can be looked at and cancelled.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import Any

from moto.moto_api._internal import mock_random
from moto.sqs.models import Message, Queue, SQSBackend, sqs_backends

from course.data import value

from ..gate import Call, Refused, answers, replaces
from ..iam.context import now
from .queues import invalid, queue_by_arn

_FIELDS = ("SourceArn", "DestinationArn", "MaxNumberOfMessagesPerSecond", "FailureReason")


@dataclass
class Task:
    """One move: `messages` are those that wait, oldest first."""

    number: str
    facts: dict[str, Any]
    messages: list[Message]
    started: float
    total: int = field(init=False)
    moved: int = 0
    status: str = "RUNNING"

    def __post_init__(self) -> None:
        self.total = len(self.messages)

    @property
    def handle(self) -> str:
        text = json.dumps({"taskId": self.number, "sourceArn": self.facts["SourceArn"]})
        return base64.b64encode(text.encode()).decode()


def tasks(backend: SQSBackend) -> list[Task]:
    """The tasks of this account and Region, oldest first."""
    return backend.__dict__.setdefault("_lab_move_tasks", [])


@answers("sqs", "StartMessageMoveTask")
def start_message_move_task(call: Call) -> dict:
    """Begin to move; what is in flight stays."""
    source = _queue(call, "SourceArn")
    known = [
        one
        for backends in list(sqs_backends.values())
        for backend in backends.values()
        for one in backend.queues.values()
    ]
    if not any(queue.dead_letter_queue is source for queue in known):
        raise Refused("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.")
    if call.params.get("DestinationArn"):
        destination = _queue(call, "DestinationArn")
        if destination.fifo_queue != source.fifo_queue:
            raise invalid("DestinationArn", destination.queue_arn, "Source and destination must be of the same type.")
        if destination is source:
            raise invalid("DestinationArn", destination.queue_arn, "Source and destination must be different queues.")
    rate = call.params.get("MaxNumberOfMessagesPerSecond")
    least, most = value("sqs.dead_letter_queues.move_rate")
    if rate is not None and not least <= rate <= most:
        raise invalid("MaxNumberOfMessagesPerSecond", rate, f"Must be between {least} and {most}, if provided.")
    settle(call.backend)
    if any(one.status == "RUNNING" and one.facts["SourceArn"] == source.queue_arn for one in tasks(call.backend)):
        raise Refused(
            "InvalidParameterValue",
            "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
        )
    facts = {name: call.params[name] for name in _FIELDS if call.params.get(name)}
    task = Task(str(mock_random.uuid4()), facts, source.messages, now().timestamp())
    tasks(call.backend).append(task)
    settle(call.backend)
    return {"TaskHandle": task.handle}


@answers("sqs", "ListMessageMoveTasks")
def list_message_move_tasks(call: Call) -> dict:
    """The latest tasks of a dead-letter queue, one unless more are asked for."""
    source = _queue(call, "SourceArn")
    wanted = call.params.get("MaxResults", 1)
    least, most = value("sqs.dead_letter_queues.listed_tasks")
    if not least <= wanted <= most:
        raise invalid("MaxResults", wanted, f"Must be between {least} and {most}, if provided.")
    settle(call.backend)
    found = [one for one in tasks(call.backend) if one.facts["SourceArn"] == source.queue_arn]
    return {"Results": [_shown(task) for task in reversed(found)][:wanted]}


def _shown(task: Task) -> dict[str, Any]:
    shown = {
        "Status": task.status,
        **task.facts,
        "ApproximateNumberOfMessagesMoved": task.moved,
        "ApproximateNumberOfMessagesToMove": task.total,
        "StartedTimestamp": int(task.started * 1000),
    }
    return {"TaskHandle": task.handle, **shown} if task.status == "RUNNING" else shown


@answers("sqs", "CancelMessageMoveTask")
def cancel_message_move_task(call: Call) -> dict:
    """Stop a running task; what has been moved stays where it is."""
    try:
        named = json.loads(base64.b64decode(call.params["TaskHandle"], validate=True))
        number, source = named["taskId"], named["sourceArn"]
    except (ValueError, binascii.Error, KeyError, TypeError):
        raise Refused("InvalidParameterValue", "Value for parameter TaskHandle is invalid.") from None
    if queue_by_arn(source) is None:
        raise _gone("SourceArn")
    settle(call.backend)
    task = next((one for one in tasks(call.backend) if one.number == number), None)
    if task is None:
        raise Refused("ResourceNotFoundException", "Task does not exist.", 404)
    if task.status != "RUNNING":
        raise Refused("InvalidParameterValue", "Only active tasks can be cancelled.")
    task.status = "CANCELLED"
    return {"ApproximateNumberOfMessagesMoved": task.moved}


def _queue(call: Call, parameter: str) -> Queue:
    arn = call.params[parameter]
    if arn.count(":") != 5 or not arn.startswith("arn:"):
        raise Refused(
            "InvalidParameterValue",
            f"You must use this format to specify the {parameter}: "
            "arn:<partition>:<service>:<region>:<account-id>:<resource-id>",
        )
    queue = queue_by_arn(arn)
    if queue is None or (queue.account_id, queue.region) != (call.account_id, call.region):
        raise _gone(parameter)
    return queue


def _gone(parameter: str) -> Refused:
    return Refused(
        "ResourceNotFoundException",
        f"The resource that you specified for the {parameter} parameter doesn't exist.",
        404,
    )


def settle(backend: SQSBackend) -> None:
    """Move what every running task should have moved by now."""
    for task in tasks(backend):
        rate = task.facts.get("MaxNumberOfMessagesPerSecond")
        elapsed = max(0, now().timestamp() - task.started)
        due = task.total if rate is None else min(task.total, int(rate * elapsed))
        while task.status == "RUNNING" and task.moved < due:
            _move(task)
        if task.status == "RUNNING" and task.moved == task.total:
            task.status = "COMPLETED"


def _move(task: Task) -> None:
    message, source = task.messages[0], queue_by_arn(task.facts["SourceArn"])
    if source is None or message not in source._messages:
        # Received or deleted by somebody else meanwhile.
        task.messages.pop(0)
        task.moved += 1
        return
    arn = task.facts.get("DestinationArn") or message.__dict__.get("_lab_source")
    target = queue_by_arn(arn)
    if target is None:
        task.status = "FAILED"
        task.facts["FailureReason"] = (
            "AWS.SimpleQueueService.NonExistentQueue" if arn else "CouldNotDetermineMessageSource"
        )
        return
    task.messages.pop(0)
    task.moved += 1
    source._messages.remove(message)
    source._pending_messages.discard(message)
    target.add_message(_fresh(message, target))


def _fresh(old: Message, target: Queue) -> Message:
    """ "Redriven messages are considered new messages with a new messageID and enqueueTime"."""
    message = Message(str(mock_random.uuid4()), old.body, old.system_attributes)
    message.message_attributes = old.message_attributes
    message.group_id, message.deduplication_id = old.group_id, old.deduplication_id
    message.mark_sent(delay_seconds=int(target.delay_seconds))
    return message


@replaces(SQSBackend, "get_queue")
def after_what_is_due(original: Any, backend: SQSBackend, queue_name: str) -> Queue:
    """Who looks at a queue sees what tasks have moved until now."""
    if any(task.status == "RUNNING" for task in backend.__dict__.get("_lab_move_tasks", ())):
        settle(backend)
    return original(backend, queue_name)
