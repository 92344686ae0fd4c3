"""What an update would change, before it is done: for change sets, and to know whether there is anything to do.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-samples.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore.credentials import Credentials

from . import schemas
from .caller import acting_as
from .deployment import replacing
from .references import order, references
from .resource_types.resource import TYPES, changed_properties, differs
from .scope import Desired, Scope, type_of
from .state import Stack, StackResource
from .template_text import Invalid
from .values import unknowns

_REPLACED = {"Retain": "ReplaceAndRetain", "Snapshot": "ReplaceAndSnapshot"}
_KEPT = {"Retain": "Retain", "RetainExceptOnCreate": "Retain", "Snapshot": "Snapshot"}
_ATTRIBUTES = ("Metadata", "CreationPolicy", "UpdatePolicy", "DeletionPolicy", "UpdateReplacePolicy")


@dataclass
class Plan:
    """The changes of resources in AWS's shape, and whether anything else differs, such as outputs or tags."""

    changes: list[dict[str, Any]] = field(default_factory=list)
    outputs: bool = False
    tags: bool = False

    @property
    def differs(self) -> bool:
        return bool(self.changes or self.outputs or self.tags)


def plan(stack: Stack, desired: Desired, credentials: Credentials) -> Plan:
    """Compare. Invalid for what AWS refuses at once, such as another type under the same logical id."""
    with acting_as(credentials):
        return _Comparison(stack, desired).plan()


