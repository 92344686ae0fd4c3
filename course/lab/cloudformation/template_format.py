"""The sections of a template and what each may hold: what AWS checks before it looks at any function.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""

from __future__ import annotations

import re
from typing import Any

from course.data import value

from .template_text import Invalid

SECTIONS = (
    *("AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Rules", "Mappings", "Conditions"),
    *("Transform", "Resources", "Outputs", "Hooks"),
)
_RESOURCE = (
    *("Type", "Properties", "DependsOn", "Condition", "CreationPolicy", "DeletionPolicy", "UpdatePolicy"),
    *("UpdateReplacePolicy", "Metadata", "Version"),
)
_PARAMETER = (
    *("Type", "Default", "Description", "NoEcho", "AllowedValues", "AllowedPattern", "ConstraintDescription"),
    *("MinLength", "MaxLength", "MinValue", "MaxValue"),
)
_OUTPUT = ("Value", "Description", "Export", "Condition")
_AWS_TYPES = (
    *("AWS::EC2::AvailabilityZone::Name", "AWS::EC2::Image::Id", "AWS::EC2::Instance::Id"),
    *("AWS::EC2::SecurityGroup::GroupName", "AWS::EC2::SecurityGroup::Id", "AWS::EC2::Subnet::Id"),
    *("AWS::EC2::Volume::Id", "AWS::EC2::VPC::Id", "AWS::Route53::HostedZone::Id"),
)
_SSM_INNER = ("String", *_AWS_TYPES, "AWS::EC2::KeyPair::KeyName")
PARAMETER_TYPES = frozenset(
    [
        *("String", "Number", "List<Number>", "CommaDelimitedList", "List<String>"),
        *("AWS::EC2::KeyPair::KeyName", "AWS::SSM::Parameter::Name"),
        *_AWS_TYPES,
        *(f"List<{one}>" for one in _AWS_TYPES),
        *(f"AWS::SSM::Parameter::Value<{one}>" for one in (*_SSM_INNER, "CommaDelimitedList")),
        *(f"AWS::SSM::Parameter::Value<List<{one}>>" for one in _SSM_INNER),
    ]
)
POLICIES = ("Delete", "Retain", "Snapshot", "RetainExceptOnCreate")
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
SNAPSHOTS = (
    *("AWS::DocDB::DBCluster", "AWS::EC2::Volume", "AWS::ElastiCache::CacheCluster"),
    *("AWS::ElastiCache::ReplicationGroup", "AWS::Neptune::DBCluster", "AWS::RDS::DBCluster"),
    *("AWS::RDS::DBInstance", "AWS::Redshift::Cluster"),
)


def check(template: dict[str, Any], *, macros: bool = False) -> None:
    """Invalid for a template whose sections AWS refuses. macros: it still has transforms to go through."""
    unknown = [key for key in template if key not in SECTIONS and not (macros and key in ("Globals", "Fn::Transform"))]
    if unknown:
        raise Invalid(f"Invalid template property or properties [{', '.join(map(str, unknown))}]")
    _version_and_description(template)
    _no_nulls(template, "")
    resources = template.get("Resources")
    if not isinstance(resources, dict) or not resources:
        raise Invalid("Template format error: At least one Resources member must be defined.")
    for section in ("Parameters", "Mappings", "Conditions", "Outputs", "Metadata", "Rules"):
        if not isinstance(template.get(section, {}), dict):
            raise Invalid(f"Template format error: {section} must be an object.")
    _sizes(template)
    for name, parameter in template.get("Parameters", {}).items():
        _parameter(name, parameter)
    for name, mapping in template.get("Mappings", {}).items():
        _mapping(name, mapping)
    for name, resource in resources.items():
        if macros and name.startswith("Fn::"):
            continue
        _resource(name, resource, macros)
    for name, output in template.get("Outputs", {}).items():
        if not (macros and name.startswith("Fn::")):
            _output(name, output, template)
    for name, condition in template.get("Conditions", {}).items():
        if not isinstance(condition, dict) and not isinstance(condition, bool):
            raise Invalid(f"Template format error: Every Conditions member must be an object: {name}")


def _version_and_description(template: dict[str, Any]) -> None:
    version = template.get("AWSTemplateFormatVersion", "2010-09-09")
    if version != "2010-09-09":
        raise Invalid("Template format error: unsupported value for AWSTemplateFormatVersion.")
    description = template.get("Description", "")
    if not isinstance(description, str):
        raise Invalid("Template format error: Description must be a string.")
    most = value("cloudformation.template.description")
    if len(description.encode()) > most:
        raise Invalid(f"Template format error: 'Description' length is greater than {most}.")


def _no_nulls(part: Any, path: str) -> None:
    if part is None:
        raise Invalid(f"[{path}] 'null' values are not allowed in templates")
    if isinstance(part, dict):
        for key, one in part.items():
            if not isinstance(key, str):
                raise Invalid(f"Template format error: [{path}] a name must be a string, not {key!r}.")
            # "Resources:" with nothing below is told as what it lacks.
            if path or key != "Resources" or one is not None:
                _no_nulls(one, f"{path}/{key}")
    elif isinstance(part, list):
        for position, one in enumerate(part):
            _no_nulls(one, f"{path}/{position}")


def _sizes(template: dict[str, Any]) -> None:
    for section in ("Resources", "Parameters", "Outputs", "Mappings"):
        count, most = len(template.get(section, {})), value(f"cloudformation.template.{section.lower()}")
        if count > most:
            noun = section.lower()
            raise Invalid(f"Template format error: Number of {noun}, {count}, is greater than maximum allowed, {most}")


def _alphanumeric(kind: str, name: str) -> None:
    if not re.fullmatch("[A-Za-z0-9]+", name):
        raise Invalid(f"Template format error: {kind} name {name} is non alphanumeric.")


def _parameter(name: str, parameter: Any) -> None:
    _alphanumeric("Parameter", name)
    if not isinstance(parameter, dict):
        raise Invalid("Template format error: Any Parameters member must be an object.")
    for key in parameter:
        if key not in _PARAMETER:
            raise Invalid(f"Invalid template parameter property '{key}'")
    if "Type" not in parameter:
        raise Invalid("Template format error: Every Parameters object must contain a Type member.")
    if not isinstance(parameter["Type"], str) or parameter["Type"] not in PARAMETER_TYPES:
        raise Invalid(f"Template format error: Unrecognized parameter type: {parameter['Type']}")
    if isinstance(parameter.get("Default"), (dict, list)):
        raise Invalid("Template format error: Every Default member must be a string.")
    if "AllowedValues" in parameter and not isinstance(parameter["AllowedValues"], list):
        raise Invalid("Template format error: Every AllowedValues member must be a list.")


def _mapping(name: str, mapping: Any) -> None:
    _alphanumeric("Mapping", name)
    if not isinstance(mapping, dict):
        raise Invalid("Template format error: Every Mappings member must be a map")
    for key, attributes in mapping.items():
        if key.startswith("Fn::"):
            continue
        if not isinstance(attributes, dict):
            raise Invalid(f"Template format error: Every Mappings member {key} must be a map")
        for one in attributes.values():
            if isinstance(one, dict):
                raise Invalid("Template format error: Every Mappings attribute must be a String or a List.")


def _resource(name: str, resource: Any, macros: bool) -> None:
    _alphanumeric("Resource", name)
    if not isinstance(resource, dict):
        raise Invalid("Template format error: Any Resources member must be an object.")
    if macros and "Fn::Transform" in resource:
        return
    if not isinstance(resource.get("Type"), str):
        raise Invalid(f"Template format error: [/Resources/{name}] Every Resources object must contain a Type member.")
    serverless = macros and resource["Type"].startswith("AWS::Serverless::")
    for key in resource:
        if key not in _RESOURCE and not (serverless and key in ("Connectors", "IgnoreGlobals")):
            raise Invalid(f"Invalid template resource property '{key}'")
    if not isinstance(resource.get("Properties", {}), dict):
        raise Invalid(f"Template format error: [/Resources/{name}/Properties] Properties must be an object.")
    if not isinstance(resource.get("Condition", ""), str):
        raise Invalid("Template format error: Every Condition member must be a string.")
    depends = resource.get("DependsOn", [])
    if not all(isinstance(one, str) for one in (depends if isinstance(depends, list) else [depends])):
        raise Invalid("Template format error: DependsOn must be a string or list of strings.")
    for attribute in ("DeletionPolicy", "UpdateReplacePolicy"):
        policy = resource.get(attribute, "Delete")
        if not isinstance(policy, str):
            continue  # a function, which AWS::LanguageExtensions allows and references.py refuses without
        known = POLICIES if attribute == "DeletionPolicy" else POLICIES[:3]
        if policy not in known:
            raise Invalid(f"Template format error: Unrecognized {attribute} {policy} for resource {name}")
        if policy == "Snapshot" and resource["Type"] not in SNAPSHOTS:
            raise Invalid(f"Template error: resource type {resource['Type']} does not support {attribute} Snapshot")


def _output(name: str, output: Any, template: dict[str, Any]) -> None:
    _alphanumeric("Output", name)
    if not isinstance(output, dict):
        raise Invalid("Template format error: Any Outputs member must be an object.")
    if "Value" not in output:
        raise Invalid("Template format error: Every Outputs member must contain a Value object")
    for key in output:
        if key not in _OUTPUT:
            raise Invalid(f"Invalid template output property '{key}'")
    if "Export" in output and (not isinstance(output["Export"], dict) or "Name" not in output["Export"]):
        raise Invalid(f"Template format error: Output {name} is malformed. The Export must contain a Name.")
    if isinstance(output["Value"], list):
        raise Invalid("Template format error: The Value field of every Outputs member must evaluate to a String.")
