"""What every resource type is: a class that creates, updates and deletes one resource by calls of the service's API.

    class Topic(ResourceType):
        type = "AWS::SNS::Topic"

        def create(self, properties):
            self.id = self.call("sns", "create_topic", Name=...)["TopicArn"]

A subclass registers itself by its `type`. Which properties need a new resource is read from AWS's schema (`schemas`),
unless the class says more in `replaced_by`. Failed, or a refusal of the service, becomes the reason of an event.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

from .. import caller, schemas
from ..caller import Failed
from ..state import Stack, StackResource, suffix
from ..values import Unknown

TYPES: dict[str, type[ResourceType]] = {}


class ResourceType:
    """One resource while it is made, changed, asked or deleted. `record` is what the stack keeps of it."""

    type: ClassVar[str] = ""
    name: ClassVar[str | None] = None  # the property that gives a name of one's own
    longest: ClassVar[int] = 255  # of a name that CloudFormation makes
    lower: ClassVar[bool] = False  # whether such a name is in small letters
    gets: ClassVar[dict[str, Callable[[Any], Any]]] = {}  # Fn::GetAtt: attribute -> function of the resource

    def __init_subclass__(cls) -> None:
        if cls.type:
            TYPES[cls.type] = cls

    def __init__(self, stack: Stack, record: StackResource):
        self.stack, self.record = stack, record

    # What a type says of itself ---------------------------------------------------------------------------------------

    def create(self, properties: dict[str, Any]) -> None:
        """Make it and set `self.id`."""
        raise NotImplementedError

    def update(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Change it in place; whatever needs a new one never comes here."""

    def delete(self) -> None:
        """Take it away. What is gone already is no error; the engine sees to that for the usual codes."""

    def replaced_by(self, old: dict[str, Any], new: dict[str, Any]) -> set[str]:
        """Changed properties that need a new resource, beyond those of the schema."""
        return set()

    def updated_in_place(self, old: dict[str, Any], new: dict[str, Any]) -> set[str]:
        """Changed properties that need no new resource, although the schema says they do."""
        return set()

    def ref(self) -> Any:
        """What Ref returns."""
        return self.id

    def read(self) -> dict[str, Any] | None:
        """The properties as the service has them now, for drift; None where the type has no drift detection here."""
        return None

    def waits(self) -> bool:
        """Whether it is not ready yet; asked again when somebody looks at the stack."""
        return False

    def exists_already(self, properties: dict[str, Any]) -> bool:
        """Whether another resource has its name, where the service's own call would not refuse that."""
        return False

    # What a type can use ----------------------------------------------------------------------------------------------

    @property
    def id(self) -> str:
        return self.record.physical_id

    @id.setter
    def id(self, value: str) -> None:
        self.record.physical_id = value

    @property
    def properties(self) -> dict[str, Any]:
        return self.record.properties

    @property
    def region(self) -> str:
        return self.stack.region

    @property
    def account_id(self) -> str:
        return self.stack.account_id

    def call(self, service: str, operation: str, **params: Any) -> Any:
        """One call of the service in the name of the stack's caller; None leaves a parameter out."""
        return caller.ask(service, self.region, operation, **params)

    def physical_name(self, properties: dict[str, Any], extension: str = "") -> str:
        """The name given in the template, or one made of the stack's name, the logical id and twelve characters."""
        if self.name and properties.get(self.name):
            return str(properties[self.name])
        end = f"-{suffix()}{extension}"
        room = self.longest - len(end)
        stack, logical = self.stack.name, self.record.logical_id
        if len(stack) + 1 + len(logical) > room:
            half = (room - 1) // 2
            logical = logical[: max(half, room - 1 - len(stack))]
            stack = stack[: room - 1 - len(logical)]
        made = f"{stack}-{logical}{end}"
        return made.lower() if self.lower else made

    def tags(self, properties: dict[str, Any]) -> list[dict[str, str]]:
        """The resource's tags as a list of Key and Value, whose values are texts; those of the stack are among them."""
        given = properties.get("Tags") or []
        pairs = given.items() if isinstance(given, dict) else [(tag["Key"], tag.get("Value", "")) for tag in given]
        return [{"Key": str(key), "Value": str(one)} for key, one in pairs]

    def tag_map(self, properties: dict[str, Any]) -> dict[str, str]:
        return {tag["Key"]: tag["Value"] for tag in self.tags(properties)}

    def others(self, kind: str) -> list[dict[str, Any]]:
        """The properties of the stack's other resources of a type, which may have added to this one."""
        return [one.properties for one in self.stack.resources.values() if one.type == kind and one.exists]

    def attribute(self, name: str) -> Any:
        """Fn::GetAtt."""
        if name in self.gets:
            return self.gets[name](self)
        if name in schemas.attributes(self.type):
            raise Failed(f"the offline account does not know the attribute {name} of {self.type}")
        raise Failed(no_attribute(self.record.logical_id, name))

    @classmethod
    def has_attribute(cls, name: str) -> bool:
        """Whether Fn::GetAtt may ask for it."""
        return name in cls.gets or name in schemas.attributes(cls.type)


def no_attribute(logical_id: str, name: str) -> str:
    """AWS's words for an attribute that a type does not have."""
    return f"Template error: resource {logical_id} does not support attribute type {name} in Fn::GetAtt"


def changed(old: dict[str, Any], new: dict[str, Any], *names: str) -> bool:
    """Whether any of these properties differs."""
    return any(differs(old.get(name), new.get(name)) for name in names)


def differs(one: Any, other: Any) -> bool:
    """Whether two resolved values differ; what is still unknown counts as different, 80 and "80" do not."""
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return True
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() != other.keys() or any(differs(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) != len(other) or any(differs(a, b) for a, b in zip(one, other))
    if isinstance(one, (dict, list)) or isinstance(other, (dict, list)) or one is None or other is None:
        return one != other
    return _plain(one) != _plain(other)


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def changed_properties(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """The names of the properties that differ, in the order of the new ones."""
    return [name for name in dict.fromkeys([*new, *old]) if differs(old.get(name), new.get(name))]


def retag(before: list[dict[str, str]], after: list[dict[str, str]]) -> tuple[list[dict[str, str]], list[str]]:
    """(tags to set, keys to take away) between two lists of tags."""
    keys = {tag["Key"] for tag in after}
    return [tag for tag in after if tag not in before], [tag["Key"] for tag in before if tag["Key"] not in keys]


def is_gone(failed: Failed) -> bool:
    """Whether a refusal says that the resource is not there any more."""
    code = failed.code.lower()
    return bool(re.search(r"notfound|nosuch|nonexist|doesnotexist|404|unknown.*association", code))
