"""One resource at a time: made, changed, replaced, deleted, each with the events that AWS writes.

A deployment is a generator: it stops where a resource waits for something (a signal, a traffic shift), and goes on when
somebody looks at the stack again.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from botocore.credentials import Credentials

from ..gate import NotOffline
from . import schemas, signals, stack_policies
from .caller import Failed, acting_as
from .dynamic_references import with_secrets
from .exports import NotExported
from .properties import problems
from .resource_types.resource import TYPES, ResourceType, changed_properties, is_gone
from .scope import Desired, Scope, type_of
from .state import Stack, StackResource, new_uuid
from .template_text import Invalid

Steps = Generator[None, None, None]


class StackFailed(Exception):
    """A deployment that failed before, between or after its resources; the text is the reason of the stack's event."""


class ResourceFailed(Exception):
    """A resource of the deployment failed; its event has the reason."""

    def __init__(self, logical_id: str):
        super().__init__(logical_id)
        self.logical_id = logical_id


class Deployment:
    """What creating, updating and rolling back have in common."""

    def __init__(self, stack: Stack, desired: Desired, credentials: Credentials):
        self.stack, self.desired, self.credentials = stack, desired, credentials
        self.scope = Scope(stack, desired)

    def handler(self, record: StackResource) -> ResourceType:
        return TYPES[_class_name(record.type)](self.stack, record)

    # Making -----------------------------------------------------------------------------------------------------------

    def make(self, name: str) -> Steps:
        """Create a resource of the template; ResourceFailed when it cannot be."""
        definition = self.desired.resources[name]
        record = StackResource(name, definition["Type"], definition=definition)
        self.stack.resources[name] = record
        self.stack.tell(record, "CREATE_IN_PROGRESS")
        try:
            record.properties = self.properties(name)
            yield from self.build(record, "CREATE")
        except (Failed, Invalid, NotExported) as failed:
            self.stack.tell(record, "CREATE_FAILED", str(failed), record.properties)
            raise ResourceFailed(name) from None
        self.stack.tell(record, "CREATE_COMPLETE", None, record.properties)

    def build(self, record: StackResource, verb: str) -> Steps:
        """Call the service until the resource is there; `verb` is CREATE, or UPDATE for a replacement."""
        wrong = problems(record.type, record.properties)
        if wrong:
            raise Failed(validation(record.logical_id, wrong))
        handler = self.handler(record)
        if self.act(handler, handler.exists_already, record.properties):
            raise Failed(already_exists(record, handler.physical_name(record.properties)))
        self.act(handler, handler.create, self.sent(record, record.properties, self.desired.tags))
        self.stack.tell(record, f"{verb}_IN_PROGRESS", "Resource creation Initiated", record.properties)
        yield from self.until_ready(handler)
        yield from signals.awaited(self.stack, record)

    def until_ready(self, handler: ResourceType) -> Steps:
        while self.act(handler, handler.waits):
            yield

    def act(self, handler: ResourceType, do: Any, *arguments: Any) -> Any:
        """One step of a resource type; whatever goes wrong in it is a reason for an event, never a traceback."""
        try:
            with acting_as(self.credentials):
                return do(*arguments)
        except (Failed, Invalid, NotExported):
            raise
        except NotOffline as missing:
            raise Failed(str(missing)) from None
        except Exception as wrong:
            raise Failed(f"Internal Failure: {type(wrong).__name__}: {wrong}") from wrong

    def properties(self, name: str) -> dict[str, Any]:
        with acting_as(self.credentials):
            return self.scope.properties(name)

    def sent(self, record: StackResource, properties: dict[str, Any], tags: list[dict[str, str]]) -> dict[str, Any]:
        """The properties as the service gets them: with secrets, which no event shows, and with the stack's tags."""
        with acting_as(self.credentials):
            found = with_secrets(properties, record.type, self.stack.region)
        name = schemas.tag_property(record.type)
        if tags and name is not None:
            found[name] = _merged(found.get(name), tags, record.type, name)
        return found

    # Changing ---------------------------------------------------------------------------------------------------------

    def replaces(self, record: StackResource, new: dict[str, Any]) -> list[str]:
        """The changed properties that need a new resource."""
        return replacing(self.handler(record), record.properties, new)

    def change(self, record: StackResource, new: dict[str, Any]) -> Steps:
        """Update a resource in place."""
        self.stack.tell(record, "UPDATE_IN_PROGRESS", None, new)
        wrong = problems(record.type, new)
        if wrong:
            raise Failed(validation(record.logical_id, wrong))
        handler, old = self.handler(record), record.properties
        # From here on the service may have changed it, so a rollback goes from the new to the old.
        record.properties = new
        before, after = self.sent(record, old, self.stack.tags), self.sent(record, new, self.desired.tags)
        self.act(handler, handler.update, before, after)
        yield from self.until_ready(handler)
        self.stack.tell(record, "UPDATE_COMPLETE", None, new)

    def replace(self, record: StackResource, new: dict[str, Any]) -> Steps:
        """Make a new physical resource under the same logical id; the old one stays until the clean-up."""
        self.stack.tell(
            record,
            "UPDATE_IN_PROGRESS",
            "Requested update requires the creation of a new physical resource; hence creating one.",
            new,
        )
        handler = self.handler(record)
        own = handler.name
        if own and record.properties.get(own) and record.properties.get(own) == new.get(own):
            raise Failed(
                "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
                f"Rename {new[own]} and update the stack again."
            )
        if schemas.deletes_first(record.type):
            self.act(handler, handler.delete)
        record.properties, record.physical_id, record.data = new, "", {}
        yield from self.build(record, "UPDATE")
        self.stack.tell(record, "UPDATE_COMPLETE", None, new)

    def require_allowed(self, action: str, record: StackResource) -> None:
        """Failed if the stack's policy denies an update."""
        denied = stack_policies.denial(self.stack, action, record)
        if denied:
            raise Failed(denied)

    # Deleting ---------------------------------------------------------------------------------------------------------

    def remove(self, record: StackResource, policy: str = "Delete") -> bool:
        """Delete a resource, or keep it as its policy says; False when the service would not."""
        if policy == "Retain":
            self.stack.tell(record, "DELETE_SKIPPED", None, record.properties)
            return True
        self.stack.tell(record, "DELETE_IN_PROGRESS", None, record.properties)
        handler = self.handler(record)
        try:
            if policy == "Snapshot":
                self.act(handler, handler.snapshot)
            self.act(handler, handler.delete)
        except (Failed, Invalid, NotExported) as failed:
            if not (isinstance(failed, Failed) and is_gone(failed)):
                self.stack.tell(record, "DELETE_FAILED", str(failed), record.properties)
                return False
        self.stack.tell(record, "DELETE_COMPLETE", None, record.properties)
        return True


