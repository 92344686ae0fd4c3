"""Updating a stack: what differs is changed, replaced, made or taken away, and all of it undone when one fails.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from . import schemas
from .caller import Failed
from .creation import Creation
from .deployment import ResourceFailed, StackFailed, Steps
from .exports import NotExported
from .references import order
from .resource_types.resource import changed_properties
from .state import StackResource
from .template_text import Invalid


@dataclass
class Before:
    """What a resource was before the update: `kind` is made, changed or replaced."""

    kind: str
    record: StackResource
    old: StackResource


# The attributes of a stack that an update sets, and its rollback sets back.
_SETTINGS = ("body", "template", "parameters", "resolved_parameters", "tags")


class Update(Creation):
    """Run `update()` once on a stack that exists; `desired` is what it shall be."""

    def __init__(self, *arguments: Any):
        super().__init__(*arguments)
        self.journal: list[Before] = []
        self.replaced: list[StackResource] = []
        self.outdated: list[StackResource] = []
        self.settings = {name: getattr(self.stack, name) for name in (*_SETTINGS, "outputs", "imports")}

    def update(self, disable_rollback: bool = False) -> Steps:
        """disable_rollback: leave a failed update as it is."""
        stack = self.stack
        stack.updated = stack.next_moment()
        stack.told("UPDATE_IN_PROGRESS", "User Initiated")
        try:
            self.before()
            for name in order(self.scope.active):
                yield from self.bring(name)
            self.outdated = [
                record for name, record in stack.resources.items() if name not in self.scope.active and record.exists
            ]
            for record in self.outdated:
                self.allowed("Update:Delete", record)
            self.conclude()
        except ResourceFailed as failed:
            yield from self.failed(
                f"The following resource(s) failed to update: [{failed.logical_id}]. ", disable_rollback
            )
        except StackFailed as failed:
            yield from self.failed(str(failed), disable_rollback)
        else:
            stack.journal = None
            stack.told("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
            self.clean_up()
            stack.told("UPDATE_COMPLETE")

    def bring(self, name: str) -> Steps:
        """One resource of the new template, as it shall be."""
        record, definition = self.stack.resources.get(name), self.desired.resources[name]
        if record is None or not record.exists:
            if record is not None:
                del self.stack.resources[name]
            try:
                yield from self.make(name)
            finally:
                made = self.stack.resources.get(name)
                if made is not None:
                    self.journal.append(Before("made", made, made))
            return
        old = copy.copy(record)
        try:
            new = self.properties(name)
            changed = changed_properties(record.properties, new) or self.retagged(record)
            record.definition = definition
            if changed:
                recreate = self.replaces(record, new)
                self.require_allowed("Update:Replace" if recreate else "Update:Modify", record)
                self.journal.append(Before("replaced" if recreate else "changed", record, old))
                yield from self.replace(record, new) if recreate else self.change(record, new)
                if recreate and not schemas.deletes_first(record.type):
                    self.replaced.append(old)
            elif _metadata(old) != _metadata(record):
                self.stack.tell(record, "UPDATE_COMPLETE", None, new)
        except (Failed, Invalid, NotExported) as failed:
            self.stack.tell(record, "UPDATE_FAILED", str(failed), record.properties)
            raise ResourceFailed(name) from None

    def retagged(self, record: StackResource) -> bool:
        """Whether the stack's tags changed and the resource takes tags."""
        return self.desired.tags != self.settings["tags"] and schemas.tag_property(record.type) is not None

    def allowed(self, action: str, record: StackResource) -> None:
        try:
            self.require_allowed(action, record)
        except Failed as failed:
            self.stack.tell(record, "UPDATE_FAILED", failed.reason)
            raise ResourceFailed(record.logical_id) from None

    def conclude(self) -> None:
        super().conclude()
        for name in _SETTINGS:
            setattr(
                self.stack,
                name,
                getattr(self.desired, name, None) if name != "resolved_parameters" else self.desired.resolved,
            )

    def clean_up(self) -> None:
        """Delete what the template no longer has, and what was replaced."""
        for record in reversed(self.replaced):
            policy = record.definition.get("UpdateReplacePolicy", "Delete")
            self.remove_quietly(record, policy)
        old_order = order(self.settings["template"].get("Resources", {}))
        for record in sorted(
            self.outdated, key=lambda one: -old_order.index(one.logical_id) if one.logical_id in old_order else 0
        ):
            policy = record.definition.get("DeletionPolicy", "Delete")
            # AWS goes on when the clean-up cannot delete something; the stack just no longer has it.
            self.remove(record, "Delete" if policy == "RetainExceptOnCreate" else policy)
            del self.stack.resources[record.logical_id]

    def remove_quietly(self, record: StackResource, policy: str) -> None:
        """Delete a physical resource whose logical id lives on; the record of the living one is not touched."""
        self.remove(record, policy)

    # Back again -------------------------------------------------------------------------------------------------------

    def failed(self, reason: str, disable_rollback: bool) -> Steps:
        stack = self.stack
        if disable_rollback:
            stack.journal = self
            stack.told("UPDATE_FAILED", reason)
            return
        stack.told("UPDATE_ROLLBACK_IN_PROGRESS", reason)
        yield from self.roll_back()

    def roll_back(self, skip: tuple[str, ...] = ()) -> Steps:
        """Bring everything back to what it was; UPDATE_ROLLBACK_FAILED where that cannot be done."""
        stack, trouble, unwanted = self.stack, [], []
        for name, one in self.settings.items():
            setattr(stack, name, one)
        while self.journal:
            before = self.journal[-1]
            record = before.record
            if before.kind == "made":
                unwanted.append(record)
            elif record.logical_id in skip:
                stack.tell(record, "UPDATE_COMPLETE")
            elif before.kind == "replaced":
                made = copy.copy(record) if record.physical_id not in ("", before.old.physical_id) else None
                gone = schemas.deletes_first(record.type) and record.physical_id != before.old.physical_id
                if made is not None and gone:
                    self.remove(made)
                elif made is not None:
                    unwanted.append(made)
                self._set_back(record, before.old)
                if gone:
                    try:
                        yield from self.build(record, "UPDATE")
                    except (Failed, Invalid, NotExported) as failed:
                        stack.tell(record, "UPDATE_FAILED", str(failed))
                        trouble.append(record.logical_id)
                        break
                stack.tell(record, "UPDATE_COMPLETE", None, record.properties)
            else:
                stack.tell(record, "UPDATE_IN_PROGRESS", None, before.old.properties)
                handler = self.handler(record)
                try:
                    old = before.old.properties
                    failed_at = self.sent(record, record.properties, self.desired.tags)
                    self.act(handler, handler.update, failed_at, self.sent(record, old, self.settings["tags"]))
                    yield from self.until_ready(handler)
                except (Failed, Invalid, NotExported) as failed:
                    stack.tell(record, "UPDATE_FAILED", str(failed))
                    trouble.append(record.logical_id)
                    break
                self._set_back(record, before.old)
                stack.tell(record, "UPDATE_COMPLETE", None, record.properties)
            self.journal.pop()
        if trouble:
            stack.journal = self
            stack.told(
                "UPDATE_ROLLBACK_FAILED", f"The following resource(s) failed to update: [{', '.join(trouble)}]. "
            )
            return
        stack.journal = None
        stack.told("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
        for record in unwanted:
            if record.physical_id:
                self.remove(record)
            if stack.resources.get(record.logical_id) is record:
                del stack.resources[record.logical_id]
        stack.told("UPDATE_ROLLBACK_COMPLETE")

    def _set_back(self, record: StackResource, old: StackResource) -> None:
        for name in ("physical_id", "properties", "definition", "data"):
            setattr(record, name, getattr(old, name))


def _metadata(record: StackResource) -> Any:
    return record.definition.get("Metadata")
