"""ValidateTemplate, GetTemplate and GetTemplateSummary.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ValidateTemplate.html
"""

from __future__ import annotations

import json
from typing import Any

from ..gate import Call, Refused
from . import capabilities, references, template_format, transforms
from .operations import operation
from .state import found
from .template_source import body_of
from .template_text import parse
from .values import text


def _read(body: str) -> tuple[dict[str, Any], list[str]]:
    """A template that is well formed, and the names of its transforms; types and properties are not looked at."""
    template = parse(body)
    names = transforms.declared(template)
    template_format.check(template, macros=bool(names))
    if not names:
        references.check(template)
    return template, names


def _needed(template: dict[str, Any], names: list[str]) -> dict[str, Any]:
    wanted, types = capabilities.needed(template)
    if any(name not in (transforms.EXTENSIONS, transforms.INCLUDE) for name in names):
        wanted = [*wanted, capabilities.AUTO_EXPAND]
    told: dict[str, Any] = {"DeclaredTransforms": names}
    if wanted:
        told["Capabilities"] = wanted
    if types:
        told["CapabilitiesReason"] = f"The following resource(s) require capabilities: [{', '.join(types)}]"
    return told


@operation("ValidateTemplate")
def validate_template(call: Call) -> dict:
    """Whether AWS could read it. Whether the types exist and the properties are right shows only with a stack."""
    template, names = _read(body_of(call))
    parameters = []
    for name, parameter in template.get("Parameters", {}).items():
        one = {"ParameterKey": name, "NoEcho": _flag(parameter)}
        if "Default" in parameter:
            one["DefaultValue"] = text(parameter["Default"])
        if "Description" in parameter:
            one["Description"] = parameter["Description"]
        parameters.append(one)
    told = {"Parameters": parameters, **_needed(template, names)}
    if "Description" in template:
        told["Description"] = template["Description"]
    return told


def _flag(parameter: dict[str, Any]) -> bool:
    return text(parameter.get("NoEcho", False)).lower() == "true"


@operation("GetTemplateSummary")
def get_template_summary(call: Call) -> dict:
    """Of a template, or of the stack that has it."""
    name = call.params.get("StackName")
    body = found(call, name).body if name else body_of(call)
    template, names = _read(body)
    parameters = []
    for key, parameter in template.get("Parameters", {}).items():
        one = {"ParameterKey": key, "ParameterType": parameter["Type"], "NoEcho": _flag(parameter)}
        if "Default" in parameter:
            one["DefaultValue"] = text(parameter["Default"])
        if "Description" in parameter:
            one["Description"] = parameter["Description"]
        allowed = parameter.get("AllowedValues")
        one["ParameterConstraints"] = {"AllowedValues": [text(value) for value in allowed]} if allowed else {}
        parameters.append(one)
    resources = {key: one for key, one in template["Resources"].items() if isinstance(one, dict) and "Type" in one}
    told: dict[str, Any] = {
        "Parameters": parameters,
        "ResourceTypes": list(dict.fromkeys(one["Type"] for one in resources.values())),
        "ResourceIdentifierSummaries": [],
        **_needed(template, names),
    }
    for key, section in (("Description", "Description"), ("Version", "AWSTemplateFormatVersion")):
        if section in template:
            told[key] = template[section]
    if "Metadata" in template:
        told["Metadata"] = json.dumps(template["Metadata"])
    return told


@operation("GetTemplate")
def get_template(call: Call) -> dict:
    """As it was sent (Original), or with its transforms done (Processed)."""
    params = call.params
    stage = params.get("TemplateStage", "Original")
    name = params.get("ChangeSetName")
    if name:
        from .change_sets import change_set_of

        held = change_set_of(call).desired
        body, template = held.body, held.template
    else:
        stack = found(call, params.get("StackName"))
        body, template = stack.body, stack.template
        if not body:
            raise Refused("ValidationError", f"Stack with id {params.get('StackName')} does not exist")
    if stage == "Processed" and transforms.declared(parse(body)):
        body = json.dumps(template)
    return {"TemplateBody": body, "StagesAvailable": ["Original", "Processed"]}
