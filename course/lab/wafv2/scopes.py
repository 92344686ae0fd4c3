"""The scope of what belongs to AWS WAF: REGIONAL, or CLOUDFRONT from us-east-1 only.

https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html
"""

from __future__ import annotations

from typing import Any

from ..gate import Call, Refused, refuses

_SCOPED = [
    f"{verb}{kind}"
    for kind in ("WebACL", "IPSet", "RuleGroup", "RegexPatternSet")
    for verb in ("Create", "Update", "Delete", "Get")
]
_SCOPED += ["ListWebACLs", "ListIPSets", "ListRuleGroups", "ListRegexPatternSets", "CheckCapacity"]


def state(call: Call) -> Any:
    """moto's state for the scope of the request."""
    return call.backend_of("wafv2", "global") if call.params.get("Scope") == "CLOUDFRONT" else call.backend_of("wafv2")


def invalid(reason: str, field: str, parameter: Any) -> Refused:
    """AWS WAF's refusal of a value."""
    return Refused("WAFInvalidParameterException", f"Error reason: {reason}, field: {field}, parameter: {parameter}")


@refuses("wafv2", *_SCOPED)
def scope_elsewhere(call: Call) -> None:
    """CloudFront's web ACLs live in us-east-1."""
    scope = call.params.get("Scope")
    if scope is None:
        return
    if scope not in ("REGIONAL", "CLOUDFRONT") or (scope == "CLOUDFRONT" and call.region != "us-east-1"):
        raise invalid("The scope is not valid.", "SCOPE_VALUE", scope)
