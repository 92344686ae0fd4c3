"""Rules of an ALB's listener: priorities, conditions and their limits.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
"""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Any

from moto.elbv2.models import ELBv2Backend, FakeListenerRule

from course.data import value
from course.elb.patterns import wildcards

from ..gate import Call, Refused, refuses, replaces
from .actions import require_actions
from .listeners import listener_of

_CONFIGS = {
    "host-header": "HostHeaderConfig",
    "http-header": "HttpHeaderConfig",
    "http-request-method": "HttpRequestMethodConfig",
    "path-pattern": "PathPatternConfig",
    "query-string": "QueryStringConfig",
    "source-ip": "SourceIpConfig",
}
_SHORT = ("host-header", "path-pattern")
_WITH_WILDCARDS = ("host-header", "http-header", "path-pattern", "query-string")
# What AWS writes for a value that does not fit, and what fits.
_SPELLING = {
    "host-header": r"[A-Za-z0-9.*?-]*\.[A-Za-z*?]*",
    "path-pattern": r"""[A-Za-z0-9_.$/~"'@:+&*?-]+""",
    "http-request-method": r"[A-Z_-]+",
}


def require_conditions(conditions: list[dict[str, Any]]) -> None:
    """Raise Refused unless a rule can have these conditions: fields, spelling, five values and five wildcards in all."""
    if not conditions:
        raise Refused("ValidationError", "A condition must be specified")
    fields = [one.get("Field", "") for one in conditions]
    known = value("elb.rules.fields")
    for field in fields:
        if field not in known:
            raise Refused("ValidationError", f"Condition field '{field}' must be one of '[{', '.join(known)}]'")
        if fields.count(field) > 1 and field in value("elb.rules.once"):
            raise Refused("ValidationError", f"A rule can only have one '{field}' condition")
    found: list[str] = []
    stars = 0
    for condition in conditions:
        texts = require_condition(condition)
        found += texts
        if condition["Field"] in _WITH_WILDCARDS:
            stars += sum(map(wildcards, texts))
    most = value("elb.quotas.condition_values")
    if len(found) > most:
        raise Refused("ValidationError", f"A rule can only have '{most}' condition values")
    most = value("elb.quotas.wildcards")
    if stars > most:
        raise Refused("ValidationError", f"A rule can only have '{most}' condition wildcards")


def require_condition(condition: dict[str, Any]) -> list[str]:
    """The values of one condition; Refused where they are missing, misplaced, too long or misspelt."""
    field = condition["Field"]
    config, short = condition.get(_CONFIGS[field]), condition.get("Values", [])
    for name in _CONFIGS.values():
        if condition.get(name) and name != _CONFIGS[field]:
            raise Refused("ValidationError", f"The '{name}' field is not compatible with '{field}'")
    if short and field not in _SHORT:
        raise Refused("ValidationError", f"The 'Values' field is not compatible with '{field}'")
    if short and config:
        raise Refused(
            "ValidationError",
            f"You cannot provide both Values and '{_CONFIGS[field]}' for a condition of type '{field}'",
        )
    if len(short) > 1:
        raise Refused("ValidationError", f"The '{field}' field contains too many values; the limit is '1'")
    if field not in _SHORT and not config:
        raise Refused("ValidationError", f"A '{_CONFIGS[field]}' must be specified with '{field}'")
    values = short or (config or {}).get("Values", [])
    regexes = (config or {}).get("RegexValues", []) + condition.get("RegexValues", [])
    if not values and not regexes:
        raise Refused("ValidationError", "A condition value must be specified")
    if field == "http-header":
        require_header_name(config.get("HttpHeaderName", ""))
    texts = []
    for one in values:
        if field == "query-string":
            texts.append(require_pair(one))
        else:
            require_text(field, one)
            texts.append(one)
    for one in regexes:
        require_length(field, one, value("elb.rules.value_length"))
    return texts + [""] * len(regexes)


def require_length(what: str, text: str, most: int) -> None:
    """Raise Refused for an empty or too long text."""
    if not text:
        raise Refused("ValidationError", f"The '{what}' value cannot be empty")
    if len(text) > most:
        raise Refused("ValidationError", f"The '{what}' value is too long; the limit is '{most}'")


def require_header_name(name: str) -> None:
    """Raise Refused for what is no header name; the Host header has a field of its own."""
    require_length("HttpHeaderName", name, value("elb.rules.header_name_length"))
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name):
        raise Refused("ValidationError", f"The 'HttpHeaderName' value '{name}' contains invalid characters")
    if name.lower() == "host":
        raise Refused("ValidationError", "The header 'host' cannot be used with 'http-header'; use 'host-header'")


def require_pair(pair: dict[str, str]) -> str:
    """The text of a key/value pair of a query string; Refused without a value or with a long one."""
    if "Value" not in pair:
        raise Refused("ValidationError", "A 'Value' must be specified in 'QueryStringKeyValuePair'")
    for name in ("Key", "Value"):
        if name in pair:
            require_length(name, pair[name], value("elb.rules.value_length"))
    return pair.get("Key", "") + pair["Value"]


