"""Intrinsic functions and conditions: each a function of the resolver, which knows names, and of its argument.

A text with something still unknown in it is unknown itself.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

from __future__ import annotations

import base64
import ipaddress
import json
import re
from collections.abc import Callable
from typing import Any

from .template_text import Invalid
from .values import NO_VALUE, Unknown, text, unknown

VARIABLE = re.compile(r"\$\{([^}]*)\}")
_VARIABLE_NAME = re.compile(r"[A-Za-z0-9_.:]+")


def function_of(part: Any) -> str | None:
    """The function that a part of a template is, such as Ref or Fn::Join; None for plain data."""
    if isinstance(part, dict) and len(part) == 1:
        name = next(iter(part))
        if name in FUNCTIONS or name.startswith("Fn::"):
            return name
        if name == "Condition" and isinstance(part[name], str):
            return name
    return None


def true(value: Any) -> bool:
    """Whether a value counts as true in a condition."""
    return value is True or (isinstance(value, str) and value.lower() == "true")


def _list(resolve: Any, argument: Any, message: str, count: int | None = None) -> list:
    found = [resolve(one) for one in argument] if isinstance(argument, list) else resolve(argument)
    if not isinstance(found, list) or (count is not None and len(found) != count):
        raise Invalid(f"Template error: {message}")
    return found


def _ref(resolve: Any, name: Any) -> Any:
    if not isinstance(name, str):
        raise Invalid("Template error: every Ref object must have a single String value.")
    if name == "AWS::NoValue":
        return NO_VALUE
    if name in resolve.parameters:
        return resolve.parameters[name]
    if name in resolve.pseudo:
        return resolve.pseudo[name]
    return resolve.resource(name)


def get_att(argument: Any) -> tuple[str, Any]:
    """(resource, attribute) of an Fn::GetAtt; the attribute may be a Ref."""
    if isinstance(argument, str):
        argument = argument.split(".", 1)
    if not isinstance(argument, list) or len(argument) < 2 or not isinstance(argument[0], str) or not all(argument):
        raise Invalid(
            "Template error: every Fn::GetAtt object requires two non-empty parameters, "
            "the resource name and the resource attribute"
        )
    attribute = argument[1] if len(argument) == 2 else ".".join(map(str, argument[1:]))
    return argument[0], attribute


def _get_att(resolve: Any, argument: Any) -> Any:
    name, attribute = get_att(argument)
    return resolve.attribute(name, text(resolve(attribute)))


def _join(resolve: Any, argument: Any) -> Any:
    wrong = (
        "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of "
        "strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined."
    )
    if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str):
        raise Invalid(wrong)
    values = resolve(argument[1])
    if isinstance(values, Unknown):
        return values
    if not isinstance(values, list) or any(isinstance(one, (dict, list)) for one in values):
        raise Invalid(wrong)
    return unknown(values) or argument[0].join(map(text, values))


def _select(resolve: Any, argument: Any) -> Any:
    if not isinstance(argument, list) or len(argument) != 2:
        raise Invalid(
            "Template error: Fn::Select requires a list argument with two elements: an integer index and a list"
        )
    index, values = resolve(argument[0]), resolve(argument[1])
    if isinstance(values, Unknown):
        return values
    if not isinstance(values, list) or not re.fullmatch(r"-?\d+", text(index)):
        raise Invalid(
            "Template error: Fn::Select requires a list argument with two elements: an integer index and a list"
        )
    if not 0 <= int(index) < len(values):
        raise Invalid(f"Template error: Fn::Select cannot select nonexistent value at index {index}")
    return values[int(index)]


def _split(resolve: Any, argument: Any) -> Any:
    wrong = (
        "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string "
        "to be split or a function that returns a string to be split."
    )
    if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str) or not argument[0]:
        raise Invalid(wrong)
    value = resolve(argument[1])
    if isinstance(value, Unknown):
        return value
    if isinstance(value, (dict, list)):
        raise Invalid(wrong)
    return text(value).split(argument[0])


def _sub(resolve: Any, argument: Any) -> Any:
    template, variables = sub(argument)
    given = {name: resolve(one) for name, one in variables.items()}
    parts: list[Any] = []
    at = 0
    for match in VARIABLE.finditer(template):
        parts.append(template[at : match.start()])
        at, name = match.end(), match[1]
        if name.startswith("!"):
            parts.append(f"${{{name[1:]}}}")
        elif name in given:
            parts.append(given[name])
        elif "." in name:
            parts.append(resolve.attribute(*name.split(".", 1)))
        else:
            parts.append(_ref(resolve, name))
    parts.append(template[at:])
    if any(isinstance(one, (dict, list)) for one in parts):
        raise Invalid("Template error: every value of an Fn::Sub must be a string.")
    return unknown(*parts) or "".join(text(one) for one in parts if one is not NO_VALUE)


def sub(argument: Any) -> tuple[str, dict[str, Any]]:
    """(text, map of values) of an Fn::Sub."""
    if isinstance(argument, str):
        argument = [argument, {}]
    if (
        not isinstance(argument, list)
        or len(argument) != 2
        or not isinstance(argument[0], str)
        or not isinstance(argument[1], dict)
    ):
        raise Invalid(
            "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a "
            "string as first argument, and an optional second argument to specify a mapping of values to replace in "
            "the string"
        )
    for name in VARIABLE.findall(argument[0]):
        if not name.startswith("!") and not _VARIABLE_NAME.fullmatch(name):
            raise Invalid(
                "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, "
                "underscores, periods, and colons"
            )
    return argument[0], argument[1]


def _find_in_map(resolve: Any, argument: Any) -> Any:
    if not isinstance(argument, list) or len(argument) not in (3, 4):
        raise Invalid(
            "Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the "
            "attribute for return value"
        )
    name, key, attribute = (text(resolve(one)) for one in argument[:3])
    mappings = resolve.template.get("Mappings", {})
    default = argument[3].get("DefaultValue") if len(argument) == 4 and isinstance(argument[3], dict) else None
    try:
        return mappings[name][key][attribute]
    except (KeyError, TypeError):
        if default is not None:
            return resolve(default)
    if name not in mappings:
        raise Invalid(f"Template error: Mapping named '{name}' is not present in the 'Mappings' section of template.")
    raise Invalid(f"Template error: Unable to get mapping for {name}::{key}::{attribute}")


def _get_azs(resolve: Any, argument: Any) -> Any:
    region = resolve(argument)
    return resolve.zones(region or resolve.pseudo["AWS::Region"])


def _base64(resolve: Any, argument: Any) -> Any:
    value = resolve(argument)
    if isinstance(value, (dict, list)):
        raise Invalid("Template error: every Fn::Base64 object must have a String-typed value.")
    return value if isinstance(value, Unknown) else base64.b64encode(text(value).encode()).decode()


def _cidr(resolve: Any, argument: Any) -> Any:
    wrong = "every Fn::Cidr object requires an IP block, a count between 1 and 256, and an optional number of bits"
    values = _list(resolve, argument, wrong)
    if len(values) not in (2, 3):
        raise Invalid(f"Template error: {wrong}")
    block, count, *bits = values
    if waiting := unknown(block, count, *bits):
        return waiting
    try:
        network = ipaddress.ip_network(text(block), strict=False)
        count, host_bits = int(count), int(bits[0]) if bits else (64 if network.version == 6 else 8)
        prefix = network.max_prefixlen - host_bits
        if not 1 <= count <= 256 or prefix < network.prefixlen or 2 ** (prefix - network.prefixlen) < count:
            raise ValueError
    except (TypeError, ValueError):
        raise Invalid(f"Template error: {wrong}") from None
    found = network.subnets(new_prefix=prefix)
    return [str(next(found)) for _ in range(count)]


def _import_value(resolve: Any, argument: Any) -> Any:
    name = resolve(argument)
    if isinstance(name, Unknown):
        raise Invalid(
            "Template error: the attribute in Fn::ImportValue must not depend on any resources, imported values, or Fn::GetAZs"
        )
    return resolve.exported(text(name))


def _if(resolve: Any, argument: Any) -> Any:
    if not isinstance(argument, list) or len(argument) != 3 or not isinstance(argument[0], str):
        raise Invalid(
            "Template error: Fn::If requires a list argument with three elements, a condition name and two values"
        )
    return resolve(argument[1] if resolve.condition(argument[0]) else argument[2])


def _equals(resolve: Any, argument: Any) -> bool:
    wrong = "every Fn::Equals object requires a list of 2 string parameters."
    one, other = _list(resolve, argument, wrong, 2)
    return (one == other) if isinstance(one, (dict, list)) else text(one) == text(other)


def _not(resolve: Any, argument: Any) -> bool:
    return not true(_list(resolve, argument, "every Fn::Not object requires one boolean parameter.", 1)[0])


def _and_or(name: str, combine: Callable) -> Callable:
    wrong = f"every Fn::{name} object requires a list of at least 2 and at most 10 boolean parameters."

    def function(resolve: Any, argument: Any) -> bool:
        if not isinstance(argument, list) or not 2 <= len(argument) <= 10:
            raise Invalid(f"Template error: {wrong}")
        return combine(true(resolve(one)) for one in argument)

    return function


def _to_json(resolve: Any, argument: Any) -> Any:
    value = resolve(argument)
    return unknown(value) or json.dumps(value, separators=(",", ":"))


def _length(resolve: Any, argument: Any) -> Any:
    value = resolve(argument)
    if not isinstance(value, list):
        raise Invalid("Template error: Fn::Length requires a list argument")
    return len(value)


FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": _get_azs,
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::ImportValue": _import_value,
    "Fn::If": _if,
    "Fn::Equals": _equals,
    "Fn::Not": _not,
    "Fn::And": _and_or("And", all),
    "Fn::Or": _and_or("Or", any),
    "Fn::ToJsonString": _to_json,
    "Fn::Length": _length,
}
# What AWS names in its message; the last two need the transform AWS::LanguageExtensions.
SUPPORTED = sorted(name for name in FUNCTIONS if name.startswith("Fn::"))[:]
EXTENSIONS = ("Fn::ToJsonString", "Fn::Length")
