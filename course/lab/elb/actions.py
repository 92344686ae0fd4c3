"""The actions of listeners and rules: forward, redirect, fixed response, authentication.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html
"""

from __future__ import annotations

import re
from typing import Any

from moto.elbv2.models import ELBv2Backend

from course.data import value

from ..gate import Call, Refused, corrects
from .load_balancers import not_in

_ENDS = ("forward", "redirect", "fixed-response")
_TYPES = {
    "application": ["forward", "authenticate-oidc", "authenticate-cognito", "redirect", "fixed-response"],
    "network": ["forward"],
    "gateway": ["forward"],
}
_PLACEHOLDERS = {
    "Protocol": {"protocol"},
    "Port": {"port"},
    "Host": {"host"},
    "Path": {"host", "path", "port"},
    "Query": {"protocol", "host", "port", "path", "query"},
}


def forwarded(action: dict[str, Any]) -> list[dict[str, Any]]:
    """The target groups of an action with their weights, whichever way they are written."""
    if action.get("ForwardConfig", {}).get("TargetGroups"):
        return action["ForwardConfig"]["TargetGroups"]
    return [{"TargetGroupArn": action["TargetGroupArn"]}] if action.get("TargetGroupArn") else []


def balancers_of(backend: ELBv2Backend, group_arn: str) -> list[str]:
    """The load balancers with a listener or rule that forwards to a target group."""
    found = []
    for balancer in backend.load_balancers.values():
        rules = [rule for listener in balancer.listeners.values() for rule in listener.rules.values()]
        actions = [action.data for rule in rules for action in rule.actions]
        if any(one["TargetGroupArn"] == group_arn for action in actions for one in forwarded(action)):
            found.append(balancer.arn)
    return found


def require_actions(call: Call, balancer: Any, protocol: str, port: int | None, actions: list[dict]) -> None:
    """Raise Refused unless a listener of this protocol and port can do the actions."""
    allowed = _TYPES[balancer.type]
    for action in actions:
        if action["Type"] not in allowed:
            raise Refused(
                "InvalidLoadBalancerAction" if action["Type"] in _TYPES["application"] else "ValidationError",
                f"Action type '{action['Type']}' must be one of '{', '.join(allowed)}' "
                f"on load balancers with type '{balancer.type}'",
            )
        if action["Type"].startswith("authenticate") and protocol != "HTTPS":
            raise Refused(
                "InvalidLoadBalancerAction", f"Action type '{action['Type']}' is supported only with HTTPS listeners"
            )
    in_order = sorted(actions, key=lambda one: one.get("Order", 1))
    ends = [one for one in in_order if one["Type"] in _ENDS]
    if len(ends) != 1 or in_order[-1] is not ends[0]:
        raise Refused(
            "InvalidLoadBalancerAction",
            "The last action, and no other, must be one of: 'forward', 'redirect', 'fixed-response'",
        )
    action = ends[0]
    if action["Type"] == "forward":
        require_forward(call, balancer, protocol, action)
    elif action["Type"] == "redirect":
        require_redirect(protocol, port, action.get("RedirectConfig"))
    else:
        require_fixed_response(action.get("FixedResponseConfig"))


def require_forward(call: Call, balancer: Any, protocol: str, action: dict) -> None:
    """Raise Refused unless the target groups exist, fit the listener, are free, and have weights AWS takes."""
    groups = forwarded(action)
    arns = [one["TargetGroupArn"] for one in groups]
    if not groups:
        raise Refused("ValidationError", "A target group ARN must be specified for actions of type 'forward'")
    if action.get("TargetGroupArn") and arns != [action["TargetGroupArn"]]:
        raise Refused(
            "ValidationError",
            "You cannot specify both a target group ARN and a forward config with different target groups",
        )
    most = value("elb.quotas.target_groups_per_action")
    if len(groups) > most:
        raise Refused("ValidationError", f"A forward action can only have '{most}' target groups")
    if len(set(arns)) < len(arns):
        raise Refused("ValidationError", "Target groups in a forward action must be unique")
    least, largest = value("elb.rules.weight")
    for one in groups:
        if not least <= one.get("Weight", 1) <= largest:
            raise Refused("ValidationError", f"Weight '{one['Weight']}' must be between '{least}' and '{largest}'")
    require_stickiness(action.get("ForwardConfig", {}).get("TargetGroupStickinessConfig", {}))
    for arn in arns:
        require_target_group(call, balancer, protocol, arn)


def require_stickiness(config: dict) -> None:
    """Raise Refused for stickiness between target groups without a duration, or with one out of range."""
    least, largest = value("elb.rules.stickiness")
    seconds = config.get("DurationSeconds")
    if config.get("Enabled") and seconds is None:
        raise Refused("ValidationError", "Target group stickiness duration must be specified when it is enabled")
    if seconds is not None and not least <= seconds <= largest:
        raise Refused(
            "ValidationError", f"Target group stickiness duration '{seconds}' must be between '{least}' and '{largest}'"
        )


