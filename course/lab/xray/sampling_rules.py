"""Sampling rules: which requests are traced. moto has none.

https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html
"""

from __future__ import annotations

from typing import Any

from course.data import value

from ..gate import Call, Refused, answers, refuses
from ..iam.context import now
from .requests import invalid, state

_DEFAULT = "Default"
_CHANGEABLE = (
    *("ResourceARN", "Priority", "FixedRate", "ReservoirSize", "Host", "ServiceName", "ServiceType"),
    *("HTTPMethod", "URLPath", "Attributes"),
)


def sampling_rules(call: Call) -> dict[str, dict[str, Any]]:
    """The records of a Region by the names of their rules; the default rule is always there."""
    held = state(call, "sampling_rules")
    if not held:
        rule = {
            **dict.fromkeys(("ResourceARN", "ServiceName", "ServiceType", "Host", "HTTPMethod", "URLPath"), "*"),
            "RuleName": _DEFAULT,
            "RuleARN": _arn(call, _DEFAULT),
            "Priority": value("xray.sampling.default_priority"),
            "FixedRate": value("xray.sampling.default_rate"),
            "ReservoirSize": value("xray.sampling.default_reservoir"),
            "Version": 1,
            "Attributes": {},
        }
        held[_DEFAULT] = {"SamplingRule": rule, "CreatedAt": now(), "ModifiedAt": now()}
    return held


def _arn(call: Call, name: str) -> str:
    return f"arn:aws:xray:{call.region}:{call.account_id}:sampling-rule/{name}"


@refuses("xray", "CreateSamplingRule")
def impossible_sampling_rule(call: Call) -> None:
    """A name of its own, version 1, and room for it."""
    rule, held = call.params["SamplingRule"], sampling_rules(call)
    name = rule.get("RuleName")
    if not name:
        raise invalid("A sampling rule must have a RuleName.")
    if rule.get("RuleARN"):
        raise invalid("Specify a rule by either name or ARN, but not both.")
    if name in held:
        raise invalid(f"A sampling rule with the name {name} already exists.")
    if rule["Version"] != 1:
        raise invalid("The version of a sampling rule must be 1.")
    if len(held) > value("xray.sampling.rules"):
        raise Refused("RuleLimitExceededException", "You have reached the maximum number of sampling rules.")


@answers("xray", "CreateSamplingRule")
def create_sampling_rule(call: Call) -> dict:
    """A new rule."""
    given = call.params["SamplingRule"]
    rule = {"Attributes": {}, **given, "RuleARN": _arn(call, given["RuleName"])}
    record = {"SamplingRule": rule, "CreatedAt": now(), "ModifiedAt": now()}
    sampling_rules(call)[given["RuleName"]] = record
    return {"SamplingRuleRecord": record}


@answers("xray", "GetSamplingRules")
def get_sampling_rules(call: Call) -> dict:
    """All rules, in the order in which they are tried."""
    held = sorted(sampling_rules(call).values(), key=lambda one: one["SamplingRule"]["Priority"])
    return {"SamplingRuleRecords": held}


def _named(call: Call, given: dict) -> dict[str, Any]:
    name, arn = given.get("RuleName"), given.get("RuleARN")
    if bool(name) == bool(arn):
        raise invalid("Specify a rule by either name or ARN, but not both.")
    found = sampling_rules(call).get(name or (arn or "").rpartition("/")[2])
    if found is None:
        raise invalid(f"The sampling rule {name or arn} does not exist.")
    return found


@refuses("xray", "UpdateSamplingRule")
def impossible_change(call: Call) -> None:
    """The same ranges as for a new rule; the default rule keeps its criteria and its priority."""
    given = call.params["SamplingRuleUpdate"]
    found = _named(call, given)["SamplingRule"]
    if found["RuleName"] == _DEFAULT and any(
        given.get(one) is not None for one in _CHANGEABLE if one not in ("FixedRate", "ReservoirSize")
    ):
        raise invalid("Only the fixed rate and the reservoir size of the Default rule can be updated.")
    # The model gives no ranges here, where it gives them for a new rule.
    least, most = 1, value("xray.sampling.default_priority") - 1
    if given.get("Priority") is not None and not least <= given["Priority"] <= most:
        raise invalid(f"The priority of a sampling rule must be between {least} and {most}.")
    if given.get("FixedRate") is not None and not 0 <= given["FixedRate"] <= 1:
        raise invalid("The fixed rate of a sampling rule must be between 0 and 1.")
    if given.get("ReservoirSize") is not None and given["ReservoirSize"] < 0:
        raise invalid("The reservoir size of a sampling rule must not be negative.")


@answers("xray", "UpdateSamplingRule")
def update_sampling_rule(call: Call) -> dict:
    """Change what is given."""
    given = call.params["SamplingRuleUpdate"]
    record = _named(call, given)
    record["SamplingRule"].update({one: given[one] for one in _CHANGEABLE if given.get(one) is not None})
    record["ModifiedAt"] = now()
    return {"SamplingRuleRecord": record}


@refuses("xray", "DeleteSamplingRule")
def default_rule_stays(call: Call) -> None:
    """There is always a rule that fits."""
    if _named(call, call.params)["SamplingRule"]["RuleName"] == _DEFAULT:
        raise invalid("The Default sampling rule cannot be deleted.")


@answers("xray", "DeleteSamplingRule")
def delete_sampling_rule(call: Call) -> dict:
    """Delete a rule and show it once more."""
    record = _named(call, call.params)
    return {"SamplingRuleRecord": sampling_rules(call).pop(record["SamplingRule"]["RuleName"])}
