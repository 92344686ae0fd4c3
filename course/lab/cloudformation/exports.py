"""Outputs that other stacks of the same account and Region import.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..gate import Call, Refused
from .state import Stack, stacks


class NotExported(Exception):
    """A name that Fn::ImportValue asks for and no stack exports."""

    def __init__(self, name: str):
        super().__init__(f"No export named {name} found")


def exported(every: dict[str, Stack]) -> Iterator[tuple[Stack, dict[str, Any]]]:
    """(stack, output) for every export there is."""
    for stack in every.values():
        if stack.status != "DELETE_COMPLETE":
            yield from ((stack, output) for output in stack.outputs if output.get("ExportName"))


def value_of(stack: Stack, name: str) -> str | None:
    """The value exported under a name in the stack's account and Region, by another stack."""
    for owner, output in exported(stacks(stack)):
        if output["ExportName"] == name and owner is not stack:
            return output["OutputValue"]
    return None


def importers(every: dict[str, Stack], name: str) -> list[str]:
    """The names of the stacks that import it."""
    return [one.name for one in every.values() if name in one.imports and one.status != "DELETE_COMPLETE"]


def conflict(stack: Stack, outputs: list[dict[str, Any]]) -> str | None:
    """Why a stack cannot have these outputs, in AWS's words: a name that is taken, or an export that is in use."""
    every = stacks(stack)
    after = {one["ExportName"]: one["OutputValue"] for one in outputs if one.get("ExportName")}
    names = [one["ExportName"] for one in outputs if one.get("ExportName")]
    for name in names:
        if names.count(name) > 1:
            return f"Export with name {name} is exported more than once by stack {stack.name}"
    for owner, output in exported(every):
        if owner is not stack and output["ExportName"] in after:
            return f"Export with name {output['ExportName']} is already exported by stack {owner.name}"
    for output in stack.outputs:
        name = output.get("ExportName")
        users = importers(every, name) if name else []
        if not users:
            continue
        if name not in after:
            return f"Delete canceled. Cannot delete export {name} as it is in use by {' and '.join(users)}."
        if after[name] != output["OutputValue"]:
            return f"Cannot update export {name} as it is in use by {' and '.join(users)}"
    return None


def in_use(stack: Stack) -> str | None:
    """Why a stack cannot be deleted: an export that another imports."""
    every = stacks(stack)
    for output in stack.outputs:
        users = importers(every, output["ExportName"]) if output.get("ExportName") else []
        if users:
            return f"Delete canceled. Cannot delete export {output['ExportName']} as it is in use by {' and '.join(users)}."
    return None


def list_exports(call: Call) -> dict:
    """ListExports."""
    return {
        "Exports": [
            {"ExportingStackId": stack.id, "Name": output["ExportName"], "Value": output["OutputValue"]}
            for stack, output in exported(stacks(call))
        ]
    }


def list_imports(call: Call) -> dict:
    """ListImports; AWS refuses it for an export that nobody imports."""
    name = call.params["ExportName"]
    users = importers(stacks(call), name)
    if not users:
        if all(output["ExportName"] != name for _, output in exported(stacks(call))):
            raise Refused("ValidationError", f"Export '{name}' does not exist.")
        raise Refused("ValidationError", f"Export '{name}' is not imported by any stack.")
    return {"Imports": users}
