"""What a template's functions see while a stack is made: parameters, pseudo parameters, resources, exports, zones."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from . import exports
from .caller import Failed, ask
from .dynamic_references import with_parameters
from .parameters import typed
from .resolver import Resolver
from .resource_types.resource import TYPES, ResourceType, no_attribute
from .state import Stack
from .template_text import Invalid
from .values import Unknown


@dataclass
class Desired:
    """What a stack shall be after a deployment: the template without its transforms, and the request's settings."""

    body: str
    template: dict[str, Any]
    parameters: dict[str, str]
    resolved: dict[str, str] = field(default_factory=dict)  # of Systems Manager parameters
    tags: list[dict[str, str]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)  # attributes of the stack to set, such as role_arn

    @property
    def resources(self) -> dict[str, Any]:
        return self.template["Resources"]


class Scope:
    """Resolves parts of `desired` for `stack`. Resources in `pending` will be made anew, those in `changing` changed:

    what depends on them is still Unknown. Names of resources whose condition does not hold lead nowhere.
    """

    def __init__(self, stack: Stack, desired: Desired, pending: Collection[str] = (), changing: Collection[str] = ()):
        self.stack, self.desired, self.pending, self.changing = stack, desired, pending, changing
        self.imported: set[str] = set()
        declared = desired.template.get("Parameters", {})
        parameters = {
            name: typed(declared[name]["Type"], desired.resolved.get(name, value))
            for name, value in desired.parameters.items()
            if name in declared
        }
        self.resolve = Resolver(
            desired.template,
            parameters,
            pseudo_parameters(stack, desired),
            self.ref,
            self.attribute,
            self.exported,
            self.zones,
            lambda value: with_parameters(value, stack.region),
        )
        self.active = {
            name: one
            for name, one in desired.resources.items()
            if "Condition" not in one or self.resolve.condition(one["Condition"])
        }

    def handler(self, name: str) -> ResourceType:
        record = self.stack.resources[name]
        return type_of(record.type)(self.stack, record)

    def ref(self, name: str) -> Any:
        self._require_active(name)
        if name in self.pending or not self._is_there(name):
            return Unknown(name)
        return self.handler(name).ref()

    def attribute(self, name: str, attribute: str) -> Any:
        self._require_active(name)
        kind = type_of(self.active[name]["Type"])
        if kind is not None and not kind.has_attribute(attribute):
            raise Invalid(no_attribute(name, attribute))
        if name in self.pending or name in self.changing or not self._is_there(name):
            return Unknown(f"{name}.{attribute}")
        try:
            return self.handler(name).attribute(attribute)
        except (KeyError, IndexError) as missing:
            raise Failed(f"{name} has no attribute {attribute} now ({missing})") from None

    def _is_there(self, name: str) -> bool:
        return name in self.stack.resources and bool(self.stack.resources[name].physical_id)

    def _require_active(self, name: str) -> None:
        if name not in self.active:
            raise Invalid(
                f"Template format error: Unresolved resource dependencies [{name}] in the Resources block of the template"
            )

    def exported(self, name: str) -> Any:
        value = exports.value_of(self.stack, name)
        if value is None:
            raise exports.NotExported(name)
        self.imported.add(name)
        return value

    def zones(self, region: Any) -> list[str]:
        if not isinstance(region, str) or not re.fullmatch("[a-z]{2}(-[a-z]+)+-[0-9]", region):
            raise Invalid(
                "Template error: every Fn::GetAZs object must have a String-typed value, the name of a Region"
            )
        try:
            found = ask("ec2", region, "describe_availability_zones")["AvailabilityZones"]
        except Failed as refused:
            raise Invalid(f"Template error: Fn::GetAZs: {refused.reason}") from None
        return sorted(one["ZoneName"] for one in found if one["State"] == "available")

    def properties(self, name: str) -> dict[str, Any]:
        """The resolved properties of a resource."""
        found = self.resolve(self.active[name].get("Properties", {}))
        if not isinstance(found, dict):
            raise Invalid(f"Template format error: [/Resources/{name}/Properties] Properties must be an object.")
        return found

    def outputs(self) -> list[dict[str, Any]]:
        """The outputs whose condition holds, as DescribeStacks shows them."""
        found = []
        for name, output in self.desired.template.get("Outputs", {}).items():
            if "Condition" in output and not self.resolve.condition(output["Condition"]):
                continue
            value = self.resolve(output["Value"])
            if isinstance(value, (dict, list)):
                raise Invalid(
                    f"Template format error: Output {name} is malformed. The Value field of every Outputs member must evaluate to a String."
                )
            one = {"OutputKey": name, "OutputValue": value if isinstance(value, Unknown) else _text(value)}
            if "Description" in output:
                one["Description"] = output["Description"]
            if "Export" in output:
                one["ExportName"] = self.resolve(output["Export"]["Name"])
            found.append(one)
        return found


def type_of(name: str) -> type[ResourceType] | None:
    """The class of a resource type; one for all Custom:: types; None where the account has none."""
    if name.startswith("Custom::"):
        name = "AWS::CloudFormation::CustomResource"
    return TYPES.get(name)


def _text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def pseudo_parameters(stack: Stack, desired: Desired) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html"""
    return {
        "AWS::AccountId": stack.account_id,
        "AWS::NotificationARNs": list(desired.settings.get("notification_arns", stack.notification_arns)),
        "AWS::Partition": "aws",
        "AWS::Region": stack.region,
        "AWS::StackId": stack.id,
        "AWS::StackName": stack.name,
        "AWS::URLSuffix": "amazonaws.com",
    }
