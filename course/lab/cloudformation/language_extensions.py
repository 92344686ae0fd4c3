"""The transform AWS::LanguageExtensions: Fn::ForEach loops; Fn::Length and Fn::ToJsonString are functions like others.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-aws-languageextensions.html
"""

from __future__ import annotations

from typing import Any

from .parameters import typed
from .template_text import Invalid

_LOOP = "Fn::ForEach::"


def expanded(template: Any, parameters: dict[str, Any]) -> Any:
    """The template without loops; a list to go through is written out or a Ref to a parameter."""
    declared = template.get("Parameters", {}) if isinstance(template, dict) else {}
    lists = {name: typed(declared[name]["Type"], value) for name, value in parameters.items() if name in declared}
    made = _expand(template, lists, {})
    for resource in made.get("Resources", {}).values():
        # With this transform a policy may be a parameter.
        for attribute in ("DeletionPolicy", "UpdateReplacePolicy"):
            policy = resource.get(attribute) if isinstance(resource, dict) else None
            if isinstance(policy, dict) and set(policy) == {"Ref"} and policy["Ref"] in parameters:
                resource[attribute] = parameters[policy["Ref"]]
    return made


def _expand(part: Any, lists: dict[str, Any], bound: dict[str, str]) -> Any:
    if isinstance(part, str):
        for name, value in bound.items():
            part = part.replace(f"${{{name}}}", value).replace(f"&{{{name}}}", value)
        return part
    if isinstance(part, list):
        return [_expand(one, lists, bound) for one in part]
    if not isinstance(part, dict):
        return part
    if set(part) == {"Ref"} and part["Ref"] in bound:
        return bound[part["Ref"]]
    made: dict[str, Any] = {}
    for key, one in part.items():
        if key.startswith(_LOOP):
            made |= _loop(key, one, lists, bound)
        else:
            made[_expand(key, lists, bound)] = _expand(one, lists, bound)
    return made


def _loop(key: str, loop: Any, lists: dict[str, Any], bound: dict[str, str]) -> dict[str, Any]:
    if not isinstance(loop, list) or len(loop) != 3 or not isinstance(loop[0], str) or not isinstance(loop[2], dict):
        raise Invalid(f"Transform AWS::LanguageExtensions failed with: {key} layout is incorrect")
    name, values, body = loop
    values = _expand(values, lists, bound)
    if isinstance(values, dict) and set(values) == {"Ref"} and isinstance(lists.get(values["Ref"]), list):
        values = lists[values["Ref"]]
    if not isinstance(values, list) or not all(isinstance(one, (str, int)) for one in values):
        raise Invalid(f"Transform AWS::LanguageExtensions failed with: {key} values can not be resolved")
    made: dict[str, Any] = {}
    for value in values:
        made |= _expand(body, lists, {**bound, name: str(value)})
    return made