class _Comparison:
    def __init__(self, stack: Stack, desired: Desired):
        self.stack, self.desired = stack, desired
        self.renewed: set[str] = set()  # made, or replaced: Ref and GetAtt are not known yet
        self.modified: set[str] = set()
        self.scope = Scope(stack, desired, self.renewed, self.modified)

    def plan(self) -> Plan:
        found = Plan()
        self._require_same_types()
        existing = {name: one for name, one in self.stack.resources.items() if one.exists}
        self.renewed.update(name for name in self.scope.active if name not in existing)
        for name in order(self.scope.active):
            record = existing.get(name)
            change = self._added(name) if record is None else self._modified(name, record)
            if change is not None:
                found.changes.append({"Type": "Resource", "ResourceChange": change})
        for name, record in existing.items():
            if name not in self.scope.active:
                found.changes.append({"Type": "Resource", "ResourceChange": _removed(record)})
        found.changes.sort(key=lambda one: one["ResourceChange"]["LogicalResourceId"])
        outputs = self.scope.outputs()
        found.outputs = differs(outputs, self.stack.outputs)
        found.tags = sorted(map(str, self.desired.tags)) != sorted(map(str, self.stack.tags))
        if found.tags:
            self._propagate_tags(existing, found)
        return found

    def _require_same_types(self) -> None:
        other = [
            name
            for name, one in self.desired.resources.items()
            if name in self.stack.resources
            and self.stack.resources[name].exists
            and self.stack.resources[name].type != one["Type"]
        ]
        if other:
            raise Invalid(
                "Update of resource type is not permitted. The new template modifies resource type of the following "
                f"resources: [{', '.join(other)}]"
            )

    def _added(self, name: str) -> dict[str, Any]:
        properties = self.scope.properties(name)  # whoever refers to nothing is refused here
        return {
            "Action": "Add",
            "LogicalResourceId": name,
            "ResourceType": self.desired.resources[name]["Type"],
            "Scope": [],
            "Details": [],
            "_after": properties,
        }

    def _modified(self, name: str, record: StackResource) -> dict[str, Any] | None:
        definition = self.desired.resources[name]
        new = self.scope.properties(name)
        changed = changed_properties(record.properties, new)
        attributes = [one for one in _ATTRIBUTES if definition.get(one) != record.definition.get(one)]
        if not changed and not attributes:
            return None
        kind = record.type
        handler = TYPES[type_of(kind).type](self.stack, record)
        needed = set(replacing(handler, record.properties, new))
        perhaps = schemas.sometimes_create_only(kind) - handler.updated_in_place(record.properties, new)
        details = []
        for one in changed:
            recreation = "Always" if one in needed else "Conditionally" if one in perhaps else "Never"
            target = {"Attribute": "Properties", "Name": one, "RequiresRecreation": recreation}
            part = definition.get("Properties", {}).get(one)
            before = record.definition.get("Properties", {}).get(one)
            details += [{"Target": target, **cause} for cause in self._causes(part, before)]
        for one in attributes:
            details.append(_directly({"Attribute": one, "RequiresRecreation": "Never"}))
        (self.renewed if needed else self.modified).add(name)
        change = {
            "Action": "Modify",
            "LogicalResourceId": name,
            "PhysicalResourceId": record.physical_id,
            "ResourceType": kind,
            "Replacement": _replacement(details),
            "Scope": (["Properties"] if changed else []) + attributes,
            "Details": details,
            "_before": record.properties,
            "_after": new,
        }
        if change["Replacement"] == "True":
            kept = definition.get("UpdateReplacePolicy", "Delete")
            change["PolicyAction"] = _REPLACED.get(kept, "ReplaceAndDelete")
        return change

    def _causes(self, part: Any, before: Any) -> Iterator[dict[str, Any]]:
        """Why a property differs: the template itself, a parameter, or a resource that it refers to."""
        if part != before:
            yield {"Evaluation": "Static", "ChangeSource": "DirectModification"}
            return
        indirect = parameter = False
        for kind, name in dict.fromkeys(references(part)):
            if kind == "Ref" and name in self.desired.parameters and self._differs(name):
                parameter = True
                yield {"Evaluation": "Static", "ChangeSource": "ParameterReference", "CausingEntity": name}
            elif kind == "Ref" and name in self.renewed:
                indirect = True
                yield {"Evaluation": "Dynamic", "ChangeSource": "ResourceReference", "CausingEntity": name}
        for name in unknowns(self.scope.resolve(part)):
            if "." in name:
                indirect = True
                yield {"Evaluation": "Dynamic", "ChangeSource": "ResourceAttribute", "CausingEntity": name}
        if parameter or not indirect:
            yield {"Evaluation": "Dynamic", "ChangeSource": "DirectModification"}

    def _differs(self, parameter: str) -> bool:
        old = self.stack.resolved_parameters.get(parameter, self.stack.parameters.get(parameter))
        return old != self.desired.resolved.get(parameter, self.desired.parameters[parameter])

    def _propagate_tags(self, existing: dict[str, StackResource], found: Plan) -> None:
        """Tags of the stack go on to those of its resources that take tags."""
        named = {one["ResourceChange"]["LogicalResourceId"] for one in found.changes}
        for name, record in existing.items():
            if name in named or name not in self.scope.active or schemas.tag_property(record.type) is None:
                continue
            change = {
                "Action": "Modify",
                "LogicalResourceId": name,
                "PhysicalResourceId": record.physical_id,
                "ResourceType": record.type,
                "Replacement": "False",
                "Scope": ["Tags"],
                "Details": [_directly({"Attribute": "Tags", "RequiresRecreation": "Never"})],
            }
            found.changes.append({"Type": "Resource", "ResourceChange": change})


def _directly(target: dict[str, Any]) -> dict[str, Any]:
    return {"Target": target, "Evaluation": "Static", "ChangeSource": "DirectModification"}


def _replacement(details: list[dict[str, Any]]) -> str:
    """True where it is certain, Conditional where a value is not known yet or AWS decides by the value."""
    always = [one["Evaluation"] for one in details if one["Target"]["RequiresRecreation"] == "Always"]
    if "Static" in always:
        return "True"
    perhaps = any(one["Target"]["RequiresRecreation"] == "Conditionally" for one in details)
    return "Conditional" if always or perhaps else "False"


def _removed(record: StackResource) -> dict[str, Any]:
    return {
        "Action": "Remove",
        "PolicyAction": _KEPT.get(record.definition.get("DeletionPolicy", "Delete"), "Delete"),
        "LogicalResourceId": record.logical_id,
        "PhysicalResourceId": record.physical_id,
        "ResourceType": record.type,
        "Scope": [],
        "Details": [],
    }
