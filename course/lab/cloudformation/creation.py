"""Creating a stack: resources in the order of their dependencies, and back again when one fails.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
"""

from __future__ import annotations

from . import exports, parameter_lookups
from .caller import Failed, acting_as
from .deployment import Deployment, ResourceFailed, StackFailed, Steps, validation
from .exports import NotExported
from .properties import problems
from .references import order
from .scope import Scope
from .state import StackResource
from .template_text import Invalid


class Creation(Deployment):
    """Run `create()` once on a new stack."""

    def create(self, on_failure: str = "ROLLBACK") -> Steps:
        """on_failure: ROLLBACK, DELETE, or DO_NOTHING."""
        stack = self.stack
        stack.told("CREATE_IN_PROGRESS", "User Initiated")
        try:
            self.before()
            for name in order(self.scope.active):
                yield from self.make(name)
            self.conclude()
        except ResourceFailed as failed:
            yield from self.give_up(f"The following resource(s) failed to create: [{failed.logical_id}].", on_failure)
        except StackFailed as failed:
            yield from self.give_up(f"{failed}.".replace("..", "."), on_failure)
        else:
            stack.told("CREATE_COMPLETE")

    def before(self) -> None:
        """What AWS looks at before it makes anything: values of parameters, imports, and all properties."""
        try:
            with acting_as(self.credentials):
                parameter_lookups.require_existing(self.stack, self.desired)
        except Failed as failed:
            raise StackFailed(failed.reason) from None
        scope = Scope(self.stack, self.desired)
        wrong = []
        for name, definition in self.scope.active.items():
            try:
                with acting_as(self.credentials):
                    properties = scope.properties(name)
            except (NotExported, Invalid) as failed:
                raise StackFailed(str(failed)) from None
            except Failed:
                continue  # told when it is that resource's turn
            found = problems(definition["Type"], properties)
            if found and name not in self.stack.resources:
                record = StackResource(name, definition["Type"], definition=definition, properties=properties)
                self.stack.resources[name] = record
                self.stack.tell(record, "CREATE_FAILED", validation(name, found))
                wrong.append(name)
        if wrong:
            raise StackFailed(f"Validation failed for following resources: [{', '.join(wrong)}]")

    def conclude(self) -> None:
        """Outputs and exports, once all resources are there."""
        stack = self.stack
        try:
            with acting_as(self.credentials):
                outputs = self.scope.outputs()
        except (Failed, Invalid, NotExported) as failed:
            raise StackFailed(str(failed)) from None
        conflict = exports.conflict(stack, outputs)
        if conflict:
            raise StackFailed(conflict)
        stack.outputs = outputs
        stack.imports = set(self.scope.imported)

    def give_up(self, reason: str, on_failure: str) -> Steps:
        stack = self.stack
        if on_failure == "DO_NOTHING":
            stack.told("CREATE_FAILED", f"{reason} ")
            return
        word = "Delete" if on_failure == "DELETE" else "Rollback"
        status = "DELETE" if on_failure == "DELETE" else "ROLLBACK"
        stack.told(f"{status}_IN_PROGRESS", f"{reason} {word} requested by user.")
        self.undo(status)
        yield from ()

    def undo(self, status: str) -> None:
        """Delete what was made, last first; status is ROLLBACK or DELETE."""
        stack, kept = self.stack, []
        for record in reversed(list(stack.resources.values())):
            if record.exists and not self.remove(record, self._policy(record)):
                kept.append(record.logical_id)
        stack.outputs = []
        stack.imports = set()
        stack.deleted = stack.next_moment()
        if kept:
            stack.told(f"{status}_FAILED", f"The following resource(s) failed to delete: [{', '.join(kept)}]. ")
        else:
            stack.told(f"{status}_COMPLETE")

    def _policy(self, record: StackResource) -> str:
        policy = record.definition.get("DeletionPolicy", "Delete")
        if policy == "RetainExceptOnCreate" or (policy == "Retain" and self.stack.retain_except_on_create):
            return "Delete"
        return policy if policy == "Retain" else "Delete"