def require_target_group(call: Call, balancer: Any, protocol: str, arn: str) -> None:
    """Raise Refused unless a target group is there, speaks a fitting protocol, and belongs to no other load balancer."""
    group = call.backend.target_groups.get(arn)
    if group is None:
        raise Refused("TargetGroupNotFound", f"Target group '{arn}' not found")
    if group.target_type == "lambda":
        if balancer.type != "application":
            raise Refused(
                "InvalidConfigurationRequest",
                f"Target groups with target type 'lambda' are not supported on load balancers of type '{balancer.type}'",
            )
    elif group.protocol not in value(f"elb.targets_of_listener.{protocol}") or (
        group.target_type == "alb" and protocol != "TCP"
    ):
        raise Refused(
            "IncompatibleProtocols",
            f"The listener and its associated target group '{arn}' have incompatible protocols: "
            f"'{protocol}' and '{group.protocol}'",
        )
    if group.vpc_id and group.vpc_id != balancer.vpc_id:
        raise Refused(
            "InvalidConfigurationRequest",
            f"The target group '{arn}' is in '{group.vpc_id}', not in the VPC of the load balancer '{balancer.vpc_id}'",
        )
    others = [one for one in balancers_of(call.backend, arn) if one != balancer.arn]
    if others:
        raise Refused(
            "TargetGroupAssociationLimit",
            f"The following target groups cannot be associated with more than one load balancer: {arn}",
        )


def require_redirect(protocol: str, port: int | None, config: dict | None) -> None:
    """Raise Refused for a redirect with a part AWS does not take, to plain HTTP from HTTPS, or to itself."""
    if not config:
        raise Refused(
            "InvalidLoadBalancerAction",
            "For actions of type 'redirect', you must specify the following fields: 'RedirectConfig'",
        )
    codes = value("elb.rules.redirect_codes")
    if config.get("StatusCode") not in codes:
        raise not_in(codes, str(config.get("StatusCode")), "redirectConfig.statusCode")
    for part, allowed in _PLACEHOLDERS.items():
        for word in re.findall(r"#\{([^}]*)\}", config.get(part, "")):
            if word not in allowed:
                raise Refused(
                    "InvalidLoadBalancerAction", f"'#{{{word}}}' is not supported in the redirect {part.lower()}"
                )
    target, number = config.get("Protocol", "#{protocol}"), config.get("Port", "#{port}")
    path = config.get("Path", "/#{path}")
    if not re.fullmatch(r"HTTPS?|#\{protocol\}", target):
        raise Refused("ValidationError", f"Redirect protocol '{target}' must be HTTP, HTTPS or #{{protocol}}")
    if number != "#{port}" and not (re.fullmatch(r"\d{1,5}", number) and 1 <= int(number) <= 65535):
        raise Refused("ValidationError", f"Redirect port '{number}' must be between '1' and '65535' or #{{port}}")
    if not path.startswith("/"):
        raise Refused("ValidationError", f"Redirect path '{path}' must start with '/'")
    if protocol == "HTTPS" and target == "HTTP":
        raise Refused("InvalidLoadBalancerAction", "You cannot redirect HTTPS to HTTP")
    # AWS does not count the query string: a redirect must change protocol, host, port or path.
    same = (
        target in ("#{protocol}", protocol)
        and number in ("#{port}", str(port))
        and config.get("Host", "#{host}") == "#{host}"
        and path == "/#{path}"
    )
    if same:
        raise Refused("InvalidLoadBalancerAction", "The redirect configuration is not valid because it creates a loop.")


def require_fixed_response(config: dict | None) -> None:
    """Raise Refused for a code outside 2xx, 4xx and 5xx, an unknown content type, or a long body."""
    if not config:
        raise Refused(
            "InvalidLoadBalancerAction",
            "For actions of type 'fixed-response', you must specify the following fields: 'FixedResponseConfig'",
        )
    code, body = config.get("StatusCode", ""), config.get("MessageBody", "")
    if not re.fullmatch(r"[245]\d\d", code):
        raise Refused(
            "ValidationError",
            f"1 validation error detected: Value '{code}' at 'fixedResponseConfig.statusCode' failed to satisfy "
            r"constraint: Member must satisfy regular expression pattern: ^(2|4|5)\d\d$",
        )
    kinds = ["text/plain", "text/css", "text/html", "application/javascript", "application/json"]
    if config.get("ContentType", kinds[0]) not in kinds:
        raise Refused("InvalidLoadBalancerAction", f"The ContentType must be one of: {', '.join(kinds)}")
    most = value("elb.rules.fixed_response_length")
    if len(body.encode()) > most:
        raise Refused("ValidationError", f"The message body has {len(body.encode())} bytes; the limit is {most}")


@corrects(
    "elbv2",
    *(f"{verb}{what}" for verb in ("Create", "Modify", "Delete") for what in ("Listener", "Rule")),
    "DeleteLoadBalancer",
)
def whose_target_groups(call: Call, result: Any) -> None:
    """moto writes down who uses a target group once, and never that this ended or was changed."""
    for group in call.backend.target_groups.values():
        group.load_balancer_arns = balancers_of(call.backend, group.arn)
