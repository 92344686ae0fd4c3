"""Which parts of a template name which others, what AWS says of names that lead nowhere, and the order of resources.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .functions import EXTENSIONS, FUNCTIONS, SUPPORTED, VARIABLE, function_of, get_att, sub
from .template_text import Invalid

PSEUDO_PARAMETERS = (
    *("AWS::AccountId", "AWS::NotificationARNs", "AWS::NoValue", "AWS::Partition", "AWS::Region"),
    *("AWS::StackId", "AWS::StackName", "AWS::URLSuffix"),
)


def references(part: Any) -> Iterator[tuple[str, str]]:
    """(kind, name) of everything a part refers to: Ref, GetAtt and Condition. Invalid for functions written wrongly."""
    name = function_of(part)
    if name == "Condition":
        yield "Condition", part[name]
        return
    if name == "Ref":
        if not isinstance(part[name], str):
            raise Invalid("Template error: every Ref object must have a single String value.")
        yield "Ref", part[name]
        return
    if name == "Fn::GetAtt":
        resource, attribute = get_att(part[name])
        yield "GetAtt", resource
        yield from references(attribute)
        return
    if name == "Fn::Sub":
        template, variables = sub(part[name])
        for variable in VARIABLE.findall(template):
            if variable.startswith("!") or variable in variables:
                continue
            resource, dot, _ = variable.partition(".")
            yield ("GetAtt", resource) if dot else ("Ref", variable)
        for one in variables.values():
            yield from references(one)
        return
    if name == "Fn::If" and isinstance(part[name], list) and part[name] and isinstance(part[name][0], str):
        yield "Condition", part[name][0]
    if isinstance(part, dict):
        for one in part.values():
            yield from references(one)
    elif isinstance(part, list):
        for one in part:
            yield from references(one)


def check(template: dict[str, Any], *, extended: bool = False) -> None:
    """Invalid for functions that do not exist and names that lead nowhere. extended: with AWS::LanguageExtensions."""
    names = {*template.get("Parameters", {}), *PSEUDO_PARAMETERS}
    resources, conditions = template["Resources"], template.get("Conditions", {})
    for part in (resources, template.get("Outputs", {}), conditions):
        _functions_exist(part, extended)
    _conditions(conditions, names, template)
    missing = []
    for resource in resources.values():
        body = {
            key: one
            for key, one in resource.items()
            if key in ("Properties", "Metadata", "UpdatePolicy", "CreationPolicy")
        }
        for kind, name in references(body):
            missing += _missing(kind, name, names, resources, conditions, "Resources")
        depends = resource.get("DependsOn", [])
        for name in depends if isinstance(depends, list) else [depends]:
            if name not in resources:
                missing.append(name)
        if "Condition" in resource:
            _require_condition(resource["Condition"], conditions, "Resources")
    _raise_missing(missing, "Resources")
    missing = []
    for output in template.get("Outputs", {}).values():
        for kind, name in references({key: one for key, one in output.items() if key != "Condition"}):
            missing += _missing(kind, name, names, resources, conditions, "Outputs")
        if "Condition" in output:
            _require_condition(output["Condition"], conditions, "Outputs")
    _raise_missing(missing, "Outputs")
    order(resources)


def _functions_exist(part: Any, extended: bool) -> None:
    name = function_of(part)
    if name is not None and name != "Condition":
        known = name in FUNCTIONS and (extended or name not in EXTENSIONS)
        if not known and name != "Fn::Transform":
            shown = [one for one in SUPPORTED if extended or one not in EXTENSIONS]
            raise Invalid(f"Encountered unsupported function: {name} Supported functions are: [{', '.join(shown)}]")
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _functions_exist(one, extended)


def _missing(kind: str, name: str, names: set, resources: dict, conditions: dict, block: str) -> list[str]:
    if kind == "Condition":
        _require_condition(name, conditions, block)
    elif kind == "GetAtt":
        if name not in resources:
            raise Invalid(f"Template error: instance of Fn::GetAtt references undefined resource {name}")
    elif name not in resources and name not in names:
        return [name]
    return []


def _require_condition(name: Any, conditions: dict, block: str) -> None:
    if name not in conditions:
        raise Invalid(
            f"Template format error: Unresolved condition dependency {name} in the {block} block of the template"
        )


def _raise_missing(missing: list[str], block: str) -> None:
    if missing:
        named = ", ".join(dict.fromkeys(missing))
        raise Invalid(
            f"Template format error: Unresolved resource dependencies [{named}] in the {block} block of the template"
        )


def _conditions(conditions: dict[str, Any], names: set, template: dict[str, Any]) -> None:
    wrong, uses = [], {}
    for name, condition in conditions.items():
        uses[name] = []
        for kind, other in references(condition):
            if kind == "Condition":
                _require_condition(other, conditions, "Conditions")
                uses[name].append(other)
            elif kind == "GetAtt" or other not in names:
                wrong.append(other)
    if wrong:
        raise Invalid(
            f"Template format error: Unresolved dependencies [{', '.join(dict.fromkeys(wrong))}]. "
            "Cannot reference resources in the Conditions block of the template"
        )
    circle = _circle(uses)
    if circle:
        raise Invalid(f"Template format error: Circular dependency between conditions: [{', '.join(circle)}]")


def dependencies(resource: dict[str, Any], resources: Any) -> list[str]:
    """The logical ids that must be there before this resource."""
    depends = resource.get("DependsOn", [])
    found = list(depends) if isinstance(depends, list) else [depends]
    found += [name for kind, name in references(resource.get("Properties", {})) if kind in ("Ref", "GetAtt")]
    return [name for name in dict.fromkeys(found) if name in resources]


def order(resources: dict[str, Any]) -> list[str]:
    """The logical ids, each after what it depends on; Invalid for a circle."""
    uses = {name: dependencies(resource, resources) for name, resource in resources.items()}
    circle = _circle(uses)
    if circle:
        raise Invalid(f"Circular dependency between resources: [{', '.join(circle)}]")
    done: dict[str, None] = {}

    def take(name: str) -> None:
        for other in uses[name]:
            if other not in done:
                take(other)
        done.setdefault(name)

    for name in uses:
        take(name)
    return list(done)


def _circle(uses: dict[str, list[str]]) -> list[str]:
    """Whoever cannot be reached when all that depend on nothing are taken away, on both ends."""
    left = {name: set(others) for name, others in uses.items()}
    while True:
        used = {other for others in left.values() for other in others}
        gone = {name for name, others in left.items() if not (others & left.keys()) or name not in used}
        if not gone:
            return list(left)
        left = {name: others - gone for name, others in left.items() if name not in gone}
