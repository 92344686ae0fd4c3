"""What a web ACL of AWS WAF does with a request: its rules by priority, until one allows or blocks, else the default.

    evaluate(acl, Request("/admin", ip="203.0.113.9", country="FR"), ip_sets={arn: ["203.0.113.0/24"]}).action

`acl` is the "WebACL" of `get_web_acl`.

https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-processing.html
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .web_acl_fields import parts, transformed

__all__ = ["Request", "Verdict", "evaluate"]


@dataclass(frozen=True)
class Request:
    """What WAF sees of a request. query: without "?". rate: requests of this address in the evaluation window, with this one."""

    path: str = "/"
    query: str = ""
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    ip: str = "192.0.2.1"
    country: str = ""
    rate: int = 1


@dataclass(frozen=True)
class Verdict:
    """action: ALLOW, BLOCK, CAPTCHA or CHALLENGE. rule: the one that decided, "" for the default action.

    counted: rules that matched and only counted. labels: what matching rules have put on the request.
    """

    action: str
    rule: str = ""
    counted: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Sources:
    ip_sets: Mapping[str, Sequence[str]]
    patterns: Mapping[str, Sequence[str]]
    managed: Callable[[str, Request], bool]


def evaluate(
    web_acl: Mapping[str, Any],
    request: Request,
    *,
    ip_sets: Mapping[str, Sequence[str]] | None = None,
    regex_sets: Mapping[str, Sequence[str]] | None = None,
    managed: Callable[[str, Request], bool] | None = None,
) -> Verdict:
    """The end of a request.

    ip_sets, regex_sets: addresses and patterns by the ARN of their set. managed: whether a managed rule group (by name)
    or a rule group (by ARN) matches; none does unless said otherwise, for AWS does not publish their rules.

    ValueError for a statement that is not modelled (SQL injection, cross-site scripting, ASN), for its matching is AWS's.
    """
    sources = _Sources(ip_sets or {}, regex_sets or {}, managed or (lambda name, _: False))
    labels: list[str] = []
    counted: list[str] = []
    for rule in sorted(web_acl.get("Rules") or [], key=lambda one: one["Priority"]):
        if not _matches(rule["Statement"], request, labels, sources):
            continue
        labels += [one["Name"] for one in rule.get("RuleLabels") or []]
        action = _action(rule)
        if action == "COUNT":
            counted.append(rule["Name"])
        else:
            return Verdict(action, rule["Name"], tuple(counted), tuple(labels))
    return Verdict(_name(web_acl["DefaultAction"]), "", tuple(counted), tuple(labels))


def _action(rule: Mapping[str, Any]) -> str:
    """A rule group's own rules block, unless the rule that refers to it overrides them with Count."""
    if rule.get("OverrideAction"):
        return "COUNT" if "Count" in rule["OverrideAction"] else "BLOCK"
    return _name(rule["Action"])


def _name(action: Mapping[str, Any]) -> str:
    (name,) = action
    return name.upper()


def _matches(statement: Mapping[str, Any], request: Request, labels: Iterable[str], sources: _Sources) -> bool:
    ((kind, content),) = statement.items()
    if kind in ("AndStatement", "OrStatement"):
        results = [_matches(one, request, labels, sources) for one in content["Statements"]]
        return all(results) if kind == "AndStatement" else any(results)
    if kind == "NotStatement":
        return not _matches(content["Statement"], request, labels, sources)
    if kind in ("RateBasedStatement", "ManagedRuleGroupStatement"):
        down = content.get("ScopeDownStatement")
        if down and not _matches(down, request, labels, sources):
            return False
        return request.rate > content["Limit"] if "Limit" in content else sources.managed(content["Name"], request)
    if kind == "RuleGroupReferenceStatement":
        return sources.managed(content["ARN"], request)
    if kind == "GeoMatchStatement":
        return request.country in content["CountryCodes"]
    if kind == "LabelMatchStatement":
        return any(_labelled(one, content["Key"], content["Scope"]) for one in labels)
    if kind == "IPSetReferenceStatement":
        return _in_set(content, request, sources.ip_sets)
    try:
        test = _TESTS[kind]
    except KeyError:
        raise ValueError(f"{kind} is not modelled here; its matching is AWS's own") from None
    found = [
        transformed(one, content.get("TextTransformations") or []) for one in parts(content["FieldToMatch"], request)
    ]
    return any(test(one, content, sources) for one in found)


def _labelled(label: str, key: str, scope: str) -> bool:
    if scope == "NAMESPACE":
        return label.startswith(key) or f":{key}" in label
    return label == key or label.endswith(f":{key}")


def _in_set(content: Mapping[str, Any], request: Request, ip_sets: Mapping[str, Sequence[str]]) -> bool:
    address, forwarded = request.ip, content.get("IPSetForwardedIPConfig")
    if forwarded:
        headers = {name.lower(): one for name, one in request.headers.items()}
        given = headers.get(forwarded["HeaderName"].lower(), "").split(",")[0].strip()
        try:
            address = str(ipaddress.ip_address(given))
        except ValueError:
            return forwarded["FallbackBehavior"] == "MATCH"
    networks = ip_sets.get(content["ARN"], ())
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(one, strict=False) for one in networks)


def _bytes(text: str, content: Mapping[str, Any], sources: _Sources) -> bool:
    wanted = content["SearchString"]
    wanted = wanted.decode(errors="replace") if isinstance(wanted, bytes) else wanted
    where = content["PositionalConstraint"]
    if where == "CONTAINS_WORD":
        return re.search(rf"(?<![A-Za-z0-9_]){re.escape(wanted)}(?![A-Za-z0-9_])", text) is not None
    return {
        "EXACTLY": text == wanted,
        "STARTS_WITH": text.startswith(wanted),
        "ENDS_WITH": text.endswith(wanted),
        "CONTAINS": wanted in text,
    }[where]


def _size(text: str, content: Mapping[str, Any], sources: _Sources) -> bool:
    size, bound = len(text.encode()), content["Size"]
    return {
        "EQ": size == bound,
        "NE": size != bound,
        "LE": size <= bound,
        "LT": size < bound,
        "GE": size >= bound,
        "GT": size > bound,
    }[content["ComparisonOperator"]]


def _regex(text: str, content: Mapping[str, Any], sources: _Sources) -> bool:
    return re.search(content["RegexString"], text) is not None


def _regex_set(text: str, content: Mapping[str, Any], sources: _Sources) -> bool:
    return any(re.search(one, text) for one in sources.patterns.get(content["ARN"], ()))


_TESTS = {
    "ByteMatchStatement": _bytes,
    "SizeConstraintStatement": _size,
    "RegexMatchStatement": _regex,
    "RegexPatternSetReferenceStatement": _regex_set,
}
