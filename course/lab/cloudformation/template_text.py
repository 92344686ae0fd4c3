"""The text of a template, JSON or YAML with the short forms of functions, as plain data.

Numbers, booleans and dates stay what the template says; a date such as 2010-09-09 is a text, as in a policy's Version.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
"""

from __future__ import annotations

import json
from typing import Any

import yaml

try:  # PyYAML's parser in C, where it was built with it, is ten times as fast
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # pragma: no cover
    from yaml import SafeLoader as _SafeLoader


class Invalid(ValueError):
    """A template or its parameters that AWS refuses; the message is AWS's, the code ValidationError."""


class _Loader(_SafeLoader):
    pass


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _SafeLoader.yaml_implicit_resolvers.items()
}
_FUNCTIONS = (
    "And Base64 Cidr Contains EachMemberEquals EachMemberIn Equals FindInMap ForEach GetAZs GetStackOutput If "
    "ImportValue Join Length Not Or RefAll Select Split Sub ToJsonString Transform ValueOf ValueOfAll"
).split()


def _short_form(loader: Any, name: str, node: Any) -> Any:
    if name not in (*_FUNCTIONS, "Ref", "Condition", "GetAtt"):
        raise _not_well_formed("YAML", node.start_mark)
    if isinstance(node, yaml.ScalarNode):
        # The text as it is written: !Ref 123 names a thing, not a number.
        value: Any = node.value
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if name == "GetAtt":
        if isinstance(value, str):
            value = value.split(".", 1)
        return {"Fn::GetAtt": value}
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _short_form)


def parse(text: str) -> dict[str, Any]:
    """The template as a dict. Invalid, with line and column, for text that is no JSON or YAML, or no template."""
    if text.lstrip().startswith("{"):
        try:
            template = json.loads(text)
        except json.JSONDecodeError as wrong:
            raise Invalid(
                f"Template format error: JSON not well-formed. (line {wrong.lineno}, column {wrong.colno})"
            ) from None
    else:
        template = _parse_yaml(text)
    if not isinstance(template, dict):
        raise Invalid("Template format error: unsupported structure.")
    return template


def _parse_yaml(text: str) -> Any:
    try:
        if "*" in text and any(isinstance(one, yaml.AliasToken) for one in yaml.scan(text, Loader=_Loader)):
            raise Invalid("Template error: YAML aliases are not allowed in CloudFormation templates")
        return yaml.load(text, Loader=_Loader)  # noqa: S506  a subclass of the safe loader
    except yaml.MarkedYAMLError as wrong:
        raise _not_well_formed("YAML", wrong.problem_mark or wrong.context_mark) from None
    except yaml.reader.ReaderError as wrong:
        line = text.count("\n", 0, wrong.position) + 1
        column = wrong.position - text.rfind("\n", 0, wrong.position)
        raise Invalid(f"Template format error: YAML not well-formed. (line {line}, column {column})") from None
    except RecursionError:
        raise Invalid("Template format error: unsupported structure.") from None


def _not_well_formed(kind: str, mark: Any) -> Invalid:
    place = f" (line {mark.line + 1}, column {mark.column + 1})" if mark is not None else ""
    return Invalid(f"Template format error: {kind} not well-formed.{place}")
