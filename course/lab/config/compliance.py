"""Compliance: what the rules of the account say of its resources, looked at when one asks. moto evaluates nothing.

Rules that are triggered by changes need a recorder that records; periodic ones do not. Rules that are not evaluated here, and
custom ones, have INSUFFICIENT_DATA.

https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeComplianceByConfigRule.html
"""

from __future__ import annotations

from typing import Any

from moto.config.models import MANAGED_RULES_CONSTRAINTS, ConfigRule

from ..gate import Call, Refused, answers, refuses
from ..iam.context import now
from .managed_rules import Result, evaluated

_WORDS = {True: "COMPLIANT", False: "NON_COMPLIANT"}


def results(call: Call, rule: ConfigRule) -> list[Result]:
    """What a rule finds now, within its scope."""
    identifier = rule.source.source_identifier
    if rule.source.owner != "AWS" or not (_recording(call) or _is_periodic(identifier)):
        return []
    found = evaluated(call, identifier, rule.input_parameters_dict) or []
    scope = rule.scope
    kinds = getattr(scope, "compliance_resource_types", None) if scope else None
    wanted = getattr(scope, "compliance_resource_id", None) if scope else None
    return [one for one in found if (not kinds or one[0] in kinds) and (not wanted or one[1] == wanted)]


def _recording(call: Call) -> bool:
    return any(one.status.recording for one in call.backend.recorders.values())


def _is_periodic(identifier: str) -> bool:
    return "Periodic" in MANAGED_RULES_CONSTRAINTS[identifier]["Trigger type"]


def _rules(call: Call, names: list[str] | None) -> list[ConfigRule]:
    known = call.backend.config_rules
    for name in names or ():
        if name not in known:
            raise Refused(
                "NoSuchConfigRuleException",
                f"The ConfigRule '{name}' provided in the request is invalid. Please check the configRule name",
            )
    return [known[name] for name in (names or sorted(known))]


@refuses("config", "DescribeConfigRules")
def unknown_rules(call: Call) -> None:
    """A rule that is asked for by name is there."""
    _rules(call, call.params.get("ConfigRuleNames"))


def _compliance(found: list[Result]) -> str:
    if not found:
        return "INSUFFICIENT_DATA"
    return _WORDS[all(one[2] for one in found)]


@answers("config", "DescribeComplianceByConfigRule")
def describe_compliance_by_config_rule(call: Call) -> dict:
    """Each rule: compliant if all resources are."""
    wanted, shown = call.params.get("ComplianceTypes"), []
    for rule in _rules(call, call.params.get("ConfigRuleNames")):
        found = results(call, rule)
        compliance: dict[str, Any] = {"ComplianceType": _compliance(found)}
        failing = sum(not one[2] for one in found)
        if failing:
            compliance["ComplianceContributorCount"] = {"CappedCount": failing, "CapExceeded": False}
        if not wanted or compliance["ComplianceType"] in wanted:
            shown.append({"ConfigRuleName": rule.config_rule_name, "Compliance": compliance})
    return {"ComplianceByConfigRules": shown}


@answers("config", "GetComplianceDetailsByConfigRule")
def get_compliance_details_by_config_rule(call: Call) -> dict:
    """Each resource that a rule looked at."""
    (rule,) = _rules(call, [call.params["ConfigRuleName"]])
    wanted = call.params.get("ComplianceTypes")
    found = [one for one in results(call, rule) if not wanted or _WORDS[one[2]] in wanted]
    return {"EvaluationResults": [_shown(rule, one) for one in found]}


def _shown(rule: ConfigRule, result: Result) -> dict[str, Any]:
    kind, identifier, compliant = result
    moment = now()
    return {
        "EvaluationResultIdentifier": {
            "EvaluationResultQualifier": {
                "ConfigRuleName": rule.config_rule_name,
                "ResourceType": kind,
                "ResourceId": identifier,
            },
            "OrderingTimestamp": moment,
        },
        "ComplianceType": _WORDS[compliant],
        "ResultRecordedTime": moment,
        "ConfigRuleInvokedTime": moment,
    }


@answers("config", "DescribeComplianceByResource")
def describe_compliance_by_resource(call: Call) -> dict:
    """Each resource: compliant if all rules that looked at it say so."""
    by_resource: dict[tuple[str, str], list[bool]] = {}
    for rule in _rules(call, None):
        for kind, identifier, compliant in results(call, rule):
            by_resource.setdefault((kind, identifier), []).append(compliant)
    kind, identifier = call.params.get("ResourceType"), call.params.get("ResourceId")
    wanted, shown = call.params.get("ComplianceTypes"), []
    for resource, verdicts in sorted(by_resource.items()):
        word = _WORDS[all(verdicts)]
        if (kind in (None, resource[0])) and (identifier in (None, resource[1])) and (not wanted or word in wanted):
            compliance: dict[str, Any] = {"ComplianceType": word}
            if word == "NON_COMPLIANT":
                count = {"CappedCount": verdicts.count(False), "CapExceeded": False}
                compliance["ComplianceContributorCount"] = count
            shown.append({"ResourceType": resource[0], "ResourceId": resource[1], "Compliance": compliance})
    return {"ComplianceByResources": shown}


@answers("config", "GetComplianceDetailsByResource")
def get_compliance_details_by_resource(call: Call) -> dict:
    """What each rule says of one resource."""
    wanted = (call.params.get("ResourceType"), call.params.get("ResourceId"))
    return {
        "EvaluationResults": [
            _shown(rule, one) for rule in _rules(call, None) for one in results(call, rule) if one[:2] == wanted
        ]
    }


@answers("config", "GetComplianceSummaryByConfigRule")
def get_compliance_summary_by_config_rule(call: Call) -> dict:
    """How many rules are met, and how many are not."""
    words = [_compliance(results(call, rule)) for rule in _rules(call, None)]
    return {
        "ComplianceSummary": {
            "CompliantResourceCount": {"CappedCount": words.count("COMPLIANT"), "CapExceeded": False},
            "NonCompliantResourceCount": {"CappedCount": words.count("NON_COMPLIANT"), "CapExceeded": False},
            "ComplianceSummaryTimestamp": now(),
        }
    }


@answers("config", "StartConfigRulesEvaluation")
def start_config_rules_evaluation(call: Call) -> dict:
    """Rules are evaluated whenever one looks, so there is nothing to start but to know the names."""
    _rules(call, call.params.get("ConfigRuleNames"))
    return {}


@answers("config", "DescribeConfigRuleEvaluationStatus")
def describe_config_rule_evaluation_status(call: Call) -> dict:
    """When a rule was evaluated last: now."""
    moment = now()
    return {
        "ConfigRulesEvaluationStatus": [
            {
                "ConfigRuleName": rule.config_rule_name,
                "ConfigRuleArn": rule.config_rule_arn,
                "ConfigRuleId": rule.config_rule_id,
                "LastSuccessfulInvocationTime": moment,
                "LastSuccessfulEvaluationTime": moment,
                "FirstEvaluationStarted": True,
            }
            for rule in _rules(call, call.params.get("ConfigRuleNames"))
        ]
    }