def require_text(field: str, text: str) -> None:
    """Raise Refused for a value that its field cannot have."""
    most = "header_name_length" if field == "http-request-method" else "value_length"
    require_length(field, text, value(f"elb.rules.{most}"))
    if field in _SPELLING and not re.fullmatch(_SPELLING[field], text):
        raise Refused("ValidationError", f"The '{field}' value '{text}' is not valid")
    if field == "source-ip":
        try:
            block = ip_network(text, strict=False)
        except ValueError:
            block = None
        if block is None or "/" not in text or text == "255.255.255.255/32":
            raise Refused("ValidationError", f"The 'source-ip' value '{text}' must be a valid CIDR block")


def rule_of(call: Call, arn: str) -> tuple[Any, Any, Any]:
    """A rule, its listener and its load balancer; Refused if it does not exist."""
    for balancer in call.backend.load_balancers.values():
        for listener in balancer.listeners.values():
            if arn in listener._non_default_rules:
                return listener._non_default_rules[arn], listener, balancer
            if listener._default_rule[0].arn == arn:
                return listener._default_rule[0], listener, balancer
    raise Refused("RuleNotFound", f"The rule '{arn}' does not exist")


def require_priority(priority: int) -> None:
    """Raise Refused for a number outside 1 to 50,000."""
    least, most = value("elb.rules.priority")
    if not least <= priority <= most:
        bound = f"less than or equal to {most}" if priority > most else f"greater than or equal to {least}"
        raise Refused(
            "ValidationError",
            f"1 validation error detected: Value '{priority}' at 'priority' failed to satisfy constraint: "
            f"Member must have value {bound}",
        )


@refuses("elbv2", "CreateRule")
def impossible_rule(call: Call) -> None:
    """Its priority is free, its conditions can be met, its actions done, and the ALB has fewer than 100 rules."""
    params = call.params
    listener, balancer = listener_of(call, params["ListenerArn"])
    if balancer.type != "application":
        raise Refused("UnsupportedProtocol", f"Rules are not supported for listeners with protocol {listener.protocol}")
    require_priority(params["Priority"])
    if any(int(one.priority) == params["Priority"] for one in listener._non_default_rules.values()):
        raise Refused("PriorityInUse", f"Priority '{params['Priority']}' is currently in use")
    require_conditions(params["Conditions"])
    require_actions(call, balancer, listener.protocol, int(listener.port), params["Actions"])
    most = value("elb.quotas.rules")
    if sum(len(one._non_default_rules) for one in balancer.listeners.values()) >= most:
        raise Refused("TooManyRules", f"The maximum number of rules per load balancer is {most}")


@refuses("elbv2", "ModifyRule")
def impossible_rule_change(call: Call) -> None:
    """The rules of a new rule; a default rule is changed with its listener."""
    params = call.params
    rule, listener, balancer = rule_of(call, params["RuleArn"])
    if rule.is_default:
        raise Refused("OperationNotPermitted", f"Default rule '{rule.arn}' cannot be modified")
    if not params.get("Conditions") and not params.get("Actions"):
        raise Refused("ValidationError", "Either conditions or actions must be specified")
    if params.get("Conditions"):
        require_conditions(params["Conditions"])
    if params.get("Actions"):
        require_actions(call, balancer, listener.protocol, int(listener.port), params["Actions"])


@refuses("elbv2", "DeleteRule")
def default_rule_stays(call: Call) -> None:
    """A default rule goes with its listener."""
    rule, _, _ = rule_of(call, call.params["RuleArn"])
    if rule.is_default:
        raise Refused("OperationNotPermitted", f"Default rule '{rule.arn}' cannot be deleted")


@refuses("elbv2", "SetRulePriorities")
def impossible_priorities(call: Call) -> None:
    """All at once, so two rules may change places; a number goes to one rule of a listener only."""
    asked = {one["RuleArn"]: one["Priority"] for one in call.params["RulePriorities"]}
    listeners = {}
    for arn, priority in asked.items():
        rule, listener, _ = rule_of(call, arn)
        listeners[listener.arn] = listener
        if rule.is_default:
            raise Refused("OperationNotPermitted", f"Default rule '{rule.arn}' has no priority to set")
        require_priority(priority)
    for listener in listeners.values():
        after = [int(asked.get(arn, one.priority)) for arn, one in listener._non_default_rules.items()]
        for priority in after:
            if after.count(priority) > 1:
                raise Refused("PriorityInUse", f"Priority '{priority}' is currently in use")


@replaces(ELBv2Backend, "set_rule_priorities")
def reordered(moto: Any, backend: ELBv2Backend, rule_priorities: list[dict[str, Any]]) -> list[FakeListenerRule]:
    """moto lets no two rules change places."""
    changed = []
    for one in rule_priorities:
        rule = backend.describe_rules(None, [one["RuleArn"]])[0]
        rule.priority = one["Priority"]
        changed.append(rule)
    return changed


@replaces(ELBv2Backend, "_validate_conditions")
def conditions_with_regexes(moto: Any, backend: ELBv2Backend, conditions: list[dict[str, Any]]) -> None:
    """moto knows no regular expressions; a stack's rules pass here and nowhere else."""
    if conditions:
        require_conditions(conditions)
