"""Web ACLs and rule groups: names, default actions, capacity, and what keeps them from being deleted.

https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html
"""

from __future__ import annotations

from typing import Any

from course.data import value

from ..gate import Call, Refused, corrects, refuses
from .rules import refers_to, too_much, units
from .scopes import invalid, state

_USED = (
    "AWS WAF couldn’t perform the operation because your resource is being used by another resource or it’s associated "
    "with another resource."
)


def in_use() -> Refused:
    """AWS WAF's refusal to delete what something else needs."""
    return Refused("WAFAssociatedItemException", _USED)


def duplicate() -> Refused:
    """AWS WAF's refusal of a second one."""
    return Refused(
        "WAFDuplicateItemException",
        "AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing one.",
    )


@refuses("wafv2", "CreateWebACL", "CreateRuleGroup", "CreateIPSet", "CreateRegexPatternSet")
def name_in_use(call: Call) -> None:
    """A name once for each kind and scope; moto calls its error otherwise, and asks it of web ACLs only."""
    kinds = {"WebACL": "wacls", "RuleGroup": "rule_groups", "IPSet": "ip_sets", "RegexPatternSet": "regex_pattern_sets"}
    present = getattr(state(call), kinds[call.operation.removeprefix("Create")]).values()
    if any(one.name == call.params["Name"] for one in present):
        raise duplicate()


@refuses("wafv2", "CreateWebACL", "UpdateWebACL")
def impossible_web_acl(call: Call) -> None:
    """One default action, and rules within the capacity."""
    action = call.params["DefaultAction"]
    if len(action) != 1:
        raise invalid(
            "You have used none or multiple values for a field that requires exactly one value.",
            "DEFAULT_ACTION",
            "DefaultAction",
        )
    if units(call, call.params.get("Rules") or []) > value("wafv2.quotas.web_acl_capacity"):
        raise too_much()


@refuses("wafv2", "CreateRuleGroup")
def impossible_rule_group(call: Call) -> None:
    """A capacity that its rules fit into, and that there is."""
    given = call.params["Capacity"]
    if given > value("wafv2.quotas.rule_group_capacity"):
        raise too_much()
    if units(call, call.params.get("Rules") or []) > given:
        raise too_much()


@refuses("wafv2", "UpdateRuleGroup")
def rules_beyond_the_capacity(call: Call) -> None:
    """The capacity of a rule group is set when it is created."""
    group = next((one for one in state(call).rule_groups.values() if one.id == call.params["Id"]), None)
    if group and units(call, call.params.get("Rules") or []) > group.capacity:
        raise too_much()


@corrects("wafv2", "CreateWebACL", "UpdateWebACL")
def counted(call: Call, result: Any) -> None:
    """The capacity is that of the rules, and an update without rules leaves none; moto keeps the old."""
    rules = call.params.get("Rules") or []
    for acl in state(call).wacls.values():
        if acl.name == call.params["Name"]:
            acl.capacity = units(call, rules)
            if not rules:
                acl.rules = []


@refuses("wafv2", "DeleteWebACL")
def associated_web_acl(call: Call) -> None:
    """A web ACL that protects something stays."""
    for acl in state(call).wacls.values():
        if acl.id == call.params["Id"] and acl.associated_resources:
            raise in_use()


@refuses("wafv2", "DeleteIPSet", "DeleteRegexPatternSet", "DeleteRuleGroup")
def referenced_set(call: Call) -> None:
    """A set or rule group that a rule names stays."""
    backend = state(call)
    kinds = {"DeleteIPSet": "ip_sets", "DeleteRegexPatternSet": "regex_pattern_sets", "DeleteRuleGroup": "rule_groups"}
    for arn in getattr(backend, kinds[call.operation]):
        if arn.endswith(f"/{call.params['Id']}"):
            users = [*backend.wacls.values(), *backend.rule_groups.values()]
            if any(refers_to(one.rules, arn) for one in users):
                raise in_use()
