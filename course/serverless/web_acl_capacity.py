"""The capacity units (WCU) of AWS WAF rules, as CheckCapacity counts them.

https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil
from typing import Any

from course.data import figures, value

__all__ = ["capacity", "statements"]

_NESTING = {"AndStatement": "Statements", "OrStatement": "Statements", "NotStatement": "Statement"}
_SCOPING = ("RateBasedStatement", "ManagedRuleGroupStatement")


def statements(statement: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """A statement and all that are nested in it, as (kind, content), the outer ones first."""
    for kind, content in statement.items():
        yield kind, content
        inner = content.get(_NESTING.get(kind, ""), [])
        for one in inner if isinstance(inner, list) else [inner]:
            yield from statements(one)
        if kind in _SCOPING and content.get("ScopeDownStatement"):
            yield from statements(content["ScopeDownStatement"])


def capacity(rules: Sequence[Mapping[str, Any]], rule_group: Callable[[str], int] = lambda arn: 0) -> int:
    """The WCU of the rules of a web ACL or rule group. rule_group: the capacity of a rule group by its ARN."""
    total, transformed, labels = 0, set(), 0
    for rule in rules:
        labels += len(rule.get("RuleLabels") or [])
        for kind, content in statements(rule["Statement"]):
            total += _of_statement(kind, content, rule_group)
            for one in content.get("TextTransformations") or []:
                if one["Type"] != "NONE":
                    # A transformation of the same part of the request is done, and counted, once.
                    transformed.add((json.dumps(content["FieldToMatch"], sort_keys=True, default=str), one["Type"]))
    total += len(transformed) * value("wafv2.capacity.text_transformation")
    return total + ceil(labels / value("wafv2.capacity.labels_per_unit"))


def _of_statement(kind: str, content: Mapping[str, Any], rule_group: Callable[[str], int]) -> int:
    if kind in _NESTING:
        return 0
    if kind == "ManagedRuleGroupStatement":
        known = figures("wafv2.managed_rule_groups")
        return known[content["Name"]].value if content["Name"] in known else 0
    if kind == "RuleGroupReferenceStatement":
        return rule_group(content["ARN"])
    units = _base(kind, content)
    field = content.get("FieldToMatch") or {}
    if "JsonBody" in field:
        units *= value("wafv2.capacity.json_body_factor")
    if "AllQueryArguments" in field:
        units += value("wafv2.capacity.all_query_arguments")
    return units


def _base(kind: str, content: Mapping[str, Any]) -> int:
    if kind == "ByteMatchStatement":
        anywhere = content["PositionalConstraint"] in ("CONTAINS", "CONTAINS_WORD")
        return value(f"wafv2.capacity.byte_match_{'anywhere' if anywhere else 'position'}")
    if kind == "SqliMatchStatement" and content.get("SensitivityLevel") == "HIGH":
        return value("wafv2.capacity.sqli_high")
    if kind == "IPSetReferenceStatement" and content.get("IPSetForwardedIPConfig", {}).get("Position") == "ANY":
        return value("wafv2.capacity.any_forwarded_position")
    units = value(f"wafv2.capacity.{kind}")
    if kind == "RateBasedStatement":
        units += len(content.get("CustomKeys") or []) * value("wafv2.capacity.custom_key")
    return units
