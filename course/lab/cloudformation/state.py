"""What the account knows of stacks: in a backend as moto's own are, so that it goes when the account does.

moto's CloudFormation is not used at all: it has no rollback, and it imports every other service (0.4 s, and packages
that nothing else here needs).
"""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from moto.core.base_backend import BackendDict, BaseBackend

from .. import ids
from ..gate import Call, Refused
from ..iam.context import now

IN_PROGRESS = "_IN_PROGRESS"
STACK = "AWS::CloudFormation::Stack"


@dataclass
class StackResource:
    """One resource of a stack. `properties` are resolved, without the values of dynamic references to secrets."""

    logical_id: str
    type: str
    physical_id: str = ""
    status: str = "CREATE_IN_PROGRESS"
    reason: str | None = None
    timestamp: datetime | None = None
    properties: dict[str, Any] = field(default_factory=dict)
    definition: dict[str, Any] = field(default_factory=dict)
    depends_on: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)  # what its type remembers, as the Data of a custom resource
    drift: dict[str, Any] | None = None

    @property
    def exists(self) -> bool:
        """Whether there is something to delete."""
        return bool(self.physical_id) and self.status not in ("DELETE_COMPLETE", "DELETE_SKIPPED")


@dataclass
class Stack:
    """One stack; the times are aware, in UTC."""

    id: str
    name: str
    region: str
    account_id: str
    created: datetime
    status: str = "REVIEW_IN_PROGRESS"
    reason: str | None = None
    updated: datetime | None = None
    deleted: datetime | None = None
    body: str = ""  # as it was sent
    template: dict[str, Any] = field(default_factory=dict)  # with its transforms done
    parameters: dict[str, str] = field(default_factory=dict)
    resolved_parameters: dict[str, str] = field(default_factory=dict)
    capabilities: list[str] = field(default_factory=list)
    tags: list[dict[str, str]] = field(default_factory=list)
    notification_arns: list[str] = field(default_factory=list)
    rollback_configuration: dict[str, Any] = field(default_factory=dict)
    role_arn: str | None = None
    timeout: int | None = None
    disable_rollback: bool = False
    protected: bool = False
    policy: str | None = None
    retain_except_on_create: bool = False
    resources: dict[str, StackResource] = field(default_factory=dict)
    outputs: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    change_sets: dict[str, Any] = field(default_factory=dict)
    change_set_id: str | None = None
    imports: set[str] = field(default_factory=set)
    parent_id: str | None = None
    root_id: str | None = None
    drift_status: str = "NOT_CHECKED"
    drift_checked: datetime | None = None
    token: str | None = None
    signals: dict[str, dict[str, str]] = field(default_factory=dict)
    running: Generator | None = None  # a deployment that waits for a signal
    journal: Any = None  # an update that failed and was not rolled back, or could not be

    def __getstate__(self) -> dict[str, Any]:
        if self.running is not None:
            raise RuntimeError(
                f"stack {self.name} waits for a signal: an account can be kept aside when nothing runs in it"
            )
        return self.__dict__

    @property
    def is_busy(self) -> bool:
        return self.status.endswith(IN_PROGRESS) and self.status != "REVIEW_IN_PROGRESS"

    def told(self, status: str, reason: str | None = None) -> None:
        """A new status of the stack, with its event."""
        self.status, self.reason = status, reason
        self._event(str(new_uuid()), self.name, self.id, STACK, status, reason)

    def tell(self, resource: StackResource, status: str, reason: str | None = None, shown: Any = None) -> None:
        """A new status of a resource, with its event."""
        resource.status, resource.reason = status, reason
        resource.timestamp = moment(self)
        event_id = f"{resource.logical_id}-{status}-{self.next_moment():%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
        self._event(event_id, resource.logical_id, resource.physical_id, resource.type, status, reason, shown)

    def _event(
        self, event_id: str, logical: str, physical: str, kind: str, status: str, reason: str | None, shown: Any = None
    ) -> None:
        event = {
            "StackId": self.id,
            "EventId": event_id,
            "StackName": self.name,
            "LogicalResourceId": logical,
            "PhysicalResourceId": physical,
            "ResourceType": kind,
            "Timestamp": self.next_moment(),
            "ResourceStatus": status,
        }
        if reason:
            event["ResourceStatusReason"] = reason
        if shown is not None:
            event["ResourceProperties"] = shown
        if self.token:
            event["ClientRequestToken"] = self.token
        self.events.append(event)

    def next_moment(self) -> datetime:
        """Now, and never twice the same for one stack: events are sorted by it."""
        last = self.events[-1]["Timestamp"] if self.events else None
        found = now()
        if last is not None and found <= last:
            found = last + timedelta(milliseconds=1)
        return found


