"""Parameters whose values live elsewhere: Parameter Store, and ids that must exist in the account.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
"""

from __future__ import annotations

import re
from typing import Any

from .caller import Failed, ask
from .parameters import is_list
from .scope import Desired
from .state import Stack
from .template_text import Invalid

_STORED = re.compile(r"AWS::SSM::Parameter::Value<(.*)>")
# Type -> (service, operation, parameter for the value, code when there is none).
_LOOKUPS: dict[str, tuple[str, str, str]] = {
    "AWS::EC2::AvailabilityZone::Name": ("ec2", "describe_availability_zones", "ZoneNames"),
    "AWS::EC2::Image::Id": ("ec2", "describe_images", "ImageIds"),
    "AWS::EC2::Instance::Id": ("ec2", "describe_instances", "InstanceIds"),
    "AWS::EC2::KeyPair::KeyName": ("ec2", "describe_key_pairs", "KeyNames"),
    "AWS::EC2::SecurityGroup::GroupName": ("ec2", "describe_security_groups", "GroupNames"),
    "AWS::EC2::SecurityGroup::Id": ("ec2", "describe_security_groups", "GroupIds"),
    "AWS::EC2::Subnet::Id": ("ec2", "describe_subnets", "SubnetIds"),
    "AWS::EC2::VPC::Id": ("ec2", "describe_vpcs", "VpcIds"),
    "AWS::EC2::Volume::Id": ("ec2", "describe_volumes", "VolumeIds"),
    "AWS::Route53::HostedZone::Id": ("route53", "get_hosted_zone", "Id"),
    "AWS::SSM::Parameter::Name": ("ssm", "get_parameter", "Name"),
}


def stored_values(template: dict[str, Any], parameters: dict[str, str], region: str) -> dict[str, str]:
    """The values of parameters of a type AWS::SSM::Parameter::Value<...>. Invalid as AWS refuses them at once."""
    found: dict[str, str] = {}
    absent, secure, other = [], [], []
    for name, value in parameters.items():
        kind = template["Parameters"][name]["Type"]
        if not _STORED.fullmatch(kind):
            continue
        try:
            stored = ask("ssm", region, "get_parameter", Name=value)["Parameter"]
        except Failed as failed:
            if failed.code not in ("ParameterNotFound", "ParameterVersionNotFound", "ValidationException"):
                raise Invalid(failed.reason) from None
            absent.append(value)
            continue
        if stored["Type"] == "SecureString":
            secure.append(value)
        elif (stored["Type"] == "StringList") != is_list(kind):
            other.append(value)
        found[name] = ",".join(one.strip() for one in stored["Value"].split(",")) if is_list(kind) else stored["Value"]
    if absent:
        raise Invalid(f"Unable to fetch parameters [{','.join(absent)}] from parameter store for this account.")
    if secure:
        raise Invalid(
            f"Parameters [{', '.join(secure)}] referenced by template have types not supported by CloudFormation."
        )
    if other:
        raise Invalid(f"Types for SSM parameters [{', '.join(other)}] defined in CFN template and SSM are incompatible")
    return found


def require_existing(stack: Stack, desired: Desired) -> None:
    """Failed for values of AWS-specific types that the account does not have; who may not look finds nothing."""
    missing = []
    for name, value in desired.parameters.items():
        declared = desired.template.get("Parameters", {}).get(name)
        if declared is None:
            continue
        kind = _inner(declared["Type"])
        if kind not in _LOOKUPS:
            continue
        value = desired.resolved.get(name, value)
        parts = [one.strip() for one in value.split(",")] if is_list(declared["Type"]) else [value]
        missing += [
            f"parameter value {one} for parameter name {name} does not exist"
            for one in parts
            if not _exists(stack, kind, one)
        ]
    if missing:
        raise Failed(f"Parameter validation failed: {', '.join(missing)}")


def _inner(kind: str) -> str:
    stored = _STORED.fullmatch(kind)
    kind = stored[1] if stored else kind
    return kind[5:-1] if kind.startswith("List<") else kind


def _exists(stack: Stack, kind: str, value: str) -> bool:
    service, operation, parameter = _LOOKUPS[kind]
    if not value:
        return False
    try:
        ask(service, stack.region, operation, **{parameter: [value] if parameter.endswith("s") else value})
    except Failed:
        return False
    return True