def already_exists(record: StackResource, name: str) -> str:
    """AWS's reason for a name that another resource has."""
    return (
        f"Resource of type '{record.type}' with identifier '{name}' already exists. "
        f"(RequestToken: {new_uuid()}, HandlerErrorCode: AlreadyExists)"
    )


def _merged(own: Any, tags: list[dict[str, str]], kind: str, name: str) -> Any:
    """A resource's own tags and those of the stack, whose keys give way; in the shape that the type has."""
    if isinstance(own, dict) or schemas.schema(kind)["properties"][name].get("type") == "object":
        return {**{tag["Key"]: tag["Value"] for tag in tags}, **(own or {})}
    keys = {tag["Key"] for tag in own or ()}
    return [*(own or ()), *(dict(tag) for tag in tags if tag["Key"] not in keys)]


def _class_name(kind: str) -> str:
    return type_of(kind).type


def replacing(handler: ResourceType, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """The changed properties that need a new resource, by AWS's schema and by what the type knows."""
    changed = changed_properties(old, new)
    kind = handler.record.type
    needed = (set(schemas.create_only(kind)) | handler.replaced_by(old, new)) - handler.updated_in_place(old, new)
    return [name for name in changed if name in needed]


def validation(logical_id: str, wrong: list[str]) -> str:
    """AWS's reason for properties that its schema does not take."""
    shown = "\n".join(wrong) if len(wrong) > 1 else wrong[0]
    return f"Properties validation failed for resource {logical_id} with message:\n[{shown}]"


def advance(stack: Stack) -> None:
    """Let a stack that waits go on as far as it can."""
    if stack.running is None:
        return
    running, stack.running = stack.running, None  # whoever looks at the stack meanwhile does not start it twice
    try:
        next(running)
        stack.running = running
    except StopIteration:
        pass
    except Exception as wrong:
        # A fault of the account's own must not leave a stack that is on its way for ever.
        verb = stack.status.removesuffix("_IN_PROGRESS").removesuffix("_CLEANUP").removesuffix("_COMPLETE")
        stack.told(f"{verb}_FAILED", f"Internal Failure: {type(wrong).__name__}: {wrong}")