def moment(stack: Stack) -> datetime:
    return stack.next_moment()


def new_uuid() -> UUID:
    """From a stream of its own, so that stacks change no other id of the account."""
    return UUID(int=ids.stream("cloudformation").getrandbits(128), version=4)


_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def suffix() -> str:
    """The twelve characters that end a name CloudFormation makes."""
    return "".join(ids.stream("cloudformation names").choice(_LETTERS) for _ in range(12))


class CloudFormationBackend(BaseBackend):
    """Stacks and macros of one account and Region; drift detections by their id."""

    def __init__(self, region_name: str, account_id: str):
        super().__init__(region_name, account_id)
        self.stacks: dict[str, Stack] = {}
        self.macros: dict[str, str] = {}  # name -> ARN of the function
        self.detections: dict[str, dict[str, Any]] = {}


_backends = BackendDict(CloudFormationBackend, "cloudformation")


def backend(account_id: str, region: str) -> CloudFormationBackend:
    """The state of one account and Region."""
    return _backends[account_id][region]


def stacks(of: Call | Stack) -> dict[str, Stack]:
    """Stack id -> stack, deleted ones too, in order of creation, of the account and Region of a call or stack."""
    return backend(of.account_id, of.region).stacks


def live(call: Call, name: str) -> Stack | None:
    """The stack with this name that is not deleted."""
    return next((one for one in stacks(call).values() if one.name == name and one.status != "DELETE_COMPLETE"), None)


def stack_arn(call: Call) -> str | None:
    """The ARN of the stack that a request is about, for policies; its id is unknown for one that is not there."""
    change_set, name = call.params.get("ChangeSetName", ""), call.params.get("StackName", "")
    if change_set.startswith("arn:"):
        held = ((stack.id, one) for stack in stacks(call).values() for one in stack.change_sets.values())
        return next((stack_id for stack_id, one in held if one.id == change_set), None)
    if not name or name.startswith("arn:"):
        return name or None
    stack = live(call, name)
    start = f"arn:aws:cloudformation:{call.region}:{call.account_id}:stack/"
    return stack.id if stack is not None else f"{start}{name}/*"


def found(call: Call, name: str | None, message: str = "Stack with id {} does not exist") -> Stack:
    """The stack named or identified in a request; a deleted one is found by its id only."""
    if not name:
        raise Refused(
            "ValidationError",
            "1 validation error detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null",
        )
    if name.startswith("arn:"):
        stack = stacks(call).get(name)
    else:
        stack = live(call, name)
    if stack is None:
        raise Refused("ValidationError", message.format(name))
    return stack


def new_stack(call: Call, name: str) -> Stack:
    """A stack under a name that is free; nothing is checked but the name."""
    check_name(name)
    stack_id = f"arn:aws:cloudformation:{call.region}:{call.account_id}:stack/{name}/{new_uuid()}"
    return Stack(stack_id, name, call.region, call.account_id, now())


def check_name(name: str) -> None:
    """Letters, digits and hyphens, beginning with a letter, at most 128."""
    from course.data import value

    if not re.fullmatch(r"[a-zA-Z][-a-zA-Z0-9]*", name):
        raise Refused(
            "ValidationError",
            f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*",
        )
    most = value("cloudformation.stack.name")
    if len(name) > most:
        raise Refused(
            "ValidationError",
            f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: "
            f"Member must have length less than or equal to {most}",
        )
