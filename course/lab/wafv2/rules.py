"""The rules of web ACLs and rule groups: priorities, actions, statements, capacity.

https://docs.aws.amazon.com/waf/latest/APIReference/API_Rule.html
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import get_service_model

from course.data import figures, value
from course.serverless.web_acl_capacity import capacity, statements

from ..gate import Call, Refused, answers, refuses
from .scopes import invalid, state

_ONE = "You have used none or multiple values for a field that requires exactly one value."
_REFERENCES = ("ManagedRuleGroupStatement", "RuleGroupReferenceStatement")
# What stands only at the top of a rule's statement, or, but for rate-based ones, scoped down there.
_TOP = (*_REFERENCES, "RateBasedStatement")
_SETS = {
    "IPSetReferenceStatement": "ip_sets",
    "RegexPatternSetReferenceStatement": "regex_pattern_sets",
    "RuleGroupReferenceStatement": "rule_groups",
}


def units(call: Call, rules: list[dict[str, Any]]) -> int:
    """The WCU of rules in this account."""
    groups = state(call).rule_groups
    return capacity(rules, lambda arn: groups[arn].capacity if arn in groups else 0)


@refuses("wafv2", "CreateWebACL", "UpdateWebACL", "CreateRuleGroup", "UpdateRuleGroup", "CheckCapacity")
def impossible_rules(call: Call) -> None:
    """Names and priorities once, one action and one statement for each rule."""
    rules = call.params.get("Rules") or []
    names = [one["Name"] for one in rules]
    for rule in rules:
        if [one["Priority"] for one in rules].count(rule["Priority"]) > 1:
            raise invalid("You have a duplicate priority. Priorities must be unique.", "PRIORITY", rule["Priority"])
        if names.count(rule["Name"]) > 1:
            raise invalid("You have duplicated some of the information in the parameter.", "RULE", rule["Name"])
        _require_statement(call, rule["Statement"], top=True)
        _require_action(rule)
    _require_few_rate_rules(call, sum("RateBasedStatement" in rule["Statement"] for rule in rules))


def _require_few_rate_rules(call: Call, rate: int) -> None:
    for holder, what, fact in (("WebACL", "web ACL", "rate_rules"), ("RuleGroup", "rule group", "group_rate_rules")):
        most = value(f"wafv2.quotas.{fact}")
        if holder in call.operation and rate > most:
            raise Refused(
                "WAFLimitsExceededException",
                "AWS WAF couldn’t perform the operation because you exceeded your resource limit: the maximum number of "
                f"rate-based rules in a {what} is {most}.",
            )


def _require_action(rule: dict[str, Any]) -> None:
    kind = next(iter(rule["Statement"]))
    action, override = rule.get("Action"), rule.get("OverrideAction")
    if bool(action is not None) == bool(override is not None):
        raise invalid(_ONE, "RULE", "Rule")
    if kind in _REFERENCES and action is not None:
        raise invalid("A reference in your rule statement is not valid.", "RULE", "Statement")
    if kind not in _REFERENCES and override is not None:
        raise invalid(_ONE, "RULE", "Rule")
    if len(action if action is not None else override) != 1:
        raise invalid(_ONE, "RULE_ACTION", "RuleAction")
    if kind == "RateBasedStatement" and "Allow" in (action or {}):
        raise invalid("The parameter value isn't supported.", "RULE_ACTION", "Allow")


def _require_statement(call: Call, statement: dict[str, Any], top: bool) -> None:
    if len(statement) != 1:
        raise invalid(_ONE, "STATEMENT", "Statement")
    ((kind, content),) = statement.items()
    if kind in _TOP and not top:
        raise invalid("A reference in your rule statement is not valid.", "STATEMENT", kind)
    if kind in ("AndStatement", "OrStatement"):
        nested = content.get("Statements", [])
        if len(nested) < 2:
            raise invalid("You haven't met a minimum requirement for a threshold.", kind.upper(), "Statements")
        for one in nested:
            _require_statement(call, one, top=False)
    if kind == "NotStatement":
        _require_statement(call, content["Statement"], top=False)
    if content.get("ScopeDownStatement"):
        _require_statement(call, content["ScopeDownStatement"], top=False)
    if len(content.get("FieldToMatch") or {"": 1}) != 1:
        raise invalid(_ONE, "FIELD_TO_MATCH", "FieldToMatch")
    if kind == "RateBasedStatement":
        _require_rate(content)
    if kind == "GeoMatchStatement":
        _require_countries(content.get("CountryCodes", []))
    if kind == "ManagedRuleGroupStatement" and content["VendorName"] == "AWS":
        if content["Name"] not in figures("wafv2.managed_rule_groups"):
            raise _missing()
    if kind in _SETS and content["ARN"] not in getattr(state(call), _SETS[kind]):
        raise _missing()


def _require_rate(content: dict[str, Any]) -> None:
    least, most = value("wafv2.quotas.rate_limit")
    if not least <= content["Limit"] <= most:
        raise invalid("The parameter value is out of bounds.", "RATE_BASED_STATEMENT", content["Limit"])
    default = value("wafv2.quotas.default_window")
    if content.get("EvaluationWindowSec", default) not in value("wafv2.quotas.rate_windows"):
        raise invalid("The parameter value isn't supported.", "RATE_BASED_STATEMENT", content["EvaluationWindowSec"])
    kind, missing = content["AggregateKeyType"], "A required field is missing from the parameter."
    if kind == "FORWARDED_IP" and not content.get("ForwardedIPConfig"):
        raise invalid(missing, "RATE_BASED_STATEMENT", "ForwardedIPConfig")
    if kind == "CONSTANT" and not content.get("ScopeDownStatement"):
        raise invalid(missing, "RATE_BASED_STATEMENT", "ScopeDownStatement")


def _require_countries(codes: list[str]) -> None:
    if not 1 <= len(codes) <= value("wafv2.quotas.countries"):
        raise invalid("The parameter value is out of bounds.", "GEO_MATCH_STATEMENT", "CountryCodes")
    known = get_service_model("wafv2").shape_for("CountryCode").enum
    for code in codes:
        if code not in known:
            raise invalid("The parameter value isn't supported.", "GEO_MATCH_STATEMENT", code)


def _missing() -> Refused:
    return Refused(
        "WAFNonexistentItemException", "AWS WAF couldn’t perform the operation because your resource doesn’t exist."
    )


def too_much() -> Refused:
    """AWS WAF's refusal of rules that need more than there is."""
    return Refused("WAFLimitsExceededException", "You exceeded the capacity limit for a rule group or web ACL.")


@answers("wafv2", "CheckCapacity")
def check_capacity(call: Call) -> dict:
    """The WCU that the rules would need; moto does not count."""
    return {"Capacity": units(call, call.params["Rules"])}


def refers_to(rules: list[Any], arn: str) -> bool:
    """Whether one of moto's rules names a set or rule group."""
    return any(content.get("ARN") == arn for rule in rules for _, content in statements(rule.statement))
