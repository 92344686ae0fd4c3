"""AWS's own resource provider schemas: which types and properties there are, and which of them an update replaces.

They are read from the package cfn-lint (MIT-0), which carries them; cfn-lint itself is not imported for it.
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

import json
from functools import cache
from importlib import util
from pathlib import Path
from typing import Any

# Types that CloudFormation serves itself, and that have no region.
_OWN = ("AWS::CloudFormation::CustomResource", "AWS::CDK::Metadata")


@cache
def _folder() -> Path:
    return Path(util.find_spec("cfnlint").submodule_search_locations[0], "data", "schemas")


@cache
def _types() -> dict[str, str]:
    return json.loads((_folder() / "providers" / "us-east-1.json").read_text(encoding="utf-8"))


def is_type(name: str) -> bool:
    """Whether AWS has this resource type; a Custom:: type always."""
    return name.startswith("Custom::") or name in _OWN or name in _types()


@cache
def schema(name: str) -> dict[str, Any]:
    """The schema of a type; empty for those that have none."""
    stem = _types().get(name)
    if stem is None:
        return {}
    return json.loads((_folder() / "resources" / f"{stem}.json").read_text(encoding="utf-8"))


def _top(paths: list[str] | None) -> frozenset[str]:
    return frozenset(path.split("/")[2] for path in paths or () if path.count("/") == 2)


@cache
def create_only(name: str) -> frozenset[str]:
    """The properties whose change needs a new resource."""
    return _top(schema(name).get("createOnlyProperties"))


@cache
def sometimes_create_only(name: str) -> frozenset[str]:
    """The properties whose change may need a new resource."""
    return _top(schema(name).get("conditionalCreateOnlyProperties"))


@cache
def write_only(name: str) -> frozenset[str]:
    """The properties that AWS does not show again, or not in full, so that they cannot drift."""
    return frozenset(path.split("/")[2] for path in schema(name).get("writeOnlyProperties", ()))


@cache
def attributes(name: str) -> frozenset[str]:
    """What Fn::GetAtt can ask a type for, as Arn or Endpoint.Address."""
    return frozenset(
        path.removeprefix("/properties/").replace("/", ".") for path in schema(name).get("readOnlyProperties", ())
    )


@cache
def deletes_first(name: str) -> bool:
    """Whether a replacement needs the old resource to be gone, as two attachments of one thing do."""
    return schema(name).get("replacementStrategy") == "delete_then_create"


@cache
def tag_property(name: str) -> str | None:
    """The property with the tags of a type, usually Tags; None for a type that takes none."""
    whole = schema(name)
    path = whole.get("tagging", {}).get("tagProperty", "/properties/Tags")
    found = path.rpartition("/")[2]
    return found if found in whole.get("properties", {}) and whole.get("taggable", True) else None


def is_map(name: str, path: str) -> bool:
    """Whether a property, by its path such as /Environment/Variables, holds names of one's own."""
    whole = schema(name)
    part: dict[str, Any] = whole
    for step in path.strip("/").split("/"):
        part = part.get("items", {}) if step.isdigit() else part.get("properties", {}).get(step, {})
        while "$ref" in part:
            target: Any = whole
            for one in part["$ref"].removeprefix("#/").split("/"):
                target = target.get(one, {})
            part = target
    return bool(part) and "properties" not in part and part.get("type") == "object"
