"""Deleting a stack: its resources in reverse order of their dependencies, but for those that it retains.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-delete-stack.html
"""

from __future__ import annotations

from collections.abc import Collection

from .deployment import Deployment
from .references import order


class Deletion(Deployment):
    """Run `delete()` once; `desired` is what the stack is."""

    def delete(self, retain: Collection[str] = (), force: bool = False) -> None:
        """retain: logical ids to leave, which AWS takes for a stack that failed to delete. force: leave what cannot be."""
        stack, trouble = self.stack, []
        stack.running = None
        stack.told("DELETE_IN_PROGRESS", "User Initiated")
        ranks = {name: rank for rank, name in enumerate(order(stack.template.get("Resources", {})))}
        records = sorted(stack.resources.values(), key=lambda one: -ranks.get(one.logical_id, len(ranks)))
        blocked: set[str] = set()
        for record in records:
            if not record.exists:
                continue
            if record.logical_id in retain:
                stack.tell(record, "DELETE_SKIPPED", None, record.properties)
            elif record.logical_id in blocked:
                continue  # something that could not be deleted still needs it
            elif not self.remove(record, _policy(record.definition.get("DeletionPolicy", "Delete"))):
                if force:
                    stack.tell(record, "DELETE_SKIPPED", None, record.properties)
                    continue
                trouble.append(record.logical_id)
                blocked |= self._needs(record.logical_id)
        stack.deleted = stack.next_moment()
        if trouble:
            stack.told("DELETE_FAILED", f"The following resource(s) failed to delete: [{', '.join(trouble)}]. ")
            return
        stack.outputs, stack.imports = [], set()
        stack.told("DELETE_COMPLETE")

    def _needs(self, name: str) -> set[str]:
        from .references import dependencies

        resources = self.stack.template.get("Resources", {})
        found: set[str] = set()
        left = [name]
        while left:
            for other in dependencies(resources.get(left.pop(), {}), resources):
                if other not in found:
                    found.add(other)
                    left.append(other)
        return found


def _policy(policy: str) -> str:
    return "Retain" if policy == "RetainExceptOnCreate" else policy
